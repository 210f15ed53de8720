// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/zones.h"

namespace faultline {

/// Beyond this no day is looked for that a file's time may stand for; it is how unsure a day is that nothing bears out.
inline constexpr DurationNs FarthestDay = 366 * NsPerDay;

/// Whether the file was written right after its last time of day, in UTC or in a zone of whole hours: then its day is that of the log.
bool isDayBorneOut(const SourceEvidence &source);

/// By how much a source's times may be moved where only their day (or year) is assumed: 0 first, then what brings [first, last] within a
/// day of what the others tell of, nearest first. Only 0 where the date is stated.
std::vector<DurationNs> dateMoves(DateBasis date, SourceTime first, SourceTime last,
                                  const std::vector<Stretch> &others);

/// The nearest whole quarters of an hour to an offset, where it is within the tolerance and nothing but a zone, and where the date is
/// assumed a number of days or calendar years (counted from `at`), explains it.
std::optional<DurationNs> asDateAndZone(DurationNs offset, DurationNs tolerance, DateBasis date, SourceTime at);

/// The date and zone that an offset moves times of `at` to: "2026-11-23, +08:00".
QString dateAndZoneText(DurationNs offset, SourceTime at);

} // namespace faultline
