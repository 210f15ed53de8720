// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/cursor.h"
#include "models/core/views.h"

#include <limits>

/// Words of an out-of-memory report's lines.
namespace faultline::oomtext {

/// The text between two marks; empty where one is missing. An empty end mark: to the end.
inline std::string_view between(std::string_view text, std::string_view from, std::string_view to)
{
    const size_t start = text.find(from);
    if (start == std::string_view::npos)
        return {};
    text.remove_prefix(start + from.size());
    return to.empty() ? text : text.substr(0, text.find(to));
}

/// "total-vm:1799712kB" → 1842905088.
inline std::optional<qint64> kilobytesAfter(std::string_view text, std::string_view key)
{
    const size_t at = text.find(key);
    if (at == std::string_view::npos)
        return std::nullopt;
    Cursor cursor(text.substr(at + key.size()));
    cursor.blanks();
    const auto kilobytes = cursor.number(16);
    if (!kilobytes || !(cursor.take("kB") || cursor.take("KB") || cursor.take(" kB")))
        return std::nullopt;
    // "No limit" is written as the largest number of pages.
    return *kilobytes > std::numeric_limits<qint64>::max() / 1024 ? std::numeric_limits<qint64>::max()
                                                                  : *kilobytes * 1024;
}

} // namespace faultline::oomtext
