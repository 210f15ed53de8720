// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/landmarks.h"

#include "models/core/translate.h"
#include "models/placement/samplelandmarks.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// CI logs: how far around a line the process's name is looked for.
constexpr qint64 ContextBefore = 40;
constexpr qint64 ContextAfter = 15;
/// A shell's "Killed" and the runner's "exit code 137" after it are one landmark.
constexpr DurationNs SameMoment = 2 * NsPerSecond;
constexpr qint64 SameMomentLines = 6;
/// A log shows a kill when its output is flushed: about this long after.
constexpr DurationNs LogDelay = NsPerSecond / 2;

bool isKernel(SourceKind kind)
{
    return kind == SourceKind::KernelLog || kind == SourceKind::Journal;
}
bool isKube(SourceKind kind)
{
    return kind == SourceKind::KubeDescribe || kind == SourceKind::KubeObject;
}
bool isRun(SourceKind kind)
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

qint64 toPid(QByteArrayView text)
{
    bool isNumber = false;
    const qint64 pid = text.toLongLong(&isNumber);
    return isNumber && pid > 0 && pid <= 4'194'304 * 16LL ? pid : -1;
}

QByteArray firstField(const Event &event, std::initializer_list<QByteArrayView> names)
{
    for (const QByteArrayView name : names)
        if (const QByteArray value = fieldValue(event.fields, name); !value.isEmpty())
            return value;
    return {};
}

/// The moment of an event in the middle of what its stamp leaves open: stamps are cut to the source's resolution.
/// False for times that cannot be reckoned with.
bool setTime(Landmark &landmark, const SourceInterval &time, const SourceEvidence &source)
{
    if (!isReckonable(time.lo) || !isReckonable(time.hi) || source.resolutionNs < 0 || source.resolutionNs > NsPerDay)
        return false;
    const DurationNs open = std::max<DurationNs>(time.hi - time.lo, source.resolutionNs);
    landmark.time = time.lo + open / 2;
    landmark.errorNs = open - open / 2;
    return true;
}

struct KernelPattern {
    LandmarkKind kind;
    QRegularExpression pattern; ///< Captures pid, comm and cgroup by name, as far as the line has them.
};

/// mm/oom_kill.c, arch/x86/mm/fault.c, kernel/cgroup/pids.c of 4.x to 6.x; text without the stamp.
const std::vector<KernelPattern> &kernelPatterns()
{
    static const std::vector<KernelPattern> Patterns{
        {LandmarkKind::Kill,
         QRegularExpression(uR"(Killed process (?<pid>\d+),? (?:UID \d+,? )?\((?<comm>[^)]*)\))"_s)},
        {LandmarkKind::Kill,
         QRegularExpression(uR"(oom-kill:.*task_memcg=(?<cgroup>[^,]*),task=(?<comm>[^,]*),pid=(?<pid>\d+))"_s)},
        {LandmarkKind::Kill, QRegularExpression(uR"(oom_reaper: reaped process (?<pid>\d+) \((?<comm>[^)]*)\))"_s)},
        {LandmarkKind::Crash,
         QRegularExpression(
             uR"((?:^|[\s:])(?<comm>[^\s\[:]+)\[(?<pid>\d+)\]:? (?:segfault at|bad frame|unhandled signal))"_s)},
        {LandmarkKind::Crash,
         QRegularExpression(uR"(traps: (?<comm>[^\s\[]+)\[(?<pid>\d+)\] (?:general protection|trap ))"_s)},
        {LandmarkKind::NoFork, QRegularExpression(uR"(fork rejected by pids controller in (?<cgroup>\S+))"_s)},
    };
    return Patterns;
}

/// A kill is told in several lines (constraint, kill, reaper) around one moment: they are one landmark that knows what each knows.
void mergeInto(std::vector<Landmark> &landmarks, Landmark landmark)
{
    for (auto known = landmarks.rbegin(); known != landmarks.rend() && known - landmarks.rbegin() < 4; ++known) {
        if (known->kind != landmark.kind || landmark.pid < 0 || known->pid != landmark.pid)
            continue;
        if (landmark.time - known->time > 5 * NsPerSecond)
            break;
        if (known->comm.isEmpty())
            known->comm = landmark.comm;
        if (known->cgroup.isEmpty())
            known->cgroup = landmark.cgroup;
        return;
    }
    landmarks.push_back(std::move(landmark));
}

