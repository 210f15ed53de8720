// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <algorithm>

namespace faultline {

/// Maps 64-bit line numbers onto a scroll bar's int values: one to one while they fit, scaled beyond.
struct ScrollScale {
    static constexpr int MostSteps = 1'000'000'000;

    qint64 lastTop = 0; ///< The greatest first line that can be scrolled to; from 0.

    int maximum() const { return static_cast<int>(std::clamp<qint64>(lastTop, 0, MostSteps)); }
    int toBar(qint64 top) const
    {
        if (lastTop <= MostSteps)
            return static_cast<int>(std::clamp<qint64>(top, 0, maximum()));
        const double share = static_cast<double>(std::clamp<qint64>(top, 0, lastTop)) / static_cast<double>(lastTop);
        return static_cast<int>(share * MostSteps);
    }
    qint64 fromBar(int value) const
    {
        if (lastTop <= MostSteps)
            return value;
        if (value >= MostSteps)
            return lastTop; // the very end must be reachable whatever rounding says
        return static_cast<qint64>(static_cast<double>(value) / MostSteps * static_cast<double>(lastTop));
    }
};

} // namespace faultline
