// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/cursor.h"
#include "models/core/time.h"

namespace faultline {

/// A date and time as a log writes it.
struct WallTime {
    qint64 ns = 0;                  ///< Since 1970 as written; the zone, where there is one, is not applied.
    std::optional<int> zoneSeconds; ///< East of UTC.
    int decimals = 0;               ///< Digits of the second's fraction.
    char separator = 0;             ///< Before the fraction: '.' or ','.

    /// With the zone applied, or as written where there is none.
    SourceTime sourceTime() const { return {ns - qint64(zoneSeconds.value_or(0)) * NsPerSecond}; }
};

/// For stamps without a year: the latest year that does not put them after the file was written (and a day).
class YearGuess
{
public:
    explicit YearGuess(std::optional<TimeNs> written = {});

    /// Of a text in which 29 February stands, `leapDay` being a moment of it as placed here: all of it is of half a year around that day,
    /// lest the days beside it get a later year than it can have.
    YearGuess around(std::optional<qint64> leapDay) const;

    /// Without a known file time the year is 1970: the differences of times hold, the date does not.
    std::optional<qint64> place(int month, int day, qint64 nsOfDay) const;
    bool isKnown() const { return m_isKnown; }

private:
    std::optional<TimeNs> m_written;
    int m_year = 0; ///< When it was written.
    bool m_isKnown = false;
};

/// Whether a time, as written, is of 29 February.
bool isLeapDay(qint64 ns);

/// 1..12 of a month's abbreviated name as %b writes it in the locales that logs are seen in; 0 where it is none.
int monthOfName(std::string_view name);

// Each takes its form from the cursor, or nothing.

/// hh:mm:ss with an optional fraction after '.' or ','; nanoseconds of the day.
std::optional<qint64> takeTimeOfDay(Cursor &cursor, WallTime &details);
/// Z, +hh, +hhmm or +hh:mm; seconds east of UTC.
std::optional<int> takeZone(Cursor &cursor);
/// 2026-11-23T18:59:24,658864+00:00; 'T' or a space, fraction and zone optional.
std::optional<WallTime> takeIsoTime(Cursor &cursor);
/// "Mon Nov 23 18:52:52 2026" as ctime and dmesg -T write it, also with localised names.
std::optional<WallTime> takeCtime(Cursor &cursor);
/// "Nov 23 18:55:18" with an optional fraction.
std::optional<WallTime> takeSyslogTime(Cursor &cursor, const YearGuess &year);

/// "Mon, 23 Nov 2026 18:47:06 +0000", all of the text.
std::optional<WallTime> parseRfc1123z(std::string_view text);

/// Seconds east of UTC of a zone's abbreviation where only one zone of that name is in use; CST and IST are not told apart.
std::optional<int> zoneOfAbbreviation(std::string_view name);

/// "+08:00", or "UTC" for 0.
QByteArray zoneText(int secondsEast);

} // namespace faultline
