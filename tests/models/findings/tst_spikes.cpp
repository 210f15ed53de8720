// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/spikes.h"
#include "tests/support/test.h"

using namespace faultline;

namespace {

/// One sample a second from `start` on.
Curve curve(const std::vector<double> &values, qint64 start = 1'000)
{
    Curve result;
    for (size_t i = 0; i < values.size(); ++i) {
        result.times.push_back(TimeNs{(start + static_cast<qint64>(i)) * NsPerSecond});
        result.values.push_back(values[i]);
    }
    return result;
}

std::vector<double> flat(size_t count, double value)
{
    std::vector<double> values(count, value);
    for (size_t i = 0; i < count; ++i)
        values[i] += 0.01 * value * static_cast<double>(i % 5);
    return values;
}

SpikeQuestion at(const Curve &curve, qint64 second)
{
    SpikeQuestion question;
    question.curve = &curve;
    question.failure = TimeNs{second * NsPerSecond};
    return question;
}

} // namespace

class TestSpikes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsOneSampleThatStandsOut()
    {
        auto values = flat(300, 10);
        values[280] = 100;
        const Curve c = curve(values);
        const auto spike = findSpike(at(c, 1'285));
        QVERIFY(spike);
        QCOMPARE(spike->peak, TimeNs{1'280 * NsPerSecond});
        QCOMPARE(spike->value, 100.0);
        QCOMPARE(spike->kind, SpikeKind::Spike);
        QVERIFY(spike->baseline < 11);
    }

    void findsNothingInNoise()
    {
        const Curve c = curve(flat(300, 10));
        QVERIFY(!findSpike(at(c, 1'285)));
    }

    void isNotHiddenByABaselineThatRises()
    {
        // The run is the whole curve: it rises from its first sample to the kill.
        std::vector<double> values;
        for (int i = 0; i < 16; ++i)
            values.push_back(20e6 * i);
        const Curve c = curve(values);
        const auto spike = findSpike(at(c, 1'015));
        QVERIFY(spike);
        QCOMPARE(spike->peak, TimeNs{1'015 * NsPerSecond});
    }

    void findsALeakThatMovesLittleInItsLastMinute()
    {
        // One sample in 15 s for 25 minutes; the last minute adds a twenty-fifth.
        Curve c;
        for (int i = 0; i <= 100; ++i) {
            c.times.push_back(TimeNs{(1'000 + 15 * i) * NsPerSecond});
            c.values.push_back(70e6 + 28e6 * i);
        }
        const auto spike = findSpike(at(c, 2'510));
        QVERIFY(spike);
        QCOMPARE(spike->kind, SpikeKind::Trend);
        QCOMPARE(spike->peak, TimeNs{2'500 * NsPerSecond});
    }

    void findsFreeMemoryThatRanOut()
    {
        // Sinks as long as it is watched, so no median is far from it, and is back right after the failure.
        Curve c;
        for (int i = 0; i <= 100; ++i) {
            c.times.push_back(TimeNs{(1'000 + 15 * i) * NsPerSecond});
            c.values.push_back(5'000e6 - 49e6 * i);
        }
        c.times.push_back(TimeNs{2'515 * NsPerSecond});
        c.values.push_back(4'800e6);
        SpikeQuestion question = at(c, 2'505);
        question.low = true;
        const auto spike = findSpike(question);
        QVERIFY(spike);
        QCOMPARE(spike->kind, SpikeKind::Saturation);
        QCOMPARE(spike->peak, TimeNs{2'500 * NsPerSecond});
    }

    void namesSaturationAtTheLimit()
    {
        auto values = flat(60, 100);
        for (size_t i = 50; i < 58; ++i)
            values[i] = 318;
        const Curve c = curve(values);
        SpikeQuestion question = at(c, 1'058);
        question.limit = 320;
        const auto spike = findSpike(question);
        QVERIFY(spike);
        QCOMPARE(spike->kind, SpikeKind::Saturation);
        QCOMPARE(spike->start, TimeNs{1'050 * NsPerSecond});
        QCOMPARE(spike->end, TimeNs{1'057 * NsPerSecond});
    }

    void saysSaturationEvenWhereItWasAlwaysThere()
    {
        const Curve c = curve(std::vector<double>(60, 319));
        SpikeQuestion question = at(c, 1'058);
        question.limit = 320;
        const auto spike = findSpike(question);
        // Nothing rose, so nothing stands out: a limit that is touched all the time is no event.
        QVERIFY(!spike || spike->kind == SpikeKind::Saturation);
    }

    void seesWhatRunsOut()
    {
        auto values = flat(100, 5e9);
        for (size_t i = 90; i < 100; ++i)
            values[i] = 1e6;
        const Curve c = curve(values);
        SpikeQuestion question = at(c, 1'095);
        question.low = true;
        const auto spike = findSpike(question);
        QVERIFY(spike);
        QCOMPARE(spike->value, 1e6);
        QCOMPARE(spike->kind, SpikeKind::Saturation);
    }

    void ignoresAPeakFarFromTheFailure()
    {
        auto values = flat(600, 10);
        values[100] = 100;
        const Curve c = curve(values);
        QVERIFY(!findSpike(at(c, 1'590)));
    }

    void survivesNotANumber()
    {
        auto values = flat(100, 10);
        values[3] = values[95] = std::numeric_limits<double>::quiet_NaN();
        values[97] = 200;
        const Curve c = curve(values);
        const auto spike = findSpike(at(c, 1'098));
        QVERIFY(spike);
        QCOMPARE(spike->value, 200.0);
    }

    void countersBecomeRatesAndSurviveResets()
    {
        Series series;
        series.kind = SeriesKind::Counter;
        for (const auto &[second, value] : {std::pair{0, 100.0}, {1, 110.0}, {2, 5.0}, {3, 15.0}}) {
            series.times.push_back(SourceTime{second * NsPerSecond});
            series.values.push_back(value);
        }
        SourcePlacement placement;
        placement.segments.push_back({SourceTime{0}, 0, 0, 0});
        const Curve rates = placedCurve(series, placement);
        QCOMPARE(rates.values, (std::vector<double>{10, 5, 10}));
    }

    void shippedRulesKnowTheUsualNames_data()
    {
        QTest::addColumn<QByteArray>("series");
        QTest::addColumn<QByteArray>("resource");
        QTest::newRow("cadvisor") << QByteArray("container_memory_working_set_bytes") << QByteArray("memory");
        QTest::newRow("process") << QByteArray("process_resident_memory_bytes") << QByteArray("memory");
        QTest::newRow("available") << QByteArray("node_memory_MemAvailable_bytes") << QByteArray("memory");
        QTest::newRow("fds") << QByteArray("process_open_fds") << QByteArray("descriptors");
        QTest::newRow("throttled") << QByteArray("container_cpu_cfs_throttled_periods_total")
                                   << QByteArray("throttling");
        QTest::newRow("cpu") << QByteArray("container_cpu_usage_seconds_total") << QByteArray("cpu");
        QTest::newRow("goroutines") << QByteArray("go_goroutines") << QByteArray("goroutines");
        QTest::newRow("gc") << QByteArray("go_gc_duration_seconds_count") << QByteArray("gc");
        QTest::newRow("inodes") << QByteArray("node_filesystem_files_free") << QByteArray("inodes");
        QTest::newRow("disk") << QByteArray("node_filesystem_avail_bytes") << QByteArray("disk");
        QTest::newRow("latency") << QByteArray("http_client_request_duration_seconds_sum") << QByteArray("latency");
    }
    void shippedRulesKnowTheUsualNames()
    {
        QFETCH(QByteArray, series);
        QFETCH(QByteArray, resource);
        const MetricRules rules = MetricRules::shipped();
        QVERIFY(!rules.families().empty());
        Series named;
        named.name = series;
        const MetricFamily *family = rules.familyOf(named);
        QVERIFY(family);
        QCOMPARE(family->resource, resource);
    }
};

FAULTLINE_TEST(TestSpikes)
#include "tst_spikes.moc"
