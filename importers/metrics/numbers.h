// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <optional>
#include <string_view>

namespace faultline {

/// A float as Prometheus writes it, all of the text: decimals, exponents, NaN, Inf, +Inf, -Inf (any case). No hexadecimal, no blanks.
std::optional<double> parseFloat(std::string_view text);

/// Seconds as a decimal number, exact to the nanosecond where there is no exponent (a double would be off by 0.1 µs).
std::optional<qint64> parseSecondsNs(std::string_view text);

/// Nanoseconds of an epoch number whose unit (s, ms, µs, ns) its size tells; nullopt where it is no number.
std::optional<qint64> parseEpochNs(std::string_view text);

} // namespace faultline
