// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/jenkins/jenkins.h"

#include "importers/carriers/jenkins/jenkinspipeline.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

constexpr std::string_view PipelineWord = "[Pipeline] ";

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
    // A user's own format may be nearly any; what a program writes must not be taken for it.
    const bool isUsual = shape == StampFormat::Shape::Iso || shape == StampFormat::Shape::ClockOnly;
    const bool isOwn = shape == StampFormat::Shape::Syslog || shape == StampFormat::Shape::Ctime
                       || shape == StampFormat::Shape::Epoch || shape == StampFormat::Shape::MonthDay;
    if (!(isUsual && count(clock.format) * 2 >= std::ssize(lines))
        && !(isOwn && count(clock.format) * 10 >= std::ssize(lines) * 9))
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

/// "[workspace] $ /bin/sh -xe /tmp/jenkins42.sh": how a build step of a freestyle job shows its command.
bool isCommand(std::string_view line)
{
    const size_t close = line.starts_with('[') ? line.find("] $ ") : std::string_view::npos;
    return close != std::string_view::npos && close > 1
           && line.substr(1, close - 1).find(']') == std::string_view::npos;
}

class JenkinsSession final : public CarrierSession
{
    enum Mark { Pipeline, Finished, Place, ExitCode, SkippedStage, FailedBranch };

public:
    explicit JenkinsSession(const SourceHead &head)
        : m_clock(findClock(head))
        , m_decoder(std::make_shared<JenkinsDecoder>(m_clock.format))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        constexpr std::string_view Finish = "Finished: ";
        constexpr std::string_view HudsonFinish = "finished: ";
        constexpr std::string_view BranchWord = "Failed in branch ";
        constexpr std::string_view Code = "script returned exit code ";
        const std::string_view text = line.payload;
        if (mark == Pipeline && text.starts_with(PipelineWord))
            m_pipeline.take(text.substr(PipelineWord.size()), line, sink);
        else if (mark == Finished && (text.starts_with(Finish) || text.starts_with(HudsonFinish)))
            m_outcome = outcomeOf(text.substr(Finish.size()));
        else if (mark == Place)
            place(text, line, sink);
        else if (mark == ExitCode && text.find(Code) != std::string_view::npos)
            exitCode(leadingNumber(text.substr(text.find(Code) + Code.size())), line, sink);
        else if (mark == SkippedStage && text.starts_with("Stage \""))
            m_pipeline.skipStage();
        else if (mark == FailedBranch && text.starts_with(BranchWord))
            m_pipeline.failBranch(text.substr(BranchWord.size()));
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
        m_pipeline.finish(m_outcome, end, lines, sink);
        m_pipeline.adopt(addJob(m_spans, sink, evidence.identity.job, end, m_outcome), sink);
    }

private:
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
        if (!identity.host.isEmpty())
            addFact(sink, line, "job", "machine", identity.host);
    }

    void exitCode(const QByteArray &code, const TextLine &line, TextSink &sink)
    {
        if (!code.isEmpty())
            addFact(sink, line, "job", "exitCode", code);
    }

    JenkinsClock m_clock;
    std::shared_ptr<JenkinsDecoder> m_decoder;
    SpanTree m_spans;
    JenkinsPipeline m_pipeline{m_spans, *m_decoder};
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
        signs += isCommand(bare) || (first == 0 && bare == "started" && signs == 0) ? 1 : 0; // Hudson began so
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
    return {"\\[Pipeline\\] ",
            "[Ff]inished: [A-Z]",
            "(?:Running on|Building on|Building remotely on|Building in workspace) ",
            "script returned exit code -?[0-9]",
            "Stage \"[^\"]+\" skipped due to",
            "Failed in branch "};
}

std::unique_ptr<CarrierSession> JenkinsCarrier::open(const SourceHead &head) const
{
    return std::make_unique<JenkinsSession>(head);
}

} // namespace faultline
