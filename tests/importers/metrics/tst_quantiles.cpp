// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/quantiles.h"
#include "importers/metrics/seriesbuilder.h"
#include "models/metrics/histogram.h"
#include "tests/importers/readsource.h"

#include <QTemporaryDir>

#include <cmath>
#include <limits>

using namespace faultline;

namespace {

constexpr double Infinite = std::numeric_limits<double>::infinity();

/// A sample every ten seconds from 1000 s on.
SourceTime at(size_t sample)
{
    return SourceTime{(1000 + 10 * static_cast<qint64>(sample)) * NsPerSecond};
}

using Counts = std::vector<double>;

/// Buckets of one histogram: the counts of each by its bound, NaN where it is not told.
SourceEvidence histogram(const std::vector<std::pair<QByteArray, Counts>> &buckets,
                         const QByteArray &name = "request_seconds_bucket")
{
    SourceEvidence evidence;
    evidence.kind = SourceKind::Metrics;
    SeriesBuilder builder(evidence);
    for (const auto &[bound, counts] : buckets) {
        const int series = builder.series(name, {{"pod", "api"}, {"le", bound}}, 3);
        for (size_t i = 0; i < counts.size(); ++i)
            if (!std::isnan(counts[i]))
                builder.add(series, at(i), counts[i]);
    }
    builder.finish();
    return evidence;
}

void addCount(SourceEvidence &evidence, const Counts &counts)
{
    Series &series = evidence.series.emplace_back();
    series.name = "request_seconds_count";
    series.labels = {{"pod", "api"}};
    for (size_t i = 0; i < counts.size(); ++i)
        series.times.push_back(at(i));
    series.values = counts;
}

HistogramRules rules(int steps = 1)
{
    HistogramRules rules = MetricRules::shipped().histograms();
    rules.steps = steps;
    return rules;
}

const Series *quantile(const SourceEvidence &evidence, const QByteArray &q)
{
    for (const Series &series : evidence.series)
        if (series.label("quantile") == q)
            return &series;
    return nullptr;
}

} // namespace

class TestQuantiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void interpolatesWithinABucket_data()
    {
        QTest::addColumn<std::vector<HistogramBucket>>("buckets");
        QTest::addColumn<double>("q");
        QTest::addColumn<double>("value");
        QTest::addColumn<bool>("isBeyond");
        const std::vector<HistogramBucket> usual{{0.1, 10}, {0.5, 30}, {1, 40}, {Infinite, 40}};
        QTest::newRow("from zero") << usual << 0.125 << 0.05 << false;
        QTest::newRow("within") << usual << 0.5 << 0.3 << false;
        QTest::newRow("at a bound") << usual << 0.75 << 0.5 << false;
        QTest::newRow("near the end") << usual << 0.95 << 0.9 << false;
        const std::vector<HistogramBucket> beyond{{0.1, 1}, {0.5, 2}, {Infinite, 10}};
        QTest::newRow("beyond the last bound") << beyond << 0.99 << 0.5 << true;
        QTest::newRow("below that") << beyond << 0.1 << 0.1 << false;
        QTest::newRow("falling counts") << std::vector<HistogramBucket>{{1, 5}, {2, 4}, {4, 10}, {Infinite, 10}} << 0.75
                                        << 3.0 << false;
        QTest::newRow("first bound below zero")
            << std::vector<HistogramBucket>{{-1, 5}, {1, 10}, {Infinite, 10}} << 0.25 << -1.0 << false;
        QTest::newRow("across zero") << std::vector<HistogramBucket>{{-1, 0}, {1, 10}, {Infinite, 10}} << 0.5 << 0.0
                                     << false;
    }
    void interpolatesWithinABucket()
    {
        QFETCH(std::vector<HistogramBucket>, buckets);
        QFETCH(double, q);
        QFETCH(double, value);
        QFETCH(bool, isBeyond);
        const auto found = quantileOf(buckets, q);
        QVERIFY(found);
        QVERIFY2(std::abs(found->value - value) < 1e-9, qPrintable(QString::number(found->value)));
        QCOMPARE(found->isBeyond, isBeyond);
    }
    void nothingObservedHasNoQuantile()
    {
        QVERIFY(!quantileOf({}, 0.5));
        QVERIFY(!quantileOf(std::vector<HistogramBucket>{{1, 0}, {Infinite, 0}}, 0.5));
        QVERIFY(!quantileOf(std::vector<HistogramBucket>{{Infinite, 7}}, 0.5));
    }

    void tellsWhatWasObservedSinceTheSampleBefore()
    {
        // 100 quick ones before; then 10 of which half are slow; nothing; then one.
        SourceEvidence evidence =
            histogram({{"0.1", {100, 105, 105, 105}}, {"1", {100, 110, 110, 111}}, {"+Inf", {100, 110, 110, 111}}});
        addQuantiles(evidence, rules());
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        QCOMPARE(median->id(), QByteArray(R"(request_seconds{pod="api",quantile="0.5"})"));
        QCOMPARE(median->unit, QByteArray("seconds"));
        QCOMPARE(median->kind, SeriesKind::Summary);
        QCOMPARE(median->line, 3);
        QCOMPARE(median->times, (std::vector{at(1), at(2), at(3)}));
        QCOMPARE(median->values[0], 0.1);
        QVERIFY(std::isnan(median->values[1])); // nothing was observed
        QCOMPARE(median->values[2], 0.55);
        QVERIFY(quantile(evidence, "0.95") && quantile(evidence, "0.99"));
        QVERIFY(evidence.notes.empty());
    }
    void aResetStartsFromZero()
    {
        SourceEvidence evidence =
            histogram({{"1", {1000, 1010, 2, 2}}, {"2", {1000, 1010, 4, 4}}, {"+Inf", {1000, 1010, 4, 6}}});
        addQuantiles(evidence, rules());
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        QCOMPARE(median->values[1], 1.0); // two of four are below 1
        QCOMPARE(median->values[2], 2.0); // beyond the last bound
        QCOMPARE(evidence.notes.size(), size_t(1));
        QCOMPARE(evidence.notes[0].position.line, 3);
    }
    void someStepsAreTakenTogether()
    {
        SourceEvidence evidence =
            histogram({{"1", {0, 1, 1, 1, 1, 1}}, {"3", {0, 1, 2, 3, 4, 5}}, {"+Inf", {0, 1, 2, 3, 4, 5}}});
        addQuantiles(evidence, rules(3));
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        // One of one below 1; one of two; one of three; none of three.
        QCOMPARE(median->values, (Counts{0.5, 1.0, 1.5, 2.0, 2.0}));
    }
    void withoutATotalThereIsNone()
    {
        SourceEvidence evidence = histogram({{"0.1", {1, 2}}, {"1", {1, 3}}});
        addQuantiles(evidence, rules());
        QVERIFY(!quantile(evidence, "0.5"));
        QCOMPARE(evidence.notes.size(), size_t(1));
        // With the histogram's count the rest lies beyond.
        SourceEvidence counted = histogram({{"0.1", {1, 2}}, {"1", {1, 3}}});
        addCount(counted, {1, 5});
        addQuantiles(counted, rules());
        QVERIFY(quantile(counted, "0.99"));
        QCOMPARE(quantile(counted, "0.99")->values, (Counts{1.0}));
        QVERIFY(counted.notes.back().text.contains(QStringLiteral("beyond")));
    }
    void nativeBucketsComeWhenTheyAreUsed()
    {
        // The bucket up to 8 is told from the second sample on: before, it held none beyond those up to 2.
        const double no = std::nan("");
        SourceEvidence evidence =
            histogram({{"1", {10, 10, 10}}, {"2", {20, 20, 20}}, {"4", {no, 20, 20}}, {"8", {no, 24, 30}}});
        addCount(evidence, {20, 24, 30});
        addQuantiles(evidence, rules());
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        QCOMPARE(median->values, (Counts{6.0, 6.0}));
        QVERIFY(evidence.notes.empty());
    }
    void aClassicBucketThatIsMissingTellsNothing()
    {
        const double no = std::nan("");
        SourceEvidence evidence = histogram({{"1", {0, 5, 10, 15}}, {"2", {0, no, 10, 15}}, {"+Inf", {0, 5, 10, 15}}});
        addQuantiles(evidence, rules());
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        QCOMPARE(median->times, (std::vector{at(2), at(3)}));
    }
    void countsThatFallOftenAreOfTheMoment()
    {
        SourceEvidence evidence =
            histogram({{"1", {4, 2, 4, 2, 4, 2}}, {"2", {4, 4, 4, 4, 8, 4}}, {"+Inf", {4, 4, 8, 4, 8, 4}}});
        addQuantiles(evidence, rules());
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        QCOMPARE(median->times.size(), size_t(6)); // the first tells too
        QCOMPARE(median->values[1], 1.0);
    }
    void ratesOfBucketsAreRatesAlready()
    {
        SourceEvidence evidence = histogram({{"1", {1, 1}}, {"2", {2, 1}}, {"+Inf", {2, 2}}}, "rate");
        for (Series &series : evidence.series)
            series.kind = SeriesKind::Unknown; // the answer to an expression
        addQuantiles(evidence, rules());
        const Series *median = quantile(evidence, "0.5");
        QVERIFY(median);
        QCOMPARE(median->name, QByteArray("rate"));
        QCOMPARE(median->values, (Counts{1.0, 1.0}));
    }
    void filesWithHistogramsHaveThem()
    {
        const QTemporaryDir folder;
        const auto page = [](int slow) -> QByteArray {
            const QByteArray all = QByteArray::number(100 + slow);
            return "# TYPE rpc_seconds histogram\nrpc_seconds_bucket{le=\"0.1\"} 100\nrpc_seconds_bucket{le=\"5\"} "
                   + all + "\nrpc_seconds_bucket{le=\"+Inf\"} " + all + "\nrpc_seconds_sum 3\nrpc_seconds_count " + all
                   + '\n';
        };
        for (const auto &[name, slow, time] : {std::tuple{"a.prom", 0, 1'795'459'630}, {"b.prom", 10, 1'795'459'645}}) {
            QFile file(folder.filePath(QLatin1StringView(name)));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(page(slow));
            file.flush();
            QVERIFY(file.setFileTime(QDateTime::fromSecsSinceEpoch(time), QFileDevice::FileModificationTime));
        }
        const auto evidence = importPaths({folder.path()}, test::importTools(), {});
        QVERIFY(evidence);
        const Series *most = quantile(*evidence->sources[0], "0.99");
        QVERIFY(most);
        QCOMPARE(most->values.size(), size_t(1));
        QVERIFY(std::abs(most->values[0] - (0.1 + 4.9 * 0.99)) < 1e-9);
        // The native form too, whose empty buckets are left out.
        const auto native = importPaths({test::dataPath(QStringLiteral("prometheus-json/native-histogram.json"))},
                                        test::importTools(), {});
        QVERIFY(native);
        QVERIFY(quantile(*native->sources[0], "0.5"));
    }
};

FAULTLINE_TEST(TestQuantiles)
#include "tst_quantiles.moc"
