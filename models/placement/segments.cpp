// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/segments.h"

#include <algorithm>
#include <cmath>

namespace faultline {

Segment segmentOf(const Clock &clock, int index, const ClockState &state, const std::vector<ClockEdge> &edges)
{
    Segment segment{clock.from, state.offsetNs.value_or(0), 0, state.errorNs, state.offsetNs.has_value()};
    if (!state.offsetNs || state.placedBy < 0)
        return segment;
    const ClockEdge &edge = edges[static_cast<size_t>(state.placedBy)];
    const bool isZone = state.basis == ClockState::Basis::Zoneless && *state.offsetNs % NsPerQuarterHour == 0;
    if (edge.drift == 0 || isZone)
        return segment;
    // b = a + offset + drift (a - from), hence a = b - offset - drift / (1 + drift) (b - from - offset).
    const bool isA = edge.a == index;
    segment.drift = isA ? edge.drift : -edge.drift / (1 + edge.drift);
    const SourceTime middle = isA ? edge.driftFrom : edge.driftFrom + edge.offsetNs;
    if (clock.segment == 0)
        segment.from = middle;
    else
        segment.offsetNs += std::llround(segment.drift * static_cast<double>(clock.from - middle));
    return segment;
}

std::vector<Segment> segmentsOfSteps(const Segment &from, const std::vector<ClockStep> &steps)
{
    std::vector<Segment> segments;
    Segment at = from;
    for (size_t i = 0; i < steps.size(); ++i) {
        DurationNs off = 0;
        for (size_t later = i; later < steps.size(); ++later)
            off += std::abs(steps[later].byNs);
        at.errorNs = from.errorNs + off;
        segments.push_back(at);
        // Set back, the clock tells the same times once more: until then a time may be of before.
        const SourceTime end = steps[i].at + std::max<DurationNs>(0, -steps[i].byNs);
        at.from = std::max(at.from, end);
    }
    at.errorNs = from.errorNs;
    segments.push_back(at);
    return segments;
}

std::vector<Segment> segmentsOfSleeps(const Segment &from, SourceTime at, const std::vector<Sleep> &sleeps)
{
    std::vector<Segment> segments{from};
    for (const Sleep &sleep : sleeps) {
        segments.push_back(from);
        segments.back().from = sleep.until;
    }
    const auto move = [](Segment &to, const Segment &beside, const Sleep &between, int direction) {
        to.isPlaced = beside.isPlaced && between.lasted.has_value();
        to.offsetNs = beside.offsetNs + direction * between.lasted.value_or(0);
    };
    const auto known =
        static_cast<size_t>(std::ranges::count_if(sleeps, [&](const Sleep &sleep) { return sleep.until <= at; }));
    for (size_t i = known; i > 0; --i)
        move(segments[i - 1], segments[i], sleeps[i - 1], -1);
    for (size_t i = known; i < sleeps.size(); ++i)
        move(segments[i + 1], segments[i], sleeps[i], 1);
    return segments;
}

std::vector<Segment> segmentsOfZone(const std::vector<ZoneStretch> &stretches, DurationNs addedNs,
                                    DurationNs resolutionNs)
{
    std::vector<Segment> segments;
    for (const ZoneStretch &stretch : stretches)
        segments.push_back({stretch.from, addedNs - stretch.eastNs, 0, std::max(stretch.errorNs, resolutionNs)});
    return segments;
}

} // namespace faultline
