// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/jsonline.h"
#include "importers/core/stamps.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(faultline::StampFormat::Shape)

class TestStamps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void detectsShapes_data()
    {
        using Shape = StampFormat::Shape;
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<Shape>("shape");
        QTest::addColumn<QByteArray>("time"); // as if UTC
        QTest::addColumn<QByteArray>("payload");
        const auto row = [](const char *name, const QByteArray &line, Shape shape, const QByteArray &time,
                            const QByteArray &payload) { QTest::newRow(name) << line << shape << time << payload; };
        row("RFC 3339", "2026-11-23T18:55:18.25Z up", Shape::Iso, "2026-11-23T18:55:18.25Z", "up");
        row("offset", "2026-11-23T18:55:18+08:00 up", Shape::Iso, "2026-11-23T10:55:18Z", "up");
        row("offset behind a space", "2026-11-23 18:55:18 -0530 up", Shape::Iso, "2026-11-24T00:25:18Z", "up");
        row("a dash is no zone", "2026-11-23 18:55:18 - up", Shape::Iso, "2026-11-23T18:55:18Z", "- up");
        row("comma", "2026-11-23 18:55:18,123 up", Shape::Iso, "2026-11-23T18:55:18.123Z", "up");
        row("more than nanoseconds", "2026-11-23T18:55:18.1234567891234Z up", Shape::Iso,
            "2026-11-23T18:55:18.123456789Z", "up");
        row("Go's log", "2026/11/23 18:55:18 up", Shape::Iso, "2026-11-23T18:55:18Z", "up");
        row("brackets", "[2026-11-23T18:55:18.123Z] up", Shape::Iso, "2026-11-23T18:55:18.123Z", "up");
        row("level first", "[ERROR] 2026-11-23 18:55:18 up", Shape::Iso, "2026-11-23T18:55:18Z", "up");
        row("syslog with priority", "<13>Nov 23 18:55:18 web app[9]: up", Shape::Syslog, "2026-11-23T18:55:18Z", "up");
        row("syslog, one digit", "Dec  1 08:05:01 web app: up", Shape::Syslog, "2025-12-01T08:05:01Z", "up");
        row("klog", "E1123 18:55:18.123456 1 a.go:1] up", Shape::Klog, "2026-11-23T18:55:18.123456Z", "1 a.go:1] up");
        row("ctime", "Mon Nov 23 18:55:18 2026 up", Shape::Ctime, "2026-11-23T18:55:18Z", "up");
        row("date(1)", "Mon Nov 23 18:55:18 UTC 2026 up", Shape::Ctime, "2026-11-23T18:55:18Z", "up");
        row("RFC 1123", "Mon, 23 Nov 2026 18:55:18 +0100 up", Shape::Ctime, "2026-11-23T17:55:18Z", "up");
        row("web server", "1.2.3.4 - - [23/Nov/2026:18:55:18 +0000] up", Shape::CommonLog, "2026-11-23T18:55:18Z",
            "1.2.3.4 - - [23/Nov/2026:18:55:18 +0000] up");
        row("epoch seconds", "1795460118.5 up", Shape::Epoch, "2026-11-23T18:55:18.5Z", "up");
        row("epoch milliseconds", "[1795460118500] up", Shape::Epoch, "2026-11-23T18:55:18.5Z", "up");
        row("month and day", "11-23 18:55:18.123 up", Shape::MonthDay, "2026-11-23T18:55:18.123Z", "up");
        row("clock", "18:55:18.5 up", Shape::ClockOnly, "2026-11-24T18:55:18.5Z", "up");
        row("Java uptime", "[12.345s][info][gc] up", Shape::Uptime, "1970-01-01T00:00:12.345Z", "[info][gc] up");
        row("logfmt", "level=info time=2026-11-23T18:55:18Z msg=up", Shape::Logfmt, "2026-11-23T18:55:18Z",
            "level=info time=2026-11-23T18:55:18Z msg=up");
        row("JSON", "{\"msg\":\"up\", \"@timestamp\": \"2026-11-23T18:55:18Z\"}", Shape::Json, "2026-11-23T18:55:18Z",
            "{\"msg\":\"up\", \"@timestamp\": \"2026-11-23T18:55:18Z\"}");
    }
    void detectsShapes()
    {
        QFETCH(QByteArray, line);
        QFETCH(StampFormat::Shape, shape);
        QFETCH(QByteArray, time);
        QFETCH(QByteArray, payload);
        const std::string_view view(line.constData(), static_cast<size_t>(line.size()));
        const auto reference = fromRfc3339("2026-11-24T09:00:00Z");
        const StampFormat format = StampFormat::detect({view, view}, reference);
        QCOMPARE(format.shape(), shape);
        const auto stamp = format.read(view);
        QVERIFY(stamp);
        QCOMPARE(toRfc3339(TimeNs{stamp->time.ns}), time);
        QCOMPARE(QByteArray(line.constData() + format.payloadStart(view, *stamp)), payload);
    }

    void seesNoStampWhereThereIsNone_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"", "up", "2026-13-23T18:55:18Z up", "2026-11-23", "12345 up", "1795460118x up",
                                 "Nov 32 18:55:18 x", "99:99:99 up", "[12.345] kernel text", "{\"time\":\"soon\"}",
                                 "time=soon", "E9999 18:55:18.1 x", "=== RUN TestX"})
            QTest::addRow("'%s'", line) << QByteArray(line);
    }
    void seesNoStampWhereThereIsNone()
    {
        QFETCH(QByteArray, line);
        const std::string_view view(line.constData(), static_cast<size_t>(line.size()));
        QCOMPARE(StampFormat::detect({view, view}, TimeNs{}).shape(), StampFormat::Shape::None);
    }

    void oneChanceStampIsNoFormat()
    {
        std::vector<std::string_view> lines(20, "text without a stamp");
        lines.push_back("2026-11-23T18:55:18Z chance");
        QCOMPARE(StampFormat::detect(lines, {}).shape(), StampFormat::Shape::None);
    }

    void aLogAcrossALeapDayIsOfOneYear_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QByteArray>("times"); // of the four lines
        QTest::newRow("written then") << "2024-03-01T09:00:00Z"_ba
                                      << "2023-12-30 2024-02-28 2024-02-29 2024-03-01"_ba;
        QTest::newRow("copied years later") << "2026-11-24T09:00:00Z"_ba
                                            << "2023-12-30 2024-02-28 2024-02-29 2024-03-01"_ba;
        QTest::newRow("before that day in its year") << "2024-01-10T09:00:00Z"_ba
                                                     << "2019-12-30 2020-02-28 2020-02-29 2020-03-01"_ba;
    }
    void aLogAcrossALeapDayIsOfOneYear()
    {
        QFETCH(const QByteArray, written);
        QFETCH(const QByteArray, times);
        const std::vector<std::string_view> lines{"Dec 30 18:00:00 web app: a", "Feb 28 18:00:00 web app: b",
                                                  "Feb 29 18:00:00 web app: c", "Mar  1 18:00:00 web app: d"};
        const StampFormat format = StampFormat::detect(lines, fromRfc3339(written));
        QByteArrayList read;
        for (const std::string_view line : lines) {
            const auto stamp = format.read(line);
            QVERIFY(stamp);
            read.append(toRfc3339(TimeNs{stamp->time.ns}).first(10));
        }
        QCOMPARE(read.join(' '), times);
    }

    void aYearIsGuessedAroundALeapDay()
    {
        const YearGuess unknown;
        QVERIFY(!unknown.isKnown());
        const auto leapDay = unknown.place(2, 29, 0);
        QVERIFY(leapDay && isLeapDay(*leapDay) && !isLeapDay(*leapDay + NsPerDay));
        const YearGuess around = unknown.around(leapDay);
        QVERIFY(!around.isKnown());
        QCOMPARE(*around.place(3, 1, 0) - *around.place(2, 28, 0), 2 * NsPerDay);
        QVERIFY(!around.place(2, 30, 0));
        const YearGuess later = YearGuess(fromRfc3339("2026-11-24T09:00:00Z"));
        QCOMPARE(*later.around({}).place(3, 1, 0), *later.place(3, 1, 0));
        QCOMPARE(toRfc3339(TimeNs{*later.around(*later.place(2, 29, 0)).place(3, 1, 0)}), "2024-03-01T00:00:00Z");
    }

    void readsJsonLines()
    {
        JsonLine json;
        QVERIFY(json.parse(" {\"a\":\"x\\n\\\"y\\\"\",\"n\":-1.5e3,\"o\":{\"a\":[1,\"}\"]},\"b\":true,\"e\":\"\"} "));
        QCOMPARE(json.text("a"), "x\n\"y\"");
        QCOMPARE(QByteArray::fromStdString(std::string(*json.raw("n"))), "-1.5e3");
        QCOMPARE(QByteArray::fromStdString(std::string(*json.raw("o"))), "{\"a\":[1,\"}\"]}");
        QVERIFY(json.raw("e")->empty());
        QVERIFY(!json.raw("none"));
        for (const char *broken : {"", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\":\"x", "{\"a\":{\"b\":1", "{a:1}",
                                   "{\"a\":1 \"b\":2}", "{\"a\":\"\\"})
            QVERIFY2(!json.parse(broken), broken);
    }

    void unescapesJson_data()
    {
        QTest::addColumn<QByteArray>("escaped");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("letters") << QByteArray("\\t\\n\\\\\\/\\\"") << QByteArray("\t\n\\/\"");
        QTest::newRow("code point") << QByteArray("\\u003c\\u00fc\\u20ac") << QByteArray("<\xc3\xbc\xe2\x82\xac");
        QTest::newRow("surrogates") << QByteArray("\\ud83d\\ude00") << QByteArray("\xf0\x9f\x98\x80");
        QTest::newRow("lone surrogate") << QByteArray("\\ud83dx") << QByteArray("\xef\xbf\xbdx");
        QTest::newRow("broken") << QByteArray("\\q\\u12") << QByteArray("\\q\\u12");
        QTest::newRow("ends in escape") << QByteArray("a\\") << QByteArray("a\\");
    }
    void unescapesJson()
    {
        QFETCH(QByteArray, escaped);
        QFETCH(QByteArray, text);
        QByteArray into;
        appendUnescapedJson(std::string_view(escaped.constData(), static_cast<size_t>(escaped.size())), into);
        QCOMPARE(into, text);
    }
};

FAULTLINE_TEST(TestStamps)
#include "tst_stamps.moc"
