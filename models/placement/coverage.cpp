// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/coverage.h"

namespace faultline {

namespace {

/// A copy keeps a file's time at best; one made long after the run says nothing about when the file was captured.
constexpr DurationNs MostCaptureDelay = 12 * NsPerHour;

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

/// The last moment that any placed source of the case tells of.
std::optional<TimeNs> lastOfCase(const Evidence &evidence, const Placement &placement)
{
    std::optional<TimeNs> last;
    for (size_t i = 0; i < evidence.sources.size(); ++i)
        if (const std::optional<TimeNs> time = placed(placement, static_cast<int>(i), evidence.sources[i]->last);
            time && (!last || *time > *last))
            last = time;
    return last;
}

/// Until when an event-driven source was watched, where its content does not say: the file's own time, if that is after all that it
/// and the case tell of and soon enough after to be the capture's and not a later copy's.
std::optional<TimeNs> assumedCapture(const Evidence &evidence, const Placement &placement, int source)
{
    const SourceEvidence &of = *evidence.sources[static_cast<size_t>(source)];
    const std::optional<TimeNs> last = lastOfCase(evidence, placement);
    if (!of.modified || !last || *of.modified < *last || *of.modified - *last > MostCaptureDelay)
        return std::nullopt;
    return of.modified;
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
    if (!result.to && isEventDriven(of.kind)) {
        result.to = assumedCapture(evidence, placement, source);
        result.how = CoverageHow::Assumed;
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
