// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/playbookwalk.h"

namespace faultline {

/// What may be cited for a failure and its first diagnosis together.
inline constexpr size_t MostPlaces = 12;
inline constexpr size_t MostPlacesOfVerdict = 8;

/// The step that leaves open whether the failure's own one ended the job; null where none does. What GitHub says of the run settles it.
const Span *stepThatLeavesOpen(const FailureContext &context);

/// Status, confidence, evidence and texts of a cause that a walk reached.
Verdict judge(const ReachedCause &reached, const Cause &cause, const FailureContext &context);

/// Best first: status, failures that nothing caused before those that followed, deeper causes before what they bring about, confidence.
void rankVerdicts(std::vector<Verdict> &verdicts, const Findings &findings, const PlaybookSet &set);

} // namespace faultline
