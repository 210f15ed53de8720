// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Which kernel wrote the log: from its first line ("Linux version …", init/version.c) or the headline of a trace ("CPU: 0 PID: 1 Comm: x
/// Not tainted 6.1.0 #1", lib/dump_stack.c). Facts: subject kernel, keys release and taint.
class KernelRelease : public Recogniser
{
public:
    QByteArray id() const override { return "kernel_release"; }
    bool appliesTo(SourceKind kind) const override
    {
        return kind == SourceKind::KernelLog || kind == SourceKind::Journal;
    }
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
