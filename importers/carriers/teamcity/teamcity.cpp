// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/teamcity/teamcity.h"

#include "importers/carriers/teamcity/servicemessage.h"
#include "importers/carriers/teamcity/teamcitydecoder.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "importers/core/stamps.h"
#include "importers/core/wallclock.h"
#include "models/core/translate.h"

#include <algorithm>
#include <map>

namespace faultline {

namespace {

/// "Step 2/3: Unit tests (Command Line) (12s)": the name, without number and duration.
std::string_view stepName(std::string_view text)
{
    constexpr std::string_view Word = "Step ";
    if (!text.starts_with(Word))
        return {};
    size_t at = Word.size();
    const auto digits = [&] {
        const size_t from = at;
        while (at < text.size() && text[at] >= '0' && text[at] <= '9')
            ++at;
        return at > from;
    };
    if (!digits() || at >= text.size() || text[at++] != '/' || !digits() || !text.substr(at).starts_with(": "))
        return {};
    std::string_view name = text.substr(at + 2);
    if (const size_t open = name.rfind(" ("); open != std::string_view::npos && name.ends_with("s)") && open > 0) {
        const std::string_view duration = name.substr(open + 2, name.size() - open - 3);
        if (duration.find_first_not_of("0123456789hmsd:. ") == std::string_view::npos)
            name = name.substr(0, open);
    }
    return name;
}

/// A service message with a time that is some agent's local one: timestamp='2026-11-23T18:55:18.123'.
bool isZoneless(std::string_view line)
{
    const auto message = readServiceMessage(line);
    const QByteArray stamp = message ? message->value("timestamp") : QByteArray();
    const auto read = readIsoStamp({stamp.constData(), static_cast<size_t>(stamp.size())});
    return read && !read->zoneSeconds;
}

class TeamCitySession final : public CarrierSession
{
    enum Mark { Step, ExitCode, StepFailed, Message, Canceled, Finished };

public:
    explicit TeamCitySession(const SourceHead &head)
        : m_head(readTeamCityHead(head))
        , m_decoder(std::make_shared<TeamCityDecoder>(m_head, head.modified))
        , m_hasClock(std::ranges::any_of(
              headLines(head), [](std::string_view line) { return readTeamCityPrefix(line).nsOfDay.has_value(); }))
        , m_isZoneless(std::ranges::any_of(headLines(head), &isZoneless))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        constexpr std::string_view Exited = "Process exited with code ";
        const std::string_view text = line.payload;
        if (mark == Step) {
            if (const std::string_view name = stepName(text); !name.empty())
                m_steps.begin(sink, name, line);
        } else if (mark == ExitCode && text.starts_with(Exited)) {
            exitCode(text.substr(Exited.size()), line, sink);
        } else if (mark == StepFailed && text.starts_with("Step ") && text.ends_with(" failed")) {
            m_steps.judge(sink, line, Outcome::Failed);
        } else if (mark == Message) {
            message(line, sink);
        } else if (mark == Canceled && (text.starts_with("Build was canceled") || text.starts_with("Canceled by "))) {
            m_steps.judge(sink, line, Outcome::Cancelled);
        } else if (mark == Finished && text.starts_with("Build finished")) {
            m_isWhole = true;
        }
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        describe(evidence);
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        Outcome outcome = m_steps.worst();
        if (m_head.status == "NORMAL" || m_head.status == "SUCCESS")
            outcome = worse(outcome == Outcome::Failed ? Outcome::Unknown : outcome, Outcome::Passed);
        else if (m_head.status == "FAILURE" || m_head.status == "ERROR" || m_problem)
            outcome = worse(outcome, Outcome::Failed);
        else if (m_head.status == "UNKNOWN")
            outcome = worse(outcome, Outcome::Cancelled);
        if (m_isWhole || outcome == Outcome::Failed)
            m_steps.end(sink, end);
        else
            m_steps.stop(sink, end);
        for (auto &[flow, blocks] : m_blocks) {
            for (const int open : blocks)
                SpanTree::close(sink, open, end);
        }
        for (Event &event : evidence.events) { // names as their writers meant them
            const auto message =
                event.signature == "test.fail.teamcity"
                    ? readServiceMessage({event.text.constData(), static_cast<size_t>(event.text.size())})
                    : std::nullopt;
            for (auto &[key, value] : event.fields) {
                if (message && key == "test")
                    value = message->value("name");
            }
        }
        const bool told = m_isWhole || !m_head.status.isEmpty() || outcome != Outcome::Passed;
        const QByteArray name = m_head.build.isEmpty() ? QByteArray("build") : m_head.build;
        addJob(m_spans, sink, name, end, told ? outcome : Outcome::Unknown);
        evidence.identity.job = m_head.build;
        evidence.identity.host = m_head.agent;
    }

private:
    static constexpr size_t MostFlows = 1000;

