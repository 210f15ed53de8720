// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/reportdata.h"

#include "app/report/reportcomparison.h"
#include "app/report/reportwords.h"
#include "models/core/translate.h"
#include "models/findings/runshown.h"
#include "models/placement/axiserror.h"

#include <QFileInfo>
#include <QLocale>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostNotes = 20;

class Builder
{
public:
    explicit Builder(const Analysis &analysis)
        : m_analysis(analysis)
        , m_series(analysis.evidence->allSeries())
    {
        std::map<QString, int> names;
        for (const auto &source : analysis.evidence->sources)
            ++names[QFileInfo(source->path).fileName()];
        for (const auto &source : analysis.evidence->sources) {
            const QFileInfo info(source->path);
            m_names << (names[info.fileName()] == 1 ? info.fileName() : info.dir().dirName() + u'/' + info.fileName());
        }
        for (const Verdict &verdict : analysis.diagnosis->verdicts)
            m_titles[verdict.cause] = verdict.title;
        for (const WalkedFlowchart &chart : analysis.diagnosis->flowcharts)
            for (const WalkedNode &node : chart.nodes)
                if (!node.cause.isEmpty() && !m_titles.contains(node.cause))
                    m_titles[node.cause] = node.label;
    }

    ReportData build() const
    {
        ReportData data;
        for (const Failure &failure : m_analysis.findings->failures)
            data.failures.push_back(reportFailure(failure));
        for (const Spike &spike : m_analysis.findings->spikes)
            data.spikes.push_back(reportSpike(spike));
        for (size_t s = 0; s < m_analysis.evidence->sources.size(); ++s)
            data.sources.push_back(reportSource(s));
        addNotes(data);
        data.annotations = reportAnnotations(m_analysis);
        if (m_analysis.comparison)
            data.comparison = reportComparison(m_analysis);
        data.headline = headline(data);
        return data;
    }

    std::vector<ReportPlace> places(const std::vector<EvidenceRef> &refs) const
    {
        std::vector<ReportPlace> result;
        for (const EvidenceRef &ref : refs)
            result.push_back(place(ref));
        return result;
    }

private:
    QString headline(const ReportData &data) const
    {
        if (data.failures.empty())
            return showsARun(*m_analysis.evidence) ? tr("Nothing failed in what was read.")
                                                   : tr("No run was recognised in what was read.");
        const ReportFailure &first = data.failures.front();
        if (first.verdicts.empty() || !first.verdicts.front().supported)
            return tr("%1. The evidence does not say why.").arg(first.what);
        return tr("%1: %2 (%3)").arg(first.what, first.verdicts.front().title, first.verdicts.front().status);
    }

    ReportPlace place(const EvidenceRef &ref) const
    {
        ReportPlace place;
        if (ref.time)
            place.time = reportTime(ref.time->time);
        if (ref.covered) {
            place.where = name(ref.source);
            place.text = tr("covers %1 to %2 and has nothing on “%3”")
                             .arg(reportTime(ref.covered->first), reportTime(ref.covered->second), ref.lookedFor);
        } else if (ref.series >= 0) {
            const SeriesRef series = m_series[static_cast<size_t>(ref.series)];
            place.where = name(series.source);
            place.text = tr("%1 = %2").arg(reportText(m_analysis.evidence->series(series).id()),
                                           reportValue(ref.value, m_analysis.evidence->series(series)));
        } else {
            place.where = ref.line > 0 ? name(ref.source) + u':' + QString::number(ref.line) : name(ref.source);
            place.text = reportText(ref.text);
        }
        return place;
    }

    QString name(int source) const { return source >= 0 && source < m_names.size() ? m_names[source] : QString(); }

    ReportFailure reportFailure(const Failure &failure) const
    {
        ReportFailure result;
        result.what = failure.what;
        if (failure.time) {
            result.time = reportTime(failure.time->time);
            const DurationNs axisError = axisErrorNs(*m_analysis.evidence, *m_analysis.placement);
            const double seconds = toSeconds(failure.time->uncertaintyNs());
            if (axisError > 0)
                result.uncertainty = tr("± %1 h, since no source states its zone").arg(axisError / NsPerHour);
            else if (seconds >= 0.001)
                result.uncertainty = tr("± %1 s").arg(QLocale::c().toString(seconds, 'g', 2));
        }
        result.details = details(failure);
        if (failure.follows >= 0)
            result.follows = m_analysis.findings->failures[static_cast<size_t>(failure.follows)].what;
        result.places = places(failure.evidence);
        for (const Spike &spike : m_analysis.findings->spikes)
            if (spike.failure == failure.id)
                result.spikes.push_back(reportSpike(spike));
        addDiagnosis(result, failure.id);
        return result;
    }

