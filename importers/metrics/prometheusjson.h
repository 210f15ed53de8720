// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Answers of Prometheus' HTTP API and of promtool: matrix, vector, scalar, string, native histograms (as the series of classic ones),
/// warnings, errors.
/// https://prometheus.io/docs/prometheus/latest/querying/api/
class PrometheusJson : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

/// What /api/v1/export of VictoriaMetrics gives: a line a series, {"metric":{…},"values":[…],"timestamps":[…]} in milliseconds.
/// https://docs.victoriametrics.com/#json-line-format
class VictoriaExport : public Importer
{
public:
    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
