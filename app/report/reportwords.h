// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// The words of written reports, whatever the locale.
/// One line of log text for people: no control characters, no end in sight cut.
QString reportText(const QByteArray &bytes);

/// "2026-05-04 10:00:00.123 UTC"
QString reportTime(TimeNs time);
/// The same to the second; empty where unknown.
QString reportSecond(const std::optional<TimeNs> &time);

/// A sample with its unit where that is known: "319.3 MiB", "0.95".
QString reportValue(double number, const Series &series);

/// "85 ms", "12.3 s", "4 min 10 s"
QString reportDuration(DurationNs duration);

} // namespace faultline
