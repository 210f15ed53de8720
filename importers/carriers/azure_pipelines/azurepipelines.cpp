// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/azure_pipelines/azurepipelines.h"

#include "importers/carriers/github_actions/githubdecoder.h"
#include "importers/carriers/github_actions/githubpath.h"
#include "importers/core/facts.h"
#include "importers/core/headlines.h"
#include "importers/core/spantree.h"
#include "models/core/translate.h"

#include <algorithm>
#include <array>

namespace faultline {

namespace {

constexpr std::string_view Starting = "##[section]Starting: ";
constexpr std::string_view Finishing = "##[section]Finishing: ";
constexpr std::string_view ErrorCommand = "##[error]";

/// "Bash exited with code '1'.", "The process '/bin/x' failed with exit code 2", "Script failed with exit code: 3",
/// "Exit code 4 returned from process"
QByteArray exitCodeOf(std::string_view message)
{
    for (const std::string_view words : {std::string_view("xited with code "), std::string_view("xit code: "),
                                         std::string_view("xit code "), std::string_view("rror code ")}) {
        const size_t at = message.find(words);
        if (at == std::string_view::npos)
            continue;
        std::string_view rest = message.substr(at + words.size());
        if (rest.starts_with('\'') || rest.starts_with('"'))
            rest.remove_prefix(1);
        if (const QByteArray code = leadingNumber(rest); !code.isEmpty())
            return code;
    }
    return {};
}

Outcome outcomeOf(std::string_view message)
{
    const auto holds = [message](std::string_view words) { return message.find(words) != std::string_view::npos; };
    return holds("operation was cancel") || holds("run was cancel") || holds("job was cancel") ? Outcome::Cancelled
                                                                                               : Outcome::Failed;
}

/// Sections of the agent (agent: Worker/ExecutionContext.cs, Section()): the job's own holds its steps. Groups lie inside steps.
class AzureSession final : public CarrierSession
{
    enum Mark { Section, Command, VsoCommand, Machine };

public:
    explicit AzureSession(GithubPath path)
        : m_path(std::move(path))
    {
    }

    std::shared_ptr<const LineDecoder> decoder() const override { return m_decoder; }

    void mark(int mark, const TextLine &line, LineReader &, TextSink &sink) override
    {
        const std::string_view text = line.payload;
        if (mark == Section && text.starts_with(Starting))
            begin(text.substr(Starting.size()), line, sink);
        else if (mark == Section && text.starts_with(Finishing))
            end(toBytes(text.substr(Finishing.size())), line, sink);
        else if (mark == Command)
            command(text, line, sink);
        else if (mark == VsoCommand)
            vsoCommand(text, line, sink);
        else if (mark == Machine && text.starts_with("Agent machine name: '"))
            sink.evidence.identity.host = toBytes(text.substr(21, text.find('\'', 21) - 21));
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        SourceEvidence &evidence = sink.evidence;
        if (evidence.first) {
            evidence.basis = TimeBasis::Utc;
            evidence.zone = "UTC";
            evidence.resolutionNs = 100;
        } else {
            evidence.basis = TimeBasis::None;
        }
        if (lines.lineCount() < 1)
            return;
        const TextLine end = endOfText(lines, evidence);
        closeGroup(end, sink);
        const bool cut = !m_open.empty();
        for (const int open : m_open) {
            if (Span *span = SpanTree::at(sink, open)) {
                span->lastLine = std::max(span->line, end.number);
                if (span->outcome != Outcome::Unknown)
                    span->end = end.time;
            }
        }
        if (m_hasJob) {
            evidence.identity.job = m_job;
            return;
        }
        // A file of the run's log archive: "job/N_step.txt", as GitHub lays it out.
        if (m_job.isEmpty() && !m_path.name.isEmpty())
            m_job = m_path.folder.isEmpty() ? m_path.name : m_path.folder;
        evidence.identity.job = m_job;
        // A step's own log: whether the job failed elsewhere is not told here.
        const bool bad = m_worst == Outcome::Failed || m_worst == Outcome::Cancelled;
        addJob(m_spans, sink, m_job.isEmpty() ? QByteArray("job") : m_job, end,
               bad                  ? m_worst
               : cut || m_steps < 2 ? Outcome::Unknown
                                    : Outcome::Passed);
    }

private:
    void begin(std::string_view name, const TextLine &line, TextSink &sink)
    {
        closeGroup(line, sink);
        if (m_open.size() >= SpanTree::MostDepth)
            return;
        if (const Span *excerpt = m_open.empty() ? nullptr : SpanTree::at(sink, m_open.back());
            excerpt && excerpt->name.isEmpty()) {
            SpanTree::closeBefore(sink, m_open.back(), line);
            m_open.pop_back();
        }
        int parent = -1;
        if (!m_open.empty()) {
            parent = m_open.back();
            if (Span *around = SpanTree::at(sink, parent); around && around->parent < 0 && !m_hasJob) {
                around->kind = SpanKind::Job;
                m_job = around->name;
                m_hasJob = true;
                --m_steps;
            }
        }
        m_open.push_back(m_spans.open(sink, SpanKind::Step, name, line, parent));
        ++m_steps;
    }

