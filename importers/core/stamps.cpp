// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/stamps.h"

#include "importers/core/stampparts.h"
#include "models/evidence/statedlevel.h"

#include <array>
#include <limits>

namespace faultline {

using namespace stampparts;

std::optional<Stamp> readIsoStamp(std::string_view text)
{
    if (text.size() < 19 || (text[4] != '-' && text[4] != '/') || text[7] != text[4])
        return std::nullopt;
    if (text[10] != 'T' && text[10] != ' ' && text[10] != 't' && text[10] != '_')
        return std::nullopt;
    const auto clock = readClock(text, 11);
    if (!clock || isDigit(at(text, clock->end)))
        return std::nullopt;
    return makeStamp(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2), *clock, text, true);
}

std::optional<Stamp> readEpochStamp(std::string_view text)
{
    constexpr qint64 Year2000 = 946'684'800;
    constexpr qint64 Year2100 = 4'102'444'800;
    size_t digits = 0;
    qint64 value = 0;
    while (isDigit(at(text, digits)) && digits < 18)
        value = value * 10 + (text[digits++] - '0');
    qint64 unit = NsPerSecond;
    while (unit > 1 && value / (NsPerSecond / unit) > Year2100)
        unit /= 1000;
    const qint64 seconds = value / (NsPerSecond / unit);
    if (digits < 9 || isDigit(at(text, digits)) || seconds < Year2000 || seconds > Year2100)
        return std::nullopt;
    Stamp stamp{SourceTime{value * unit}, digits, 0, unit};
    if (unit == NsPerSecond && at(text, digits) == '.') {
        for (qint64 scale = NsPerSecond / 10; isDigit(at(text, ++stamp.end)); scale /= 10) {
            stamp.time.ns += scale * (text[stamp.end] - '0');
            stamp.resolutionNs = std::max<qint64>(scale, 1);
        }
    }
    return stamp;
}

std::optional<Stamp> readClockStamp(std::string_view text)
{
    const auto clock = readClock(text, 0);
    if (!clock || isDigit(at(text, clock->end)) || at(text, clock->end) == ':')
        return std::nullopt;
    return makeStamp(1970, 1, 1, *clock, text, false);
}

namespace {

constexpr bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/// Just past what two programs write first: Redis "1:M 23 Nov …" (process and role), Ruby's logger "E, [2026-…".
size_t programPrefix(std::string_view line, size_t from)
{
    if (isUpper(at(line, from)) && at(line, from + 1) == ',' && at(line, from + 2) == ' ')
        return from + 3;
    size_t end = from;
    while (isDigit(at(line, end)) && end < from + 8)
        ++end;
    return end > from && at(line, end) == ':' && isUpper(at(line, end + 1)) && at(line, end + 2) == ' ' ? end + 3
                                                                                                        : from;
}

/// How much may stand before the stamp: "[", "<13>", a level word.
size_t prefixLength(std::string_view line)
{
    size_t from = 0;
    while (at(line, from) == ' ' && from < 8)
        ++from;
    if (at(line, from) == '<') {
        size_t end = from + 1;
        while (isDigit(at(line, end)) && end < from + 4)
            ++end;
        if (at(line, end) == '>')
            from =
                end + 1 + (at(line, end + 1) == '1' && at(line, end + 2) == ' ' ? 2 : 0); // RFC 5424 states version 1
    }
    const size_t early = programPrefix(line, from);
    const size_t bracket = early + (at(line, early) == '[' || at(line, early) == '(' ? 1 : 0);
    // Tornado: "[I 2026-11-23 18:55:18.123 App] …"
    if (bracket > early && isUpper(at(line, bracket)) && at(line, bracket + 1) == ' ' && isDigit(at(line, bracket + 2)))
        return bracket + 2;
    size_t word = bracket;
    while (word < line.size() && word < bracket + 9
           && ((line[word] >= 'A' && line[word] <= 'Z') || (line[word] >= 'a' && line[word] <= 'z')))
        ++word;
    if (word >= bracket + 4 && word < bracket + 9
        && statedLevel(line.substr(bracket, word - bracket)) != Severity::Info) {
        while (
            word < line.size()
            && (line[word] == ' ' || line[word] == ']' || line[word] == '[' || line[word] == ':' || line[word] == ')'))
            ++word;
        return word;
    }
    if (line.substr(bracket).starts_with("INFO")) {
        word = bracket + 4;
        while (word < line.size() && (line[word] == ' ' || line[word] == ']' || line[word] == '[' || line[word] == ':'))
            ++word;
        return word;
    }
    return bracket;
}

std::optional<Stamp> readUptime(std::string_view line)
{
    // Java unified logging: "[12.345s][info][gc] …"
    if (at(line, 0) != '[')
        return std::nullopt;
    size_t end = 1;
    double seconds = 0;
    while (isDigit(at(line, end)) && end < 12)
        seconds = seconds * 10 + (line[end++] - '0');
    if (end == 1 || (at(line, end) != '.' && at(line, end) != ','))
        return std::nullopt;
    double scale = 0.1;
    for (++end; isDigit(at(line, end)) && end < 24; ++end, scale /= 10)
        seconds += scale * (line[end] - '0');
    if (at(line, end) != 's' || at(line, end + 1) != ']')
        return std::nullopt;
    return Stamp{SourceTime{fromSeconds(seconds)}, end + 1, std::nullopt, NsPerMillisecond};
}

} // namespace

