// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/answering.h"

namespace faultline {

/// Whether finding nothing means that there was nothing.
struct CoverageCheck {
    Certainty certainty = Certainty::Unknown;
    QString reason;      ///< Why it does not count, or what it rests on.
    QStringList missing; ///< Kinds that are absent, unplaced or too short.
    std::vector<EvidenceRef> looked;
};

/// Looks at what the question counts absence from: of every group one source must be there for the failure's host or pod, placed, and cover
/// the question's window up to the failure (a cause comes first, so what follows the failure need not be covered). Of metrics also the time
/// between their samples counts: see excludesLimit().
CoverageCheck checkCoverage(const Question &question, const Failure &failure, const Analysis &analysis,
                            const RunIdentity &run);

} // namespace faultline
