// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

namespace faultline {

/// A copy of the text.
inline QByteArray bytesOf(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// The bytes as they stand: valid as long as `bytes` is unchanged.
inline std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

/// Without the blanks, tabs and CR at its ends.
inline std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view Blanks = " \t\r";
    const size_t from = text.find_first_not_of(Blanks);
    return from == std::string_view::npos ? std::string_view()
                                          : text.substr(from, text.find_last_not_of(Blanks) - from + 1);
}

} // namespace faultline