    static QString details(const Failure &failure)
    {
        QStringList parts;
        if (!failure.job.isEmpty())
            parts << tr("job %1").arg(reportText(failure.job));
        if (!failure.step.isEmpty())
            parts << tr("step %1").arg(reportText(failure.step));
        if (!failure.test.isEmpty())
            parts << tr("test %1").arg(reportText(failure.test));
        if (failure.exitCode)
            parts << tr("exit code %1").arg(*failure.exitCode);
        if (!failure.signal.isEmpty())
            parts << QString::fromLatin1(failure.signal);
        return parts.join(u" · "_s);
    }

    void addDiagnosis(ReportFailure &result, int failure) const
    {
        const Diagnosis &diagnosis = *m_analysis.diagnosis;
        for (const Verdict &verdict : diagnosis.verdicts)
            if (verdict.failure == failure)
                result.verdicts.push_back({verdict.cause, verdict.title, verdictStatusName(verdict.status),
                                           static_cast<int>(verdict.confidence * 100 + 0.5),
                                           verdict.status != VerdictStatus::Possible, verdict.explanation,
                                           verdict.remedy, verdict.prevention, places(verdict.evidence),
                                           !verdict.byHand.isEmpty()});
        for (const RuledOut &cause : diagnosis.ruledOut)
            if (cause.failure == failure)
                result.ruledOut.push_back({cause.cause, title(cause.cause), places(cause.because)});
        for (const Missing &missing : diagnosis.missing)
            if (missing.failure == failure || missing.failure < 0)
                result.missing.emplace_back(missing.command, missing.wouldDecide);
        for (const HandAnswered &said : diagnosis.answers)
            if (said.failure == failure)
                result.answers.emplace_back(said.label, said.answer);
        for (const WalkedFlowchart &chart : diagnosis.flowcharts)
            if (chart.failure == failure)
                result.mermaid.push_back(chart.mermaid);
    }

    QString title(const QString &cause) const
    {
        const auto it = m_titles.find(cause);
        return it == m_titles.end() ? cause : it->second;
    }

    ReportPlace reportSpike(const Spike &spike) const
    {
        const SeriesRef ref = m_series[static_cast<size_t>(spike.series)];
        const Series &series = m_analysis.evidence->series(ref);
        return {
            reportText(series.id()),
            tr("%1: %2, before %3")
                .arg(spikeKindName(spike.kind), reportValue(spike.value, series), reportValue(spike.baseline, series)),
            reportTime(spike.peak)};
    }

    ReportSource reportSource(size_t s) const
    {
        const SourceEvidence &source = *m_analysis.evidence->sources[s];
        const SourcePlacement &placement = m_analysis.placement->sources[s];
        ReportSource result;
        result.path = source.path;
        result.kind = sourceKindName(source.kind);
        result.format = QString::fromLatin1(source.format);
        result.lines = QString::number(source.lineCount());
        const auto first = source.first ? placement.place(*source.first) : std::nullopt;
        const auto last = source.last ? placement.place(*source.last) : std::nullopt;
        if (first && last)
            result.range = tr("%1 to %2").arg(reportTime(first->time), reportTime(last->time));
        result.clock = placement.reason;
        return result;
    }

    void addNotes(ReportData &data) const
    {
        size_t left = 0;
        for (size_t s = 0; s < m_analysis.evidence->sources.size(); ++s)
            for (const Note &note : m_analysis.evidence->sources[s]->notes) {
                if (data.notes.size() >= MostNotes) {
                    ++left;
                    continue;
                }
                QString where = name(static_cast<int>(s));
                if (note.position.line > 0)
                    where += u':' + QString::number(note.position.line);
                data.notes.push_back(where + u": "_s + note.text
                                     + (note.count > 1 ? tr(" (%1 times)").arg(note.count) : QString()));
            }
        if (left > 0)
            data.notes.push_back(tr("%1 more notes: see inspect").arg(left));
    }

    const Analysis &m_analysis;
    std::vector<SeriesRef> m_series;
    QStringList m_names;
    std::map<QString, QString> m_titles;
};

} // namespace

std::vector<ReportPlace> reportPlaces(const Analysis &analysis, const std::vector<EvidenceRef> &refs)
{
    return Builder(analysis).places(refs);
}

ReportData reportData(const Analysis &analysis)
{
    return Builder(analysis).build();
}

} // namespace faultline
