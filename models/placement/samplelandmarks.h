// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/landmarks.h"

namespace faultline {

/// What the series of a source show of a kill (memory falls or ends at its height) or of a refused fork (processes reach their height).
/// Only series that name a cgroup or pod: without one, nothing ties them to another source.
std::vector<Landmark> sampleLandmarks(const SourceEvidence &source, int index);

} // namespace faultline
