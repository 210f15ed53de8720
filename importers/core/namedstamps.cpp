// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/stampparts.h"

#include <string>

namespace faultline::stampparts {

std::optional<Stamp> readCtime(std::string_view text)
{
    size_t from = 3;
    if (nameIndex(Weekdays, text, 0) == 0)
        return std::nullopt;
    const bool mail = at(text, from) == ',';
    from += mail ? 2 : 1;
    int month = mail ? 0 : nameIndex(Months, text, from);
    if (!mail)
        from += 4;
    const int day = dayNumber(text, from);
    ++from;
    int year = 0;
    if (mail) {
        month = nameIndex(Months, text, from);
        year = number(text, from + 4, 4);
        from += 9;
    }
    if (month == 0 || from >= text.size())
        return std::nullopt;
    const auto clock = readClock(text, from);
    if (!clock || mail)
        return clock ? makeStamp(year, month, day, *clock, text, true) : std::nullopt;
    size_t end = clock->end;
    const auto zone = readZone(text, clock->end, end);
    year = number(text, end + 1, 4);
    auto stamp = makeStamp(year, month, day, *clock, text, false);
    if (stamp) {
        stamp->end = end + 5;
        stamp->zoneSeconds = zone;
        stamp->time.ns -= zone.value_or(0) * NsPerSecond;
    }
    return stamp;
}

std::optional<Stamp> readDayMonth(std::string_view text)
{
    size_t from = 0;
    int month = nameIndex(Months, text, 0);
    int day = 0;
    int year = 0;
    if (month > 0) {
        from = 4;
        day = at(text, 3) == ' ' ? dayNumber(text, from) : -1;
        if (at(text, from) != ',' || at(text, from + 1) != ' ')
            return std::nullopt;
        year = number(text, from + 2, 4);
        from += 6 + (at(text, from + 6) == ',' ? size_t{1} : size_t{0});
    } else {
        day = dayNumber(text, from);
        const char mark = at(text, from);
        if (mark != ' ' && mark != '-' && mark != '/')
            return std::nullopt;
        month = nameIndex(Months, text, from + 1);
        if (month == 0 || at(text, from + 4) != mark)
            return std::nullopt;
        year = number(text, from + 5, 4);
        from += 9;
    }
    if (day < 1 || year < 1970 || (at(text, from) != ' ' && at(text, from) != ':'))
        return std::nullopt;
    ++from;
    std::string hours;
    std::string_view clockText = text;
    const size_t shift = isDigit(at(text, from)) && at(text, from + 1) == ':' ? 1 : 0; // an hour of one digit
    if (shift > 0) {
        hours = "0" + std::string(text.substr(from, 20));
        clockText = hours;
    }
    auto clock = readClock(clockText, shift > 0 ? 0 : from);
    if (!clock)
        return std::nullopt;
    if (shift > 0)
        clock->end = from + clock->end - 1;
    const std::string_view half = text.substr(std::min(clock->end, text.size()));
    if (half.starts_with(" PM") || half.starts_with(" AM")) {
        clock->hour = clock->hour % 12 + (half[1] == 'P' ? 12 : 0);
        clock->end += 3;
    }
    return makeStamp(year, month, day, *clock, text, true);
}

std::optional<Stamp> readCommonLog(std::string_view line)
{
    const size_t bracket = line.substr(0, 160).find('[');
    if (bracket == std::string_view::npos)
        return std::nullopt;
    const std::string_view text = line.substr(bracket + 1);
    if (at(text, 2) != '/' || at(text, 6) != '/' || at(text, 11) != ':')
        return std::nullopt;
    const auto clock = readClock(text, 12);
    auto stamp = clock
                     ? makeStamp(number(text, 7, 4), nameIndex(Months, text, 3), number(text, 0, 2), *clock, text, true)
                     : std::nullopt;
    if (stamp)
        stamp->end += bracket + 1;
    return stamp;
}

} // namespace faultline::stampparts
