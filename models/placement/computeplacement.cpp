// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/translate.h"
#include "models/placement/consensus.h"
#include "models/placement/dates.h"
#include "models/placement/equaltext.h"
#include "models/placement/lastresorts.h"
#include "models/placement/segments.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostAnchors = 32;

QString secondsText(DurationNs ns, bool sign = false)
{
    const QString text = QString::number(toSeconds(ns), 'f', std::abs(ns) < NsPerSecond / 20 ? 3 : 1);
    return sign && ns >= 0 ? u'+' + text : text;
}

bool hasRange(const SourceEvidence &source)
{
    return source.first && source.last && isReckonable(*source.first) && isReckonable(*source.last);
}

/// State files, snapshots, dumps without a time: their only one is the file's own.
bool isFileTime(const SourceEvidence &source)
{
    return source.modified && source.first && source.first == source.last && source.first->ns == source.modified->ns;
}

class Placing
{
public:
    Placing(const Evidence &evidence, const std::map<int, ClockOverride> &overrides)
        : m_evidence(evidence)
        , m_overrides(overrides)
        , m_clocks(clocksOf(evidence))
        , m_edges(findEdges(evidence, m_clocks))
        , m_moments(findStatedMoments(evidence))
    {
    }

    Placement run()
    {
        settleClocks();
        for (const bool isSure : {true, false}) // what fits in one way only first: it may settle the rest
            for (const DateBasis date : {DateBasis::Stated, DateBasis::YearAssumed, DateBasis::DayAssumed})
                if (guessZones(date, isSure))
                    settleClocks();
        widenLonely();
        Placement placement;
        for (size_t source = 0; source < m_evidence.sources.size(); ++source)
            placement.sources.push_back(placementOf(static_cast<int>(source)));
        placeByBootPairs(placement, m_evidence, m_clocks);
        placeByFileTimes(placement, m_evidence);
        for (size_t source = 0; source < m_evidence.sources.size(); ++source)
            addAnchors(placement, static_cast<int>(source));
        return placement;
    }

private:
    const SourceEvidence &source(int index) const { return *m_evidence.sources[static_cast<size_t>(index)]; }
    const ClockOverride *overrideOf(int source) const
    {
        const auto found = m_overrides.find(source);
        if (found == m_overrides.end())
            return nullptr;
        const ClockOverride &given = found->second;
        return given.offsetNs || given.zoneOffsetNs || !given.zone.isEmpty() ? &given : nullptr;
    }

    void settleClocks();
    ClockState initialState(size_t clock) const;
    std::optional<std::pair<DurationNs, size_t>> offsetByStatedMoments(size_t clock) const;
    bool guessZones(DateBasis date, bool isSure);
    ZoneGuess guessOf(const SourceEvidence &of, const std::vector<Stretch> &others,
                      const std::vector<DurationNs> &zones, bool isTold) const;
    void widenLonely();
    DurationNs eastOf(const ClockOverride &given, const SourceEvidence &of) const;
    SourceTime anchoredAt(size_t clock, SourceTime otherwise) const;
    std::vector<Segment> finer(size_t clock, Segment segment) const;
    SourcePlacement placementOf(int index) const;
    QString reasonOf(int index, size_t clock, size_t anchors, const std::vector<Segment> &segments) const;
    DurationNs residualOf(const ClockState &state) const;
    void addAnchors(Placement &placement, int index) const;

    const Evidence &m_evidence;
    const std::map<int, ClockOverride> &m_overrides;
    std::vector<Clock> m_clocks;
    std::vector<ClockEdge> m_edges;
    std::vector<StatedMoment> m_moments;
    std::vector<ClockState> m_states; ///< By clock.
    std::map<int, ZoneGuess> m_zones; ///< By source.
    std::map<size_t, DurationNs>
        m_inherited; ///< By clock: how unsure it is, from meeting no other or from a clock that meets none.
    std::map<int, DurationNs> m_lonely; ///< By source that meets no other: how far it is from the nearest.
};

