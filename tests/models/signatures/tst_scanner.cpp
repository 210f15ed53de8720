// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/scanner.h"
#include "models/signatures/signatureset.h"
#include "tests/support/test.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

#include <algorithm>
#include <set>

using namespace faultline;

namespace {

using LineHit = std::pair<qint64, int>; // line from 0, pattern

std::vector<LineHit> hitsOf(const Scanner &scanner, const QByteArray &bytes)
{
    std::vector<LineHit> hits;
    const auto scratch = scanner.makeScratch();
    scanner.scan({bytes.constData(), static_cast<size_t>(bytes.size())}, *scratch, [&](int pattern, qint64 end) {
        hits.emplace_back(std::count(bytes.cbegin(), bytes.cbegin() + end - 1, '\n'), pattern);
    });
    return hits;
}

std::vector<ScannerEngine> engines()
{
    std::vector<ScannerEngine> present;
    for (const ScannerEngine engine : {ScannerEngine::Re2, ScannerEngine::Hyperscan}) {
        if (haveEngine(engine))
            present.push_back(engine);
    }
    return present;
}

} // namespace

class TestScanner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsEachPatternOncePerLine()
    {
        for (const ScannerEngine engine : engines()) {
            const auto scanner = makeScanner({"^panic: .+", "Killed", "exit \\d+"}, engine);
            QVERIFY(scanner);
            const QByteArray text = "Killed Killed Killed\nx panic: a panic: b\n\nexit 1234 exit 5\nKilled";
            const std::vector<LineHit> expected{{0, 1}, {1, 0}, {3, 2}, {4, 1}};
            QCOMPARE(hitsOf(**scanner, text), expected);
        }
    }

    void matchesDoNotLeaveTheirLine()
    {
        for (const ScannerEngine engine : engines()) {
            const auto scanner = makeScanner({"foo[^x]bar", "foo\\sbar", "foo\\Wbar", "foo.bar"}, engine);
            QVERIFY(scanner);
            QVERIFY(hitsOf(**scanner, "foo\nbar\nfoo\n\nbar\n").empty());
            QCOMPARE(hitsOf(**scanner, "foo bar\n").size(), size_t(4));
        }
    }

    void takesEveryByte()
    {
        QByteArray text;
        for (int byte = 0; byte < 256; ++byte)
            text += static_cast<char>(byte);
        text += "\nKilled\n";
        for (const ScannerEngine engine : engines()) {
            const auto scanner = makeScanner({"Killed", "\xe2\x9c\x95 failed"}, engine);
            QVERIFY(scanner);
            QCOMPARE(hitsOf(**scanner, QByteArray(text + "\xe2\x9c\x95 failed\n")),
                     (std::vector<LineHit>{{2, 0}, {3, 1}}));
        }
    }

    void doesNothingWithoutBytes()
    {
        for (const ScannerEngine engine : engines()) {
            const auto scanner = makeScanner({"Killed"}, engine);
            QVERIFY(hitsOf(**scanner, {}).empty());
            QVERIFY(hitsOf(**scanner, "\n\n\n").empty());
        }
    }

    void tellsWhatItCannotCompile()
    {
        const auto scanner = makeScanner({"fine", "(?=no)"});
        QVERIFY(!scanner);
        QCOMPARE(scanner.error().code, Code::BadSyntax);
    }

    void keepsTheCompiledForm()
    {
        if (!haveEngine(ScannerEngine::Hyperscan))
            QSKIP("only Hyperscan has a compiled form to keep");
        QTemporaryDir folder;
        const std::vector<QByteArray> patterns{"Killed", "panic: "};
        const auto files = [&] { return QDir(folder.path()).entryList(QDir::Files); };
        QVERIFY(makeScanner(patterns, ScannerEngine::Hyperscan, {folder.path()}));
        QCOMPARE(files().size(), 1);
        const QString path = folder.filePath(files().first());
        const QDateTime written = QFileInfo(path).lastModified();
        const auto again = makeScanner(patterns, ScannerEngine::Hyperscan, {folder.path()});
        QCOMPARE(QFileInfo(path).lastModified(), written);
        QCOMPARE(hitsOf(**again, "panic: x\n").size(), size_t(1));
        QVERIFY(makeScanner({"other"}, ScannerEngine::Hyperscan, {folder.path()}));
        QCOMPARE(files().size(), 2);
    }

    void makesABrokenCacheAgain_data()
    {
        // What is put in place of the bytes from `at` on, a negative one counting from the end.
        QTest::addColumn<int>("at");
        QTest::addColumn<QByteArray>("instead");
        QTest::newRow("empty") << 0 << QByteArray();
        QTest::newRow("other file") << 0 << QByteArray(5000, 'x');
        QTest::newRow("cut") << -100 << QByteArray();
        QTest::newRow("longer") << -1 << QByteArray(100, '\0');
        QTest::newRow("head only") << 40 << QByteArray();
        QTest::newRow("other body") << 40 << QByteArray(5000, '\1');
        QTest::newRow("a bit in its end") << -1 << QByteArray("\x55");
    }
    void makesABrokenCacheAgain()
    {
        if (!haveEngine(ScannerEngine::Hyperscan))
            QSKIP("only Hyperscan has a compiled form to keep");
        QFETCH(int, at);
        QFETCH(QByteArray, instead);
        QTemporaryDir folder;
        QVERIFY(makeScanner({"Killed"}, ScannerEngine::Hyperscan, {folder.path()}));
        const QString path = folder.filePath(QDir(folder.path()).entryList(QDir::Files).first());
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray whole = file.readAll();
        const qsizetype kept = at < 0 ? whole.size() + at : at;
        QVERIFY(whole.sliced(kept) != instead);
        file.resize(kept);
        file.seek(kept);
        file.write(instead);
        file.close();
        const auto scanner = makeScanner({"Killed"}, ScannerEngine::Hyperscan, {folder.path()});
        QVERIFY(scanner);
        QCOMPARE(hitsOf(**scanner, "Killed\n").size(), size_t(1));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), whole);
    }

    /// Every example of every shipped signature, alone and among other lines: Hyperscan, RE2 and PCRE2 agree on what matches.
    void enginesAgree()
    {
        const auto set = SignatureSet::load({});
        QVERIFY2(set, set ? "" : qPrintable(set.error().toString()));
        QList<QByteArray> lines;
        for (const Signature &signature : (*set)->signatures()) {
            for (const auto &texts : {signature.examples, signature.counterexamples}) {
                for (const QByteArray &text : texts)
                    lines += text.split('\n');
            }
        }
        QRandomGenerator random(20240501);
        for (int round = 0; round < 400; ++round) { // parts of lines put together, as hostile as lines get
            const QByteArray &a = lines[random.bounded(lines.size())];
            const QByteArray &b = lines[random.bounded(lines.size())];
            lines += a.first(random.bounded(a.size() + 1)) + b.sliced(random.bounded(b.size() + 1));
        }
        std::shuffle(lines.begin(), lines.end(), random);
        std::vector<std::set<LineHit>> answers;
        for (const ScannerEngine engine : engines()) {
            const auto scanner = makeScanner((*set)->patterns(), engine);
            QVERIFY2(scanner, scanner ? "" : qPrintable(scanner.error().toString()));
            const auto hits = hitsOf(**scanner, lines.join('\n'));
            answers.emplace_back(hits.begin(), hits.end());
            QVERIFY(std::ranges::is_sorted(hits, {}, &LineHit::first));
        }
        if (answers.size() > 1 && answers[0] != answers[1]) {
            std::vector<LineHit> difference;
            std::ranges::set_symmetric_difference(answers[0], answers[1], std::back_inserter(difference));
            const auto [line, pattern] = difference.front();
            QFAIL(QByteArray((*set)->signatures()[static_cast<size_t>(pattern)].id + " on " + lines[line]).constData());
        }
        for (qint64 line = 0; line < lines.size(); ++line) {
            for (int pattern = 0; pattern < static_cast<int>((*set)->signatures().size()); ++pattern) {
                if ((*set)->capture(pattern, lines[line]) && !answers[0].contains({line, pattern}))
                    QFAIL(QByteArray((*set)->signatures()[static_cast<size_t>(pattern)].id + " not scanned on "
                                     + lines[line])
                              .constData());
            }
        }
    }
};

FAULTLINE_TEST(TestScanner)
#include "tst_scanner.moc"
