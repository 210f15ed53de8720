// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/headroom.h"
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

/// One sample a second from 1'000 s on.
Series series(const QByteArray &name, SeriesKind kind, const std::vector<double> &values,
              std::vector<Label> labels = {})
{
    Series result{name, std::move(labels), kind, "", NsPerSecond, {}, values, 1};
    for (size_t i = 0; i < values.size(); ++i)
        result.times.push_back(SourceTime{(1'000 + static_cast<qint64>(i)) * NsPerSecond});
    return result;
}

/// The findings of one source at a failure.
Findings found(const std::vector<Series> &all, qint64 failureSecond, const std::vector<Fact> &facts = {})
{
    auto source = std::make_shared<SourceEvidence>();
    source->kind = SourceKind::Metrics;
    source->series = all;
    source->facts = facts;
    Placement placement;
    placement.sources.emplace_back().segments.push_back({SourceTime{0}, 0, 0, 0});
    Findings findings;
    Failure failure;
    failure.id = 0;
    const TimeNs at{failureSecond * NsPerSecond};
    failure.time = PlacedTime{at, at, at};
    findings.failures.push_back(failure);
    findSpikes(findings, Evidence{{source}}, placement, MetricRules::shipped());
    return findings;
}

} // namespace

class TestSpikes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void samplesRuleOutALimitWhereNoneHidesBetweenThem_data()
    {
        QTest::addColumn<std::vector<double>>("values"); // at 1000 s, 1001 s …
        QTest::addColumn<double>("limit");
        QTest::addColumn<bool>("low");
        QTest::addColumn<bool>("excluded"); // of 1005 s to 1008 s
        const std::vector<double> calm{10, 10, 10, 10, 10, 10, 10, 10, 10};
        QTest::newRow("far below") << calm << 100.0 << false << true;
        QTest::newRow("at it") << calm << 10.0 << false << false;
        QTest::newRow("rose that much before")
            << std::vector<double>{10, 60, 10, 10, 10, 10, 10, 10, 10} << 60.0 << false << false;
        QTest::newRow("rose less before")
            << std::vector<double>{10, 59, 10, 10, 10, 10, 10, 10, 10} << 60.0 << false << true;
        QTest::newRow("fell") << std::vector<double>{90, 10, 10, 10, 10, 10, 10, 10, 10} << 60.0 << false << true;
        QTest::newRow("towards zero") << std::vector<double>{90, 50, 50, 50, 50, 50, 50, 50, 50} << 0.0 << true << true;
        QTest::newRow("close to zero") << std::vector<double>{90, 30, 30, 30, 30, 30, 30, 30, 30} << 0.0 << true
                                       << false;
        QTest::newRow("ends too early") << std::vector<double>{10, 10, 10, 10, 10, 10} << 100.0 << false << false;
        QTest::newRow("no number") << std::vector<double>{10, 10, 10, 10, 10, 10, std::nan(""), 10, 10} << 100.0
                                   << false << false;
    }
    void samplesRuleOutALimitWhereNoneHidesBetweenThem()
    {
        QFETCH(std::vector<double>, values);
        QFETCH(double, limit);
        QFETCH(bool, low);
        QFETCH(bool, excluded);
        const Curve c = curve(values);
        HeadroomQuestion question{
            &c, limit, low, NsPerSecond, TimeNs{1'005 * NsPerSecond}, TimeNs{1'008 * NsPerSecond}};
        QCOMPARE(excludesLimit(question), excluded);
        question.from = TimeNs{900 * NsPerSecond};
        QVERIFY(!excludesLimit(question)); // nothing is known of the time before the first sample
    }
    void tellsWhichSeriesMayHideAPeak()
    {
        const Series known = series("container_spec_memory_limit_bytes", SeriesKind::Gauge,
                                    std::vector<double>(100, 1000), {{"pod", "a"}});
        Series calm = series("container_memory_working_set_bytes", SeriesKind::Gauge, flat(100, 100), {{"pod", "a"}});
        QVERIFY(found({calm, known}, 1'090).unseen.empty());
        // It ended with the failure, as that of a killed container does.
        calm.times.own().resize(85);
        calm.values.resize(85);
        const Findings findings = found({calm, known}, 1'090);
        QVERIFY(findings.spikes.empty());
        QCOMPARE(findings.unseen.size(), size_t(1));
        QCOMPARE(findings.unseen[0].series, 0);
    }
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

    void findsNothingInWhatNeverMoves()
    {
        for (const double value : {0.0, 5.0}) {
            const Curve c = curve(std::vector<double>(100, value));
            QVERIFY(!findSpike(at(c, 1'099)));
        }
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

    void findsACounterThatWasReset()
    {
        std::vector<double> values;
        for (int i = 0; i < 100; ++i)
            values.push_back(i < 90 ? 1000 + 10 * i : 10 * (i - 90));
        const std::vector<Label> labels{{"instance", "api-1:9090"}};
        const Findings findings =
            found({series("http_requests_total", SeriesKind::Counter, values, labels),
                   series("process_io_total", SeriesKind::Counter, values, labels),
                   series("jobs_total", SeriesKind::Counter, values, {{"instance", "api-2:9090"}})},
                  1'092);
        QCOMPARE(findings.spikes.size(), size_t(2)); // Once a process.
        for (const Spike &spike : findings.spikes) {
            QCOMPARE(spike.kind, SpikeKind::Reset);
            QCOMPARE(spike.peak, TimeNs{1'090 * NsPerSecond});
        }
        QVERIFY(found({series("http_requests_total", SeriesKind::Counter, values, labels)}, 1'300).spikes.empty());
    }

    void saysHowLongATrendHas()
    {
        std::vector<double> values;
        for (int i = 0; i <= 100; ++i)
            values.push_back(10.0 * i);
        const Curve c = curve(values);
        SpikeQuestion question = at(c, 1'100);
        question.limit = 2'000; // 1'000 more at ten a second
        const auto spike = findSpike(question);
        QVERIFY(spike && spike->untilLimitNs);
        QVERIFY(qAbs(*spike->untilLimitNs - 100 * NsPerSecond) < NsPerSecond);
        question.limit.reset();
        QVERIFY(!findSpike(question)->untilLimitNs);
    }

    void holdsCpuAgainstQuotaByPeriod()
    {
        auto usage = flat(100, 0.2);
        for (size_t i = 85; i < 100; ++i)
            usage[i] = 1.98;
        const std::vector<Label> pod{{"pod", "api-1"}};
        const std::vector<Label> other{{"pod", "api-2"}};
        const auto constant = [](double value) { return std::vector<double>(100, value); };
        const Findings findings =
            found({series("container_cpu_usage_rate", SeriesKind::Gauge, usage, pod),
                   series("container_spec_cpu_quota", SeriesKind::Gauge, constant(50'000), other),
                   series("container_spec_cpu_period", SeriesKind::Gauge, constant(100'000), other),
                   series("container_spec_cpu_quota", SeriesKind::Gauge, constant(200'000), pod),
                   series("container_spec_cpu_period", SeriesKind::Gauge, constant(100'000), pod)},
                  1'095);
        QCOMPARE(findings.limitSeries[0], -1);
        QCOMPARE(findings.limitValues[0], std::optional(2.0));
        QCOMPARE(findings.spikes.size(), size_t(1));
        QCOMPARE(findings.spikes[0].kind, SpikeKind::Saturation);
    }

    void takesTheLimitOfTheSeriesOwnPod()
    {
        const auto limit = [](const QByteArray &pod, const QByteArray &value) {
            Fact fact;
            fact.subject = "container/api";
            fact.key = "limits.memory_bytes";
            fact.value = value;
            Identity identity;
            identity.pod = pod;
            fact.identity = identity;
            return fact;
        };
        const std::vector<Label> labels{{"pod", "api-1"}, {"container", "api"}};
        const Findings findings =
            found({series("container_memory_working_set_bytes", SeriesKind::Gauge, flat(100, 50), labels)}, 1'095,
                  {limit("api-2", "100"), limit("api-1", "400")});
        QCOMPARE(findings.limitValues[0], std::optional(400.0));
    }

    void ranksEverySeriesAtAFailureThatIsTold60SecondsWrong()
    {
        auto step = flat(900, 10);
        for (size_t i = 800; i < 810; ++i)
            step[i] = 200;
        const Findings findings = found(
            {series("a_noise", SeriesKind::Gauge, flat(900, 10)), series("queue_length", SeriesKind::Gauge, step)},
            1'745); // 55 s before it rose.
        QCOMPARE(findings.changes.size(), size_t(2));
        QCOMPARE(findings.changes[0].series, 1);
        QCOMPARE(findings.changes[0].rank, 1);
        QCOMPARE(findings.changes[1].rank, 2);
        QVERIFY(findings.changes[0].score > 10 * findings.changes[1].score);
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
