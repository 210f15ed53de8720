// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/evidence/evidence.h"
#include "models/placement/placement.h"
#include "models/search/lineset.h"
#include "models/search/textchunks.h"

namespace faultline {

/// A run of lines, at most about a block, whose times ascend but for small disorder. `least` and `most` are those of all its lines.
struct TimePiece {
    qint64 firstLine = 1;
    SourceTime first; ///< Of its first line, its own or the last one before.
    SourceTime most;
    SourceTime least;
};

/// What one pass over the lines of a source tells of all of them: a few bytes a block for the times, and which lines warn or say that
/// something failed. In source time: it holds wherever the source is placed.
struct LineSummary {
    std::vector<TimePiece> pieces; ///< In order of lines and without gaps; empty where no line has a time.
    qint64 lineCount = 0;          ///< Lines 1 to here were looked at.
    LineSet warnings;
    LineSet errors; ///< Fatal ones too.
    std::optional<SourceTime> lastTime;

    /// Forgets what is known of this line and all after it.
    void forgetFrom(qint64 line);
};

/// The stretches of lines, within `range` and in order, that may hold times between the two, both inclusive. Lines that were not looked at
/// may hold any.
std::vector<LineRange> linesWithin(const LineSummary &summary, const SourcePlacement &placement, TimeNs from, TimeNs to,
                                   LineRange range);

/// Where the time of a line lies more than this before that of the line before it, other lines begin: another job, another boot.
inline constexpr DurationNs SmallDisorderNs = NsPerSecond;

/// Looks at the lines after `summary.lineCount`. `grown` is told now and then, never twice at the same time: what is summed up so far.
/// After an error, or where it was cancelled, the summary holds what was looked at.
PassEnd summarizeLines(const SourceEvidence &source, LineSummary &summary, int threads, const CancelToken &cancel,
                       const std::function<void(const LineSummary &)> &grown = {});

} // namespace faultline
