// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/report/jsonreport.h"

#include "app/report/reportannotations.h"
#include "models/placement/axiserror.h"

#include <QJsonArray>

#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostText = 2'000;

QString shown(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes.left(MostText));
}

QJsonValue timeValue(TimeNs time)
{
    return QString::fromLatin1(toRfc3339(time));
}

QJsonValue timeValue(const std::optional<PlacedTime> &time)
{
    return time ? timeValue(time->time) : QJsonValue();
}

QJsonValue textOrNull(const QByteArray &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(shown(text));
}

/// JSON has no NaN and no infinity.
QJsonValue number(double value)
{
    return std::isfinite(value) ? QJsonValue(value) : QJsonValue();
}

QJsonValue seconds(DurationNs duration)
{
    return toSeconds(duration);
}

class JsonWriter
{
public:
    explicit JsonWriter(const Analysis &analysis)
        : m_analysis(analysis)
        , m_series(analysis.evidence->allSeries())
    {
    }

    QJsonArray sources() const
    {
        QJsonArray result;
        for (size_t s = 0; s < m_analysis.evidence->sources.size(); ++s)
            result.append(source(static_cast<int>(s)));
        return result;
    }

    QJsonArray notes() const
    {
        QJsonArray result;
        for (size_t s = 0; s < m_analysis.evidence->sources.size(); ++s)
            for (const Note &note : m_analysis.evidence->sources[s]->notes)
                result.append(QJsonObject{
                    {u"source"_s, static_cast<qint64>(s)},
                    {u"line"_s, note.position.line > 0 ? QJsonValue(note.position.line) : QJsonValue()},
                    {u"column"_s, note.position.column > 0 ? QJsonValue(note.position.column) : QJsonValue()},
                    {u"byte_offset"_s,
                     note.position.byteOffset >= 0 ? QJsonValue(note.position.byteOffset) : QJsonValue()},
                    {u"severity"_s, severityName(note.severity)},
                    {u"code"_s, codeName(note.code)},
                    {u"text"_s, note.text},
                    {u"count"_s, note.count}});
        return result;
    }

    QJsonArray failures() const
    {
        QJsonArray result;
        const DurationNs axisError = axisErrorNs(*m_analysis.evidence, *m_analysis.placement);
        for (const Failure &failure : m_analysis.findings->failures)
            result.append(QJsonObject{
                {u"time"_s, timeValue(failure.time)},
                {u"uncertainty_seconds"_s, failure.time ? seconds(std::max(failure.time->time - failure.time->lo,
                                                                           failure.time->hi - failure.time->time)
                                                                  + axisError)
                                                        : QJsonValue()},
                {u"exit_code"_s, failure.exitCode ? QJsonValue(*failure.exitCode) : QJsonValue()},
                {u"signal"_s, textOrNull(failure.signal)},
                {u"what"_s, failure.what},
                {u"job"_s, textOrNull(failure.job)},
                {u"step"_s, textOrNull(failure.step)},
                {u"test"_s, textOrNull(failure.test)},
                {u"follows"_s, failure.follows >= 0 ? QJsonValue(failure.follows) : QJsonValue()},
                {u"evidence"_s, evidence(failure.evidence)}});
        return result;
    }

    QJsonArray spikes() const
    {
        QJsonArray result;
        for (const Spike &spike : m_analysis.findings->spikes) {
            const SeriesRef ref = m_series[static_cast<size_t>(spike.series)];
            result.append(
                QJsonObject{{u"source"_s, ref.source},
                            {u"series"_s, shown(m_analysis.evidence->series(ref).id())},
                            {u"kind"_s, spikeKindName(spike.kind)},
                            {u"failure"_s, spike.failure >= 0 ? QJsonValue(spike.failure) : QJsonValue()},
                            {u"start"_s, timeValue(spike.start)},
                            {u"peak"_s, timeValue(spike.peak)},
                            {u"end"_s, timeValue(spike.end)},
                            {u"value"_s, number(spike.value)},
                            {u"baseline"_s, number(spike.baseline)},
                            {u"score"_s, number(spike.score)},
                            {u"until_limit_seconds"_s,
                             spike.untilLimitNs ? QJsonValue(toSeconds(*spike.untilLimitNs)) : QJsonValue()}});
        }
        return result;
    }

