// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Tables with a time column: `time,series…` (a column a series, as Grafana exports them) or `time,series,value`.
/// Times are epoch seconds, ms, µs or ns, or ISO 8601; without a zone they are local.
class MetricsCsv : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
