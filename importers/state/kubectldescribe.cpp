// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubectldescribe.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/kubecapture.h"

#include <QCoreApplication>

#include <algorithm>

namespace faultline {

namespace {

/// The API server forgets events after an hour, unless told otherwise: kube-apiserver --event-ttl.
constexpr DurationNs EventsKept = NsPerHour;

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::KubectlDescribe", text);
}

/// "FailedScheduling" as failed_scheduling, "OOMKilling" as oom_killing.
QByteArray snakeCase(const QByteArray &reason)
{
    QByteArray result;
    const auto isUpper = [](char c) { return c >= 'A' && c <= 'Z'; };
    const auto isLower = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    for (qsizetype i = 0; i < std::min<qsizetype>(reason.size(), 100); ++i) {
        const char c = reason[i];
        if (isUpper(c)) {
            const bool afterLower = i > 0 && isLower(reason[i - 1]);
            const bool beforeLower = i > 0 && isUpper(reason[i - 1]) && i + 1 < reason.size() && isLower(reason[i + 1]);
            if (afterLower || beforeLower)
                result += '_';
            result += static_cast<char>(c - 'A' + 'a');
        } else {
            result += isLower(c) ? c : '_';
        }
    }
    return result;
}

/// Keys of facts are written as Kubernetes' API names them: "Start Time" as startTime, "QoS Class" as qosClass.
QByteArray apiName(const QByteArray &key)
{
    QByteArray result;
    bool wordStart = true;
    for (const char c : key) {
        if (c == ' ' || c == '-') {
            wordStart = true;
            continue;
        }
        const bool lower =
            result.isEmpty() || (!wordStart && key.startsWith("QoS")) || (key.startsWith("IP") && result.size() < 2);
        const char cased = lower && c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
        result += wordStart && !result.isEmpty() && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : cased;
        wordStart = false;
    }
    return result;
}

/// Writes one description into the evidence.
class Writer
{
public:
    Writer(const WholeText &text, SourceEvidence &evidence, const Description &description)
        : m_text(text)
        , m_evidence(evidence)
        , m_description(description)
        , m_capture(findCapture(description, evidence.modified))
    {
    }

