// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/format.h"
#include "charts/core/timeticks.h"
#include "tests/support/test.h"

using namespace faultline;

class TestTimeTicks : public QObject
{
    Q_OBJECT

    static TimeTicks ticks(DurationNs length, const QTimeZone &zone = QTimeZone(QTimeZone::UTC))
    {
        const TimeNs lo{1'777'889'591'700'000'000}; // 2026-05-04T10:13:11.7Z
        return TimeTicks::of({{lo, lo + length}, 0, 1000}, 100, zone);
    }

private Q_SLOTS:
    void stepsAreRound_data()
    {
        QTest::addColumn<qint64>("least");
        QTest::addColumn<qint64>("step");
        QTest::newRow("1 ns") << qint64(1) << qint64(1);
        QTest::newRow("3 ns") << qint64(3) << qint64(5);
        QTest::newRow("60 us") << 60 * NsPerMicrosecond << 100 * NsPerMicrosecond;
        QTest::newRow("700 ms") << 700 * NsPerMillisecond << NsPerSecond;
        QTest::newRow("12 s") << 12 * NsPerSecond << 15 * NsPerSecond;
        QTest::newRow("40 s") << 40 * NsPerSecond << NsPerMinute;
        QTest::newRow("20 min") << 20 * NsPerMinute << 30 * NsPerMinute;
        QTest::newRow("5 h") << 5 * NsPerHour << 6 * NsPerHour;
        QTest::newRow("20 h") << 20 * NsPerHour << NsPerDay;
        QTest::newRow("3 d") << 3 * NsPerDay << 7 * NsPerDay;
    }
    void stepsAreRound()
    {
        QFETCH(qint64, least);
        QFETCH(qint64, step);
        QCOMPARE(TimeTicks::niceStep(least), step);
    }
    void ticksAreWithinAndApart_data()
    {
        QTest::addColumn<qint64>("length");
        for (qint64 length = 20; length < 20LL * 365 * NsPerDay; length *= 7)
            QTest::addRow("%lld ns", static_cast<long long>(length)) << length;
    }
    void ticksAreWithinAndApart()
    {
        QFETCH(qint64, length);
        const TimeTicks found = ticks(length);
        QVERIFY(found.ticks.size() >= 1);
        QVERIFY(found.ticks.size() <= 11);
        for (size_t i = 0; i < found.ticks.size(); ++i) {
            QVERIFY(!found.ticks[i].label.isEmpty());
            QVERIFY(found.ticks[i].label.size() <= 14);
            if (i > 0)
                QVERIFY(found.ticks[i].label != found.ticks[i - 1].label || length > 365 * NsPerDay);
        }
    }
    void labelsSayWhatTheStepNeeds()
    {
        QCOMPARE(ticks(10 * NsPerMinute).ticks.front().label, QStringLiteral("10:14"));
        QCOMPARE(ticks(60 * NsPerSecond).ticks.front().label, QStringLiteral("10:13:20"));
        QCOMPARE(ticks(5 * NsPerSecond).ticks.front().label, QStringLiteral("10:13:12.0"));
        QCOMPARE(ticks(50 * NsPerMicrosecond).ticks.front().label, QStringLiteral("11.700000"));
        QVERIFY(ticks(50 * NsPerMicrosecond).context.contains(QStringLiteral("10:13")));
    }
    void zonesMoveLabelsAndMidnights()
    {
        const QTimeZone kolkata = QTimeZone::fromSecondsAheadOfUtc(5 * 3600 + 1800);
        QCOMPARE(ticks(10 * NsPerMinute, kolkata).ticks.front().label, QStringLiteral("15:44"));
        const TimeTicks days = ticks(6 * NsPerDay, kolkata);
        QVERIFY(days.ticks.front().isDay);
        // Midnight there is 18:30 UTC.
        QCOMPARE(days.ticks.front().time.ns % NsPerDay, 18 * NsPerHour + 30 * NsPerMinute);
        QVERIFY(days.context.endsWith(QStringLiteral("UTC+05:30")));
    }
    void writesTimesBefore1970()
    {
        QCOMPARE(formatTime(TimeNs{-500'000'000}, QTimeZone(QTimeZone::UTC), NsPerMillisecond),
                 QStringLiteral("23:59:59.500"));
    }
    void writesDurations_data()
    {
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << qint64(0) << QStringLiteral("0 s");
        QTest::newRow("us") << qint64(250'000) << QStringLiteral("250 µs");
        QTest::newRow("ms") << qint64(40'000'000) << QStringLiteral("40 ms");
        QTest::newRow("s") << 47 * NsPerSecond << QStringLiteral("47 s");
        QTest::newRow("min") << 192 * NsPerSecond << QStringLiteral("3 min 12 s");
        QTest::newRow("h") << 2 * NsPerHour + 5 * NsPerMinute << QStringLiteral("2 h 5 min");
        QTest::newRow("minus") << -3 * NsPerSecond << QStringLiteral("−3 s");
    }
    void writesDurations()
    {
        QFETCH(qint64, ns);
        QFETCH(QString, text);
        QCOMPARE(formatDuration(ns).replace(QChar(0x00a0), QLatin1Char(' ')), text);
    }
    void writesValues_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QByteArray>("unit");
        QTest::addColumn<QString>("text");
        QTest::newRow("bytes") << 536870912.0 << QByteArray("bytes") << QStringLiteral("512 MiB");
        QTest::newRow("rate") << 2048.0 << QByteArray("bytes/s") << QStringLiteral("2 KiB/s");
        QTest::newRow("ratio") << 0.99 << QByteArray("ratio") << QStringLiteral("99 %");
        QTest::newRow("count") << 42.0 << QByteArray() << QStringLiteral("42");
        QTest::newRow("nan") << std::nan("") << QByteArray("bytes") << QStringLiteral("–");
        QTest::newRow("huge") << 1e300 << QByteArray("seconds") << QStringLiteral("1e+300 s");
    }
    void writesValues()
    {
        QFETCH(double, value);
        QFETCH(QByteArray, unit);
        QFETCH(QString, text);
        QCOMPARE(formatValue(value, unit).replace(QChar(0x00a0), QLatin1Char(' ')).toLower(), text.toLower());
    }
    void valueTicksAreRoundAndFew()
    {
        QCOMPARE(valueTicks(0, 100, 5, {}), (std::vector<double>{0, 20, 40, 60, 80, 100}));
        QCOMPARE(valueTicks(0, 600.0 * 1024, 3, "bytes"), (std::vector<double>{0, 262144, 524288}));
        QVERIFY(valueTicks(0, std::numeric_limits<double>::infinity(), 3, {}).empty());
        QVERIFY(valueTicks(5, 5, 3, {}).empty());
    }
    void hostileTextIsMadePlain()
    {
        QCOMPARE(shownText("a\x1b[31m\tb\nc"), QStringLiteral("a [31m b c"));
        QCOMPARE(shownText(QByteArray(1'000'000, 'x'), 10).size(), 10);
        QVERIFY(!shownText("\xe2\x80\xae"
                           "evil")
                     .contains(QChar(0x202e)));
    }
};

FAULTLINE_TEST(TestTimeTicks)
#include "tst_timeticks.moc"
