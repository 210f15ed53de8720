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
    QString context;             ///< What the labels leave out: date and zone, "4 May 2026, UTC".

    /// The least round step of at least `least`.
    static DurationNs niceStep(DurationNs least);
    /// At most one tick every `spacing` pixels.
    static TimeTicks of(const TimeScale &scale, double spacing, const QTimeZone &zone);
};

} // namespace faultline
