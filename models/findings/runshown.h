// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// Whether any source tells of a run, so that "nothing failed" can be said of it: the log of a job or of tests, jobs, steps or tests, states
/// of a pod, or any event that a signature knows.
bool showsARun(const Evidence &evidence);

} // namespace faultline
