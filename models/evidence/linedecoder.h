// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <string_view>

namespace faultline {

/// What a carrier makes of one line. `payload` points into the bytes given.
struct DecodedLine {
    std::optional<SourceTime> time; ///< The line's own stamp; none where it has none.
    std::string_view payload; ///< What the program wrote, without the carrier's prefix. Terminal escapes still inside.
    Severity level = Severity::Info;
    char stream = 0; ///< 'O' or 'E' where the carrier tells them apart.
};

/// Gives time, level and payload of any line on demand, so that nothing is stored for a line but its place.
/// Immutable and thread safe; lives as long as the Evidence.
class LineDecoder
{
public:
    LineDecoder() = default;
    virtual ~LineDecoder() = default;
    Q_DISABLE_COPY_MOVE(LineDecoder)

    /// `line` without its LF; `byteOffset` is where it starts (sources with several boots need it).
    virtual DecodedLine decode(std::string_view line, qint64 byteOffset) const = 0;
};

/// The bytes without ANSI/VT escape sequences and with the text that a carriage return overwrote taken out.
/// LF stays, so lines keep their numbers.
QByteArray withoutTerminalControl(std::string_view bytes);

} // namespace faultline
