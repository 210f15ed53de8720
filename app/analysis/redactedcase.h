// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/savedcase.h"
#include "models/redaction/redactor.h"

namespace faultline {

/// What is to be handed on as a case file of its own.
struct RedactedCase {
    Analysis analysis;
    CaseEdits edits;
    SavedView view;
    std::vector<RedactionRule> rules;
    QStringList kept; ///< Values that may stay.
};

/// Writes a case with its files in it, each line of them gone over by the rules, as everything else of the case: values have the pseudonyms
/// that redactedAnalysis() gives them. Texts in archives and compressed files become files of their own. Files that are no text cannot be
/// gone over and stay out, as does the run compared with. Returns the names of what stayed out.
Result<QStringList> saveRedactedCase(const QString &file, const RedactedCase &wanted, const CancelToken &cancel = {});

} // namespace faultline
