// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/dmesg
#include "tests/fuzz/importbytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes("dmesg", data, size);
}
