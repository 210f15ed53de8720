// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/focus/focusplan.h"

#include "charts/core/telling.h"

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr DurationNs UsualBefore = 120 * NsPerSecond;
constexpr DurationNs MostBefore = 15 * NsPerMinute;
constexpr DurationNs LeastAfter = 15 * NsPerSecond;
constexpr int FewestSteps = 16; ///< Of samples before the failure that are shown, if that is within reason.

std::shared_ptr<const SeriesView> viewOf(const Analysis &analysis, const std::vector<SeriesRef> &all, int index)
{
    const SeriesRef ref = all[static_cast<size_t>(index)];
    const auto source = static_cast<size_t>(ref.source);
    return std::make_shared<SeriesView>(analysis.evidence->sources[source], analysis.placement->sources[source], ref,
                                        index);
}

/// Indexes into `telling`: the first ones, with the first memory and CPU series put in for the last where they are not among them.
std::vector<size_t> choose(const std::vector<TellingSeries> &telling, const std::vector<bool> &isUsable)
{
    std::vector<size_t> chosen;
    for (size_t i = 0; i < telling.size() && chosen.size() < FocusPlan::MostPanels; ++i)
        if (isUsable[i] && (telling[i].hasSpike || telling[i].hasChange))
            chosen.push_back(i);
    const auto include = [&](bool TellingSeries::*what) {
        if (std::ranges::any_of(chosen, [&](size_t i) { return telling[i].*what; }))
            return;
        for (size_t i = 0; i < telling.size(); ++i) {
            if (!isUsable[i] || !(telling[i].*what))
                continue;
            if (chosen.size() >= FocusPlan::MostPanels)
                chosen.pop_back();
            chosen.push_back(i);
            return;
        }
    };
    include(&TellingSeries::isMemory);
    include(&TellingSeries::isCpu);
    for (size_t i = 0; i < telling.size() && chosen.size() < 2; ++i)
        if (isUsable[i] && std::ranges::find(chosen, i) == chosen.end())
            chosen.push_back(i);
    return chosen;
}

void setWindow(FocusPlan &plan, const Findings &findings)
{
    DurationNs step = 0;
    std::optional<TimeNs> earliest;
    std::optional<TimeNs> latest;
    for (const FocusPanel &panel : plan.panels) {
        step = std::max(step, panel.series->stepNs());
        if (panel.spike < 0)
            continue;
        const Spike &spike = findings.spikes[static_cast<size_t>(panel.spike)];
        earliest = std::min(earliest.value_or(spike.start), spike.start);
        latest = std::max(latest.value_or(spike.end), spike.end);
    }
    TimeRange all = plan.panels.front().series->range();
    for (const FocusPanel &panel : plan.panels)
        all = all.united(panel.series->range());
    if (!plan.failureTime) {
        const DurationNs margin = earliest ? std::max<DurationNs>(*latest - *earliest, 10 * step) : 0;
        plan.window =
            earliest ? TimeRange{std::max(all.lo, *earliest - margin), std::min(all.hi, *latest + margin)} : all;
    } else {
        const TimeNs moment = plan.failureTime->time;
        DurationNs before = std::max(UsualBefore, std::min<DurationNs>(FewestSteps * step, MostBefore));
        if (earliest && *earliest < moment)
            before = std::max(before, std::min<DurationNs>((moment - *earliest) * 3 / 2, MostBefore));
        const DurationNs after =
            std::max({LeastAfter, before / 5, std::min(step * 2, NsPerMinute * 5), plan.failureTime->hi - moment});
        // No more than is known: it begins with the first sample or the rise, and ends with the last sample or the failure.
        const TimeNs begin = std::min({all.lo, earliest.value_or(all.lo), plan.failureTime->lo});
        const TimeNs end = std::max(all.hi, plan.failureTime->hi);
        const auto margin = [](DurationNs length) { return std::max(length / 20, NsPerSecond); };
        plan.window = {std::max(moment - before, begin - margin(moment - begin)),
                       std::min(moment + after, end + margin(end - moment))};
    }
    if (plan.window.length() < NsPerMillisecond)
        plan.window = {plan.window.lo - NsPerSecond, plan.window.hi + NsPerSecond};
}

} // namespace

FocusPlan FocusPlan::of(const Analysis &analysis, int failure)
{
    FocusPlan plan;
    if (!analysis.evidence || !analysis.placement || !analysis.findings)
        return plan;
    const Findings &findings = *analysis.findings;
    plan.failure = failure;
    if (failure >= 0 && static_cast<size_t>(failure) < findings.failures.size())
        plan.failureTime = findings.failures[static_cast<size_t>(failure)].time;
    const auto all = analysis.evidence->allSeries();
    const auto telling = tellingSeries(analysis, failure);
    std::vector<bool> isUsable;
    isUsable.reserve(telling.size());
    for (const TellingSeries &series : telling) {
        const SeriesRef ref = all[static_cast<size_t>(series.series)];
        const Series &own = analysis.evidence->series(ref);
        const SourcePlacement &placement = analysis.placement->sources[static_cast<size_t>(ref.source)];
        const auto at = plan.failureTime ? placement.sourceTime(plan.failureTime->time) : std::nullopt;
        const DurationNs reach = std::max(UsualBefore, 4 * own.stepNs);
        const bool isNear =
            !at || (!own.times.empty() && own.times.front() - reach <= *at && own.times.back() + reach >= *at);
        isUsable.push_back(placement.isPlaced() && own.times.size() > 1 && isNear);
    }
    for (const size_t i : choose(telling, isUsable)) {
        FocusPanel panel;
        panel.series = viewOf(analysis, all, telling[i].series);
        if (panel.series->isEmpty() || !panel.series->valueRange())
            continue;
        if (!panel.series->isRate())
            panel.limit = limitAt(analysis, telling[i].series,
                                  plan.failureTime ? plan.failureTime->time : panel.series->range().hi);
        for (size_t s = 0; s < findings.spikes.size(); ++s) {
            const Spike &spike = findings.spikes[s];
            if (spike.series != telling[i].series || (failure >= 0 && spike.failure >= 0 && spike.failure != failure))
                continue;
            panel.spike = static_cast<int>(s);
            panel.baseline = spike.baseline;
            // The score is the distance in interquartile ranges.
            const double spread = spike.score > 0 ? std::abs(spike.value - spike.baseline) / spike.score : 0;
            if (std::isfinite(spread) && std::isfinite(spike.baseline))
                panel.usual = std::pair(spike.baseline - spread, spike.baseline + spread);
            break;
        }
        plan.panels.push_back(std::move(panel));
    }
    if (!plan.panels.empty())
        setWindow(plan, findings);
    return plan;
}

} // namespace faultline
