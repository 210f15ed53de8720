// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/bootpairs.h"

#include "models/placement/landmarks.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <utility>

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

/// dmesg adds the stamps to the moment of the boot, cut to whole seconds: so counted, its times are surer than a second by none.
bool countsFromBoot(const SourceEvidence &source)
{
    return source.kind == SourceKind::KernelLog
           && (source.basis == TimeBasis::Boot || source.resolutionNs > NsPerSecond);
}

/// How long after the stamp of the line before an event came.
DurationNs pauseBefore(const SourceEvidence &source, const Event &event)
{
    if (event.line < 2 || !source.text)
        return 0;
    const std::vector<TimedLine> before = decodeLines(source, event.line - 1, 1);
    return before.empty() || !before.front().time ? 0 : event.time->lo - *before.front().time;
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
                    pairs.push_back({static_cast<int>(i), fact.line, pair->first, fact.subject, fact.identity->host,
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

std::vector<Sleep> findSleeps(const SourceEvidence &source)
{
    constexpr DurationNs LongestSleep = 366 * NsPerDay;
    std::vector<Sleep> sleeps;
    if (!countsFromBoot(source))
        return sleeps;
    bool isTold = false; // how long the present sleep lasted
    for (const Event &event : source.events) {
        if (!event.time)
            continue;
        if (event.signature == "kernel.slept") {
            bool isNumber = false;
            const double lasted = fieldValue(event.fields, "seconds").toDouble(&isNumber);
            if (!isNumber || !(lasted > 0 && lasted < toSeconds(LongestSleep)))
                continue;
            isTold = true;
            if (toSeconds(pauseBefore(source, event)) < lasted / 2)
                sleeps.push_back({event.time->lo, fromSeconds(lasted)});
        } else if (event.signature == "kernel.suspend") {
            if (event.text.contains("entry"))
                isTold = false;
            else if (!std::exchange(isTold, false))
                sleeps.push_back({event.time->lo, std::nullopt});
        }
    }
    return sleeps;
}

} // namespace faultline
