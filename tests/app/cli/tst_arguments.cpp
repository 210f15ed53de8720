// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/arguments.h"
#include "app/cli/cli.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestArguments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAnalyze()
    {
        const auto arguments = parseArguments(
            u"analyze"_s, {u"run"_s, u"--format"_s, u"json"_s, u"--zone"_s, u"ci.log=+08:00"_s, u"--offset"_s,
                           u"a=b.log=-47.5"_s, u"--format-of"_s, u"x=dmesg"_s, u"--jobs=3"_s, u"--exit-code"_s});
        QVERIFY2(arguments, qPrintable(arguments ? QString() : arguments.error().toString()));
        QCOMPARE(arguments->paths, QStringList{u"run"_s});
        QCOMPARE(arguments->format, u"json"_s);
        QVERIFY(arguments->exitCode);
        QCOMPARE(arguments->analyze.import.threads, 3);
        QCOMPARE(arguments->analyze.clocks.size(), 2u);
        QCOMPARE(arguments->analyze.clocks[0].second.zoneOffsetNs, std::optional(8 * NsPerHour));
        QCOMPARE(arguments->analyze.clocks[1].first, u"a=b.log"_s);
        QCOMPARE(arguments->analyze.clocks[1].second.offsetNs, std::optional(-47'500 * NsPerMillisecond));
        QCOMPARE(arguments->analyze.import.formatOf.front().second, QByteArray("dmesg"));
    }

    void queryTakesTheLastAsStatement()
    {
        const auto arguments = parseArguments(u"query"_s, {u"a"_s, u"b"_s, u"SELECT 1"_s});
        QVERIFY(arguments);
        QCOMPARE(arguments->paths, (QStringList{u"a"_s, u"b"_s}));
        QCOMPARE(arguments->sql, u"SELECT 1"_s);
        QCOMPARE(arguments->format, u"table"_s);
    }

    void aTemplateSaysWhatIsWritten()
    {
        const auto report = parseArguments(u"analyze"_s, {u"run"_s, u"--template"_s, u"ours.html"_s});
        QVERIFY(report);
        QCOMPARE(report->format, u"html"_s);
        QVERIFY(!report->postmortem);
        const auto begun = parseArguments(u"analyze"_s, {u"run"_s, u"--template"_s, u"ours.md"_s});
        QVERIFY(begun);
        QCOMPARE(begun->format, u"markdown"_s);
        QVERIFY(begun->postmortem);
        const auto page = parseArguments(u"analyze"_s, {u"run"_s, u"--postmortem"_s, u"--format=pdf"_s});
        QVERIFY(page);
        QCOMPARE(page->format, u"pdf"_s);
    }

    void rejectsWrongUsage_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no path") << u"analyze"_s << QStringList();
        QTest::newRow("no statement") << u"query"_s << QStringList{u"a"_s};
        QTest::newRow("unknown option") << u"analyze"_s << QStringList{u"a"_s, u"--frmat"_s, u"json"_s};
        QTest::newRow("unknown format") << u"analyze"_s << QStringList{u"a"_s, u"--format"_s, u"docx"_s};
        QTest::newRow("zone without source") << u"analyze"_s << QStringList{u"a"_s, u"--zone"_s, u"+08:00"_s};
        QTest::newRow("no such zone") << u"analyze"_s << QStringList{u"a"_s, u"--zone"_s, u"a=Nowhere/Town"_s};
        QTest::newRow("offset no number") << u"analyze"_s << QStringList{u"a"_s, u"--offset"_s, u"a=soon"_s};
        QTest::newRow("failure 0") << u"analyze"_s << QStringList{u"a"_s, u"--failure"_s, u"0"_s};
        QTest::newRow("failure time without zone")
            << u"analyze"_s << QStringList{u"a"_s, u"--failure-time"_s, u"2026-01-01T00:00:00"_s};
        QTest::newRow("postmortem as csv") << u"analyze"_s << QStringList{u"a"_s, u"--postmortem"_s, u"--format=csv"_s};
        QTest::newRow("page of a postmortem")
            << u"analyze"_s << QStringList{u"a"_s, u"--postmortem"_s, u"--template"_s, u"x.html"_s};
        QTest::newRow("postmortem of many runs")
            << u"analyze"_s << QStringList{u"a"_s, u"--batch"_s, u"--postmortem"_s};
        QTest::newRow("jobs") << u"inspect"_s << QStringList{u"a"_s, u"--jobs"_s, u"-1"_s};
    }
    void rejectsWrongUsage()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, arguments);
        const auto parsed = parseArguments(command, arguments);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, Code::Usage);
        QVERIFY(!parsed.error().hint.isEmpty());
    }

    void tellsWindowFromCommand()
    {
        QVERIFY(asksForWindow({}));
        QVERIFY(asksForWindow({u"run"_s}));
        QVERIFY(!asksForWindow({u"analyze"_s, u"run"_s}));
        QVERIFY(!asksForWindow({u"--version"_s}));
    }

    void handsOnWhatNeedsPages_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::addColumn<bool>("isHandedOn");
        const auto row = [](const char *name, const QString &line, bool isHandedOn) {
            QTest::newRow(name) << line.split(u' ') << isHandedOn;
        };
        row("text", u"analyze nowhere"_s, false);
        row("json", u"analyze nowhere --format json"_s, false);
        row("markdown", u"analyze nowhere --format markdown"_s, false);
        row("batch", u"analyze --batch nowhere"_s, false);
        row("query", u"query nowhere --sql x"_s, false);
        row("wrong", u"analyze nowhere --format nothing"_s, false);
        row("html", u"analyze nowhere --format html"_s, true);
        row("svg", u"analyze nowhere --format svg"_s, true);
        row("postmortem", u"analyze nowhere --postmortem"_s, true);
        row("batch page", u"analyze --batch nowhere --format html"_s, true);
        row("check", u"check nowhere"_s, true);
        row("window", u"nowhere"_s, true);
    }
    void handsOnWhatNeedsPages()
    {
        QFETCH(QStringList, options);
        QFETCH(bool, isHandedOn);
        const auto status = runCommandLine(options, nullptr);
        QCOMPARE(!status, isHandedOn);
        if (status)
            QCOMPARE(*status, 2);
    }
};

FAULTLINE_TEST(TestArguments)
#include "tst_arguments.moc"
