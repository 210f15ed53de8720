// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/consensus.h"

#include "models/placement/dates.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <set>

namespace faultline {

namespace {

constexpr DurationNs WidestZone = 15 * NsPerHour;
/// Events told only between two marks of a log may be minutes unsure; beyond this an error says nothing about a zone.
constexpr DurationNs MostZoneError = 5 * NsPerMinute;

/// An edge strong enough to place a clock by: it names the process, cgroup or text, or there was but one event of its kind in each.
bool isUsable(const ClockEdge &edge)
{
    return edge.isClear && edge.weight >= 8;
}
/// A journal and a kernel log tell the time by the same machine's clock.
ClockKeeper independent(ClockKeeper keeper)
{
    return keeper == ClockKeeper::Journal ? ClockKeeper::Host : keeper;
}
bool hasIdentity(const ClockEdge &edge)
{
    return edge.kinship >= Kinship::Named;
}

/// One group of clocks joined by usable edges, with each clock's offset relative to the group's first.
struct Component {
    std::vector<int> clocks;
};

class Agreement
{
public:
    Agreement(std::vector<ClockState> &clocks, const std::vector<ClockEdge> &edges)
        : m_clocks(clocks)
        , m_edges(edges)
        , m_relative(clocks.size(), 0)
        , m_group(clocks.size(), -1)
    {
    }

    void run()
    {
        for (const Component &component : components()) {
            const std::vector<Vote> votes = votesOf(component);
            if (votes.empty())
                continue;
            spread(component, referenceOf(votes));
        }
    }

private:
    struct Vote {
        int clock = -1;
        DurationNs frameNs = 0; ///< Offset of the component's first clock, if this clock is right.
        DurationNs errorNs = 0;
    };

    ClockState &clock(int index) { return m_clocks[static_cast<size_t>(index)]; }

    /// The strongest edges first: a spanning tree of them gives the offsets relative to the first clock.
    std::vector<Component> components()
    {
        std::vector<size_t> order;
        for (size_t i = 0; i < m_edges.size(); ++i)
            if (isUsable(m_edges[i]))
                order.push_back(i);
        std::ranges::stable_sort(order, [&](size_t x, size_t y) {
            return std::tuple(-static_cast<int>(m_edges[x].kinship), -m_edges[x].weight)
                   < std::tuple(-static_cast<int>(m_edges[y].kinship), -m_edges[y].weight);
        });
        std::vector<Component> groups(m_clocks.size());
        for (size_t i = 0; i < m_clocks.size(); ++i) {
            groups[i].clocks.push_back(static_cast<int>(i));
            m_group[i] = static_cast<int>(i);
        }
        for (const size_t i : order)
            join(groups, m_edges[i]);
        std::erase_if(groups, [](const Component &group) { return group.clocks.empty(); });
        return groups;
    }

    void join(std::vector<Component> &groups, const ClockEdge &edge)
    {
        const auto a = static_cast<size_t>(edge.a);
        const auto b = static_cast<size_t>(edge.b);
        const int from = m_group[b];
        const int to = m_group[a];
        if (from == to)
            return;
        // offset(a) = offset(b) + edge.offset, so all of b's group move by what is missing.
        const DurationNs missing = m_relative[a] - edge.offsetNs - m_relative[b];
        for (const int moved : groups[static_cast<size_t>(from)].clocks) {
            m_relative[static_cast<size_t>(moved)] += missing;
            m_group[static_cast<size_t>(moved)] = to;
            groups[static_cast<size_t>(to)].clocks.push_back(moved);
        }
        groups[static_cast<size_t>(from)].clocks.clear();
    }

    std::vector<Vote> votesOf(const Component &component) const
    {
        std::vector<Vote> votes;
        for (const int index : component.clocks) {
            const ClockState &state = m_clocks[static_cast<size_t>(index)];
            if (state.presumedNs)
                votes.push_back({index, *state.presumedNs - m_relative[static_cast<size_t>(index)],
                                 edgeError(index) + state.presumedErrorNs});
        }
        return votes;
    }

