// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flame/flameview.h"
#include "charts/timeline/timelinetracks.h"
#include "charts/tracks/metrictrack.h"
#include "charts/tracks/profiletrack.h"
#include "models/placement/placement.h"
#include "tests/charts/support/incident.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestProfileTrack : public QObject
{
    Q_OBJECT

    static Profile profile(const char *type, const char *unit, qint64 second, qint64 seconds, double weight)
    {
        Profile made;
        made.type = type;
        made.unit = unit;
        made.time = SourceTime{test::KillTime.ns + second * NsPerSecond};
        made.durationNs = seconds * NsPerSecond;
        made.frames.push_back({"main", "main.go", 1, weight, weight, 1});
        return made;
    }
    static Series series(const char *name, const char *pod)
    {
        Series made;
        made.name = name;
        made.labels = {{"pod", pod}};
        for (qint64 i = 0; i < 60; ++i) {
            made.times.push_back({test::KillTime.ns + i * NsPerSecond});
            made.values.push_back(100 + static_cast<double>(i));
        }
        return made;
    }
    static Analysis incident(std::vector<Series> series, std::vector<Profile> profiles, const char *pod)
    {
        auto evidence = std::make_shared<Evidence>();
        auto metrics = std::make_shared<SourceEvidence>();
        metrics->path = u"metrics.json"_s;
        metrics->kind = SourceKind::Metrics;
        metrics->basis = TimeBasis::Utc;
        metrics->series = std::move(series);
        metrics->first = metrics->series.front().times.front();
        metrics->last = metrics->series.front().times.back();
        auto pprof = std::make_shared<SourceEvidence>();
        pprof->path = u"api.pb.gz"_s;
        pprof->kind = SourceKind::Profile;
        pprof->basis = TimeBasis::Utc;
        pprof->identity.pod = pod;
        pprof->first = profiles.front().time;
        pprof->last = profiles.front().time;
        pprof->profiles = std::move(profiles);
        evidence->sources = {std::move(metrics), std::move(pprof)};
        Analysis analysis;
        analysis.placement = std::make_shared<Placement>(computePlacement(*evidence, {}));
        auto findings = std::make_shared<Findings>();
        findings->limitSeries.assign(evidence->allSeries().size(), -1);
        analysis.findings = std::move(findings);
        analysis.evidence = std::move(evidence);
        return analysis;
    }
    static int pointsBeside(const Analysis &analysis, const QString &label)
    {
        const TimelineTracks tracks = TimelineTracks::of(analysis);
        for (const auto &track : tracks.shown)
            if (const auto *metric = dynamic_cast<const MetricTrack *>(track.get()))
                for (const auto &view : metric->content().series)
                    if (QString::fromUtf8(view->series().id()).contains(label))
                        return static_cast<int>(metric->content().profiles.size());
        return -1;
    }

private Q_SLOTS:
    void aCpuProfileIsAnIntervalAndAHeapAMoment()
    {
        const Analysis analysis =
            incident({series("go_goroutines", "api")},
                     {profile("cpu", "nanoseconds", 5, 30, 2e9), profile("alloc_space", "bytes", 40, 0, 3e6),
                      profile("inuse_space", "bytes", 40, 0, 1e6)},
                     "api");
        const ProfileTrack track(*analysis.evidence, *analysis.placement);
        QVERIFY(track.range());
        QCOMPARE(track.range()->length(), 35 * NsPerSecond);
        const TimeScale scale{*track.range(), 0, 700};
        const QRectF rect(0, 0, 700, track.preferredHeight());
        const TrackItem cpu = track.hit({300, 12}, rect, scale);
        QVERIFY(cpu.kind == TrackItem::Kind::Profile);
        QCOMPARE(cpu.profile, 0);
        const QString told = track.toolTip(cpu, QTimeZone::UTC);
        QVERIFY2(told.contains(profileValueText(2e9, "nanoseconds")), qPrintable(told));
        const TrackItem heap = track.hit({699, 12}, rect, scale); // of several of one moment, what pprof shows unasked
        QCOMPARE(heap.profile, 2);
    }
    void whatAProfileCountsStandsBesideItsSeries()
    {
        const std::vector<Series> both{series("go_goroutines", "api"), series("go_goroutines", "db")};
        const std::vector<Profile> goroutines{profile("goroutine", "count", 20, 0, 4321)};
        QCOMPARE(pointsBeside(incident({both.front()}, goroutines, ""), u"api"_s), 1);
        QCOMPARE(pointsBeside(incident(both, goroutines, "db"), u"db"_s), 1);
        // Of two pods' series neither is chosen where the profile does not say whose it is.
        QCOMPARE(pointsBeside(incident(both, goroutines, ""), u"db"_s), 0);
    }
};

FAULTLINE_TEST(TestProfileTrack)
#include "tst_profiletrack.moc"
