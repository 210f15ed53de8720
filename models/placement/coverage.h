// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline {

/// A span of the axis of which a source would have told, for a subject ("" for all it tells).
struct PlacedCoverage {
    int source = -1;
    QByteArray subject;
    std::optional<TimeNs> from; ///< None: since before anything of interest.
    std::optional<TimeNs> to;   ///< None: not known; absence then counts for nothing.
    CoverageHow how = CoverageHow::Stated;

    /// Whether all of [first, last] is covered; assumed coverage counts, `how` says that it is assumed.
    bool contains(TimeNs first, TimeNs last) const { return to && *to >= last && (!from || *from <= first); }
};

/// What a source covers, on the axis; one entry a subject. Empty where the source is unplaced. Event-driven sources (kernel log,
/// journal, Kubernetes) are silent when all is well: they cover until they were captured, which their content says, or another
/// source's anchor, or (assumed) the file's own time where that is plausible. Sampled ones cover to the last sample plus a step.
std::vector<PlacedCoverage> placedCoverages(const Evidence &evidence, const Placement &placement, int source);
/// The same of all sources, in order.
std::vector<PlacedCoverage> placedCoverages(const Evidence &evidence, const Placement &placement);

/// The coverage of a source for a subject: its own entry, else that of the subject "". Nullopt where nothing is known.
std::optional<PlacedCoverage> placedCoverage(const Evidence &evidence, const Placement &placement, int source,
                                             QByteArrayView subject = {});

} // namespace faultline
