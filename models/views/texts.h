// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QString>

namespace faultline {

/// Which wall clock times are shown in.
enum class ZoneShown { Utc, Local };

/// "10:03:11.700"; `decimals` 0 to 9, cut (never rounded up into the next second).
QString timeOfDayText(TimeNs time, ZoneShown zone, int decimals = 3);
/// "2026-05-04 10:03:11.700 UTC", or with the local zone's abbreviation.
QString dateTimeText(TimeNs time, ZoneShown zone, int decimals = 3);
/// A length in the unit that reads best: "850 ms", "47.0 s", "3 min 20 s", "5 h 3 min". Numbers in the user's locale.
QString durationText(DurationNs duration);
/// A length with its sign, for columns: "+12.345 s", "−1:02:03.5".
QString sinceText(DurationNs since);
/// A sample's value: bytes with binary prefixes, ratios in percent, seconds as a length, others in six figures.
QString valueText(double value, QByteArrayView unit);

/// What a kind of source is called: "CI log", "Kernel log".
QString kindTitle(SourceKind kind);
/// "Stated", "Derived", "Assumed", "Set by you".
QString placementHowTitle(PlacementHow how);
/// The clock of a source in a few words: "UTC", "shifted +47.0 s", "no place on the axis".
QString clockText(const SourceEvidence &source, const SourcePlacement &placement);
QString verdictStatusTitle(VerdictStatus status);
QString severityTitle(Severity severity);

/// Log bytes for showing: UTF-8 decoded, controls and direction overrides made visible, cut at `most` characters with "…".
QString shownText(QByteArrayView bytes, qsizetype most = 2000);

/// The paths of all sources below the folder that they share; the whole name where there is one source.
QStringList sourceNames(const Evidence &evidence);

} // namespace faultline
