// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Profiles in pprof's protobuf form, gzipped or not: https://github.com/google/pprof/blob/main/proto/profile.proto
/// and the text and binary forms from before it. A Profile for each sample type, with the functions that weigh most.
class Pprof : public Importer
{
public:
    static constexpr qint64 MostBytes = qint64(512) * 1024 * 1024;
    /// Profiles shrink ten times or so; what grows more than this is no profile.
    static constexpr qint64 MostRatio = 100;
    static constexpr qint64 FreeInflated = qint64(48) * 1024 * 1024;

    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
