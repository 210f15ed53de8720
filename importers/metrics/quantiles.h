// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/findings/metricrules.h"

namespace faultline {

/// Adds series of quantiles over time, name{…,quantile="0.99"}, for each histogram among the source's series: of what was observed in the
/// steps before each sample. A reset starts from zero; where nothing was observed there is NaN, a gap. A histogram whose total is not told
/// (neither a bucket +Inf nor a count) has none, and notes say so, as they do of quantiles beyond the last bound.
void addQuantiles(SourceEvidence &evidence, const HistogramRules &rules);

} // namespace faultline
