// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/bootpairs.h"

#include "models/placement/landmarks.h"

#include <algorithm>
#include <cstdlib>
#include <map>

namespace faultline {

namespace {

/// The value of a clock's fact, with its time; nullopt where it is none or out of range.
std::optional<std::pair<SourceTime, DurationNs>> valueOf(const Fact &fact, QByteArrayView key)
{
    if (fact.key != key || !fact.subject.startsWith("boot/") || !fact.time || !isReckonable(fact.time->lo))
        return std::nullopt;
    bool isNumber = false;
    const DurationNs value = fact.value.toLongLong(&isNumber);
    if (!isNumber || !isReckonable(SourceTime{value}))
        return std::nullopt;
    return std::pair(fact.time->lo, value);
}

} // namespace

std::vector<BootPair> findBootPairs(const Evidence &evidence)
{
    std::vector<BootPair> pairs;
    for (size_t i = 0; i < evidence.sources.size(); ++i) {
        std::map<QByteArray, size_t> byBoot;
        for (const Fact &fact : evidence.sources[i]->facts) {
            if (const auto pair = valueOf(fact, "realtime_minus_monotonic_ns")) {
                if (byBoot.try_emplace(fact.subject, pairs.size()).second)
                    pairs.push_back({static_cast<int>(i), fact.line, pair->first, fact.subject, fact.identity.host,
                                     pair->second, 0});
            } else if (const auto step = valueOf(fact, "clock_step_ns")) {
                if (const auto known = byBoot.find(fact.subject); known != byBoot.end()) {
                    pairs[known->second].wallMinusBootNs += step->second;
                    pairs[known->second].steppedNs += std::abs(step->second);
                }
            }
        }
    }
    return pairs;
}

std::vector<ClockStep> findClockSteps(const SourceEvidence &source)
{
    std::vector<ClockStep> steps;
    for (const Fact &fact : source.facts)
        if (const auto step = valueOf(fact, "clock_step_ns"))
            steps.push_back({fact.line, step->first, step->second});
    std::ranges::stable_sort(steps, {}, &ClockStep::line);
    return steps;
}

} // namespace faultline
