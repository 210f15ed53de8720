// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/redaction/redactedanalysis.h"

namespace faultline {

namespace {

/// Takes secrets out of every text of a structure, in place.
class Pass
{
public:
    explicit Pass(Redactor &redactor)
        : m_redactor(redactor)
    {
    }

    void over(QString &text)
    {
        if (!text.isEmpty())
            text = m_redactor.redacted(text);
    }
    void over(QByteArray &text)
    {
        if (!text.isEmpty())
            text = m_redactor.redacted(text);
    }
    void over(QStringList &texts)
    {
        for (QString &text : texts)
            over(text);
    }
    template<typename T>
    void over(std::vector<T> &items)
    {
        for (T &item : items)
            over(item);
    }
    /// Fields and labels: `password` says what its value is.
    void over(std::pair<QByteArray, QByteArray> &field) { over(field.second); }
    void over(Identity &identity)
    {
        over(identity.host);
        over(identity.pod);
        over(identity.container);
        over(identity.cgroup);
        over(identity.job);
    }
    void over(Event &event)
    {
        over(event.text);
        over(event.fields);
        over(event.identity);
    }
    void over(Span &span)
    {
        over(span.name);
        over(span.identity);
    }
    void over(Fact &fact)
    {
        over(fact.subject);
        over(fact.value);
        over(fact.identity);
    }
    void over(Series &series)
    {
        over(series.name);
        over(series.labels);
    }
    void over(Coverage &coverage) { over(coverage.subject); }
    void over(Note &note) { over(note.text); }
    void over(SourceEvidence &source)
    {
        over(source.path);
        over(source.identity);
        over(source.events);
        over(source.spans);
        over(source.facts);
        over(source.series);
        over(source.coverage);
        over(source.notes);
    }
    void over(Anchor &anchor) { over(anchor.what); }
    void over(SourcePlacement &placement)
    {
        over(placement.reason);
        over(placement.anchors);
    }
    void over(EvidenceRef &ref)
    {
        over(ref.text);
        over(ref.lookedFor);
    }
    void over(Failure &failure)
    {
        over(failure.what);
        over(failure.job);
        over(failure.step);
        over(failure.test);
        over(failure.evidence);
        over(failure.identity);
    }
    void over(Verdict &verdict)
    {
        over(verdict.evidence);
        over(verdict.against);
        over(verdict.explanation);
        over(verdict.remedy);
        over(verdict.prevention);
    }
    void over(RuledOut &cause) { over(cause.because); }
    void over(Missing &missing)
    {
        over(missing.command);
        over(missing.wouldDecide);
    }
    void over(HandAnswered &answer) { over(answer.answer); }
    void over(WalkedNode &node)
    {
        over(node.reason);
        over(node.answer);
        over(node.rows);
    }
    void over(WalkedFlowchart &chart)
    {
        over(chart.nodes);
        over(chart.mermaid);
    }
    void over(Error &error) { over(error.message); }
    void over(Annotation &note)
    {
        over(note.source);
        over(note.series);
        over(note.quote);
        over(note.text);
        over(note.author);
        over(note.tags);
    }
    void over(LineDifference &line) { over(line.text); }
    void over(SpanDifference &span)
    {
        over(span.name);
        over(span.job);
    }

private:
    Redactor &m_redactor;
};

} // namespace

Analysis redactedAnalysis(const Analysis &analysis, Redactor &redactor)
{
    Pass pass(redactor);
    Evidence evidence;
    for (const auto &source : analysis.evidence->sources) {
        auto copy = std::make_shared<SourceEvidence>(*source);
        pass.over(*copy);
        evidence.sources.push_back(std::move(copy));
    }
    auto placement = std::make_shared<Placement>(*analysis.placement);
    pass.over(placement->sources);
    auto findings = std::make_shared<Findings>(*analysis.findings);
    pass.over(findings->failures);
    Analysis result{
        std::make_shared<const Evidence>(std::move(evidence)), std::move(placement), std::move(findings), {}};
    if (analysis.diagnosis) {
        auto diagnosis = std::make_shared<Diagnosis>(*analysis.diagnosis);
        pass.over(diagnosis->verdicts);
        pass.over(diagnosis->ruledOut);
        pass.over(diagnosis->missing);
        pass.over(diagnosis->flowcharts);
        pass.over(diagnosis->answers);
        pass.over(diagnosis->errors);
        result.diagnosis = std::move(diagnosis);
    }
    if (analysis.annotations) {
        auto annotations = std::make_shared<Annotations>(*analysis.annotations);
        pass.over(*annotations);
        result.annotations = std::move(annotations);
    }
    if (analysis.comparison) {
        auto comparison = std::make_shared<RunComparison>(*analysis.comparison);
        pass.over(comparison->baselinePaths);
        pass.over(comparison->lines);
        pass.over(comparison->spans);
        result.comparison = std::move(comparison);
    }
    return result;
}

} // namespace faultline
