// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/plain/plain.h"
#include "importers/core/tracelines.h"
#include "tests/importers/readsource.h"

#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Logs of any program: JSON lines, plain text in its many forms, container logs.
class TestGeneralCarriers : public QObject
{
    Q_OBJECT

    static constexpr TimeNs Modified{1'795'500'000 * NsPerSecond};

    static std::vector<TimedLine> lines(const char *importer, const QString &path)
    {
        const auto read = test::readSource(importer, test::fileBytes(test::dataPath(path)), path, Modified);
        return decodeLines(read->evidence, 1, read->evidence.lineCount());
    }
    static QByteArray stamp(const TimedLine &line) { return line.time ? toRfc3339(TimeNs{line.time->ns}) : "none"; }

private Q_SLOTS:
    void readsJsonOfManyLibraries()
    {
        const auto all = lines("json-lines", u"json-lines/libraries.log"_s);
        const auto check = [&all](size_t index, const char *time, Severity level, const char *text) {
            QCOMPARE(stamp(all[index]), time);
            QCOMPARE(all[index].level, level);
            QCOMPARE(all[index].text, text);
        };
        check(0, "2026-11-23T18:55:18.25Z", Severity::Info, "zap started");
        check(1, "2026-11-23T18:55:19Z", Severity::Error,
              "zap failed: dial tcp: connection refused: main.run \t/src/main.go:9");
        check(2, "2026-11-23T18:55:20.123456789Z", Severity::Warning, "slog slow");
        check(3, "2026-11-23T18:55:20.2Z", Severity::Error, "slog worse");
        check(4, "2026-11-23T18:55:21Z", Severity::Error, "bunyan failed");
        check(5, "2026-11-23T18:55:22Z", Severity::Fatal, "pino fatal");
        check(6, "2026-11-23T18:55:23Z", Severity::Error, "ECS failed: boom: a.B: boom \tat a.C.d(C.java:1)");
        check(7, "2026-11-23T18:55:24.5Z", Severity::Fatal, "log4j2 fatal");
        check(8, "2026-11-23T18:55:25Z", Severity::Warning, "Serilog {x}");
        check(9, "2026-11-23T18:55:26.123Z", Severity::Error, "mongod failed");
        check(10, "2026-11-23T18:55:27.5Z", Severity::Error, "GELF failed");
        check(11, "2026-11-23T18:55:28Z", Severity::Fatal, "cloud failed");
        check(12, "2026-11-23T18:55:29Z", Severity::Debug, "structlog event");
        QCOMPARE(all[13].text, "plain text between");
        QVERIFY(all[13].carried);
    }

    void readsWrappedObjects()
    {
        const auto read = test::readSource(
            "json-lines", "{\"ts\":\"2026-11-23T18:55:18Z\",\"@fields\":{\"lvl\":\"WARN2\",\"msg\":\"inside\"}}\n"
                          "{\"timestamp\":\"2026-11-23T18:55:19Z\",\"severity\":\"ERROR\",\"jsonPayload\":{\"message\":"
                          "\"cloud\"}}\n");
        const auto all = decodeLines(read->evidence, 1, 2);
        QCOMPARE(all[0].text, "inside");
        QCOMPARE(all[0].level, Severity::Warning);
        QCOMPARE(all[1].text, "cloud");
        QCOMPARE(all[1].level, Severity::Error);
    }

    void notesBrokenJson()
    {
        const auto read =
            test::readSource("json-lines", test::fileBytes(test::dataPath(u"json-lines/libraries.log"_s)));
        QCOMPARE(read->evidence.notes.size(), size_t(1));
        QCOMPARE(read->evidence.notes[0].position.line, 15);
        QCOMPARE(read->evidence.identity.host, "web-1");
    }

    void readsDockersFiles()
    {
        const QByteArray text = test::fileBytes(test::dataPath(u"json-lines/docker.log"_s));
        QCOMPARE(test::sniffed(text), "json-lines");
        const auto read = test::readSource("json-lines", text);
        const auto all = decodeLines(read->evidence, 1, 5);
        QCOMPARE(all[0].text, "info listening on :8080");
        QCOMPARE(stamp(all[0]), "2026-11-23T18:55:18.123456789Z");
        QCOMPARE(all[1].text, "cannot reach db: {\"message\":\"ECONNREFUSED\"}");
        QCOMPARE(all[1].level, Severity::Error);
        QCOMPARE(
            read->evidence.decoder->decode({all[2].raw.bytes.constData(), size_t(all[2].raw.bytes.size())}, 0).stream,
            'E');
        QVERIFY(std::ranges::any_of(read->evidence.events, [](const Event &event) {
            return event.signature.startsWith("go.") && event.line == 3;
        }));
    }

    void readsLevelsOfAllKinds_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("level");
        QTest::newRow("syslog") << QByteArray("<11>Nov 23 18:55:18 web app[9]: x") << int(Severity::Error);
        QTest::newRow("RFC 5424") << QByteArray("<34>1 2026-11-23T18:55:18Z web su - ID47 - x") << int(Severity::Fatal);
        QTest::newRow("log15") << QByteArray("t=2026-11-23T18:55:18Z lvl=eror msg=x") << int(Severity::Error);
        QTest::newRow("logcat") << QByteArray("11-23 18:55:18.123  1234  1250 E Tag: x") << int(Severity::Error);
        QTest::newRow("klog") << QByteArray("W1123 18:55:18.123456       1 a.go:1] x") << int(Severity::Warning);
        QTest::newRow("nginx") << QByteArray("2026/11/23 18:55:18 [error] 7#7: x") << int(Severity::Error);
        QTest::newRow("python") << QByteArray("2026-11-23 18:55:18,123 CRITICAL root x") << int(Severity::Fatal);
    }
    void readsLevelsOfAllKinds()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, level);
        const auto read = test::readSource("plain", line + '\n' + line + '\n', u"log"_s, Modified);
        const auto all = decodeLines(read->evidence, 1, 2);
        QVERIFY(all[1].time && !all[1].carried);
        QCOMPARE(int(all[1].level), level);
    }

    void takesOffComposePrefixes()
    {
        const auto all = lines("plain", u"plain/compose.log"_s);
        QCOMPARE(stamp(all[0]), "2026-11-23T18:55:18.123Z");
        QCOMPARE(all[1].text, "[7] ERROR:  could not connect");
        QCOMPARE(all[2].text, "no stamp here");
        QVERIFY(all[2].carried);
        QCOMPARE(composePrefix("\x1b[36mweb_1  |\x1b[0m text"), size_t(18));
        QCOMPARE(composePrefix("a column | text"), size_t(0));
        QCOMPARE(composePrefix(" id | name"), size_t(0));
        QCOMPARE(composePrefix("| a | b |"), size_t(0));
        QCOMPARE(composePrefix("web-1  |"), size_t(8));
    }

    void passesMidnight()
    {
        const auto all = lines("plain", u"plain/midnight.log"_s);
        QCOMPARE(all[2].time->ns - all[1].time->ns, 1'100'000'000);
        QCOMPARE(all[4].time->ns - all[2].time->ns, -10'000'000);
        QCOMPARE(all[2].text, "[main] ERROR app - failed");
    }

    void readsSyslog5424()
    {
        const auto all = lines("plain", u"plain/rfc5424.log"_s);
        QCOMPARE(all[0].text, "'su root' failed for lonvick on /dev/pts/8");
        QCOMPARE(all[1].text, "An application event");
        QCOMPARE(all[2].text, "connection refused");
    }

    void readsPrefixesWithoutStamps()
    {
        const QByteArray text = test::fileBytes(test::dataPath(u"kubectl-logs/prefix-only.log"_s));
        QCOMPARE(test::sniffed(text), "kubectl-logs");
        const auto all = lines("kubectl-logs", u"kubectl-logs/prefix-only.log"_s);
        QCOMPARE(stamp(all[1]), "2026-11-23T18:55:19.000001Z");
        QVERIFY(all[1].text.endsWith("main.go:22] cannot reach the API server"));
    }

    void keepsStackTracesInOneEvent_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("last");
        QTest::newRow("Java") << QByteArray(
            "2026-11-23 18:55:18 ERROR java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)\n"
            "\tat a.B.d(B.java:2)\nCaused by: java.io.IOException: x\n\t... 2 more\n2026-11-23 18:55:19 INFO on\n")
                              << 5;
        QTest::newRow("Python") << QByteArray(
            "2026-11-23 18:55:18 Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n"
            "    f()\nValueError: no\n2026-11-23 18:55:19 INFO on\n")
                                << 4;
        QTest::newRow("Node") << QByteArray(
            "2026-11-23T18:55:18Z Error: connect ECONNREFUSED 127.0.0.1:5432\n    at TCP.onread (net.js:1:2)\n"
            "    at process._tick (node.js:3:4)\n2026-11-23T18:55:19Z on\n")
                              << 3;
        QTest::newRow("Go") << QByteArray("fatal error: all goroutines are asleep - deadlock!\n\n"
                                          "goroutine 1 [chan receive]:\nmain.main()\n\t/src/a.go:5 +0x1b\n")
                            << 5;
    }
    void keepsStackTracesInOneEvent()
    {
        QFETCH(QByteArray, text);
        QFETCH(int, last);
        const auto read = test::readSource("plain", text, u"app.log"_s, Modified);
        QVERIFY(!read->evidence.events.empty());
        QCOMPARE(read->evidence.events.front().line, 1);
        qint64 end = 0;
        for (const Event &event : read->evidence.events)
            end = std::max(end, event.lastLine);
        QCOMPARE(end, last);
    }

    void knowsFrames()
    {
        for (const char *line :
             {"\tat a.B.c(B.java:1)", "  File \"a.py\", line 1", "   at N.C.M() in C.cs:line 3", "   0: std::panicking",
              "#3 /app/index.php(12): main()", "\t/src/x.go:12 +0x1b", "        from a.rb:3:in `f'", "\t... 14 more",
              "Caused by: x", "goroutine 7 [chan receive]:"})
            QVERIFY2(continuesTrace(line), line);
        for (const char *line :
             {"", "  ", "2026-11-23 18:55:18 up", "  - item", "    key: value", "error: x", "attempt 3"})
            QVERIFY2(!continuesTrace(line), line);
    }

    void takesCarriageReturnsForLineEnds()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"old.log"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("2026-11-23 18:55:18 one\r2026-11-23 18:55:19 ERROR two\r2026-11-23 18:55:20 three\r");
        file.close();
        const auto evidence = importPaths({path}, test::importTools(), {});
        QVERIFY(evidence);
        const SourceEvidence &source = *evidence->sources.front();
        QCOMPARE(source.lineCount(), 3);
        QCOMPARE(decodeLines(source, 2, 1)[0].text, "ERROR two");
        QCOMPARE(decodeLines(source, 2, 1)[0].raw.byteOffset, 24);
        QCOMPARE(source.notes.size(), size_t(1));
    }

    void survivesDamage()
    {
        for (const char *name : {"json-lines/docker.log", "json-lines/libraries.log"})
            test::damage("json-lines", test::fileBytes(test::dataPath(QString::fromLatin1(name))));
    }
};

FAULTLINE_TEST(TestGeneralCarriers)
#include "tst_generalcarriers.moc"
