// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/coverage.h"

namespace faultline {

namespace {

/// A copy keeps a file's time at best; one made long after the run says nothing about when the file was captured.
constexpr DurationNs MostCaptureDelay = 12 * NsPerHour;
constexpr DurationNs SoonAfter = 10 * NsPerMinute;

bool isEventDriven(SourceKind kind)
{
    return kind == SourceKind::KernelLog || kind == SourceKind::Journal || kind == SourceKind::KubeDescribe
           || kind == SourceKind::KubeObject;
}

std::optional<TimeNs> placed(const Placement &placement, int source, const std::optional<SourceTime> &time)
{
    if (!time)
        return std::nullopt;
    const std::optional<PlacedTime> at = placement.place(source, *time);
    return at ? std::optional(at->time) : std::nullopt;
}

/// The last moment that any placed source of the case tells of; state files count not, whose only time is the file's own.
std::optional<TimeNs> lastOfCase(const Evidence &evidence, const Placement &placement)
{
    std::optional<TimeNs> last;
    for (size_t i = 0; i < evidence.sources.size(); ++i) {
        if (placement.sources[i].how == PlacementHow::Assumed || evidence.sources[i]->kind == SourceKind::HostState)
            continue;
        const std::optional<TimeNs> time = placed(placement, static_cast<int>(i), evidence.sources[i]->last);
        if (time && (!last || *time > *last))
            last = time;
    }
    return last;
}

/// The latest moment at which the content of any source says that it was captured: what is kept together was taken together.
std::optional<TimeNs> captureOfOthers(const Evidence &evidence, const Placement &placement)
{
    std::optional<TimeNs> latest;
    for (size_t i = 0; i < evidence.sources.size(); ++i)
        for (const Coverage &entry : evidence.sources[i]->coverage) {
            if (entry.how == CoverageHow::Assumed || !isEventDriven(evidence.sources[i]->kind))
                continue;
            const std::optional<TimeNs> at = placed(placement, static_cast<int>(i), entry.captured);
            if (at && (!latest || *at > *latest))
                latest = at;
        }
    return latest;
}

/// Until when an event-driven source was watched, where its content does not say: the file's own time, if it follows all that the case
/// tells of closely; else the capture of another source; else the file's time, if not so late that it must be a copy's.
std::optional<TimeNs> assumedCapture(const Evidence &evidence, const Placement &placement, int source)
{
    const SourceEvidence &of = *evidence.sources[static_cast<size_t>(source)];
    const std::optional<TimeNs> last = lastOfCase(evidence, placement);
    const bool after = of.modified && last && *of.modified >= *last;
    if (after && *of.modified - *last <= SoonAfter)
        return of.modified;
    if (const std::optional<TimeNs> others = captureOfOthers(evidence, placement))
        return others;
    return after && *of.modified - *last <= MostCaptureDelay ? of.modified : std::nullopt;
}

/// From the first sample to the last and one step more, over all series.
PlacedCoverage sampledCoverage(const SourceEvidence &of, const Placement &placement, int source)
{
    PlacedCoverage coverage{source, {}, {}, {}, CoverageHow::Derived};
    for (const Series &series : of.series) {
        if (series.times.empty())
            continue;
        const std::optional<TimeNs> first = placed(placement, source, series.times.front());
        const std::optional<TimeNs> last = placed(placement, source, series.times.back() + series.stepNs);
        if (first && (!coverage.from || *first < *coverage.from))
            coverage.from = first;
        if (last && (!coverage.to || *last > *coverage.to))
            coverage.to = last;
    }
    return coverage;
}

PlacedCoverage placeEntry(const Coverage &entry, const Evidence &evidence, const Placement &placement, int source)
{
    PlacedCoverage result{source, entry.subject, placed(placement, source, entry.from),
                          placed(placement, source, entry.captured), entry.how};
    const SourceEvidence &of = *evidence.sources[static_cast<size_t>(source)];
    const SourcePlacement &at = placement.sources[static_cast<size_t>(source)];
    if (at.how == PlacementHow::Assumed)
        result.how = CoverageHow::Assumed;
    else if (at.how == PlacementHow::Derived && result.how == CoverageHow::Stated)
        result.how = CoverageHow::Derived;
    const std::optional<TimeNs> lastLine = placed(placement, source, of.last);
    if (!result.to && isEventDriven(of.kind)) {
        result.to = assumedCapture(evidence, placement, source);
        if (result.to)
            result.how = CoverageHow::Assumed;
    }
    // It was read to its last line at least.
    if (lastLine && (!result.to || *result.to < *lastLine)) {
        result.to = lastLine;
        if (result.how == CoverageHow::Stated)
            result.how = CoverageHow::Derived;
    }
    return result;
}

} // namespace

std::vector<PlacedCoverage> placedCoverages(const Evidence &evidence, const Placement &placement, int source)
{
    const SourceEvidence &of = *evidence.sources[static_cast<size_t>(source)];
    std::vector<PlacedCoverage> result;
    if (!placement.sources[static_cast<size_t>(source)].isPlaced())
        return result;
    bool whole = false;
    for (const Coverage &entry : of.coverage) {
        result.push_back(placeEntry(entry, evidence, placement, source));
        whole = whole || entry.subject.isEmpty();
    }
    if (whole)
        return result;
    if (!of.series.empty()) {
        result.push_back(sampledCoverage(of, placement, source));
    } else if (isEventDriven(of.kind)) {
        Coverage entry;
        entry.from = of.first;
        result.push_back(placeEntry(entry, evidence, placement, source));
    } else if (of.first && of.last) {
        Coverage entry;
        entry.from = of.first;
        entry.captured = of.last;
        entry.how = CoverageHow::Derived;
        result.push_back(placeEntry(entry, evidence, placement, source));
    }
    return result;
}

std::vector<PlacedCoverage> placedCoverages(const Evidence &evidence, const Placement &placement)
{
    std::vector<PlacedCoverage> all;
    for (size_t i = 0; i < evidence.sources.size(); ++i) {
        std::vector<PlacedCoverage> of = placedCoverages(evidence, placement, static_cast<int>(i));
        all.insert(all.end(), of.begin(), of.end());
    }
    return all;
}

std::optional<PlacedCoverage> placedCoverage(const Evidence &evidence, const Placement &placement, int source,
                                             QByteArrayView subject)
{
    const std::vector<PlacedCoverage> all = placedCoverages(evidence, placement, source);
    const auto of = [&](QByteArrayView wanted) {
        return std::find_if(all.begin(), all.end(),
                            [&](const PlacedCoverage &coverage) { return coverage.subject == wanted; });
    };
    auto found = of(subject);
    if (found == all.end())
        found = of({});
    return found == all.end() ? std::nullopt : std::optional(*found);
}

} // namespace faultline
