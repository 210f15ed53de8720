// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/seriesview.h"
#include "models/analysis/analysis.h"

#include <memory>

namespace faultline {

/// What a focus chart shows of one series.
struct FocusPanel {
    std::shared_ptr<const SeriesView> series;
    std::optional<double> limit;                    ///< In the series' unit.
    int spike = -1;                                 ///< Index into Findings::spikes; -1 for none.
    std::optional<std::pair<double, double>> usual; ///< The band in which values lay before, where a spike tells it.
    std::optional<double> baseline;
};

/// Which series a focus chart shows around a failure, and how much time.
struct FocusPlan {
    static constexpr size_t MostPanels = 4;

    int failure = -1;
    std::optional<PlacedTime> failureTime;
    TimeRange window;
    std::vector<FocusPanel> panels; ///< Top first; empty where there is nothing to show.

    /// The most telling series of the failure, memory and CPU among them. Failure -1: the most telling of all, about their spikes.
    static FocusPlan of(const Analysis &analysis, int failure);
};

} // namespace faultline
