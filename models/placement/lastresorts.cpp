// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/lastresorts.h"

#include "models/core/translate.h"
#include "models/placement/bootpairs.h"

#include <cstdlib>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// A file written this soon after the case's last line may be taken for captured then; later it is more likely a copy.
constexpr DurationNs PlausibleWrite = 10 * NsPerMinute;

} // namespace

void placeByBootPairs(Placement &placement, const Evidence &evidence, const std::vector<Clock> &clocks)
{
    constexpr DurationNs PairError = 10 * NsPerMillisecond; // Both clocks are read one after the other.
    const std::vector<BootPair> pairs = findBootPairs(evidence);
    for (size_t i = 0; i < placement.sources.size(); ++i) {
        const SourceEvidence &of = *evidence.sources[i];
        SourcePlacement &to = placement.sources[i];
        if (to.isPlaced() || of.kind != SourceKind::KernelLog || of.basis != TimeBasis::Boot)
            continue;
        const BootPair *found = nullptr;
        std::optional<PlacedTime> wall;
        bool isOne = true;
        for (const BootPair &pair : pairs) {
            const QByteArray &host = of.identity.host;
            if (pair.source == static_cast<int>(i) || (!host.isEmpty() && !pair.host.isEmpty() && host != pair.host))
                continue;
            const std::optional<PlacedTime> there = placement.place(pair.source, pair.wall);
            if (!there)
                continue;
            const auto boots = [](const BootPair &one, TimeNs at) { return at.ns - one.wall.ns + one.wallMinusBootNs; };
            isOne =
                isOne && (!found || std::abs(boots(*found, wall->time) - boots(pair, there->time)) <= ClockTolerance);
            found = &pair;
            wall = there;
        }
        if (!found || !isOne)
            continue;
        for (const Clock &clock : clocks)
            if (clock.source == static_cast<int>(i))
                to.segments.push_back({clock.from, 0, 0, 0, false});
        Segment &last = to.segments.back();
        const qint64 start = to.segments.size() > 1 ? last.from.ns : 0;
        last.offsetNs = wall->time.ns - found->wall.ns + found->wallMinusBootNs - start;
        last.errorNs = PairError + wall->uncertaintyNs() + found->steppedNs;
        last.isPlaced = true;
        const bool sameHost = !of.identity.host.isEmpty() && of.identity.host == found->host;
        to.how = sameHost ? PlacementHow::Derived : PlacementHow::Assumed;
        const QString began =
            QString::fromLatin1(toRfc3339(TimeNs{(last.offsetNs + start) / NsPerMillisecond * NsPerMillisecond}));
        to.reason = (sameHost ? tr("its clock began at %1: the journal of its host tells wall time and time since boot")
                              : tr("its clock began at %1, if it is of the boot that the journal tells of: nothing "
                                   "else joins the two"))
                        .arg(began);
        to.anchors.push_back({static_cast<int>(i), 0, SourceTime{wall->time.ns - last.offsetNs}, found->source,
                              found->line, wall->time, tr("wall time and time since boot"), 0, true});
    }
}

void placeByFileTimes(Placement &placement, const Evidence &evidence)
{
    std::optional<TimeNs> last;
    for (size_t i = 0; i < placement.sources.size(); ++i)
        if (const auto &end = evidence.sources[i]->last; end && isReckonable(*end))
            if (const auto placed = placement.place(static_cast<int>(i), *end);
                placed && (!last || placed->time > *last))
                last = placed->time;
    for (size_t i = 0; i < placement.sources.size(); ++i) {
        const SourceEvidence &of = *evidence.sources[i];
        SourcePlacement &to = placement.sources[i];
        const bool fromCapture = of.basis == TimeBasis::Ages;
        if (to.isPlaced() || (!fromCapture && of.basis != TimeBasis::Durations) || !of.modified)
            continue;
        if (!last || *of.modified < *last || *of.modified - *last > PlausibleWrite)
            continue;
        const qint64 end = fromCapture || !of.last ? 0 : of.last->ns;
        to.segments = {{SourceTime{std::numeric_limits<qint64>::min()}, of.modified->ns - end, 0, NsPerMinute}};
        to.how = PlacementHow::Assumed;
        to.reason = tr("Taken to end when the file was written.");
    }
}

} // namespace faultline
