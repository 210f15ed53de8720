// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/stampparts.h"

namespace faultline::stampparts {

int number(std::string_view text, size_t from, size_t count)
{
    if (from + count > text.size())
        return -1;
    int value = 0;
    for (size_t i = from; i < from + count; ++i) {
        if (!isDigit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

std::optional<ClockPart> readClock(std::string_view text, size_t from)
{
    ClockPart clock{
        number(text, from, 2), number(text, from + 3, 2), number(text, from + 6, 2), 0, from + 8, NsPerSecond};
    if (clock.hour < 0 || clock.hour > 23 || clock.minute < 0 || clock.minute > 59 || clock.second < 0
        || clock.second > 60 || text[from + 2] != ':' || text[from + 5] != ':')
        return std::nullopt;
    if (const char point = at(text, clock.end); (point == '.' || point == ',') && isDigit(at(text, clock.end + 1))) {
        for (++clock.end; isDigit(at(text, clock.end)); ++clock.end) {
            clock.resolutionNs /= clock.resolutionNs > 1 ? 10 : 1;
            if (clock.resolutionNs > 1 || clock.nanos % 10 == 0)
                clock.nanos += clock.resolutionNs * (text[clock.end] - '0');
            if (clock.resolutionNs == 1) { // further digits are below a nanosecond
                for (++clock.end; isDigit(at(text, clock.end));)
                    ++clock.end;
                break;
            }
        }
    }
    return clock;
}

std::optional<int> readZone(std::string_view text, size_t from, size_t &end)
{
    if (at(text, from) == 'Z' || at(text, from) == 'z') {
        end = from + 1;
        return 0;
    }
    const size_t sign = from + (at(text, from) == ' ' ? 1 : 0);
    if (text.substr(std::min(sign, text.size())).starts_with("UTC")
        || text.substr(std::min(sign, text.size())).starts_with("GMT")) {
        end = sign + 3;
        return 0;
    }
    if (at(text, sign) != '+' && at(text, sign) != '-')
        return std::nullopt;
    const int hours = number(text, sign + 1, 2);
    if (hours < 0 || hours > 18)
        return std::nullopt;
    const bool colon = at(text, sign + 3) == ':';
    int minutes = number(text, sign + (colon ? 4 : 3), 2);
    size_t past = sign + (colon ? 6 : 5);
    if (minutes < 0) {
        if (colon || sign != from) // " +08" is rather text
            return std::nullopt;
        minutes = 0;
        past = sign + 3;
    }
    if (minutes > 59 || isDigit(at(text, past)))
        return std::nullopt;
    end = past;
    const int seconds = hours * 3600 + minutes * 60;
    return text[sign] == '-' ? -seconds : seconds;
}

std::optional<Stamp> makeStamp(int year, int month, int day, const ClockPart &clock, std::string_view text,
                               bool mayHaveZone)
{
    const auto ns = civilNs(year, month, day, clock.hour, clock.minute, clock.second, clock.nanos);
    if (!ns)
        return std::nullopt;
    Stamp stamp{SourceTime{*ns}, clock.end, std::nullopt, clock.resolutionNs};
    if (mayHaveZone)
        stamp.zoneSeconds = readZone(text, clock.end, stamp.end);
    if (stamp.zoneSeconds)
        stamp.time.ns -= *stamp.zoneSeconds * NsPerSecond;
    return stamp;
}

int nameIndex(std::string_view names, std::string_view text, size_t from)
{
    if (from + 3 > text.size())
        return 0;
    const size_t found = names.find(text.substr(from, 3));
    return found == std::string_view::npos || found % 3 != 0 ? 0 : static_cast<int>(found / 3) + 1;
}

int dayNumber(std::string_view text, size_t &from)
{
    if (at(text, from) == ' ')
        ++from;
    int day = -1;
    for (int i = 0; i < 2 && isDigit(at(text, from)); ++i, ++from)
        day = (day < 0 ? 0 : day * 10) + (text[from] - '0');
    return day;
}

} // namespace faultline::stampparts