    /// Of the most precise edge by which a clock is joined to others; 0 where it stands alone.
    DurationNs edgeError(int index) const
    {
        std::optional<DurationNs> least;
        for (const ClockEdge &edge : m_edges)
            if ((edge.a == index || edge.b == index) && isUsable(edge) && (!least || edge.errorNs < *least))
                least = edge.errorNs;
        return least.value_or(0);
    }

    /// Those clocks that agree with the vote and state their time themselves or by the user's word.
    std::vector<int> agreeing(const std::vector<Vote> &votes, const Vote &with) const
    {
        std::vector<int> clocks;
        for (const Vote &vote : votes)
            if (std::abs(vote.frameNs - with.frameNs) <= ClockTolerance + vote.errorNs + with.errorNs)
                clocks.push_back(vote.clock);
        return clocks;
    }

    /// Better first: the user, then clocks that state their zone or are told by their own lines, by number of independent keepers,
    /// then journal, Prometheus, Kubernetes, the host, the run's log; zone-less clocks last, and of these such as state their date first:
    /// the time of a file, which stands for a date, is that of a copy more often than not.
    struct Standing {
        bool user = false;
        bool stated = false;
        int date = -static_cast<int>(DateBasis::DayAssumed);
        size_t keepers = 0;
        int bestKeeper = 0; ///< Higher is better.
        auto operator<=>(const Standing &) const = default;
    };

    Standing standingOf(const std::vector<int> &group) const
    {
        Standing standing;
        std::set<ClockKeeper> keepers;
        standing.bestKeeper = -100;
        for (const int index : group) {
            const ClockState &state = m_clocks[static_cast<size_t>(index)];
            standing.user = standing.user || state.basis == ClockState::Basis::User;
            standing.date = std::max(standing.date, -static_cast<int>(state.date));
            if (state.basis == ClockState::Basis::Zoneless)
                continue;
            standing.stated = true;
            keepers.insert(independent(state.keeper));
            standing.bestKeeper = std::max(standing.bestKeeper, -static_cast<int>(state.keeper));
        }
        standing.keepers = keepers.size();
        return standing;
    }

    std::vector<int> referenceOf(const std::vector<Vote> &votes) const
    {
        std::vector<int> best;
        Standing bestStanding;
        for (const Vote &vote : votes) {
            std::vector<int> group = agreeing(votes, vote);
            const Standing standing = standingOf(group);
            if (best.empty() || standing > bestStanding) {
                best = std::move(group);
                bestStanding = standing;
            }
        }
        return best;
    }

    /// From the reference clocks along the edges, the most precise way to each (Dijkstra's algorithm on errors).
    void spread(const Component &component, const std::vector<int> &reference)
    {
        using Entry = std::pair<DurationNs, int>;
        std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
        std::vector<std::optional<DurationNs>> offset(m_clocks.size());
        std::vector<DurationNs> error(m_clocks.size(), std::numeric_limits<DurationNs>::max());
        for (const int index : reference) {
            const ClockState &state = clock(index);
            offset[static_cast<size_t>(index)] = state.presumedNs;
            error[static_cast<size_t>(index)] = state.presumedErrorNs;
            queue.push({state.presumedErrorNs, index});
        }
        std::vector<bool> done(m_clocks.size(), false);
        while (!queue.empty()) {
            const int at = queue.top().second;
            queue.pop();
            if (done[static_cast<size_t>(at)])
                continue;
            done[static_cast<size_t>(at)] = true;
            settle(at, *offset[static_cast<size_t>(at)], error[static_cast<size_t>(at)], reference);
            if (clock(at).isDisputed)
                continue; // What is placed by a clock that others contradict would be wrong with it.
            if (clock(at).basis == ClockState::Basis::Stated && !clock(at).isShifted)
                error[static_cast<size_t>(at)] = std::max(error[static_cast<size_t>(at)], clock(at).errorNs);
            if (clock(at).basis == ClockState::Basis::Zoneless && clock(at).offsetNs != offset[static_cast<size_t>(at)])
                error[static_cast<size_t>(at)] = 0; // Known to be a zone's whole offset.
            for (size_t e = 0; e < m_edges.size(); ++e) {
                const ClockEdge &edge = m_edges[e];
                const int other = edge.a == at ? edge.b : edge.b == at ? edge.a : -1;
                if (other < 0 || !isUsable(edge) || done[static_cast<size_t>(other)])
                    continue;
                const DurationNs cost = error[static_cast<size_t>(at)] + edge.errorNs + edge.residualNs + wanderOf(at)
                                        + (edge.drift == 0 ? wanderOf(other) : 0);
                if (cost >= error[static_cast<size_t>(other)])
                    continue;
                error[static_cast<size_t>(other)] = cost;
                const DurationNs from = *clock(at).offsetNs;
                offset[static_cast<size_t>(other)] = edge.a == other ? from + edge.offsetNs : from - edge.offsetNs;
                clock(other).placedBy = static_cast<int>(e);
                queue.push({cost, other});
            }
        }
        widenWitness(component, reference);
        for (const int index : component.clocks)
            markEdges(index, reference);
    }