void Placing::settleClocks()
{
    m_states.clear();
    for (size_t clock = 0; clock < m_clocks.size(); ++clock)
        m_states.push_back(initialState(clock));
    agreeOnClocks(m_states, m_edges);
}

ClockState Placing::initialState(size_t clock) const
{
    const SourceEvidence &of = source(m_clocks[clock].source);
    ClockState state;
    state.keeper = keeperOf(of);
    state.resolutionNs = of.resolutionNs;
    state.isSampled = !of.series.empty();
    if (hasRange(of))
        state.range = std::pair(*of.first, *of.last);
    if (const ClockOverride *given = overrideOf(m_clocks[clock].source)) {
        // What a person says holds for the clock that ran when the log was taken: the last one.
        const bool last = clock + 1 == m_clocks.size() || m_clocks[clock + 1].source != m_clocks[clock].source;
        const qint64 start = m_clocks[clock].segment > 0 ? m_clocks[clock].from.ns : 0;
        if (last) {
            state.basis = ClockState::Basis::User;
            state.presumedNs = given->offsetNs.value_or(0) - eastOf(*given, of) - start;
        }
        return state;
    }
    const bool hasZone = of.basis == TimeBasis::Utc || of.basis == TimeBasis::Zoned;
    if (hasZone && of.date == DateBasis::Stated) {
        state.basis = ClockState::Basis::Stated;
        state.presumedNs = 0;
    } else if (hasZone || of.basis == TimeBasis::Local) {
        state.basis = ClockState::Basis::Zoneless;
        state.date = of.date;
        if (const auto zone = m_zones.find(m_clocks[clock].source); zone != m_zones.end()) {
            state.presumedNs = zone->second.offsetNs;
            state.presumedErrorNs = zone->second.errorNs;
            state.presumedHow = zone->second.isAssumed ? PlacementHow::Assumed : PlacementHow::Derived;
        }
    } else if (const auto stated = offsetByStatedMoments(clock)) {
        state.presumedNs = stated->first;
        state.presumedErrorNs = m_moments[stated->second].errorNs;
    }
    return state;
}

/// The offset that the last stated moment of the most precise kind gives: clocks are set right after boot, not before.
std::optional<std::pair<DurationNs, size_t>> Placing::offsetByStatedMoments(size_t clock) const
{
    std::optional<size_t> best;
    for (size_t i = 0; i < m_moments.size(); ++i) {
        const StatedMoment &moment = m_moments[i];
        if (clockAt(m_clocks, moment.source, moment.here) != static_cast<int>(clock))
            continue;
        if (!best || moment.errorNs <= m_moments[*best].errorNs)
            best = i;
    }
    if (!best)
        return std::nullopt;
    return std::pair(m_moments[*best].there.ns - m_moments[*best].here.ns, *best);
}

/// Gives each zone-less clock that nothing has placed the zone (and where that is assumed the date) that fits the others best: first the
/// ones that state their date, then those without a year, last those without a day. `isSure`: only such as fit in one way. True where
/// there was one.
bool Placing::guessZones(DateBasis date, bool isSure)
{
    std::vector<Stretch> others;
    std::vector<DurationNs> zones;
    for (size_t clock = 0; clock < m_clocks.size(); ++clock) {
        const SourceEvidence &of = source(m_clocks[clock].source);
        if (const std::optional<DurationNs> east = zoneEast(of.zone))
            zones.push_back(*east);
        // A kernel log goes back to the boot: meeting it says nothing.
        if (!m_states[clock].offsetNs || !hasRange(of) || of.kind == SourceKind::KernelLog
            || of.kind == SourceKind::Journal || of.kind == SourceKind::HostState)
            continue;
        others.push_back({{of.first->ns + *m_states[clock].offsetNs}, {of.last->ns + *m_states[clock].offsetNs}});
    }
    bool isTold = false; // what the time is in UTC
    for (size_t clock = 0; clock < m_clocks.size(); ++clock)
        isTold = isTold || (m_states[clock].offsetNs && statesZone(source(m_clocks[clock].source)))
                 || m_states[clock].basis == ClockState::Basis::User;
    bool guessed = false;
    for (size_t clock = 0; clock < m_clocks.size(); ++clock) {
        const int index = m_clocks[clock].source;
        const SourceEvidence &of = source(index);
        if (m_states[clock].basis != ClockState::Basis::Zoneless || m_states[clock].offsetNs || m_zones.contains(index)
            || of.date != date)
            continue;
        ZoneGuess guess = guessOf(of, others, zones, isTold);
        if (isSure && guess.isAssumed)
            continue;
        m_zones[index] = std::move(guess);
        guessed = true;
    }
    return guessed;
}