    void describe(SourceEvidence &evidence) const
    {
        const bool service = !m_head.started && !m_hasClock;
        evidence.resolutionNs = service ? NsPerMillisecond : NsPerSecond;
        if (!evidence.first) {
            evidence.basis = TimeBasis::None;
        } else if (service && m_isZoneless) {
            evidence.basis = TimeBasis::Local;
        } else if (service || m_head.zoneSeconds == 0) {
            evidence.basis = TimeBasis::Utc; // the zone that a service message states is applied
            evidence.zone = "UTC";
        } else if (m_head.zoneSeconds) {
            evidence.basis = TimeBasis::Zoned;
            evidence.zone = zoneText(*m_head.zoneSeconds);
        } else {
            evidence.basis = TimeBasis::Local;
        }
        if (evidence.first && !service && !m_decoder->isDateKnown()) {
            evidence.date = DateBasis::DayAssumed;
            addNote(evidence.notes, {Severity::Info,
                                     Code::BadTimestamp,
                                     {},
                                     tr("The time stamps have no date; the day is taken from the file's time"),
                                     1});
        }
    }

    void exitCode(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const QByteArray code = leadingNumber(text);
        // Said again as the build's problem: "Process exited with code 1 (Step: test (Command Line))".
        const bool again = text.find(" (Step: ") != std::string_view::npos;
        if (code.isEmpty())
            return;
        if (code == "0" && !again)
            addFact(sink, line, "step/" + openName(sink), "exitCode", code);
        else if (code != "0")
            m_steps.judge(sink, line, Outcome::Failed, again ? QByteArray() : code);
    }

    QByteArray openName(TextSink &sink) const
    {
        const Span *step = SpanTree::at(sink, m_steps.current());
        return step ? step->name : QByteArray();
    }

    void message(const TextLine &line, TextSink &sink)
    {
        const auto message = readServiceMessage(line.raw);
        if (!message) {
            sink.note(Severity::Info, Code::BadSyntax, line, tr("A service message that is not whole"));
            return;
        }
        const QByteArray &what = message->name;
        const QByteArray flow = message->value("flowId");
        if (what == "blockOpened" || what == "compilationStarted" || what == "testSuiteStarted"
            || what == "progressStart")
            open(flow, SpanKind::Section, nameOf(*message), line, sink);
        else if (what == "blockClosed" || what == "compilationFinished" || what == "testSuiteFinished"
                 || what == "progressFinish")
            close(flow, nameOf(*message), Outcome::Unknown, line, sink);
        else if (what == "testStarted")
            open(flow, SpanKind::Test, message->value("name"), line, sink);
        else if (what == "testFailed" || what == "testIgnored")
            testVerdict(flow, *message, line, sink);
        else if (what == "testFinished")
            close(flow, message->value("name"), Outcome::Passed, line, sink);
        else if (what == "buildProblem")
            m_problem = true;
        else if (what == "buildStatus" && message->value("status") == "FAILURE")
            m_problem = true;
    }

    static QByteArray nameOf(const ServiceMessage &message)
    {
        for (const char *key : {"name", "compiler", ""}) {
            if (const QByteArray value = message.value(key); !value.isEmpty())
                return value;
        }
        return "block";
    }

    std::vector<int> *blocksOf(const QByteArray &flow)
    {
        const auto found = m_blocks.find(flow);
        if (found != m_blocks.end())
            return &found->second;
        return m_blocks.size() < MostFlows ? &m_blocks[flow] : nullptr;
    }

    void open(const QByteArray &flow, SpanKind kind, const QByteArray &name, const TextLine &line, TextSink &sink)
    {
        std::vector<int> *blocks = blocksOf(flow);
        if (!blocks || blocks->size() >= SpanTree::MostDepth)
            return;
        const int parent = blocks->empty() ? m_steps.current() : blocks->back();
        blocks->push_back(m_spans.open(sink, kind, std::string_view(name.constData(), static_cast<size_t>(name.size())),
                                       line, parent));
    }

