// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"

#include <QString>
#include <QTimeZone>

#include <vector>

namespace faultline {

struct TimeTick {
    TimeNs time;
    QString label;
    bool isDay = false; ///< Midnight in the zone: the label is a date.
};

/// Where an axis has its marks: round moments in the zone, nanoseconds to years apart.
struct TimeTicks {
    DurationNs step = 0;
    std::vector<TimeTick> ticks; ///< In order, all within the range.
    QString context; ///< What the labels leave out: date and zone, "4 May 2026, UTC", or that they tell the time since.

    /// The least round step of at least `least`.
    static DurationNs niceStep(DurationNs least);
    /// At most one tick every `spacing` pixels.
    static TimeTicks of(const TimeScale &scale, double spacing, const QTimeZone &zone);
    /// The same, round distances from a moment: "T−38 s", "T", "T+1 min 30 s".
    static TimeTicks since(TimeNs origin, const TimeScale &scale, double spacing);
};

/// The time of a moment since another one, as an axis labels it: "T−38 s", "T+2 min 3.25 s"; with the decimals that `resolutionNs` asks for.
QString sinceLabel(DurationNs since, DurationNs resolutionNs);

} // namespace faultline
