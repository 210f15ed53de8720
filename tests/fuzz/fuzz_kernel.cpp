// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/dmesg tests/data/dmesg-json tests/data/journalctl tests/data/journal-export tests/data/journal-json tests/data/journal-pretty tests/data/journal-verbose
#include "tests/fuzz/importbytes.h"

/// Kernel logs and the journal.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes(
        {"dmesg", "dmesg-json", "journalctl", "journal-export", "journal-json", "journal-pretty", "journal-verbose"},
        data, size);
}
