// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/script_logs/scriptlogs.h"

#include "importers/carriers/plain/plain.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "importers/core/stamps.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

/// Steps that begin with a command's line and end with the next one or with a word of the CI system.
class ScriptSession : public CarrierSession
{
public:
    explicit ScriptSession(const SourceHead &head)
    {
        const auto lines = headLines(head);
        const StampFormat format = StampFormat::detect(lines, head.modified);
        for (const std::string_view line : lines)
            if ((m_example = format.read(line)))
                break;
        m_decoder = std::make_shared<StampedDecoder>(format);
    }

    std::shared_ptr<const LineDecoder> decoder() const final { return m_decoder; }
    void finish(LineReader &lines, TextSink &sink) final
    {
        describeClock(m_decoder->format(), m_example, sink.evidence);
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, sink.evidence);
        m_steps.stop(sink, end);
        const Outcome worst = m_steps.worst();
        addJob(m_spans, sink, "job", end, worst == Outcome::Passed && !m_isWhole ? Outcome::Unknown : worst);
    }

protected:
    SpanTree m_spans;
    StepList m_steps{m_spans};
    bool m_isWhole = false; ///< The last step's end was told.

private:
    std::shared_ptr<const StampedDecoder> m_decoder;
    std::optional<Stamp> m_example;
};

/// The script ends with the first command that fails, so that all but the last went well; how that one ended is not said.
class BitbucketSession final : public ScriptSession
{
public:
    using ScriptSession::ScriptSession;

    void mark(int, const TextLine &line, LineReader &, TextSink &sink) override
    {
        if (line.payload.starts_with("+ "))
            m_steps.begin(sink, line.payload.substr(2), line);
    }
};

class ConcourseSession final : public ScriptSession
{
public:
    using ScriptSession::ScriptSession;

    void mark(int, const TextLine &line, LineReader &, TextSink &sink) override
    {
        constexpr std::string_view Running = "running ";
        const std::string_view text = line.payload;
        if (text.starts_with(Running)) {
            m_steps.begin(sink, text.substr(Running.size()), line);
            m_isWhole = false;
        } else if (m_steps.current() >= 0) {
            m_steps.judge(sink, line,
                          text == "succeeded"                          ? Outcome::Passed
                          : text == "aborted" || text == "interrupted" ? Outcome::Cancelled
                                                                       : Outcome::Failed);
            m_steps.end(sink, line);
            m_isWhole = true;
        }
    }
};

} // namespace

ImporterInfo BitbucketCarrier::info() const
{
    return {"bitbucket-pipelines", tr("Bitbucket Pipelines log"), SourceKind::CiLog, TimeBasis::None};
}

SniffResult BitbucketCarrier::sniff(const SourceHead &head) const
{
    const auto lines = headLines(head);
    const bool isTrace = std::ranges::any_of(lines, [](std::string_view line) { return line.starts_with("+ "); });
    const bool isAgent = head.bytes.contains("/opt/atlassian/pipelines/agent/");
    const bool hasImages = std::ranges::any_of(lines, [](std::string_view line) { return line == "Images used:"; });
    return isTrace && isAgent ? SniffResult{hasImages ? 92 : 85,
                                            tr("Commands of a script in the agent's folder of Bitbucket Pipelines")}
                              : SniffResult{};
}

std::vector<QByteArray> BitbucketCarrier::marks() const
{
    return {"^\\+ [^ ]"};
}

std::unique_ptr<CarrierSession> BitbucketCarrier::open(const SourceHead &head) const
{
    return std::make_unique<BitbucketSession>(head);
}

ImporterInfo ConcourseCarrier::info() const
{
    return {"concourse", tr("Concourse build log"), SourceKind::CiLog, TimeBasis::None};
}

SniffResult ConcourseCarrier::sniff(const SourceHead &head) const
{
    bool begins = false;
    bool runs = false;
    for (const std::string_view raw : headLines(head)) {
        const QByteArray text = withoutTerminalControl(raw.substr(0, 256));
        const std::string_view line(text.constData(), static_cast<size_t>(text.size()));
        begins = begins || line == "initializing" || line.starts_with("selected worker: ")
                 || line.starts_with("executing build ");
        runs = runs || (begins && line.starts_with("running "));
    }
    return runs ? SniffResult{86, tr("A task is initialized and run as Concourse tells it")} : SniffResult{};
}

std::vector<QByteArray> ConcourseCarrier::marks() const
{
    return {"^running [^ ]", "^(?:succeeded|failed|errored|aborted|interrupted)$"};
}

std::unique_ptr<CarrierSession> ConcourseCarrier::open(const SourceHead &head) const
{
    return std::make_unique<ConcourseSession>(head);
}

} // namespace faultline
