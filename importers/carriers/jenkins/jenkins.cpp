// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/jenkins/jenkins.h"

#include "importers/carriers/plain/plain.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::Jenkins", text);
}

constexpr std::string_view PipelineWord = "[Pipeline] ";

enum Mark { Pipeline, Finished, Place, ExitCode, SkippedStage };

/// The Timestamper's prefix, where at least half of the lines have one. "HH:mm:ss.S" that starts at zero is elapsed time.
struct JenkinsClock {
    StampFormat format;
    std::optional<Stamp> example;
    bool isElapsed = false;
};

JenkinsClock findClock(const SourceHead &head)
{
    const auto lines = headLines(head);
    const auto count = [&lines](const StampFormat &format) {
        return std::ranges::count_if(lines, [&format](std::string_view line) { return format.read(line).has_value(); });
    };
    JenkinsClock clock{StampFormat::detect(lines, head.modified), std::nullopt, false};
    const auto shape = clock.format.shape();
    if ((shape != StampFormat::Shape::Iso && shape != StampFormat::Shape::ClockOnly)
        || count(clock.format) * 2 < std::ssize(lines))
        return {};
    const auto example = [&lines](const StampFormat &format) {
        std::optional<Stamp> found;
        for (size_t i = 0; i < lines.size() && !found; ++i)
            found = format.read(lines[i]);
        return found;
    };
    clock.example = example(clock.format);
    if (shape == StampFormat::Shape::ClockOnly && clock.example && clock.example->resolutionNs < NsPerSecond) {
        const StampFormat fromZero = StampFormat::detect(lines, TimeNs{0});
        const auto first = example(fromZero);
        if (first && first->time.ns < NsPerMinute)
            return {fromZero, first, true};
    }
    return clock;
}

Outcome outcomeOf(std::string_view result)
{
    if (result.starts_with("SUCCESS"))
        return Outcome::Passed;
    if (result.starts_with("ABORTED"))
        return Outcome::Cancelled;
    if (result.starts_with("NOT_BUILT"))
        return Outcome::Skipped;
    return result.starts_with("FAILURE") || result.starts_with("UNSTABLE") ? Outcome::Failed : Outcome::Unknown;
}

class JenkinsSession final : public CarrierSession
{
public:
    explicit JenkinsSession(const SourceHead &head)
        : m_clock(findClock(head))
        , m_decoder(std::make_shared<StampedDecoder>(m_clock.format))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        constexpr std::string_view Finish = "Finished: ";
        constexpr std::string_view Code = "script returned exit code ";
        const std::string_view text = line.payload;
        if (mark == Pipeline && text.starts_with(PipelineWord))
            pipeline(text.substr(PipelineWord.size()), line, sink);
        else if (mark == Finished && text.starts_with(Finish))
            m_outcome = outcomeOf(text.substr(Finish.size()));
        else if (mark == Place)
            place(text, line, sink);
        else if (mark == ExitCode && text.find(Code) != std::string_view::npos)
            exitCode(leadingNumber(text.substr(text.find(Code) + Code.size())), line, sink);
        else if (mark == SkippedStage && text.starts_with("Stage \"") && !m_stages.empty())
            m_stages.back().skipped = true;
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        if (m_clock.isElapsed) {
            evidence.basis = TimeBasis::Durations;
            evidence.resolutionNs = m_clock.example->resolutionNs;
        } else {
            describeClock(m_clock.format, m_clock.example, evidence);
        }
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        endStep(end, sink);
        for (const int open : m_open)
            SpanTree::close(sink, open, end);
        markStages(sink);
        TextLine first;
        first.number = 1;
        first.time = evidence.first;
        const QByteArray name = evidence.identity.job;
        const int job = m_spans.open(sink, SpanKind::Job,
                                     std::string_view(name.constData(), static_cast<size_t>(name.size())), first);
        SpanTree::close(sink, job, end, m_outcome);
        if (Span *span = SpanTree::at(sink, job); span && m_outcome == Outcome::Unknown)
            span->end.reset(); // the console stops without "Finished"
    }

