// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/analysis/analysis.h"

#include <algorithm>

namespace faultline {

std::optional<TimeNs> lastMoment(const Analysis &analysis)
{
    std::optional<TimeNs> last;
    for (size_t s = 0; s < analysis.evidence->sources.size(); ++s)
        if (const auto &time = analysis.evidence->sources[s]->last)
            if (const auto placed = analysis.placement->place(static_cast<int>(s), *time))
                last = last ? std::max(*last, placed->time) : placed->time;
    return last;
}

} // namespace faultline
