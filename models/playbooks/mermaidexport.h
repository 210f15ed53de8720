// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/diagnosis.h"

namespace faultline {

/// A walked playbook as plain Mermaid that any renderer takes: safe ids, titles as quoted labels, states as classes, the taken way thick.
QString mermaidOf(const WalkedFlowchart &chart);

} // namespace faultline
