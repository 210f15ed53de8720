// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/timeticks.h"

#include "charts/core/format.h"
#include "models/core/saturate.h"
#include "models/core/translate.h"

#include <QDateTime>
#include <QLocale>

#include <array>
#include <limits>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr std::array<DurationNs, 24> LongSteps{
    NsPerSecond,  2 * NsPerSecond, 5 * NsPerSecond, 10 * NsPerSecond, 15 * NsPerSecond, 30 * NsPerSecond,
    NsPerMinute,  2 * NsPerMinute, 5 * NsPerMinute, 10 * NsPerMinute, 15 * NsPerMinute, 30 * NsPerMinute,
    NsPerHour,    2 * NsPerHour,   3 * NsPerHour,   6 * NsPerHour,    12 * NsPerHour,   NsPerDay,
    2 * NsPerDay, 7 * NsPerDay,    14 * NsPerDay,   30 * NsPerDay,    90 * NsPerDay,    365 * NsPerDay};

constexpr int MostTicks = 500;

qint64 floorTo(qint64 value, qint64 step)
{
    const qint64 rest = value % step;
    return value - (rest < 0 ? rest + step : rest);
}

DurationNs offsetNs(TimeNs time, const QTimeZone &zone)
{
    if (zone.timeSpec() == Qt::UTC)
        return 0;
    return zone.offsetFromUtc(
               QDateTime::fromMSecsSinceEpoch(floorTo(time.ns, NsPerMillisecond) / NsPerMillisecond, QTimeZone::UTC))
           * NsPerSecond;
}

/// Labels below a millisecond leave out hours and minutes, which the context then says.
QString labelOf(TimeNs time, DurationNs step, const QTimeZone &zone)
{
    QString text = formatTime(time, zone, step >= NsPerMinute ? NsPerMinute : step);
    return step < NsPerMillisecond ? text.sliced(6) : text;
}

} // namespace

DurationNs TimeTicks::niceStep(DurationNs least)
{
    for (DurationNs power = 1; power < NsPerSecond; power *= 10)
        for (const DurationNs factor : {1, 2, 5})
            if (factor * power >= least)
                return factor * power;
    for (const DurationNs step : LongSteps)
        if (step >= least)
            return step;
    DurationNs years = 1;
    while (years * 365 * NsPerDay < least && years < 100)
        years = years % 3 == 2 ? years / 2 * 5 : years * 2;
    return years * 365 * NsPerDay;
}

QString sinceLabel(DurationNs since, DurationNs resolutionNs)
{
    constexpr std::array<std::pair<DurationNs, const char *>, 3> Units{
        {{NsPerDay, "d"}, {NsPerHour, "h"}, {NsPerMinute, "min"}}};
    if (since == 0)
        return u"T"_s;
    const QChar space(0x00a0);
    DurationNs rest = std::abs(std::max(since, -std::numeric_limits<DurationNs>::max()));
    QStringList parts;
    for (const auto &[unit, name] : Units)
        if (const DurationNs count = rest / unit; count > 0) {
            parts.append(QString::number(count) % space % QLatin1StringView(name));
            rest %= unit;
        }
    int decimals = 0;
    for (DurationNs step = NsPerSecond; step > std::max<DurationNs>(resolutionNs, 1); step /= 10)
        ++decimals;
    const double seconds = static_cast<double>(rest) / static_cast<double>(NsPerSecond);
    const QString text = QLocale().toString(seconds, 'f', decimals);
    if (parts.isEmpty() || text != QLocale().toString(0.0, 'f', decimals))
        parts.append(text % space % u's');
    return u'T' % (since < 0 ? QChar(0x2212) : QChar(u'+')) % parts.join(space);
}

TimeTicks TimeTicks::since(TimeNs origin, const TimeScale &scale, double spacing)
{
    TimeTicks result;
    result.step = niceStep(static_cast<DurationNs>(std::min(scale.nsPerPixel() * std::max(spacing, 4.0), 9e18)));
    DurationNs since = floorTo(saturatedSub(scale.range.lo.ns, origin.ns), result.step);
    for (int i = 0; i < MostTicks; ++i, since = saturatedAdd(since, result.step)) {
        const TimeNs time{saturatedAdd(origin.ns, since)};
        if (time > scale.range.hi)
            break;
        if (time >= scale.range.lo)
            result.ticks.push_back({time, sinceLabel(since, result.step), since == 0});
    }
    result.context = tr("since the failure");
    return result;
}

TimeTicks TimeTicks::of(const TimeScale &scale, double spacing, const QTimeZone &zone)
{
    TimeTicks result;
    result.step = niceStep(static_cast<DurationNs>(std::min(scale.nsPerPixel() * std::max(spacing, 4.0), 9e18)));
    const DurationNs step = result.step;
    const DurationNs offset = offsetNs(scale.range.lo, zone);
    const QLocale locale;
    qint64 local = floorTo(scale.range.lo.ns + offset, step);
    for (int i = 0; i < MostTicks; ++i, local += step) {
        // Days are as long as the zone makes them; shorter steps go on evenly.
        const TimeNs time{local - (step >= NsPerDay ? offsetNs({local - offset}, zone) : offset)};
        if (time > scale.range.hi)
            break;
        if (time < scale.range.lo)
            continue;
        const bool isDay = floorTo(local, NsPerDay) == local && step >= NsPerMinute;
        const QDate date = QDate(1970, 1, 1).addDays(floorTo(local, NsPerDay) / NsPerDay);
        result.ticks.push_back({time, isDay ? locale.toString(date, u"d MMM"_s) : labelOf(time, step, zone), isDay});
    }
    result.context = formatDate(scale.range.lo, zone);
    if (step < NsPerMillisecond)
        result.context += u", "_s % formatTime(scale.range.lo, zone, NsPerMinute);
    result.context += u", "_s % zoneName(scale.range.lo, zone);
    return result;
}

} // namespace faultline
