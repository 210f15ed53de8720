// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/dates.h"

#include "models/placement/consensus.h"

#include <QDateTime>
#include <QTimeZone>

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr int MostYears = 10;

/// How far the same date and time of day lies so many years later.
DurationNs yearsFrom(SourceTime at, int years)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(at.ns / NsPerMillisecond, QTimeZone::UTC);
    return time.msecsTo(time.addYears(years)) * NsPerMillisecond;
}

} // namespace

bool isDayBorneOut(const SourceEvidence &source)
{
    constexpr DurationNs RightAfter = 2 * NsPerMinute;
    constexpr DurationNs AtOnce = 5 * NsPerSecond; // One in seven hundred is so by chance.
    if (!source.modified || !source.last || !isReckonable(*source.last)
        || !isReckonable(SourceTime{source.modified->ns}))
        return false;
    const DurationNs after = source.modified->ns - source.last->ns;
    if (std::abs(after) > FarthestZone + RightAfter)
        return false;
    return (after >= 0 && after <= RightAfter) || ((after % NsPerHour) + NsPerHour) % NsPerHour <= AtOnce;
}

std::vector<DurationNs> dateMoves(DateBasis date, SourceTime first, SourceTime last, const std::vector<Stretch> &others)
{
    constexpr size_t MostMoves = 64;
    std::vector<DurationNs> moves;
    const auto meets = [&](DurationNs move, const Stretch &other) {
        return first.ns + move - NsPerDay <= other.last.ns && last.ns + move + NsPerDay >= other.first.ns;
    };
    const auto add = [&](DurationNs move) {
        if (move != 0 && std::ranges::any_of(others, [&](const Stretch &other) { return meets(move, other); }))
            moves.push_back(move);
    };
    if (date == DateBasis::YearAssumed) {
        for (int years = -MostYears; years <= MostYears; ++years)
            add(yearsFrom(first, years));
    } else if (date == DateBasis::DayAssumed) {
        constexpr qint64 MostDays = 20'000;
        for (const Stretch &other : others) {
            const qint64 from = std::max((other.first.ns - last.ns) / NsPerDay - 1, -MostDays);
            const qint64 to = std::min((other.last.ns - first.ns) / NsPerDay + 1, MostDays);
            for (qint64 day = from; day <= to; ++day)
                add(day * NsPerDay);
        }
    }
    std::ranges::sort(moves, {}, [](DurationNs move) { return std::pair(std::abs(move), move); });
    moves.erase(std::ranges::unique(moves).begin(), moves.end());
    if (moves.size() > MostMoves)
        moves.resize(MostMoves);
    moves.insert(moves.begin(), 0);
    return moves;
}

std::optional<DurationNs> asDateAndZone(DurationNs offset, DurationNs tolerance, DateBasis date, SourceTime at)
{
    if (const auto zone = asZone(offset, tolerance))
        return zone;
    if (date == DateBasis::DayAssumed) {
        const DurationNs days = std::llround(static_cast<double>(offset) / NsPerDay) * NsPerDay;
        if (const auto zone = asZone(offset - days, tolerance))
            return days + *zone;
    } else if (date == DateBasis::YearAssumed) {
        for (int years = -MostYears; years <= MostYears; ++years)
            if (const auto zone = asZone(offset - yearsFrom(at, years), tolerance))
                return yearsFrom(at, years) + *zone;
    }
    return std::nullopt;
}

QString dateAndZoneText(DurationNs offset, SourceTime at)
{
    const DurationNs west = offset - std::llround(static_cast<double>(offset) / NsPerDay) * NsPerDay;
    const QByteArray date = toRfc3339(TimeNs{at.ns + offset - west}).first(10);
    return QString::fromLatin1(date) + QStringLiteral(", ") + zoneText(-west);
}

} // namespace faultline
