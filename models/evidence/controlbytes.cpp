// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/controlbytes.h"

#include "models/core/vectorclones.h"

#include <algorithm>

namespace faultline {

namespace {

template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline size_t nextControlByteOf(std::string_view bytes, size_t from)
{
    constexpr size_t Stretch = 64;
    for (; from + Stretch <= bytes.size(); from += Stretch) {
        const char *const at = bytes.data() + from;
        unsigned char any = 0;
        for (size_t i = 0; i < Stretch; ++i) { // without a branch, or it is one byte at a time
            const auto value = static_cast<unsigned char>(at[i]);
            const bool isLow = (value < 0x20) & (value != '\t') & (StopsAtLineFeed | (value != '\n'));
            any |= static_cast<unsigned char>(isLow | (value == 0x7f));
        }
        if (any != 0)
            break;
    }
    const auto isWanted = [](char c) { return isControlByte(c) && (StopsAtLineFeed || c != '\n'); };
    return static_cast<size_t>(std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), isWanted)
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
