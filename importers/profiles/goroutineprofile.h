// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Goroutine profiles in text (/debug/pprof/goroutine?debug=1): equal stacks with how many share them. runtime/pprof: pprof.go, printCountProfile.
class GoroutineProfile : public Importer
{
public:
    static constexpr size_t MostStacks = 50'000;

    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
