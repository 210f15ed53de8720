// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/reports/githubrun.h"

#include "importers/core/notes.h"
#include "importers/state/describeparser.h"
#include "importers/state/objecttree.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostSpans = 100'000;

class RunReader
{
public:
    explicit RunReader(SourceEvidence &evidence)
        : m_evidence(evidence)
    {
    }

    void readPage(const WholeText &text);
    void addCancelled(qint64 line, const QByteArray &text, const QByteArray &reason);
    void readJson(const ObjectNode &run);
    bool isEmpty() const { return m_evidence.spans.empty(); }

private:
    int add(SpanKind kind, int parent, const QByteArray &name, Outcome outcome, qint64 line, qint64 lastLine);
    void addFromJson(const ObjectNode &node, SpanKind kind, int parent);
    std::optional<SourceTime> timeOf(const ObjectNode &node, std::initializer_list<const char *> keys);

    SourceEvidence &m_evidence;
};

/// Nothing where there is one too many.
int RunReader::add(SpanKind kind, int parent, const QByteArray &name, Outcome outcome, qint64 line, qint64 lastLine)
{
    if (m_evidence.spans.size() >= MostSpans)
        return -1;
    Span span;
    span.kind = kind;
    span.parent = parent;
    span.name = name;
    span.outcome = outcome;
    span.line = line;
    span.lastLine = lastLine;
    if (kind == SpanKind::Job)
        span.identity.job = name;
    m_evidence.spans.push_back(std::move(span));
    return static_cast<int>(m_evidence.spans.size()) - 1;
}

Outcome outcomeOfMark(QStringView mark)
{
    if (mark == u"✓")
        return Outcome::Passed;
    if (mark == u"X")
        return Outcome::Failed;
    return mark == u"-" ? Outcome::Skipped : Outcome::Unknown;
}

Outcome outcomeOfConclusion(QByteArrayView conclusion)
{
    if (conclusion == "success" || conclusion == "neutral")
        return Outcome::Passed;
    if (conclusion == "failure" || conclusion == "timed_out" || conclusion == "startup_failure")
        return Outcome::Failed;
    if (conclusion == "cancelled")
        return Outcome::Cancelled;
    return conclusion == "skipped" ? Outcome::Skipped : Outcome::Unknown;
}

void RunReader::readPage(const WholeText &text)
{
    constexpr size_t MostAnnotations = 100;
    static const QRegularExpression job(u"^([✓X*-]) (.+?)(?: in (?:\\d+[hms])+)? \\(ID \\d+\\)$"_s);
    static const QRegularExpression step(u"^  ([✓X*-]) (.+)$"_s);
    static const QRegularExpression cancelled(u"^[X!-] Canceling since (a higher priority waiting request .+)$"_s);
    int open = -1;
    for (qint64 number = 1; number <= text.lineCount(); ++number) {
        const QString line = QString::fromUtf8(bytesOf(text.line(number)));
        if (const auto found = job.match(line); found.hasMatch()) {
            open = add(SpanKind::Job, -1, found.captured(2).toUtf8(), outcomeOfMark(found.capturedView(1)), number,
                       number);
        } else if (const auto of = step.match(line); open >= 0 && of.hasMatch()) {
            add(SpanKind::Step, open, of.captured(2).toUtf8(), outcomeOfMark(of.capturedView(1)), number, number);
            m_evidence.spans[static_cast<size_t>(open)].lastLine = number;
        } else {
            open = -1;
            if (const auto because = cancelled.match(line);
                because.hasMatch() && m_evidence.events.size() < MostAnnotations)
                addCancelled(number, line.toUtf8(), because.captured(1).toUtf8());
        }
    }
}

/// An annotation of the page, which the log of the job does not hold.
void RunReader::addCancelled(qint64 line, const QByteArray &text, const QByteArray &reason)
{
    Event event;
    event.line = event.lastLine = line;
    event.signature = "ci.cancelled";
    event.role = Role::Context;
    event.text = text.left(Event::MostEventText);
    event.fields = {{"reason", reason.left(500)}};
    m_evidence.events.push_back(std::move(event));
}

std::optional<SourceTime> RunReader::timeOf(const ObjectNode &node, std::initializer_list<const char *> keys)
{
    for (const char *key : keys) {
        const ObjectNode *value = node.find(key);
        if (!value || value->text.startsWith("0001-")) // what did not run
            continue;
        const auto time = fromRfc3339(value->text);
        if (!time)
            continue;
        const SourceTime at{time->ns};
        m_evidence.first = m_evidence.first ? std::min(*m_evidence.first, at) : at;
        m_evidence.last = m_evidence.last ? std::max(*m_evidence.last, at) : at;
        return at;
    }
    return std::nullopt;
}

void RunReader::addFromJson(const ObjectNode &node, SpanKind kind, int parent)
{
    const QByteArray name = node.textAt({"name"});
    if (name.isEmpty())
        return;
    const int index =
        add(kind, parent, name, outcomeOfConclusion(node.textAt({"conclusion"})), node.line, node.lastLine);
    if (index < 0)
        return;
    Span &span = m_evidence.spans[static_cast<size_t>(index)];
    span.start = timeOf(node, {"started_at", "startedAt"});
    span.end = timeOf(node, {"completed_at", "completedAt"});
    if (kind == SpanKind::Step)
        return;
    if (const ObjectNode *steps = node.find("steps"))
        for (const auto &[key, step] : steps->members)
            addFromJson(step, SpanKind::Step, index);
}

void RunReader::readJson(const ObjectNode &run)
{
    if (const ObjectNode *jobs = run.find("jobs"))
        for (const auto &[key, job] : jobs->members)
            addFromJson(job, SpanKind::Job, -1);
    else if (run.find("steps") && run.find("conclusion"))
        addFromJson(run, SpanKind::Job, -1); // one job, of /actions/jobs/ID
}

bool isJson(QByteArrayView text)
{
    return text.trimmed().startsWith('{');
}

} // namespace

ImporterInfo GithubRun::info() const
{
    return {"github-run", tr("Jobs and steps of a GitHub workflow run"), SourceKind::Other, TimeBasis::None};
}

SniffResult GithubRun::sniff(const SourceHead &head) const
{
    const QByteArrayView text(head.bytes);
    if (isJson(text))
        return text.contains("\"steps\"") && text.contains("\"conclusion\"") && text.contains("\"name\"")
                       && (text.contains("\"started_at\"") || text.contains("\"startedAt\""))
                   ? SniffResult{92, tr("it is JSON of jobs with steps and conclusions as GitHub writes them")}
                   : SniffResult{};
    return text.contains("\nTriggered via ") && text.contains(" (ID ") && text.contains(" · ")
               ? SniffResult{92, tr("it tells how a run was triggered and how its jobs went, as gh run view does")}
               : SniffResult{};
}

ImportOutcome GithubRun::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                              const ImportContext &context) const
{
    evidence.kind = SourceKind::Other;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    RunReader reader(evidence);
    if (isJson(text->bytes()))
        readObjects(*text, true, evidence, context.forced,
                    [&reader](const ObjectNode &node) { reader.readJson(node); });
    else
        reader.readPage(*text);
    if (evidence.first) {
        evidence.basis = TimeBasis::Utc;
        evidence.zone = "UTC";
        evidence.resolutionNs = NsPerSecond;
    }
    if (reader.isEmpty())
        addNote(evidence, context.forced ? Severity::Error : Severity::Info, Code::BadSyntax, {1, 1, 0},
                tr("No job of a workflow run"));
    return ImportOutcome::Read;
}

} // namespace faultline
