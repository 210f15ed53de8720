// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/axiserror.h"

#include "models/placement/dates.h"

namespace faultline {

DurationNs axisErrorNs(const Evidence &evidence, const Placement &placement)
{
    bool hasLocal = false;
    bool hasDay = false;
    for (size_t i = 0; i < evidence.sources.size(); ++i) {
        const SourceEvidence &source = *evidence.sources[i];
        if (!placement.sources[i].isPlaced() || !source.first)
            continue;
        if (placement.sources[i].how == PlacementHow::User || statesZone(source))
            return 0;
        const bool isDayAssumed = source.date == DateBasis::DayAssumed && !isDayBorneOut(source);
        hasLocal = hasLocal || source.basis == TimeBasis::Local || isDayAssumed;
        hasDay = hasDay || (source.basis == TimeBasis::Local && !isDayAssumed);
    }
    if (!hasLocal)
        return 0;
    return hasDay ? FarthestZone : FarthestDay;
}

} // namespace faultline
