// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/views/texts.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QLocale>

#include <limits>

using namespace faultline;
using namespace Qt::StringLiterals;

class TextsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timesAreCutNotRounded()
    {
        QCOMPARE(timeOfDayText(TimeNs{3'723'999'999'999}, ZoneShown::Utc), u"01:02:03.999"_s);
        QCOMPARE(timeOfDayText(TimeNs{-1}, ZoneShown::Utc), u"23:59:59.999"_s);
        QCOMPARE(timeOfDayText(TimeNs{123'456'789}, ZoneShown::Utc, 9), u"00:00:00.123456789"_s);
        QCOMPARE(dateTimeText(TimeNs{0}, ZoneShown::Utc, 0), u"1970-01-01 00:00:00 UTC"_s);
    }

    void extremeTimesAreHarmless()
    {
        for (const qint64 ns : {std::numeric_limits<qint64>::min(), std::numeric_limits<qint64>::max()}) {
            QVERIFY(!timeOfDayText(TimeNs{ns}, ZoneShown::Utc).isEmpty());
            QVERIFY(!durationText(ns).isEmpty());
            QVERIFY(!sinceText(ns).isEmpty());
        }
    }

    void durationsChooseTheirUnit_data()
    {
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << qint64(0) << u"0 s"_s;
        QTest::newRow("ms") << qint64(850'000'000) << u"850 ms"_s;
        QTest::newRow("minutes") << 200 * NsPerSecond << u"3 min 20 s"_s;
        QTest::newRow("hours") << 5 * NsPerHour + 3 * NsPerMinute << u"5 h 3 min"_s;
        QTest::newRow("days") << 3 * NsPerDay << u"3 d"_s;
        QTest::newRow("whole seconds") << 5 * NsPerSecond << u"5 s"_s;
        QTest::newRow("tenths") << 5'040 * NsPerMillisecond << QString(u"5"_s % QLocale().decimalPoint() % u"0 s"_s);
        QTest::newRow("whole minutes") << 300 * NsPerSecond << u"5 min"_s;
        QTest::newRow("whole hours") << 5 * NsPerHour << u"5 h"_s;
    }
    void durationsChooseTheirUnit()
    {
        QFETCH(const qint64, ns);
        QTEST(durationText(ns), "text");
    }

    void sinceHasItsSign()
    {
        const QString point = QLocale().decimalPoint();
        QCOMPARE(sinceText(12'345 * NsPerMillisecond), u"+12"_s + point + u"345 s"_s);
        QCOMPARE(sinceText(-62 * NsPerSecond), u"\u22121:02"_s + point + u"000"_s);
        QCOMPARE(sinceText(3723 * NsPerSecond), u"+1:02:03"_s + point + u"000"_s);
    }

    void bytesHaveBinaryPrefixes()
    {
        QCOMPARE(valueText(314572800, "bytes"), QLocale().toString(300.0, 'f', 1) + u" MiB"_s);
        QVERIFY(!valueText(std::numeric_limits<double>::infinity(), "bytes").isEmpty());
        QVERIFY(!valueText(std::numeric_limits<double>::quiet_NaN(), "").isEmpty());
    }

    void hostileTextIsMadeVisible()
    {
        QCOMPARE(shownText("a\x01z"), u"a\u2401z"_s);
        QCOMPARE(shownText("a\xe2\x80\xaez"), u"a\ufffdz"_s); // right-to-left override
        QCOMPARE(shownText("a\tb"), u"a\tb"_s);
        QCOMPARE(shownText(QByteArray(5000, 'x'), 100).size(), 101);
        QVERIFY(!shownText("\xff\xfe").isEmpty());
    }

    void namesLeaveOutWhatAllShare_data()
    {
        QTest::addColumn<QStringList>("paths");
        QTest::addColumn<QStringList>("names");
        QTest::newRow("one") << QStringList{u"/a/b/ci.log"_s} << QStringList{u"ci.log"_s};
        QTest::newRow("below") << QStringList{u"/a/ci.log"_s, u"/a/m/x.json"_s}
                               << QStringList{u"ci.log"_s, u"m/x.json"_s};
        QTest::newRow("like beginnings") << QStringList{u"/a/run1/ci.log"_s, u"/a/run2/ci.log"_s}
                                         << QStringList{u"run1/ci.log"_s, u"run2/ci.log"_s};
        QTest::newRow("nothing shared") << QStringList{u"ci.log"_s, u"/a/x"_s} << QStringList{u"ci.log"_s, u"/a/x"_s};
    }
    void namesLeaveOutWhatAllShare()
    {
        QFETCH(const QStringList, paths);
        Evidence evidence;
        for (const QString &path : paths)
            evidence.sources.push_back(test::textSource(path, "1 x\n"));
        QTEST(sourceNames(evidence), "names");
    }
};

FAULTLINE_TEST(TextsTest)
#include "tst_texts.moc"
