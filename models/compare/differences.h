// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/compare/runcomparison.h"

namespace faultline {

// The parts of compareRuns().

/// Fills lines, newLines and goneLines.
void addLineDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills moved and movedLines.
void addMovedLines(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills spans and aligned.
void addSpanDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills profiles.
void addProfileDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills caches.
void addCacheDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);
/// Fills alignedAt and series.
void addDivergences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed);

/// The line with its text and, where it is the failed run's, its time.
LineDifference lineDifference(Difference kind, const LineTally::Entry &entry, const ComparedRun &run);

} // namespace faultline
