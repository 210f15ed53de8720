// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Coverage profiles of `go test -coverprofile`: golang.org/x/tools/cover. Facts: coverage percent in all and by package.
class GoCover : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
