// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// The kernel's report of an out-of-memory kill, from "invoked oom-killer" to "Killed process", in the forms of kernels 2.6 to 6.x:
/// mm/oom_kill.c (dump_header, dump_tasks, __oom_kill_process), mm/memcontrol.c (mem_cgroup_print_oom_context).
/// Facts of each kill: subject oom/<pid>.
class OomReport : public Recogniser
{
public:
    QByteArray id() const override { return "oom_report"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
