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

/// What one pass over a text finds: where about its LFs are, and where other such bytes stand, so that nobody need look for them again.
class ControlSurvey
{
public:
    static constexpr size_t GroupBytes = 4096;

    void lookAt(std::string_view text);

    qint64 lineFeeds() const { return m_lineFeeds; }
    /// The place just behind the LF number `lines` from `from` on; the size where there are fewer. `text` is the one that was looked at.
    size_t skipLines(std::string_view text, size_t from, qint64 lines) const;
    /// The places of all control bytes but LF.
    const std::vector<size_t> &controls() const { return m_controls; }
    bool hasNul() const { return m_hasNul; }
    bool isAscii() const { return m_isAscii; }

private:
    std::vector<int> m_lineFeedsOf; ///< A group of GroupBytes each.
    std::vector<size_t> m_controls;
    qint64 m_lineFeeds = 0;
    bool m_hasNul = false;
    bool m_isAscii = true;
};

} // namespace faultline
