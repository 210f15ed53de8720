// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/headroom.h"

#include "models/findings/spikes.h"

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr DurationNs SlopeLookBack = 30 * NsPerMinute;

} // namespace

bool excludesLimit(const HeadroomQuestion &question)
{
    const Curve &curve = *question.curve;
    const double sign = question.low ? -1 : 1;
    const auto left = [&](size_t i) { return sign * (question.limit - curve.values[i]); };
    // The sample before the window holds until the next one.
    const auto after = std::ranges::upper_bound(curve.times, question.from);
    if (after == curve.times.begin() || question.to < question.from)
        return false;
    const auto first = static_cast<size_t>(after - curve.times.begin()) - 1;
    double slope = 0; // a second
    for (size_t i = first; i > 0 && question.from - curve.times[i - 1] <= SlopeLookBack; --i)
        if (const double seconds = toSeconds(curve.times[i] - curve.times[i - 1]); seconds > 0)
            slope = std::max(slope, sign * (curve.values[i] - curve.values[i - 1]) / seconds);
    for (size_t i = first; i < curve.times.size() && curve.times[i] <= question.to; ++i) {
        if (!std::isfinite(curve.values[i]))
            return false;
        if (i > first)
            slope = std::max(slope, sign * (curve.values[i] - curve.values[i - 1])
                                        / std::max(toSeconds(curve.times[i] - curve.times[i - 1]), 1e-9));
        const bool isLast = i + 1 == curve.times.size();
        const TimeNs next = isLast ? curve.times[i] + question.stepNs : curve.times[i + 1];
        if (isLast && next < question.to)
            return false;
        if (!(left(i) > slope * toSeconds(next - curve.times[i])))
            return false;
    }
    return true;
}

std::optional<int> unseenPeak(const Evidence &evidence, const Placement &placement, const Findings &findings,
                              int source, TimeNs from, TimeNs to, const std::function<bool(const Series &)> &isAsked)
{
    const std::vector<SeriesRef> all = evidence.allSeries();
    const MetricRules &rules = MetricRules::shipped();
    bool hasLimit = false;
    for (size_t i = 0; i < all.size() && i < findings.limitSeries.size(); ++i) {
        const Series &series = evidence.series(all[i]);
        if (all[i].source != source || !isAsked(series))
            continue;
        const MetricFamily *family = rules.isConstant(series) ? nullptr : rules.familyOf(series);
        std::optional<double> limit = findings.limitValues[i];
        if (const int other = findings.limitSeries[i]; other >= 0)
            limit = lastFinite(evidence.series(all[static_cast<size_t>(other)]));
        const bool isLow = family && family->low;
        if (isLow)
            limit = 0;
        if (!limit)
            continue;
        hasLimit = true;
        const Curve curve = placedCurve(series, placement.sources[static_cast<size_t>(source)]);
        if (!excludesLimit({&curve, *limit, isLow, series.stepNs, from, to}))
            return static_cast<int>(i);
    }
    return hasLimit ? std::optional(-1) : std::nullopt;
}

} // namespace faultline
