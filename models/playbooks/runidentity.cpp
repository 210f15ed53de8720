// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/runidentity.h"

#include <QRegularExpression>

namespace faultline {

namespace {

constexpr qsizetype MostOwnCgroups = 6; ///< More are a whole node's, and say nothing of whose failure it is.

/// Ids of containers (64 hex digits) and pods (UUIDs) in a cgroup's path, which runtimes spell differently.
QSet<QByteArray> idsIn(const QByteArray &path)
{
    static const QRegularExpression id(
        QStringLiteral("[0-9a-f]{64}|[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"));
    QSet<QByteArray> ids;
    for (auto matches = id.globalMatch(QString::fromUtf8(path)); matches.hasNext();)
        ids.insert(matches.next().captured().toUtf8().replace('_', '-'));
    return ids;
}

bool isRootCgroup(const QByteArray &path)
{
    return path.isEmpty() || path == "/" || path.endsWith(".slice") || path.endsWith("/kubepods")
           || path.endsWith("/burstable") || path.endsWith("/besteffort") || path.endsWith("/docker");
}

bool isWithin(const QByteArray &path, const QByteArray &parent)
{
    return path.size() > parent.size() && path.startsWith(parent) && path[parent.size()] == '/';
}

} // namespace

Identity seriesIdentity(const Series &series)
{
    const auto first = [&series](std::initializer_list<const char *> names) {
        for (const char *name : names) {
            if (const QByteArray value = series.label(name); !value.isEmpty())
                return value;
        }
        return QByteArray();
    };
    Identity identity;
    identity.pod = first({"pod", "pod_name", "exported_pod"});
    identity.container = first({"container", "container_name", "exported_container"});
    identity.cgroup = first({"cgroup"});
    if (const QByteArray id = series.label("id"); identity.cgroup.isEmpty() && id.startsWith('/'))
        identity.cgroup = id;
    identity.host = first({"node", "host", "nodename"});
    return identity;
}

RunIdentity::RunIdentity(const Failure &failure, const Evidence &evidence)
    : m_own(failure.identity)
{
    if (failure.source >= 0 && static_cast<size_t>(failure.source) < evidence.sources.size()) {
        const Identity &source = evidence.sources[static_cast<size_t>(failure.source)]->identity;
        for (const auto member :
             {&Identity::host, &Identity::pod, &Identity::container, &Identity::cgroup, &Identity::job}) {
            if ((m_own.*member).isEmpty())
                m_own.*member = source.*member;
        }
        if (m_own.pid < 0)
            m_own.pid = source.pid;
    }
    m_pod = m_own.pod;
    if (m_pod.isEmpty()) {
        QSet<QByteArray> pods;
        for (const auto &source : evidence.sources) {
            if (!source->identity.pod.isEmpty())
                pods.insert(source->identity.pod);
            for (const Series &series : source->series) {
                if (const QByteArray pod = seriesIdentity(series).pod; !pod.isEmpty())
                    pods.insert(pod);
            }
        }
        if (pods.size() == 1)
            m_pod = *pods.begin();
    }
    collectCgroups(evidence, failure.exitCode);
}

void RunIdentity::collectCgroups(const Evidence &evidence, std::optional<qint64> exitCode)
{
    const auto take = [this](const QByteArray &cgroup) {
        if (!isRootCgroup(cgroup))
            m_cgroups.insert(cgroup);
    };
    take(m_own.cgroup);
    bool isOomKilled = false;
    bool isEndedSo = false;   // a container that Docker tells of, with the failure's own exit code
    bool isRestarted = false; // a container's id is another one after a restart, and only the last is told
    for (const auto &source : evidence.sources) {
        const bool isOfPod = m_pod.isEmpty() || source->identity.pod == m_pod;
        // A log of the whole machine speaks of everybody's cgroups; files captured for the run speak of its own.
        if (source->kind == SourceKind::KernelLog || source->kind == SourceKind::Journal)
            continue;
        if (isOfPod)
            take(source->identity.cgroup);
        for (const Fact &fact : source->facts) {
            if (fact.subject.startsWith("cgroup/")
                && (source->kind == SourceKind::HostState || source->kind == SourceKind::CiLog))
                take(fact.subject.sliced(fact.subject.startsWith("cgroup//") ? 7 : 6));
            if (isOfPod && fact.key.endsWith("containerId"))
                m_containers.unite(idsIn(fact.value));
            isOomKilled =
                isOomKilled
                || (isOfPod && (fact.value == "OOMKilled" || (fact.key == "oomKilled" && fact.value == "true")));
            isEndedSo = isEndedSo
                        || (source->format == "docker-inspect" && fact.key == "state.exitCode" && exitCode
                            && fact.value == QByteArray::number(*exitCode));
            isRestarted = isRestarted || (isOfPod && fact.key.endsWith("restartCount") && fact.value != "0");
        }
        for (const Series &series : source->series) {
            const Identity of = seriesIdentity(series);
            if (m_pod.isEmpty() || of.pod == m_pod)
                take(of.cgroup);
        }
    }
    // Sandboxed runtimes give the cgroup an id of their own: where the runtime says OOMKilled, the id proves nothing against it.
    m_containersKnown = !m_containers.isEmpty() && (!m_own.pod.isEmpty() || isEndedSo) && !isRestarted && !isOomKilled;
    if (m_cgroups.size() > MostOwnCgroups && m_pod.isEmpty())
        m_cgroups.clear();
    for (const QByteArray &cgroup : std::as_const(m_cgroups))
        m_containers.unite(idsIn(cgroup));
    m_cgroupsKnown = !m_cgroups.isEmpty();
}

bool RunIdentity::isOwnCgroup(const QByteArray &cgroup) const
{
    if (m_cgroups.contains(cgroup))
        return true;
    if (idsIn(cgroup).intersects(m_containers))
        return true;
    return std::ranges::any_of(m_cgroups, [&](const QByteArray &own) { return isWithin(cgroup, own); });
}

Kinship RunIdentity::kinship(const Identity &other) const
{
    if (other.pid >= 0 && other.pid == m_own.pid)
        return Kinship::Shared;
    if (!isRootCgroup(other.cgroup)) {
        if (isOwnCgroup(other.cgroup))
            return Kinship::Shared;
        if (m_cgroupsKnown || (m_containersKnown && !idsIn(other.cgroup).isEmpty()))
            return Kinship::Foreign;
    }
    if (!other.pod.isEmpty() && !m_pod.isEmpty())
        return other.pod == m_pod ? Kinship::Shared : Kinship::Foreign;
    if (!other.job.isEmpty() && other.job == m_own.job)
        return Kinship::Shared;
    if (!other.container.isEmpty() && other.container == m_own.container)
        return Kinship::Shared;
    if (!other.host.isEmpty() && other.host == m_own.host)
        return Kinship::Host;
    return Kinship::Unknown;
}

} // namespace faultline
