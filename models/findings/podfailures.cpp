// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/failures.h"

#include "models/core/translate.h"

#include <QDateTime>
#include <QHash>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

Failure podFailure(int source, const Event &event, const SourcePlacement &placement)
{
    Failure failure;
    failure.source = source;
    failure.line = event.line;
    failure.lastLine = std::max(event.line, event.lastLine);
    failure.identity = event.identity;
    if (event.time)
        failure.time = placement.place(*event.time);
    EvidenceRef ref;
    ref.source = source;
    ref.line = event.line;
    ref.lastLine = failure.lastLine;
    ref.text = event.text;
    ref.role = EvidenceRole::Failing;
    ref.time = failure.time;
    failure.evidence.push_back(std::move(ref));
    return failure;
}

Failure terminated(int source, const Event &event, const SourcePlacement &placement)
{
    Failure failure = podFailure(source, event, placement);
    bool isNumber = false;
    const qint64 code = fieldValue(event.fields, "exit_code").toLongLong(&isNumber);
    if (isNumber)
        failure.exitCode = code;
    const QByteArray reason = fieldValue(event.fields, "reason");
    const QByteArray started = fieldValue(event.fields, "started");
    // The runtime lost the status: "Finished" is when that was noticed, after a restart; it ended at any time before.
    if (const auto from = QDateTime::fromString(QString::fromUtf8(started), Qt::ISODateWithMs);
        reason == "Unknown" && failure.time && from.isValid())
        failure.time->lo = std::min(failure.time->lo, TimeNs{from.toMSecsSinceEpoch() * 1'000'000});
    failure.signal = reason == "OOMKilled" ? QByteArray("SIGKILL") : signalOfExitCode(code);
    const QString container = QString::fromUtf8(fieldValue(event.fields, "container"));
    if (container.isEmpty())
        failure.what = tr("a container of pod '%1' ended: %2")
                           .arg(QString::fromUtf8(event.identity.pod), QString::fromUtf8(reason));
    else if (isNumber)
        failure.what = tr("container '%1' ended: %2, exit code %3").arg(container, QString::fromUtf8(reason)).arg(code);
    else
        failure.what = tr("container '%1' ended: %2").arg(container, QString::fromUtf8(reason));
    return failure;
}

/// When a container that waits for its image failed to get it for the first time; nothing where no event tells.
std::optional<PlacedTime> firstPull(const Failure &failure, const SourceEvidence &evidence,
                                    const SourcePlacement &placement)
{
    std::optional<PlacedTime> first;
    for (const Event &event : evidence.events) {
        const bool isPull = event.signature == "kube.event.failed" || event.signature == "image.pull_failed";
        if (!isPull || !event.time || event.identity.pod != failure.identity.pod)
            continue;
        SourceInterval when = *event.time;
        bool isNumber = false;
        // "91s (x4 over 2m18s)": the later age is of the first time. Both are cut to the same unit.
        const qint64 seconds = fieldValue(event.fields, "first_age_seconds").toLongLong(&isNumber);
        if (const QByteArray at = fieldValue(event.fields, "first_time"); isNumber && !at.isEmpty()) {
            const auto parsed = QDateTime::fromString(QString::fromLatin1(at), Qt::ISODateWithMs);
            const DurationNs half = (when.hi.ns - when.lo.ns) / 2;
            if (parsed.isValid() && seconds < 600)
                when = {SourceTime{parsed.toMSecsSinceEpoch() * 1'000'000 - half},
                        SourceTime{parsed.toMSecsSinceEpoch() * 1'000'000 + half}};
        }
        const auto placed = placement.place(when);
        if (placed && (!first || placed->time < first->time))
            first = placed;
    }
    return first;
}

/// The kubelet ended the container for its probe; it may have gone down in good order, with 0.
bool isKilledForProbe(const Event &ended, const SourceEvidence &evidence)
{
    constexpr DurationNs Grace =
        120 * NsPerSecond; // Killing is told when the signal is sent, the end comes after the grace.
    const QByteArray container = fieldValue(ended.fields, "container");
    const QByteArray named = "Container " + container + ' ';
    return std::ranges::any_of(evidence.events, [&](const Event &event) {
        const QByteArray message = fieldValue(event.fields, "message");
        const bool isProbe = event.signature == "kube.event.killing"
                             && (message.contains("failed liveness probe") || message.contains("failed startup probe"));
        const bool isNear =
            !event.time || !ended.time
            || (event.time->lo.ns <= ended.time->hi.ns + NsPerSecond && event.time->hi.ns >= ended.time->lo.ns - Grace);
        return isProbe && isNear && event.identity.pod == ended.identity.pod
               && (container.isEmpty() || message.contains(named));
    });
}