    QJsonArray diagnosis() const
    {
        QJsonArray result;
        for (const Verdict &verdict : m_analysis.diagnosis->verdicts) {
            QJsonObject object{{u"cause"_s, verdict.cause},
                               {u"title"_s, verdict.title},
                               {u"status"_s, verdictStatusName(verdict.status)},
                               {u"confidence"_s, number(verdict.confidence)},
                               {u"failure"_s, verdict.failure},
                               {u"playbook"_s, verdict.playbook},
                               {u"path"_s, QJsonArray::fromStringList(verdict.path)},
                               {u"evidence"_s, evidence(verdict.evidence)},
                               {u"against"_s, evidence(verdict.against)},
                               {u"coincident"_s, verdict.coincident},
                               {u"explanation"_s, verdict.explanation},
                               {u"remedy"_s, verdict.remedy},
                               {u"prevention"_s, verdict.prevention}};
            if (!verdict.byHand.isEmpty())
                object[u"by_hand"_s] = QJsonArray::fromStringList(verdict.byHand);
            result.append(object);
        }
        return result;
    }

    QJsonArray ruledOut() const
    {
        QJsonArray result;
        for (const RuledOut &cause : m_analysis.diagnosis->ruledOut)
            result.append(QJsonObject{
                {u"cause"_s, cause.cause}, {u"failure"_s, cause.failure}, {u"because"_s, evidence(cause.because)}});
        return result;
    }

    QJsonArray missing() const
    {
        QJsonArray result;
        for (const Missing &missing : m_analysis.diagnosis->missing)
            result.append(
                QJsonObject{{u"need"_s, missing.need},
                            {u"command"_s, missing.command},
                            {u"would_decide"_s, missing.wouldDecide},
                            {u"question"_s, QString(missing.playbook % u'.' % missing.node)},
                            {u"choices"_s, QJsonArray::fromStringList(missing.choices)},
                            {u"failure"_s, missing.failure >= 0 ? QJsonValue(missing.failure) : QJsonValue()}});
        return result;
    }

    QJsonArray answers() const
    {
        QJsonArray result;
        for (const HandAnswered &said : m_analysis.diagnosis->answers)
            result.append(QJsonObject{{u"failure"_s, said.failure},
                                      {u"playbook"_s, said.playbook},
                                      {u"node"_s, said.node},
                                      {u"question"_s, said.label},
                                      {u"answer"_s, said.answer}});
        return result;
    }

    QJsonArray flowcharts() const
    {
        QJsonArray result;
        for (const WalkedFlowchart &chart : m_analysis.diagnosis->flowcharts)
            result.append(QJsonObject{
                {u"playbook"_s, chart.playbook}, {u"failure"_s, chart.failure}, {u"mermaid"_s, chart.mermaid}});
        return result;
    }

private:
    QJsonObject source(int index) const
    {
        const SourceEvidence &source = *m_analysis.evidence->sources[static_cast<size_t>(index)];
        const SourcePlacement &placement = m_analysis.placement->sources[static_cast<size_t>(index)];
        const auto at = [&](const std::optional<SourceTime> &time) {
            return time ? timeValue(placement.place(*time)) : QJsonValue();
        };
        return {{u"path"_s, source.path},
                {u"kind"_s, sourceKindName(source.kind)},
                {u"format"_s, QString::fromLatin1(source.format)},
                {u"taken_for"_s, source.formatReason},
                {u"bytes"_s, source.byteCount},
                {u"lines"_s, source.lineCount()},
                {u"events"_s, static_cast<qint64>(source.events.size())},
                {u"first"_s, at(source.first)},
                {u"last"_s, at(source.last)},
                {u"clock"_s, clock(source, placement)}};
    }

