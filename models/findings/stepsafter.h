// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// Whether a source is a log of GitHub Actions, as its runner or `gh run view --log` writes it: each step's outcome is told there.
bool isGithubLog(const SourceEvidence &source);

/// What leaves open, in a log of GitHub Actions, whether the step that holds a line ended its job: a step of the same job that failed
/// before it, or an ordinary one that ran after it though it failed. Either a step was allowed to fail (continue-on-error) or a later one
/// runs always; a log tells neither. What reports and cleans up after a failure is no ordinary step. Null where nothing does.
const Span *stepThatLeavesOpen(const SourceEvidence &source, qint64 line);

} // namespace faultline
