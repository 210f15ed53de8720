// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/prometheus-json tests/data/victoriametrics-export tests/data/prometheus-rules tests/data/metrics-csv
#include "tests/fuzz/importbytes.h"

/// Metrics as JSON, YAML and tables.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes(
        {"prometheus-json", "victoriametrics-export", "prometheus-rules", "metrics-csv"}, data, size);
}
