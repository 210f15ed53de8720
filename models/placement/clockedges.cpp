// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/clockedges.h"

#include "models/placement/dates.h"
#include "models/placement/drift.h"
#include "models/placement/equaltext.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace faultline {

namespace {

/// A rival explanation with more than this part of the winner's weight makes an edge unclear.
constexpr double RivalPart = 0.67;
constexpr size_t MostCandidates = 300;
/// Two sources tell of one moment at this distance, however finely they tell the time: the second hears of it later.
constexpr DurationNs ToldLater = 5 * NsPerMillisecond;

double weightOf(Kinship kinship, bool sample)
{
    switch (kinship) {
    case Kinship::Same: return 60;
    case Kinship::Related: return sample ? 30 : 40;
    case Kinship::Named: return 20;
    case Kinship::Alike: return sample ? 3 : 8;
    case Kinship::Strangers: break;
    }
    return 0;
}

bool agree(const ClockMatch &x, const ClockMatch &y)
{
    return std::abs(x.offsetNs() - y.offsetNs()) <= ClockTolerance + x.errorNs + y.errorNs;
}

/// A match explains each moment once: of several with the same line on either side only the heaviest counts.
struct Cluster {
    double weight = 0;
    DurationNs errorNs = std::numeric_limits<DurationNs>::max();
    std::vector<size_t> members;
};

Cluster clusterAround(const std::vector<ClockMatch> &matches, size_t centre)
{
    Cluster cluster;
    std::map<SourceTime, double> best;
    std::map<SourceTime, double> bestOther;
    for (size_t i = 0; i < matches.size(); ++i) {
        if (!agree(matches[i], matches[centre]))
            continue;
        cluster.members.push_back(i);
        cluster.errorNs = std::min(cluster.errorNs, matches[i].errorNs);
        double &here = best[matches[i].a];
        double &there = bestOther[matches[i].b];
        here = std::max(here, matches[i].weight);
        there = std::max(there, matches[i].weight);
    }
    double sum = 0;
    double sumOther = 0;
    for (const auto &[time, weight] : best)
        sum += weight;
    for (const auto &[time, weight] : bestOther)
        sumOther += weight;
    cluster.weight = std::min(sum, sumOther);
    return cluster;
}

/// The middle of the precise members: those at most twice as unsure as the best.
DurationNs centreOf(const std::vector<ClockMatch> &matches, const Cluster &cluster)
{
    std::vector<DurationNs> offsets;
    for (const size_t i : cluster.members)
        if (matches[i].errorNs <= 2 * cluster.errorNs + NsPerMillisecond)
            offsets.push_back(matches[i].offsetNs());
    std::ranges::nth_element(offsets, offsets.begin() + static_cast<ptrdiff_t>(offsets.size() / 2));
    return offsets[offsets.size() / 2];
}

/// Evenly thinned out, so that the search stays short.
void thin(std::vector<ClockMatch> &matches)
{
    if (matches.size() <= MostCandidates)
        return;
    std::vector<ClockMatch> kept;
    for (size_t i = 0; i < MostCandidates; ++i)
        kept.push_back(std::move(matches[i * matches.size() / MostCandidates]));
    matches = std::move(kept);
}

/// Moves the second clock's times by what the drift explains, so that one offset fits all; -1 puts them back.
void straighten(std::vector<ClockMatch> &matches, const DriftFit &fit, int direction = 1)
{
    for (ClockMatch &match : matches)
        match.b.ns -= direction * std::llround(fit.rate * static_cast<double>(match.a - fit.from));
}

bool isStated(const SourceEvidence &source)
{
    return (source.basis == TimeBasis::Utc || source.basis == TimeBasis::Zoned) && source.date == DateBasis::Stated;
}
bool isWall(const SourceEvidence &source)
{
    return source.basis == TimeBasis::Utc || source.basis == TimeBasis::Zoned || source.basis == TimeBasis::Local;
}

/// Which offsets between two sources need no explaining.
std::function<bool(const ClockMatch &)> preferenceFor(const SourceEvidence &a, const SourceEvidence &b)
{
    if (isStated(a) && isStated(b))
        return [](const ClockMatch &match) { return std::abs(match.offsetNs()) <= ClockTolerance + match.errorNs; };
    if (!isWall(a) || !isWall(b))
        return [](const ClockMatch &) { return false; };
    return [date = std::max(a.date, b.date)](const ClockMatch &match) {
        return asDateAndZone(match.offsetNs(), ClockTolerance + match.errorNs, date, match.a).has_value();
    };
}

/// A clock that states no zone is off by a zone, mostly. That it is off by anything else takes more than one moment that two sources may
/// tell of, or one that names its process or its cgroup.
bool isUnlikely(const ClockEdge &edge, const SourceEvidence &a, const SourceEvidence &b)
{
    if (!isWall(a) || !isWall(b) || (isStated(a) && isStated(b)) || edge.kinship >= Kinship::Related
        || edge.weight >= 2 * weightOf(Kinship::Named, false))
        return false;
    const SourceTime at = edge.matches.empty() ? SourceTime{} : edge.matches.front().a;
    return !asDateAndZone(edge.offsetNs, ClockTolerance + edge.errorNs, std::max(a.date, b.date), at);
}

using MatchesByClocks = std::map<std::pair<int, int>, std::vector<ClockMatch>>;

void matchLandmarks(MatchesByClocks &matches, const std::vector<Clock> &clocks, const std::vector<Landmark> &here,
                    const std::vector<Landmark> &there)
{
    for (const Landmark &a : here) {
        for (const Landmark &b : there) {
            const Kinship kin = kinship(a, b);
            const double weight = weightOf(kin, a.isSample || b.isSample);
            if (weight <= 0)
                continue;
            auto &list = matches[{clockAt(clocks, a.source, a.time), clockAt(clocks, b.source, b.time)}];
            if (list.size() < 50 * MostCandidates)
                list.push_back({a.time, b.time, a.line, b.line, a.errorNs + b.errorNs + ToldLater, kin, weight,
                                describeLandmark(a, b)});
        }
    }
}

} // namespace

