// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/gitlab/gitlab.h"

#include "importers/carriers/gitlab/gitlabdecoder.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr size_t MostMarks = 1'000'000;

/// Sections of the runner that come after the script and say nothing of why it failed.
bool isAftermath(const QByteArray &name)
{
    return name.startsWith("after_script") || name.startsWith("cleanup") || name.startsWith("upload_artifacts")
           || name.startsWith("archive_cache");
}

class GitlabSession final : public CarrierSession
{
    enum Mark { Section, Ending, Place, Pod, Runner };

public:
    explicit GitlabSession(bool hasStamps)
        : m_hasStamps(hasStamps)
    {
        if (hasStamps)
            m_decoder->setHasStamps();
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        if (mark == Section)
            sections(line, sink);
        else if (mark == Ending)
            ending(line, sink);
        else if (mark == Place && line.payload.starts_with("Running on ") && sink.evidence.identity.host.isEmpty())
            place(line, sink);
        else if (mark == Pod && line.payload.starts_with("Waiting for pod ") && sink.evidence.identity.pod.isEmpty())
            pod(line.payload.substr(16), sink);
        else if (mark == Runner)
            runner(line, sink);
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.basis = TimeBasis::Utc;
        evidence.zone = "UTC";
        evidence.resolutionNs = m_hasStamps ? NsPerMicrosecond : NsPerSecond;
        if (lines.lineCount() < 1)
            return;
        if (!m_hasStamps)
            takeRangeFromMarks(sink);
        const TextLine end = endOfText(lines, evidence);
        markFailedStep(sink);
        for (const int open : m_open)
            SpanTree::close(sink, open, end);
        TextLine first;
        first.number = 1;
        first.time = evidence.first;
        const int job = m_spans.open(sink, SpanKind::Job, "job", first);
        SpanTree::close(sink, job, end, m_outcome);
        if (Span *span = SpanTree::at(sink, job); span && m_outcome == Outcome::Unknown)
            span->end.reset(); // the trace stops without an end
        if (!m_hasStamps)
            widen(sink);
    }

private:
    void sections(const TextLine &line, TextSink &sink)
    {
        size_t from = 0;
        while (const auto mark = nextGitlabMark(line.raw, from)) {
            from = mark->end;
            if (m_decoder->marks().size() < MostMarks && !m_hasStamps)
                m_decoder->addMark({line.byteOffset, line.number, mark->time});
            TextLine at = line;
            if (!m_hasStamps)
                at.time = mark->time;
            const QByteArray name = toBytes(mark->name);
            if (mark->isStart) {
                if (m_open.size() >= SpanTree::MostDepth)
                    continue;
                const SpanKind kind = m_open.empty() ? SpanKind::Step : SpanKind::Section;
                m_open.push_back(m_spans.open(sink, kind, mark->name, at, m_open.empty() ? -1 : m_open.back()));
                if (kind == SpanKind::Step)
                    m_lastStep = m_open.back();
                continue;
            }
            const auto named = [&](int index) {
                const Span *span = SpanTree::at(sink, index);
                return span && span->name == name;
            };
            const auto found = std::find_if(m_open.rbegin(), m_open.rend(), named);
            if (found == m_open.rend())
                continue;
            // What was opened inside and never closed ends here too.
            for (auto inner = found.base() - 1; inner != m_open.end(); ++inner)
                SpanTree::close(sink, *inner, at, Outcome::Passed);
            m_open.erase(found.base() - 1, m_open.end());
        }
    }

    void ending(const TextLine &line, TextSink &sink)
    {
        // gitlab-runner: common/trace.go, common/build.go
        constexpr std::string_view Failed = "ERROR: Job failed";
        if (line.payload.starts_with("Job succeeded")) {
            m_outcome = Outcome::Passed;
            return;
        }
        if (!line.payload.starts_with(Failed))
            return;
        const std::string_view reason = line.payload.substr(Failed.size());
        m_outcome = reason.starts_with(": canceled") || reason.find("canceled externally") != std::string_view::npos
                        ? Outcome::Cancelled
                        : Outcome::Failed;
        m_beforeScript =
            reason.starts_with(" (system failure)") || reason.find("prepare environment") != std::string_view::npos;
        for (const std::string_view before :
             {std::string_view("exit code "), std::string_view("exit code: "), std::string_view("exit status ")}) {
            const size_t found = reason.find(before);
            const QByteArray code =
                found == std::string_view::npos ? QByteArray() : leadingNumber(reason.substr(found + before.size()));
            if (!code.isEmpty()) {
                addFact(sink, line, "job", "exitCode", code);
                return;
            }
        }
    }

    /// "Running on runner-x-project-1-concurrent-0 via host...", "Running on host..."
    static void place(const TextLine &line, TextSink &sink)
    {
        std::string_view text = line.payload.substr(11);
        while (text.ends_with('.'))
            text.remove_suffix(1);
        const size_t via = text.find(" via ");
        sink.evidence.identity.host = toBytes(via == std::string_view::npos ? text : text.substr(via + 5));
        addFact(sink, line, "job", "machine", toBytes(text));
    }

