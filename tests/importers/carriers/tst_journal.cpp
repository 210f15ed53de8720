// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/journal/journal.h"
#include "tests/importers/readsource.h"

using namespace faultline;

class TestJournal : public QObject
{
    Q_OBJECT

    static QByteArray sample(const char *name) { return test::fileBytes(test::dataPath(QLatin1StringView(name))); }

private Q_SLOTS:
    void readsForms_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<TimeBasis>("basis");
        const qint64 whole = fromRfc3339("2026-11-23T18:55:18Z")->ns;
        QTest::newRow("short") << QByteArray("Nov 23 18:55:18 vm systemd[1]: a: b") << whole << TimeBasis::Local;
        QTest::newRow("precise") << QByteArray("Nov 23 18:55:18.500000 vm systemd[1]: a: b") << whole + 500'000'000
                                 << TimeBasis::Local;
        QTest::newRow("iso") << QByteArray("2026-11-23T19:55:18+0100 vm systemd[1]: a: b") << whole << TimeBasis::Zoned;
        QTest::newRow("iso colon") << QByteArray("2026-11-23T18:55:18+00:00 vm systemd[1]: a: b") << whole
                                   << TimeBasis::Utc;
        QTest::newRow("iso precise") << QByteArray("2026-11-23T18:55:18.500000+0000 vm systemd[1]: a: b")
                                     << whole + 500'000'000 << TimeBasis::Utc;
        QTest::newRow("full") << QByteArray("Mon 2026-11-23 18:55:18 UTC vm systemd[1]: a: b") << whole
                              << TimeBasis::Utc;
        QTest::newRow("full zone") << QByteArray("Mon 2026-11-23 19:55:18 CET vm systemd[1]: a: b") << whole
                                   << TimeBasis::Zoned;
        QTest::newRow("unknown zone") << QByteArray("Mon 2026-11-23 18:55:18 CST vm systemd[1]: a: b") << whole
                                      << TimeBasis::Local;
        QTest::newRow("unix") << QByteArray("1795460118.500000 vm systemd[1]: a: b") << whole + 500'000'000
                              << TimeBasis::Utc;
        QTest::newRow("monotonic") << QByteArray("[ 1724.130060] vm systemd[1]: a: b") << qint64(1'724'130'060'000)
                                   << TimeBasis::Boot;
    }
    void readsForms()
    {
        QFETCH(QByteArray, line);
        QFETCH(qint64, ns);
        QFETCH(TimeBasis, basis);
        const QByteArray text =
            "-- Journal begins at Mon 2026-11-23 18:00:00 UTC. --\n" + line + "\n" + line + "\n    more of it\n";
        QCOMPARE(test::sniffed(text), "journalctl");
        const auto read =
            test::readSource("journalctl", text, QStringLiteral("j.txt"), fromRfc3339("2026-11-24T00:00:00Z"));
        QCOMPARE(read->evidence.kind, SourceKind::Journal);
        QCOMPARE(read->evidence.basis, basis);
        const auto lines = decodeLines(read->evidence, 2, 3);
        QCOMPARE(lines[0].time->ns, ns);
        QCOMPARE(lines[0].text, "a: b");
        QVERIFY(lines[2].carried);
        QCOMPARE(read->evidence.identity.host, "vm");
    }

    void guessesYearFromTheFile()
    {
        const QByteArray text = "Dec 31 23:59:59 vm kernel: x\nJan  1 00:00:01 vm kernel: y\n";
        const auto read =
            test::readSource("journalctl", text, QStringLiteral("j"), fromRfc3339("2026-01-02T00:00:00Z"));
        const auto lines = decodeLines(read->evidence, 1, 2);
        QCOMPARE(lines[0].time->ns, fromRfc3339("2025-12-31T23:59:59Z")->ns);
        QCOMPARE(lines[1].time->ns, fromRfc3339("2026-01-01T00:00:01Z")->ns);
    }

    void claimsItsSamples()
    {
        QCOMPARE(test::sniffed(sample("journalctl/short-iso.txt")), "journalctl");
        QCOMPARE(test::sniffed(sample("journalctl/short-precise.txt")), "journalctl");
        QCOMPARE(test::sniffed(sample("journalctl/short-monotonic.txt")), "journalctl");
        QCOMPARE(test::sniffed(sample("journal-json/kernel.json")), "journal-json");
        QCOMPARE(test::sniffed("-- No entries --\n"), "journalctl");
    }

    void readsJson()
    {
        const auto read = test::readSource("journal-json", sample("journal-json/kernel.json"));
        const SourceEvidence &evidence = read->evidence;
        QVERIFY(evidence.notes.empty());
        const auto lines = decodeLines(evidence, 1, 1);
        QVERIFY(lines[0].text.startsWith("snapshot.test invoked oom-killer: gfp_mask="));
        // The kernel's own stamp, 2.398 ms before journald received it.
        QCOMPARE(lines[0].time->ns, (1795459651607888 - 1386178174 + 1386175776) * 1000);
        QVERIFY(!test::factValue(evidence, "boot/313543f4da194ce2a28015ee59b24d17", "realtime_minus_monotonic_ns")
                     .isEmpty());
        QCOMPARE(evidence.identity.host, "vm");
        QCOMPARE(test::factValue(evidence, "oom/9355", "victim"), "snapshot.test");
    }

    void takesNoKernelLineForLaterThanItWasReceived()
    {
        // The machine slept an hour: the boot-time clock is ahead of the monotonic one.
        const auto read = test::readSource(
            "journal-json",
            "{\"_TRANSPORT\":\"kernel\",\"__REALTIME_TIMESTAMP\":\"9000000000\",\"__MONOTONIC_TIMESTAMP\":\"5000000\","
            "\"_SOURCE_BOOTTIME_TIMESTAMP\":\"3604000000\",\"MESSAGE\":\"x\"}\n");
        QCOMPARE(decodeLines(read->evidence, 1, 1)[0].time->ns, 9'000'000'000'000);
    }

    void readsMessagesInAllForms()
    {
        const QByteArray text =
            "{\"__REALTIME_TIMESTAMP\":\"1000000\",\"MESSAGE\":\"a \\\"b\\\"\\tc\\u00e9\",\"PRIORITY\":\"3\"}\n"
            "{\"MESSAGE\":[104,105],\"__REALTIME_TIMESTAMP\":\"2000000\"}\n"
            "{\"__REALTIME_TIMESTAMP\":\"3000000\",\"MESSAGE\":null}\n"
            "{\"__REALTIME_TIMESTAMP\":\"3500000\",\"MESSAGE\":\"[[ -n \\\"$x\\\" ]]\"}\n"
            "{\"__REALTIME_TIMESTAMP\":\"4000000\",\"MESS\n";
        const auto read = test::readSource("journal-json", text);
        const auto lines = decodeLines(read->evidence, 1, 5);
        QCOMPARE(lines[0].text, "a \"b\"\tc\xC3\xA9");
        QCOMPARE(lines[0].level, Severity::Error);
        QCOMPARE(lines[1].text, "hi");
        QCOMPARE(lines[1].time->ns, 2'000'000'000);
        QCOMPARE(lines[2].text, "");
        QCOMPARE(lines[3].text, "[[ -n \"$x\" ]]");
        QCOMPARE(lines[4].time->ns, 4'000'000'000);
        QCOMPARE(lines[4].text, "{\"__REALTIME_TIMESTAMP\":\"4000000\",\"MESS"); // what is there is shown
        QCOMPARE(read->evidence.notes.size(), size_t(1));
        QCOMPARE(read->evidence.notes[0].position.line, 5);
    }

    void looksForPatternsInMessages_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QByteArray>("scanned");
        const auto json = [](const char *text) { return QByteArray(text).replace('\'', '"'); };
        const QByteArray longField = "\"_CMDLINE\":\"" + QByteArray(200, 'M') + "\",";
        QTest::newRow("plain") << json("{'PRIORITY':'6','MESSAGE':'all well'}") << QByteArray("all well");
        QTest::newRow("blanks") << json("{ 'MESSAGE' : 'all well' }") << QByteArray("all well");
        QTest::newRow("behind a long field")
            << '{' + longField + json("'MESSAGE':'all well'}") << QByteArray("all well");
        QTest::newRow("told in another field")
            << json("{'_CMDLINE':'echo {\\'MESSAGE\\':\\'no\\'}','MESSAGE':'yes'}") << QByteArray("yes");
        QTest::newRow("name as a value") << json("{'A':'MESSAGE','MESSAGE':'yes'}") << QByteArray("yes");
        QTest::newRow("longer name") << json("{'MESSAGE_ID':'no','MESSAGE':'yes'}") << QByteArray("yes");
        QTest::newRow("escapes") << json("{'MESSAGE':'a\\nb \\'c\\' \\u00e9 \\\\'}")
                                 << QByteArray("a b \"c\" \xC3\xA9 \\");
        QTest::newRow("colours") << json("{'MESSAGE':'\\u001b[31mred\\u001b[0m'}") << QByteArray("red");
        QTest::newRow("bytes") << json("{'MESSAGE':[104,105]}") << QByteArray("hi");
        QTest::newRow("several") << json("{'MESSAGE':['a','b']}") << QByteArray("a b");
        QTest::newRow("event stream") << json("data: {'MESSAGE':'yes'}") << QByteArray("yes");
        QTest::newRow("sequence") << QByteArray("\x1E{\"MESSAGE\":\"yes\"}") << QByteArray("yes");
        QTest::newRow("none") << json("{'PRIORITY':'6'}") << QByteArray();
        QTest::newRow("broken off") << json("{'PRIORITY':'6','MESSAGE':'all w")
                                    << json("{'PRIORITY':'6','MESSAGE':'all w");
        QTest::newRow("no object") << json("said 'MESSAGE':'x'") << json("said 'MESSAGE':'x'");
    }
    void looksForPatternsInMessages()
    {
        QFETCH(QByteArray, line);
        QFETCH(QByteArray, scanned);
        QByteArray into;
        const QByteArray lines = line + "\r\n\n" + line;
        QVERIFY(JournalJson().scanText({lines.constData(), static_cast<size_t>(lines.size())}, into));
        QCOMPARE(into, scanned + "\n\n" + scanned);
    }

    void looksForPatternsInMessagesOfAnyLength()
    {
        // Messages are copied some bytes at a time: each kind of byte that ends a copy stands at each place, ahead of lines of any length.
        struct Special {
            QByteArray written;
            QByteArray meant;
        };
        const std::vector<Special> specials = {{"", ""},
                                               {"\\\"", "\""},
                                               {"\\\\", "\\"},
                                               {"\\/", "/"},
                                               {"\\n", " "},
                                               {"\\t", "\t"},
                                               {"\\u00e9", "\xC3\xA9"},
                                               {"\x7f", ""},
                                               {"\xC3\xA9", "\xC3\xA9"},
                                               {"\\u001b[1m", ""}};
        QByteArray lines;
        QByteArray expected;
        for (const Special &special : specials) {
            for (int before = 0; before < 70; ++before) {
                const QByteArray behind(70 - before, 'y');
                lines += "{\"MESSAGE\":\"" + QByteArray(before, 'x') + special.written + behind + "\",\"A\":\""
                         + QByteArray(before, 'M') + "\"}\n";
                expected += QByteArray(before, 'x') + special.meant + behind + '\n';
                const QByteArray open =
                    "{\"MESSAGE\":\"" + QByteArray(before, 'x') + special.written; // no entry to its end
                lines += open + '\n';
                expected += open + '\n';
            }
        }
        for (qsizetype end = lines.size(); end > lines.size() - 300;
             --end) { // with any number of bytes behind the last line
            QByteArray into;
            QVERIFY(JournalJson().scanText({lines.constData(), static_cast<size_t>(end)}, into));
            const qsizetype whole = expected.lastIndexOf('\n', expected.size() - 400);
            QCOMPARE(into.left(whole), expected.left(whole));
        }
    }

    void readsBinaryFieldsOfExport()
    {
        const auto read = test::readSource("journal-export", sample("journal-export/binary.export"));
        const SourceEvidence &evidence = read->evidence;
        QCOMPARE(test::factValue(evidence, "journal", "entries"), "3");
        QCOMPARE(test::factValue(evidence, "oom/9355", "victim"), "app");
        QCOMPARE(evidence.identity.host, "vm");
        const auto lines = decodeLines(evidence, 1, evidence.lineCount());
        const qint64 first = (1795459651607888 + 1'000'000) * 1000;
        // The kernel's own stamp, 2.5 ms before journald received it.
        QCOMPARE(lines[7].text.first(13), "Memory cgroup");
        QCOMPARE(lines[7].time->ns, first - 2'500'000);
        QCOMPARE(lines[7].level, Severity::Error);
        const auto panic = std::ranges::find_if(
            lines, [](const TimedLine &line) { return line.text.startsWith("panic: runtime error"); });
        QVERIFY(panic != lines.end());
        QCOMPARE(panic->text, "panic: runtime error: index out of range [5]");
        QCOMPARE(panic->time->ns, first + NsPerSecond);
        const auto inside = std::ranges::find(lines, "main.main()", &TimedLine::text);
        QVERIFY(inside != lines.end());
        QCOMPARE(inside->time->ns, first + NsPerSecond);
        // A length of ten bytes is a LF itself.
        const auto ten = std::ranges::find(lines, "ten bytes\xff", &TimedLine::text);
        QVERIFY(ten != lines.end());
        QCOMPARE(ten->level, Severity::Warning);
        // What another field quotes is no message.
        QVERIFY(std::ranges::none_of(evidence.events,
                                     [](const Event &event) { return event.signature == "kernel.panic"; }));
    }

    void readsVerbose()
    {
        const QByteArray text = sample("journal-verbose/kernel.txt");
        QCOMPARE(test::sniffed(text), "journal-verbose");
        const auto read = test::readSource("journal-verbose", text);
        QCOMPARE(test::factValue(read->evidence, "journal", "entries"), "2");
        QCOMPARE(test::factValue(read->evidence, "oom/77", "victim"), "db");
        const auto lines = decodeLines(read->evidence, 1, read->evidence.lineCount());
        QCOMPARE(lines[7].text.first(13), "Out of memory");
        QCOMPARE(lines[7].time->ns, (1795459651607888 + 1'000'000 - 2500) * 1000);
        QCOMPARE(lines[7].level, Severity::Error);
        QVERIFY(std::ranges::none_of(read->evidence.events,
                                     [](const Event &event) { return event.signature == "kernel.panic"; }));
    }

    void readsPretty()
    {
        const QByteArray text = sample("journal-pretty/mixed.json");
        QCOMPARE(test::sniffed(text), "journal-pretty");
        const auto read = test::readSource("journal-pretty", text);
        QCOMPARE(test::factValue(read->evidence, "journal", "entries"), "3");
        const auto lines = decodeLines(read->evidence, 1, read->evidence.lineCount());
        const auto panic = std::ranges::find(lines, "Kernel panic - not syncing: \"VFS\": no root", &TimedLine::text);
        QVERIFY(panic != lines.end());
        QCOMPARE(panic->time->ns, (1795459651607888 + 1'000'000) * 1000); // written behind the message
        QCOMPARE(panic->level, Severity::Fatal);
        QVERIFY(std::ranges::find(lines, "bytes \xff of it", &TimedLine::text) != lines.end());
        QVERIFY(std::ranges::any_of(read->evidence.events,
                                    [](const Event &event) { return event.signature == "kernel.panic"; }));
    }

    void tellsWhereTheClockWasSet()
    {
        const auto read = test::readSource("journal-json", sample("journal-json/seq.json"));
        const auto lines = decodeLines(read->evidence, 1, 5);
        QCOMPARE(lines[1].text, "two zwei");
        QCOMPARE(lines[2].text, "");
        QCOMPARE(lines[3].text, "four");
        QCOMPARE(test::factValue(read->evidence, "boot/313543f4da194ce2a28015ee59b24d17", "clock_step_ns"),
                 "3600000000000");
        const auto set = std::ranges::find(read->evidence.events, "clock.step", &Event::signature);
        QVERIFY(set != read->evidence.events.end());
        QCOMPARE(set->line, 4);
        QCOMPARE(set->text, "The host's clock was set by +3600.000 s");
        QCOMPARE(read->evidence.notes.size(), size_t(1));
        QCOMPARE(read->evidence.notes[0].position.line, 4);
        QCOMPARE(test::sniffed(sample("journal-json/sse.txt")), "journal-json");
    }

    void splitsBootsAtTheirMarker()
    {
        const auto read = test::readSource("journalctl", sample("journalctl/short-delta.txt"));
        QCOMPARE(read->evidence.basis, TimeBasis::Boot);
        QCOMPARE(read->evidence.clockStarts.size(), size_t(2)); // though the second boot's stamps are higher
        const auto lines = decodeLines(read->evidence, 1, 6);
        QCOMPARE(lines[0].time->ns, 1'724'130'060'000);
        QCOMPARE(lines[1].text, "listening");
        QCOMPARE(lines[4].time->ns, read->evidence.clockStarts[1].ns + 1'730'000'001'000);
        // What a message says over several lines is no marker.
        QByteArray text = sample("journalctl/short-delta.txt");
        text.replace("-- Boot ", "-- Boot loader ");
        QCOMPARE(test::readSource("journalctl", text)->evidence.clockStarts.size(), size_t(1));
    }

    void readsExport()
    {
        const QByteArray text = "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1000000\nMESSAGE=hello there\n\n__CURSOR=s=2\n"
                                "__REALTIME_TIMESTAMP=2000000\nMESSAGE=again\n";
        QCOMPARE(test::sniffed(text), "journal-export");
        const auto read = test::readSource("journal-export", text);
        const auto lines = decodeLines(read->evidence, 1, 7);
        QCOMPARE(lines[2].text, "hello there");
        QCOMPARE(lines[2].time->ns, 1'000'000'000);
        QCOMPARE(lines[6].time->ns, 2'000'000'000);
    }

    void survivesDamage()
    {
        test::damage("journalctl", sample("journalctl/short-precise.txt"));
        test::damage("journal-json", sample("journal-json/kernel.json"));
    }
};

FAULTLINE_TEST(TestJournal)
#include "tst_journal.moc"
