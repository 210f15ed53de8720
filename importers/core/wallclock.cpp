// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/wallclock.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace faultline {

namespace {

struct MonthName {
    std::string_view name;
    int month;
};

// Abbreviations of glibc's locales, lower case, without a closing dot.
constexpr std::array MonthNames{
    MonthName{"jan", 1},  MonthName{"janv", 1},  MonthName{"ene", 1},  MonthName{"gen", 1},  MonthName{"sty", 1},
    MonthName{"led", 1},  MonthName{"oca", 1},   MonthName{"jän", 1},  MonthName{"янв", 1},  MonthName{"feb", 2},
    MonthName{"févr", 2}, MonthName{"fev", 2},   MonthName{"lut", 2},  MonthName{"úno", 2},  MonthName{"şub", 2},
    MonthName{"фев", 2},  MonthName{"mar", 3},   MonthName{"mär", 3},  MonthName{"mrz", 3},  MonthName{"mars", 3},
    MonthName{"mrt", 3},  MonthName{"maa", 3},   MonthName{"bře", 3},  MonthName{"мар", 3},  MonthName{"мар", 3},
    MonthName{"apr", 4},  MonthName{"avril", 4}, MonthName{"avr", 4},  MonthName{"abr", 4},  MonthName{"kwi", 4},
    MonthName{"dub", 4},  MonthName{"nis", 4},   MonthName{"апр", 4},  MonthName{"may", 5},  MonthName{"mai", 5},
    MonthName{"maj", 5},  MonthName{"mag", 5},   MonthName{"mei", 5},  MonthName{"kvě", 5},  MonthName{"май", 5},
    MonthName{"мая", 5},  MonthName{"jun", 6},   MonthName{"juin", 6}, MonthName{"giu", 6},  MonthName{"cze", 6},
    MonthName{"čen", 6},  MonthName{"haz", 6},   MonthName{"июн", 6},  MonthName{"jul", 7},  MonthName{"juil", 7},
    MonthName{"lug", 7},  MonthName{"lip", 7},   MonthName{"čec", 7},  MonthName{"tem", 7},  MonthName{"июл", 7},
    MonthName{"aug", 8},  MonthName{"août", 8},  MonthName{"ago", 8},  MonthName{"sie", 8},  MonthName{"srp", 8},
    MonthName{"ağu", 8},  MonthName{"авг", 8},   MonthName{"sep", 9},  MonthName{"sept", 9}, MonthName{"set", 9},
    MonthName{"wrz", 9},  MonthName{"zář", 9},   MonthName{"eyl", 9},  MonthName{"сен", 9},  MonthName{"oct", 10},
    MonthName{"okt", 10}, MonthName{"out", 10},  MonthName{"ott", 10}, MonthName{"paź", 10}, MonthName{"říj", 10},
    MonthName{"eki", 10}, MonthName{"окт", 10},  MonthName{"nov", 11}, MonthName{"lis", 11}, MonthName{"kas", 11},
    MonthName{"ноя", 11}, MonthName{"dec", 12},  MonthName{"dez", 12}, MonthName{"déc", 12}, MonthName{"dic", 12},
    MonthName{"gru", 12}, MonthName{"pro", 12},  MonthName{"ara", 12}, MonthName{"дек", 12}, MonthName{"des", 12},
};

/// "9月" and "11월": the number is the month.
int numberedMonth(std::string_view name)
{
    Cursor cursor(name);
    const auto number = cursor.number(2);
    if (!number || (cursor.rest() != "月" && cursor.rest() != "월"))
        return 0;
    return *number >= 1 && *number <= 12 ? static_cast<int>(*number) : 0;
}

bool looksLikeWeekday(std::string_view name)
{
    if (name.empty() || name.size() > 12)
        return false;
    for (const char c : name)
        if (Cursor::isDigit(c) || c == ':' || c == '[' || c == ']' || c == '/')
            return false;
    return true;
}

} // namespace