    QJsonObject clock(const SourceEvidence &source, const SourcePlacement &placement) const
    {
        const auto &failures = m_analysis.findings->failures;
        TimeNs at;
        if (!failures.empty() && failures.front().time)
            at = failures.front().time->time;
        else if (const auto last = source.last ? placement.place(*source.last) : std::nullopt)
            at = last->time;
        const auto offset = placement.offsetAt(at);
        QJsonArray segments;
        if (placement.segments.size() > 1)
            for (const Segment &segment : placement.segments)
                segments.append(QJsonObject{{u"from_seconds"_s, seconds(segment.from.ns)},
                                            {u"offset_seconds"_s, seconds(segment.offsetNs)},
                                            {u"drift"_s, number(segment.drift)},
                                            {u"error_seconds"_s, seconds(segment.errorNs)}});
        return {{u"basis"_s, timeBasisName(source.basis)},
                {u"zone"_s, textOrNull(source.zone)},
                {u"offset_seconds"_s, offset ? seconds(*offset) : QJsonValue()},
                {u"how"_s, placementHowName(placement.how)},
                {u"residual_seconds"_s, seconds(placement.residualNs)},
                {u"reason"_s, placement.reason},
                {u"segments"_s, segments}};
    }

    QJsonArray evidence(const std::vector<EvidenceRef> &refs) const
    {
        QJsonArray result;
        for (const EvidenceRef &ref : refs)
            result.append(place(ref));
        return result;
    }

public:
    QJsonArray annotations() const
    {
        QJsonArray notes;
        for (const ReportAnnotation &note : reportAnnotations(m_analysis))
            notes.append(QJsonObject{{u"where"_s, note.where},
                                     {u"time"_s, note.time},
                                     {u"end"_s, note.end},
                                     {u"quote"_s, note.quote},
                                     {u"text"_s, note.text},
                                     {u"author"_s, note.author},
                                     {u"tags"_s, QJsonArray::fromStringList(note.tags)},
                                     {u"colour"_s, note.colour}});
        return notes;
    }

