// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/state/describeparser.h"
#include "importers/state/objecttree.h"

#include <QHash>

namespace faultline {

/// Tells from objects of Kubernetes' API what `kubectl describe` would tell of them, under the same names.
/// k8s.io/api: core/v1, apps/v1, batch/v1, events/v1, metrics/v1beta1.
class KubeInterpreter
{
public:
    static constexpr size_t MostObjects = 100'000;
    static constexpr size_t MostEvents = 1'000'000;

    void add(const ObjectNode &object);
    /// What all objects so far tell; the interpreter is empty afterwards.
    Description take() { return std::move(m_result); }
    qint64 leftOut() const { return m_leftOut; }
    /// An object of that kind and name, made where there is none yet; null where there are too many.
    DescribedObject *objectNamed(const QByteArray &kind, const QByteArray &nameSpace, const QByteArray &name,
                                 qint64 line);
    size_t eventCount() const { return m_events; }
    void countEvent() { ++m_events; }

private:
    void addEvent(const ObjectNode &object);
    void addPod(const ObjectNode &pod, DescribedObject &into);
    void addNode(const ObjectNode &node, DescribedObject &into);
    void addWorkload(const ObjectNode &object, DescribedObject &into);
    void addJob(const ObjectNode &job, DescribedObject &into);
    void addUsage(const ObjectNode &metrics, DescribedObject &into);
    void addConditions(const ObjectNode &object, DescribedObject &into);
    void addMetadata(const ObjectNode &object, DescribedObject &into);
    void addContainers(const ObjectNode &pod, QByteArrayView specs, QByteArrayView statuses, DescribedObject &into);
    DescribedContainer containerOf(const ObjectNode &spec);
    void addStatus(const ObjectNode &status, DescribedContainer &into);
    DescribedState stateOf(const ObjectNode &state);
    std::optional<SourceTime> timeOf(const ObjectNode *node);

    Description m_result;
    QHash<QByteArray, size_t> m_index; ///< Objects by kind, namespace and name.
    size_t m_events = 0;
    qint64 m_leftOut = 0;
};

} // namespace faultline