    /// "Running with gitlab-runner 13.12.0 (7a6612da)"
    static void runner(const TextLine &line, TextSink &sink)
    {
        constexpr std::string_view Word = "Running with gitlab-runner ";
        const size_t at = line.payload.find(Word);
        if (at == std::string_view::npos || !factOf(sink.evidence, "runnerVersion").isEmpty())
            return;
        const std::string_view version = line.payload.substr(at + Word.size());
        addFact(sink, line, "job", "runnerVersion", toBytes(version.substr(0, version.find(' '))));
    }

    static QByteArray factOf(const SourceEvidence &evidence, QByteArrayView key)
    {
        const auto found = std::ranges::find(evidence.facts, key, &Fact::key);
        return found == evidence.facts.end() ? QByteArray() : found->value;
    }

    /// "Waiting for pod ns/name to be running, status is Pending"
    static void pod(std::string_view text, TextSink &sink)
    {
        text = text.substr(0, text.find(' '));
        const size_t slash = text.find('/');
        sink.evidence.identity.pod = toBytes(slash == std::string_view::npos ? text : text.substr(slash + 1));
    }

    void takeRangeFromMarks(TextSink &sink) const
    {
        if (m_decoder->marks().empty())
            return;
        sink.evidence.first = m_decoder->marks().front().time;
        sink.evidence.last = m_decoder->marks().back().time;
    }

    void markFailedStep(TextSink &sink) const
    {
        if (m_outcome != Outcome::Failed && m_outcome != Outcome::Cancelled)
            return;
        int failed = -1;
        for (size_t i = 0; i < sink.evidence.spans.size(); ++i) {
            const Span &span = sink.evidence.spans[i];
            if (span.kind != SpanKind::Step || isAftermath(span.name))
                continue;
            const bool isScript = span.name == "step_script" || span.name == "build_script" || span.name == "script";
            const Span *best = SpanTree::at(sink, failed);
            const bool haveScript =
                best && (best->name == "step_script" || best->name == "build_script" || best->name == "script");
            if (m_beforeScript || isScript || !haveScript)
                failed = static_cast<int>(i);
        }
        if (Span *span = SpanTree::at(sink, failed))
            span->outcome = m_outcome;
    }

    /// Between two marks a line's time is only known to lie between them.
    void widen(TextSink &sink) const
    {
        const auto &marks = m_decoder->marks();
        const auto between = [&marks](qint64 line, std::optional<SourceInterval> &time) {
            if (!time)
                return;
            const auto next = std::ranges::upper_bound(marks, line, {}, &GitlabDecoder::SeenMark::line);
            const SourceTime mark = next == marks.end() ? time->lo : std::max(next->time, time->lo);
            time->hi = mark + (NsPerSecond - 1); // marks are cut to whole seconds
        };
        for (Event &event : sink.evidence.events)
            between(event.line, event.time);
        for (Fact &fact : sink.evidence.facts)
            between(fact.line, fact.time);
        // A test's duration, taken back from a mark, may not lead before the job.
        for (Span &span : sink.evidence.spans) {
            if (span.start && sink.evidence.first)
                span.start = std::max(*span.start, *sink.evidence.first);
        }
    }

    std::shared_ptr<GitlabDecoder> m_decoder = std::make_shared<GitlabDecoder>();
    SpanTree m_spans;
    std::vector<int> m_open;
    int m_lastStep = -1;
    bool m_hasStamps;
    bool m_beforeScript = false;
    Outcome m_outcome = Outcome::Unknown;
};

bool hasStamps(const SourceHead &head)
{
    const auto lines = headLines(head);
    return std::ranges::count_if(lines, [](std::string_view line) { return GitlabDecoder::prefix(line).length > 0; })
               * 2
           > std::ssize(lines);
}

} // namespace

ImporterInfo GitlabCarrier::info() const
{
    return {"gitlab", tr("GitLab CI trace"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult GitlabCarrier::sniff(const SourceHead &head) const
{
    int marks = 0;
    bool greets = false;
    for (const std::string_view line : headLines(head)) {
        marks += nextGitlabMark(line, 0) ? 1 : 0;
        greets = greets || line.find("Running with gitlab-runner ") != std::string_view::npos;
    }
    const bool stamps = hasStamps(head);
    if (greets && stamps)
        return {97, tr("A trace of gitlab-runner with time stamps on its lines")};
    if (greets || marks >= 2)
        return {marks > 0 ? 95 : 85, tr("A trace of gitlab-runner; its section marks tell the time")};
    if (stamps)
        return {90, tr("Lines carry the time stamp and stream of gitlab-runner (FF_TIMESTAMPS)")};
    return marks == 1 ? SniffResult{60, tr("There is a section mark of gitlab-runner")} : SniffResult{};
}

std::vector<QByteArray> GitlabCarrier::marks() const
{
    return {"section_(?:start|end):[0-9]{9}", "(?:Job succeeded|ERROR: Job failed)", "Running on ", "Waiting for pod ",
            "Running with gitlab-runner "};
}

std::unique_ptr<CarrierSession> GitlabCarrier::open(const SourceHead &head) const
{
    return std::make_unique<GitlabSession>(hasStamps(head));
}

} // namespace faultline
