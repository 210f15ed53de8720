// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/core/task.h"
#include "models/redaction/redactor.h"

namespace faultline {

/// The analysis with secrets taken out of everything that reports and pictures show: events, names, facts, labels, findings,
/// verdicts, flowcharts, notes, the postmortem and paths. The files behind it stay as they are: who reads lines of them anew sees them
/// whole. Where it is cancelled the result is of no use.
Analysis redactedAnalysis(const Analysis &analysis, Redactor &redactor, const CancelToken &cancel = {});

} // namespace faultline
