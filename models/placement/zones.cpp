// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/zones.h"

#include "models/core/translate.h"
#include "models/placement/landmarks.h"

#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr DurationNs WesternMost = -12 * NsPerHour;
constexpr DurationNs EasternMost = FarthestZone;
constexpr double LeastOverlap = 0.5; ///< Of the log, for a zone to count as fitting.
constexpr double Slack = 0.1;        ///< Zones that fit this little worse than the best fit as well.

/// Invalid where it is no zone; an empty name is none, though Qt takes it for the system's own.
QTimeZone timeZoneOf(const QString &zone)
{
    const bool isOffset = zone.startsWith(u'+') || zone.startsWith(u'-');
    return zone.isEmpty() ? QTimeZone() : QTimeZone((isOffset ? QString(u"UTC" + zone) : zone).toLatin1());
}

QDateTime utc(qint64 ns)
{
    return QDateTime::fromMSecsSinceEpoch(ns / NsPerMillisecond, QTimeZone::UTC);
}

/// The part of [first, last] that the stretches cover; stretches may overlap each other.
double coveredPart(TimeNs first, TimeNs last, std::vector<Stretch> others)
{
    std::ranges::sort(others, {}, &Stretch::first);
    DurationNs covered = 0;
    qint64 until = first.ns;
    for (const Stretch &other : others) {
        const qint64 from = std::max(until, other.first.ns);
        const qint64 to = std::min(last.ns, other.last.ns);
        if (to < from)
            continue;
        if (first == last)
            return 1;
        covered += to - from;
        until = std::max(until, to);
    }
    return first == last ? 0 : static_cast<double>(covered) / static_cast<double>(last - first);
}

} // namespace

ZoneGuess guessZone(SourceTime first, SourceTime last, const std::vector<Stretch> &others,
                    const std::vector<DurationNs> &statedZonesEast)
{
    std::vector<std::pair<DurationNs, double>> fits;
    double best = 0;
    for (DurationNs east = WesternMost; east <= EasternMost; east += NsPerQuarterHour) {
        const double part = coveredPart({first.ns - east}, {last.ns - east}, others);
        if (part >= LeastOverlap)
            fits.push_back({east, part});
        best = std::max(best, part);
    }
    std::erase_if(fits, [&](const auto &fit) { return fit.second < best - Slack; });
    const auto isFitting = [&](DurationNs east) {
        return std::ranges::contains(fits, east, &std::pair<DurationNs, double>::first);
    };
    const auto errorOf = [&](DurationNs east) {
        DurationNs farthest = 0;
        for (const auto &fit : fits)
            farthest = std::max(farthest, std::abs(fit.first - east));
        return farthest;
    };
    if (fits.size() == 1)
        return {-fits.front().first, false, 0,
                tr("Its times state no zone; only in %1 do they meet the other sources.")
                    .arg(zoneText(fits.front().first))};
    for (const DurationNs east : statedZonesEast)
        if (east != 0 && isFitting(east))
            return {-east, true, errorOf(east),
                    tr("Its times state no zone; taken for %1, which another source states.").arg(zoneText(east))};
    if (isFitting(0))
        return {0, true, errorOf(0), tr("Its times state no zone; taken for UTC.")};
    if (fits.empty())
        return {0, true, FarthestZone,
                (others.empty()
                     ? tr("Its times state no zone, and nothing else tells it; taken for UTC, unsure by %1 h.")
                     : tr("Its times state no zone and meet no other source in any; taken for UTC, unsure by %1 h."))
                    .arg(FarthestZone / NsPerHour)};
    // Whole hours are commoner than halves, near ones than far ones; the log that is part of a longer record ends with it.
    const auto rank = [](const std::pair<DurationNs, double> &fit) {
        return std::tuple(fit.first % NsPerHour != 0, -fit.second, std::abs(fit.first));
    };
    const auto chosen = std::ranges::min_element(fits, {}, rank);
    return {-chosen->first, true, errorOf(chosen->first),
            tr("Its times state no zone; taken for %1, one of %2 in which they meet the other sources.")
                .arg(zoneText(chosen->first))
                .arg(fits.size())};
}

std::optional<DurationNs> zoneEast(QByteArrayView zone)
{
    if (zone == "UTC" || zone == "Z" || zone == "GMT")
        return 0;
    if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':')
        return std::nullopt;
    bool hoursRight = false;
    bool minutesRight = false;
    const int hours = zone.sliced(1, 2).toInt(&hoursRight);
    const int minutes = zone.sliced(4, 2).toInt(&minutesRight);
    if (!hoursRight || !minutesRight || hours > 15 || minutes > 59)
        return std::nullopt;
    const DurationNs east = hours * NsPerHour + minutes * NsPerMinute;
    return zone[0] == '-' ? -east : east;
}

std::optional<DurationNs> namedZoneEast(const QString &zone, TimeNs at)
{
    const QTimeZone timeZone = timeZoneOf(zone);
    if (!timeZone.isValid())
        return std::nullopt;
    return timeZone.offsetFromUtc(utc(at.ns)) * NsPerSecond;
}

std::optional<DurationNs> namedZoneEast(const QString &zone)
{
    return namedZoneEast(zone, TimeNs{QDateTime::currentMSecsSinceEpoch() * NsPerMillisecond});
}

std::vector<ZoneStretch> zoneStretches(const QString &zone, SourceTime first, SourceTime last)
{
    constexpr DurationNs Around = 26 * NsPerHour; // No wall clock is farther from UTC, before or after a change.
    const QTimeZone timeZone = timeZoneOf(zone);
    if (!timeZone.isValid() || !isReckonable(first) || !isReckonable(last))
        return {};
    const QDateTime begin = utc(first.ns - Around);
    DurationNs east = timeZone.offsetFromUtc(begin) * NsPerSecond;
    std::vector<ZoneStretch> stretches{{SourceTime{std::numeric_limits<qint64>::min()}, east, 0}};
    for (const QTimeZone::OffsetData &change : timeZone.transitions(begin, utc(last.ns + Around))) {
        const DurationNs next = change.offsetFromUtc * NsPerSecond;
        if (next == east)
            continue;
        const qint64 at = change.atUtc.toMSecsSinceEpoch() * NsPerMillisecond;
        const DurationNs half = std::abs(next - east) / 2;
        stretches.push_back({SourceTime{at + std::min(east, next)}, (east + next) / 2, half});
        stretches.push_back({SourceTime{at + std::max(east, next)}, next, 0});
        east = next;
    }
    std::erase_if(stretches, [&](const ZoneStretch &stretch) { return stretch.from > last; });
    const auto begun =
        std::ranges::find_if(stretches, [&](const ZoneStretch &stretch) { return stretch.from > first; });
    stretches.erase(stretches.begin(), begun - 1);
    stretches.front().from = SourceTime{std::numeric_limits<qint64>::min()};
    return stretches;
}

ClockOverride zoneOverride(const QString &zone)
{
    const QTimeZone timeZone = timeZoneOf(zone);
    if (!timeZone.isValid())
        return {};
    if (timeZone.hasDaylightTime())
        return {{}, {}, zone};
    return {{}, namedZoneEast(zone), {}};
}

QString zoneText(DurationNs east)
{
    if (east == 0)
        return u"UTC"_s;
    const qint64 minutes = std::abs(east) / NsPerMinute;
    return u"%1%2:%3"_s.arg(QLatin1Char(east < 0 ? '-' : '+'))
        .arg(minutes / 60, 2, 10, QLatin1Char('0'))
        .arg(minutes % 60, 2, 10, QLatin1Char('0'));
}

} // namespace faultline
