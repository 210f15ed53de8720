// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/openmetrics tests/data/prometheus-text tests/data/promtool-dump
#include "tests/fuzz/importbytes.h"

/// Metrics as lines of text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"openmetrics", "prometheus-text", "promtool-dump"}, data, size);
}