    void write()
    {
        setClock();
        for (const DescribedObject &object : m_description.objects)
            writeObject(object);
        std::ranges::stable_sort(m_evidence.events, {}, &Event::line);
        setRange();
    }

private:
    void setClock();
    bool eventsForgotten(const DescribedObject &object) const;
    void setRange();
    void writeObject(const DescribedObject &object);
    void writeContainer(const DescribedObject &object, const DescribedContainer &container);
    void writeState(const DescribedContainer &container, const DescribedState &state, const char *which);
    void writeEvent(const DescribedObject &object, const DescribedEvent &event);
    void writeFailure(const DescribedObject &object);
    void fact(qint64 line, const QByteArray &subject, const QByteArray &key, const QByteArray &value);
    void number(qint64 line, const QByteArray &subject, const QByteArray &key, const QByteArray &quantity);
    Event &event(qint64 line, qint64 lastLine, QByteArray signature, Role role, Severity severity);
    std::optional<SourceInterval> captured() const
    {
        return m_capture.time ? std::optional(SourceInterval{m_capture.time->lo, m_capture.time->hi}) : std::nullopt;
    }

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    const Description &m_description;
    DescribedCapture m_capture;
    Identity m_identity;
};

void Writer::setClock()
{
    m_evidence.resolutionNs = NsPerSecond;
    if (m_capture.agesOnly) {
        m_evidence.basis = TimeBasis::Ages;
    } else {
        const int zone = m_description.zoneSeconds.value_or(0);
        m_evidence.basis = zone == 0 ? TimeBasis::Utc : TimeBasis::Zoned;
        m_evidence.zone = zoneText(zone);
    }
    if (!m_capture.time)
        return;
    // A pod tells nothing of the time before it was there because there was nothing to tell; but old events are forgotten.
    CoverageHow how = m_capture.how;
    for (const DescribedObject &object : m_description.objects)
        if (eventsForgotten(object))
            how = CoverageHow::Assumed;
    const SourceTime middle{m_capture.time->lo.ns + (m_capture.time->hi.ns - m_capture.time->lo.ns) / 2};
    m_evidence.coverage.push_back({{}, {}, middle, how});
}

/// Whether the object was there for longer than events are kept, and none is left of its start.
bool Writer::eventsForgotten(const DescribedObject &object) const
{
    const auto start = object.startTime();
    if (!start || m_capture.time->hi.ns - start->ns < EventsKept)
        return false;
    DurationNs oldest = 0;
    for (const DescribedEvent &event : object.events)
        if (event.age)
            oldest = std::max({oldest, event.age->last.ns, event.age->first ? event.age->first->ns : 0});
    return m_capture.time->lo.ns - oldest > start->ns + NsPerHour;
}

void Writer::setRange()
{
    const auto widen = [this](SourceTime time) {
        m_evidence.first = m_evidence.first ? std::min(*m_evidence.first, time) : time;
        m_evidence.last = m_evidence.last ? std::max(*m_evidence.last, time) : time;
    };
    for (const Event &event : m_evidence.events)
        if (event.time) {
            widen(event.time->lo);
            widen(event.time->hi);
        }
    for (const Span &span : m_evidence.spans) {
        if (span.start)
            widen(*span.start);
        if (span.end)
            widen(*span.end);
    }
}

void Writer::fact(qint64 line, const QByteArray &subject, const QByteArray &key, const QByteArray &value)
{
    Fact fact;
    fact.line = line;
    fact.time = captured();
    fact.subject = subject;
    fact.key = key;
    fact.value = value;
    fact.identity = m_identity;
    m_evidence.facts.push_back(std::move(fact));
}

void Writer::number(qint64 line, const QByteArray &subject, const QByteArray &key, const QByteArray &quantity)
{
    if (const auto value = parseQuantity({quantity.constData(), static_cast<size_t>(quantity.size())}))
        fact(line, subject, key, QByteArray::number(*value, 'g', 15));
}

Event &Writer::event(qint64 line, qint64 lastLine, QByteArray signature, Role role, Severity severity)
{
    Event event;
    event.line = line;
    event.lastLine = lastLine;
    event.signature = std::move(signature);
    event.role = role;
    event.severity = severity;
    event.identity = m_identity;
    std::string_view text = m_text.line(line);
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    event.text = QByteArray(text.data(), static_cast<qsizetype>(std::min<size_t>(text.size(), Event::MostEventText)));
    m_evidence.events.push_back(std::move(event));
    return m_evidence.events.back();
}

void Writer::writeState(const DescribedContainer &container, const DescribedState &state, const char *which)
{
    if (state.state.isEmpty())
        return;
    const QByteArray subject = "container/" + container.name;
    fact(state.line, subject, which, state.state);
    for (const DescribedValue &value : state.values)
        fact(value.line, subject, which + ('.' + value.key), value.value);
    const bool terminated = state.state == "Terminated";
    if (terminated) {
        const bool failed = state.exitCode.value_or(0) != 0 || state.reason == "OOMKilled";
        const qint64 line = state.reasonLine > 0 ? state.reasonLine : state.line;
        Event &ended = event(line, std::max(line, state.lastLine), "kube.container_terminated",
                             failed ? Role::Symptom : Role::Context, failed ? Severity::Error : Severity::Info);
        if (state.finished)
            ended.time = SourceInterval{*state.finished, *state.finished};
        ended.fields = {{"container", container.name},
                        {"reason", state.reason},
                        {"exit_code", state.exitCode ? QByteArray::number(*state.exitCode) : QByteArray()},
                        {"signal", state.signal ? QByteArray::number(*state.signal) : QByteArray()},
                        {"started", state.started ? toRfc3339(TimeNs{state.started->ns}) : QByteArray()},
                        {"finished", state.finished ? toRfc3339(TimeNs{state.finished->ns}) : QByteArray()},
                        {"which", which},
                        {"message", state.message}};
    } else if (state.state == "Waiting" && !state.reason.isEmpty()) {
        const bool harmless = state.reason == "ContainerCreating" || state.reason == "PodInitializing";
        Event &waiting = event(state.reasonLine, std::max(state.reasonLine, state.lastLine), "kube.container_waiting",
                               harmless ? Role::Context : Role::Symptom, harmless ? Severity::Info : Severity::Error);
        waiting.time = captured();
        waiting.fields = {{"container", container.name}, {"reason", state.reason}, {"message", state.message}};
    }
    if (state.started) {
        Span span;
        span.kind = SpanKind::State;
        span.name = container.name + ": " + (terminated && !state.reason.isEmpty() ? state.reason : state.state);
        span.start = state.started;
        span.end = state.finished;
        span.outcome = !terminated || !state.exitCode ? Outcome::Unknown
                       : *state.exitCode == 0         ? Outcome::Passed
                                                      : Outcome::Failed;
        span.line = state.line;
        span.lastLine = state.lastLine;
        span.identity = m_identity;
        m_evidence.spans.push_back(std::move(span));
    }
}

void Writer::writeContainer(const DescribedObject &, const DescribedContainer &container)
{
    m_identity.container = container.name;
    const QByteArray subject = "container/" + container.name;
    for (const DescribedValue &value : container.values) {
        fact(value.line, subject, value.key, value.value);
        if (value.key == "limits.memory" || value.key == "requests.memory" || value.key.endsWith(".ephemeral-storage"))
            number(value.line, subject, value.key + "_bytes", value.value);
        else if (value.key == "limits.cpu" || value.key == "requests.cpu")
            number(value.line, subject, value.key + "_cores", value.value);
    }
    writeState(container, container.state, "state");
    writeState(container, container.lastState, "lastState");
    m_identity.container.clear();
}

void Writer::writeEvent(const DescribedObject &object, const DescribedEvent &described)
{
    const int index = containerOfEvent(object, described);
    if (index >= 0)
        m_identity.container = object.containers[static_cast<size_t>(index)].name;
    const bool warning = described.type == "Warning";
    Event &added = event(described.line, described.lastLine, "kube.event." + snakeCase(described.reason),
                         warning ? Role::Cause : Role::Context, warning ? Severity::Warning : Severity::Info);
    added.text = described.message.left(Event::MostEventText);
    added.fields = {
        {"type", described.type},   {"reason", described.reason},
        {"from", described.from},   {"message", added.text},
        {"age", described.ageText}, {"count", QByteArray::number(described.age ? described.age->count : 1)}};
    if (described.age && m_capture.time) {
        added.time = timeOfAge(*m_capture.time, described.age->last, m_capture.precise);
        if (described.age->first) {
            const SourceInterval first = timeOfAge(*m_capture.time, *described.age->first, m_capture.precise);
            const SourceTime start{first.lo.ns + (first.hi.ns - first.lo.ns) / 2};
            if (!m_capture.agesOnly)
                added.fields.emplace_back("first_time", toRfc3339(TimeNs{start.ns}));
            added.fields.emplace_back("first_age_seconds", QByteArray::number(described.age->first->ns / NsPerSecond));
            Span span;
            span.kind = SpanKind::State;
            span.name = described.reason + " (x" + QByteArray::number(described.age->count) + ')';
            span.start = start;
            span.end = SourceTime{added.time->lo.ns + (added.time->hi.ns - added.time->lo.ns) / 2};
            span.line = described.line;
            span.lastLine = described.lastLine;
            span.identity = m_identity;
            m_evidence.spans.push_back(std::move(span));
        }
    }
    m_identity.container.clear();
}

/// A pod that failed as a whole: evicted, or by its node's word.
void Writer::writeFailure(const DescribedObject &object)
{
    const DescribedValue *status = object.value("Status");
    if (!status || !status->value.startsWith("Failed"))
        return;
    const DescribedValue *reason = object.value("Reason");
    const DescribedValue *message = object.value("Message");
    const bool evicted = reason && reason->value == "Evicted";
    const qint64 line = reason ? reason->line : status->line;
    Event &failed = event(line, message ? std::max(line, message->line) : line,
                          evicted ? "kube.pod_evicted" : "kube.pod_failed", Role::Symptom, Severity::Error);
    failed.fields = {{"reason", reason ? reason->value : QByteArray()},
                     {"message", message ? message->value : QByteArray()}};
    for (const DescribedContainer &container : object.containers)
        if (const auto finished = container.state.finished; finished && (!failed.time || *finished > failed.time->hi))
            failed.time = SourceInterval{*finished, *finished};
}

void Writer::writeObject(const DescribedObject &object)
{
    m_identity = {};
    const DescribedValue *node = object.value("Node");
    if (object.kind == "pod") {
        m_identity.pod = object.name;
        if (node && !node->value.startsWith('<'))
            m_identity.host = node->value.split('/').front();
    } else if (object.kind == "node") {
        m_identity.host = object.name;
    } else if (object.kind == "job") {
        m_identity.job = object.name;
    }
    if (m_description.objects.size() == 1)
        m_evidence.identity = m_identity;
    const QByteArray subject = object.kind + '/' + object.name;
    for (const DescribedValue &value : object.values)
        if (!value.value.isEmpty() && value.key != "Name")
            fact(value.line, subject, apiName(value.key), value.value);
    for (const DescribedValue &condition : object.conditions)
        fact(condition.line, subject, "conditions." + condition.key, condition.value);
    for (const DescribedContainer &container : object.containers)
        writeContainer(object, container);
    for (const DescribedEvent &described : object.events)
        writeEvent(object, described);
    if (object.kind == "pod")
        writeFailure(object);
}

} // namespace

