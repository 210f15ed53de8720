// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/go-test tests/data/go-test-json tests/data/junit-xml tests/data/nunit-xml tests/data/xunit-xml tests/data/trx tests/data/goroutine-dump tests/data/jvm-thread-dump tests/data/hs-err
#include "tests/fuzz/importbytes.h"

/// What test runs and dying programs print.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes({"go-test", "go-test-json", "junit-xml", "nunit-xml", "xunit-xml", "trx",
                                         "goroutine-dump", "jvm-thread-dump", "hs-err"},
                                        data, size);
}
