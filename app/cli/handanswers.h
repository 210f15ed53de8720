// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/walker.h"

#include <QStringList>

namespace faultline {

/// Reads "[FAILURE:][PLAYBOOK.]QUESTION=CHOICE" as --answer gives it; failures count from 1, the first is meant where none is named.
/// Fails with Code::Usage and the questions or choices that there are.
Result<HandAnswers> readHandAnswers(const QStringList &given, const PlaybookSet &set);

/// Those of the answers that the walk made no use of, as a person would write them: the evidence answers the question itself, the walk
/// did not come to it, or there is no such failure.
QStringList unusedAnswers(const HandAnswers &answers, const Diagnosis &diagnosis);

} // namespace faultline
