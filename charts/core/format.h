// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"

#include <QString>
#include <QTimeZone>

#include <vector>

namespace faultline {

/// A value with its unit as people read it, in the user's locale: bytes as KiB, MiB …, seconds as ms, s, min, ratios as percent; "–" for NaN.
/// `unit` is that of Series::unit, with "/s" behind it for rates.
QString formatValue(double value, const QByteArray &unit);

/// Round values between lo and hi, at most `most` of them; powers of two apart for bytes.
std::vector<double> valueTicks(double lo, double hi, int most, const QByteArray &unit);

/// "1.4 s", "3 min 12 s", "250 µs"; signed where `withSign`.
QString formatDuration(DurationNs duration, bool withSign = false);

/// "10:03:11.700", with the decimals that `resolutionNs` asks for.
QString formatTime(TimeNs time, const QTimeZone &zone, DurationNs resolutionNs);
/// "4 May 2026"
QString formatDate(TimeNs time, const QTimeZone &zone);
/// "UTC", "UTC+05:30", or the zone's own short name, at that moment.
QString zoneName(TimeNs time, const QTimeZone &zone);

/// Bytes of a log or a label for display: UTF-8, control characters shown as spaces, cut at `most` characters.
QString shownText(const QByteArray &bytes, qsizetype most = 240);

} // namespace faultline
