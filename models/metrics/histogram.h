// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>

namespace faultline {

/// How many observations were at most so large.
struct HistogramBucket {
    double bound = 0; ///< Inclusive; the last may be infinite.
    double count = 0; ///< Of all observations up to the bound.
};

/// A quantile of what was observed, and whether it lies beyond the last bound that is told.
struct Quantile {
    double value = 0;
    bool isBeyond = false; ///< The value is that last bound: the true one is at least as large.
};

/// The value below which the share `q` of the observations lies: even within a bucket, as Prometheus' histogram_quantile() has it; the first
/// bucket begins at zero unless its bound is below. Buckets in order of their bounds; counts that fall from one to the next are taken for
/// equal. Nullopt where nothing was observed or no bound is finite.
/// https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
std::optional<Quantile> quantileOf(std::span<const HistogramBucket> buckets, double q);

} // namespace faultline
