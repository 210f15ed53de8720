// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/host-state tests/data/cgroup-files tests/data/sysstat tests/data/sadf tests/data/vmstat tests/data/top
#include "tests/fuzz/importbytes.h"

/// The state of a host, and tables of its counters.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"host-state", "cgroup-files", "sysstat", "sadf", "vmstat", "top"}, data, size);
}