std::optional<Stamp> StampFormat::readField(std::string_view line) const
{
    constexpr size_t MostBefore = 4096;
    const std::string_view key(m_key.constData(), static_cast<size_t>(m_key.size()));
    const std::string_view head = line.substr(0, MostBefore);
    for (size_t found = head.find(key); found != std::string_view::npos; found = head.find(key, found + 1)) {
        if (m_shape == Shape::Logfmt && found > 0 && head[found - 1] != ' ')
            continue;
        size_t from = found + key.size();
        while (at(line, from) == ' ' || at(line, from) == '"')
            ++from;
        const std::string_view value = line.substr(from);
        auto stamp = readIsoStamp(value);
        if (!stamp)
            stamp = readEpochStamp(value);
        if (stamp)
            stamp->end += from;
        return stamp;
    }
    return std::nullopt;
}

std::optional<Stamp> StampFormat::readDated(std::string_view text) const
{
    if (m_shape == Shape::ClockOnly) {
        auto stamp = readClockStamp(text);
        if (stamp) {
            const qint64 day = m_reference.ns - ((m_reference.ns % NsPerDay) + NsPerDay) % NsPerDay;
            stamp->time.ns += day;
        }
        return stamp;
    }
    size_t from = 0;
    int month = 0;
    int day = 0;
    int year = 0;
    if (m_shape == Shape::Syslog) {
        month = nameIndex(Months, text, 0);
        from = 4;
        day = month > 0 && at(text, 3) == ' ' ? dayNumber(text, from) : -1;
        if (number(text, from + 1, 4) > 1969 && at(text, from + 5) == ' ') {
            year = number(text, from + 1, 4);
            from += 5;
        }
        ++from;
    } else if (m_shape == Shape::Klog) {
        if (text.empty() || std::string_view("IWEFD").find(text[0]) == std::string_view::npos)
            return std::nullopt;
        // glog may be told to write the year: "I20261123 18:55:18.123456"
        const size_t digits = isDigit(at(text, 8)) ? 4 : 0;
        year = digits > 0 ? number(text, 1, 4) : 0;
        month = number(text, 1 + digits, 2);
        day = number(text, 3 + digits, 2);
        from = 6 + digits;
    } else {
        month = number(text, 0, 2);
        day = at(text, 2) == '-' || at(text, 2) == '/' ? number(text, 3, 2) : -1;
        from = 6;
    }
    if (month < 1 || month > 12 || day < 1 || day > 31 || at(text, from - 1) != ' ')
        return std::nullopt;
    const auto clock = readClock(text, from);
    if (!clock)
        return std::nullopt;
    if (year > 0)
        return makeStamp(year, month, day, *clock, text, false);
    auto stamp = makeStamp(1972, month, day, *clock, text, false); // which has all days
    const auto placed = stamp ? m_year.place(month, day, 0) : std::nullopt;
    if (!placed)
        return std::nullopt;
    stamp->time.ns += *placed - *civilNs(1972, month, day, 0, 0, 0);
    return stamp;
}

