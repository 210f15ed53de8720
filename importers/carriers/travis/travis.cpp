// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/travis/travis.h"

#include "importers/carriers/travis/travisdecoder.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

constexpr size_t MostTimers = 1'000'000;

/// What stands after a mark: "$ go test ./..." without the prompt. Commands that are not shown are timed too, and have no name.
QByteArray commandAfter(std::string_view text)
{
    constexpr size_t Most = 1024;
    const QByteArray command = withoutTerminalControl(text.substr(0, Most)).trimmed();
    return command.startsWith("$ ") ? command.sliced(2) : QByteArray();
}

class TravisSession final : public CarrierSession
{
    enum Mark { Fold, ExitCode, BuildExit, Stopped, Cancelled, Host, JobId };

public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        if (mark == Fold)
            marks(line, sink);
        else if (mark == ExitCode)
            exitCode(line, sink);
        else if (mark == BuildExit)
            buildExit(line, sink);
        else if (mark == Stopped)
            stopped(line, sink);
        else if (mark == Cancelled && line.payload.starts_with("Done: Job Cancelled"))
            m_outcome = worse(m_outcome, Outcome::Cancelled);
        else if (mark == Host && line.payload.starts_with("hostname: ") && sink.evidence.identity.host.isEmpty())
            sink.evidence.identity.host = toBytes(line.payload.substr(10));
        else if (mark == JobId && line.payload.starts_with("Job id: ") && m_jobId.isEmpty())
            m_jobId = leadingNumber(line.payload.substr(8));
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        evidence.basis = TimeBasis::Utc;
        evidence.zone = "UTC";
        evidence.resolutionNs = 1;
        if (lines.lineCount() < 1)
            return;
        if (!m_decoder->timers().empty()) {
            evidence.first = m_decoder->timers().front().start;
            evidence.last = m_decoder->timers().back().finish;
        }
        const TextLine end = endOfText(lines, evidence);
        for (const int open : m_folds)
            stop(open, end, sink);
        stop(m_command, end, sink);
        addJob(m_spans, sink, m_jobId.isEmpty() ? QByteArray("job") : m_jobId, end, m_outcome);
        evidence.identity.job = m_jobId;
        widen(sink);
    }

