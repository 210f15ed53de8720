// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

namespace faultline {

/// A stretch of the axis; lo < hi wherever it is shown.
struct TimeRange {
    TimeNs lo;
    TimeNs hi;

    DurationNs length() const;
    TimeNs middle() const;
    bool contains(TimeNs time) const { return lo <= time && time <= hi; }
    /// Both, and all between them.
    TimeRange united(TimeRange other) const;
    bool operator==(const TimeRange &) const = default;
};

/// Pixels to moments and back, and what zooming and panning make of a range. No state beside what is shown; no painting.
struct TimeScale {
    static constexpr DurationNs LeastLength = 10;                    ///< Below, the pixels have no more to say.
    static constexpr DurationNs MostLength = 200LL * 365 * NsPerDay; ///< Keeps sums within int64.

    TimeRange range;
    double left = 0;  ///< Pixel of range.lo.
    double width = 1; ///< Pixels that the range takes; > 0.

    /// Pixel of a moment; outside of the range it goes on linearly, clamped far outside so that painters stay exact.
    double x(TimeNs time) const;
    /// Moment at a pixel, saturating at the ends of int64.
    TimeNs time(double x) const;
    double nsPerPixel() const;

    /// The range `factor` times as long (below 1: zoom in) with `around` staying at its pixel, kept within `full`.
    static TimeRange zoomed(TimeRange range, TimeNs around, double factor, TimeRange full);
    /// The range moved by `by`, stopping at the ends of `full`.
    static TimeRange panned(TimeRange range, DurationNs by, TimeRange full);
    /// The range shortened or moved so that it lies within `full` and is neither too short nor too long.
    static TimeRange kept(TimeRange range, TimeRange full);
};

} // namespace faultline
