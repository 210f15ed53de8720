// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/placement.h"

#include "models/core/saturate.h"

#include <algorithm>

#include <array>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

qint64 mapped(const Segment &segment, qint64 sourceNs)
{
    qint64 time = saturatedAdd(sourceNs, segment.offsetNs);
    if (segment.drift != 0.0) {
        const double since = static_cast<double>(sourceNs) - static_cast<double>(segment.from.ns);
        time = saturatedAdd(time, fromSeconds(segment.drift * since / static_cast<double>(NsPerSecond)));
    }
    return time;
}

const Segment &segmentAt(const std::vector<Segment> &segments, SourceTime time)
{
    const auto after = std::upper_bound(segments.begin(), segments.end(), time,
                                        [](SourceTime t, const Segment &s) { return t < s.from; });
    return after == segments.begin() ? segments.front() : *(after - 1);
}

/// The last placed segment that has begun at a moment of the axis; the first placed one before all; null where none is placed.
const Segment *segmentAt(const SourcePlacement &placement, TimeNs time)
{
    for (auto segment = placement.segments.rbegin(); segment != placement.segments.rend(); ++segment)
        if (segment->isPlaced && mapped(*segment, segment->from.ns) <= time.ns)
            return &*segment;
    return placement.firstPlaced();
}

} // namespace

QLatin1StringView placementHowName(PlacementHow how)
{
    static constexpr std::array Names{"stated"_L1, "derived"_L1, "assumed"_L1, "user"_L1};
    return Names[static_cast<size_t>(how)];
}

const Segment *SourcePlacement::firstPlaced() const
{
    const auto found = std::ranges::find_if(segments, &Segment::isPlaced);
    return found == segments.end() ? nullptr : &*found;
}

std::optional<PlacedTime> SourcePlacement::place(SourceInterval interval) const
{
    if (segments.empty())
        return std::nullopt;
    const Segment &low = segmentAt(segments, interval.lo);
    const Segment &high = segmentAt(segments, interval.hi);
    if (!low.isPlaced || !high.isPlaced)
        return std::nullopt;
    const qint64 lo = mapped(low, interval.lo.ns);
    const qint64 hi = std::max(lo, mapped(high, interval.hi.ns));
    const auto middle =
        static_cast<qint64>(static_cast<quint64>(lo) + (static_cast<quint64>(hi) - static_cast<quint64>(lo)) / 2);
    return PlacedTime{{middle}, {saturatedAdd(lo, -low.errorNs)}, {saturatedAdd(hi, high.errorNs)}};
}

std::optional<SourceTime> SourcePlacement::sourceTime(TimeNs time) const
{
    const Segment *found = segmentAt(*this, time);
    if (!found)
        return std::nullopt;
    const Segment &segment = *found;
    const qint64 withoutDrift =
        saturatedAdd(time.ns, segment.offsetNs == std::numeric_limits<qint64>::min() ? 0 : -segment.offsetNs);
    if (segment.drift == 0.0)
        return SourceTime{withoutDrift};
    // t = s + o + d (s - f)  =>  s = f + (t - o - f) / (1 + d)
    const double since =
        (static_cast<double>(withoutDrift) - static_cast<double>(segment.from.ns)) / (1.0 + segment.drift);
    return SourceTime{saturatedAdd(segment.from.ns, fromSeconds(since / static_cast<double>(NsPerSecond)))};
}

std::optional<DurationNs> SourcePlacement::offsetAt(TimeNs time) const
{
    const Segment *segment = segmentAt(*this, time);
    return segment ? std::optional(segment->offsetNs) : std::nullopt;
}

std::optional<PlacedTime> Placement::place(int source, const std::optional<SourceInterval> &interval) const
{
    if (!interval)
        return std::nullopt;
    return sources[static_cast<size_t>(source)].place(*interval);
}

} // namespace faultline
