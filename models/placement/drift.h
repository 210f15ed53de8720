// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/clockedges.h"

namespace faultline {

/// A straight line through the common moments of two clocks: b = a + offset + rate * (a - from).
struct DriftFit {
    SourceTime from; ///< By clock a: the middle of the moments fitted.
    DurationNs offsetNs = 0;
    double rate = 0;
    DurationNs wanderNs = 0;     ///< How far the offset moves from `from` to the farther end.
    std::vector<size_t> inliers; ///< The matches on the line.
};

/// Fits a drift where several moments span enough time and lie on a line far better than on one offset; wrong pairs are left out.
/// Nullopt where one offset says it as well.
std::optional<DriftFit> fitDrift(const std::vector<ClockMatch> &matches);

} // namespace faultline