    QJsonObject comparison() const
    {
        const RunComparison &comparison = *m_analysis.comparison;
        QJsonArray lines;
        for (const LineDifference &line : comparison.lines)
            lines.append(QJsonObject{{u"kind"_s, differenceName(line.kind)},
                                     {u"source"_s, line.source},
                                     {u"line"_s, line.line},
                                     {u"count"_s, line.count},
                                     {u"text"_s, shown(line.text)},
                                     {u"time"_s, timeValue(line.time)}});
        const auto seconds = [](std::optional<DurationNs> took) {
            return took ? QJsonValue(toSeconds(*took)) : QJsonValue();
        };
        QJsonArray spans;
        for (const SpanDifference &span : comparison.spans)
            spans.append(QJsonObject{{u"kind"_s, differenceName(span.kind)},
                                     {u"span"_s, spanKindName(span.span)},
                                     {u"name"_s, shown(span.name)},
                                     {u"job"_s, span.job.isEmpty() ? QJsonValue() : QJsonValue(shown(span.job))},
                                     {u"before"_s, outcomeName(span.before)},
                                     {u"after"_s, outcomeName(span.after)},
                                     {u"seconds_before"_s, seconds(span.tookBefore)},
                                     {u"seconds_after"_s, seconds(span.tookAfter)},
                                     {u"source"_s, span.source},
                                     {u"line"_s, span.line}});
        QJsonArray series;
        for (const SeriesDivergence &divergence : comparison.series) {
            const SeriesRef ref = m_series[static_cast<size_t>(divergence.series)];
            series.append(QJsonObject{{u"source"_s, ref.source},
                                      {u"series"_s, shown(m_analysis.evidence->series(ref).id())},
                                      {u"time"_s, timeValue(divergence.at)},
                                      {u"since_start_seconds"_s, toSeconds(divergence.sinceStart)},
                                      {u"value"_s, number(divergence.value)},
                                      {u"expected"_s, number(divergence.expected)},
                                      {u"score"_s, number(divergence.score)}});
        }
        QJsonArray moved;
        for (const LineDifference &line : comparison.moved)
            moved.append(QJsonObject{{u"source"_s, line.source},
                                     {u"line"_s, line.line},
                                     {u"count"_s, line.count},
                                     {u"source_before"_s, line.otherSource},
                                     {u"line_before"_s, line.otherLine},
                                     {u"text"_s, shown(line.text)}});
        QJsonArray profiles;
        for (const ProfileDifference &difference : comparison.profiles)
            profiles.append(QJsonObject{{u"type"_s, QString::fromUtf8(difference.type)},
                                        {u"unit"_s, QString::fromUtf8(difference.unit)},
                                        {u"function"_s, shown(difference.function)},
                                        {u"before"_s, number(difference.before)},
                                        {u"after"_s, number(difference.after)},
                                        {u"source"_s, difference.source}});
        QJsonArray caches;
        for (const CacheDifference &difference : comparison.caches)
            caches.append(QJsonObject{{u"cache"_s, QString::fromUtf8(difference.cache)},
                                      {u"hits_before"_s, difference.before.hits},
                                      {u"misses_before"_s, difference.before.misses},
                                      {u"hits_after"_s, difference.after.hits},
                                      {u"misses_after"_s, difference.after.misses}});
        return {{u"sources"_s, QJsonArray::fromStringList(comparison.baselinePaths)},
                {u"aligned_at"_s, comparison.alignedAt},
                {u"moved"_s, moved},
                {u"moved_lines"_s, comparison.movedLines},
                {u"profiles"_s, profiles},
                {u"caches"_s, caches},
                {u"lines"_s, lines},
                {u"new_lines"_s, comparison.newLines},
                {u"gone_lines"_s, comparison.goneLines},
                {u"spans"_s, spans},
                {u"series"_s, series},
                {u"warnings"_s, QJsonArray::fromStringList(comparison.warnings)}};
    }

private:
    QJsonObject place(const EvidenceRef &ref) const
    {
        QJsonObject object{{u"source"_s, ref.source}};
        if (ref.covered) {
            object[u"covered"_s] = QJsonArray{timeValue(ref.covered->first), timeValue(ref.covered->second)};
            object[u"looked_for"_s] = ref.lookedFor;
            return object;
        }
        if (ref.series >= 0) {
            const SeriesRef series = m_series[static_cast<size_t>(ref.series)];
            object[u"source"_s] = series.source;
            object[u"series"_s] = shown(m_analysis.evidence->series(series).id());
            object[u"time"_s] = timeValue(ref.time);
            object[u"value"_s] = number(ref.value);
            return object;
        }
        object[u"line"_s] = ref.line > 0 ? QJsonValue(ref.line) : QJsonValue();
        if (ref.lastLine > ref.line)
            object[u"last_line"_s] = ref.lastLine;
        object[u"text"_s] = shown(ref.text);
        object[u"role"_s] = ref.role == EvidenceRole::Failing ? u"failing"_s : u"supporting"_s;
        if (ref.time)
            object[u"time"_s] = timeValue(ref.time);
        return object;
    }

    const Analysis &m_analysis;
    std::vector<SeriesRef> m_series;
};

} // namespace

QJsonObject jsonReport(const Analysis &analysis)
{
    const JsonWriter writer(analysis);
    QJsonObject report{{u"schema"_s, u"faultline.analysis/1"_s},
                       {u"sources"_s, writer.sources()},
                       {u"failures"_s, writer.failures()},
                       {u"spikes"_s, writer.spikes()},
                       {u"diagnosis"_s, writer.diagnosis()},
                       {u"ruled_out"_s, writer.ruledOut()},
                       {u"missing"_s, writer.missing()},
                       {u"flowcharts"_s, writer.flowcharts()},
                       {u"notes"_s, writer.notes()}};
    if (QJsonArray notes = writer.annotations(); !notes.isEmpty())
        report[u"annotations"_s] = notes;
    if (analysis.comparison)
        report[u"comparison"_s] = writer.comparison();
    if (!analysis.diagnosis->answers.empty())
        report[u"answers"_s] = writer.answers();
    return report;
}

QJsonObject jsonSources(const Analysis &analysis)
{
    const JsonWriter writer(analysis);
    return {{u"schema"_s, u"faultline.analysis/1"_s}, {u"sources"_s, writer.sources()}, {u"notes"_s, writer.notes()}};
}

} // namespace faultline