std::vector<Clock> clocksOf(const Evidence &evidence)
{
    std::vector<Clock> clocks;
    for (size_t source = 0; source < evidence.sources.size(); ++source) {
        const std::vector<SourceTime> &starts = evidence.sources[source]->clockStarts;
        clocks.push_back({static_cast<int>(source), 0, SourceTime{std::numeric_limits<qint64>::min()}});
        for (size_t i = 1; i < starts.size(); ++i)
            clocks.push_back({static_cast<int>(source), static_cast<int>(i), starts[i]});
    }
    return clocks;
}

int clockAt(const std::vector<Clock> &clocks, int source, SourceTime time)
{
    int found = -1;
    for (size_t i = 0; i < clocks.size(); ++i)
        if (clocks[i].source == source && (found < 0 || clocks[i].from <= time))
            found = static_cast<int>(i);
    return found;
}

std::optional<ClockEdge> edgeOf(int a, int b, std::vector<ClockMatch> matches,
                                const std::function<bool(const ClockMatch &)> &isPreferred)
{
    thin(matches);
    const std::optional<DriftFit> drift = fitDrift(matches);
    if (drift)
        straighten(matches, *drift);
    double preferred = 0;
    double heaviest = 0;
    for (const ClockMatch &match : matches) {
        heaviest = std::max(heaviest, match.weight);
        if (isPreferred(match))
            preferred = std::max(preferred, match.weight);
    }
    if (preferred > 0 && preferred >= heaviest / 2)
        std::erase_if(matches, [&](const ClockMatch &match) { return !isPreferred(match); });
    if (matches.empty())
        return std::nullopt;
    Cluster best;
    for (size_t i = 0; i < matches.size(); ++i) {
        Cluster cluster = clusterAround(matches, i);
        if (cluster.weight > best.weight || (cluster.weight == best.weight && cluster.errorNs < best.errorNs))
            best = std::move(cluster);
    }
    ClockEdge edge;
    edge.a = a;
    edge.b = b;
    edge.offsetNs = centreOf(matches, best);
    edge.errorNs = best.errorNs;
    edge.weight = best.weight;
    for (const size_t i : best.members) {
        matches[i].agrees = true;
        edge.kinship = std::max(edge.kinship, matches[i].kinship);
        if (matches[i].errorNs <= 2 * best.errorNs + NsPerMillisecond)
            edge.residualNs = std::max(edge.residualNs, std::abs(matches[i].offsetNs() - edge.offsetNs));
    }
    for (size_t i = 0; i < matches.size() && edge.isClear; ++i)
        if (!matches[i].agrees && clusterAround(matches, i).weight > RivalPart * best.weight)
            edge.isClear = false;
    std::ranges::stable_sort(matches, [](const ClockMatch &x, const ClockMatch &y) {
        return x.agrees != y.agrees ? x.agrees : x.weight > y.weight;
    });
    if (matches.size() > ClockEdge::MostMatches)
        matches.resize(ClockEdge::MostMatches);
    if (drift && std::abs(edge.offsetNs - drift->offsetNs) <= ClockTolerance) {
        edge.drift = drift->rate;
        edge.driftFrom = drift->from;
        edge.wanderNs = drift->wanderNs;
    }
    if (drift)
        straighten(matches, *drift, -1);
    edge.matches = std::move(matches);
    return edge;
}

std::vector<ClockEdge> findEdges(const Evidence &evidence, const std::vector<Clock> &clocks)
{
    if (evidence.sources.size() < 2)
        return {};
    std::vector<std::vector<Landmark>> landmarks;
    for (size_t source = 0; source < evidence.sources.size(); ++source)
        landmarks.push_back(landmarksOf(evidence, static_cast<int>(source)));
    MatchesByClocks matches;
    for (size_t a = 0; a < landmarks.size(); ++a)
        for (size_t b = a + 1; b < landmarks.size(); ++b)
            matchLandmarks(matches, clocks, landmarks[a], landmarks[b]);
    for (EqualText &equal : findEqualText(evidence)) {
        auto &list = matches[{clockAt(clocks, equal.a, equal.match.a), clockAt(clocks, equal.b, equal.match.b)}];
        list.push_back(std::move(equal.match));
    }
    std::vector<ClockEdge> edges;
    for (auto &[pair, list] : matches) {
        const auto &sourceA = *evidence.sources[static_cast<size_t>(clocks[static_cast<size_t>(pair.first)].source)];
        const auto &sourceB = *evidence.sources[static_cast<size_t>(clocks[static_cast<size_t>(pair.second)].source)];
        if (std::optional<ClockEdge> edge =
                edgeOf(pair.first, pair.second, std::move(list), preferenceFor(sourceA, sourceB))) {
            edge->isClear = edge->isClear && !isUnlikely(*edge, sourceA, sourceB);
            edges.push_back(std::move(*edge));
        }
    }
    return edges;
}

} // namespace faultline
