// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/describewriter.h"

#include "importers/core/cursor.h"
#include "models/bytes/largepages.h"

#include <QHash>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// The API server forgets events after an hour, unless told otherwise: kube-apiserver --event-ttl.
constexpr DurationNs EventsKept = NsPerHour;

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
    Writer(const WholeText &text, SourceEvidence &evidence, const Description &description,
           const DescribedCapture &capture)
        : m_text(text)
        , m_evidence(evidence)
        , m_description(description)
        , m_capture(capture)
    {
    }

    void write()
    {
        setClock();
        reserveFacts();
        for (const DescribedObject &object : m_description.objects)
            writeObject(object);
        std::ranges::stable_sort(m_evidence.events, {}, &Event::line);
        setRange();
    }

private:
    void setClock();
    void reserveFacts();
    const QByteArray &apiNameOf(const QByteArray &key);
    bool eventsForgotten(const DescribedObject &object) const;
    void setRange();
    void writeObject(const DescribedObject &object);
    void writeContainer(const DescribedObject &object, const DescribedContainer &container);
    void writeState(const DescribedContainer &container, const QByteArray &subject, const DescribedState &state,
                    const QByteArray &which);
    void writeEvent(const DescribedObject &object, const DescribedEvent &event);
    void addRepeated(const DescribedEvent &described, SourceTime start, SourceTime end, qint64 count);
    void writeFailure(const DescribedObject &object);
    static std::optional<SourceInterval> conditionTime(const DescribedObject &object, const QByteArray &type);
    void writeJobFailure(const DescribedObject &object);
    void fact(qint64 line, const QByteArray &subject, const QByteArray &key, const QByteArray &value);
    void quantity(const DescribedValue &value, const QByteArray &subject);
    void number(qint64 line, const QByteArray &subject, const QByteArray &key, const QByteArray &quantity);
    Event &event(qint64 line, qint64 lastLine, QByteArray signature, Role role, Severity severity);
    std::optional<SourceInterval> captured() const
    {
        return m_capture.time ? std::optional(SourceInterval{m_capture.time->lo, m_capture.time->hi}) : std::nullopt;
    }

    const WholeText &m_text;
    SourceEvidence &m_evidence;
    const Description &m_description;
    const DescribedCapture &m_capture;
    Identity m_identity;
    SharedIdentity m_shared;                  ///< The same, as the last fact holds it.
    QHash<QByteArray, QByteArray> m_apiNames; ///< By the key as described: few, and of every object.
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

/// Room for about as many facts as there are values, quantities being two: a large list has half a million.
void Writer::reserveFacts()
{
    size_t values = 0;
    for (const DescribedObject &object : m_description.objects) {
        values += object.values.size() + object.conditions.size();
        for (const DescribedContainer &container : object.containers)
            values +=
                2 * container.values.size() + container.state.values.size() + container.lastState.values.size() + 2;
    }
    reserveInLargePages(m_evidence.facts, m_evidence.facts.size() + values);
}

const QByteArray &Writer::apiNameOf(const QByteArray &key)
{
    QByteArray &name = m_apiNames[key];
    if (name.isEmpty())
        name = apiName(key);
    return name;
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
    if (*m_shared != m_identity)
        m_shared = m_identity;
    fact.identity = m_shared;
    growInLargePages(m_evidence.facts);
    m_evidence.facts.push_back(std::move(fact));
}

/// The plain number of a quantity: bytes of memory and storage, cores of CPU.
void Writer::quantity(const DescribedValue &value, const QByteArray &subject)
{
    if (value.key.endsWith(".memory") || value.key.endsWith(".ephemeral-storage"))
        number(value.line, subject, value.key + "_bytes", value.value);
    else if (value.key.endsWith(".cpu"))
        number(value.line, subject, value.key + "_cores", value.value);
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
    // An object on one line is no text to cite.
    constexpr size_t MostCitedBytes = 1024;
    if (text.size() <= MostCitedBytes)
        event.text = QByteArray(text.data(), static_cast<qsizetype>(text.size()));
    m_evidence.events.push_back(std::move(event));
    return m_evidence.events.back();
}

