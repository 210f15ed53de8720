// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/promfunctions.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace faultline {

namespace {

/// How far the samples rose, a fall of a counter taken for a start from zero.
double rise(const PromRange &range, bool isCounter)
{
    double result = range.values.back() - range.values.front();
    for (size_t i = 1; i < range.values.size() && isCounter; ++i)
        if (range.values[i] < range.values[i - 1])
            result += range.values[i - 1];
    return result;
}

/// The rise between the first sample and the last, drawn out to where the range begins and ends: where the next sample would lie farther
/// away than they usually do, by half of that.
double extrapolated(const PromRange &range, bool isCounter)
{
    constexpr double Near = 1.1;
    const double result = rise(range, isCounter);
    const double between = toSeconds(range.times.back() - range.times.front());
    const double usual = between / static_cast<double>(range.times.size() - 1);
    double before = toSeconds(range.times.front() - range.from);
    double after = toSeconds(range.to - range.times.back());
    if (before >= Near * usual)
        before = usual / 2;
    if (isCounter && result > 0 && range.values.front() >= 0) // it was not below zero
        before = std::min(before, between * range.values.front() / result);
    if (after >= Near * usual)
        after = usual / 2;
    return result * (between + before + after) / between;
}

/// From the last sample but one to the last.
double step(const PromRange &range, bool isCounter)
{
    const double last = range.values.back();
    const double before = range.values[range.values.size() - 2];
    return isCounter && last < before ? last : last - before;
}

size_t countSteps(const PromRange &range, auto isCounted)
{
    size_t count = 0;
    for (size_t i = 1; i < range.values.size(); ++i)
        if (isCounted(range.values[i - 1], range.values[i]))
            ++count;
    return count;
}

} // namespace

std::optional<double> promRangeFunction(const QByteArray &name, const PromRange &range)
{
    if (range.values.empty())
        return std::nullopt;
    if (name == "count_over_time")
        return static_cast<double>(range.values.size());
    if (name == "last_over_time")
        return range.values.back();
    if (name == "min_over_time")
        return std::ranges::min(range.values);
    if (name == "max_over_time")
        return std::ranges::max(range.values);
    if (name == "changes")
        return static_cast<double>(countSteps(range, std::not_equal_to()));
    if (name == "resets")
        return static_cast<double>(countSteps(range, std::greater()));
    if (name == "sum_over_time" || name == "avg_over_time") {
        const double sum = std::accumulate(range.values.begin(), range.values.end(), 0.0);
        return name == "sum_over_time" ? sum : sum / static_cast<double>(range.values.size());
    }
    if (range.values.size() < 2 || range.times.back() <= range.times.front())
        return std::nullopt;
    if (name == "delta")
        return extrapolated(range, false);
    if (name == "increase")
        return extrapolated(range, true);
    if (name == "rate")
        return extrapolated(range, true) / toSeconds(range.to - range.from);
    if (name == "idelta")
        return step(range, false);
    const DurationNs distance = range.times.back() - range.times[range.times.size() - 2];
    if (name == "irate" && distance > 0)
        return step(range, true) / toSeconds(distance);
    return std::nullopt;
}

double promOperation(const QByteArray &name, double left, double right)
{
    if (name == "+")
        return left + right;
    if (name == "-")
        return left - right;
    if (name == "*")
        return left * right;
    if (name == "/")
        return left / right;
    if (name == "%")
        return std::fmod(left, right);
    if (name == "^")
        return std::pow(left, right);
    const bool isTrue = name == "=="   ? left == right
                        : name == "!=" ? left != right
                        : name == "<"  ? left < right
                        : name == "<=" ? left <= right
                        : name == ">"  ? left > right
                                       : left >= right;
    return isTrue ? 1 : 0;
}

} // namespace faultline
