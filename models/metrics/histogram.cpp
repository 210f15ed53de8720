// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline {

std::optional<Quantile> quantileOf(std::span<const HistogramBucket> buckets, double q)
{
    if (buckets.empty() || !(buckets.back().count > 0))
        return std::nullopt;
    const double rank = q * buckets.back().count;
    double lower = -std::numeric_limits<double>::infinity();
    double below = 0; // counted up to `lower`
    for (const HistogramBucket &bucket : buckets) {
        const double count = std::max(bucket.count, below);
        if (std::isinf(bucket.bound)) {
            if (bucket.bound > 0)
                break;
        } else if (count >= rank && count > 0) {
            if (std::isinf(lower)) {
                if (bucket.bound <= 0)
                    return Quantile{bucket.bound, false};
                lower = 0;
            }
            const double share = count > below ? (rank - below) / (count - below) : 1;
            return Quantile{lower + (bucket.bound - lower) * std::clamp(share, 0.0, 1.0), false};
        }
        lower = bucket.bound;
        below = count;
    }
    return std::isinf(lower) ? std::nullopt : std::optional(Quantile{lower, true});
}

} // namespace faultline
