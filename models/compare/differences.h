// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/compare/runcomparison.h"

namespace faultline {

// The parts of compareRuns().

/// Fills lines, newLines and goneLines.
void addLineDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills spans.
void addSpanDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills alignedAt and series.
void addDivergences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);

} // namespace faultline