    void end(const QByteArray &name, const TextLine &line, TextSink &sink)
    {
        closeGroup(line, sink);
        const auto named = [&](int index) {
            const Span *span = SpanTree::at(sink, index);
            return span && span->name == name;
        };
        if (m_open.empty()) { // the log begins inside it
            m_open.push_back(m_spans.open(sink, SpanKind::Step, name.toStdString(), firstLine(line, sink)));
        } else if (std::ranges::none_of(m_open, named)) {
            return;
        }
        const auto found = std::find_if(m_open.rbegin(), m_open.rend(), named);
        const auto from = found == m_open.rend() ? m_open.begin() : found.base() - 1; // a full tree has no names
        Outcome inner = Outcome::Passed;
        for (auto open = m_open.end(); open != from;) {
            --open;
            if (Span *span = SpanTree::at(sink, *open)) {
                span->outcome =
                    worse(span->outcome, span->kind == SpanKind::Job ? worse(inner, m_worst) : Outcome::Passed);
                inner = worse(inner, span->outcome);
            }
            SpanTree::close(sink, *open, line);
        }
        m_open.erase(from, m_open.end());
    }

    static TextLine firstLine(const TextLine &line, const TextSink &sink)
    {
        TextLine first = line;
        first.number = 1;
        first.time = sink.evidence.first;
        return first;
    }

    void command(std::string_view text, const TextLine &line, TextSink &sink)
    {
        if (text.starts_with("##[group]")) {
            closeGroup(line, sink);
            m_group = m_spans.open(sink, SpanKind::Section, text.substr(9), line, m_open.empty() ? -1 : m_open.back());
        } else if (text.starts_with("##[endgroup]")) {
            SpanTree::close(sink, std::exchange(m_group, -1), line);
        } else if (text.starts_with(ErrorCommand)) {
            const std::string_view message = text.substr(ErrorCommand.size());
            judge(outcomeOf(message), exitCodeOf(message), line, sink);
        }
    }

    /// "##vso[task.complete result=Failed;]text": shown where a script echoes it in a debug run.
    void vsoCommand(std::string_view text, const TextLine &line, TextSink &sink)
    {
        const size_t at = text.find("result=");
        if (text.find("##vso[task.complete ") == std::string_view::npos || at == std::string_view::npos)
            return;
        const std::string_view result = text.substr(at + 7);
        if (result.starts_with("Failed"))
            judge(Outcome::Failed, {}, line, sink);
        else if (result.starts_with("Cancel"))
            judge(Outcome::Cancelled, {}, line, sink);
    }

    void judge(Outcome outcome, const QByteArray &exitCode, const TextLine &line, TextSink &sink)
    {
        m_worst = worse(m_worst, outcome);
        if (m_open.empty()) // between steps, or an excerpt
            m_open.push_back(m_spans.open(sink, SpanKind::Step, {}, line));
        Span *step = SpanTree::at(sink, m_open.back());
        if (!step)
            return;
        step->outcome = worse(step->outcome, outcome);
        if (!exitCode.isEmpty())
            addFact(sink, line, "step/" + step->name, "exitCode", exitCode);
    }

    void closeGroup(const TextLine &line, TextSink &sink)
    {
        SpanTree::closeBefore(sink, std::exchange(m_group, -1), line);
    }

    std::shared_ptr<const GithubDecoder> m_decoder = std::make_shared<GithubDecoder>(false);
    SpanTree m_spans;
    std::vector<int> m_open; ///< Sections, the innermost last.
    int m_group = -1;
    int m_steps = 0;
    GithubPath m_path;
    QByteArray m_job;
    bool m_hasJob = false;
    Outcome m_worst = Outcome::Unknown;
};

} // namespace

ImporterInfo AzurePipelinesCarrier::info() const
{
    return {"azure-pipelines", tr("Azure Pipelines log"), SourceKind::CiLog, TimeBasis::Utc};
}

SniffResult AzurePipelinesCarrier::sniff(const SourceHead &head) const
{
    // GitHub's runner grew from this agent; its early logs had sections too.
    constexpr std::array<std::string_view, 3> OfGithub{"Current runner version: '", "Requesting a hosted runner",
                                                       "##[group]Run "};
    constexpr std::array<std::string_view, 4> OfAgent{"Agent name: '", "Agent machine name: '",
                                                      "Current agent version: '", "##vso["};
    int sections = 0;
    int signs = 0;
    bool taskHeader = false;
    for (const std::string_view raw : headLines(head)) {
        const std::string_view line = raw.substr(GithubDecoder::stampLength(raw));
        const auto begins = [line](std::string_view text) { return line.starts_with(text); };
        if (std::ranges::any_of(OfGithub, begins))
            return {};
        sections += line.starts_with("##[section]") ? 1 : 0;
        signs += std::ranges::any_of(OfAgent, begins) ? 1 : 0;
        taskHeader = taskHeader || line.starts_with("Task         : ");
    }
    if (sections >= 1)
        return {sections >= 2 || signs > 0 || taskHeader ? 97 : 96, tr("Sections of the Azure Pipelines agent")};
    return signs > 0 && taskHeader ? SniffResult{96, tr("The heads of tasks that the Azure Pipelines agent writes")}
                                   : SniffResult{};
}

std::vector<QByteArray> AzurePipelinesCarrier::marks() const
{
    return {"##\\[section\\](?:Starting|Finishing): ", "##\\[(?:group|endgroup|error)\\]", "##vso\\[task\\.complete ",
            "Agent machine name: '"};
}

std::unique_ptr<CarrierSession> AzurePipelinesCarrier::open(const SourceHead &head) const
{
    return std::make_unique<AzureSession>(GithubPath::read(head.name));
}

} // namespace faultline