ZoneGuess Placing::guessOf(const SourceEvidence &of, const std::vector<Stretch> &others,
                           const std::vector<DurationNs> &zones, bool isTold) const
{
    if (!hasRange(of))
        return {};
    LooseClock loose{*of.first, *of.last, of.date, {0}, of.basis != TimeBasis::Local, 0};
    const bool isBorneOut = of.date == DateBasis::DayAssumed && isDayBorneOut(of);
    if (of.date != DateBasis::Stated && !isBorneOut) {
        loose.moves = dateMoves(of.date, loose.first, loose.last, others);
        // What tells nothing while all is well may have ended long before: then the day may be any up to there.
        for (size_t clock = 0; clock < m_clocks.size(); ++clock)
            if (const SourceEvidence &other = source(m_clocks[clock].source);
                m_states[clock].offsetNs && hasRange(other) && other.date == DateBasis::Stated
                && other.kind != SourceKind::HostState) // of the time when it was looked at, or copied
                loose.dateErrorNs =
                    std::max(loose.dateErrorNs, std::abs(other.last->ns + *m_states[clock].offsetNs - loose.last.ns));
        if (loose.dateErrorNs < NsPerDay)
            loose.dateErrorNs = 0;
    }
    const bool hasDated = loose.dateErrorNs > 0 || !others.empty();
    // Where none tells the zone all of the axis is as unsure as this clock, which makes no place on it so: axisErrorNs().
    if (!isTold && of.date != DateBasis::Stated && hasDated)
        loose.isZoneKnown = true;
    ZoneGuess guess = guessZone(loose, others, zones);
    if (!isTold && (of.date == DateBasis::Stated || !hasDated))
        guess.errorNs = 0;
    return guess;
}

/// Stated clocks that nothing joins to others, and that tell of no moment that any other keeper tells of, though not a day away: the
/// run was one, so either may be off by as much as brings them together.
void Placing::widenLonely()
{
    constexpr DurationNs Farthest = 14 * NsPerHour;
    struct Told {
        size_t clock;
        Stretch stretch;
    };
    std::vector<Told> told;
    for (size_t clock = 0; clock < m_clocks.size(); ++clock) {
        const SourceEvidence &of = source(m_clocks[clock].source);
        const bool tellsOfRun = of.kind == SourceKind::CiLog || of.kind == SourceKind::TestOutput
                                || of.kind == SourceKind::Log || of.kind == SourceKind::Metrics
                                || of.kind == SourceKind::Profile;
        if (tellsOfRun && m_states[clock].offsetNs && hasRange(of))
            told.push_back(
                {clock, {{of.first->ns + *m_states[clock].offsetNs}, {of.last->ns + *m_states[clock].offsetNs}}});
    }
    for (const Told &one : told) {
        ClockState &state = m_states[one.clock];
        if (state.basis != ClockState::Basis::Stated || state.isShifted || state.isDisputed)
            continue;
        std::optional<DurationNs> gap;
        DurationNs longest = 0;
        for (const Told &other : told) {
            if (m_states[other.clock].keeper == state.keeper)
                continue;
            const DurationNs apart = std::max(
                {DurationNs{0}, other.stretch.first - one.stretch.last, one.stretch.first - other.stretch.last});
            gap = std::min(gap.value_or(apart), apart);
            longest = std::max(longest, other.stretch.last - other.stretch.first);
        }
        if (!gap || *gap < NsPerMinute || *gap > Farthest)
            continue;
        state.errorNs = std::max(state.errorNs, *gap + longest + (one.stretch.last - one.stretch.first));
        m_lonely[m_clocks[one.clock].source] = *gap;
        m_inherited[one.clock] = state.errorNs;
    }
    // What was placed by such a clock is as unsure as it.
    for (bool grows = !m_inherited.empty(); grows;) {
        grows = false;
        for (size_t clock = 0; clock < m_clocks.size(); ++clock) {
            ClockState &state = m_states[clock];
            if (state.placedBy < 0 || m_inherited.contains(clock))
                continue;
            const ClockEdge &edge = m_edges[static_cast<size_t>(state.placedBy)];
            const auto by = static_cast<size_t>(std::cmp_equal(edge.a, clock) ? edge.b : edge.a);
            if (const auto found = m_inherited.find(by); found != m_inherited.end()) {
                state.errorNs = std::max(state.errorNs, found->second);
                m_inherited[clock] = state.errorNs;
                grows = true;
            }
        }
    }
}

