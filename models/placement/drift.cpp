// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/drift.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace faultline {

namespace {

constexpr double FastestRate = 1e-3; ///< Twice what a kernel slews its clock by; quartz stays below 2e-4.
constexpr DurationNs LeastSpan = 10 * NsPerMinute;
constexpr size_t FewestMoments = 4;
constexpr size_t MostPairs = 4'000; ///< Lines tried.
constexpr double LeastWeight = 8;   ///< Matches that say less tell too many wrong pairs.
constexpr DurationNs Jitter = 50 * NsPerMillisecond;

DurationNs toleranceOf(const ClockMatch &match)
{
    return match.errorNs + Jitter;
}

/// A line through a moment of clock a.
struct Line {
    SourceTime from;
    double offsetNs = 0;
    double rate = 0;

    double missOf(const ClockMatch &match) const
    {
        return static_cast<double>(match.offsetNs()) - offsetNs - rate * static_cast<double>(match.a - from);
    }
};

/// Each moment of either clock counts once.
std::vector<size_t> inliersOf(const std::vector<ClockMatch> &matches, const std::vector<size_t> &usable,
                              const Line &line)
{
    std::set<SourceTime> here;
    std::set<SourceTime> there;
    std::vector<size_t> inliers;
    for (const size_t i : usable)
        if (std::abs(line.missOf(matches[i])) <= static_cast<double>(toleranceOf(matches[i])))
            if (!here.contains(matches[i].a) && !there.contains(matches[i].b)) {
                here.insert(matches[i].a);
                there.insert(matches[i].b);
                inliers.push_back(i);
            }
    return inliers;
}

DurationNs spanOf(const std::vector<ClockMatch> &matches, const std::vector<size_t> &chosen)
{
    return chosen.empty() ? 0 : matches[chosen.back()].a - matches[chosen.front()].a;
}

/// Least squares over the moments, around their middle.
Line refined(const std::vector<ClockMatch> &matches, const std::vector<size_t> &inliers)
{
    const SourceTime first = matches[inliers.front()].a;
    Line line{first + spanOf(matches, inliers) / 2, 0, 0};
    const auto count = static_cast<double>(inliers.size());
    const DurationNs near = matches[inliers.front()].offsetNs(); // Keeps the sums small enough for a double.
    double x = 0;
    double y = 0;
    for (const size_t i : inliers) {
        x += static_cast<double>(matches[i].a - line.from) / count;
        y += static_cast<double>(matches[i].offsetNs() - near) / count;
    }
    double xx = 0;
    double xy = 0;
    for (const size_t i : inliers) {
        const double dx = static_cast<double>(matches[i].a - line.from) - x;
        xx += dx * dx;
        xy += dx * (static_cast<double>(matches[i].offsetNs() - near) - y);
    }
    line.rate = xx > 0 ? xy / xx : 0;
    line.offsetNs = static_cast<double>(near) + y - line.rate * x;
    return line;
}

} // namespace

std::optional<DriftFit> fitDrift(const std::vector<ClockMatch> &matches)
{
    std::vector<size_t> usable;
    for (size_t i = 0; i < matches.size(); ++i)
        if (matches[i].weight >= LeastWeight)
            usable.push_back(i);
    std::ranges::stable_sort(usable, {}, [&](size_t i) { return matches[i].a; });
    if (usable.size() < FewestMoments || spanOf(matches, usable) < LeastSpan)
        return std::nullopt;

    std::vector<size_t> level; ///< The most that one offset explains.
    for (const size_t i : usable)
        if (auto inliers = inliersOf(matches, usable, {matches[i].a, static_cast<double>(matches[i].offsetNs()), 0});
            inliers.size() > level.size())
            level = std::move(inliers);

    const size_t pairs = usable.size() * (usable.size() - 1) / 2;
    const size_t stride = std::max<size_t>(1, pairs / MostPairs);
    const DurationNs leastSpan = std::max(LeastSpan, spanOf(matches, usable) / 4);
    std::vector<size_t> best;
    size_t turn = 0;
    for (size_t i = 0; i < usable.size(); ++i)
        for (size_t j = i + 1; j < usable.size(); ++j) {
            if (++turn % stride != 0)
                continue;
            const ClockMatch &from = matches[usable[i]];
            const ClockMatch &to = matches[usable[j]];
            if (to.a - from.a < leastSpan)
                continue;
            const double rate =
                static_cast<double>(to.offsetNs() - from.offsetNs()) / static_cast<double>(to.a - from.a);
            if (std::abs(rate) > FastestRate)
                continue;
            std::vector<size_t> inliers =
                inliersOf(matches, usable, {from.a, static_cast<double>(from.offsetNs()), rate});
            if (inliers.size() > best.size())
                best = std::move(inliers);
        }
    if (best.size() < FewestMoments || spanOf(matches, best) < LeastSpan || 2 * best.size() < 3 * level.size())
        return std::nullopt;

    const Line line = refined(matches, best);
    DriftFit fit;
    fit.from = line.from;
    fit.offsetNs = std::llround(line.offsetNs);
    fit.rate = line.rate;
    fit.inliers = inliersOf(matches, usable, line);
    if (fit.inliers.size() < FewestMoments || std::abs(fit.rate) > FastestRate)
        return std::nullopt;
    fit.wanderNs = std::llround(std::abs(fit.rate) * static_cast<double>(spanOf(matches, fit.inliers)) / 2);
    return fit;
}

} // namespace faultline
