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

namespace {

/// A zone, and a move to another date, in which a log meets others.
struct Fit {
    DurationNs east = 0;
    DurationNs move = 0;
    double part = 0; ///< Of the log that others cover.

    DurationNs offsetNs() const { return move - east; }
};

std::vector<Fit> fitsOf(const LooseClock &clock, const std::vector<Stretch> &others)
{
    std::vector<Fit> fits;
    double best = 0;
    const DurationNs from = clock.isZoneKnown ? 0 : WesternMost;
    const DurationNs to = clock.isZoneKnown ? 0 : EasternMost;
    for (const DurationNs move : clock.moves) {
        for (DurationNs east = from; east <= to; east += NsPerQuarterHour) {
            const double part = coveredPart({clock.first.ns + move - east}, {clock.last.ns + move - east}, others);
            if (part >= LeastOverlap)
                fits.push_back({east, move, part});
            best = std::max(best, part);
        }
    }
    std::erase_if(fits, [&](const Fit &fit) { return fit.part < best - Slack; });
    return fits;
}

QString lacks(const LooseClock &clock)
{
    if (clock.date == DateBasis::Stated)
        return tr("Its times state no zone");
    if (clock.isZoneKnown)
        return clock.date == DateBasis::DayAssumed ? tr("Its times state no date") : tr("Its times state no year");
    return clock.date == DateBasis::DayAssumed ? tr("Its times state neither zone nor date")
                                               : tr("Its times state neither zone nor year");
}

/// What a log is taken for: its zone, and where that is not stated the date.
QString takenFor(const LooseClock &clock, const Fit &fit)
{
    if (clock.date == DateBasis::Stated)
        return zoneText(fit.east);
    return tr("%1 in %2")
        .arg(QString::fromLatin1(toRfc3339(TimeNs{clock.first.ns + fit.move}).first(10)), zoneText(fit.east));
}

QString unsureText(DurationNs error)
{
    return error < 2 * NsPerDay ? tr("%1 h").arg(error / NsPerHour) : tr("%1 days").arg(error / NsPerDay);
}

ZoneGuess guessWithoutFit(const LooseClock &clock, bool hasOthers)
{
    const DurationNs error = (clock.isZoneKnown ? 0 : FarthestZone) + clock.dateErrorNs;
    const QString why = hasOthers ? tr(" and meet no other source in any") : tr(", and nothing else tells it");
    const QString day = clock.date == DateBasis::DayAssumed ? tr(", of the day when the file was written") : QString();
    return {0, true, error, tr("%1%2; taken for UTC%3, unsure by %4.").arg(lacks(clock), why, day, unsureText(error))};
}

} // namespace

ZoneGuess guessZone(const LooseClock &clock, const std::vector<Stretch> &others,
                    const std::vector<DurationNs> &statedZonesEast)
{
    const std::vector<Fit> fits = fitsOf(clock, others);
    const auto guess = [&](const Fit &fit, const QString &reason) {
        DurationNs farthest = 0;
        for (const Fit &other : fits)
            farthest = std::max(farthest, std::abs(other.offsetNs() - fit.offsetNs()));
        const bool isFar = clock.date != DateBasis::Stated && farthest >= NsPerDay;
        return ZoneGuess{fit.offsetNs(), true, farthest,
                         isFar ? tr("%1; %2, unsure by %3.").arg(lacks(clock), reason, unsureText(farthest))
                               : tr("%1; %2.").arg(lacks(clock), reason)};
    };
    if (fits.empty())
        return guessWithoutFit(clock, !others.empty());
    if (fits.size() == 1)
        return {fits.front().offsetNs(), false, 0,
                tr("%1; only in %2 do they meet the other sources.").arg(lacks(clock), takenFor(clock, fits.front()))};
    for (const DurationNs east : statedZonesEast)
        if (const auto found = std::ranges::find(fits, east, &Fit::east); east != 0 && found != fits.end())
            return guess(*found, tr("taken for %1, which another source states").arg(takenFor(clock, *found)));
    if (const auto found = std::ranges::find(fits, 0, &Fit::east); found != fits.end())
        return guess(*found, found->move == 0 && clock.date == DateBasis::Stated
                                 ? tr("taken for UTC")
                                 : tr("taken for %1, where they meet the other sources").arg(takenFor(clock, *found)));
    // Whole hours are commoner than halves, near ones than far ones; the log that is part of a longer record ends with it.
    const auto rank = [](const Fit &fit) {
        return std::tuple(fit.east % NsPerHour != 0, -fit.part, std::abs(fit.east), std::abs(fit.move));
    };
    const auto chosen = std::ranges::min_element(fits, {}, rank);
    return guess(*chosen, tr("taken for %1, one of %2 in which they meet the other sources")
                              .arg(takenFor(clock, *chosen))
                              .arg(fits.size()));
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
