// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/plain tests/data/json-lines tests/data/kubectl-logs tests/data/strace
#include "tests/fuzz/importbytes.h"

/// Logs of programs.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"plain", "json-lines", "kubectl-logs", "strace"}, data, size);
}
