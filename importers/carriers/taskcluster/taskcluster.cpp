// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/taskcluster/taskcluster.h"

#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "importers/core/stamps.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

struct TaskPrefix {
    std::string_view tag; ///< "taskcluster", "task", "setup", "vcs" …; "taskcluster:error" comes without a time.
    std::optional<SourceTime> time;
    size_t length = 0; ///< 0: the line has no prefix.
};

/// "[taskcluster 2025-02-13 21:56:23.368Z] text" of docker-worker (lib/task.js), "[taskcluster 2025-02-13T21:56:23.368Z] text" of
/// generic-worker, "[task 2025-02-13T21:59:35.569Z] text" and other tags of Gecko's run-task (taskcluster/scripts/run-task).
TaskPrefix readTaskPrefix(std::string_view line)
{
    constexpr size_t MostTag = 32;
    if (!line.starts_with('['))
        return {};
    size_t end = 1;
    const auto isTag = [](char c) { return (c >= 'a' && c <= 'z') || c == '_' || c == '-' || c == ':'; };
    while (end < line.size() && end <= MostTag && isTag(line[end]))
        ++end;
    TaskPrefix prefix{line.substr(1, end - 1), std::nullopt, 0};
    if (prefix.tag.empty() || end >= line.size())
        return {};
    if (line[end] == ']') {
        if (!prefix.tag.starts_with("taskcluster:"))
            return {};
    } else {
        const auto stamp = line[end] == ' ' ? readIsoStamp(line.substr(end + 1)) : std::nullopt;
        if (!stamp || !stamp->zoneSeconds)
            return {};
        prefix.time = stamp->time;
        end += 1 + stamp->end;
        if (end >= line.size() || line[end] != ']')
            return {};
    }
    prefix.length = end + 1;
    if (prefix.length < line.size() && line[prefix.length] == ' ')
        ++prefix.length;
    return prefix;
}

class TaskclusterDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        const TaskPrefix prefix = readTaskPrefix(line);
        decoded.time = prefix.time;
        decoded.payload = line.substr(prefix.length);
        if (prefix.tag == "taskcluster:error")
            decoded.level = Severity::Error;
        else if (prefix.tag == "taskcluster:warn")
            decoded.level = Severity::Warning;
        return decoded;
    }
};

class TaskclusterSession final : public CarrierSession
{
    enum Mark { Phase, ExitCode, Result, Complaint, Tagged, Place, TaskId };

public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        const std::string_view text = line.payload;
        const std::string_view tag = readTaskPrefix(line.raw).tag;
        const bool worker = tag.starts_with("taskcluster");
        if (worker && !std::exchange(m_sawWorker, true) && mark != Phase)
            m_steps.begin(sink, "prepare", line);
        if (mark == Phase && worker && text.starts_with("=== Task "))
            phase(text.substr(9), line, sink);
        else if (mark == ExitCode && worker)
            exitCode(text, line, sink);
        else if (mark == Result && worker)
            result(text, line, sink);
        else if (mark == Complaint && tag == "taskcluster:error") {
            complaint(text, line, sink); // views into the line in hand: before any look ahead
            noteNextStamp(line.number, lines);
        } else if (mark == Tagged && !worker)
            section(tag, line, sink);
        else if (mark == Place && worker && text.starts_with("Hostname: "))
            sink.evidence.identity.host = toBytes(text.substr(10));
        else if (mark == TaskId && worker && text.starts_with("Task ID: "))
            m_taskId = toBytes(text.substr(9));
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.basis = TimeBasis::Utc;
        evidence.zone = "UTC";
        evidence.resolutionNs = NsPerMillisecond;
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        endSection(end, sink);
        widen(evidence);
        if (m_outcome != Outcome::Unknown)
            m_steps.end(sink, end);
        else
            m_steps.stop(sink, end);
        addJob(m_spans, sink, m_taskId.isEmpty() ? QByteArray("task") : m_taskId, end, m_outcome);
        evidence.identity.job = m_taskId;
    }

