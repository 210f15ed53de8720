// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/stamps.h"

#include "models/core/translate.h"

#include <QDateTime>

#include <algorithm>
#include <array>

namespace faultline {

namespace {
constexpr std::array Shapes{StampFormat::Shape::Iso,      StampFormat::Shape::Klog,      StampFormat::Shape::Ctime,
                            StampFormat::Shape::Syslog,   StampFormat::Shape::CommonLog, StampFormat::Shape::Uptime,
                            StampFormat::Shape::Epoch,    StampFormat::Shape::DayMonth,  StampFormat::Shape::MonthDay,
                            StampFormat::Shape::ClockOnly};
constexpr std::array JsonKeys{
    "\"time\":", "\"ts\":", "\"timestamp\":", "\"@timestamp\":", "\"t\":", "\"date\":", "\"asctime\":"};
constexpr std::array LogfmtKeys{"ts=", "time=", "timestamp=", "@timestamp=", "t=", "date=", "datetime="};

size_t countStamped(const StampFormat &format, const std::vector<std::string_view> &lines)
{
    size_t count = 0;
    for (const std::string_view line : lines)
        count += format.read(line) ? size_t{1} : size_t{0};
    return count;
}

} // namespace

StampFormat StampFormat::detect(const std::vector<std::string_view> &lines, std::optional<TimeNs> reference)
{
    StampFormat best;
    size_t most = 0;
    const auto consider = [&](Shape shape, const char *key) {
        StampFormat format;
        format.m_shape = shape;
        format.m_key = key;
        format.m_reference = reference.value_or(TimeNs{QDateTime::currentMSecsSinceEpoch() * NsPerMillisecond});
        format.m_year = YearGuess(format.m_reference);
        if (const size_t count = countStamped(format, lines); count > most) {
            best = format;
            most = count;
        }
    };
    for (const Shape shape : Shapes)
        consider(shape, "");
    const auto startsJson = [](std::string_view line) { return line.starts_with('{'); };
    if (std::ranges::count_if(lines, startsJson) * 2 > static_cast<std::ptrdiff_t>(lines.size())) {
        for (const char *key : JsonKeys)
            consider(Shape::Json, key);
    } else if (most * 2 < lines.size()) {
        for (const char *key : LogfmtKeys)
            consider(Shape::Logfmt, key);
    }
    // One chance stamp in a long text is no log format.
    if (most < 2 && most * 4 < lines.size())
        return {};
    if (best.dateBasis() == DateBasis::YearAssumed)
        for (const std::string_view line : lines)
            if (const auto stamp = best.read(line); stamp && isLeapDay(stamp->time.ns)) {
                best.m_year = best.m_year.around(stamp->time.ns);
                break;
            }
    return best;
}

QString StampFormat::title() const
{
    switch (m_shape) {
    case Shape::None: return tr("no time stamps");
    case Shape::Iso: return tr("date and time (ISO 8601)");
    case Shape::Epoch: return tr("seconds since 1970");
    case Shape::Syslog: return tr("syslog time stamps without a year");
    case Shape::Klog: return tr("klog time stamps");
    case Shape::Ctime: return tr("time stamps with weekday and month names");
    case Shape::CommonLog: return tr("web server time stamps");
    case Shape::DayMonth: return tr("day, month's name, year and time");
    case Shape::MonthDay: return tr("month, day and time");
    case Shape::ClockOnly: return tr("time of day");
    case Shape::Uptime: return tr("seconds since the program's start");
    case Shape::Logfmt: return tr("a time field (logfmt)");
    case Shape::Json: return tr("a time field (JSON lines)");
    }
    return {};
}

} // namespace faultline
