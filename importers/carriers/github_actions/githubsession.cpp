// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubsession.h"

#include "importers/core/facts.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr std::string_view ErrorCommand = "##[error]";
constexpr std::string_view GroupCommand = "##[group]";

/// The text between the first pair of quotes: "Machine name: 'x'".
QByteArray quoted(std::string_view text)
{
    const size_t from = text.find('\'');
    const size_t end = from == std::string_view::npos ? from : text.find('\'', from + 1);
    if (end == std::string_view::npos)
        return {};
    return QByteArray(text.data() + from + 1, static_cast<qsizetype>(end - from - 1));
}

} // namespace

Outcome outcomeOfError(std::string_view message, QByteArray &exitCode)
{
    // runner: ScriptHandler.cs, StepsRunner.cs
    constexpr std::string_view Completed = "Process completed with exit code ";
    if (message.starts_with(Completed)) {
        exitCode = leadingNumber(message.substr(Completed.size()));
        return Outcome::Failed;
    }
    return message.starts_with("The operation was canceled") ? Outcome::Cancelled : Outcome::Failed;
}

std::vector<QByteArray> GithubSession::marks()
{
    return {"##\\[(?:group|endgroup|error)\\]", "Complete job name: ", "Post job cleanup\\.",
            "Cleaning up orphan processes",     "Machine name: '",     "Current runner version: '"};
}

void GithubSession::mark(int mark, const TextLine &line, LineReader &, TextSink &sink)
{
    const std::string_view text = line.payload;
    if (mark == Command && text.starts_with(GroupCommand)) {
        const std::string_view name = text.substr(GroupCommand.size());
        if (name.starts_with("Run ")) {
            beginStep(name, line, sink);
            m_isHeader = true;
        } else {
            endGroup(line, sink);
            if (!m_sawEnd)
                m_group = m_spans.open(sink, SpanKind::Section, name, line);
        }
    } else if (mark == Command && text.starts_with("##[endgroup]")) {
        if (!std::exchange(m_isHeader, false))
            SpanTree::close(sink, std::exchange(m_group, -1), line);
    } else if (mark == Command && text.starts_with(ErrorCommand)) {
        error(text.substr(ErrorCommand.size()), line, sink);
    } else if (mark == JobName && text.starts_with("Complete job name: ")) {
        m_jobName = toBytes(text.substr(19));
    } else if (mark == PostJob && text.starts_with("Post job cleanup.")) {
        beginStep("Post job cleanup", line, sink);
    } else if (mark == Orphans && text.starts_with("Cleaning up orphan processes")) {
        beginStep("Complete job", line, sink);
        m_sawEnd = true;
    } else if (mark == Machine && text.starts_with("Machine name: '")) {
        sink.evidence.identity.host = quoted(text);
    } else if (mark == RunnerVersion && text.starts_with("Current runner version: '")) {
        beginStep("Set up job", line, sink);
        m_sawStart = true;
    }
}

void GithubSession::endGroup(const TextLine &line, TextSink &sink)
{
    SpanTree::closeBefore(sink, std::exchange(m_group, -1), line);
    m_isHeader = false;
}

void GithubSession::endStep(const TextLine &line, TextSink &sink)
{
    endGroup(line, sink);
    if (Span *step = SpanTree::at(sink, m_step); step && step->outcome == Outcome::Unknown)
        step->outcome = Outcome::Passed;
    SpanTree::closeBefore(sink, std::exchange(m_step, -1), line);
}

void GithubSession::beginStep(std::string_view name, const TextLine &line, TextSink &sink)
{
    endStep(line, sink);
    m_step = m_spans.open(sink, SpanKind::Step, name, line);
}

void GithubSession::error(std::string_view message, const TextLine &line, TextSink &sink)
{
    if (m_step < 0)
        m_step = m_spans.open(sink, SpanKind::Step, {}, line); // an excerpt that begins inside a step
    QByteArray exitCode;
    const Outcome outcome = outcomeOfError(message, exitCode);
    Span *step = SpanTree::at(sink, m_step);
    if (!step)
        return;
    step->outcome = worse(step->outcome, outcome);
    if (!exitCode.isEmpty())
        addFact(sink, line, "step/" + step->name, "exitCode", exitCode);
}

