// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Profiles in pprof's protobuf form, gzipped or not: https://github.com/google/pprof/blob/main/proto/profile.proto
/// A Profile for each sample type, with the functions that weigh most. Older forms are recognised, not read.
class Pprof : public Importer
{
public:
    static constexpr qint64 MostBytes = qint64(512) * 1024 * 1024;
    /// Functions that are kept of a profile, by cumulated value.
    static constexpr size_t MostFrames = 500;

    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
