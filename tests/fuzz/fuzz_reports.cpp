// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/eslint-json tests/data/github-run tests/data/golangci-lint-json tests/data/govulncheck-json tests/data/npm-audit-json tests/data/go-cover
#include "tests/fuzz/importbytes.h"

/// Reports of linters, audits and coverage.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    return faultline::test::importBytes(
        {"eslint-json", "github-run", "golangci-lint-json", "govulncheck-json", "npm-audit-json", "go-cover"}, data,
        size);
}
