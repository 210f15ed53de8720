// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/placeholders.h"
#include "models/playbooks/playbook.h"
#include "models/playbooks/runidentity.h"
#include "models/store/rows.h"

namespace faultline {

/// A row of a question's answer as evidence. Columns that count: source, line, last_line, text, time, time_lo, time_hi, series, value,
/// pid, pod, container, cgroup, host, job, fields, answer, strength (proves, supports, hints, "proves if shared",
/// "proves only if shared", "supports only if shared": for rows that nobody can place in time).
struct RowEvidence {
    EvidenceRef ref;
    Identity identity;
    std::optional<Strength> strength; ///< Where the row says it itself, in a column of that name.
    bool provesIfShared = false; ///< "proves if shared": proves where it shares the failure's identity, else supports.
    bool onlyIfShared = false;   ///< "proves only if shared", "supports only if shared": else it is a mere candidate.
    QVariant answer;
    PlaceholderValues values; ///< All columns, and the keys of `fields`.
};

std::vector<RowEvidence> rowEvidence(const Rows &rows, const Evidence &evidence);

/// How rows touch a failure: the best kinship of them; rows out of the failure's own source share its identity.
Kinship kinshipOf(const RowEvidence &row, const Failure &failure, const RunIdentity &run);

} // namespace faultline
