// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelinetracks.h"
#include "charts/tracks/bartrack.h"
#include "charts/tracks/coveragetrack.h"
#include "charts/tracks/eventtrack.h"
#include "charts/tracks/metrictrack.h"
#include "tests/charts/support/incident.h"
#include "tests/support/test.h"

#include <QPainter>

using namespace faultline;

class TestTracks : public QObject
{
    Q_OBJECT

    Analysis m_case = test::oomIncident();
    TimeScale m_scale{{test::KillTime - 600 * NsPerSecond, test::KillTime + 100 * NsPerSecond}, 0, 700};

    static QRectF rectOf(const Track &track) { return {0, 0, 700, static_cast<double>(track.preferredHeight())}; }

private Q_SLOTS:
    void barsOfOneLaneDoNotOverlap()
    {
        std::vector<Bar> bars;
        for (int i = 0; i < 4; ++i) {
            Bar bar;
            bar.range = {TimeNs{i * 10}, TimeNs{i * 10 + 25}};
            bar.item.kind = TrackItem::Kind::Span;
            bar.item.span = i;
            bars.push_back(bar);
        }
        QCOMPARE(BarTrack({}, {}, bars, 8).laneCount(), 3);
        QCOMPARE(BarTrack({}, {}, bars, 2).laneCount(), 2);
    }
    void stepsNestBelowTheirJob()
    {
        const StepTrack track(*m_case.evidence->sources[0], m_case.placement->sources[0], 0);
        QCOMPARE(track.laneCount(), 2);
        const QRectF rect = rectOf(track);
        const TrackItem job = track.hit({300, 10}, rect, m_scale);
        QCOMPARE(job.span, 0);
        const TrackItem step = track.hit({400, 10 + BarTrack::LaneHeight}, rect, m_scale);
        QCOMPARE(step.span, 4);
        QCOMPARE(step.line, 210);
        QVERIFY(track.hit({690, 10}, rect, m_scale).isNull());
        QVERIFY(track.toolTip(step, QTimeZone(QTimeZone::UTC)).contains(QStringLiteral("Run integration tests")));
    }
    void eventsAreHitWithinReachAndTheWorstWins()
    {
        const EventTrack track(m_case.evidence->sources[1], m_case.placement->sources[1], 1);
        const QRectF rect = rectOf(track);
        const TrackItem item = track.hit({603, 17}, rect, m_scale);
        QVERIFY(item.kind == TrackItem::Kind::Event);
        QCOMPARE(item.line, 642); // fatal, over the error 0.3 s before
        QVERIFY(track.hit({660, 17}, rect, m_scale).isNull());
        QVERIFY(track.neighbour(item, {}, true).isNull());
        QCOMPARE(track.neighbour(item, {}, false).line, 600);
    }
    void theLastEventsTextStandsWhereThereIsRoom()
    {
        const EventTrack track(m_case.evidence->sources[1], m_case.placement->sources[1], 1);
        const QRectF rect = rectOf(track);
        const Theme theme = Theme::plain(false);
        const QFontMetricsF metrics(theme.smallFont);
        // The failure is at the right edge, the event before it on the same pixels: its text, the worse one, goes to the left.
        const TimeScale narrow{{test::KillTime - 40 * NsPerSecond, test::KillTime + 300 * NsPerMillisecond}, 0, 700};
        const auto labels = track.labels(rect, {narrow, theme, QTimeZone(QTimeZone::UTC), {}});
        QVERIFY(!labels.empty());
        const auto &last = labels.back();
        QCOMPARE(m_case.evidence->sources[1]->events[static_cast<size_t>(last.event)].line, 642);
        QVERIFY2(last.place.width() > 300, qPrintable(last.text));
        QVERIFY(last.place.right() < narrow.x(test::KillTime));
        QVERIFY(last.place.left() >= rect.left());
        for (size_t i = 1; i < labels.size(); ++i)
            QVERIFY(!labels[i].place.intersects(labels[i - 1].place));
        for (const auto &label : labels)
            QVERIFY(label.place.right() <= rect.right());
        // With room at the right it stands there.
        const TimeScale wide{{test::KillTime - 60 * NsPerSecond, test::KillTime + 600 * NsPerSecond}, 0, 700};
        QVERIFY(track.labels(rect, {wide, theme, QTimeZone(QTimeZone::UTC), {}}).back().place.left()
                > wide.x(test::KillTime));
    }
    void coverageNamesItsSourcesBesideTheBars()
    {
        const CoverageTrack track(m_case.evidence, *m_case.placement);
        QVERIFY(!track.isEmpty());
        const QRectF rect = rectOf(track);
        const auto marks = track.marks(rect);
        const double height = QFontMetricsF(QFont()).height();
        for (size_t i = 0; i < marks.size(); ++i) {
            QVERIFY(marks[i].y - height / 2 >= rect.top() && marks[i].y + height / 2 <= rect.bottom());
            QVERIFY(i == 0 || marks[i - 1].y - marks[i].y >= height); // none is clipped by its neighbour
            const TrackItem item = track.hit({10, marks[i].y}, rect, m_scale);
            QCOMPARE(marks[i].text, sourceTitle(*m_case.evidence->sources[static_cast<size_t>(item.source)]));
        }
        // The bars alone are painted: what has no series' colour would be a name.
        QImage image(700, static_cast<int>(rect.height()), QImage::Format_ARGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        track.paint(painter, rect, {m_scale, Theme::plain(false), QTimeZone(QTimeZone::UTC), {}});
        painter.end();
        for (size_t i = 0; i < marks.size(); ++i)
            QCOMPARE(image.pixelColor(350, static_cast<int>(marks[i].y - height / 2 + 1)), QColor(Qt::white));
    }
    void severalSeriesKeepRoomForTheirLegend()
    {
        const auto made = [&](int count) {
            MetricTrack::Content content;
            const auto all = m_case.evidence->allSeries();
            for (int i = 0; i < count; ++i) {
                const auto source = static_cast<size_t>(all[0].source);
                content.series.push_back(std::make_shared<SeriesView>(m_case.evidence->sources[source],
                                                                      m_case.placement->sources[source], all[0], i));
            }
            return content;
        };
        const MetricTrack one(made(1));
        const MetricTrack two(made(2));
        const QRectF rect = rectOf(one);
        const double most = one.content().series.front()->valueRange()->second;
        QVERIFY(one.y(most, rect) < rect.top() + 3 + QFontMetricsF(Theme::plain(false).smallFont).height());
        QVERIFY(two.y(most, rect) > rect.top() + 3 + QFontMetricsF(Theme::plain(false).smallFont).height());
        QCOMPARE(two.y(0, rect), one.y(0, rect));
    }
    void metricsGiveSamplesAndSpikes()
    {
        const TimelineTracks tracks = TimelineTracks::of(m_case);
        const auto found = std::ranges::find_if(
            tracks.shown, [](const auto &track) { return dynamic_cast<MetricTrack *>(track.get()) != nullptr; });
        QVERIFY(found != tracks.shown.end());
        const auto &track = static_cast<const MetricTrack &>(**found);
        QCOMPARE(track.content().series.front()->index(), 0); // saturated memory comes first
        QVERIFY(track.content().limit);
        const QRectF rect = rectOf(track);
        QVERIFY(track.hit({598, 40}, rect, m_scale).kind == TrackItem::Kind::Spike);
        const double y = track.y(100 * 1024 * 1024, rect);
        QVERIFY(track.hit({100, y}, rect, m_scale).kind == TrackItem::Kind::Sample);
        QVERIFY(track.hit({100, 4}, rect, m_scale).isNull());
    }
    void limitsOfFactsAreLinesToo()
    {
        Analysis analysis = m_case;
        auto findings = std::make_shared<Findings>(*analysis.findings);
        findings->limitSeries[0] = -1;
        findings->limitValues.assign(findings->limitSeries.size(), std::nullopt);
        findings->limitValues[0] = 512.0 * 1024 * 1024;
        analysis.findings = findings;
        const TimelineTracks tracks = TimelineTracks::of(analysis);
        const auto found = std::ranges::find_if(
            tracks.shown, [](const auto &track) { return dynamic_cast<MetricTrack *>(track.get()) != nullptr; });
        QVERIFY(found != tracks.shown.end());
        QCOMPARE(static_cast<const MetricTrack &>(**found).content().limitValue, findings->limitValues[0]);
    }
    void tellingSeriesAreShownAndTheRestFolded()
    {
        const TimelineTracks tracks = TimelineTracks::of(m_case);
        QVERIFY(tracks.moreSeries > 0);
        QVERIFY(!tracks.isEmpty);
        for (const auto &track : tracks.more)
            QVERIFY(!track->title().contains(QStringLiteral("memory_working_set")));
        // The limit is a line of the memory's track.
        for (const auto *list : {&tracks.shown, &tracks.more})
            for (const auto &track : *list)
                QVERIFY(!track->title().contains(QStringLiteral("spec_memory_limit")));
    }
    void failuresAreHitInFlagsAndLines()
    {
        const FailureOverlay overlay(m_case.findings);
        QCOMPARE(overlay.inTime(), (std::vector<int>{0, 1}));
        QCOMPARE(overlay.hitLine(600, m_scale).failure, 0);
        QVERIFY(overlay.hitLine(500, m_scale).isNull());
        QVERIFY(overlay.toolTip(overlay.itemOf(0), QTimeZone(QTimeZone::UTC)).contains(QStringLiteral("137")));
        QVERIFY(overlay.itemOf(7).isNull());
    }
    void farAwayThingsDoNotSqueezeTheRun()
    {
        Analysis analysis = m_case;
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        auto far = std::make_shared<SourceEvidence>(*evidence->sources[2]);
        Event old;
        old.time = SourceInterval{SourceTime{0}, SourceTime{0}};
        old.text = "1970";
        far->events.insert(far->events.begin(), old);
        evidence->sources[2] = far;
        analysis.evidence = evidence;
        const TimelineTracks tracks = TimelineTracks::of(analysis);
        QVERIFY(tracks.full.lo <= TimeNs{0});
        QVERIFY(tracks.home.length() < NsPerHour);
        QVERIFY(tracks.home.contains(test::KillTime));
    }
};

FAULTLINE_TEST(TestTracks)
#include "tst_tracks.moc"
