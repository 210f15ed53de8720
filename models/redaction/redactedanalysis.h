// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/redaction/redactor.h"

namespace faultline {

/// The analysis with secrets taken out of everything that reports and pictures show: events, names, facts, labels, findings,
/// verdicts, flowcharts, notes and paths. The files behind it stay as they are: who reads lines of them anew sees them whole.
Analysis redactedAnalysis(const Analysis &analysis, Redactor &redactor);

} // namespace faultline
