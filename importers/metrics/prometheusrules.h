// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

namespace faultline {

/// Rule files of Prometheus, and unit tests of such: no measurements, but thresholds that someone thought worth an alert.
/// Each alert becomes facts, which withAlerts() evaluates; what of them it cannot is noted. https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/
class PrometheusRules : public Importer
{
public:
    static constexpr qint64 MostBytes = qint64(4) * 1024 * 1024;
    static constexpr size_t MostRules = 10'000;

    ImporterInfo info() const override;
    SniffResult sniff(const SourceHead &head) const override;
    ImportOutcome read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                       const ImportContext &context) const override;
};

} // namespace faultline