std::optional<Stamp> StampFormat::readShape(std::string_view line) const
{
    switch (m_shape) {
    case Shape::None: return std::nullopt;
    case Shape::Uptime: return readUptime(line);
    case Shape::CommonLog: return readCommonLog(line);
    case Shape::Logfmt:
    case Shape::Json: return readField(line);
    default: break;
    }
    const size_t prefix = prefixLength(line);
    const std::string_view text = line.substr(prefix);
    std::optional<Stamp> stamp;
    if (m_shape == Shape::Iso) {
        stamp = readIsoStamp(text);
    } else if (m_shape == Shape::Epoch) {
        stamp = readEpochStamp(text);
        if (const char next = stamp ? at(text, stamp->end) : ' ';
            next != ' ' && next != '\t' && next != ']' && next != ':' && next != ',')
            stamp.reset();
    } else if (m_shape == Shape::Ctime) {
        stamp = readCtime(text);
    } else if (m_shape == Shape::DayMonth) {
        stamp = readDayMonth(text);
    } else {
        stamp = readDated(text);
    }
    if (stamp)
        stamp->end += prefix;
    return stamp;
}

std::optional<Stamp> StampFormat::read(std::string_view line) const
{
    return readShape(line);
}

namespace {

/// RFC 5424, 6: behind the time stand host, program, process, message id and structured data, each "-" where there is none.
size_t syslogMessage(std::string_view line, size_t from)
{
    size_t at = from;
    for (int field = 0; field < 4; ++field) {
        const size_t space = line.substr(0, at + 256).find(' ', at);
        if (space == std::string_view::npos || space == at)
            return from;
        at = space + 1;
    }
    if (at < line.size() && line[at] == '-')
        return std::min(at + 2, line.size());
    while (at < line.size() && line[at] == '[') {
        size_t end = at;
        for (bool quoted = false; end < line.size() && (quoted || line[end] != ']'); ++end) {
            if (line[end] == '\\')
                ++end;
            else if (line[end] == '"')
                quoted = !quoted;
        }
        at = end + 1;
    }
    return std::min(at + 1, line.size());
}

} // namespace

size_t StampFormat::payloadStart(std::string_view line, const Stamp &stamp) const
{
    if (m_shape == Shape::Logfmt || m_shape == Shape::Json || m_shape == Shape::CommonLog)
        return 0;
    size_t from = stamp.end;
    while (from < line.size() && from < stamp.end + 3
           && (line[from] == ']' || line[from] == ')' || line[from] == ':' || line[from] == ','))
        ++from;
    if (from < line.size() && (line[from] == ' ' || line[from] == '\t'))
        ++from;
    if (m_shape == Shape::Iso && line.starts_with('<'))
        return syslogMessage(line, from);
    if (m_shape == Shape::ClockOnly && from < line.size() && line[from] == ' ') // Jenkins writes two
        ++from;
    if (m_shape != Shape::Syslog)
        return from;
    // "host tag[pid]: text"
    const size_t host = line.find(' ', from);
    const size_t colon = line.substr(0, from + 200).find(": ", from);
    if (host == std::string_view::npos || colon == std::string_view::npos || colon < host
        || line.find(' ', host + 1) != colon + 1)
        return from;
    return colon + 2;
}

DateBasis StampFormat::dateBasis() const
{
    switch (m_shape) {
    case Shape::Syslog:
    case Shape::Klog:
    case Shape::MonthDay: return DateBasis::YearAssumed;
    case Shape::ClockOnly: return DateBasis::DayAssumed;
    default: return DateBasis::Stated;
    }
}

} // namespace faultline
