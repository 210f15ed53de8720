// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/dockerinspect.h"

#include "importers/core/notes.h"
#include "importers/state/describewriter.h"
#include "importers/state/objecttree.h"
#include "models/core/translate.h"

#include <array>

namespace faultline {

namespace {

constexpr size_t MostContainers = 10'000;

/// Docker Engine API, ContainerInspect: State, HostConfig, Config.
class ContainerReader
{
public:
    void add(const ObjectNode &inspected);
    Description result;

private:
    std::optional<SourceTime> timeOf(const ObjectNode *node)
    {
        const auto time =
            node ? parseKubeTime({node->text.constData(), static_cast<size_t>(node->text.size())}) : std::nullopt;
        if (!time)
            return std::nullopt;
        if (!result.zoneSeconds)
            result.zoneSeconds = time->zoneSeconds;
        result.latest = result.latest ? std::max(*result.latest, time->sourceTime()) : time->sourceTime();
        return time->sourceTime();
    }
    void readState(const ObjectNode &state, DescribedContainer &into);
    static void readLimits(const ObjectNode &config, DescribedContainer &into);
};

void ContainerReader::readState(const ObjectNode &state, DescribedContainer &into)
{
    const QByteArray status = state.textAt({"Status"});
    const bool running = state.textAt({"Running"}) == "true";
    const bool created = status == "created" || status == "configured";
    const bool oom = state.textAt({"OOMKilled"}) == "true";
    DescribedState &to = into.state;
    to.state = running ? "Running" : created ? "Waiting" : "Terminated";
    to.line = state.line;
    to.lastLine = state.lastLine;
    to.reasonLine = state.line;
    if (created)
        to.reason = status;
    const auto fact = [&](const char *key, const char *as) {
        if (const ObjectNode *node = state.find(key); node && node->kind == ObjectNode::Kind::Scalar)
            into.values.push_back({as, node->text, node->line});
    };
    fact("OOMKilled", "oomKilled");
    fact("Pid", "pid");
    if (const ObjectNode *health = state.find({"Health", "Status"}))
        into.values.push_back({"health", health->text, health->line});
    to.started = timeOf(state.find("StartedAt"));
    const ObjectNode *finished = state.find("FinishedAt");
    const auto finishedAt = timeOf(finished);
    to.message = state.textAt({"Error"});
    const ObjectNode *code = state.find("ExitCode");
    if (to.state == "Terminated") {
        to.finished = finishedAt;
        bool good = false;
        if (const qint64 exit = code ? code->text.toLongLong(&good) : 0; good)
            to.exitCode = exit;
        to.reason = oom ? "OOMKilled" : to.exitCode.value_or(0) == 0 ? "Completed" : "Error";
    } else if (running && oom) {
        // The flag outlives a restart: the run before this one was killed.
        into.lastState.state = "Terminated";
        into.lastState.reason = "OOMKilled";
        into.lastState.exitCode = 137;
        into.lastState.finished = finishedAt;
        into.lastState.line = into.lastState.lastLine = into.lastState.reasonLine = state.line;
    }
    const auto value = [&](const char *key, const ObjectNode *node, const QByteArray &text) {
        if (node && !text.isEmpty())
            to.values.push_back({key, text, node->line});
    };
    value("reason", state.find("OOMKilled") ? state.find("OOMKilled") : code, to.reason);
    value("exitCode", code, code && to.state == "Terminated" ? code->text : QByteArray());
    value("message", state.find("Error"), to.message);
    value("started", state.find("StartedAt"), to.started ? state.textAt({"StartedAt"}) : QByteArray());
    value("finished", finished, finishedAt ? finished->text : QByteArray());
    if (const ObjectNode *line = oom ? state.find("OOMKilled") : code)
        to.reasonLine = line->line;
}

void ContainerReader::readLimits(const ObjectNode &config, DescribedContainer &into)
{
    struct Known {
        const char *name;
        const char *key;
        double factor;
    };
    // 0 and -1 stand for no limit.
    static constexpr std::array Limits{
        Known{"Memory", "limits.memory", 1},         Known{"NanoCpus", "limits.cpu", 1e-9},
        Known{"PidsLimit", "limits.pids", 1},        Known{"ShmSize", "shmSize", 1},
        Known{"MemorySwap", "limits.memorySwap", 1}, Known{"CpuQuota", "cpuQuota", 1},
        Known{"CpuPeriod", "cpuPeriod", 1}};
    for (const Known &limit : Limits) {
        const ObjectNode *node = config.find(limit.name);
        bool good = false;
        const double value = node ? node->text.toDouble(&good) : 0;
        if (good && value > 0)
            into.values.push_back({limit.key, QByteArray::number(value * limit.factor, 'g', 15), node->line});
    }
    if (const ObjectNode *policy = config.find({"RestartPolicy", "Name"}); policy && !policy->text.isEmpty())
        into.values.push_back({"restartPolicy", policy->text, policy->line});
    if (const ObjectNode *ulimits = config.find("Ulimits"))
        for (const auto &[key, limit] : ulimits->members)
            into.values.push_back({"ulimit." + limit.textAt({"Name"}), limit.textAt({"Soft"}), limit.line});
}

void ContainerReader::add(const ObjectNode &inspected)
{
    const ObjectNode *state = inspected.find("State");
    if (!state || state->kind != ObjectNode::Kind::Map || result.objects.size() >= MostContainers)
        return;
    DescribedContainer container;
    container.name = inspected.textAt({"Name"});
    if (container.name.startsWith('/'))
        container.name = container.name.sliced(1);
    container.line = inspected.line;
    const auto fact = [&](std::initializer_list<QByteArrayView> path, const char *as) {
        if (const ObjectNode *node = inspected.find(path); node && !node->text.isEmpty())
            container.values.push_back({as, node->text, node->line});
    };
    fact({"Id"}, "containerId");
    fact({"Config", "Image"}, "image");
    fact({"Image"}, "imageId");
    fact({"RestartCount"}, "restartCount");
    container.restartCount = inspected.textAt({"RestartCount"}).toLongLong();
    timeOf(inspected.find("Created"));
    if (const ObjectNode *config = inspected.find("HostConfig"))
        readLimits(*config, container);
    readState(*state, container);
    DescribedObject object;
    object.kind = "docker";
    object.name = container.name;
    object.line = inspected.line;
    object.containers.push_back(std::move(container));
    result.objects.push_back(std::move(object));
}

} // namespace

ImporterInfo DockerInspect::info() const
{
    return {"docker-inspect", tr("Containers inspected by Docker or Podman"), SourceKind::HostState, TimeBasis::Utc};
}

SniffResult DockerInspect::sniff(const SourceHead &head) const
{
    const QByteArrayView text = QByteArrayView(head.bytes).trimmed();
    if (!text.startsWith('[') && !text.startsWith('{'))
        return {};
    const bool state = text.contains("\"State\"") && text.contains("\"ExitCode\"");
    const bool container = text.contains("\"HostConfig\"") || text.contains("\"OOMKilled\"");
    return state && container && text.contains("\"Id\"")
               ? SniffResult{93, tr("it is JSON with State, ExitCode and OOMKilled as Docker writes them")}
               : SniffResult{};
}

ImportOutcome DockerInspect::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                  const ImportContext &context) const
{
    evidence.kind = SourceKind::HostState;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    ContainerReader reader;
    readObjects(*text, true, evidence, context.forced, [&reader](const ObjectNode &node) { reader.add(node); });
    if (reader.result.objects.empty())
        addNote(evidence, context.forced ? Severity::Error : Severity::Info, Code::BadSyntax, {1, 1, 0},
                tr("No container with a state"));
    writeDescription(*text, reader.result, findCapture(reader.result, evidence.modified), evidence);
    return ImportOutcome::Read;
}

} // namespace faultline
