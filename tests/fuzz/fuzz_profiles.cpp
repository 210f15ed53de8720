// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/pprof tests/data/pprof-broken tests/data/goroutine-profile
#include "tests/fuzz/importbytes.h"

/// Profiles.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"pprof", "goroutine-profile"}, data, size);
}