/// What a person's zone is east of UTC where the log ends.
DurationNs Placing::eastOf(const ClockOverride &given, const SourceEvidence &of) const
{
    if (given.zone.isEmpty())
        return given.zoneOffsetNs.value_or(0);
    if (hasRange(of))
        if (const auto stretches = zoneStretches(given.zone, *of.first, *of.last); !stretches.empty())
            return stretches.back().eastNs;
    return namedZoneEast(given.zone).value_or(0);
}

/// A moment at which the offset of a clock holds: of the anchors that gave it, else `otherwise`.
SourceTime Placing::anchoredAt(size_t clock, SourceTime otherwise) const
{
    const ClockState &state = m_states[clock];
    if (state.placedBy < 0)
        return otherwise;
    const ClockEdge &edge = m_edges[static_cast<size_t>(state.placedBy)];
    const auto anchor = std::ranges::find_if(edge.matches, &ClockMatch::agrees);
    if (anchor == edge.matches.end())
        return otherwise;
    return std::cmp_equal(edge.a, clock) ? anchor->a : anchor->b;
}

/// The segments that a clock's one falls into: a zone that changes, a clock that was set, a machine that slept.
std::vector<Segment> Placing::finer(size_t clock, Segment segment) const
{
    const int index = m_clocks[clock].source;
    const SourceEvidence &of = source(index);
    const ClockOverride *given = overrideOf(index);
    if (given && !given->zone.isEmpty() && hasRange(of))
        if (auto stretches = zoneStretches(given->zone, *of.first, *of.last); !stretches.empty())
            return segmentsOfZone(stretches, given->offsetNs.value_or(0), of.resolutionNs);
    if (!given && of.kind == SourceKind::Journal && segment.isPlaced)
        return segmentsOfSteps(segment, findClockSteps(of));
    if (segment.isPlaced && segment.drift == 0 && of.last)
        if (const std::vector<Sleep> sleeps = findSleeps(of); !sleeps.empty())
            return segmentsOfSleeps(segment, anchoredAt(clock, *of.last), sleeps);
    return {segment};
}

