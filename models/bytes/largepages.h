// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace faultline {

/// Of memory not used yet that will be filled from its front: asks the system for large pages, where it has them. The first touch of each
/// page costs about as much as reading it, in a virtual machine many times as much.
void preferLargePages(void *memory, size_t bytes);

/// Where large pages begin to pay.
inline constexpr size_t LongBytes = 1024 * 1024;

/// Makes room for `count` values in all; where those are many, in large pages.
template<typename T>
void reserveInLargePages(std::vector<T> &values, size_t count)
{
    if (count <= values.capacity())
        return;
    values.reserve(count);
    if (count * sizeof(T) >= LongBytes)
        preferLargePages(values.data() + values.size(), (values.capacity() - values.size()) * sizeof(T));
}

/// Doubles the room of a long vector that is full, in large pages.
template<typename T>
void growInLargePages(std::vector<T> &values)
{
    if (values.size() == values.capacity() && values.size() * sizeof(T) >= LongBytes)
        reserveInLargePages(values, 2 * values.size());
}

} // namespace faultline
