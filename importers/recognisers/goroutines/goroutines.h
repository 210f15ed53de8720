// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Goroutine dumps of panics, timeouts, SIGQUIT and pprof's debug=2: each goroutine with state, wait and stack.
class GoroutinesRecogniser final : public Recogniser
{
public:
    static constexpr size_t MostGoroutines = 50'000;

    QByteArray id() const override { return "goroutines"; }
    bool appliesTo(SourceKind kind) const override;
    std::vector<QByteArray> triggers() const override;
    std::unique_ptr<RecogniserSession> open() const override;
};

} // namespace faultline