bool isPodFailure(const Event &event)
{
    if (event.signature == "kube.container_terminated") {
        const QByteArray code = fieldValue(event.fields, "exit_code");
        const QByteArray reason = fieldValue(event.fields, "reason");
        return (!code.isEmpty() && code != "0") || reason == "OOMKilled" || (code.isEmpty() && reason != "Completed");
    }
    if (event.signature == "kube.container_waiting") {
        // Being created is a wait, not a failure; crash loops are told by the termination before.
        const QByteArray reason = fieldValue(event.fields, "reason");
        return reason != "ContainerCreating" && reason != "PodInitializing" && reason != "CrashLoopBackOff"
               && !reason.isEmpty();
    }
    return event.signature == "kube.pod_evicted" || event.signature == "kube.event.evicted"
           || event.signature == "kube.event.failed_scheduling" || event.signature == "kube.event.deadline_exceeded";
}

/// An eviction stands in the pod's status and among its events: one failure, told twice.
void mergeRepeated(std::vector<Failure> &failures)
{
    const auto isSame = [](const Failure &a, const Failure &b) {
        const bool meet = !a.time || !b.time || (a.time->lo <= b.time->hi && b.time->lo <= a.time->hi);
        return meet && a.what == b.what && a.identity.pod == b.identity.pod;
    };
    for (size_t i = 0; i < failures.size(); ++i) {
        const auto rest = failures.begin() + static_cast<std::ptrdiff_t>(i) + 1;
        const auto repeated = std::stable_partition(rest, failures.end(),
                                                    [&](const Failure &later) { return !isSame(failures[i], later); });
        for (auto later = repeated; later != failures.end(); ++later)
            std::ranges::move(later->evidence, std::back_inserter(failures[i].evidence));
        failures.erase(repeated, failures.end());
    }
}

/// Two containers of a pod that ended one long before the other: the first went on in between.
bool areApart(const Failure &first, const Failure &later)
{
    constexpr DurationNs Most = 60 * NsPerSecond;
    const auto isContainer = [](const Failure &failure) {
        return failure.exitCode && failure.time && !failure.identity.container.isEmpty();
    };
    return isContainer(first) && isContainer(later) && first.identity.pod == later.identity.pod
           && first.identity.container != later.identity.container && first.time->hi + Most < later.time->lo;
}

/// What pods went through, to tell failures that were overcome, or that only events tell, from others.
struct PodStates {
    QSet<QByteArray> known;   ///< Pods whose containers' states stand in the source: these decide, not events.
    QSet<QByteArray> running; ///< … one of which has run.
    QHash<QByteArray, qint64> scheduled; ///< Latest time, source time.
    QHash<QByteArray, qint64> started;

    /// What events tell counts where no state stands, or where all that stands is a wait that is no failure by itself.
    bool isToldByEvents(const Event &event) const
    {
        const bool isMount = event.signature == "kube.event.failed_mount"
                             || event.signature == "kube.event.failed_attach_volume"
                             || event.signature == "kube.event.failed_create_pod_sand_box";
        return !known.contains(event.identity.pod) || (isMount && !running.contains(event.identity.pod));
    }

    explicit PodStates(const SourceEvidence &evidence)
    {
        for (const Fact &fact : evidence.facts)
            if (fact.key == "state") {
                known.insert(fact.identity->pod);
                if (fact.value != "Waiting")
                    running.insert(fact.identity->pod);
            }
        for (const Event &event : evidence.events) {
            const bool isStart = event.signature == "kube.event.started";
            if (!event.time || (!isStart && event.signature != "kube.event.scheduled"))
                continue;
            qint64 &latest = (isStart ? started : scheduled)[event.identity.pod];
            latest = std::max(latest, event.time->hi.ns);
        }
    }
    bool isOvercome(const Event &event) const
    {
        const QByteArray &pod = event.identity.pod;
        const qint64 from = event.time ? event.time->lo.ns : 0;
        if (event.signature == "kube.event.failed_scheduling")
            return running.contains(pod) || scheduled.contains(pod) || started.contains(pod);
        return event.signature != "kube.event.evicted" && event.time && started.contains(pod)
               && started.value(pod) > from;
    }
};

/// What events alone tell of a failure, where the pod itself is not described.
QString toldByEvent(const Event &event)
{
    const QString message = QString::fromUtf8(fieldValue(event.fields, "message").left(200));
    const QByteArray &signature = event.signature;
    if (signature == "kube.event.killing" && message.contains("probe"_L1))
        return tr("a container was killed: %1").arg(message);
    if (signature == "kube.event.oom_killing" || signature == "kube.event.system_oom")
        return tr("a process was killed for lack of memory: %1").arg(message);
    if (signature == "kube.event.failed")
        return tr("a container could not start: %1").arg(message);
    if (signature == "kube.event.failed_mount" || signature == "kube.event.failed_attach_volume"
        || signature == "kube.event.failed_create_pod_sand_box")
        return tr("the pod could not start: %1").arg(message);
    if (signature == "kube.event.back_off")
        return tr("a container ended again and again: %1").arg(message);
    return {};
}

