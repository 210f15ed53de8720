// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/time.h"

#include <array>
#include <optional>
#include <string_view>

namespace faultline {

/// Where a number of at most 15 digits without an exponent ends, which most are; `at` where there is none, or another character of a number
/// follows. Exact: both the digits and the power of ten fit a double, so their quotient is the nearest one.
inline const char *readShortDecimal(const char *at, const char *end, double &value)
{
    constexpr int MostDigits = 15;
    constexpr std::array<double, MostDigits + 1> Powers{1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                        1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    const char *const start = at;
    const bool isNegative = at < end && *at == '-';
    at += isNegative ? 1 : 0;
    qint64 digits = 0;
    int count = 0;
    int decimals = 0;
    const auto take = [&] {
        for (; at < end && *at >= '0' && *at <= '9' && count <= MostDigits; ++at, ++count)
            digits = digits * 10 + (*at - '0');
    };
    take();
    if (count > 0 && at < end && *at == '.') {
        ++at;
        decimals = count;
        take();
        decimals = count - decimals;
        if (decimals == 0)
            return start;
    }
    if (count == 0 || count > MostDigits || (at < end && (*at == 'e' || *at == 'E' || *at == '.')))
        return start;
    value = static_cast<double>(digits) / Powers[static_cast<size_t>(decimals)];
    value = isNegative ? -value : value;
    return at;
}

/// A float as Prometheus writes it, all of the text: decimals, exponents, NaN, Inf, +Inf, -Inf (any case). No hexadecimal, no blanks.
std::optional<double> parseFloat(std::string_view text);

/// Seconds as a decimal number, exact to the nanosecond where there is no exponent (a double would be off by 0.1 µs).
std::optional<qint64> parseSecondsNs(std::string_view text);

/// Nanoseconds of an epoch number whose unit (s, ms, µs, ns) its size tells; nullopt where it is no number.
std::optional<qint64> parseEpochNs(std::string_view text);

} // namespace faultline
