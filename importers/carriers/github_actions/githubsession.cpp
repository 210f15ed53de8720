// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubsession.h"

#include "importers/core/facts.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

constexpr std::string_view ErrorCommand = "##[error]";
constexpr std::string_view GroupCommand = "##[group]";
constexpr std::string_view UnknownStep = "UNKNOWN STEP"; // cli: pkg/cmd/run/view/view.go

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

void GithubSession::mark(int mark, const TextLine &line, LineReader &lines, TextSink &sink)
{
    const std::string_view text = line.payload;
    if (mark == Command && text.starts_with(GroupCommand)) {
        const std::string_view name = text.substr(GroupCommand.size());
        if (name.starts_with("Run ")) {
            beginStep(name, line, sink);
            m_isHeader = true;
            m_isScript = isScript(line, lines);
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
    m_isScript = false;
    ++m_steps;
}

bool GithubSession::isScript(const TextLine &header, LineReader &lines)
{
    constexpr qint64 MostLines = 200;
    for (qint64 number = header.number + 1; number <= header.number + MostLines; ++number) {
        const auto line = lines.line(number);
        if (!line || line->payload.starts_with("##["))
            return false;
        if (line->payload.starts_with("shell: "))
            return true;
    }
    return false;
}

void GithubSession::error(std::string_view message, const TextLine &line, TextSink &sink)
{
    // A problem matcher's finding: what the compiler complains of may well be a warning to the script.
    constexpr std::array<std::string_view, 5> OfRunner{"The ", "Process completed with exit code ", "System.",
                                                       "Executing the custom container ", "received SIG"};
    const bool byRunner =
        std::ranges::any_of(OfRunner, [message](std::string_view begin) { return message.starts_with(begin); });
    if (m_isScript && !byRunner)
        return;
    if (m_step < 0)
        m_step = m_spans.open(sink, SpanKind::Step, {}, line);
    if (Span *step = SpanTree::at(sink, m_step); step && m_steps == 0) {
        // An excerpt that begins inside a step: all before is of it, since when is not known.
        step->line = 1;
        step->start.reset();
    }
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
    if (isStepFile())
        takeStepFromPath(end, sink);
    else if (m_jobName.isEmpty())
        m_jobName = m_path.name;
    addJob(m_spans, sink, m_jobName, end, outcome);
    evidence.identity.job = m_jobName;
}

bool GithubSession::isStepFile() const
{
    if (m_path.folder.isEmpty())
        return false; // on top of the archive: a whole job
    if (m_sawStart)
        return m_steps <= 1 && m_path.name == "Set up job";
    return true;
}

/// The file tells of one step whose name only its path knows; what looks like steps inside are those of a composite action.
void GithubSession::takeStepFromPath(const TextLine &end, TextSink &sink)
{
    SourceEvidence &evidence = sink.evidence;
    Outcome outcome = Outcome::Passed;
    for (Span &span : evidence.spans) {
        if (span.kind != SpanKind::Step)
            continue;
        span.kind = SpanKind::Section;
        outcome = worse(outcome, span.outcome);
    }
    for (Fact &fact : evidence.facts) {
        if (fact.key == "exitCode" && fact.subject.startsWith("step/"))
            fact.subject = "step/" + m_path.name;
    }
    TextLine first;
    first.number = 1;
    first.time = evidence.first;
    const int step =
        m_spans.open(sink, SpanKind::Step,
                     std::string_view(m_path.name.constData(), static_cast<size_t>(m_path.name.size())), first);
    SpanTree::close(sink, step, end, outcome);
    m_jobName = m_path.folder;
}

std::vector<QByteArray> GhRunSession::marks()
{
    return {"##\\[error\\]", "##\\[group\\]Run ", "Post job cleanup\\.", "Cleaning up orphan processes",
            "Current runner version: '"};
}

void GhRunSession::mark(int mark, const TextLine &line, LineReader &, TextSink &sink)
{
    constexpr size_t MostEndings = 100'000;
    const std::string_view text = line.payload;
    const auto columns = GithubDecoder::columns(line.raw);
    if (mark == Error) {
        if (!text.starts_with(ErrorCommand) || m_endings.size() >= MostEndings)
            return;
        QByteArray exitCode;
        m_endings.push_back({line.number, outcomeOfError(text.substr(ErrorCommand.size()), exitCode)});
        const bool unknown = columns.step == UnknownStep && !m_beginnings.empty();
        const QByteArray step = unknown ? m_beginnings.back().name : toBytes(columns.step);
        if (!exitCode.isEmpty())
            addFact(sink, line, "step/" + step, "exitCode", exitCode);
    } else if (columns.step == UnknownStep && m_beginnings.size() < MostEndings) {
        if (mark == Group && text.starts_with(GroupCommand))
            m_beginnings.push_back({line.number, toBytes(text.substr(GroupCommand.size()))});
        else if (mark == PostJob && text.starts_with("Post job cleanup."))
            m_beginnings.push_back({line.number, "Post job cleanup"});
        else if (mark == Orphans && text.starts_with("Cleaning up orphan processes"))
            m_beginnings.push_back({line.number, "Complete job"});
        else if (mark == RunnerVersion && text.starts_with("Current runner version: '"))
            m_beginnings.push_back({line.number, "Set up job"});
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
        if (columns.step == UnknownStep)
            addSteps(first, last, job, lines, sink);
        else
            addStep(toBytes(columns.step).toStdString(), first, last, job, lines, sink);
        first = last + 1;
    }
}

void GhRunSession::addStep(std::string_view name, qint64 first, qint64 last, int job, LineReader &lines, TextSink &sink)
{
    const auto begin = lines.line(first);
    if (!begin)
        return;
    const int step = m_spans.open(sink, SpanKind::Step, name, *begin, job);
    Outcome outcome = Outcome::Passed;
    for (; m_nextEnding < m_endings.size() && m_endings[m_nextEnding].line <= last; ++m_nextEnding)
        outcome = worse(outcome, m_endings[m_nextEnding].outcome);
    if (const auto end = lines.line(last)) {
        SpanTree::close(sink, step, *end, outcome);
        const Span *all = SpanTree::at(sink, job);
        SpanTree::close(sink, job, *end, all ? worse(all->outcome, outcome) : outcome);
    }
}

void GhRunSession::addSteps(qint64 first, qint64 last, int job, LineReader &lines, TextSink &sink)
{
    auto next = std::ranges::lower_bound(m_beginnings, first, {}, &Beginning::line);
    std::string name(UnknownStep);
    while (first <= last) {
        if (next != m_beginnings.end() && next->line == first) {
            name = next->name.toStdString();
            ++next;
        }
        const qint64 end = next != m_beginnings.end() && next->line <= last ? next->line - 1 : last;
        addStep(name, first, end, job, lines, sink);
        first = end + 1;
    }
}

} // namespace faultline
