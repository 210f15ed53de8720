// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/registry.h"
#include "models/analysis/analysis.h"
#include "models/playbooks/walker.h"

namespace faultline {

/// A run that passed, read once to hold others against.
struct Baseline {
    std::shared_ptr<const Evidence> evidence;
    Placement placement;
    Findings findings;
    LineTally lines;
};

struct AnalyzeOptions {
    ImportOptions import;
    std::vector<std::pair<QString, ClockOverride>> clocks; ///< Source path or its ending.
    HandAnswers answers;
    std::shared_ptr<const Annotations> annotations;
    QString postmortem;
    std::optional<TimeNs> failureTime; ///< The user's word for when it failed; replaces the first failure's time.
    std::shared_ptr<const Baseline> baseline; ///< Null: compare with nothing.
};

/// Everything that is read once and shared by all analyses: signatures, scanner, playbooks, causes.
struct Knowledge {
    ImportTools tools;
    PlaybookSet playbooks;
    std::vector<Error> errors; ///< Files of the user's folders that could not be used.
};
Result<std::shared_ptr<const Knowledge>> loadKnowledge(const QStringList &signatureFolders,
                                                       const QStringList &playbookFolders);

/// From files to a diagnosis; thread safe. Fails as importPaths does; all else is told inside the Analysis.
Result<Analysis> analyze(const QStringList &paths, const Knowledge &knowledge, const AnalyzeOptions &options);

/// Reads a run that passed. Fails as importPaths does.
Result<std::shared_ptr<const Baseline>> loadBaseline(const QStringList &paths, const Knowledge &knowledge,
                                                     const ImportOptions &options);

/// The same from evidence already read: for changed clocks, answers and baselines.
Result<Analysis> reanalyze(std::shared_ptr<const Evidence> evidence, const Knowledge &knowledge,
                           const AnalyzeOptions &options);

} // namespace faultline
