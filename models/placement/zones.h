// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline {

/// How far a zone may be from UTC.
inline constexpr DurationNs FarthestZone = 14 * NsPerHour;

/// Whether a source's own times say where they stand; the time of a state file is its machine's.
inline bool statesZone(const SourceEvidence &source)
{
    return source.kind != SourceKind::HostState && source.date == DateBasis::Stated
           && (source.basis == TimeBasis::Utc || source.basis == TimeBasis::Zoned);
}

/// What a log without a zone is taken to be in.
struct ZoneGuess {
    DurationNs offsetNs = 0; ///< Added to its times: +08:00 gives -8 h.
    bool isAssumed = true;   ///< False: no other zone fits.
    DurationNs errorNs = 0;  ///< To the farthest zone that fits as well; where none fits, that there is.
    QString reason;
};

/// A stretch of the axis that another source of the case tells of.
struct Stretch {
    TimeNs first;
    TimeNs last;
};

/// What is known of a log's clock but not of its zone or date.
struct LooseClock {
    SourceTime first;
    SourceTime last;
    DateBasis date = DateBasis::Stated;
    std::vector<DurationNs> moves = {0}; ///< What may be added for another day or year: dateMoves().
    bool isZoneKnown = false;            ///< Only the date is not known.
    DurationNs dateErrorNs = 0;          ///< How unsure the date is where nothing is met.
};

/// The zone (whole quarters of an hour, -12:00 to +14:00), and where it is assumed the date, in which a log meets what the other sources
/// tell of. Where several do, one that another source of the case states comes first, then UTC, and the nearest date; with none, UTC,
/// and as unsure as zones and dates differ.
ZoneGuess guessZone(const LooseClock &clock, const std::vector<Stretch> &others,
                    const std::vector<DurationNs> &statedZonesEast);

/// "+08:00" or "UTC" as nanoseconds east; nullopt where it is neither.
std::optional<DurationNs> zoneEast(QByteArrayView zone);
/// What a person writes: "+08:00", "UTC", "Asia/Shanghai" (as it stands at the moment given, for zones that change); nullopt where it is no
/// zone.
std::optional<DurationNs> namedZoneEast(const QString &zone, TimeNs at);
/// The same as it stands today.
std::optional<DurationNs> namedZoneEast(const QString &zone);

/// From a wall time on, until the next: how far east of UTC a zone is, give or take. Where clocks were set back wall times come twice, and
/// where they were set forward some do not come: these are halfway between the two, and as unsure.
struct ZoneStretch {
    SourceTime from;
    DurationNs eastNs = 0;
    DurationNs errorNs = 0;
};
/// The stretches of a zone that the wall times [first, last] meet, the first from the beginning of time; empty where it is no zone.
std::vector<ZoneStretch> zoneStretches(const QString &zone, SourceTime first, SourceTime last);

/// What a person says with a zone: one that changes over the year is kept by name.
ClockOverride zoneOverride(const QString &zone);
/// The other way round.
QString zoneText(DurationNs east);

} // namespace faultline
