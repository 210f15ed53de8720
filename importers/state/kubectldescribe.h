// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// `kubectl describe` of pods, nodes and workloads. Absolute times carry a zone; events are told by their age, and the moment of
/// the capture, which is not in the output, is found from pairs of both.
class KubectlDescribe : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
