// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/scannerset.h"
#include "tests/support/test.h"

using namespace faultline;

namespace {

std::vector<int> found(const Scanner &scanner, std::string_view text)
{
    std::vector<int> patterns;
    scanner.scan(text, *scanner.makeScratch(), [&](int pattern, qint64) { patterns.push_back(pattern); });
    std::ranges::sort(patterns);
    return patterns;
}

} // namespace

class TestScannerSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatIsWantedAndKeepsItsIndex()
    {
        const ScannerSet set({"Killed", "panic: ", "exit status"});
        constexpr std::string_view Text = "panic: boom\nKilled\nexit status 2\n";
        const auto all = set.scannerFor({true, true, true});
        const auto part = set.scannerFor({false, true, true});
        const auto one = set.scannerFor({false, false, true});
        QVERIFY(all && part && one);
        QCOMPARE(found(**all, Text), (std::vector<int>{0, 1, 2}));
        QCOMPARE(found(**part, Text), (std::vector<int>{1, 2}));
        QCOMPARE(found(**one, Text), (std::vector<int>{2}));
    }

    void makesEachScannerOnce()
    {
        const ScannerSet set({"Killed", "panic: "});
        QCOMPARE(*set.scannerFor({true, false}), *set.scannerFor({true, false}));
        QVERIFY(*set.scannerFor({true, false}) != *set.scannerFor({true, true}));
    }

    void hasNoScannerForNothing()
    {
        const ScannerSet set({"Killed"});
        const auto none = set.scannerFor({false});
        QVERIFY(none && !*none);
        const auto shorter = set.scannerFor({});
        QVERIFY(shorter && !*shorter);
    }

    void tellsOfAPatternThatMatchesAll()
    {
        const ScannerSet set({"Killed", ".*"});
        QVERIFY(!set.scannerFor({true, true}));
        QVERIFY(set.scannerFor({true, false}));
    }
};

FAULTLINE_TEST(TestScannerSet)
#include "tst_scannerset.moc"
