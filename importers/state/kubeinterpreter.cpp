// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubeinterpreter.h"

#include "models/core/views.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Scalars of a status or a spec that are kept of kinds not known here.
constexpr size_t MostFlattened = 200;

void add(std::vector<DescribedValue> &values, const QByteArray &key, const ObjectNode *node)
{
    if (node && node->kind == ObjectNode::Kind::Scalar && !node->text.isEmpty())
        values.push_back({key, node->text, node->line});
}

/// Scalars below a node as "status.phase", "spec.replicas"; lists are left out.
void flatten(const ObjectNode &node, const QByteArray &prefix, int depth, std::vector<DescribedValue> &values)
{
    if (values.size() >= MostFlattened)
        return;
    constexpr int MostDepth = 3;
    constexpr qsizetype MostValueBytes = 1024;
    if (node.kind == ObjectNode::Kind::Scalar && node.text.size() <= MostValueBytes)
        add(values, prefix, &node);
    if (node.kind == ObjectNode::Kind::Map && depth < MostDepth)
        for (const auto &[key, member] : node.members)
            flatten(member, prefix + '.' + key, depth + 1, values);
}

/// What a kind's objects hold that others do not, for lists of the API whose items do not repeat their kind.
QByteArray kindOf(const ObjectNode &object)
{
    if (const QByteArray kind = object.textAt({"kind"}); !kind.isEmpty())
        return kind;
    if (object.find("involvedObject") || object.find("regarding"))
        return "Event";
    if (object.find({"spec", "containers"}))
        return "Pod";
    if (object.find({"status", "nodeInfo"}))
        return "Node";
    if (object.find({"spec", "completions"}))
        return "Job";
    return "Object";
}

bool isUsage(const QByteArray &kind)
{
    return kind == "PodMetrics" || kind == "NodeMetrics";
}

} // namespace

std::optional<SourceTime> KubeInterpreter::timeOf(const ObjectNode *node)
{
    if (!node || node->kind != ObjectNode::Kind::Scalar)
        return std::nullopt;
    const auto time = parseKubeTime(viewOf(node->text));
    if (!time)
        return std::nullopt;
    if (!m_result.zoneSeconds)
        m_result.zoneSeconds = time->zoneSeconds;
    const SourceTime when = time->sourceTime();
    m_result.latest = m_result.latest ? std::max(*m_result.latest, when) : when;
    return when;
}

DescribedObject *KubeInterpreter::objectNamed(const QByteArray &kind, const QByteArray &nameSpace,
                                              const QByteArray &name, qint64 line)
{
    const QByteArray key = kind + '/' + nameSpace + '/' + name;
    if (const auto found = m_index.constFind(key); found != m_index.cend())
        return &m_result.objects[*found];
    if (m_result.objects.size() >= MostObjects) {
        ++m_leftOut;
        return nullptr;
    }
    m_index.insert(key, m_result.objects.size());
    DescribedObject object;
    object.kind = kind;
    object.name = name;
    object.line = line;
    m_result.objects.push_back(std::move(object));
    return &m_result.objects.back();
}

void KubeInterpreter::add(const ObjectNode &object)
{
    if (object.kind != ObjectNode::Kind::Map)
        return;
    const QByteArray kind = kindOf(object);
    if (kind == "Event")
        return addEvent(object);
    if (object.textAt({"metadata", "name"}).isEmpty())
        return; // the list around others
    QByteArray lower = (isUsage(kind) ? kind.chopped(7) : kind).toLower();
    if (lower == "persistentvolumeclaim")
        lower = "pvc";
    DescribedObject *into =
        objectNamed(lower, object.textAt({"metadata", "namespace"}), object.textAt({"metadata", "name"}), object.line);
    if (!into)
        return;
    if (isUsage(kind))
        return addUsage(object, *into);
    addMetadata(object, *into);
    addConditions(object, *into);
    if (kind == "Pod")
        addPod(object, *into);
    else if (kind == "Node")
        addNode(object, *into);
    else if (kind == "Job")
        addJob(object, *into);
    else
        addWorkload(object, *into);
}