/// `limited` carries the cgroup that kernels before 5.0 name in a line before the kill: "Task in A killed as a result of limit of B".
void addKernelLandmark(std::vector<Landmark> &landmarks, int index, const SourceEvidence &source, const Event &event,
                       QByteArray &limited)
{
    const QString text = QString::fromUtf8(event.text.left(1024));
    static const QRegularExpression TaskIn(uR"(Task in (\S+) killed as a result of limit of )"_s);
    if (const QRegularExpressionMatch match = TaskIn.match(text); match.hasMatch()) {
        limited = match.captured(1).toUtf8();
        return;
    }
    std::optional<LandmarkKind> kind;
    Landmark landmark;
    for (const KernelPattern &known : kernelPatterns()) {
        const QRegularExpressionMatch match = known.pattern.match(text);
        if (!match.hasMatch())
            continue;
        kind = known.kind;
        landmark.pid = toPid(match.captured("pid"_L1).toUtf8());
        landmark.comm = match.captured("comm"_L1).toUtf8();
        landmark.cgroup = match.captured("cgroup"_L1).toUtf8();
        break;
    }
    // A block's first line ("invoked oom-killer") names who asked for memory, its fields who was killed.
    if (!kind && event.signature.startsWith("kernel.oom_kill"))
        kind = LandmarkKind::Kill;
    if (!kind && event.signature == "kernel.segfault")
        kind = LandmarkKind::Crash;
    if (!kind || !event.time)
        return;
    landmark.kind = *kind;
    landmark.source = index;
    landmark.line = event.line;
    if (!setTime(landmark, *event.time, source))
        return;
    if (landmark.pid < 0)
        landmark.pid = event.identity.pid >= 0 ? event.identity.pid : toPid(firstField(event, {"pid"}));
    if (landmark.comm.isEmpty())
        landmark.comm = firstField(event, {"comm", "task", "process", "name"});
    if (landmark.cgroup.isEmpty())
        landmark.cgroup = event.identity.cgroup.isEmpty()
                              ? firstField(event, {"task_memcg", "cgroup", "oom_memcg", "memcg"})
                              : event.identity.cgroup;
    if (landmark.cgroup.isEmpty() && landmark.kind == LandmarkKind::Kill)
        landmark.cgroup = std::exchange(limited, {});
    mergeInto(landmarks, std::move(landmark));
}

struct RunPattern {
    LandmarkKind kind;
    QRegularExpression pattern;
};

/// What shells, go, Docker and CI systems print of a process that a signal ended, and what `docker events` tells of its container.
const std::vector<RunPattern> &runPatterns()
{
    static const std::vector<RunPattern> Patterns{
        {LandmarkKind::Kill,
         QRegularExpression(
             uR"(container (?:oom (?<oom>[0-9a-f]{12,64}) |die (?<died>[0-9a-f]{12,64}) .*\bexitCode=137\b))"_s)},
        {LandmarkKind::Kill, QRegularExpression(uR"((?:^|\s)(?<pid>\d+) Killed(?:\s|$))"_s)},
        {LandmarkKind::Kill,
         QRegularExpression(
             uR"(signal: killed|\bSIGKILL\b|signal 9\b|^\s*Killed\s*$|: Killed\b(?! process)|Killed signal terminated|(?:exit(?:ed)?(?: with)?(?: status| code)?|returned)[: ]+137\b|OOMKilled)"_s)},
        {LandmarkKind::Crash, QRegularExpression(uR"((?:^|\s)(?<pid>\d+) (?:Segmentation fault|Bus error)\b)"_s)},
        {LandmarkKind::Crash,
         QRegularExpression(
             uR"(Segmentation fault|\bSIGSEGV\b|signal: segmentation fault|\bSIGBUS\b|(?:exit(?:ed)?(?: with)?(?: status| code)?|returned)[: ]+13[59]\b)"_s)},
        {LandmarkKind::NoFork,
         QRegularExpression(
             uR"(resource temporarily unavailable|fork: retry|pthread_create failed|failed to create new OS thread|unable to create native thread)"_s,
             QRegularExpression::CaseInsensitiveOption)},
    };
    return Patterns;
}

QByteArray contextOf(const SourceEvidence &source, qint64 line)
{
    const qint64 first = std::max<qint64>(line - ContextBefore, 1);
    QByteArray text;
    for (const TimedLine &near : decodeLines(source, first, line + ContextAfter - first + 1))
        text += near.text.left(1024) + '\n';
    return text;
}