void Writer::writeState(const DescribedContainer &container, const QByteArray &subject, const DescribedState &state,
                        const QByteArray &which)
{
    if (state.state.isEmpty())
        return;
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
        if (ended.text.isEmpty())
            ended.text = state.reason + ", exit code " + fieldValue(ended.fields, "exit_code");
    } else if (state.state == "Waiting" && !state.reason.isEmpty()) {
        const bool harmless = state.reason == "ContainerCreating" || state.reason == "PodInitializing";
        Event &waiting = event(state.reasonLine, std::max(state.reasonLine, state.lastLine), "kube.container_waiting",
                               harmless ? Role::Context : Role::Symptom, harmless ? Severity::Info : Severity::Error);
        waiting.time = captured();
        waiting.fields = {{"container", container.name}, {"reason", state.reason}, {"message", state.message}};
        if (waiting.text.isEmpty())
            waiting.text = state.reason + ": " + state.message.left(Event::MostEventText);
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

void Writer::writeContainer(const DescribedObject &object, const DescribedContainer &container)
{
    m_identity.container = container.name;
    // A table of pods tells a state, but not of which container.
    const QByteArray subject = container.name.isEmpty() ? QByteArray(object.kind + '/' + object.name)
                                                        : QByteArray("container/" + container.name);
    for (const DescribedValue &value : container.values) {
        fact(value.line, subject, value.key, value.value);
        quantity(value, subject);
    }
    writeState(container, subject, container.state, "state"_ba);
    writeState(container, subject, container.lastState, "lastState"_ba);
    m_identity.container.clear();
}

/// An event that came again and again, as a span from the first to the last.
void Writer::addRepeated(const DescribedEvent &described, SourceTime start, SourceTime end, qint64 count)
{
    Span span;
    span.kind = SpanKind::State;
    span.name = described.reason + " (x" + QByteArray::number(count) + ')';
    span.start = start;
    span.end = end;
    span.line = described.line;
    span.lastLine = described.lastLine;
    span.identity = m_identity;
    m_evidence.spans.push_back(std::move(span));
}

void Writer::writeEvent(const DescribedObject &object, const DescribedEvent &described)
{
    const int index = containerOfEvent(object, described);
    if (index >= 0)
        m_identity.container = object.containers[static_cast<size_t>(index)].name;
    else if (const qsizetype brace = described.object.indexOf('{'); brace >= 0 && described.object.endsWith('}'))
        m_identity.container = described.object.sliced(brace + 1).chopped(1);
    const QByteArray objectHost = m_identity.host;
    if (m_identity.host.isEmpty())
        m_identity.host = described.host;
    const bool warning = described.type == "Warning";
    Event &added = event(described.line, described.lastLine, "kube.event." + snakeCase(described.reason),
                         warning ? Role::Cause : Role::Context, warning ? Severity::Warning : Severity::Info);
    added.text = described.message.left(Event::MostEventText);
    added.fields = {{"type", described.type},
                    {"reason", described.reason},
                    {"from", described.from},
                    {"message", added.text},
                    {"age", described.ageText},
                    {"count", QByteArray::number(described.age ? described.age->count : described.count)}};
    if (described.lastTime) {
        added.time = SourceInterval{*described.lastTime, *described.lastTime};
        if (described.firstTime && *described.firstTime < *described.lastTime) {
            added.fields.emplace_back("first_time", toRfc3339(TimeNs{described.firstTime->ns}));
            addRepeated(described, *described.firstTime, *described.lastTime, described.count);
        }
    } else if (described.age && m_capture.time) {
        added.time = timeOfAge(*m_capture.time, described.age->last, m_capture.precise);
        if (described.age->first) {
            const SourceInterval first = timeOfAge(*m_capture.time, *described.age->first, m_capture.precise);
            const SourceTime start{first.lo.ns + (first.hi.ns - first.lo.ns) / 2};
            if (!m_capture.agesOnly)
                added.fields.emplace_back("first_time", toRfc3339(TimeNs{start.ns}));
            added.fields.emplace_back("first_age_seconds", QByteArray::number(described.age->first->ns / NsPerSecond));
            const SourceTime end{added.time->lo.ns + (added.time->hi.ns - added.time->lo.ns) / 2};
            addRepeated(described, start, end, described.age->count);
        }
    }
    m_identity.host = objectHost;
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
    if (!failed.time)
        failed.time = conditionTime(object, "Ready");
}

/// A job that its controller gave up: conditions stand in the object alone, kubectl describes them by events.
void Writer::writeJobFailure(const DescribedObject &object)
{
    const auto condition = [&](const char *key) {
        const auto found = std::ranges::find(object.conditions, QByteArray(key), &DescribedValue::key);
        return found == object.conditions.end() ? nullptr : &*found;
    };
    const DescribedValue *failed = condition("Failed");
    if (!failed || failed->value != "True")
        return;
    const DescribedValue *reason = condition("Failed.reason");
    const DescribedValue *message = condition("Failed.message");
    const qint64 line = message ? message->line : reason ? reason->line : failed->line;
    const bool deadline = reason && reason->value == "DeadlineExceeded";
    Event &event = this->event(line, line, deadline ? "kube.event.deadline_exceeded" : "kube.job_failed", Role::Symptom,
                               Severity::Error);
    event.fields = {{"reason", reason ? reason->value : QByteArray()},
                    {"message", message ? message->value : QByteArray()}};
    event.time = conditionTime(object, "Failed");
}

/// When a condition came to be as it is.
std::optional<SourceInterval> Writer::conditionTime(const DescribedObject &object, const QByteArray &type)
{
    const QByteArray key = type + ".lasttransitiontime";
    const auto found = std::ranges::find(object.conditions, key, &DescribedValue::key);
    if (found == object.conditions.end())
        return std::nullopt;
    const auto time = parseKubeTime({found->value.constData(), static_cast<size_t>(found->value.size())});
    return time ? std::optional(SourceInterval{time->sourceTime(), time->sourceTime()}) : std::nullopt;
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
        if (!value.value.isEmpty() && value.key != "Name") {
            fact(value.line, subject, apiNameOf(value.key), value.value);
            quantity(value, subject);
        }
    for (const DescribedValue &condition : object.conditions)
        fact(condition.line, subject, "conditions." + condition.key, condition.value);
    for (const DescribedContainer &container : object.containers)
        writeContainer(object, container);
    for (const DescribedEvent &described : object.events)
        writeEvent(object, described);
    if (object.kind == "pod")
        writeFailure(object);
    else if (object.kind == "job")
        writeJobFailure(object);
}

} // namespace

void writeDescription(const WholeText &text, const Description &description, const DescribedCapture &capture,
                      SourceEvidence &evidence)
{
    Writer(text, evidence, description, capture).write();
}

} // namespace faultline
