// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Tables of kubectl: `get events` (also -o wide, -A, of old versions), `events`, `get pods|nodes|…`, `top pod|node`. Times are ages.
class KubeTable : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
