// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/findings/metricrules.h"

namespace faultline {

/// Adds a series for each pair of counters of the source that a rule joins and whose labels are the same: at each moment that both have a
/// sample, the part of what was counted since the moment before. A reset starts from zero; where the whole did not rise there is NaN, a gap.
/// A ratio that the source has already by that name and labels is left as it is.
void addRatios(SourceEvidence &evidence, const std::vector<RatioRule> &rules);

} // namespace faultline
