// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/bootpairs.h"
#include "models/placement/consensus.h"
#include "models/placement/zones.h"

namespace faultline {

/// The segment of a clock as it was settled, with the drift of the edge that placed it.
Segment segmentOf(const Clock &clock, int index, const ClockState &state, const std::vector<ClockEdge> &edges);

/// A clock that was set: before each step it may be as far off as it was set by. `from` is the clock's own segment.
std::vector<Segment> segmentsOfSteps(const Segment &from, const std::vector<ClockStep> &steps);

/// A clock that stood still while its machine slept: `from` holds for the stretch in which `at` lies, the others are away from it by
/// the sleeps between; what lies beyond one of unknown length is not placed.
std::vector<Segment> segmentsOfSleeps(const Segment &from, SourceTime at, const std::vector<Sleep> &sleeps);

/// A zone that changes: an offset for each stretch, `addedNs` on top.
std::vector<Segment> segmentsOfZone(const std::vector<ZoneStretch> &stretches, DurationNs addedNs,
                                    DurationNs resolutionNs);

} // namespace faultline
