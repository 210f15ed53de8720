// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/playbook.h"
#include "models/store/rows.h"

namespace faultline {

/// Mistakes inside one playbook: decisions without section, query or labels, sections without decision, nodes that nothing leads to, circles.
std::vector<Error> checkStructure(const Playbook &playbook);

/// Mistakes towards the others: unknown causes and symptoms named as causes, unknown playbooks, calls in a circle. `playbook` need not be in
/// the set; where it is, the one given counts.
std::vector<Error> checkReferences(const Playbook &playbook, const PlaybookSet &set);

/// Everything that is wrong with a playbook's file, with line and column; for `faultline check`.
/// `querier`, where not null, compiles the queries.
std::vector<Error> checkPlaybookFile(const QByteArray &markdown, const QString &file, const PlaybookSet &set,
                                     Querier *querier);

/// Everything that is wrong with a cause's page.
std::vector<Error> checkCauseFile(const QByteArray &markdown, const QString &file);

} // namespace faultline