void addRunLandmark(std::vector<Landmark> &landmarks, int index, const SourceEvidence &source, const Event &event)
{
    if (!event.time)
        return;
    const QString text = QString::fromUtf8(event.text.left(1024));
    for (const RunPattern &known : runPatterns()) {
        const QRegularExpressionMatch match = known.pattern.match(text);
        if (!match.hasMatch())
            continue;
        Landmark landmark;
        landmark.source = index;
        landmark.kind = known.kind;
        landmark.line = event.line;
        if (!setTime(landmark, *event.time, source))
            return;
        landmark.errorNs += LogDelay;
        landmark.pid = known.pattern.namedCaptureGroups().contains("pid"_L1) ? toPid(match.captured("pid"_L1).toUtf8())
                                                                             : event.identity.pid;
        landmark.pod = source.identity.pod;
        for (const auto name : {"oom"_L1, "died"_L1}) {
            if (known.pattern.namedCaptureGroups().contains(name) && match.hasCaptured(name))
                landmark.containerIds = {match.captured(name).toUtf8()};
        }
        const bool told = !landmarks.empty() && landmarks.back().kind == landmark.kind
                          && event.line - landmarks.back().line <= SameMomentLines
                          && landmark.time - landmarks.back().time <= SameMoment
                          && (landmark.pid < 0 || landmarks.back().pid < 0 || landmark.pid == landmarks.back().pid);
        if (!told)
            landmarks.push_back(std::move(landmark));
        else if (landmarks.back().pid < 0)
            landmarks.back().pid = landmark.pid;
        return;
    }
}

/// Ids of containers that a source states, "containerd://e25d…".
std::vector<QByteArray> containerIds(const SourceEvidence &source, const QByteArray &pod, const QByteArray &container)
{
    static const QRegularExpression Id(uR"(\b[0-9a-f]{32,64}\b)"_s);
    std::vector<QByteArray> ids;
    for (const Fact &fact : source.facts) {
        if ((!pod.isEmpty() && !fact.identity->pod.isEmpty() && fact.identity->pod != pod)
            || !fact.key.toLower().contains("container")
            || (!container.isEmpty() && !fact.identity->container.isEmpty() && fact.identity->container != container))
            continue;
        if (const QRegularExpressionMatch match = Id.match(QString::fromUtf8(fact.value.left(256))); match.hasMatch())
            ids.push_back(match.captured().toUtf8());
    }
    return ids;
}

void addKubeLandmark(std::vector<Landmark> &landmarks, int index, const SourceEvidence &source, const Event &event)
{
    if (!event.signature.startsWith("kube.container_terminated") || !event.time)
        return;
    const QByteArray code = firstField(event, {"exit_code", "exitCode"});
    Landmark landmark;
    if (firstField(event, {"reason"}) == "OOMKilled" || code == "137")
        landmark.kind = LandmarkKind::Kill;
    else if (code == "139" || code == "135")
        landmark.kind = LandmarkKind::Crash;
    else
        return;
    landmark.source = index;
    landmark.line = event.line;
    if (!setTime(landmark, *event.time, source))
        return;
    landmark.errorNs += LogDelay; // The container ends a moment after its process.
    landmark.pod = event.identity.pod.isEmpty() ? source.identity.pod : event.identity.pod;
    landmark.cgroup = event.identity.cgroup;
    landmarks.push_back(std::move(landmark));
}

/// The ids of the containers that ended, looked up for the landmarks that are kept: a list may hold thousands of pods.
void addContainerIds(std::vector<Landmark> &landmarks, const SourceEvidence &source)
{
    for (Landmark &landmark : landmarks) {
        const auto event = std::ranges::lower_bound(source.events, landmark.line, {}, &Event::line);
        if (event != source.events.end())
            landmark.containerIds = containerIds(source, landmark.pod, firstField(*event, {"container"}));
    }
}

bool sameCgroup(const QByteArray &a, const QByteArray &b)
{
    if (a.isEmpty() || b.isEmpty() || a == "/" || b == "/")
        return false;
    return a == b || a.startsWith(QByteArray(b + '/')) || b.startsWith(QByteArray(a + '/'));
}

bool holdsContainer(const Landmark &a, const Landmark &b)
{
    return std::ranges::any_of(a.containerIds, [&](const QByteArray &id) { return b.cgroup.contains(id); });
}

