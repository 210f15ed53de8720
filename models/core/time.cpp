// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/time.h"

#include <array>
#include <cmath>
#include <limits>

namespace faultline {

DurationNs fromSeconds(double seconds)
{
    constexpr double Limit = 9.2e9;
    if (std::isnan(seconds))
        return 0;
    if (seconds >= Limit)
        return std::numeric_limits<qint64>::max();
    if (seconds <= -Limit)
        return std::numeric_limits<qint64>::min();
    const double whole = std::floor(seconds);
    return static_cast<qint64>(whole) * NsPerSecond
           + std::llround((seconds - whole) * static_cast<double>(NsPerSecond));
}

qint64 daysFromCivil(int year, int month, int day)
{
    const qint64 y = month <= 2 ? year - 1 : year;
    const qint64 era = (y >= 0 ? y : y - 399) / 400;
    const qint64 yearOfEra = y - era * 400;
    const qint64 dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    const qint64 dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146'097 + dayOfEra - 719'468;
}

std::optional<qint64> civilNs(int year, int month, int day, int hour, int minute, int second, qint64 nanos)
{
    constexpr std::array Days{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 1700 || year > 2250 || month < 1 || month > 12 || day < 1 || day > Days[static_cast<size_t>(month - 1)]
        || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || nanos < 0
        || nanos >= NsPerSecond)
        return std::nullopt;
    const bool hasLeapDay = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (month == 2 && day == 29 && !hasLeapDay)
        return std::nullopt;
    const qint64 seconds = daysFromCivil(year, month, day) * 86'400 + hour * 3'600 + minute * 60 + second;
    return seconds * NsPerSecond + nanos;
}

namespace {

/// Reads exactly `count` digits at `at`; -1 where there are others.
int digits(QByteArrayView text, qsizetype at, qsizetype count)
{
    if (at + count > text.size())
        return -1;
    int value = 0;
    for (qsizetype i = at; i < at + count; ++i) {
        const char c = text[i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// Seconds east of UTC of a zone that fills the rest of the text.
std::optional<int> zoneSeconds(QByteArrayView zone)
{
    if (zone == "Z" || zone == "z")
        return 0;
    if (zone.size() < 3 || (zone[0] != '+' && zone[0] != '-'))
        return std::nullopt;
    const int hours = digits(zone, 1, 2);
    int minutes = 0;
    if (zone.size() == 5)
        minutes = digits(zone, 3, 2);
    else if (zone.size() == 6 && zone[3] == ':')
        minutes = digits(zone, 4, 2);
    else if (zone.size() != 3)
        return std::nullopt;
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59)
        return std::nullopt;
    const int seconds = hours * 3'600 + minutes * 60;
    return zone[0] == '-' ? -seconds : seconds;
}

} // namespace

QByteArray toRfc3339(TimeNs time)
{
    qint64 days = time.ns / NsPerDay;
    qint64 rest = time.ns % NsPerDay;
    if (rest < 0) {
        rest += NsPerDay;
        --days;
    }
    // Howard Hinnant's civil_from_days
    const qint64 z = days + 719'468;
    const qint64 era = (z >= 0 ? z : z - 146'096) / 146'097;
    const qint64 dayOfEra = z - era * 146'097;
    const qint64 yearOfEra = (dayOfEra - dayOfEra / 1'460 + dayOfEra / 36'524 - dayOfEra / 146'096) / 365;
    const qint64 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    const qint64 mp = (5 * dayOfYear + 2) / 153;
    const int day = static_cast<int>(dayOfYear - (153 * mp + 2) / 5 + 1);
    const int month = static_cast<int>(mp < 10 ? mp + 3 : mp - 9);
    const int year = static_cast<int>(yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
    const int seconds = static_cast<int>(rest / NsPerSecond);
    std::array<char, 48> text{};
    qsnprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d", year, month, day, seconds / 3'600,
              seconds / 60 % 60, seconds % 60);
    QByteArray result(text.data());
    if (const qint64 nanos = rest % NsPerSecond; nanos != 0) {
        qsnprintf(text.data(), text.size(), ".%09lld", static_cast<long long>(nanos));
        QByteArray fraction(text.data());
        while (fraction.endsWith('0'))
            fraction.chop(1);
        result += fraction;
    }
    return result + 'Z';
}

std::optional<TimeNs> fromRfc3339(QByteArrayView text)
{
    if (text.size() < 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ' && text[10] != 't')
        || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    qsizetype at = 19;
    qint64 nanos = 0;
    if (text[at] == '.' || text[at] == ',') {
        qint64 scale = NsPerSecond;
        for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
            scale /= 10;
            nanos += scale * (text[at] - '0');
        }
    }
    if (at < text.size() && text[at] == ' ')
        ++at;
    const auto zone = zoneSeconds(text.sliced(std::min(at, text.size())));
    const auto local = civilNs(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2), digits(text, 11, 2),
                               digits(text, 14, 2), digits(text, 17, 2), nanos);
    if (!zone || !local)
        return std::nullopt;
    return TimeNs{*local - *zone * NsPerSecond};
}

} // namespace faultline
