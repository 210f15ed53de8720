// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline {

/// What a log without a zone is taken to be in.
struct ZoneGuess {
    DurationNs offsetNs = 0; ///< Added to its times: +08:00 gives -8 h.
    bool isAssumed = true;   ///< False: no other zone fits.
    QString reason;
};

/// A stretch of the axis that another source of the case tells of.
struct Stretch {
    TimeNs first;
    TimeNs last;
};

/// The zone (whole quarters of an hour, -12:00 to +14:00) in which [first, last] meets what the other sources tell of. Where several do,
/// one that another source of the case states comes first, then UTC; with none, UTC.
ZoneGuess guessZone(SourceTime first, SourceTime last, const std::vector<Stretch> &others,
                    const std::vector<DurationNs> &statedZonesEast);

/// "+08:00" or "UTC" as nanoseconds east; nullopt where it is neither.
std::optional<DurationNs> zoneEast(QByteArrayView zone);
/// What a person writes: "+08:00", "UTC", "Asia/Shanghai" (as it stands today, for zones that change); nullopt where it is no zone.
std::optional<DurationNs> namedZoneEast(const QString &zone);
/// The other way round.
QString zoneText(DurationNs east);

} // namespace faultline
