// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

namespace faultline {

/// What stood out in the series that the ranking of all of them names for a failure and that Findings::spikes leaves out, the most telling
/// first, at most `most`. Goes through all samples of each: not for the window's own thread.
std::vector<Spike> rankedBeyondSpikes(const Analysis &analysis, int failure, size_t most);

} // namespace faultline
