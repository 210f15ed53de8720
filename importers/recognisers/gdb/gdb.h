// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// What gdb says of a core: who made it, the signal, and the stack. Facts: subject core.
class Gdb : public Recogniser
{
public:
    QByteArray id() const override { return "gdb"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
