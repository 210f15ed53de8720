// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/redaction/redactedanalysis.h"

#include "models/core/translate.h"

#include <QFileInfo>

namespace faultline {

namespace {

/// Takes secrets out of every text of a structure, in place.
class Pass
{
public:
    Pass(Redactor &redactor, const Analysis &analysis, const CancelToken &cancel)
        : m_redactor(redactor)
        , m_cancel(cancel)
    {
        for (const auto &source : analysis.evidence->sources)
            m_names << QFileInfo(source->path).fileName();
    }

    /// What follows is of that source, or of something called `name`.
    void begin(const QString &name)
    {
        m_name = name;
        m_redactor.setPlace(name);
    }
    QString nameOf(int source) const { return m_names.value(source); }

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
        for (T &item : items) {
            if (m_cancel.isCancelled())
                return;
            over(item);
        }
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
    void over(SharedIdentity &shared)
    {
        if (shared.isEmpty())
            return;
        Identity identity = *shared;
        over(identity);
        if (*m_lastShared != identity)
            m_lastShared = identity;
        shared = m_lastShared;
    }
    void over(Event &event)
    {
        m_redactor.setPlace(m_name, event.line);
        over(event.text);
        over(event.fields);
        over(event.identity);
    }
    void over(Span &span)
    {
        m_redactor.setPlace(m_name, span.line);
        over(span.name);
        over(span.identity);
    }
    void over(Fact &fact)
    {
        m_redactor.setPlace(m_name, fact.line);
        over(fact.subject);
        over(fact.value);
        over(fact.identity);
    }
    void over(Series &series)
    {
        m_redactor.setPlace(m_name, series.line);
        over(series.name);
        over(series.labels);
    }
    void over(Coverage &coverage) { over(coverage.subject); }
    void over(Note &note)
    {
        m_redactor.setPlace(m_name, note.position.line);
        over(note.text);
    }
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
        m_redactor.setPlace(ref.source >= 0 ? nameOf(ref.source) : m_name, ref.line);
        over(ref.text);
        over(ref.lookedFor);
    }
    void over(Failure &failure)
    {
        m_redactor.setPlace(nameOf(failure.source), failure.line);
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
        m_redactor.setPlace(m_name);
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
        m_redactor.setPlace(m_name, note.id);
        over(note.source);
        over(note.series);
        over(note.quote);
        over(note.text);
        over(note.author);
        over(note.tags);
    }
    void over(LineDifference &line)
    {
        m_redactor.setPlace(line.kind == Difference::Gone ? m_name : nameOf(line.source), line.line);
        over(line.text);
    }
    void over(SpanDifference &span)
    {
        over(span.name);
        over(span.job);
    }
    void over(ProfileDifference &difference) { over(difference.function); }
    void overLines(QString &text)
    {
        QStringList lines = text.split(u'\n');
        for (qsizetype i = 0; i < lines.size(); ++i) {
            m_redactor.setPlace(m_name, i + 1);
            over(lines[i]);
        }
        text = lines.join(u'\n');
    }

private:
    Redactor &m_redactor;
    const CancelToken &m_cancel;
    QStringList m_names;         ///< Of the sources.
    QString m_name;              ///< Of what is gone over.
    SharedIdentity m_lastShared; ///< Of the last fact: most have what the one before has.
};

Analysis goneOver(const Analysis &analysis, Redactor &redactor, const CancelToken &cancel)
{
    Pass pass(redactor, analysis, cancel);
    Evidence evidence;
    for (size_t s = 0; s < analysis.evidence->sources.size(); ++s) {
        pass.begin(pass.nameOf(static_cast<int>(s)));
        auto copy = std::make_shared<SourceEvidence>(*analysis.evidence->sources[s]);
        pass.over(*copy);
        evidence.sources.push_back(std::move(copy));
    }
    pass.begin(tr("Clocks"));
    auto placement = std::make_shared<Placement>(*analysis.placement);
    pass.over(placement->sources);
    pass.begin(tr("Failures"));
    auto findings = std::make_shared<Findings>(*analysis.findings);
    pass.over(findings->failures);
    Analysis result{
        std::make_shared<const Evidence>(std::move(evidence)), std::move(placement), std::move(findings), {}};
    if (analysis.diagnosis) {
        pass.begin(tr("Diagnosis"));
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
        pass.begin(tr("Note"));
        auto annotations = std::make_shared<Annotations>(*analysis.annotations);
        pass.over(*annotations);
        result.annotations = std::move(annotations);
    }
    if (analysis.comparison) {
        pass.begin(tr("Comparison"));
        auto comparison = std::make_shared<RunComparison>(*analysis.comparison);
        pass.over(comparison->baselinePaths);
        pass.over(comparison->lines);
        pass.over(comparison->moved);
        pass.over(comparison->spans);
        pass.over(comparison->aligned);
        pass.over(comparison->profiles);
        pass.over(comparison->warnings);
        pass.over(comparison->alignedAt);
        result.comparison = std::move(comparison);
    }
    pass.begin(tr("Postmortem"));
    result.postmortem = analysis.postmortem;
    pass.overLines(result.postmortem);
    return result;
}

} // namespace

Analysis redactedAnalysis(const Analysis &analysis, Redactor &redactor, const CancelToken &cancel)
{
    // What a later text gives away may stand in an earlier one too.
    Redactor scout = redactor;
    goneOver(analysis, scout, cancel);
    redactor.know(scout);
    return goneOver(analysis, redactor, cancel);
}

} // namespace faultline
