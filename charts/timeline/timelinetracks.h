// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/track.h"
#include "charts/tracks/failureoverlay.h"
#include "models/analysis/analysis.h"

#include <memory>

namespace faultline {

/// What a timeline of a case shows, in order.
struct TimelineTracks {
    std::vector<std::unique_ptr<Track>> shown;
    std::vector<std::unique_ptr<Track>> more; ///< Series that tell less; folded away at first.
    std::unique_ptr<Track> coverage;          ///< Last of all; null where no source tells what it covers.
    int moreSeries = 0;                       ///< How many series `more` holds.
    FailureOverlay failures;
    TimeRange full; ///< All there is, with a margin.
    TimeRange home; ///< What to show first: the run, without what lies far away from it.
    bool isEmpty = true;

    /// Steps and tests, states, a lane of events a source, then metrics, the most telling first, and what each source covers. Before all,
    /// the source `plot`, where there is one.
    static TimelineTracks of(const Analysis &analysis, int plot = -1);
};

} // namespace faultline
