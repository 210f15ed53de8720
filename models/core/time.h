// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <compare>
#include <optional>

namespace faultline {

/// A length of time in nanoseconds.
using DurationNs = qint64;

inline constexpr DurationNs NsPerMicrosecond = 1'000;
inline constexpr DurationNs NsPerMillisecond = 1'000'000;
inline constexpr DurationNs NsPerSecond = 1'000'000'000;
inline constexpr DurationNs NsPerMinute = 60 * NsPerSecond;
inline constexpr DurationNs NsPerQuarterHour = 15 * NsPerMinute;
inline constexpr DurationNs NsPerHour = 60 * NsPerMinute;
inline constexpr DurationNs NsPerDay = 24 * NsPerHour;

/// A moment on the one shared axis: nanoseconds since 1970-01-01T00:00:00 UTC.
struct TimeNs {
    qint64 ns = 0;
    auto operator<=>(const TimeNs &) const = default;
};

/// A moment as one source tells it: nanoseconds since 1970 as written (its zone applied where the text states one),
/// or since boot, or since the source's own start. Only Placement turns it into TimeNs.
struct SourceTime {
    qint64 ns = 0;
    auto operator<=>(const SourceTime &) const = default;
};

constexpr TimeNs operator+(TimeNs time, DurationNs by)
{
    return {time.ns + by};
}
constexpr TimeNs operator-(TimeNs time, DurationNs by)
{
    return {time.ns - by};
}
constexpr DurationNs operator-(TimeNs a, TimeNs b)
{
    return a.ns - b.ns;
}
constexpr SourceTime operator+(SourceTime time, DurationNs by)
{
    return {time.ns + by};
}
constexpr SourceTime operator-(SourceTime time, DurationNs by)
{
    return {time.ns - by};
}
constexpr DurationNs operator-(SourceTime a, SourceTime b)
{
    return a.ns - b.ns;
}

/// Seconds as a rounded number of nanoseconds; saturates instead of overflowing.
DurationNs fromSeconds(double seconds);
constexpr double toSeconds(DurationNs duration)
{
    return static_cast<double>(duration) / static_cast<double>(NsPerSecond);
}

/// Days since 1970-01-01 of a date in the proleptic Gregorian calendar; month 1..12, day 1..31.
qint64 daysFromCivil(int year, int month, int day);

/// Nanoseconds since 1970 of a civil date and time (no zone); nullopt where a part is out of range (a leap second 60 is taken).
std::optional<qint64> civilNs(int year, int month, int day, int hour, int minute, int second, qint64 nanos = 0);

/// RFC 3339 in UTC with as many decimals as needed, at most nine: "2026-05-04T10:00:00.1Z".
QByteArray toRfc3339(TimeNs time);

/// Reads RFC 3339 and ISO 8601 with 'T' or a space, ',' or '.', 0 to 9 decimals, and Z, +hh:mm, +hhmm or +hh. A zone is required.
std::optional<TimeNs> fromRfc3339(QByteArrayView text);

} // namespace faultline
