// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/findings.h"

#include "models/core/translate.h"
#include "models/findings/brokenoff.h"
#include "models/findings/failures.h"
#include "models/findings/spikes.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr DurationNs SameFailure = 30 * NsPerSecond;

bool isRunsLog(SourceKind kind)
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

/// Whether a pod's failure is the one that the run's log already tells.
bool isTold(const Failure &pod, const std::vector<Failure> &failures)
{
    return std::ranges::any_of(failures, [&](const Failure &failure) {
        return !failure.time || !pod.time
               || std::abs(failure.time->time - pod.time->time) <= SameFailure + failure.time->uncertaintyNs();
    });
}

void cite(Failure &failure, const Failure &pod, bool isOfRun)
{
    constexpr size_t Most = 7;
    for (EvidenceRef ref : pod.evidence) {
        if (failure.evidence.size() >= Most)
            return;
        ref.role = EvidenceRole::Supporting;
        failure.evidence.push_back(std::move(ref));
    }
    // Objects and events of one cluster tell each a part of it.
    if (!failure.exitCode && !isOfRun)
        failure.exitCode = pod.exitCode;
    if (failure.signal.isEmpty() && !isOfRun)
        failure.signal = pod.signal;
    // A log without times, whose failure stands near its end: the container ended with it.
    constexpr DurationNs NearEnd = 30 * NsPerSecond;
    if (!failure.time && pod.time)
        failure.time = PlacedTime{pod.time->time, pod.time->lo - NearEnd, pod.time->hi};
    if (failure.identity.pod.isEmpty())
        failure.identity.pod = pod.identity.pod;
    if (failure.identity.container.isEmpty())
        failure.identity.container = pod.identity.container;
    if (failure.identity.host.isEmpty())
        failure.identity.host = pod.identity.host;
}

/// What ended the run first; failures that only followed after it.
void orderAndNumber(std::vector<Failure> &failures)
{
    std::vector<size_t> order(failures.size());
    for (size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::ranges::stable_sort(order, [&](size_t a, size_t b) {
        const Failure &x = failures[a];
        const Failure &y = failures[b];
        if ((x.follows >= 0) != (y.follows >= 0))
            return x.follows < 0;
        const bool isElsewhere = x.source != y.source || x.job != y.job;
        return x.time && y.time && isElsewhere ? x.time->time < y.time->time : false;
    });
    std::vector<int> place(failures.size());
    std::vector<Failure> sorted;
    for (size_t i = 0; i < order.size(); ++i) {
        place[order[i]] = static_cast<int>(i);
        sorted.push_back(std::move(failures[order[i]]));
    }
    for (size_t i = 0; i < sorted.size(); ++i) {
        sorted[i].id = static_cast<int>(i);
        if (sorted[i].follows >= 0)
            sorted[i].follows = place[static_cast<size_t>(sorted[i].follows)];
    }
    failures = std::move(sorted);
}

void append(std::vector<Failure> &all, std::vector<Failure> more)
{
    const int base = static_cast<int>(all.size());
    for (Failure &failure : more) {
        if (failure.follows >= 0)
            failure.follows += base;
        all.push_back(std::move(failure));
    }
}

void setTime(std::vector<Failure> &failures, TimeNs time)
{
    if (failures.empty()) {
        failures.emplace_back();
        failures.front().id = 0;
        failures.front().what = tr("a failure at the time given");
    }
    failures.front().time = PlacedTime{time, time, time};
}

} // namespace

QLatin1StringView spikeKindName(SpikeKind kind)
{
    switch (kind) {
    case SpikeKind::Spike: return "spike"_L1;
    case SpikeKind::Shift: return "shift"_L1;
    case SpikeKind::Saturation: return "saturation"_L1;
    case SpikeKind::Reset: return "reset"_L1;
    case SpikeKind::Trend: break;
    }
    return "trend"_L1;
}

Findings computeFindings(const Evidence &evidence, const Placement &placement, const SignatureSet &signatures,
                         const FindingsOptions &options)
{
    Findings findings;
    bool hasRunsLog = false;
    bool hasJob = false;
    for (size_t s = 0; s < evidence.sources.size(); ++s) {
        const SourceEvidence &source = *evidence.sources[s];
        if (!isRunsLog(source.kind))
            continue;
        hasRunsLog = hasRunsLog || source.kind != SourceKind::Log;
        hasJob = hasJob || source.kind == SourceKind::CiLog;
        append(findings.failures, failuresOfRun(static_cast<int>(s), source, placement.sources[s], signatures));
    }
    const bool hasRunFailures = !findings.failures.empty();
    for (size_t s = 0; s < evidence.sources.size(); ++s) {
        const SourceEvidence &source = *evidence.sources[s];
        // Docker tells of its containers as Kubernetes does, as part of a host's state.
        if (source.kind != SourceKind::KubeDescribe && source.kind != SourceKind::KubeObject
            && source.kind != SourceKind::HostState)
            continue;
        std::vector<Failure> pods = failuresOfPods(static_cast<int>(s), source, placement.sources[s]);
        if (!findings.failures.empty()) {
            for (const Failure &pod : pods)
                if (isTold(pod, findings.failures))
                    cite(findings.failures.front(), pod, hasRunFailures);
        } else if (!hasJob) {
            append(findings.failures, std::move(pods));
        }
    }
    if (findings.failures.empty() && !hasRunsLog)
        for (size_t s = 0; s < evidence.sources.size(); ++s)
            if (evidence.sources[s]->kind == SourceKind::Trace)
                append(findings.failures,
                       failuresOfTrace(static_cast<int>(s), *evidence.sources[s], placement.sources[s]));
    if (findings.failures.empty() && !hasRunsLog)
        for (size_t s = 0; s < evidence.sources.size(); ++s) {
            const SourceEvidence &source = *evidence.sources[s];
            if (source.kind == SourceKind::KernelLog || source.kind == SourceKind::Journal)
                append(findings.failures,
                       failuresOfHost(static_cast<int>(s), source, placement.sources[s], signatures));
        }
    if (findings.failures.empty() && hasJob)
        append(findings.failures, failuresOfBrokenLogs(evidence, placement, signatures));
    linkKernelKills(findings.failures, evidence, placement);
    orderAndNumber(findings.failures);
    if (options.failureTime)
        setTime(findings.failures, *options.failureTime);
    if (!evidence.allSeries().empty()) // else nobody asks for the rules, and they need not be read
        findSpikes(findings, evidence, placement, MetricRules::shipped());
    return findings;
}

} // namespace faultline
