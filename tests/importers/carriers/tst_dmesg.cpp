// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;

class TestDmesg : public QObject
{
    Q_OBJECT

    static QByteArray sample(const char *name)
    {
        return test::fileBytes(test::dataPath(QStringLiteral("dmesg/") + QLatin1StringView(name)));
    }

private Q_SLOTS:
    void readsForms_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<TimeBasis>("basis");
        const qint64 iso = fromRfc3339("2026-11-23T18:59:24.658864Z")->ns;
        const qint64 whole = fromRfc3339("2026-11-23T18:52:52Z")->ns;
        QTest::newRow("raw") << QByteArray("[ 1386.176602] Out of memory: x") << qint64(1'386'176'602'000)
                             << QByteArray("Out of memory: x") << TimeBasis::Boot;
        QTest::newRow("thread") << QByteArray("[  584.319520][   T31] INFO: x") << qint64(584'319'520'000)
                                << QByteArray("INFO: x") << TimeBasis::Boot;
        QTest::newRow("level") << QByteArray("<6>[    8.563247] ata23: x") << qint64(8'563'247'000)
                               << QByteArray("ata23: x") << TimeBasis::Boot;
        QTest::newRow("decoded") << QByteArray("kern  :info  : [ 2062.833046] p[1]: x") << qint64(2'062'833'046'000)
                                 << QByteArray("p[1]: x") << TimeBasis::Boot;
        QTest::newRow("delta") << QByteArray("[    5.123456 <    0.000010>] x") << qint64(5'123'456'000)
                               << QByteArray("x") << TimeBasis::Boot;
        QTest::newRow("kmsg") << QByteArray("6,339,5140900,-;NET: x") << qint64(5'140'900'000) << QByteArray("NET: x")
                              << TimeBasis::Boot;
        QTest::newRow("ctime") << QByteArray("[Mon Nov 23 18:52:52 2026] x y") << whole << QByteArray("x y")
                               << TimeBasis::Local;
        QTest::newRow("German") << QByteArray("[Mo Nov 23 18:52:52 2026] x y") << whole << QByteArray("x y")
                                << TimeBasis::Local;
        QTest::newRow("French") << QByteArray("[lun. nov. 23 18:52:52 2026] x y") << whole << QByteArray("x y")
                                << TimeBasis::Local;
        QTest::newRow("Chinese") << QByteArray("[一 11月 23 18:52:52 2026] x y") << whole << QByteArray("x y")
                                 << TimeBasis::Local;
        QTest::newRow("minute") << QByteArray("[Nov23 18:52] x y") << fromRfc3339("2026-11-23T18:52:00Z")->ns
                                << QByteArray("x y") << TimeBasis::Local;
        QTest::newRow("Chinese minute") << QByteArray("[11月23 18:52] x y") << fromRfc3339("2026-11-23T18:52:00Z")->ns
                                        << QByteArray("x y") << TimeBasis::Local;
        QTest::newRow("coloured") << QByteArray("\x1b[32m[ 1386.176602] \x1b[0mx: y") << qint64(1'386'176'602'000)
                                  << QByteArray("\x1b[0mx: y") << TimeBasis::Boot;
        QTest::newRow("iso") << QByteArray("2026-11-23T18:59:24,658864+00:00 x: y") << iso << QByteArray("x: y")
                             << TimeBasis::Utc;
        QTest::newRow("iso zone") << QByteArray("2026-11-24T02:59:24,658864+0800 x: y") << iso << QByteArray("x: y")
                                  << TimeBasis::Zoned;
        QTest::newRow("kern.log") << QByteArray("Nov 23 18:52:52 host kernel: [  12.345678] x: y") << whole
                                  << QByteArray("x: y") << TimeBasis::Local;
        QTest::newRow("kern.log iso") << QByteArray("2026-11-23T19:52:52.000000+01:00 host kernel: [  12.345678] x: y")
                                      << whole << QByteArray("x: y") << TimeBasis::Zoned;
    }
    void readsForms()
    {
        QFETCH(QByteArray, line);
        QFETCH(qint64, ns);
        QFETCH(QByteArray, payload);
        QFETCH(TimeBasis, basis);
        const QByteArray text = line + "\r\n" + line + "\n";
        QCOMPARE(test::sniffed(text), "dmesg");
        const auto read =
            test::readSource("dmesg", text, QStringLiteral("dmesg.txt"), fromRfc3339("2026-11-24T00:00:00Z"));
        QCOMPARE(read->evidence.kind, SourceKind::KernelLog);
        QCOMPARE(read->evidence.basis, basis);
        const DecodedLine decoded =
            read->evidence.decoder->decode({line.constData(), static_cast<size_t>(line.size())}, 0);
        QVERIFY(decoded.time);
        QCOMPARE(decoded.time->ns, ns);
        QCOMPARE(QByteArray(decoded.payload.data(), static_cast<qsizetype>(decoded.payload.size())), payload);
        QCOMPARE(read->evidence.first->ns, ns);
    }

    void allowsForDerivedStamps()
    {
        // -T and iso are up to 1.4 s early; raw stamps are exact.
        QCOMPARE(test::readSource("dmesg", sample("oom-ctime.txt"))->evidence.resolutionNs, 1'500'000'000);
        QCOMPARE(test::readSource("dmesg", sample("oom-iso.txt"))->evidence.resolutionNs, 1'500'000'000);
        QCOMPARE(test::readSource("dmesg", sample("oom-memcg.txt"))->evidence.resolutionNs, NsPerMicrosecond);
    }

    void tellsBootsApart()
    {
        const QByteArray first = "[  100.000001] first boot\n[  100.500000] a\n[   99.900000] another processor\n";
        const QByteArray second =
            "[    0.000000] Linux version 6.1\n[    0.000000] Command line: x\n[    5.000000] second boot\n";
        const QByteArray third = "[    1.000000] Linux version 6.2\n";
        const auto read = test::readSource("dmesg", first + second + third);
        const SourceEvidence &evidence = read->evidence;
        QCOMPARE(evidence.clockStarts.size(), size_t(2));
        QCOMPARE(evidence.clockStarts[0].ns, 0);
        QVERIFY(evidence.clockStarts[1].ns > 100'500'000'000);
        const auto lines = decodeLines(evidence, 1, 7);
        QCOMPARE(lines.size(), size_t(7));
        QCOMPARE(lines[2].time->ns, 99'900'000'000);
        QCOMPARE(lines[3].time->ns, evidence.clockStarts[1].ns);
        QCOMPARE(lines[5].time->ns, evidence.clockStarts[1].ns + 5'000'000'000);
    }

    void addsUpStampsThatCountFromTheLineBefore()
    {
        const auto read = test::readSource("dmesg", sample("reltime.txt"), QStringLiteral("dmesg.txt"),
                                           fromRfc3339("2026-11-24T00:00:00Z"));
        QCOMPARE(read->evidence.basis, TimeBasis::Local);
        QCOMPARE(read->evidence.resolutionNs, NsPerMinute);
        const auto lines = decodeLines(read->evidence, 1, 5);
        const qint64 minute = fromRfc3339("2026-11-23T18:55:00Z")->ns;
        QCOMPARE(lines[0].time->ns, minute);
        QCOMPARE(lines[2].time->ns, minute + 1'250'004'000);
        QCOMPARE(lines[3].time->ns, minute + 2 * NsPerMinute);
        QCOMPARE(lines[4].time->ns, minute + 2 * NsPerMinute + 2'500'000'000);
        QCOMPARE(lines[3].text.first(8), "worker[8");
        const auto delta = test::readSource("dmesg", sample("delta.txt"));
        QCOMPARE(delta->evidence.basis, TimeBasis::Durations);
        const auto sums = decodeLines(delta->evidence, 1, 3);
        QCOMPARE(sums[2].time->ns, 70'250'000'000);
        QCOMPARE(sums[2].level, Severity::Error);
    }

    void findsStampsBehindAPrompt()
    {
        QCOMPARE(test::sniffed(sample("console.txt")), "dmesg");
        const auto read = test::readSource("dmesg", sample("console.txt"));
        const auto lines = decodeLines(read->evidence, 1, 11);
        QCOMPARE(lines[4].time->ns, 36'912'468'000);
        QCOMPARE(lines[4].text, "eth0: link becomes ready");
        QCOMPARE(lines[5].time->ns, 37'100'000'000);
        const auto warning = std::ranges::find(read->evidence.events, "kernel.warning", &Event::signature);
        QVERIFY(warning != read->evidence.events.end());
        QCOMPARE(warning->line, 6);
        QCOMPARE(warning->lastLine, 10);
    }

    void keepsBothClocksOfSyslog()
    {
        const auto read = test::readSource("dmesg", sample("two-boots.kern.log"), QStringLiteral("kern.log"),
                                           fromRfc3339("2026-11-24T00:00:00Z"));
        QCOMPARE(read->evidence.basis, TimeBasis::Local);
        QCOMPARE(read->evidence.first->ns, fromRfc3339("2026-11-23T18:50:00Z")->ns);
        const qint64 first = fromRfc3339("2026-11-23T18:50:00Z")->ns - 900'250'000'000;
        const qint64 second = fromRfc3339("2026-11-23T18:52:30Z")->ns - 9'750'000'000;
        QCOMPARE(test::factValue(read->evidence, "boot/1", "realtime_minus_monotonic_ns"),
                 QByteArray::number(std::min(first, first + NsPerSecond - 1'250'000'000)));
        QCOMPARE(test::factValue(read->evidence, "boot/2", "realtime_minus_monotonic_ns"), QByteArray::number(second));
    }

    void readsJson()
    {
        const QByteArray text = test::fileBytes(test::dataPath(QStringLiteral("dmesg-json/decoded.json")));
        QCOMPARE(test::sniffed(text), "dmesg-json");
        const auto read = test::readSource("dmesg-json", text);
        const auto lines = decodeLines(read->evidence, 1, read->evidence.lineCount());
        QCOMPARE(lines[11].text.first(54), "Memory cgroup out of memory: Killed process 5120 (work");
        QCOMPARE(lines[11].time->ns, 70'250'000'000);
        QCOMPARE(lines[11].level, Severity::Error);
        QCOMPARE(test::factValue(read->evidence, "oom/5120", "victim"), "worker \"a\"");
        QCOMPARE(read->evidence.last->ns, 71'000'001'000);
        // util-linux 2.38 with --file writes all that follows behind each message.
        const auto tail = test::readSource(
            "dmesg-json", "{\n   \"dmesg\": [\n      {\n         \"pri\": 6,\n         \"time\":     1.000000,\n"
                          "         \"msg\": \"one\\n<4>[    1.500000] two\\n\"\n      }\n   ]\n}\n");
        QCOMPARE(decodeLines(tail->evidence, 6, 1)[0].text, "one");
    }

    void takesTheSameDumpTwiceForOneBoot()
    {
        const QByteArray dump = "[  100.000001] one\n[  200.500000] two\n";
        QCOMPARE(test::readSource("dmesg", dump + dump)->evidence.clockStarts.size(), size_t(1));
    }

    void coversWhenEmpty()
    {
        QCOMPARE(test::sniffed({}, QStringLiteral("run/dmesg.txt")), "dmesg");
        QCOMPARE(test::sniffed({}, QStringLiteral("run/kern.log")), "dmesg");
        QVERIFY(test::sniffed({}, QStringLiteral("run/notes.txt")) != "dmesg");
        const auto read = test::readSource("dmesg", {}, QStringLiteral("dmesg.txt"), TimeNs{1'000});
        QCOMPARE(read->evidence.coverage.size(), size_t(1));
        QVERIFY(!read->evidence.coverage[0].from);
        QCOMPARE(read->evidence.coverage[0].captured->ns, 1'000);
        QCOMPARE(read->evidence.coverage[0].how, CoverageHow::Assumed);
    }

    void leavesOtherTextAlone()
    {
        QCOMPARE_NE(test::sniffed("[0.003s][info][gc] Using Parallel\n[2.100s][info][gc] GC(0) Pause\n"), "dmesg");
        QCOMPARE_NE(test::sniffed("2026-11-23T18:59:24.658864Z hello\n"), "dmesg");
        QCOMPARE_NE(test::sniffed("Mon Nov 23 hello\nworld\n"), "dmesg");
    }

    void survivesDamage()
    {
        test::damage("dmesg", sample("oom-ctime.txt"));
        test::damage("dmesg", sample("oom-iso.txt"));
    }
};

FAULTLINE_TEST(TestDmesg)
#include "tst_dmesg.moc"