private:
    struct Stage {
        int span = -1;
        int steps = 0;
        bool skipped = false;
    };

    /// workflow-job plugin: "[Pipeline] stage", "[Pipeline] { (Name)", "[Pipeline] }", "[Pipeline] // stage", "[Pipeline] sh"
    void pipeline(std::string_view what, const TextLine &line, TextSink &sink)
    {
        endStep(line, sink);
        if (what.starts_with("{")) {
            int span = -1;
            if (what.starts_with("{ (") && what.ends_with(')')) {
                std::string_view name = what.substr(3, what.size() - 4);
                const bool isBranch = name.starts_with("Branch: ");
                if (isBranch)
                    name.remove_prefix(8);
                span = m_spans.open(sink, SpanKind::Step, name, line, parent());
                m_stages.push_back({span, 0, false});
            }
            m_open.push_back(span);
        } else if (what.starts_with("}")) {
            if (!m_open.empty()) {
                SpanTree::close(sink, m_open.back(), line);
                m_open.pop_back();
            }
        } else if (!what.starts_with("//") && !what.starts_with("stage") && !what.starts_with("node")
                   && !what.starts_with("Start of") && !what.starts_with("End of") && !what.starts_with("parallel")) {
            m_step = m_spans.open(sink, SpanKind::Section, what, line, parent());
            if (!m_stages.empty())
                ++m_stages.back().steps;
        }
    }

    int parent() const
    {
        const auto named = std::find_if(m_open.rbegin(), m_open.rend(), [](int span) { return span >= 0; });
        return named == m_open.rend() ? -1 : *named;
    }

    void endStep(const TextLine &line, TextSink &sink) { SpanTree::closeBefore(sink, std::exchange(m_step, -1), line); }

    /// "Running on NODE in /home/jenkins/workspace/job", "Building remotely on NODE (labels) in workspace /path/job"
    static void place(std::string_view text, const TextLine &line, TextSink &sink)
    {
        Identity &identity = sink.evidence.identity;
        size_t node = std::string_view::npos;
        for (const std::string_view begin : {std::string_view("Running on "), std::string_view("Building remotely on "),
                                             std::string_view("Building on ")}) {
            if (text.starts_with(begin))
                node = begin.size();
        }
        const bool building = text.starts_with("Building in workspace ");
        if (node == std::string_view::npos && !building)
            return;
        const size_t in = text.find(" in ", building ? 0 : node);
        if (in == std::string_view::npos)
            return;
        if (!building && identity.host.isEmpty())
            identity.host = toBytes(text.substr(node, std::min(in, text.find(" (", node)) - node));
        std::string_view path = text.substr(in + 4);
        if (path.starts_with("workspace "))
            path.remove_prefix(10);
        if (const size_t slash = path.find_last_of("/\\"); identity.job.isEmpty() && slash != std::string_view::npos) {
            path = path.substr(slash + 1);
            identity.job = toBytes(path.substr(0, path.find('@'))); // a second workspace is called job@2
        }
        addFact(sink, line, "job", "machine", identity.host);
    }

    void exitCode(const QByteArray &code, const TextLine &line, TextSink &sink)
    {
        if (!code.isEmpty())
            addFact(sink, line, "job", "exitCode", code);
    }

    /// Stages end well unless the build failed: then the last one that did something and is not its aftermath is the one.
    void markStages(TextSink &sink) const
    {
        int failed = -1;
        for (const Stage &stage : m_stages) {
            Span *span = SpanTree::at(sink, stage.span);
            if (!span)
                continue;
            span->outcome = stage.skipped                   ? Outcome::Skipped
                            : m_outcome == Outcome::Unknown ? Outcome::Unknown
                                                            : Outcome::Passed;
            if (!stage.skipped && stage.steps > 0 && !span->name.startsWith("Declarative: Post"))
                failed = stage.span;
        }
        if (m_outcome != Outcome::Failed && m_outcome != Outcome::Cancelled)
            return;
        for (; failed >= 0; failed = SpanTree::at(sink, failed)->parent)
            SpanTree::at(sink, failed)->outcome = m_outcome;
    }

    JenkinsClock m_clock;
    std::shared_ptr<const StampedDecoder> m_decoder;
    SpanTree m_spans;
    std::vector<int> m_open; ///< Blocks, -1 for those without a name.
    std::vector<Stage> m_stages;
    int m_step = -1;
    Outcome m_outcome = Outcome::Unknown;
};

} // namespace

ImporterInfo JenkinsCarrier::info() const
{
    return {"jenkins", tr("Jenkins console"), SourceKind::CiLog, TimeBasis::None};
}

SniffResult JenkinsCarrier::sniff(const SourceHead &head) const
{
    constexpr std::array<std::string_view, 9> Signs{"Started by ",
                                                    "Running as ",
                                                    "Building in workspace ",
                                                    "Building remotely on ",
                                                    "Running in Durability level",
                                                    "[EnvInject] - ",
                                                    "[JENKINS] ",
                                                    "Finished: ",
                                                    "Obtained Jenkinsfile "};
    const JenkinsClock clock = findClock(head);
    int pipeline = 0;
    int signs = 0;
    for (const std::string_view raw : headLines(head)) {
        const auto stamp = clock.format.read(raw);
        const QByteArray text = withoutTerminalControl(raw.substr(stamp ? clock.format.payloadStart(raw, *stamp) : 0));
        const std::string_view line(text.constData(), static_cast<size_t>(text.size()));
        const size_t first = line.find_first_not_of(' ');
        const std::string_view bare = line.substr(std::min(first, line.size()));
        pipeline += bare.starts_with(PipelineWord) ? 1 : 0;
        signs += std::ranges::any_of(Signs, [bare](std::string_view sign) { return bare.starts_with(sign); }) ? 1 : 0;
    }
    if (pipeline >= 2)
        return {95, tr("The console of a Jenkins pipeline")};
    if (signs >= 2)
        return {85, tr("The console of a Jenkins build")};
    return signs + pipeline == 1 ? SniffResult{40, tr("One line reads like a Jenkins console")} : SniffResult{};
}

std::vector<QByteArray> JenkinsCarrier::marks() const
{
    return {"\\[Pipeline\\] ", "Finished: [A-Z]",
            "(?:Running on|Building on|Building remotely on|Building in workspace) ",
            "script returned exit code -?[0-9]", "Stage \"[^\"]+\" skipped due to"};
}

std::unique_ptr<CarrierSession> JenkinsCarrier::open(const SourceHead &head) const
{
    return std::make_unique<JenkinsSession>(head);
}

} // namespace faultline
