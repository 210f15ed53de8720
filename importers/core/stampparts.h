// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/stamps.h"

/// What the readers of time stamps share.
namespace faultline::stampparts {

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

inline char at(std::string_view text, size_t index)
{
    return index < text.size() ? text[index] : '\0';
}

/// Exactly `count` digits; -1 where there are others.
int number(std::string_view text, size_t from, size_t count);

struct ClockPart {
    int hour = 0;
    int minute = 0;
    int second = 0;
    qint64 nanos = 0;
    size_t end = 0;
    DurationNs resolutionNs = NsPerSecond;
};

/// hh:mm:ss with a fraction after '.' or ','.
std::optional<ClockPart> readClock(std::string_view text, size_t from);
/// A zone at `from`; moves `end` past it.
std::optional<int> readZone(std::string_view text, size_t from, size_t &end);
std::optional<Stamp> makeStamp(int year, int month, int day, const ClockPart &clock, std::string_view text,
                               bool mayHaveZone);

inline constexpr std::string_view Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
inline constexpr std::string_view Weekdays = "MonTueWedThuFriSatSun";

/// The index of a three-letter name from 1; 0 where it is none.
int nameIndex(std::string_view names, std::string_view text, size_t from);
/// One or two digits, the first may be a space; -1 where there are none. Moves `from` past them.
int dayNumber(std::string_view text, size_t &from);

/// "Mon Nov 23 18:55:18 2026", "Mon Nov 23 18:55:18 UTC 2026", "Mon, 23 Nov 2026 18:55:18 +0000".
std::optional<Stamp> readCtime(std::string_view text);
/// "23 Nov 2026 18:55:18.123" (Redis), "23-Nov-2026 18:55:18.123" (Tomcat, named), "23/Nov/2026:18:55:18 +0000";
/// "Nov 23, 2026 6:55:18 PM" (java.util.logging), "Nov 23, 2026, 18:55:18".
std::optional<Stamp> readDayMonth(std::string_view text);
/// 10.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET …
std::optional<Stamp> readCommonLog(std::string_view line);

} // namespace faultline::stampparts
