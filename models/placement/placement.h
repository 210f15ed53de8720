// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <map>

namespace faultline {

/// A moment on the axis and what it may be off by: lo <= time <= hi.
struct PlacedTime {
    TimeNs time;
    TimeNs lo;
    TimeNs hi;

    DurationNs uncertaintyNs() const { return (hi.ns - lo.ns) / 2; }
    bool operator==(const PlacedTime &) const = default;
};

enum class PlacementHow { Stated, Derived, Assumed, User };
QLatin1StringView placementHowName(PlacementHow how);

/// From `from` on (until the next segment): time = source time + offset + drift * (source time - from).
struct Segment {
    SourceTime from;
    DurationNs offsetNs = 0;
    double drift = 0;
    DurationNs errorNs = 0;
    bool isPlaced = true; ///< False: a boot that nothing places, in a source of which another boot is placed.
};

/// The same moment seen in two sources.
struct Anchor {
    int source = -1;
    qint64 line = 0;
    SourceTime here;
    int otherSource = -1;
    qint64 otherLine = 0;
    TimeNs there; ///< As placed by the other source.
    QString what; ///< "pid 9355 killed" …
    DurationNs residualNs = 0;
    bool taken = false; ///< False: offered, not used.
};

/// How one source stands on the axis.
struct SourcePlacement {
    std::vector<Segment> segments; ///< Empty: not placed.
    PlacementHow how = PlacementHow::Stated;
    DurationNs residualNs = 0;
    QString reason; ///< "shifted +47.0 s: derived from 3 anchors, residual 0.2 s"
    std::vector<Anchor> anchors;

    bool isPlaced() const { return firstPlaced() != nullptr; }
    /// The first segment that is placed; null where none is.
    const Segment *firstPlaced() const;
    std::optional<PlacedTime> place(SourceInterval interval) const;
    std::optional<PlacedTime> place(SourceTime time) const { return place(SourceInterval{time, time}); }
    /// The source time that stands at `time`; for going from the axis back to a line or sample.
    std::optional<SourceTime> sourceTime(TimeNs time) const;
    /// The offset in force at a moment of the axis (the first segment's before it); nullopt if unplaced.
    std::optional<DurationNs> offsetAt(TimeNs time) const;
};

/// Where every source stands. Index is the source's id.
struct Placement {
    std::vector<SourcePlacement> sources;

    std::optional<PlacedTime> place(int source, SourceTime time) const
    {
        return sources[static_cast<size_t>(source)].place(time);
    }
    std::optional<PlacedTime> place(int source, const std::optional<SourceInterval> &interval) const;
};

/// What a person said of a source's clock.
struct ClockOverride {
    std::optional<DurationNs> offsetNs;     ///< Added to the times as written.
    std::optional<DurationNs> zoneOffsetNs; ///< East of UTC: the zone of a zone-less source.
    QString zone = {}; ///< Instead of a fixed offset: "Europe/Berlin", as it stood when the log was written.
};

/// Places every source: stated clocks first, then anchors found in the evidence, with the user's word above all.
Placement computePlacement(const Evidence &evidence, const std::map<int, ClockOverride> &overrides);

} // namespace faultline
