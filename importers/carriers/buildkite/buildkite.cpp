// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/buildkite/buildkite.h"

#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "importers/core/stamps.h"
#include "models/core/translate.h"

#include <algorithm>
#include <charconv>

namespace faultline {

namespace {

constexpr std::string_view TimeMark = "\x1b_bk;t=";

/// The agent puts an application program command with milliseconds since 1970 before each line, and again where a program moved the
/// cursor (agent: process/timestamper.go; terminal-to-html: README, "Timestamps"). The first one of a line counts.
std::optional<SourceTime> readTimeMark(std::string_view line)
{
    constexpr qint64 Latest = 4'102'444'800'000; // 2100
    const size_t at = line.find(TimeMark);
    if (at == std::string_view::npos)
        return std::nullopt;
    const std::string_view digits = line.substr(at + TimeMark.size());
    qint64 milliseconds = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), milliseconds);
    if (error != std::errc() || milliseconds <= 0 || milliseconds > Latest || end == digits.data() + digits.size()
        || (*end != '\a' && *end != '\x1b' && *end != ';'))
        return std::nullopt;
    return SourceTime{milliseconds * NsPerMillisecond};
}

/// "--- name" (collapsed), "~~~ name" (muted), "+++ name" (open): how a group begins.
std::string_view groupName(std::string_view text)
{
    constexpr std::string_view Others[] = {"FAIL: ", "PASS: ", "SKIP: ", "BENCH: ", "a/", "b/", "/dev/null"};
    for (const std::string_view begin :
         {std::string_view("--- "), std::string_view("~~~ "), std::string_view("+++ ")}) {
        if (!text.starts_with(begin))
            continue;
        const std::string_view name = text.substr(begin.size());
        // go test's verdicts and the heads of diffs look the same, and Buildkite does take them for groups; as steps they would mislead.
        const bool other =
            std::ranges::any_of(Others, [name](std::string_view word) { return name.starts_with(word); });
        return other ? std::string_view() : name;
    }
    return {};
}

class BuildkiteDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        line = bareLine(line, byteOffset);
        DecodedLine decoded;
        decoded.time = readTimeMark(line);
        decoded.payload = line;
        return decoded;
    }
};

class BuildkiteSession final : public CarrierSession
{
    enum Mark { Group, ExitCode, Cancel, Place };

public:
    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        const std::string_view text = line.payload;
        if (mark == Group) {
            if (const std::string_view name = groupName(text); !name.empty())
                m_steps.begin(sink, name, line);
        } else if (mark == ExitCode) {
            exitCode(text, line, sink);
        } else if (mark == Cancel && text.find("cancellation signal") != std::string_view::npos) {
            m_cancelled = true;
            m_steps.judge(sink, line, Outcome::Cancelled);
        } else if (mark == Place && sink.evidence.identity.host.isEmpty()) {
            place(text, sink);
        }
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        if (evidence.first) {
            evidence.basis = TimeBasis::Utc;
            evidence.zone = "UTC";
            evidence.resolutionNs = NsPerMillisecond;
        } else {
            evidence.basis = TimeBasis::None;
        }
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        // Nothing of a Buildkite log says that a job went well, so only a bad end is known.
        m_steps.stop(sink, end);
        const Outcome worst = m_steps.worst();
        addJob(m_spans, sink, evidence.identity.job.isEmpty() ? QByteArray("job") : evidence.identity.job, end,
               worst == Outcome::Failed || worst == Outcome::Cancelled ? worst : Outcome::Unknown);
    }

private:
    /// "🚨 Error: The command exited with status 1", "… The plugin docker command hook exited with status 2" (agent: internal/job/executor.go),
    /// "user command error: exit status 1"; a signal is told as "was interrupted by a signal".
    void exitCode(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const bool isError =
            text.find("Error: The ") != std::string_view::npos || text.starts_with("user command error: ");
        if (!isError || (m_cancelled && text.find("by a signal") != std::string_view::npos))
            return;
        constexpr std::string_view Status = " status ";
        const size_t at = text.find(Status);
        const QByteArray code =
            at == std::string_view::npos ? QByteArray() : leadingNumber(text.substr(at + Status.size()));
        if (code != "0")
            m_steps.judge(sink, line, Outcome::Failed, m_lastCode == code ? QByteArray() : code);
        m_lastCode = code; // said twice for one end
    }

    /// "$ cd /var/lib/buildkite-agent/builds/host-1/org/pipeline"
    static void place(std::string_view text, TextSink &sink)
    {
        constexpr std::string_view Builds = "/builds/";
        const size_t at = text.find(Builds);
        if (at == std::string_view::npos || text.find(" cd ") > at)
            return;
        std::string_view path = text.substr(at + Builds.size());
        const size_t slash = path.find('/');
        if (slash == std::string_view::npos)
            return;
        sink.evidence.identity.host = toBytes(path.substr(0, slash)); // the agent's name, mostly host-number
        const size_t last = path.find_last_of('/');
        std::string_view pipeline = path.substr(last + 1);
        while (!pipeline.empty() && static_cast<unsigned char>(pipeline.back()) <= 0x20)
            pipeline.remove_suffix(1);
        sink.evidence.identity.job = toBytes(pipeline);
    }

    std::shared_ptr<const BuildkiteDecoder> m_decoder = std::make_shared<BuildkiteDecoder>();
    SpanTree m_spans;
    StepList m_steps{m_spans};
    QByteArray m_lastCode;
    bool m_cancelled = false;
};

} // namespace

ImporterInfo BuildkiteCarrier::info() const
{
    return {"buildkite", tr("Buildkite log"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult BuildkiteCarrier::sniff(const SourceHead &head) const
{
    constexpr std::string_view Phases[] = {"Preparing working directory",
                                           "Preparing plugins",
                                           "Preparing build",
                                           "Running commands",
                                           "Running command",
                                           "Running script",
                                           "Running global ",
                                           "Running agent ",
                                           "Running plugin ",
                                           "Setting up plugins",
                                           "Uploading artifacts",
                                           "Preparing secrets",
                                           "Running batch script"};
    int stamped = 0;
    int phases = 0;
    bool agent = false;
    for (const std::string_view raw : headLines(head)) {
        stamped += readTimeMark(raw) ? 1 : 0;
        const QByteArray text = withoutTerminalControl(raw.substr(0, 512));
        const std::string_view line(text.constData(), static_cast<size_t>(text.size()));
        const std::string_view group = line.starts_with("~~~ ") ? line.substr(4) : std::string_view();
        phases += !group.empty() && std::ranges::any_of(Phases, [group](std::string_view phase) {
            return group.find(phase) != std::string_view::npos;
        });
        agent = agent || line.find("buildkite-agent") != std::string_view::npos;
    }
    if (stamped >= 2)
        return {96, tr("Lines carry the time marks of the Buildkite agent")};
    if (phases >= 2 || (phases == 1 && agent))
        return {90, tr("The groups that the Buildkite agent writes")};
    return stamped == 1 ? SniffResult{70, tr("There is a time mark of the Buildkite agent")} : SniffResult{};
}

std::vector<QByteArray> BuildkiteCarrier::marks() const
{
    return {"^(?:---|~~~|\\+\\+\\+) ",
            "(?:Error: The .{0,120}(?:exited with status|interrupted by a signal)|user command error: )",
            "[Rr]eceived cancellation signal", " cd .*/builds/"};
}

std::unique_ptr<CarrierSession> BuildkiteCarrier::open(const SourceHead &) const
{
    return std::make_unique<BuildkiteSession>();
}

} // namespace faultline