SourcePlacement Placing::placementOf(int index) const
{
    SourcePlacement placement;
    std::optional<size_t> shown; ///< The last placed clock speaks for the source.
    size_t lastClock = 0;
    for (size_t clock = 0; clock < m_clocks.size(); ++clock) {
        if (m_clocks[clock].source != index)
            continue;
        lastClock = clock;
        const ClockState &state = m_states[clock];
        placement.segments.push_back(segmentOf(m_clocks[clock], static_cast<int>(clock), state, m_edges));
        if (state.offsetNs)
            shown = clock;
    }
    if (placement.segments.size() == 1)
        placement.segments = finer(lastClock, placement.segments.front());
    if (!placement.isPlaced())
        placement.segments.clear();
    size_t anchors = 0;
    if (shown) {
        placement.how = m_states[*shown].how;
        placement.residualNs = residualOf(m_states[*shown]);
        for (const int edge : m_states[*shown].edgesUsed)
            anchors += static_cast<size_t>(
                std::ranges::count_if(m_edges[static_cast<size_t>(edge)].matches, &ClockMatch::agrees));
    }
    placement.reason = reasonOf(index, shown.value_or(0), shown ? anchors : 0, placement.segments);
    if (const auto unsure = m_inherited.find(shown.value_or(m_clocks.size()));
        unsure != m_inherited.end() && !m_lonely.contains(index))
        placement.reason +=
            tr("; unsure by %1 s, as the clock is that it was placed by").arg(secondsText(unsure->second));
    const SourceEvidence &of = source(index);
    if (isFileTime(of)) {
        placement.how = PlacementHow::Assumed;
        placement.reason = tr("Taken to be of the time when the file was written.");
    } else if (!of.first || of.basis == TimeBasis::None) {
        placement.reason = tr("It tells no times.");
    } else if (!shown) {
        placement.reason = tr("Nothing in the other sources tells when this clock began.");
    } else if (placement.segments.size() > 1 && !findSleeps(of).empty()) {
        placement.reason +=
            std::ranges::all_of(placement.segments, &Segment::isPlaced)
                ? tr("; its machine slept, for as long as it tells")
                : tr("; its machine slept, and what lies beyond a sleep of untold length is not placed");
    }
    return placement;
}

/// How far the anchors of the edge that placed the clock lie apart; of a lone anchor, how unsure it is.
DurationNs Placing::residualOf(const ClockState &state) const
{
    if (state.placedBy < 0)
        return 0;
    const ClockEdge &edge = m_edges[static_cast<size_t>(state.placedBy)];
    return std::ranges::count_if(edge.matches, &ClockMatch::agrees) > 1 ? edge.residualNs : edge.errorNs;
}

QString Placing::reasonOf(int index, size_t clock, size_t anchors, const std::vector<Segment> &segments) const
{
    const ClockState &state = m_states[clock];
    const SourceEvidence &of = source(index);
    const DurationNs offset = state.offsetNs.value_or(0);
    const DurationNs residual = residualOf(state);
    QString derived = anchors == 1
                          ? tr("derived from one anchor")
                          : tr("derived from %1 anchors, residual %2 s").arg(anchors).arg(secondsText(residual));
    if (const double drift = segmentOf(m_clocks[clock], static_cast<int>(clock), state, m_edges).drift; drift != 0)
        derived += tr(", corrected by %1 ms an hour for drift").arg(std::llround(drift * 3.6e6));
    switch (state.basis) {
    case ClockState::Basis::User: return tr("Set by hand.");
    case ClockState::Basis::Stated:
        if (state.isShifted)
            return tr("shifted %1 s: %2").arg(secondsText(offset, true), derived);
        if (state.isDisputed)
            return tr("Its times state their zone; another source tells of the same moments %1 s away, but none else "
                      "bears it out: not shifted, unsure by %2 s.")
                .arg(secondsText(state.offeredNs, true), secondsText(state.errorNs));
        if (const auto lonely = m_lonely.find(index); lonely != m_lonely.end())
            return tr("Its times state their zone, but it ends or begins %1 s away from all that other sources tell: "
                      "unsure by %2 s.")
                .arg(secondsText(lonely->second), secondsText(state.errorNs));
        return of.zone.isEmpty() || of.zone == "UTC"
                   ? tr("Its times are stated in UTC.")
                   : tr("Its times state their zone, %1.").arg(QString::fromUtf8(of.zone));
    case ClockState::Basis::Zoneless:
        if (!state.edgesUsed.empty() && state.how == PlacementHow::Derived) {
            if (const auto zone = asZone(offset, 0); zone && of.date != DateBasis::DayAssumed)
                return tr("Its times state no zone; in %1: %2").arg(zoneText(-*zone), derived);
            if (of.date != DateBasis::Stated && asDateAndZone(offset, 0, of.date, *of.first))
                return tr("Its times state no %1; in %2: %3")
                    .arg(of.date == DateBasis::DayAssumed ? tr("date") : tr("year"), dateAndZoneText(offset, *of.first),
                         derived);
            return tr("shifted %1 s: %2").arg(secondsText(offset, true), derived);
        }
        if (const auto zone = m_zones.find(index); zone != m_zones.end() && !zone->second.reason.isEmpty())
            return zone->second.reason;
        return tr("Its times state no zone; taken for UTC.");
    case ClockState::Basis::Unknown: break;
    }
    const qint64 start = m_clocks[clock].segment > 0 ? m_clocks[clock].from.ns : 0;
    // Of one boot there are several segments where the machine slept: it began with the first.
    const bool slept = of.clockStarts.size() < 2 && segments.size() > 1 && segments.front().isPlaced;
    const qint64 beganNs = slept ? segments.front().offsetNs : offset + start;
    const QString began = QString::fromLatin1(toRfc3339(TimeNs{beganNs / NsPerMillisecond * NsPerMillisecond}));
    if (anchors == 0)
        if (const auto stated = offsetByStatedMoments(clock))
            return tr("its clock began at %1: told by line %2, %3")
                .arg(began)
                .arg(m_moments[stated->second].line)
                .arg(m_moments[stated->second].what);
    return tr("its clock began at %1: %2").arg(began, derived);
}