void KubeInterpreter::addMetadata(const ObjectNode &object, DescribedObject &into)
{
    faultline::add(into.values, "Namespace"_ba, object.find({"metadata", "namespace"}));
    const ObjectNode *created = object.find({"metadata", "creationTimestamp"});
    faultline::add(into.values, "CreationTimestamp"_ba, created);
    timeOf(created);
    const ObjectNode *deleted = object.find({"metadata", "deletionTimestamp"});
    faultline::add(into.values, "DeletionTimestamp"_ba, deleted);
    timeOf(deleted);
    if (const ObjectNode *labels = object.find({"metadata", "labels"}))
        for (const auto &[key, value] : labels->members)
            into.values.push_back({"Labels"_ba, key + '=' + value.text, value.line});
    const ObjectNode *owners = object.find({"metadata", "ownerReferences"});
    for (const auto &[key, owner] : owners ? owners->members : decltype(ObjectNode::members)())
        if (owner.textAt({"controller"}) == "true")
            into.values.push_back(
                {"Controlled By"_ba, owner.textAt({"kind"}) + '/' + owner.textAt({"name"}), owner.line});
}

void KubeInterpreter::addConditions(const ObjectNode &object, DescribedObject &into)
{
    const ObjectNode *conditions = object.find({"status", "conditions"});
    if (!conditions)
        return;
    // Keys as the columns of the description's table.
    static constexpr std::array<std::pair<const char *, const char *>, 4> Columns{
        {{"lastHeartbeatTime", ".lastheartbeattime"},
         {"lastTransitionTime", ".lasttransitiontime"},
         {"reason", ".reason"},
         {"message", ".message"}}};
    for (const auto &[key, condition] : conditions->members) {
        const QByteArray type = condition.textAt({"type"});
        if (type.isEmpty())
            continue;
        faultline::add(into.conditions, type, condition.find("status"));
        for (const auto &[member, suffix] : Columns)
            faultline::add(into.conditions, type + suffix, condition.find(member));
        timeOf(condition.find("lastTransitionTime"));
        timeOf(condition.find("lastHeartbeatTime"));
    }
}

void KubeInterpreter::addPod(const ObjectNode &pod, DescribedObject &into)
{
    const ObjectNode *node = pod.find({"spec", "nodeName"});
    if (node && !node->text.isEmpty()) {
        const QByteArray address = pod.textAt({"status", "hostIP"});
        into.values.push_back({"Node"_ba, node->text + (address.isEmpty() ? QByteArray() : '/' + address), node->line});
    }
    static const std::array<std::pair<const char *, QByteArray>, 6> Status{{{"phase", "Status"_ba},
                                                                            {"reason", "Reason"_ba},
                                                                            {"message", "Message"_ba},
                                                                            {"startTime", "Start Time"_ba},
                                                                            {"podIP", "IP"_ba},
                                                                            {"qosClass", "QoS Class"_ba}}};
    for (const auto &[member, key] : Status)
        faultline::add(into.values, key, pod.find({"status", member}));
    static const std::array<std::pair<const char *, QByteArray>, 5> Spec{
        {{"priority", "Priority"_ba},
         {"priorityClassName", "Priority Class Name"_ba},
         {"serviceAccountName", "Service Account"_ba},
         {"activeDeadlineSeconds", "Active Deadline Seconds"_ba},
         {"restartPolicy", "Restart Policy"_ba}}};
    for (const auto &[member, key] : Spec)
        faultline::add(into.values, key, pod.find({"spec", member}));
    timeOf(pod.find({"status", "startTime"}));
    addContainers(pod, "initContainers", "initContainerStatuses", into);
    addContainers(pod, "containers", "containerStatuses", into);
    addContainers(pod, "ephemeralContainers", "ephemeralContainerStatuses", into);
}

DescribedContainer KubeInterpreter::containerOf(const ObjectNode &spec)
{
    DescribedContainer container;
    container.name = spec.textAt({"name"});
    container.line = spec.line;
    faultline::add(container.values, "image"_ba, spec.find("image"));
    for (const char *which : {"limits", "requests"}) {
        const ObjectNode *resources = spec.find({"resources", which});
        for (const auto &[key, value] : resources ? resources->members : decltype(ObjectNode::members)())
            faultline::add(container.values, which + ('.' + key), &value);
    }
    static constexpr std::array<std::pair<const char *, const char *>, 3> Probes{
        {{"livenessProbe", "liveness"}, {"readinessProbe", "readiness"}, {"startupProbe", "startup"}}};
    for (const auto &[member, key] : Probes) {
        const ObjectNode *probe = spec.find(member);
        if (!probe)
            continue;
        // As describe prints it: "delay=15s timeout=1s period=10s #success=1 #failure=3".
        const auto part = [probe](const char *name) { return probe->textAt({name}); };
        QByteArray text = "delay=" + part("initialDelaySeconds") + "s timeout=" + part("timeoutSeconds")
                          + "s period=" + part("periodSeconds") + "s #success=" + part("successThreshold")
                          + " #failure=" + part("failureThreshold");
        text.replace("=s", "=0s");
        container.values.push_back({key, text, probe->line});
    }
    return container;
}