ImporterInfo KubectlDescribe::info() const
{
    return {"kubectl-describe", tr("Description by kubectl"), SourceKind::KubeDescribe, TimeBasis::Utc};
}

SniffResult KubectlDescribe::sniff(const SourceHead &head) const
{
    bool name = false;
    int known = 0;
    for (const std::string_view line : headLines(head)) {
        const auto is = [&](std::string_view key) {
            return line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':';
        };
        name = name || is("Name");
        for (const std::string_view key :
             {"Namespace", "Labels", "Annotations", "Node", "Containers", "Conditions", "Events", "QoS Class",
              "Start Time", "CreationTimestamp", "Selector", "Pod Template", "Tolerations", "Priority"})
            known += is(key) || line == std::string(key) + ':';
    }
    if (name && known >= 3)
        return {95, tr("it has the sections that kubectl describe prints")};
    if (name && known >= 1)
        return {60, tr("it has some of the sections that kubectl describe prints")};
    return {};
}

ImportOutcome KubectlDescribe::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                    const ImportContext &context) const
{
    evidence.kind = SourceKind::KubeDescribe;
    const auto text = WholeText::read(bytes, evidence);
    if (!text) {
        addNote(evidence, Severity::Error, text.error().code, {}, text.error().message);
        return ImportOutcome::Broken;
    }
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    const Description description = parseDescription(*text, evidence);
    if (description.objects.empty() || (description.objects.size() == 1 && description.objects.front().name.isEmpty()))
        addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax, {1, 1, 0},
                tr("No object with a name"));
    Writer(*text, evidence, description).write();
    return ImportOutcome::Read;
}

} // namespace faultline
