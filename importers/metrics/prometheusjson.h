// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Answers of Prometheus' HTTP API and of promtool: matrix, vector, scalar, errors.
/// https://prometheus.io/docs/prometheus/latest/querying/api/
class PrometheusJson : public Importer
{
public:
    /// simdjson needs the document in memory.
    static constexpr qint64 MostBytes = qint64(2) * 1024 * 1024 * 1024;

    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
