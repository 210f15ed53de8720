// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace faultline {

/// A byte that moves a terminal's cursor or means nothing to it: all below a blank but the tab, and DEL.
constexpr bool isControlByte(char c)
{
    const auto value = static_cast<unsigned char>(c); // without a branch, or a loop over it is one byte at a time
    return static_cast<bool>(((value < 0x20) & (value != '\t')) | (value == 0x7f));
}

/// Where the next such byte stands from `from` on; the size where there is none.
size_t nextControlByte(std::string_view bytes, size_t from);
/// The same, but LFs are passed over.
size_t nextControlByteButLineFeed(std::string_view bytes, size_t from);

} // namespace faultline