    void close(const QByteArray &flow, const QByteArray &name, Outcome outcome, const TextLine &line, TextSink &sink)
    {
        std::vector<int> *blocks = blocksOf(flow);
        if (!blocks)
            return;
        const auto named = [&](int index) {
            const Span *span = SpanTree::at(sink, index);
            if (!span)
                return false;
            const bool isCut = span->name.size() == SpanTree::MostNameBytes;
            return span->name == name || (isCut && name.startsWith(span->name));
        };
        const auto found = std::find_if(blocks->rbegin(), blocks->rend(), named);
        if (found == blocks->rend())
            return;
        for (auto at = found.base() - 1; at != blocks->end(); ++at) {
            const Span *span = SpanTree::at(sink, *at);
            const bool judged = !span || span->outcome != Outcome::Unknown;
            SpanTree::close(sink, *at, line, judged ? Outcome::Unknown : outcome);
        }
        blocks->erase(found.base() - 1, blocks->end());
    }

    void testVerdict(const QByteArray &flow, const ServiceMessage &message, const TextLine &line, TextSink &sink)
    {
        const QByteArray name = message.value("name");
        const Outcome outcome = message.name == "testFailed" ? Outcome::Failed : Outcome::Skipped;
        std::vector<int> *blocks = blocksOf(flow);
        if (!blocks)
            return;
        for (auto at = blocks->rbegin(); at != blocks->rend(); ++at) {
            if (Span *span = SpanTree::at(sink, *at); span && span->kind == SpanKind::Test && span->name == name) {
                span->outcome = outcome;
                span->lastLine = std::max(span->lastLine, line.number);
                return;
            }
        }
        const int test =
            m_spans.open(sink, SpanKind::Test, std::string_view(name.constData(), static_cast<size_t>(name.size())),
                         line, blocks->empty() ? m_steps.current() : blocks->back());
        SpanTree::close(sink, test, line, outcome); // never started: an ignored test
    }

    TeamCityHead m_head;
    std::shared_ptr<const TeamCityDecoder> m_decoder;
    SpanTree m_spans;
    StepList m_steps{m_spans};
    std::map<QByteArray, std::vector<int>> m_blocks; ///< Open blocks and tests by flow.
    bool m_hasClock;
    bool m_isZoneless; ///< Service messages may leave the zone out.
    bool m_problem = false;
    bool m_isWhole = false;
};

} // namespace

ImporterInfo TeamCityCarrier::info() const
{
    return {"teamcity", tr("TeamCity build log"), SourceKind::CiLog, TimeBasis::Local};
}

SniffResult TeamCityCarrier::sniff(const SourceHead &head) const
{
    int bracketed = 0;
    int spaced = 0;
    int messages = 0;
    int steps = 0;
    const auto lines = headLines(head);
    for (const std::string_view line : lines) {
        const TeamCityPrefix prefix = readTeamCityPrefix(line);
        bracketed += prefix.level != 0 ? 1 : 0;
        spaced += prefix.nsOfDay && prefix.level == 0 ? 1 : 0;
        const std::string_view text = line.substr(prefix.length);
        steps += prefix.nsOfDay && (!stepName(text).empty() || text.starts_with("Process exited with code ")) ? 1 : 0;
        messages += readServiceMessage(line) ? 1 : 0;
    }
    if (readTeamCityHead(head).isHead)
        return {97, tr("The head of a downloaded TeamCity build log")};
    if (bracketed >= 2 && std::cmp_greater(bracketed * 2, lines.size()))
        return {steps > 0 ? 96 : 85, tr("Lines carry TeamCity's time of day and level")};
    if (spaced >= 2 && steps >= 1 && std::cmp_greater(spaced * 2, lines.size()))
        return {88, tr("Lines carry a time of day, and steps begin as TeamCity writes them")};
    return messages >= 2 ? SniffResult{82, tr("There are TeamCity's service messages")} : SniffResult{};
}

std::vector<QByteArray> TeamCityCarrier::marks() const
{
    return {"Step [0-9]+/[0-9]+: ", "Process exited with code -?[0-9]",    "Step .* failed$",
            "##teamcity\\[",        "(?:Build was canceled|Canceled by )", "Build finished"};
}

std::unique_ptr<CarrierSession> TeamCityCarrier::open(const SourceHead &head) const
{
    return std::make_unique<TeamCitySession>(head);
}

} // namespace faultline
