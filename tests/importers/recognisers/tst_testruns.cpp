// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/test_runs/testrunrules.h"
#include "models/signatures/capture.h"
#include "tests/importers/readsource.h"

#include <QMap>

using namespace faultline;
using namespace Qt::StringLiterals;

/// What the samples of test runners say of their tests.
class TestTestRuns : public QObject
{
    Q_OBJECT

    static QMap<QByteArray, Outcome> tests(const SourceEvidence &evidence)
    {
        QMap<QByteArray, Outcome> found;
        for (const Span &span : evidence.spans) {
            if (span.kind == SpanKind::Test)
                found.insert(span.name, span.outcome);
        }
        return found;
    }

private Q_SLOTS:
    void rulesCompile()
    {
        for (const TestRunRule &rule : testRunRules()) {
            const auto pattern = CapturePattern::compile(rule.pattern);
            QVERIFY2(pattern, rule.pattern);
        }
    }

    void knowsTestsAndOutcomes_data()
    {
        constexpr auto Passed = Outcome::Passed;
        constexpr auto Failed = Outcome::Failed;
        constexpr auto Skipped = Outcome::Skipped;
        using Tests = QMap<QByteArray, Outcome>;
        QTest::addColumn<Tests>("wanted");
        QTest::newRow("pytest") << Tests{{"tests/test_stock.py::test_adds", Passed},
                                         {"tests/test_stock.py::TestStock::test_reserves[two words]", Failed},
                                         {"tests/test_stock.py::test_slow", Skipped},
                                         {"tests/test_db.py::test_connects", Failed},
                                         {"tests/test_db.py::test_known", Skipped}};
        QTest::newRow("xdist") << Tests{{"tests/test_a.py::test_one", Passed},
                                        {"tests/test_a.py::test_two", Failed},
                                        {"tests/test_b.py::test_hangs", Outcome::Unknown}};
        QTest::newRow("unittest") << Tests{{"test_adds (test_calc.TestCalc.test_adds)", Passed},
                                           {"test_later (test_calc.TestCalc.test_later)", Skipped},
                                           {"test_reads (test_calc.TestCalc.test_reads)", Failed}};
        QTest::newRow("cargo") << Tests{{"frame::tests::whole", Passed},
                                        {"frame::tests::truncated", Failed},
                                        {"frame::tests::later", Skipped},
                                        {"frame::tests::panics", Passed}};
        QTest::newRow("nextest") << Tests{{"codec frame::tests::whole", Passed},
                                          {"codec frame::tests::truncated", Failed},
                                          {"codec net::tests::waits", Failed}};
        QTest::newRow("gtest") << Tests{
            {"CodecTest.Whole", Passed}, {"CodecTest.Truncated", Failed}, {"CodecTest.Hardware", Skipped}};
        QTest::newRow("ctest") << Tests{
            {"codec_whole", Passed}, {"codec_truncated", Failed}, {"codec_waits", Failed}, {"codec_crashes", Failed}};
        QTest::newRow("jest") << Tests{
            {"adds", Passed}, {"rounds", Passed}, {"is empty", Passed}, {"takes two", Failed}, {"takes none", Skipped}};
        QTest::newRow("mocha") << Tests{{"is empty", Passed}};
        QTest::newRow("maven") << Tests{{"com.acme.ledger.BalanceTest.sums", Failed},
                                        {"com.acme.ledger.BalanceTest.closes", Failed}};
        QTest::newRow("gradle") << Tests{{"BalanceTest > sums()", Failed},
                                         {"BalanceTest > rounds [1] 2, 3", Passed},
                                         {"PostingTest > Nested > posts()", Passed}};
        QTest::newRow("tap") << Tests{{"reads whole frames", Passed},
                                      {"reads truncated frames", Failed},
                                      {"reads hardware", Skipped},
                                      {"reads the future", Skipped},
                                      {"writes frames", Passed}};
        QTest::newRow("bats") << Tests{{"reads whole frames", Passed}, {"reads truncated frames", Failed}};
        QTest::newRow("ruby") << Tests{
            {"./spec/cart_spec.rb:9", Failed}, {"CalcTest#test_adds", Passed}, {"CalcTest#test_divides", Failed}};
        QTest::newRow("phpunit") << Tests{{"Acme\\CartTest::testTakesTwo", Failed}};
        QTest::newRow("exunit") << Tests{{"test takes two (Shop.CartTest)", Failed}};
        QTest::newRow("dotnet") << Tests{{"Cart.Tests.CartTests.IsEmpty", Passed},
                                         {"Cart.Tests.CartTests.TakesTwo(count: 2)", Failed},
                                         {"Cart.Tests.CartTests.Later", Skipped}};
        QTest::newRow("gotestsum") << Tests{{"TestWhole", Passed},
                                            {"TestTruncated", Failed},
                                            {"TestHardware", Skipped},
                                            {"TestTotal/rounds_up", Passed}};
        QTest::newRow("xctest") << Tests{{"-[ShopTests.CartTests testIsEmpty]", Passed},
                                         {"-[ShopTests.CartTests testTakesTwo]", Failed}};
    }
    void knowsTestsAndOutcomes()
    {
        using Tests = QMap<QByteArray, Outcome>;
        QFETCH(Tests, wanted);
        const QString path = test::dataPath(u"plain/run-"_s + QString::fromLatin1(QTest::currentDataTag()) + u".log"_s);
        const auto read = test::readSource("plain", test::fileBytes(path));
        const Tests found = tests(read->evidence);
        if (found != wanted) {
            for (auto it = found.begin(); it != found.end(); ++it)
                qInfo("found %s: %s", it.key().constData(), outcomeName(*it).data());
        }
        QVERIFY(found == wanted);
        const auto count =
            std::ranges::count_if(read->evidence.spans, [](const Span &s) { return s.kind == SpanKind::Test; });
        QCOMPARE(count, wanted.size()); // none twice
    }

