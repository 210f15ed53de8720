// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// How a CI log ended where no line of it reads as an end, but its carrier knows that a step failed or was cancelled.
struct ToldEnd {
    Event event; ///< The line that says so best: of the exit code, of the step's last error, or the step's last.
    std::optional<qint64> exitCode;
    bool cancelled = false;
    qint64 firstLine = 1; ///< Of the step.
};

/// From the first step that failed, else was cancelled, in a job that did not pass; else from such a job. Nullopt where there is none.
std::optional<ToldEnd> endToldBySpans(const SourceEvidence &evidence);

/// Lines that a program wrote right before a line or its step's end.
struct LastWords {
    qint64 line = 0; ///< 0: there are none.
    qint64 lastLine = 0;
    QByteArray text;
    std::optional<SourceTime> time; ///< Of the first of them.
};

/// What was written last before `end`, in the lines from `first` on: a few lines without a blank one between. Where no line is known to say
/// why a step failed, these are the best guess by far.
LastWords lastWordsBefore(const SourceEvidence &evidence, qint64 first, qint64 end);

} // namespace faultline