DescribedState KubeInterpreter::stateOf(const ObjectNode &states)
{
    DescribedState state;
    static constexpr std::array<std::pair<const char *, const char *>, 3> Names{
        {{"running", "Running"}, {"waiting", "Waiting"}, {"terminated", "Terminated"}}};
    for (const auto &[key, name] : Names) {
        const ObjectNode *found = states.find(key);
        if (!found)
            continue;
        state.state = name;
        state.line = found->line;
        state.lastLine = found->lastLine;
        const auto keep = [&](const char *member, const QByteArray &as) {
            faultline::add(state.values, as, found->find(member));
            return found->textAt({member});
        };
        state.reason = keep("reason", "reason"_ba);
        state.message = keep("message", "message"_ba);
        bool good = false;
        if (const qint64 code = keep("exitCode", "exitCode"_ba).toLongLong(&good); good)
            state.exitCode = code;
        if (const qint64 signal = keep("signal", "signal"_ba).toLongLong(&good); good)
            state.signal = signal;
        keep("startedAt", "started"_ba);
        keep("finishedAt", "finished"_ba);
        state.started = timeOf(found->find("startedAt"));
        state.finished = timeOf(found->find("finishedAt"));
        if (const ObjectNode *finished = found->find("finishedAt"))
            state.finishedLine = finished->line;
        const ObjectNode *reason = found->find("reason");
        state.reasonLine = reason ? reason->line : found->line;
    }
    return state;
}

void KubeInterpreter::addStatus(const ObjectNode &status, DescribedContainer &into)
{
    faultline::add(into.values, "containerId"_ba, status.find("containerID"));
    faultline::add(into.values, "imageId"_ba, status.find("imageID"));
    faultline::add(into.values, "restartCount"_ba, status.find("restartCount"));
    into.restartCount = status.textAt({"restartCount"}).toLongLong();
    if (const ObjectNode *ready = status.find("ready"))
        into.values.push_back({"ready"_ba, ready->text == "true" ? "True" : "False", ready->line});
    if (const ObjectNode *state = status.find("state"))
        into.state = stateOf(*state);
    if (const ObjectNode *state = status.find("lastState"))
        into.lastState = stateOf(*state);
}

void KubeInterpreter::addContainers(const ObjectNode &pod, QByteArrayView specs, QByteArrayView statuses,
                                    DescribedObject &into)
{
    const size_t first = into.containers.size();
    if (const ObjectNode *list = pod.find({"spec", specs}))
        for (const auto &[key, spec] : list->members)
            into.containers.push_back(containerOf(spec));
    const ObjectNode *list = pod.find({"status", statuses});
    for (const auto &[key, status] : list ? list->members : decltype(ObjectNode::members)()) {
        const QByteArray name = status.textAt({"name"});
        const auto from = into.containers.begin() + static_cast<std::ptrdiff_t>(first);
        auto found = std::ranges::find(from, into.containers.end(), name, &DescribedContainer::name);
        if (found == into.containers.end()) {
            into.containers.push_back({});
            found = std::prev(into.containers.end());
            found->name = name;
            found->line = status.line;
            faultline::add(found->values, "image", status.find("image"));
        }
        addStatus(status, *found);
    }
}

void KubeInterpreter::addNode(const ObjectNode &node, DescribedObject &into)
{
    for (const char *which : {"capacity", "allocatable"}) {
        const ObjectNode *resources = node.find({"status", which});
        for (const auto &[key, value] : resources ? resources->members : decltype(ObjectNode::members)())
            faultline::add(into.values, which + ('.' + key), &value);
    }
    const ObjectNode *system = node.find({"status", "nodeInfo"});
    for (const auto &[key, value] : system ? system->members : decltype(ObjectNode::members)())
        faultline::add(into.values, "systemInfo." + key, &value);
    const ObjectNode *taints = node.find({"spec", "taints"});
    for (const auto &[key, taint] : taints ? taints->members : decltype(ObjectNode::members)()) {
        const QByteArray value = taint.textAt({"value"});
        into.values.push_back(
            {"Taints"_ba,
             taint.textAt({"key"}) + (value.isEmpty() ? QByteArray() : '=' + value) + ':' + taint.textAt({"effect"}),
             taint.line});
    }
    faultline::add(into.values, "Unschedulable"_ba, node.find({"spec", "unschedulable"}));
}