    /// How far a clock that counts from its boot drifts, as its edges tell: one offset is as wrong at its ends.
    DurationNs wanderOf(int index) const
    {
        DurationNs most = 0;
        if (m_clocks[static_cast<size_t>(index)].basis == ClockState::Basis::Unknown)
            for (const ClockEdge &edge : m_edges)
                if ((edge.a == index || edge.b == index) && isUsable(edge))
                    most = std::max(most, edge.wanderNs);
        return most;
    }

    void settle(int index, DurationNs offset, DurationNs error, const std::vector<int> &reference)
    {
        ClockState &state = clock(index);
        state.offsetNs = offset;
        state.errorNs = std::max(error, state.resolutionNs);
        const bool isReference = std::ranges::contains(reference, index);
        switch (state.basis) {
        case ClockState::Basis::User: state.how = PlacementHow::User; break;
        case ClockState::Basis::Unknown: state.how = PlacementHow::Derived; break;
        case ClockState::Basis::Zoneless:
            state.how = PlacementHow::Derived;
            if (const std::optional<DurationNs> zone =
                    asDateAndZone(offset, ClockTolerance + std::min(error, MostZoneError), state.date,
                                  state.range ? state.range->first : SourceTime{})) {
                state.offsetNs = zone;
                state.errorNs = std::max(state.presumedErrorNs, reachOf(offset - *zone, error, state.resolutionNs));
            }
            if (isReference)
                state.how = state.presumedHow;
            break;
        case ClockState::Basis::Stated: settleStated(index, isReference, reference); break;
        }
    }

    /// A stated clock gives way only to two keepers that agree, neither its own, and only by an edge that names what it joins.
    void settleStated(int index, bool isReference, const std::vector<int> &reference)
    {
        ClockState &state = clock(index);
        state.how = PlacementHow::Stated;
        const bool differs = std::abs(*state.offsetNs) > ClockTolerance + std::min(state.errorNs, NsPerSecond * 5);
        if (!isReference && differs) {
            std::set<ClockKeeper> keepers;
            bool user = false;
            for (const int other : reference) {
                const ClockState &witness = clock(other);
                user = user || witness.basis == ClockState::Basis::User;
                if (witness.basis != ClockState::Basis::Zoneless
                    && independent(witness.keeper) != independent(state.keeper))
                    keepers.insert(independent(witness.keeper));
            }
            const bool named = std::ranges::any_of(m_edges, [&](const ClockEdge &edge) {
                return (edge.a == index || edge.b == index) && isUsable(edge) && hasIdentity(edge);
            });
            if ((keepers.size() >= 2 || user) && (named || user || missesSamples(state, reference))) {
                state.how = PlacementHow::Derived;
                state.isShifted = true;
                return;
            }
            state.isDisputed = true;
            state.offeredNs = *state.offsetNs;
        }
        state.errorNs = reachOf(*state.offsetNs, state.errorNs, state.resolutionNs);
        state.offsetNs = 0;
        state.placedBy = -1;
    }

