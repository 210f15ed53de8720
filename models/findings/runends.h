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

} // namespace faultline
