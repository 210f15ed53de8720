// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QSet>

namespace faultline {

/// How a row's identity stands to that of a failure, best last.
enum class Kinship {
    Foreign, ///< States that it is about another cgroup or pod.
    Unknown, ///< Neither says.
    Host,    ///< The same machine only.
    Shared,  ///< The same process, container, cgroup, pod or job.
};

/// Who a failure is, as far as all evidence of its run tells: a CI log knows nothing of cgroups, but where the other files of the run
/// speak of one pod or one cgroup alone, those are the run's.
class RunIdentity
{
public:
    RunIdentity(const Failure &failure, const Evidence &evidence);

    Kinship kinship(const Identity &other) const;
    /// The run's only pod, else the failure's own; empty where unknown.
    QByteArray pod() const { return m_pod; }
    qint64 pid() const { return m_own.pid; }
    const Identity &own() const { return m_own; }

private:
    void collectCgroups(const Evidence &evidence, std::optional<qint64> exitCode);
    bool isOwnCgroup(const QByteArray &cgroup) const;

    Identity m_own;
    QByteArray m_pod;
    QSet<QByteArray> m_cgroups;
    QSet<QByteArray> m_containers;
    bool m_cgroupsKnown = false; ///< So that others are foreign.
    bool m_containersKnown =
        false; ///< All that the run's pod ever had, or that ended as the run did, so that other containers are foreign.
};

/// What labels of a series say of its identity: pod, container, cgroup (id) and host.
Identity seriesIdentity(const Series &series);

} // namespace faultline
