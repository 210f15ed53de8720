// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Thread dumps of the JVM (jstack, SIGQUIT, jcmd Thread.print): threads with state and stack, what they wait for and hold, deadlocks.
class JvmThreadsRecogniser final : public Recogniser
{
public:
    static constexpr size_t MostThreads = 20'000;

    QByteArray id() const override { return "jvm-threads"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
