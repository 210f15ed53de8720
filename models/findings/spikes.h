// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings/findings.h"
#include "models/findings/metricrules.h"

namespace faultline {

/// The samples of one series as it is looked at: counters as rates a second.
struct Curve {
    std::vector<TimeNs> times;
    std::vector<double> values;
};
Curve placedCurve(const Series &series, const SourcePlacement &placement);

/// The last sample that is a number; 0 where there is none. What a series of limits states.
double lastFinite(const Series &series);

/// A limit that holds for a series, from another series or a fact; nullopt where none is known.
struct Limit {
    double value = 0;
    int series = -1; ///< Index into Evidence::allSeries(); -1: stated by a fact.
};

/// Finds the telling stretch of a curve around a moment.
struct SpikeQuestion {
    const Curve *curve = nullptr;
    std::optional<TimeNs> failure; ///< None: anywhere in the curve.
    DurationNs uncertaintyNs = 0;
    std::optional<double> limit;
    bool low = false; ///< Trouble is near zero.
};
/// The extreme around the failure against median and IQR of what was before; nullopt where nothing stands out.
/// A baseline that contains the rise itself is cut back to its quiet part, so that it cannot hide it.
std::optional<Spike> findSpike(const SpikeQuestion &question);

/// How far a curve moved around the failure, which may be told up to a minute wrong: the farthest sample from the median of four times as
/// long before, in robust scales. Nullopt without a failure, or where either has too few samples.
std::optional<double> changeScore(const SpikeQuestion &question);

/// Pairs usage with limit series by family and labels. Index and value are indexes into Evidence::allSeries().
std::vector<int> pairLimits(const Evidence &evidence, const MetricRules &rules);

/// Spikes and ranked changes for every failure (or for the whole time where there is none).
void findSpikes(Findings &findings, const Evidence &evidence, const Placement &placement, const MetricRules &rules);

} // namespace faultline