void KubeInterpreter::addWorkload(const ObjectNode &object, DescribedObject &into)
{
    if (const ObjectNode *spec = object.find("spec"))
        for (const char *key : {"replicas", "completions", "parallelism", "backoffLimit", "schedule", "suspend",
                                "storageClassName", "volumeName", "type", "clusterIP"})
            faultline::add(into.values, "spec." + QByteArray(key), spec->find(key));
    if (const ObjectNode *status = object.find("status"))
        flatten(*status, "status", 0, into.values);
    if (const ObjectNode *containers = object.find({"spec", "template", "spec", "containers"}))
        for (const auto &[key, spec] : containers->members)
            into.containers.push_back(containerOf(spec));
}

void KubeInterpreter::addJob(const ObjectNode &job, DescribedObject &into)
{
    addWorkload(job, into);
    const ObjectNode *status = job.find("status");
    faultline::add(into.values, "Start Time"_ba, job.find({"status", "startTime"}));
    faultline::add(into.values, "Completed At"_ba, job.find({"status", "completionTime"}));
    faultline::add(into.values, "Active Deadline Seconds"_ba, job.find({"spec", "activeDeadlineSeconds"}));
    timeOf(job.find({"status", "startTime"}));
    timeOf(job.find({"status", "completionTime"}));
    if (!status || status->kind != ObjectNode::Kind::Map)
        return;
    const auto count = [&](const char *key) {
        const QByteArray text = job.textAt({"status", key});
        return text.isEmpty() ? QByteArray("0") : text;
    };
    into.values.push_back({"Pods Statuses"_ba,
                           count("active") + " Active (" + count("ready") + " Ready) / " + count("succeeded")
                               + " Succeeded / " + count("failed") + " Failed",
                           status->line});
}

void KubeInterpreter::addUsage(const ObjectNode &metrics, DescribedObject &into)
{
    timeOf(metrics.find("timestamp"));
    const auto usage = [](const ObjectNode &of, std::vector<DescribedValue> &values) {
        for (const char *key : {"cpu", "memory"})
            faultline::add(values, "usage."_ba + key, of.find({"usage", key}));
    };
    usage(metrics, into.values);
    const ObjectNode *containers = metrics.find("containers");
    for (const auto &[key, spec] : containers ? containers->members : decltype(ObjectNode::members)()) {
        DescribedContainer container;
        container.name = spec.textAt({"name"});
        container.line = spec.line;
        usage(spec, container.values);
        into.containers.push_back(std::move(container));
    }
}

void KubeInterpreter::addEvent(const ObjectNode &object)
{
    if (m_events >= MostEvents) {
        ++m_leftOut;
        return;
    }
    const ObjectNode *about = object.find("involvedObject") ? object.find("involvedObject") : object.find("regarding");
    const auto first = [&object](std::initializer_list<std::initializer_list<QByteArrayView>> paths) {
        for (const auto &path : paths)
            if (const ObjectNode *node = object.find(path); node && node->kind == ObjectNode::Kind::Scalar)
                return node;
        return static_cast<const ObjectNode *>(nullptr);
    };
    const auto text = [](const ObjectNode *node) { return node ? node->text : QByteArray(); };
    DescribedEvent event;
    const ObjectNode *message = first({{"message"}, {"note"}});
    const ObjectNode *reason = first({{"reason"}});
    event.message = text(message).left(Event::MostEventText);
    event.reason = text(reason);
    event.line = event.lastLine = message ? message->line : reason ? reason->line : object.line;
    event.type = object.textAt({"type"});
    event.from = text(first(
        {{"source", "component"}, {"deprecatedSource", "component"}, {"reportingController"}, {"reportingComponent"}}));
    event.host = text(first({{"source", "host"}, {"deprecatedSource", "host"}}));
    event.object = about ? about->textAt({"fieldPath"}) : QByteArray();
    event.firstTime = timeOf(first({{"firstTimestamp"}, {"deprecatedFirstTimestamp"}}));
    event.lastTime =
        timeOf(first({{"series", "lastObservedTime"}, {"lastTimestamp"}, {"deprecatedLastTimestamp"}, {"eventTime"}}));
    if (!event.lastTime)
        event.lastTime = timeOf(first({{"eventTime"}, {"metadata", "creationTimestamp"}}));
    if (!event.firstTime)
        event.firstTime = timeOf(first({{"eventTime"}}));
    event.count = std::max<qint64>(1, text(first({{"series", "count"}, {"count"}, {"deprecatedCount"}})).toLongLong());
    if (event.reason.isEmpty())
        return;
    QByteArray kind = about ? about->textAt({"kind"}).toLower() : QByteArray("object");
    if (DescribedObject *into = objectNamed(kind, about ? about->textAt({"namespace"}) : QByteArray(),
                                            about ? about->textAt({"name"}) : QByteArray(), object.line)) {
        into->events.push_back(std::move(event));
        into->hasEvents = true;
        ++m_events;
    }
}

} // namespace faultline
