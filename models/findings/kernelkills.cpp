// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/failures.h"

#include <algorithm>

namespace faultline {

namespace {

/// A kernel's kill may stand this far from what the log shows of it: buffered output, whole-second stamps.
constexpr DurationNs MostDistance = 15 * NsPerSecond;

/// A kill of a less sure time may be any other one, unless both name the process.
constexpr DurationNs MostUncertainty = 10 * NsPerMinute;

struct Kill {
    int source = -1;
    const Event *event = nullptr;
    PlacedTime time;
};

std::vector<Kill> killsOf(const Evidence &evidence, const Placement &placement)
{
    std::vector<Kill> kills;
    for (size_t s = 0; s < evidence.sources.size(); ++s) {
        const SourceEvidence &source = *evidence.sources[s];
        if (source.kind != SourceKind::KernelLog && source.kind != SourceKind::Journal)
            continue;
        for (const Event &event : source.events) {
            if (event.signature != "kernel.oom_kill" && event.signature != "kernel.segfault")
                continue;
            if (const auto time = placement.place(static_cast<int>(s), event.time))
                kills.push_back({static_cast<int>(s), &event, *time});
        }
    }
    return kills;
}

bool samePid(const Failure &failure, const Kill &kill)
{
    return failure.identity.pid > 0 && failure.identity.pid == kill.event->identity.pid;
}

DurationNs distance(const PlacedTime &a, const PlacedTime &b)
{
    if (a.hi < b.lo)
        return b.lo - a.hi;
    return b.hi < a.lo ? a.lo - b.hi : 0;
}

const Kill *killOf(const Failure &failure, const std::vector<Kill> &kills)
{
    const Kill *best = nullptr;
    DurationNs bestDistance = 0;
    for (const Kill &kill : kills) {
        const bool segfault = kill.event->signature == "kernel.segfault";
        if (segfault != (failure.signal == "SIGSEGV") || (!segfault && failure.signal != "SIGKILL"))
            continue;
        // A log without times is placed by the process that both name; the last of that number is meant.
        if (!failure.time) {
            if (samePid(failure, kill) && (!best || best->time.time < kill.time.time))
                best = &kill;
            continue;
        }
        if (distance(*failure.time, kill.time) > MostDistance
            || (kill.time.uncertaintyNs() > MostUncertainty && !samePid(failure, kill)))
            continue;
        const DurationNs apart = samePid(failure, kill) ? -1 : std::abs(kill.time.time - failure.time->time);
        if (!best || apart < bestDistance) {
            best = &kill;
            bestDistance = apart;
        }
    }
    return best;
}

/// Whether what is cited of the failure names the program that was killed. Without that, two things that happened close together would
/// be taken for one process.
bool isNamedBy(const Failure &failure, const Event &kill)
{
    constexpr qsizetype FewestBytes = 3;
    const QByteArray comm = fieldValue(kill.fields, "comm");
    return comm.size() >= FewestBytes
           && std::ranges::any_of(failure.evidence, [&](const EvidenceRef &ref) { return ref.text.contains(comm); });
}

} // namespace

void linkKernelKills(std::vector<Failure> &failures, const Evidence &evidence, const Placement &placement)
{
    const std::vector<Kill> kills = killsOf(evidence, placement);
    for (Failure &failure : failures) {
        const Kill *kill = killOf(failure, kills);
        if (!kill || kill->source == failure.source)
            continue;
        const bool better =
            !failure.time || kill->time.uncertaintyNs() <= failure.time->uncertaintyNs() + 2 * NsPerSecond;
        if (better)
            failure.time = kill->time;
        if (failure.identity.pid <= 0 && isNamedBy(failure, *kill->event))
            failure.identity.pid = kill->event->identity.pid;
        EvidenceRef ref;
        ref.source = kill->source;
        ref.line = kill->event->line;
        ref.lastLine = kill->event->line;
        ref.text = kill->event->text;
        ref.time = kill->time;
        failure.evidence.push_back(std::move(ref));
    }
}

} // namespace faultline
