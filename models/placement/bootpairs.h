// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

/// What ties a boot's clock to the wall's, as a journal or syslog tells both of one moment.
struct BootPair {
    int source = -1;
    qint64 line = 0;
    SourceTime wall; ///< By the source's own clock.
    QByteArray boot;
    QByteArray host;                ///< Empty where it names none.
    DurationNs wallMinusBootNs = 0; ///< At the last entry of the boot.
    DurationNs steppedNs = 0;       ///< How far the wall's clock was set during the boot, in all.
};

/// The pairs of all sources, one a source and boot.
std::vector<BootPair> findBootPairs(const Evidence &evidence);

/// The host's clock was set.
struct ClockStep {
    qint64 line = 0;
    SourceTime at; ///< The first time told by the clock as set.
    DurationNs byNs = 0;
};

/// Where a journal shows its host's clock to have been set, in order of lines.
std::vector<ClockStep> findClockSteps(const SourceEvidence &source);

/// The machine slept, and its clock since boot stood still meanwhile.
struct Sleep {
    SourceTime until;                 ///< The first time told after it.
    std::optional<DurationNs> lasted; ///< None where the log does not tell.
};

/// Where a kernel log counted from the boot shows that its clock stood still, in order of lines. The kernel tells how long
/// ("Timekeeping suspended for 59.424 seconds") at debug level only; a clock that shows the pause itself ran on (suspend-to-idle).
std::vector<Sleep> findSleeps(const SourceEvidence &source);

} // namespace faultline