int monthOfName(std::string_view name)
{
    if (const int numbered = numberedMonth(name))
        return numbered;
    if (name.ends_with('.'))
        name.remove_suffix(1);
    std::string lower(name);
    for (char &c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    for (const auto &[known, month] : MonthNames)
        if (known == lower)
            return month;
    return 0;
}

bool isLeapDay(qint64 ns)
{
    return toRfc3339(TimeNs{ns}).sliced(5, 5) == "02-29";
}

YearGuess::YearGuess(std::optional<TimeNs> written)
    : m_written(written)
    , m_year(written ? toRfc3339(*written).first(4).toInt() : 0)
    , m_isKnown(written.has_value())
{
}

YearGuess YearGuess::around(std::optional<qint64> leapDay) const
{
    constexpr DurationNs HalfAYear = 183 * NsPerDay;
    if (!leapDay)
        return *this;
    const TimeNs latest{*leapDay + HalfAYear};
    YearGuess guess(m_written ? std::min(*m_written, latest) : latest);
    guess.m_isKnown = m_isKnown;
    return guess;
}

std::optional<qint64> YearGuess::place(int month, int day, qint64 nsOfDay) const
{
    constexpr int FarthestLeapYear = 9; // 1896 and 1904 lie eight years apart, and the search begins a year late.
    const bool isLeap = month == 2 && day == 29;
    if (!m_written) {
        // 29 February is none in 1970; 1972 keeps it.
        const auto date = civilNs(isLeap ? 1972 : 1970, month, day, 0, 0, 0);
        return date ? std::optional(*date + nsOfDay) : std::nullopt;
    }
    for (int year = m_year + 1; year >= m_year - FarthestLeapYear; --year) {
        const auto date = civilNs(year, month, day, 0, 0, 0);
        if (date && *date + nsOfDay <= m_written->ns + NsPerDay)
            return *date + nsOfDay;
        if (!date && !isLeap)
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<qint64> takeTimeOfDay(Cursor &cursor, WallTime &details)
{
    const size_t start = cursor.position();
    const auto hour = cursor.digits(2);
    const bool first = cursor.take(':');
    const auto minute = cursor.digits(2);
    const bool second = cursor.take(':');
    const auto seconds = cursor.digits(2);
    if (!hour || !first || !minute || !second || !seconds || *hour > 23 || *minute > 59 || *seconds > 60) {
        cursor.reset(start);
        return std::nullopt;
    }
    qint64 nanos = 0;
    if (cursor.peek() == '.' || cursor.peek() == ',') {
        const size_t beforeFraction = cursor.position();
        const char separator = cursor.peek();
        cursor.take(separator);
        if (const auto fraction = cursor.nanos(&details.decimals)) {
            nanos = *fraction;
            details.separator = separator;
        } else {
            cursor.reset(beforeFraction);
        }
    }
    return (*hour * 3'600 + *minute * 60 + *seconds) * NsPerSecond + nanos;
}

std::optional<int> takeZone(Cursor &cursor)
{
    const size_t start = cursor.position();
    if (cursor.take('Z'))
        return 0;
    const char sign = cursor.peek();
    if (sign != '+' && sign != '-')
        return std::nullopt;
    cursor.take(sign);
    const auto hours = cursor.digits(2);
    if (!hours || *hours > 18) {
        cursor.reset(start);
        return std::nullopt;
    }
    const size_t afterHours = cursor.position();
    int minutes = 0;
    cursor.take(':');
    if (const auto written = cursor.digits(2); written && *written < 60)
        minutes = *written;
    else
        cursor.reset(afterHours);
    const int seconds = *hours * 3'600 + minutes * 60;
    return sign == '-' ? -seconds : seconds;
}

std::optional<WallTime> takeIsoTime(Cursor &cursor)
{
    const size_t start = cursor.position();
    WallTime time;
    const auto year = cursor.digits(4);
    const bool first = cursor.take('-');
    const auto month = cursor.digits(2);
    const bool second = cursor.take('-');
    const auto day = cursor.digits(2);
    const bool third = cursor.take('T') || cursor.take(' ');
    std::optional<qint64> nsOfDay;
    if (year && first && month && second && day && third)
        nsOfDay = takeTimeOfDay(cursor, time);
    const auto date = nsOfDay ? civilNs(*year, *month, *day, 0, 0, 0) : std::nullopt;
    if (!date) {
        cursor.reset(start);
        return std::nullopt;
    }
    time.ns = *date + *nsOfDay;
    time.zoneSeconds = takeZone(cursor);
    return time;
}

std::optional<WallTime> takeCtime(Cursor &cursor)
{
    const size_t start = cursor.position();
    const auto fail = [&]() -> std::optional<WallTime> {
        cursor.reset(start);
        return std::nullopt;
    };
    if (!looksLikeWeekday(cursor.word()) || cursor.blanks() == 0)
        return fail();
    const int month = monthOfName(cursor.word());
    if (month == 0 || cursor.blanks() == 0)
        return fail();
    WallTime time;
    const auto day = cursor.number(2);
    const bool separated = cursor.blanks() > 0;
    const auto nsOfDay = takeTimeOfDay(cursor, time);
    cursor.blanks();
    const auto year = cursor.digits(4);
    if (!day || !separated || !nsOfDay || !year)
        return fail();
    const auto date = civilNs(*year, month, static_cast<int>(*day), 0, 0, 0);
    if (!date)
        return fail();
    time.ns = *date + *nsOfDay;
    return time;
}

std::optional<WallTime> takeSyslogTime(Cursor &cursor, const YearGuess &year)
{
    const size_t start = cursor.position();
    const auto fail = [&]() -> std::optional<WallTime> {
        cursor.reset(start);
        return std::nullopt;
    };
    // Most lines are no syslog at all: that has to be cheap to see.
    if (Cursor::isDigit(cursor.peek()) && !cursor.rest().substr(0, 8).contains('\xE6')
        && !cursor.rest().substr(0, 8).contains('\xEC'))
        return std::nullopt;
    const std::string_view name = cursor.word();
    const int month = name.size() <= 8 ? monthOfName(name) : 0;
    if (month == 0 || cursor.blanks() == 0)
        return fail();
    WallTime time;
    const auto day = cursor.number(2);
    const bool separated = cursor.blanks() > 0;
    const auto nsOfDay = takeTimeOfDay(cursor, time);
    if (!day || !separated || !nsOfDay)
        return fail();
    const auto ns = year.place(month, static_cast<int>(*day), *nsOfDay);
    if (!ns)
        return fail();
    time.ns = *ns;
    return time;
}

std::optional<WallTime> parseRfc1123z(std::string_view text)
{
    Cursor cursor(text);
    cursor.blanks();
    const std::string_view weekday = cursor.word();
    if (!weekday.ends_with(',') || cursor.blanks() == 0)
        return std::nullopt;
    WallTime time;
    const auto day = cursor.number(2);
    cursor.blanks();
    const int month = monthOfName(cursor.word());
    cursor.blanks();
    const auto year = cursor.digits(4);
    cursor.blanks();
    const auto nsOfDay = takeTimeOfDay(cursor, time);
    cursor.blanks();
    if (!day || month == 0 || !year || !nsOfDay)
        return std::nullopt;
    time.zoneSeconds = takeZone(cursor);
    if (!time.zoneSeconds)
        time.zoneSeconds = zoneOfAbbreviation(cursor.word());
    cursor.blanks();
    const auto date = civilNs(*year, month, static_cast<int>(*day), 0, 0, 0);
    if (!time.zoneSeconds || !date || !cursor.atEnd())
        return std::nullopt;
    time.ns = *date + *nsOfDay;
    return time;
}

std::optional<int> zoneOfAbbreviation(std::string_view name)
{
    struct Zone {
        std::string_view name;
        int hours;
    };
    static constexpr std::array Zones{
        Zone{"UTC", 0},   Zone{"GMT", 0},   Zone{"Z", 0},     Zone{"WET", 0},  Zone{"WEST", 1}, Zone{"CET", 1},
        Zone{"CEST", 2},  Zone{"EET", 2},   Zone{"EEST", 3},  Zone{"MSK", 3},  Zone{"JST", 9},  Zone{"KST", 9},
        Zone{"HKT", 8},   Zone{"EDT", -4},  Zone{"CDT", -5},  Zone{"MDT", -6}, Zone{"PDT", -7}, Zone{"PST", -8},
        Zone{"AEST", 10}, Zone{"AEDT", 11}, Zone{"NZST", 12}, Zone{"NZDT", 13}};
    for (const auto &[known, hours] : Zones)
        if (known == name)
            return hours * 3'600;
    Cursor cursor(name);
    const auto zone = takeZone(cursor);
    return zone && cursor.atEnd() ? zone : std::nullopt;
}

QByteArray zoneText(int secondsEast)
{
    if (secondsEast == 0)
        return "UTC";
    const int minutes = std::abs(secondsEast) / 60;
    std::array<char, 16> text{};
    qsnprintf(text.data(), text.size(), "%c%02d:%02d", secondsEast < 0 ? '-' : '+', minutes / 60, minutes % 60);
    return text.data();
}

} // namespace faultline