/// A pod or job that failed as a whole, by a reason that is none of its containers'.
QString toldOfWhole(const Event &event)
{
    const QString reason = QString::fromUtf8(fieldValue(event.fields, "reason"));
    // How it ended the last time is not told, or was well: to be started over and over is a failure all the same.
    if (event.signature == "kube.container_waiting" && reason == "CrashLoopBackOff"_L1)
        return tr("a container ended again and again");
    if (event.signature == "kube.pod_failed" && !reason.isEmpty())
        return tr("the pod failed: %1").arg(reason);
    if (event.signature == "kube.event.taint_manager_eviction"
        && fieldValue(event.fields, "message").contains("Marking for deletion"))
        return tr("the pod was taken from its node");
    if (event.signature == "kube.job_failed" || event.signature == "kube.event.backoff_limit_exceeded")
        return tr("the job failed: %1").arg(reason);
    return {};
}

/// Adds what only events tell; the first of each pod is enough.
void addToldByEvents(int source, const SourceEvidence &evidence, const SourcePlacement &placement,
                     const PodStates &pods, std::vector<Failure> &failures, size_t most)
{
    QSet<QByteArray> told;
    for (const Failure &failure : failures)
        told.insert(failure.identity.pod);
    for (const auto &tell : {&toldByEvent, &toldOfWhole}) {
        for (const Event &event : evidence.events) {
            const QByteArray &pod = event.identity.pod;
            if (failures.size() >= most || told.contains(pod)
                || (tell == &toldByEvent && (!pods.isToldByEvents(event) || pods.isOvercome(event))))
                continue;
            // A job follows its pods.
            if (tell == &toldOfWhole && pod.isEmpty() && !failures.empty())
                continue;
            const QString what = tell(event);
            if (what.isEmpty())
                continue;
            Failure failure = podFailure(source, event, placement);
            failure.what = what;
            if (event.signature == "kube.event.killing" || event.signature.endsWith("oom_killing"))
                failure.signal = "SIGKILL";
            told.insert(pod);
            failures.push_back(std::move(failure));
        }
    }
}

} // namespace

std::vector<Failure> failuresOfPods(int source, const SourceEvidence &evidence, const SourcePlacement &placement)
{
    constexpr size_t Most = 20;
    // Where a container's present state is a failure of its own, the state before it is an older run's.
    const auto isOlderRun = [&](const Event &event) {
        return event.signature == "kube.container_terminated" && fieldValue(event.fields, "which") == "lastState"
               && std::ranges::any_of(evidence.events, [&](const Event &other) {
                      return other.signature == "kube.container_terminated" && isPodFailure(other)
                             && fieldValue(other.fields, "which") == "state" && other.identity.pod == event.identity.pod
                             && fieldValue(other.fields, "container") == fieldValue(event.fields, "container");
                  });
    };
    std::vector<Failure> failures;
    const PodStates pods(evidence);
    for (const Event &event : evidence.events) {
        const bool isProbed =
            event.signature == "kube.container_terminated" && !isPodFailure(event) && isKilledForProbe(event, evidence);
        if ((!isPodFailure(event) && !isProbed) || isOlderRun(event) || failures.size() >= Most
            || (event.signature.startsWith("kube.event.") && pods.isOvercome(event)))
            continue;
        if (event.signature == "kube.container_terminated") {
            failures.push_back(terminated(source, event, placement));
            continue;
        }
        Failure failure = podFailure(source, event, placement);
        const QString reason = QString::fromUtf8(fieldValue(event.fields, "reason"));
        if (event.signature == "kube.container_waiting" && (reason.contains(u"Image"_s) || reason.contains(u"Pull"_s)))
            if (const auto first = firstPull(failure, evidence, placement))
                failure.time = first;
        if (event.signature == "kube.container_waiting")
            failure.what = tr("container '%1' could not start: %2")
                               .arg(QString::fromUtf8(fieldValue(event.fields, "container")), reason);
        else if (event.signature == "kube.event.failed_scheduling")
            failure.what = tr("the pod could not be scheduled");
        else
            failure.what =
                event.signature.contains("evicted") ? tr("the pod was evicted") : tr("the pod failed: %1").arg(reason);
        if (event.signature.contains("evicted"))
            failure.signal = "SIGKILL";
        failures.push_back(std::move(failure));
    }
    addToldByEvents(source, evidence, placement, pods, failures, Most);
    // A wait that went on after a kill, an eviction told twice: the one that is known to be first is the origin.
    // The latest it can have been decides, so that a vague age does not come before an exact stamp.
    std::ranges::stable_sort(failures, [](const Failure &a, const Failure &b) {
        return a.time && b.time ? a.time->hi < b.time->hi : a.time.has_value() && !b.time.has_value();
    });
    mergeRepeated(failures);
    // Another container that was started anew long before is a failure of its own; the pod is looked at for the last one.
    const auto last = std::find_if(failures.rbegin(), failures.rend(),
                                   [&](const Failure &failure) { return areApart(failures.front(), failure); });
    if (last != failures.rend())
        std::rotate(failures.begin(), std::prev(last.base()), last.base());
    for (size_t i = 1; i < failures.size(); ++i)
        if (failures[i].identity.pod == failures.front().identity.pod && !areApart(failures[i], failures.front()))
            failures[i].follows = 0;
    return failures;
}

} // namespace faultline
