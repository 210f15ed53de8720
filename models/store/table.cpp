// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/table.h"

#include <cmath>

namespace faultline {

namespace {

constexpr double LeastInteger = -9223372036854775808.0; // -2^63

/// Largest integer <= value, smallest >= value; the ends of the range where it lies outside.
qint64 floorOf(double value)
{
    if (value >= -LeastInteger)
        return std::numeric_limits<qint64>::max();
    return value < LeastInteger ? std::numeric_limits<qint64>::min() : static_cast<qint64>(std::floor(value));
}
qint64 ceilOf(double value)
{
    if (value >= -LeastInteger)
        return std::numeric_limits<qint64>::max();
    return value < LeastInteger ? std::numeric_limits<qint64>::min() : static_cast<qint64>(std::ceil(value));
}

} // namespace

IntegerBounds boundsOf(std::span<const Constraint> constraints, int column)
{
    IntegerBounds bounds;
    for (const Constraint &constraint : constraints) {
        if (constraint.column != column || constraint.value.type == CellType::Text
            || constraint.comparison > Comparison::GreaterOrEqual)
            continue;
        bounds.bounded = true;
        if (constraint.value.type == CellType::Null) { // Nothing compares with NULL.
            bounds.least = 1;
            bounds.most = 0;
            return bounds;
        }
        const bool real = constraint.value.type == CellType::Real;
        const qint64 low = real ? floorOf(constraint.value.real) : constraint.value.integer;
        const qint64 high = real ? ceilOf(constraint.value.real) : constraint.value.integer;
        // Strict comparisons are taken as loose ones: SQLite drops the one row too many.
        if (constraint.comparison != Comparison::Less && constraint.comparison != Comparison::LessOrEqual)
            bounds.least = std::max(bounds.least, low);
        if (constraint.comparison != Comparison::Greater && constraint.comparison != Comparison::GreaterOrEqual)
            bounds.most = std::min(bounds.most, high);
    }
    return bounds;
}

} // namespace faultline