private:
    static constexpr std::string_view BuildExited = "Done. Your build exited with ";

    void marks(const TextLine &line, TextSink &sink)
    {
        size_t from = 0;
        while (const auto mark = nextTravisMark(line.raw, from)) {
            from = mark->end;
            const std::string_view after = line.raw.substr(from);
            switch (mark->kind) {
            case TravisMark::Kind::FoldStart: foldStart(mark->name, line, sink); break;
            case TravisMark::Kind::FoldEnd: foldEnd(toBytes(mark->name), line, sink); break;
            case TravisMark::Kind::TimeStart: timeStart(commandAfter(after), line, sink); break;
            case TravisMark::Kind::TimeEnd: timeEnd(*mark, line, sink); break;
            }
        }
    }

    void foldStart(std::string_view name, const TextLine &line, TextSink &sink)
    {
        if (m_folds.size() >= SpanTree::MostDepth)
            return;
        const SpanKind kind = m_folds.empty() ? SpanKind::Step : SpanKind::Section;
        m_folds.push_back(m_spans.open(sink, kind, name, line, m_folds.empty() ? -1 : m_folds.back()));
    }

    void foldEnd(const QByteArray &name, const TextLine &line, TextSink &sink)
    {
        const auto named = [&](int index) {
            const Span *span = SpanTree::at(sink, index);
            return span && span->name == name;
        };
        const auto found = std::find_if(m_folds.rbegin(), m_folds.rend(), named);
        if (found == m_folds.rend())
            return;
        for (auto open = found.base() - 1; open != m_folds.end(); ++open) {
            const Span *span = SpanTree::at(sink, *open);
            SpanTree::close(sink, *open, line, worse(span ? span->outcome : Outcome::Unknown, Outcome::Passed));
            m_lastFold = *open;
        }
        m_folds.erase(found.base() - 1, m_folds.end());
    }

    void timeStart(const QByteArray &name, const TextLine &line, TextSink &sink)
    {
        m_commandLine = line.number;
        stop(std::exchange(m_command, -1), line, sink);
        if (name.isEmpty())
            return;
        const SpanKind kind = m_folds.empty() ? SpanKind::Step : SpanKind::Section;
        m_command = m_spans.open(sink, kind, std::string_view(name.constData(), static_cast<size_t>(name.size())), line,
                                 m_folds.empty() ? -1 : m_folds.back());
    }

    void timeEnd(const TravisMark &mark, const TextLine &line, TextSink &sink)
    {
        if (m_decoder->timers().size() < MostTimers)
            m_decoder->addTimer({line.byteOffset, line.number, m_commandLine > 0 ? m_commandLine : line.number,
                                 mark.start, mark.finish});
        for (const int open : m_folds) {
            if (Span *fold = SpanTree::at(sink, open); fold && !fold->start)
                fold->start = mark.start;
        }
        TextLine at = line;
        at.time = mark.finish;
        if (Span *command = SpanTree::at(sink, m_command)) {
            command->start = mark.start;
            SpanTree::close(sink, m_command, at, Outcome::Passed);
            m_lastCommand = m_command;
        }
        m_command = -1;
        m_commandLine = 0;
    }

    /// `The command "go test ./..." exited with 1.`, `The command "npm ci" failed and exited with 1 during .`; the command may have several
    /// lines, of which the last carries these words (travis-build: bash/travis_result.bash, travis_assert.bash).
    void exitCode(const TextLine &line, TextSink &sink)
    {
        constexpr std::string_view Words = "exited with ";
        const size_t found = line.payload.rfind(Words);
        const size_t quote = line.payload.rfind('"', found);
        if (found == std::string_view::npos || quote == std::string_view::npos
            || line.payload.find(BuildExited) != std::string_view::npos)
            return;
        const QByteArray code = leadingNumber(line.payload.substr(found + Words.size()));
        if (code.isEmpty())
            return;
        int span = m_lastCommand >= 0 ? m_lastCommand : m_lastFold;
        constexpr std::string_view Begin = "The command \"";
        const std::string_view name = line.payload.starts_with(Begin) && quote >= Begin.size()
                                          ? line.payload.substr(Begin.size(), quote - Begin.size())
                                          : std::string_view();
        if (span < 0)
            span = m_spans.open(sink, SpanKind::Step, name, line);
        else if (Span *shown = SpanTree::at(sink, span); shown && !name.empty() && shown->name.startsWith("travis_"))
            shown->name = toBytes(name); // shown was the helper function that ran it
        const Outcome outcome = code == "0" ? Outcome::Passed : Outcome::Failed;
        for (int at = span; at >= 0;) {
            Span *around = SpanTree::at(sink, at);
            if (!around)
                break;
            around->outcome = at == span ? outcome : worse(around->outcome, outcome);
            around->lastLine = std::max(around->lastLine, line.number);
            at = around->parent;
        }
        if (const Span *command = SpanTree::at(sink, span))
            addFact(sink, line, "step/" + command->name, "exitCode", code);
    }

    /// Workers of macOS put "nl" in front, from a terminal command that failed.
    void buildExit(const TextLine &line, TextSink &sink)
    {
        constexpr size_t MostBefore = 8;
        const size_t at = line.payload.find(BuildExited);
        if (at > MostBefore)
            return;
        const QByteArray code = leadingNumber(line.payload.substr(at + BuildExited.size()));
        if (code.isEmpty())
            return;
        m_outcome = worse(m_outcome, code == "0" ? Outcome::Passed : Outcome::Failed);
        addFact(sink, line, "job", "exitCode", code);
    }

    /// Travis itself ended the job: the command that runs is the one that took too long or wrote too much.
    void stopped(const TextLine &line, TextSink &sink)
    {
        m_outcome = worse(m_outcome, Outcome::Failed);
        for (int at = m_command; at >= 0;) {
            Span *around = SpanTree::at(sink, at);
            if (!around)
                break;
            around->outcome = Outcome::Failed;
            around->lastLine = std::max(around->lastLine, line.number);
            at = around->parent;
        }
    }

    static void stop(int span, const TextLine &line, TextSink &sink)
    {
        if (Span *open = SpanTree::at(sink, span))
            open->lastLine = std::max(open->line, line.number); // no end was told
    }

    /// A line's time is only known to lie within its command, or between two commands.
    void widen(TextSink &sink) const
    {
        const auto &timers = m_decoder->timers();
        const auto between = [&timers](qint64 line, std::optional<SourceInterval> &time) {
            const auto next = std::ranges::lower_bound(timers, line, {}, &TravisDecoder::SeenTimer::line);
            if (next == timers.end() || next->line == line)
                return; // right at an end, or after the last one
            const bool inside = next->firstLine <= line;
            if (!time && !inside)
                return;
            const SourceTime lo = inside ? next->start : time->lo;
            time = SourceInterval{lo, std::max(lo, inside ? next->finish : next->start)};
        };
        for (Event &event : sink.evidence.events)
            between(event.line, event.time);
        for (Fact &fact : sink.evidence.facts)
            between(fact.line, fact.time);
    }

    std::shared_ptr<TravisDecoder> m_decoder = std::make_shared<TravisDecoder>();
    SpanTree m_spans;
    std::vector<int> m_folds; ///< Open ones, the innermost last.
    QByteArray m_jobId;
    qint64 m_commandLine = 0; ///< Where the open timer began; 0 where none is open.
    int m_command = -1;       ///< The timed command that runs.
    int m_lastCommand = -1;
    int m_lastFold = -1;
    Outcome m_outcome = Outcome::Unknown;
};

} // namespace

ImporterInfo TravisCarrier::info() const
{
    return {"travis", tr("Travis CI log"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult TravisCarrier::sniff(const SourceHead &head) const
{
    int marks = 0;
    bool ends = false;
    for (const std::string_view line : headLines(head)) {
        marks += nextTravisMark(line, 0) ? 1 : 0;
        ends = ends || line.find("Done. Your build exited with ") != std::string_view::npos;
    }
    if (marks >= 2)
        return {97, tr("Folds and timers of Travis CI")};
    if (marks == 1)
        return {70, tr("There is a fold of Travis CI")};
    return ends ? SniffResult{70, tr("It ends as a Travis CI log does")} : SniffResult{};
}

std::vector<QByteArray> TravisCarrier::marks() const
{
    return {"travis_(?:fold|time):",
            "exited with -?[0-9]+",
            "Done\\. Your build exited with [0-9]",
            "(?:Your build has been stopped|The job exceeded the maximum (?:time limit|log length)|No output has been "
            "received in "
            "the last|The build has been terminated)",
            "Done: Job Cancelled",
            "hostname: [^ ]+@",
            "Job id: [0-9]"};
}

std::unique_ptr<CarrierSession> TravisCarrier::open(const SourceHead &) const
{
    return std::make_unique<TravisSession>();
}

} // namespace faultline
