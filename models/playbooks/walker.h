// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"
#include "models/core/task.h"
#include "models/playbooks/playbook.h"
#include "models/store/rows.h"

namespace faultline {

/// Answers that a person gave by hand: (failure, playbook, node) -> edge label.
using HandAnswers = std::map<std::tuple<int, QString, QString>, QString>;

/// Walks every playbook that starts for every failure, over the SQL surface of `analysis` (which has no diagnosis yet).
/// A playbook that fails at run time is told in Diagnosis::errors; the others go on.
Diagnosis diagnose(const Analysis &analysis, Querier &querier, const PlaybookSet &playbooks, const HandAnswers &answers,
                   const CancelToken &cancel);

} // namespace faultline
