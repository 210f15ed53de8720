// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/landmarks.h"

#include <functional>

namespace faultline {

/// One clock of a source: most sources have one, a log of several boots has one a boot.
struct Clock {
    int source = -1;
    int segment = 0;
    SourceTime from; ///< The first source time of this clock.
};

/// All clocks of the case, source by source.
std::vector<Clock> clocksOf(const Evidence &evidence);
/// The clock of a source that a source time belongs to; an index into `clocks`.
int clockAt(const std::vector<Clock> &clocks, int source, SourceTime time);

/// The same moment in two clocks.
struct ClockMatch {
    SourceTime a;
    SourceTime b;
    qint64 lineA = 0;
    qint64 lineB = 0;
    DurationNs errorNs = 0; ///< Of b - a.
    Kinship kinship = Kinship::Alike;
    double weight = 0;
    QString what;
    bool agrees = false; ///< With the edge's offset.

    DurationNs offsetNs() const { return b - a; }
};

/// What two clocks' common moments say of their distance: time by b = time by a + offset.
struct ClockEdge {
    int a = -1; ///< Index of a clock.
    int b = -1;
    DurationNs offsetNs = 0;
    DurationNs errorNs = 0;
    DurationNs residualNs = 0; ///< How far the agreeing matches are from the offset (and drift), at most.
    double drift = 0;          ///< The offset holds at `driftFrom` (by a) and grows by this; 0 where none shows.
    SourceTime driftFrom;
    DurationNs wanderNs = 0; ///< How far drift moves the offset within the matches.
    double weight = 0;
    Kinship kinship = Kinship::Alike; ///< The best of the agreeing matches.
    bool isClear = true;              ///< False: another offset explains the matches nearly as well.
    std::vector<ClockMatch> matches;  ///< The agreeing ones first; at most MostMatches.

    static constexpr size_t MostMatches = 24;
};

/// Two stamps this close are taken for the same moment: dmesg -T runs up to 1.5 s early, logs are flushed late.
inline constexpr DurationNs ClockTolerance = 5 * NsPerSecond / 2;

/// Finds the offset that explains the matches best. Where ones that `isPreferred` tell about as much as
/// the rest, only they count: clocks that both state their zone are presumed right, zone-less ones whole quarters of an hour off. Nullopt without matches.
std::optional<ClockEdge> edgeOf(int a, int b, std::vector<ClockMatch> matches,
                                const std::function<bool(const ClockMatch &)> &isPreferred);

/// Edges between all pairs of clocks that share moments.
std::vector<ClockEdge> findEdges(const Evidence &evidence, const std::vector<Clock> &clocks);

} // namespace faultline
