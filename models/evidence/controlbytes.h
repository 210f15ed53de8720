// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace faultline {

/// A byte that moves a terminal's cursor or means nothing to it: all below a blank but the tab, and DEL.
constexpr bool isControlByte(char c)
{
    const auto value = static_cast<unsigned char>(c);
    return (value < 0x20 && c != '\t') || value == 0x7f;
}

/// Where the next such byte (but no LF, where it shall not stop there) stands from `from` on; the size where there is none. Looks at eight
/// bytes at a time.
template<bool StopsAtLineFeed = true>
size_t nextControlByte(std::string_view bytes, size_t from)
{
    constexpr auto isWanted = [](char c) { return isControlByte(c) && (StopsAtLineFeed || c != '\n'); };
    constexpr quint64 Ones = 0x0101010101010101;
    constexpr quint64 High = 0x8080808080808080;
    const char *at = bytes.data() + from;
    const char *const end = bytes.data() + bytes.size();
    for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(quint64)); at += sizeof(quint64)) {
        quint64 word = 0;
        std::memcpy(&word, at, sizeof word);
        quint64 low = (word - Ones * 0x20) & ~word & High;
        if constexpr (!StopsAtLineFeed) {
            const quint64 other = word ^ (Ones * '\n'); // 0 where there is one
            low &= ((other & ~High) + ~High) | other;
        }
        const quint64 del = word ^ (Ones * 0x7f);
        if ((low | ((del - Ones) & ~del & High)) == 0)
            continue;
        const char *const found = std::find_if(at, at + sizeof word, isWanted);
        if (found != at + sizeof word)
            return static_cast<size_t>(found - bytes.data());
    }
    return static_cast<size_t>(std::find_if(at, end, isWanted) - bytes.data());
}

} // namespace faultline
