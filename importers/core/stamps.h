// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/wallclock.h"
#include "models/evidence/types.h"

#include <string_view>
#include <vector>

namespace faultline {

/// A time stamp found in a line.
struct Stamp {
    SourceTime time;
    size_t end = 0;                 ///< Just past it, in the line.
    std::optional<int> zoneSeconds; ///< East of UTC where the text states a zone (then applied to `time`).
    DurationNs resolutionNs = NsPerSecond;
};

/// Reads at the start of `text`: ISO 8601, RFC 3339, log4j ("2026-11-23 18:55:18,123") and Go's log ("2026/11/23 18:55:18.123456"); zone
/// as Z, +hh:mm, +hhmm, +hh, " UTC" or " GMT", or none. A date without a time is no stamp.
std::optional<Stamp> readIsoStamp(std::string_view text);
/// Seconds since 1970 with or without fraction, or whole milli-, micro- or nanoseconds, told apart by their size; years 2000 to 2100.
std::optional<Stamp> readEpochStamp(std::string_view text);
/// "18:55:18", "18:55:18.123": nanoseconds since midnight.
std::optional<Stamp> readClockStamp(std::string_view text);

/// How a plain log writes its time: found once from its first lines, then used on each.
class StampFormat
{
public:
    enum class Shape {
        None,
        Iso,
        Epoch,
        Syslog,
        Klog,
        Ctime,
        CommonLog,
        MonthDay,
        DayMonth,
        ClockOnly,
        Uptime,
        Logfmt,
        Json
    };

    StampFormat() = default;
    /// The shape that most of the lines have; None where hardly any has one. `reference` (the file's time) dates stamps without year or day.
    static StampFormat detect(const std::vector<std::string_view> &lines, std::optional<TimeNs> reference);

    Shape shape() const { return m_shape; }
    /// What to call it: "ISO 8601".
    QString title() const;
    /// Whether year or date come from the file's time.
    DateBasis dateBasis() const;
    std::optional<Stamp> read(std::string_view line) const;
    /// Where the text after the stamp begins (0 where the stamp is a field inside it).
    size_t payloadStart(std::string_view line, const Stamp &stamp) const;

    /// The day that stamps without a date are of.
    TimeNs reference() const { return m_reference; }

private:
    std::optional<Stamp> readShape(std::string_view line) const;
    std::optional<Stamp> readDated(std::string_view text) const;
    std::optional<Stamp> readField(std::string_view line) const;

    Shape m_shape = Shape::None;
    TimeNs m_reference;
    YearGuess m_year;
    QByteArray m_key; ///< Of logfmt and JSON, with its punctuation: `"ts":`, `time=`.
};

} // namespace faultline
