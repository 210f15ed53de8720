// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Facts (key and value, and the bytes of sizes) of one line of `ulimit -a`; empty where it is none.
Fields readUlimitLine(std::string_view text);

/// `ulimit -a` of bash, dash, zsh and busybox, and /proc/<pid>/limits. Facts: subject ulimit, key the option's letter and its name.
class Ulimit : public Recogniser
{
public:
    QByteArray id() const override { return "ulimit"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
