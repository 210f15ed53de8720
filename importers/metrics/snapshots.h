// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// Several snapshots of one metrics page, in one folder: each alone holds a sample a series, in which nothing rises. Joins the series of
/// those that state no time and hold mostly the same, into the earliest; the others keep a note that says so. Pages that were
/// taken at the same time, as far as is known, stay side by side.
void joinSnapshots(const std::vector<std::shared_ptr<SourceEvidence>> &sources);

} // namespace faultline
