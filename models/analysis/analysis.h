// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/annotations/annotation.h"
#include "models/compare/runcomparison.h"
#include "models/playbooks/diagnosis.h"

#include <memory>

namespace faultline {

/// The snapshots that all of the program looks at. A value: copying shares.
struct Analysis {
    std::shared_ptr<const Evidence> evidence;
    std::shared_ptr<const Placement> placement;
    std::shared_ptr<const Findings> findings;
    std::shared_ptr<const Diagnosis> diagnosis; ///< Null while playbooks run: the SQL surface then has no verdicts.
    std::shared_ptr<const RunComparison> comparison = nullptr; ///< With a run that passed; null where none was given.
    std::shared_ptr<const Annotations> annotations = nullptr;  ///< What a person wrote; null: nothing.
    QString postmortem = {}; ///< What a person wrote about it all: Markdown with placeholders; empty: nothing.
};

/// The last moment that any source tells of; none where nothing has a place in time.
std::optional<TimeNs> lastMoment(const Analysis &analysis);

} // namespace faultline
