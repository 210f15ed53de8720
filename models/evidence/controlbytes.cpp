// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/controlbytes.h"

#include "models/core/vectorclones.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace faultline {

namespace {

/// 1 where it is such a byte, 0 where not.
template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline unsigned char isWanted(char c)
{
    return static_cast<unsigned char>(isControlByte(c) & (StopsAtLineFeed | (c != '\n')));
}

template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline size_t nextControlByteOf(std::string_view bytes, size_t from)
{
    constexpr size_t Stretch = 64;
    for (; from + Stretch <= bytes.size(); from += Stretch) {
        std::array<unsigned char, Stretch> wanted;
        unsigned char any = 0;
        for (size_t i = 0; i < Stretch; ++i) {
            wanted[i] = isWanted<StopsAtLineFeed>(bytes[from + i]);
            any |= wanted[i];
        }
        if (any != 0)
            return from
                   + static_cast<size_t>(static_cast<const unsigned char *>(std::memchr(wanted.data(), 1, Stretch))
                                         - wanted.data());
    }
    return static_cast<size_t>(
        std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), isWanted<StopsAtLineFeed>)
        - bytes.begin());
}

} // namespace

FAULTLINE_VECTOR_CLONES
size_t nextControlByte(std::string_view bytes, size_t from)
{
    return nextControlByteOf<true>(bytes, from);
}

FAULTLINE_VECTOR_CLONES
size_t nextControlByteButLineFeed(std::string_view bytes, size_t from)
{
    return nextControlByteOf<false>(bytes, from);
}

} // namespace faultline
