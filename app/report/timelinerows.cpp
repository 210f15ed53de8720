// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/timelinerows.h"

#include "app/report/csvfield.h"
#include "app/report/reportwords.h"
#include "models/core/translate.h"
#include "models/views/texts.h"

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

class Collector
{
public:
    explicit Collector(const Analysis &analysis)
        : m_analysis(analysis)
        , m_names(sourceNames(*analysis.evidence))
        , m_series(analysis.evidence->allSeries())
    {
    }

    void addFailures()
    {
        for (const Failure &failure : m_analysis.findings->failures) {
            TimelineRow row = rowAt(failure.source, failure.line, u"failure"_s);
            if (failure.time)
                row.time = failure.time->time;
            row.text = failure.what;
            m_seen.insert({failure.source, failure.line});
            m_rows.push_back(std::move(row));
        }
        for (const Failure &failure : m_analysis.findings->failures)
            addEvidence(failure.evidence);
        if (!m_analysis.diagnosis)
            return;
        std::set<int> told; // the best cause of each failure
        for (const Verdict &verdict : m_analysis.diagnosis->verdicts)
            if (told.insert(verdict.failure).second)
                addEvidence(verdict.evidence);
    }

    void addSpikes()
    {
        for (const Spike &spike : m_analysis.findings->spikes) {
            const SeriesRef ref = m_series[static_cast<size_t>(spike.series)];
            const Series &series = m_analysis.evidence->series(ref);
            TimelineRow row = rowAt(ref.source, 0, u"spike"_s);
            row.where = reportText(series.id());
            row.time = spike.peak;
            row.text = tr("%1: %2, before %3")
                           .arg(spikeKindName(spike.kind), reportValue(spike.value, series),
                                reportValue(spike.baseline, series));
            m_rows.push_back(std::move(row));
        }
    }

    void addNotes()
    {
        if (!m_analysis.annotations)
            return;
        for (const PlacedAnnotation &placed : placedAnnotations(*m_analysis.annotations, *m_analysis.evidence,
                                                                *m_analysis.placement, m_analysis.findings.get())) {
            const Annotation &note = placed.annotation;
            TimelineRow row = rowAt(placed.source, note.line, u"note"_s);
            if (note.target != AnnotationTarget::Moment && note.target != AnnotationTarget::Range)
                row.where = annotationPlaceText(note, m_names.value(placed.source));
            if (placed.time)
                row.time = placed.time->time;
            row.end = placed.end;
            row.text = note.text;
            row.author = note.author;
            row.tags = note.tags;
            m_rows.push_back(std::move(row));
        }
    }

    void addSpans()
    {
        for (size_t s = 0; s < m_analysis.evidence->sources.size(); ++s)
            for (const Span &span : m_analysis.evidence->sources[s]->spans) {
                const bool isTold = span.kind == SpanKind::Job || span.kind == SpanKind::Step
                                    || (span.kind == SpanKind::Test && span.outcome == Outcome::Failed);
                if (!isTold || m_rows.size() >= MostTimelineRows)
                    continue;
                const int source = static_cast<int>(s);
                TimelineRow row = rowAt(source, span.line, QString(spanKindName(span.kind)));
                const auto place = [&](const std::optional<SourceTime> &time) -> std::optional<TimeNs> {
                    const auto placed = time ? m_analysis.placement->place(source, *time) : std::nullopt;
                    return placed ? std::optional(placed->time) : std::nullopt;
                };
                row.time = place(span.start);
                row.end = place(span.end);
                row.text = span.outcome == Outcome::Unknown
                               ? reportText(span.name)
                               : u"%1: %2"_s.arg(reportText(span.name), QString(outcomeName(span.outcome)));
                m_rows.push_back(std::move(row));
            }
    }

    std::vector<TimelineRow> take()
    {
        std::ranges::stable_sort(m_rows, [](const TimelineRow &a, const TimelineRow &b) {
            return a.time && (!b.time || *a.time < *b.time);
        });
        if (m_rows.size() > MostTimelineRows)
            m_rows.resize(MostTimelineRows);
        return std::move(m_rows);
    }

private:
    TimelineRow rowAt(int source, qint64 line, const QString &kind) const
    {
        TimelineRow row;
        row.kind = kind;
        if (source < 0 || source >= m_names.size())
            return row;
        row.path = m_analysis.evidence->sources[static_cast<size_t>(source)]->path;
        row.line = line;
        row.where = line > 0 ? u"%1:%2"_s.arg(m_names[source]).arg(line) : m_names[source];
        return row;
    }

    void addEvidence(const std::vector<EvidenceRef> &refs)
    {
        for (const EvidenceRef &ref : refs) {
            if (ref.line <= 0 || !m_seen.insert({ref.source, ref.line}).second)
                continue;
            TimelineRow row = rowAt(ref.source, ref.line, u"evidence"_s);
            if (ref.time)
                row.time = ref.time->time;
            row.text = reportText(ref.text);
            m_rows.push_back(std::move(row));
        }
    }

    const Analysis &m_analysis;
    QStringList m_names;
    std::vector<SeriesRef> m_series;
    std::vector<TimelineRow> m_rows;
    std::set<std::pair<int, qint64>> m_seen;
};

} // namespace

std::vector<TimelineRow> timelineRows(const Analysis &analysis, bool spans)
{
    Collector collector(analysis);
    collector.addFailures();
    collector.addSpikes();
    collector.addNotes();
    if (spans)
        collector.addSpans();
    return collector.take();
}

QByteArray timelineCsv(const Analysis &analysis)
{
    QString text = u"time,end,kind,where,source,line,text,author,tags\r\n"_s;
    const auto time = [](const std::optional<TimeNs> &moment) {
        return moment ? QString::fromLatin1(toRfc3339(*moment)) : QString();
    };
    for (const TimelineRow &row : timelineRows(analysis, true)) {
        const QStringList fields{
            time(row.time),      time(row.end),        row.kind,
            csvField(row.where), csvField(row.path),   row.line > 0 ? QString::number(row.line) : QString(),
            csvField(row.text),  csvField(row.author), csvField(row.tags.join(u' '))};
        text += fields.join(u',') + u"\r\n"_s;
    }
    return text.toUtf8();
}

} // namespace faultline
