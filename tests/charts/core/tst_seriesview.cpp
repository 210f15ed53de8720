// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/seriesview.h"
#include "tests/charts/support/incident.h"
#include "tests/support/test.h"

#include <QHash>

using namespace faultline;

class TestSeriesView : public QObject
{
    Q_OBJECT

    static SeriesView viewOf(const Analysis &analysis)
    {
        return {analysis.evidence->sources[0], analysis.placement->sources[0], {0, 0}, 0};
    }

    /// A view over a few samples, a second apart from 0 on.
    static SeriesView small(std::vector<double> values, SeriesKind kind, const SourcePlacement &placement)
    {
        auto source = std::make_shared<SourceEvidence>();
        Series series;
        series.kind = kind;
        series.stepNs = NsPerSecond;
        for (size_t i = 0; i < values.size(); ++i)
            series.times.push_back({static_cast<qint64>(i) * NsPerSecond});
        series.values = std::move(values);
        source->series.push_back(std::move(series));
        return {source, placement, {0, 0}, 0};
    }
    static SourcePlacement straight()
    {
        SourcePlacement placement;
        placement.segments.push_back({SourceTime{0}, 0, 0, 0});
        return placement;
    }

private Q_SLOTS:
    void pyramidAgreesWithALoop()
    {
        std::vector<double> values;
        quint32 random = 7;
        for (int i = 0; i < 5000; ++i) {
            random = random * 1664525 + 1013904223;
            values.push_back(random % 97 == 0 ? std::nan("") : random >> 8);
        }
        const SamplePyramid pyramid(values);
        for (size_t first = 0; first < values.size(); first += 131) {
            for (size_t last = first; last <= values.size(); last += 317) {
                std::optional<double> least;
                std::optional<double> most;
                for (size_t i = first; i < last; ++i) {
                    if (!std::isfinite(values[i]))
                        continue;
                    least = std::min(least.value_or(values[i]), values[i]);
                    most = std::max(most.value_or(values[i]), values[i]);
                }
                const auto found = pyramid.extremes(values, first, last);
                QCOMPARE(found.has_value(), least.has_value());
                if (found) {
                    QCOMPARE(values[found->least], *least);
                    QCOMPARE(values[found->most], *most);
                }
            }
        }
        QVERIFY(!SamplePyramid().extremes({}, 0, 10));
    }
    void neverMoreThanTwoPointsAPixelAndNoSpikeLost_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<double>("share");
        QTest::newRow("all on 300 px") << 300 << 1.0;
        QTest::newRow("all on 1000 px") << 1000 << 1.0;
        QTest::newRow("a tenth") << 777 << 0.1;
        QTest::newRow("a few samples") << 1000 << 0.001;
    }
    void neverMoreThanTwoPointsAPixelAndNoSpikeLost()
    {
        QFETCH(int, width);
        QFETCH(double, share);
        constexpr size_t Count = 200'000;
        constexpr size_t Spike = 123'456;
        const SeriesView view = viewOf(test::longSeries(Count, Spike));
        const auto half = static_cast<DurationNs>(share * Count / 2 * NsPerSecond);
        const TimeNs middle = view.timeOf(Spike);
        const TimeScale scale{{middle - half, middle + half}, 10, static_cast<double>(width)};
        QHash<int, int> inPixel;
        bool hasSpike = false;
        const auto lines = view.plot(scale);
        QCOMPARE(lines.size(), size_t(1)); // no hole in the samples, none in the line
        for (const PlotLine &line : lines) {
            for (const PlotPoint &point : line) {
                hasSpike |= point.sample == Spike && point.value == 10'000.0;
                if (point.x >= 10 && point.x < 10 + width)
                    QVERIFY(++inPixel[static_cast<int>(std::floor(point.x))] <= 2);
            }
        }
        QVERIFY(hasSpike);
        QVERIFY(inPixel.size() > std::min<qsizetype>(width, 190) * 9 / 10);
    }
    void breaksAtHolesInTheSamples()
    {
        const SeriesView view = small({1, 2, std::nan(""), 4, 5}, SeriesKind::Gauge, straight());
        const auto lines = view.plot({{TimeNs{0}, TimeNs{4 * NsPerSecond}}, 0, 400});
        QCOMPARE(lines.size(), size_t(2));
        QCOMPARE(lines[0].size(), size_t(2));
        QCOMPARE(lines[1].front().value, 4.0);
    }
    void countersAreRatesAndResetsStartFromZero()
    {
        const SeriesView view = small({10, 12, 15, 3, 4}, SeriesKind::Counter, straight());
        QVERIFY(view.isRate());
        QVERIFY(std::isnan(view.values()[0]));
        QCOMPARE(view.values()[1], 2.0);
        QCOMPARE(view.values()[2], 3.0);
        QCOMPARE(view.values()[3], 3.0);
        QCOMPARE(view.values()[4], 1.0);
        QCOMPARE(view.unit(), QByteArray("/s"));
    }
    void placesSegmentsEachByItsOwnClock()
    {
        SourcePlacement placement;
        placement.segments = {{SourceTime{0}, 100 * NsPerSecond, 0, 0},
                              {SourceTime{3 * NsPerSecond}, 500 * NsPerSecond, 0.5, 0}};
        const SeriesView view = small({1, 2, 3, 4, 5}, SeriesKind::Gauge, placement);
        QCOMPARE(view.timeOf(2), TimeNs{102 * NsPerSecond});
        QCOMPARE(view.timeOf(3), TimeNs{503 * NsPerSecond});
        QCOMPARE(view.timeOf(4), TimeNs{504 * NsPerSecond + NsPerSecond / 2});
        QCOMPARE(view.range().lo, TimeNs{100 * NsPerSecond});
        QCOMPARE(view.nearest(TimeNs{504 * NsPerSecond + NsPerSecond / 2}), std::optional<size_t>(4));
        QCOMPARE(view.nearest(TimeNs{300 * NsPerSecond}), std::nullopt);
        const auto lines = view.plot({{TimeNs{0}, TimeNs{600 * NsPerSecond}}, 0, 6000});
        QCOMPARE(lines.size(), size_t(2));
    }
    void isEmptyWithoutAPlace()
    {
        const SeriesView view = small({1, 2}, SeriesKind::Gauge, {});
        QVERIFY(view.isEmpty());
        QVERIFY(view.plot({{TimeNs{0}, TimeNs{10}}, 0, 10}).empty());
        QVERIFY(!view.nearest(TimeNs{0}));
    }
};

FAULTLINE_TEST(TestSeriesView)
#include "tst_seriesview.moc"