    void takesDurationsWhereLinesHaveTimes()
    {
        const auto read = test::readSource("plain", test::fileBytes(test::dataPath(u"plain/run-gotestsum.log"_s)));
        const auto total = std::ranges::find(read->evidence.spans, QByteArray("TestTotal/rounds_up"), &Span::name);
        QVERIFY(total != read->evidence.spans.end());
        QCOMPARE(total->end->ns - total->start->ns, NsPerSecond);
    }

    void tellsWhatRanWhenALogBreaksOff()
    {
        const auto read = test::readSource("plain", test::fileBytes(test::dataPath(u"plain/run-xdist.log"_s)));
        QCOMPARE(test::factValue(read->evidence, "test/tests/test_b.py::test_hangs", "running"), "true");
        const auto cut =
            test::readSource("plain", "[==========] Running 2 tests from 1 test suite.\n[ RUN      ] A.b\nhello\n");
        QCOMPARE(test::factValue(cut->evidence, "test/A.b", "running"), "true");
    }

    void takesNoTestsFromOtherPrograms()
    {
        const auto read =
            test::readSource("plain", " ✔ Container db Started 0.3s\n ✓ Downloaded 3 files\ntoken 12 was ok 3 times\n"
                                      "Test connection: failed\n");
        QVERIFY(read->evidence.spans.empty());
    }

    void namesMochasTestsOverSeveralLines()
    {
        const auto read = test::readSource("plain", test::fileBytes(test::dataPath(u"plain/run-mocha.log"_s)));
        std::vector<const Event *> failed;
        for (const Event &event : read->evidence.events) {
            if (event.signature == "test.fail.mocha_test")
                failed.push_back(&event);
        }
        QCOMPARE(failed.size(), size_t(2));
        QCOMPARE(fieldValue(failed[0]->fields, "test"), "cart takes two");
        QCOMPARE(failed[0]->line, 14);
        QCOMPARE(failed[0]->lastLine, 26); // its message goes on at the line's start
        QCOMPARE(fieldValue(failed[1]->fields, "test"), "cart nested times out");
        QVERIFY(fieldValue(failed[1]->fields, "message").startsWith("Error: Timeout of 2000ms exceeded"));
    }
};

FAULTLINE_TEST(TestTestRuns)
#include "tst_testruns.moc"
