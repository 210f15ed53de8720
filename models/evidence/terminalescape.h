// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace faultline {

/// What an escape sequence does to a line of text.
struct TerminalEscape {
    size_t length = 1;            ///< Bytes, with the ESC.
    bool erasesLine = false;      ///< EL: to the end of the line, or all of it.
    bool erasesWholeLine = false; ///< EL 2.
    int forward = 0;              ///< CUF: columns passed over; negative for CUB.
    bool returns = false;         ///< CHA or HPA to the first column, CNL, CPL.
    bool jumps = false;           ///< To another place of the screen.
};

/// ECMA-48: CSI, strings (OSC, DCS, SOS, PM, APC) and two-byte sequences; Jenkins' hidden notes are one too. `text` starts with ESC; no
/// sequence goes past LF.
TerminalEscape readTerminalEscape(std::string_view text);

} // namespace faultline