void GithubSession::finish(LineReader &lines, TextSink &sink)
{
    SourceEvidence &evidence = sink.evidence;
    evidence.basis = TimeBasis::Utc;
    evidence.zone = "UTC";
    evidence.resolutionNs = 100;
    if (lines.lineCount() < 1)
        return;
    const TextLine end = endOfText(lines, evidence);
    SpanTree::close(sink, std::exchange(m_group, -1), end);
    if (Span *step = SpanTree::at(sink, m_step)) {
        step->lastLine = end.number;
        if (m_sawEnd || step->outcome != Outcome::Unknown)
            SpanTree::close(sink, m_step, end, step->outcome == Outcome::Unknown ? Outcome::Passed : step->outcome);
    }
    Outcome outcome = m_sawEnd ? Outcome::Passed : Outcome::Unknown;
    for (const Span &span : evidence.spans) {
        if (span.kind == SpanKind::Step && (span.outcome == Outcome::Failed || span.outcome == Outcome::Cancelled))
            outcome = worse(outcome, span.outcome);
    }
    TextLine first;
    first.number = 1;
    first.time = evidence.first;
    const int job = m_spans.open(sink, SpanKind::Job,
                                 std::string_view(m_jobName.constData(), static_cast<size_t>(m_jobName.size())), first);
    SpanTree::close(sink, job, end, outcome);
    if (Span *span = SpanTree::at(sink, job); span && !m_sawEnd && outcome == Outcome::Unknown)
        span->end.reset(); // the log stops without an end
    evidence.identity.job = m_jobName;
}

void GhRunSession::mark(int, const TextLine &line, LineReader &, TextSink &sink)
{
    constexpr size_t MostEndings = 100'000;
    if (!line.payload.starts_with(ErrorCommand) || m_endings.size() >= MostEndings)
        return;
    QByteArray exitCode;
    m_endings.push_back({line.number, outcomeOfError(line.payload.substr(ErrorCommand.size()), exitCode)});
    if (!exitCode.isEmpty()) {
        addFact(sink, line, "step/" + toBytes(GithubDecoder::columns(line.raw).step), "exitCode", exitCode);
    }
}

qint64 GhRunSession::lastOfRun(qint64 first, LineReader &lines)
{
    const auto key = [&lines](qint64 number) {
        const auto line = lines.line(number);
        const auto columns = line ? GithubDecoder::columns(line->raw) : GithubDecoder::Columns{};
        return toBytes(columns.job) + '\t' + toBytes(columns.step);
    };
    // Steps stand one after another: double the stride, then halve it.
    const QByteArray wanted = key(first);
    qint64 good = first;
    qint64 stride = 1;
    while (good + stride <= lines.lineCount() && key(good + stride) == wanted) {
        good += stride;
        stride *= 2;
    }
    for (; stride > 0; stride /= 2) {
        if (good + stride <= lines.lineCount() && key(good + stride) == wanted)
            good += stride;
    }
    return good;
}

void GhRunSession::finish(LineReader &lines, TextSink &sink)
{
    constexpr int MostRuns = 10'000;
    SourceEvidence &evidence = sink.evidence;
    evidence.basis = TimeBasis::Utc;
    evidence.zone = "UTC";
    evidence.resolutionNs = 100;
    int job = -1;
    auto ending = m_endings.begin();
    qint64 first = 1;
    for (int run = 0; first <= lines.lineCount() && run < MostRuns; ++run) {
        const qint64 last = lastOfRun(first, lines);
        const auto begin = lines.line(first);
        if (!begin)
            break;
        const auto columns = GithubDecoder::columns(begin->raw);
        Span *open = SpanTree::at(sink, job);
        if (!open || std::string_view(open->name.constData(), static_cast<size_t>(open->name.size())) != columns.job)
            job = m_spans.open(sink, SpanKind::Job, columns.job, *begin);
        const int step = m_spans.open(sink, SpanKind::Step, columns.step, *begin, job);
        Outcome outcome = Outcome::Passed;
        for (; ending != m_endings.end() && ending->line <= last; ++ending)
            outcome = worse(outcome, ending->outcome);
        if (const auto end = lines.line(last)) {
            SpanTree::close(sink, step, *end, outcome);
            Span *all = SpanTree::at(sink, job);
            SpanTree::close(sink, job, *end, all ? worse(all->outcome, outcome) : outcome);
        }
        first = last + 1;
    }
}

} // namespace faultline
