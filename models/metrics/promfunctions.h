// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <QByteArray>

#include <optional>
#include <span>

namespace faultline {

/// The samples of a series within a range that ends at a moment.
struct PromRange {
    std::span<const TimeNs> times;
    std::span<const double> values;
    TimeNs from; ///< Before the first sample.
    TimeNs to;
};

/// What a function over a range (rate, max_over_time …) makes of the samples; nullopt where they are too few for it.
/// rate, increase and delta reach to the ends of the range as Prometheus does: as far as the samples' own distance, a counter not below zero.
std::optional<double> promRangeFunction(const QByteArray &name, const PromRange &range);

/// Two numbers by an operator: + - * / % ^; a comparison gives 1 or 0.
double promOperation(const QByteArray &name, double left, double right);

} // namespace faultline