bool isWordByte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool holdsWord(const QByteArray &text, const QByteArray &word)
{
    for (qsizetype at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
        const qsizetype end = at + word.size();
        if ((at == 0 || !isWordByte(text[at - 1])) && (end == text.size() || !isWordByte(text[end])))
            return true;
    }
    return false;
}

/// Whether a process's name stands in the text; a test binary of Go is told by its package: "snapshot.test" by "…/snapshot\t".
bool names(const QByteArray &context, const QByteArray &comm)
{
    constexpr qsizetype MostCommBytes = 15; // TASK_COMM_LEN less its end.
    if (comm.size() < 3 || context.isEmpty())
        return false;
    if (holdsWord(context, comm) || (comm.size() == MostCommBytes && context.contains(comm)))
        return true;
    const QByteArray stem = comm.endsWith(".test") ? comm.chopped(5) : QByteArray();
    if (stem.size() < 2)
        return false;
    const auto holds = [&](char before, char after) { return context.contains(QByteArray(before + stem + after)); };
    return holds('/', '\t') || holds('/', ' ') || holds('\t', '\t');
}

/// A container counts its processes from 1: inside, the same process has a far lower id than the kernel gives it.
bool isInnerPid(qint64 inside, qint64 outside)
{
    return inside < outside / 4;
}

} // namespace

std::vector<Landmark> landmarksOf(const Evidence &evidence, int source)
{
    const SourceEvidence &of = *evidence.sources[static_cast<size_t>(source)];
    std::vector<Landmark> landmarks;
    QByteArray limited;
    for (const Event &event : of.events) {
        if (isKernel(of.kind))
            addKernelLandmark(landmarks, source, of, event, limited);
        else if (isRun(of.kind))
            addRunLandmark(landmarks, source, of, event);
        else if (isKube(of.kind))
            addKubeLandmark(landmarks, source, of, event);
        if (landmarks.size() > 2 * MostLandmarks)
            landmarks.erase(landmarks.begin(), landmarks.end() - MostLandmarks);
    }
    if (landmarks.size() > MostLandmarks)
        landmarks.erase(landmarks.begin(), landmarks.end() - MostLandmarks);
    if (isKube(of.kind))
        addContainerIds(landmarks, of);
    if (isRun(of.kind) && of.text)
        for (Landmark &landmark : landmarks)
            landmark.context = contextOf(of, landmark.line);
    for (Landmark &landmark : sampleLandmarks(of, source))
        landmarks.push_back(std::move(landmark));
    return landmarks;
}

Kinship kinship(const Landmark &a, const Landmark &b)
{
    if (a.kind != b.kind)
        return Kinship::Strangers;
    const bool bothPids = a.pid >= 0 && b.pid >= 0;
    if (bothPids && a.pid == b.pid)
        return Kinship::Same;
    if (sameCgroup(a.cgroup, b.cgroup) || holdsContainer(a, b) || holdsContainer(b, a))
        return Kinship::Related;
    if (!a.pod.isEmpty() && a.pod == b.pod)
        return Kinship::Related;
    if (!a.cgroup.isEmpty() && !b.cgroup.isEmpty())
        return Kinship::Strangers;
    if (!a.pod.isEmpty() && !b.pod.isEmpty())
        return Kinship::Strangers;
    const bool mayBeNamespaced =
        bothPids && (a.context.isEmpty() ? isInnerPid(b.pid, a.pid) : isInnerPid(a.pid, b.pid));
    if ((!bothPids || mayBeNamespaced) && (names(a.context, b.comm) || names(b.context, a.comm)))
        return Kinship::Named;
    if (bothPids || (!a.comm.isEmpty() && !b.comm.isEmpty() && a.comm != b.comm))
        return Kinship::Strangers;
    return Kinship::Alike;
}

QString describeLandmark(const Landmark &landmark, const Landmark &other)
{
    const qint64 pid = landmark.pid >= 0 ? landmark.pid : other.pid;
    const QByteArray comm = landmark.comm.isEmpty() ? other.comm : landmark.comm;
    QString who = pid >= 0 ? tr("process %1").arg(pid) : tr("a process");
    if (!comm.isEmpty())
        who += u" (%1)"_s.arg(QString::fromUtf8(comm));
    switch (landmark.kind) {
    case LandmarkKind::Kill: return tr("%1 was killed").arg(who);
    case LandmarkKind::Crash: return tr("%1 crashed").arg(who);
    case LandmarkKind::NoFork: break;
    }
    return tr("no process could be made");
}

} // namespace faultline
