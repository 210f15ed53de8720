// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/clockedges.h"
#include "models/placement/placement.h"

namespace faultline {

/// Whose clock a source tells the time by: sources of one keeper are no witnesses for each other.
enum class ClockKeeper { Journal, Prometheus, Kubernetes, Host, Run, Other };
ClockKeeper keeperOf(const SourceEvidence &source);

/// What is known of a clock before clocks are compared, and what comes of it.
struct ClockState {
    enum class Basis { User, Stated, Zoneless, Unknown };

    Basis basis = Basis::Unknown;
    ClockKeeper keeper = ClockKeeper::Other;
    DurationNs resolutionNs = 0;
    std::optional<DurationNs>
        presumedNs; ///< User: the offset. Stated: 0. Zoneless: what overlap suggests. Unknown: what its own lines state.
    DurationNs presumedErrorNs = 0; ///< Beyond what the errors of edges hold already.
    PlacementHow presumedHow = PlacementHow::Stated;

    DateBasis date = DateBasis::Stated; ///< Zoneless: assumed dates may be moved by whole days or years.
    std::optional<std::pair<SourceTime, SourceTime>> range; ///< What it tells of, from first to last.
    bool isSampled = false;                                 ///< It tells of its whole range, not of moments.

    std::optional<DurationNs> offsetNs; ///< The result; none: unplaced.
    DurationNs errorNs = 0;
    PlacementHow how = PlacementHow::Stated;
    int placedBy = -1;          ///< The edge that gave the result; -1: its own word.
    std::vector<int> edgesUsed; ///< Edges that agree with the result, into the edges given.
    bool isShifted = false;     ///< Stated, but others agree on another time.
    bool isDisputed = false;    ///< Stated, others differ, but too few of them.
    DurationNs offeredNs = 0;   ///< Disputed: the offset that the others would give it. The error reaches as far.
};

/// Brings the clocks onto one axis: those joined by edges agree on the frame that the user, else most independent keepers, else the
/// better one states; all others follow along the most precise edges. A stated clock is shifted only against two independent keepers,
/// and only where a process, cgroup or text is named, or what was sampled during the run misses the log as it stands; one that is not
/// shifted is as unsure as what the others say is away. Where one witness names what it joins and stands against one, both are.
void agreeOnClocks(std::vector<ClockState> &clocks, const std::vector<ClockEdge> &edges);

/// The nearest whole quarter of an hour, where it is within the tolerance.
std::optional<DurationNs> asZone(DurationNs offset, DurationNs tolerance);

} // namespace faultline
