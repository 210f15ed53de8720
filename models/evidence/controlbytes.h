// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <string_view>
#include <vector>

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

/// How many LF the bytes hold.
qint64 countLineFeeds(std::string_view bytes);

/// What one pass over a text finds: where about its LFs are, and in which stretches of it other such bytes stand, so that nobody need look
/// at the others again.
class ControlSurvey
{
public:
    static constexpr size_t StretchBytes = 128;
    static constexpr size_t GroupBytes = 32 * StretchBytes;

    void lookAt(std::string_view text);

    qint64 lineFeeds() const { return m_lineFeeds; }
    /// The place just behind the LF number `lines` from `from` on; the size where there are fewer. `text` is the one that was looked at.
    size_t skipLines(std::string_view text, size_t from, qint64 lines) const;
    bool hasControls() const { return m_hasControls; } ///< Other than LF.
    bool hasNul() const { return m_hasNul; }
    /// As nextControlByteButLineFeed(); `text` is the one that was looked at.
    size_t next(std::string_view text, size_t from) const;

private:
    std::vector<unsigned char> m_holds; ///< A stretch each: 1 where it holds one, else 0.
    std::vector<int> m_lineFeedsOf;     ///< A group each.
    qint64 m_lineFeeds = 0;
    bool m_hasControls = false;
    bool m_hasNul = false;
};

} // namespace faultline
