// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/telling.h"

#include "charts/core/format.h"
#include "models/findings/metricrules.h"

#include <algorithm>
#include <cmath>
#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

int rankOf(const TellingSeries &series, size_t spikeRank, size_t changeRank)
{
    // Spikes as ranked, then changes as ranked, then what a reader looks for first.
    if (series.hasSpike)
        return static_cast<int>(std::min<size_t>(spikeRank, 9'999));
    const int kind = series.hasChange || series.hasLimit ? 0 : series.isMemory ? 1 : series.isCpu ? 2 : 3;
    return 10'000 + kind * 10'000 + static_cast<int>(std::min<size_t>(changeRank, 9'999));
}

} // namespace

std::vector<TellingSeries> tellingSeries(const Analysis &analysis, int failure)
{
    if (!analysis.evidence || !analysis.findings)
        return {};
    const std::vector<SeriesRef> all = analysis.evidence->allSeries();
    const Findings &findings = *analysis.findings;
    const MetricRules &rules = MetricRules::shipped();
    const std::set<int> limits(findings.limitSeries.begin(), findings.limitSeries.end());
    std::vector<std::pair<int, TellingSeries>> ranked;
    for (size_t i = 0; i < all.size(); ++i) {
        const Series &series = analysis.evidence->series(all[i]);
        const int index = static_cast<int>(i);
        if (series.values.empty() || limits.contains(index))
            continue;
        TellingSeries telling;
        telling.series = index;
        const auto isOurs = [&](const auto &found) {
            return found.series == index && (failure < 0 || found.failure == failure || found.failure < 0);
        };
        const auto spike = std::ranges::find_if(findings.spikes, isOurs);
        const auto change = std::ranges::find_if(findings.changes, isOurs);
        telling.hasSpike = spike != findings.spikes.end();
        telling.hasChange = change != findings.changes.end();
        telling.hasLimit = i < findings.limitSeries.size() && findings.limitSeries[i] >= 0;
        telling.hasLimit |= i < findings.limitValues.size() && findings.limitValues[i].has_value();
        if (const MetricFamily *family = rules.isConstant(series) ? nullptr : rules.familyOf(series)) {
            telling.isMemory = family->resource == "memory";
            telling.isCpu = family->resource == "cpu";
        }
        ranked.emplace_back(rankOf(telling, static_cast<size_t>(spike - findings.spikes.begin()),
                                   static_cast<size_t>(change - findings.changes.begin())),
                            telling);
    }
    std::ranges::stable_sort(ranked, {}, &std::pair<int, TellingSeries>::first);
    std::vector<TellingSeries> result;
    result.reserve(ranked.size());
    for (const auto &[rank, telling] : ranked)
        result.push_back(telling);
    return result;
}

QString seriesLabels(const Series &series)
{
    QStringList labels;
    for (const auto &[name, value] : series.labels) {
        // What Prometheus adds to every series of a job tells them apart least.
        if (name == "__name__" || name == "job" || name == "endpoint" || name == "service" || name == "metrics_path"
            || value.isEmpty())
            continue;
        labels.push_back(shownText(name, 40) % u'=' % shownText(value, 60));
    }
    return labels.join(u", ");
}

QString seriesTitle(const Series &series)
{
    const QString labels = seriesLabels(series);
    const QString name = shownText(series.name, 120);
    return labels.isEmpty() ? name : QString(name % u" {"_s % labels % u'}');
}

std::optional<double> limitAt(const Analysis &analysis, int series, TimeNs time)
{
    const Findings &findings = *analysis.findings;
    const auto at = static_cast<size_t>(series);
    if (series < 0 || at >= findings.limitSeries.size())
        return std::nullopt;
    if (findings.limitSeries[at] < 0)
        return at < findings.limitValues.size() ? findings.limitValues[at] : std::nullopt;
    const auto all = analysis.evidence->allSeries();
    const SeriesRef ref = all[static_cast<size_t>(findings.limitSeries[at])];
    const Series &limit = analysis.evidence->series(ref);
    const auto source = analysis.placement->sources[static_cast<size_t>(ref.source)].sourceTime(time);
    size_t i = limit.values.size();
    if (source)
        i = static_cast<size_t>(std::ranges::upper_bound(limit.times, *source) - limit.times.begin());
    for (size_t k = std::min(i, limit.values.size()); k-- > 0;)
        if (std::isfinite(limit.values[k]))
            return limit.values[k];
    const auto first = std::ranges::find_if(limit.values, [](double v) { return std::isfinite(v); });
    return first == limit.values.end() ? std::nullopt : std::optional(*first);
}

} // namespace faultline
