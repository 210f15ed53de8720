// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// The JVM's log of garbage collections, unified (-Xlog:gc, JDK 9 on) and old (-XX:+PrintGC, -XX:+PrintGCDetails), as series of the heap
/// before and after each collection, its committed size, and the pause.
class JvmGcRecogniser final : public Recogniser
{
public:
    QByteArray id() const override { return "jvm-gc"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
