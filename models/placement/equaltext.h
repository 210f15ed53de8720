// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/clockedges.h"

namespace faultline {

/// A line that stands in two sources.
struct EqualText {
    int a = -1; ///< Source.
    int b = -1;
    ClockMatch match;
};

/// Messages of the kernel that stand once in each of two kernel logs or journals, without their stamps. The strongest of all anchors.
std::vector<EqualText> findEqualText(const Evidence &evidence);

/// A moment of wall time that a kernel log itself states.
struct StatedMoment {
    int source = -1;
    qint64 line = 0;
    SourceTime here;
    TimeNs there;
    DurationNs errorNs = 0;
    QString what;
};

/// audit(1700000000.123:45), "setting system clock to 2026-05-04T10:00:00 UTC (1777888800)" in logs that count from boot.
std::vector<StatedMoment> findStatedMoments(const Evidence &evidence);

} // namespace faultline
