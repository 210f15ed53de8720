// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings/findings.h"

#include <functional>

namespace faultline {

struct Curve;

/// What a limit is asked of.
struct HeadroomQuestion {
    const Curve *curve = nullptr;
    double limit = 0;
    bool low = false;      ///< Trouble is near the limit from above, which is then mostly zero.
    DurationNs stepNs = 0; ///< Usual distance of the samples: so long the last one says something of what follows.
    TimeNs from;
    TimeNs to;
};

/// Whether samples rule out that the limit was reached within [from, to]. A peak between two samples does not show, so each of them needs to
/// leave more to the limit than the steepest rise of the half hour before would cover until the next. False where a sample is at the limit,
/// and where the samples do not cover all of the time.
bool excludesLimit(const HeadroomQuestion &question);

/// The first series of a source that may have reached its limit within [from, to] without its samples showing it; -1 where all of them
/// rule it out. Series without a limit say nothing; nullopt where none has one. `isAsked` says which series matter.
std::optional<int> unseenPeak(const Evidence &evidence, const Placement &placement, const Findings &findings,
                              int source, TimeNs from, TimeNs to, const std::function<bool(const Series &)> &isAsked);

} // namespace faultline