private:
    void phase(std::string_view what, const TextLine &line, TextSink &sink)
    {
        endSection(line, sink);
        if (what.starts_with("Starting")) {
            m_steps.begin(sink, "task", line);
            m_task = m_steps.current();
        } else if (what.starts_with("Finished")) {
            m_steps.begin(sink, "resolve", line);
        }
    }

    /// "Unsuccessful task run with exit code: 1 completed in 1283.598 seconds" (docker-worker), "Exit Code: 1" (generic-worker)
    void exitCode(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const bool isGeneric = text.find("Exit Code: ") != std::string_view::npos;
        const size_t at = text.find(isGeneric ? "Exit Code: " : "exit code: ");
        const QByteArray code = at == std::string_view::npos ? QByteArray() : leadingNumber(text.substr(at + 11));
        if (code.isEmpty())
            return;
        const Outcome outcome = code == "0" ? Outcome::Passed : Outcome::Failed;
        m_outcome = worse(m_outcome, outcome);
        addFact(sink, line, "job", "exitCode", code);
        if (Span *task = SpanTree::at(sink, m_task)) {
            task->outcome = worse(task->outcome, outcome);
            addFact(sink, line, "step/" + task->name, "exitCode", code);
        }
    }

    /// generic-worker: "Result: SUCCEEDED", "Result: FAILED"
    void result(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const size_t at = text.find("Result: ");
        if (at == std::string_view::npos)
            return;
        const std::string_view word = text.substr(at + 8);
        if (word.starts_with("FAILED"))
            judge(Outcome::Failed, line, sink);
        else if (word.starts_with("SUCCEEDED"))
            judge(Outcome::Passed, line, sink);
    }

    /// The worker says that it ended the task. Others of its errors are tried again: they do not tell how the task ended.
    void complaint(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const auto holds = [text](std::string_view words) { return text.find(words) != std::string_view::npos; };
        if (holds("cancel") || holds("Cancel"))
            judge(Outcome::Cancelled, line, sink);
        else if (holds("Task timeout after") || holds("max run time exceeded") || holds("task aborted")
                 || text.starts_with("exit status ") || holds("Task was aborted"))
            judge(Outcome::Failed, line, sink);
    }

    /// The worker's errors carry no time: they lie before the next line that does.
    void noteNextStamp(qint64 number, LineReader &lines)
    {
        constexpr qint64 MostAhead = 50;
        constexpr int MostLooks = 1000;
        if (++m_looks > MostLooks)
            return;
        for (qint64 ahead = 1; ahead <= MostAhead; ++ahead) {
            const auto next = lines.line(number + ahead);
            if (!next)
                return;
            if (const auto time = readTaskPrefix(next->raw).time) {
                m_nextStamps.emplace_back(number, *time);
                return;
            }
        }
    }

    void widen(SourceEvidence &evidence) const
    {
        for (Event &event : evidence.events) {
            const auto found =
                std::ranges::lower_bound(m_nextStamps, event.line, {}, &std::pair<qint64, SourceTime>::first);
            if (event.time && found != m_nextStamps.end() && found->first == event.line)
                event.time->hi = std::max(event.time->hi, found->second);
        }
    }

    void judge(Outcome outcome, const TextLine &line, TextSink &sink)
    {
        m_outcome = worse(m_outcome, outcome);
        if (Span *task = SpanTree::at(sink, m_task))
            task->outcome = worse(task->outcome, outcome);
        else
            m_steps.judge(sink, line, outcome);
    }

    /// run-task names what it does before and after the task's own command: setup, cache, volume, vcs, fetches …
    void section(std::string_view tag, const TextLine &line, TextSink &sink)
    {
        const Span *open = SpanTree::at(sink, m_section);
        if (open && open->name == QByteArrayView(tag.data(), static_cast<qsizetype>(tag.size()))) {
            SpanTree::close(sink, m_section, line, Outcome::Passed);
            return;
        }
        endSection(line, sink);
        m_section = m_spans.open(sink, SpanKind::Section, tag, line);
    }

    /// It was closed at the last line of its tag.
    void endSection(const TextLine &, TextSink &sink)
    {
        if (Span *open = SpanTree::at(sink, std::exchange(m_section, -1)); open && !open->end) {
            open->end = open->start;
            open->outcome = Outcome::Passed;
        }
    }

    std::shared_ptr<const TaskclusterDecoder> m_decoder = std::make_shared<TaskclusterDecoder>();
    SpanTree m_spans;
    StepList m_steps{m_spans};
    QByteArray m_taskId;
    std::vector<std::pair<qint64, SourceTime>> m_nextStamps; ///< After each unstamped error, by its line.
    int m_looks = 0;
    int m_task = -1;
    int m_section = -1;
    bool m_sawWorker = false;
    Outcome m_outcome = Outcome::Unknown;
};

} // namespace

ImporterInfo TaskclusterCarrier::info() const
{
    return {"taskcluster", tr("Taskcluster log"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult TaskclusterCarrier::sniff(const SourceHead &head) const
{
    int worker = 0;
    int tagged = 0;
    const auto lines = headLines(head);
    for (const std::string_view line : lines) {
        const TaskPrefix prefix = readTaskPrefix(line);
        worker += prefix.tag.starts_with("taskcluster") && prefix.length > 0 ? 1 : 0;
        tagged += prefix.length > 0 ? 1 : 0;
    }
    if (worker >= 2)
        return {96, tr("Lines carry the tag and time of a Taskcluster worker")};
    const bool taskOnly =
        std::ranges::any_of(lines, [](std::string_view line) { return readTaskPrefix(line).tag == "task"; });
    if (worker == 1 || (taskOnly && std::cmp_greater(tagged * 2, lines.size())))
        return {85, tr("Lines carry the tag and time of a Taskcluster task")};
    return {};
}

std::vector<QByteArray> TaskclusterCarrier::marks() const
{
    return {"=== Task (?:Starting|Finished) ===",
            "(?:task run with exit code: |Exit Code: )-?[0-9]",
            "Result: (?:FAILED|SUCCEEDED)",
            "\\[taskcluster:error\\]",
            "\\[(?:setup|cache|volume|vcs|fetches|content_hash|chain_of_trust|resource-monitor) 2[0-9]{3}-",
            "Hostname: ",
            "Task ID: "};
}

std::unique_ptr<CarrierSession> TaskclusterCarrier::open(const SourceHead &) const
{
    return std::make_unique<TaskclusterSession>();
}

} // namespace faultline
