// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelinetracks.h"

#include "charts/core/telling.h"
#include "charts/tracks/bartrack.h"
#include "charts/tracks/coveragetrack.h"
#include "charts/tracks/eventtrack.h"
#include "charts/tracks/metrictrack.h"
#include "models/findings/metricrules.h"

#include <algorithm>
#include <iterator>
#include <map>

namespace faultline {

namespace {

constexpr size_t MostShownMetrics = 8; ///< Telling ones beyond are folded away too.
constexpr size_t FewMetrics = 4;       ///< So few are never folded away.
constexpr size_t MostLines = 6;        ///< Series of one metric that share a track.
constexpr double FarAway = 10;         ///< A whole so many times as long as the run is not shown first.
constexpr DurationNs LeastRange = NsPerMillisecond;

TimeRange padded(TimeRange range)
{
    const DurationNs pad = std::max(range.length() / 40, LeastRange);
    return {range.lo - pad, range.hi + pad};
}

void unite(std::optional<TimeRange> &all, const std::optional<TimeRange> &more)
{
    if (more)
        all = all ? all->united(*more) : *more;
}

/// The name under which a series shares a track: its metric's; of a quantile, also the labels that it shares with the other quantiles.
QByteArray groupName(const Series &series)
{
    if (series.kind != SeriesKind::Summary || series.label("quantile").isEmpty())
        return series.name;
    QByteArray name = series.name;
    for (const auto &[label, value] : series.labels)
        if (label != "quantile")
            name += '\0' + label + '\0' + value;
    return name + '\0';
}

/// Series of the same metric of the same source, in the order in which they matter.
struct MetricGroup {
    std::vector<TellingSeries> series;
    bool isTelling() const { return std::ranges::any_of(series, &TellingSeries::isTelling); }
};

std::vector<MetricGroup> groupsOf(const Analysis &analysis, const std::vector<TellingSeries> &telling,
                                  const std::vector<SeriesRef> &all)
{
    std::vector<MetricGroup> groups;
    std::map<std::pair<int, QByteArray>, size_t> open; // the group of a metric that still has room
    for (const TellingSeries &series : telling) {
        const SeriesRef ref = all[static_cast<size_t>(series.series)];
        const std::pair key(ref.source, groupName(analysis.evidence->series(ref)));
        const auto found = open.find(key);
        // A series with a limit or spike of its own keeps a track of its own scale unless it opens one; quantiles belong together.
        const bool isQuantile = key.second.endsWith('\0');
        const bool standsAlone = (series.hasSpike || series.hasLimit) && !isQuantile;
        if (found != open.end() && !standsAlone && groups[found->second].series.size() < MostLines
            && !groups[found->second].series.front().hasLimit) {
            groups[found->second].series.push_back(series);
            continue;
        }
        open[key] = groups.size();
        groups.push_back({{series}});
    }
    return groups;
}

using PointsBySeries = std::map<int, std::vector<ProfilePoint>>;

/// Profiles beside the series that measures the same of the same process. Where several series might, none is chosen.
PointsBySeries pointsBySeries(const Analysis &analysis, const std::vector<SeriesRef> &all)
{
    PointsBySeries result;
    const auto points = profilePoints(*analysis.evidence, *analysis.placement);
    if (points.empty())
        return result;
    const MetricRules &rules = MetricRules::shipped();
    std::map<QByteArray, std::vector<int>> measuring;
    for (size_t i = 0; i < all.size(); ++i) {
        const Series &series = analysis.evidence->series(all[i]);
        if (const MetricFamily *family = rules.isConstant(series) ? nullptr : rules.familyOf(series))
            measuring[family->resource].push_back(static_cast<int>(i));
    }
    const auto seriesOf = [&](int i) -> const Series & {
        return analysis.evidence->series(all[static_cast<size_t>(i)]);
    };
    for (const ProfilePoint &point : points) {
        std::vector<int> candidates = measuring[point.resource];
        if (!point.identity.pod.isEmpty())
            std::erase_if(candidates, [&](int i) { return seriesOf(i).label("pod") != point.identity.pod; });
        // Of what was allocated and what is in use, a heap profile tells the latter.
        const auto inUse = std::ranges::find_if(candidates, [&](int i) { return seriesOf(i).name.contains("inuse"); });
        if (inUse != candidates.end())
            std::erase_if(candidates, [&, name = seriesOf(*inUse).name](int i) { return seriesOf(i).name != name; });
        if (candidates.size() == 1)
            result[candidates.front()].push_back(point);
    }
    return result;
}

std::unique_ptr<MetricTrack> metricTrack(const Analysis &analysis, const MetricGroup &group,
                                         const std::vector<SeriesRef> &all, const PointsBySeries &profiles)
{
    const auto viewOf = [&](int index) -> std::shared_ptr<const SeriesView> {
        const SeriesRef ref = all[static_cast<size_t>(index)];
        const auto source = static_cast<size_t>(ref.source);
        return std::make_shared<SeriesView>(analysis.evidence->sources[source], analysis.placement->sources[source],
                                            ref, index);
    };
    MetricTrack::Content content;
    for (const TellingSeries &series : group.series) {
        auto view = viewOf(series.series);
        if (!view->isEmpty() && view->valueRange())
            content.series.push_back(std::move(view));
    }
    if (content.series.empty())
        return nullptr;
    const Findings &findings = *analysis.findings;
    for (size_t i = 0; i < findings.spikes.size(); ++i)
        for (size_t line = 0; line < content.series.size(); ++line)
            if (content.series[line]->index() == findings.spikes[i].series)
                content.stretches.push_back({static_cast<int>(i), findings.spikes[i], line});
    const auto first = static_cast<size_t>(content.series.front()->index());
    if (first < findings.limitSeries.size() && findings.limitSeries[first] >= 0) {
        content.limit = viewOf(findings.limitSeries[first]);
        if (content.limit->isEmpty() || content.limit->isRate())
            content.limit.reset();
    }
    if (!content.limit && first < findings.limitValues.size())
        content.limitValue = findings.limitValues[first];
    for (const auto &series : content.series)
        if (const auto found = profiles.find(series->index()); found != profiles.end())
            content.profiles.insert(content.profiles.end(), found->second.begin(), found->second.end());
    content.sourceName =
        sourceTitle(*analysis.evidence->sources[static_cast<size_t>(content.series.front()->ref().source)]);
    return std::make_unique<MetricTrack>(std::move(content));
}

void addMetrics(TimelineTracks &tracks, const Analysis &analysis, int plot)
{
    if (!analysis.findings)
        return;
    const auto all = analysis.evidence->allSeries();
    auto telling = tellingSeries(analysis, analysis.findings->failures.empty() ? -1 : 0);
    std::erase_if(telling,
                  [&](const TellingSeries &series) { return all[static_cast<size_t>(series.series)].source == plot; });
    const auto groups = groupsOf(analysis, telling, all);
    const PointsBySeries profiles = pointsBySeries(analysis, all);
    size_t shown = 0;
    for (const MetricGroup &group : groups) {
        auto track = metricTrack(analysis, group, all, profiles);
        if (!track)
            continue;
        if (groups.size() <= FewMetrics || (group.isTelling() && shown < MostShownMetrics)) {
            tracks.shown.push_back(std::move(track));
            ++shown;
        } else {
            tracks.moreSeries += static_cast<int>(track->content().series.size());
            tracks.more.push_back(std::move(track));
        }
    }
}

/// All of what a person plotted, in its own order.
void addPlot(TimelineTracks &tracks, const Analysis &analysis, int plot)
{
    const auto source = static_cast<size_t>(plot);
    auto events =
        std::make_unique<EventTrack>(analysis.evidence->sources[source], analysis.placement->sources[source], plot);
    if (!events->isEmpty())
        tracks.shown.push_back(std::move(events));
    const auto all = analysis.evidence->allSeries();
    std::vector<TellingSeries> series;
    for (size_t i = 0; i < all.size(); ++i) {
        if (all[i].source == plot)
            series.emplace_back().series = static_cast<int>(i);
    }
    for (const MetricGroup &group : groupsOf(analysis, series, all)) {
        if (auto track = analysis.findings ? metricTrack(analysis, group, all, {}) : nullptr)
            tracks.shown.push_back(std::move(track));
    }
}

template<typename T>
void addBars(TimelineTracks &tracks, const Analysis &analysis)
{
    for (size_t s = 0; s < analysis.evidence->sources.size() && s < analysis.placement->sources.size(); ++s) {
        auto track =
            std::make_unique<T>(*analysis.evidence->sources[s], analysis.placement->sources[s], static_cast<int>(s));
        if (!track->isEmpty())
            tracks.shown.push_back(std::move(track));
    }
}

void setRanges(TimelineTracks &tracks, const std::optional<TimeRange> &run)
{
    std::optional<TimeRange> all;
    for (const auto *list : {&tracks.shown, &tracks.more})
        for (const auto &track : *list)
            unite(all, track->range());
    unite(all, tracks.failures.range());
    tracks.isEmpty = !all;
    if (!all)
        return;
    tracks.full = padded(*all);
    std::optional<TimeRange> home = run;
    unite(home, tracks.failures.range());
    const bool isFar =
        home && home->length() > 0
        && static_cast<double>(all->length()) > FarAway * static_cast<double>(std::max(home->length(), NsPerSecond));
    tracks.home = isFar ? padded(*home) : tracks.full;
}

} // namespace

TimelineTracks TimelineTracks::of(const Analysis &analysis, int plot)
{
    TimelineTracks tracks;
    if (!analysis.evidence || !analysis.placement)
        return tracks;
    tracks.failures = FailureOverlay(analysis.findings);
    addBars<StepTrack>(tracks, analysis);
    addBars<TestTrack>(tracks, analysis);
    std::optional<TimeRange> run;
    for (const auto &track : tracks.shown)
        unite(run, track->range());
    if (plot >= 0) {
        TimelineTracks plotted;
        addPlot(plotted, analysis, plot);
        tracks.shown.insert(tracks.shown.begin(), std::make_move_iterator(plotted.shown.begin()),
                            std::make_move_iterator(plotted.shown.end()));
    }
    addBars<StateTrack>(tracks, analysis);
    for (size_t s = 0; s < analysis.evidence->sources.size() && s < analysis.placement->sources.size(); ++s) {
        auto track = std::make_unique<EventTrack>(analysis.evidence->sources[s], analysis.placement->sources[s],
                                                  static_cast<int>(s));
        if (!track->isEmpty() && std::cmp_not_equal(s, plot))
            tracks.shown.push_back(std::move(track));
    }
    auto profiles = std::make_unique<ProfileTrack>(*analysis.evidence, *analysis.placement);
    if (!profiles->isEmpty())
        tracks.shown.push_back(std::move(profiles));
    const size_t beforeMetrics = tracks.shown.size();
    addMetrics(tracks, analysis, plot);
    for (size_t i = beforeMetrics; i < tracks.shown.size() && tracks.shown.size() > beforeMetrics; ++i)
        unite(run, tracks.shown[i]->range());
    auto coverage = std::make_unique<CoverageTrack>(analysis.evidence, *analysis.placement);
    if (!coverage->isEmpty())
        tracks.coverage = std::move(coverage);
    setRanges(tracks, run);
    return tracks;
}

} // namespace faultline
