// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/clockedges.h"
#include "models/placement/placement.h"

namespace faultline {

/// A kernel log that nothing else places: a journal tells both clocks of the boot, if it knows but one that may be the log's.
void placeByBootPairs(Placement &placement, const Evidence &evidence, const std::vector<Clock> &clocks);

/// The last resort for what counts back from its capture: the file's own time, where that follows the case's last line closely.
void placeByFileTimes(Placement &placement, const Evidence &evidence);

} // namespace faultline
