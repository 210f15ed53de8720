// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

namespace faultline {

/// A series and why it is worth a look.
struct TellingSeries {
    int series = -1; ///< Index into Evidence::allSeries().
    bool hasSpike = false;
    bool hasChange = false; ///< It rose or fell around the failure.
    bool hasLimit = false;
    bool isMemory = false;
    bool isCpu = false;
    /// Whether it is shown unasked.
    bool isTelling() const { return hasSpike || hasChange || hasLimit || isMemory || isCpu; }
};

/// All series with samples, the most telling for the failure first: those with its spikes as ranked, then with other changes, then those with a
/// limit, memory, CPU, the rest. Series that only state a limit of another one come as that one's line, not here.
/// `failure` -1: whatever failure.
std::vector<TellingSeries> tellingSeries(const Analysis &analysis, int failure);

/// The labels that tell series apart: "pod=api, container=api".
QString seriesLabels(const Series &series);

/// Name and telling labels, short enough for a header: "container_memory_working_set_bytes {pod=api}".
QString seriesTitle(const Series &series);

/// The limit in force for a series around a moment (a limit may be raised while a run goes on); nullopt where none is known.
std::optional<double> limitAt(const Analysis &analysis, int series, TimeNs time);

} // namespace faultline
