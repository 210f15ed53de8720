// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

#include <string_view>
#include <vector>

namespace faultline {

/// A stretch of a line as the terminal would have painted it. Colours are indexes 0..15, or an RGB value from 16 on; -1 is the default.
struct AnsiSpan {
    int start = 0;
    int length = 0;
    int foreground = -1;
    int background = -1;
    bool bold = false;
    bool faint = false;
    bool italic = false;
    bool underline = false;

    static constexpr int FirstRgb = 16; ///< foreground - FirstRgb is 0xRRGGBB.
    bool sameLook(const AnsiSpan &other) const;
    bool isPlain() const;
};

/// A line with its colours taken out of it.
struct AnsiText {
    QByteArray text;             ///< As withoutTerminalControl() gives it.
    std::vector<AnsiSpan> spans; ///< In UTF-16 units of the decoded text, in order, without gaps filled.
};

/// Reads SGR (ECMA-48 8.3.117, with 256 colours and RGB as xterm has them); all other sequences are dropped.
AnsiText parseAnsi(std::string_view bytes);

/// The colour for painting on a light or dark ground; the sixteen are chosen to be readable on it, others are moved until they are.
QColor ansiColor(int color, bool darkGround);

} // namespace faultline