    /// How unsure a clock is that stays where it is though anchors place it `told` away, give or take `error`.
    static DurationNs reachOf(DurationNs told, DurationNs error, DurationNs resolution)
    {
        return std::abs(told) <= std::max(error, resolution) ? resolution : std::abs(told) + error;
    }

    /// One witness against one: either may be the wrong one, where the edge between them names what it joins.
    void widenWitness(const Component &component, const std::vector<int> &reference)
    {
        if (const Standing standing = standingOf(reference); standing.user || standing.keepers != 1)
            return;
        for (const int index : component.clocks) {
            if (!clock(index).isDisputed)
                continue;
            for (const ClockEdge &edge : m_edges) {
                const int other = edge.a == index ? edge.b : edge.b == index ? edge.a : -1;
                if (other < 0 || !isUsable(edge) || !hasIdentity(edge) || !std::ranges::contains(reference, other)
                    || clock(other).basis != ClockState::Basis::Stated)
                    continue;
                clock(other).isDisputed = true;
                clock(other).offeredNs = -clock(index).offeredNs;
                clock(other).errorNs = std::max(clock(other).errorNs, clock(index).errorNs);
            }
        }
    }

    /// Whether no series of the reference meets the log as it states its times, while one does after the shift.
    bool missesSamples(const ClockState &state, const std::vector<int> &reference)
    {
        if (!state.range)
            return false;
        bool after = false;
        for (const int index : reference) {
            const ClockState &witness = clock(index);
            if (!witness.isSampled || !witness.range || !witness.presumedNs)
                continue;
            const auto [from, to] = *witness.range;
            const auto meets = [&](DurationNs offset) {
                return state.range->first + offset <= to + *witness.presumedNs
                       && from + *witness.presumedNs <= state.range->second + offset;
            };
            if (meets(0))
                return false;
            after = after || meets(*state.offsetNs);
        }
        return after;
    }

    /// The edges that say what was settled, for the anchors shown.
    void markEdges(int index, const std::vector<int> &reference)
    {
        ClockState &state = clock(index);
        if (!state.offsetNs || (std::ranges::contains(reference, index) && state.basis != ClockState::Basis::Zoneless))
            return;
        for (size_t i = 0; i < m_edges.size(); ++i) {
            const ClockEdge &edge = m_edges[i];
            const int other = edge.a == index ? edge.b : edge.b == index ? edge.a : -1;
            if (other < 0 || !isUsable(edge) || !clock(other).offsetNs)
                continue;
            const DurationNs told = *clock(other).offsetNs + (edge.a == index ? edge.offsetNs : -edge.offsetNs);
            if (std::abs(told - *state.offsetNs) <= ClockTolerance + edge.errorNs)
                state.edgesUsed.push_back(static_cast<int>(i));
        }
    }

    std::vector<ClockState> &m_clocks;
    const std::vector<ClockEdge> &m_edges;
    std::vector<DurationNs> m_relative; ///< offset(clock) = offset(first of group) + relative.
    std::vector<int> m_group;
};

} // namespace

ClockKeeper keeperOf(const SourceEvidence &source)
{
    switch (source.kind) {
    case SourceKind::Journal: return ClockKeeper::Journal;
    case SourceKind::Metrics: return ClockKeeper::Prometheus;
    case SourceKind::KubeDescribe:
    case SourceKind::KubeObject: return ClockKeeper::Kubernetes;
    case SourceKind::KernelLog:
    case SourceKind::HostState: return ClockKeeper::Host;
    case SourceKind::CiLog:
    case SourceKind::TestOutput: return ClockKeeper::Run;
    default: return ClockKeeper::Other;
    }
}

void agreeOnClocks(std::vector<ClockState> &clocks, const std::vector<ClockEdge> &edges)
{
    Agreement(clocks, edges).run();
}

std::optional<DurationNs> asZone(DurationNs offset, DurationNs tolerance)
{
    const DurationNs zone = std::llround(static_cast<double>(offset) / NsPerQuarterHour) * NsPerQuarterHour;
    if (std::abs(zone) > WidestZone || std::abs(offset - zone) > tolerance)
        return std::nullopt;
    return zone;
}

} // namespace faultline
