// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/types.h"

#include <QByteArray>

#include <optional>
#include <string_view>

namespace faultline {

class ControlSurvey;

/// What a carrier makes of one line. `payload` points into the bytes given, or into `owned`.
struct DecodedLine {
    std::optional<SourceTime> time; ///< The line's own stamp; none where it has none.
    std::string_view payload; ///< What the program wrote, without the carrier's prefix. Terminal escapes still inside.
    std::optional<Severity> level; ///< What the carrier says of it. None: see levelOf().
    char stream = 0;               ///< 'O' or 'E' where the carrier tells them apart.
    QByteArray owned;              ///< Where the payload is not in the line as it stands (JSON strings).
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
    /// The time in force for an unstamped line at `byteOffset`, where the decoder knows it without looking at the lines before.
    virtual std::optional<SourceTime> timeBefore([[maybe_unused]] qint64 byteOffset) const { return std::nullopt; }
    /// False where no line ever has a stamp: then nobody needs to look back for one.
    virtual bool hasStamps() const { return true; }
};

/// The bytes without ANSI/VT escape sequences and with the text that a carriage return overwrote taken out.
/// LF stays, so lines keep their numbers.
QByteArray withoutTerminalControl(std::string_view bytes);

/// The same into a buffer that is used again. `keepOverwritten` leaves in what a carriage return overwrote, with the CR between
/// (but none before LF): what a scan for patterns should see. `known`: of these very bytes, where they were looked at before.
void stripTerminalControl(std::string_view bytes, bool keepOverwritten, QByteArray &into,
                          const ControlSurvey *known = nullptr);

} // namespace faultline