/// The pairs behind the placement, and those that were found but not used.
void Placing::addAnchors(Placement &placement, int index) const
{
    SourcePlacement &to = placement.sources[static_cast<size_t>(index)];
    for (size_t e = 0; e < m_edges.size(); ++e) {
        const ClockEdge &edge = m_edges[e];
        const bool isA = m_clocks[static_cast<size_t>(edge.a)].source == index;
        const bool isB = m_clocks[static_cast<size_t>(edge.b)].source == index;
        if (!isA && !isB)
            continue;
        const int here = isA ? edge.a : edge.b;
        const int there = isA ? edge.b : edge.a;
        const int other = m_clocks[static_cast<size_t>(there)].source;
        const bool used = std::ranges::contains(m_states[static_cast<size_t>(here)].edgesUsed, static_cast<int>(e));
        for (const ClockMatch &match : edge.matches) {
            if (to.anchors.size() >= MostAnchors)
                return;
            const std::optional<PlacedTime> otherTime = placement.place(other, isA ? match.b : match.a);
            if (!otherTime)
                continue; // An anchor in an unplaced source holds nothing.
            Anchor anchor{index,
                          isA ? match.lineA : match.lineB,
                          isA ? match.a : match.b,
                          other,
                          isA ? match.lineB : match.lineA,
                          otherTime->time,
                          match.what,
                          0,
                          used && match.agrees};
            if (const std::optional<PlacedTime> placed = to.place(anchor.here))
                anchor.residualNs = std::abs(placed->time - anchor.there);
            to.anchors.push_back(std::move(anchor));
        }
    }
    for (const StatedMoment &moment : m_moments) {
        if (moment.source != index || to.anchors.size() >= MostAnchors)
            continue;
        const std::optional<PlacedTime> placed = to.place(moment.here);
        const DurationNs residual = placed ? std::abs(placed->time - moment.there) : 0;
        to.anchors.push_back({index, moment.line, moment.here, -1, 0, moment.there, moment.what, residual,
                              placed && residual <= moment.errorNs + ClockTolerance});
    }
    std::ranges::stable_sort(to.anchors, std::greater<>(), &Anchor::taken);
}

} // namespace

Placement computePlacement(const Evidence &evidence, const std::map<int, ClockOverride> &overrides)
{
    return Placing(evidence, overrides).run();
}

} // namespace faultline
