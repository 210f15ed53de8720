// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace faultline::test {

/// What a fuzz_<name>.cpp defines; the name is without "fuzz_".
struct FuzzTarget {
    const char *name;
    int (*run)(const std::uint8_t *data, std::size_t size);
};

/// All targets of this executable; CMake writes the list from the files that it finds.
const std::vector<FuzzTarget> &fuzzTargets();

} // namespace faultline::test
