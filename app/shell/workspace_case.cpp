// SPDX-License-Identifier: GPL-3.0-or-later
// Notes in the workspace, moments and what a query plots, and what a saved case remembers of it.
#include "app/shell/workspace.h"

#include "app/logview/logpane.h"
#include "app/shell/annotationspanel.h"
#include "app/shell/flowpanel.h"
#include "app/sqlconsole/queryplot.h"
#include "app/sqlconsole/sqlconsole.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelineview.h"

#include <QDockWidget>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// The lines' text, as a quote.
QString quoteOf(const SourceEvidence &source, qint64 line, qint64 lastLine)
{
    constexpr qint64 MostQuotedLines = 5;
    QStringList quoted;
    for (const TimedLine &read : decodeLines(source, line, std::min(lastLine - line + 1, MostQuotedLines)))
        quoted.append(QString::fromUtf8(read.text.left(Annotation::MostQuote)));
    return quoted.join(u'\n').left(Annotation::MostQuote);
}

} // namespace

void Workspace::setAnnotations(const Analysis &analysis)
{
    m_annotations->setAnalysis(analysis);
    m_log->setAnnotations(analysis.annotations);
    if (analysis.evidence && analysis.annotations)
        m_timeline->setAnnotations(
            placedAnnotations(*analysis.annotations, *analysis.evidence, *analysis.placement, analysis.findings.get()));
    // A case without notes needs no room for them; the first one shows where they are.
    const bool hasNotes = m_annotations->model()->rowCount() > 0;
    if (hasNotes && !m_hadAnnotations && !m_annotationsDock->isVisible()) {
        m_annotationsDock->show();
        resizeDocks({m_sourcesDock, m_annotationsDock}, {3, 2}, Qt::Vertical);
    }
    m_hadAnnotations = hasNotes;
}

void Workspace::showAnnotation(const PlacedAnnotation &note)
{
    const Annotation &annotation = note.annotation;
    switch (annotation.target) {
    case AnnotationTarget::Line:
        if (note.source >= 0)
            m_selection->selectLine(note.source, annotation.line);
        else
            Q_EMIT message(tr("%1 is not among the files that were read").arg(annotation.source));
        break;
    case AnnotationTarget::Spike:
        if (note.series >= 0)
            m_selection->selectSeries(note.series, note.time ? std::optional(note.time->time) : std::nullopt);
        break;
    case AnnotationTarget::Node:
        m_selection->selectFailure(annotation.failure);
        m_selection->selectNode(annotation.playbook, annotation.node);
        break;
    case AnnotationTarget::Moment:
    case AnnotationTarget::Range:
        if (note.time)
            m_selection->selectTime(note.time->time);
        break;
    }
    if (note.time && note.end)
        m_timeline->axis()->zoomTo({note.time->time, *note.end}, (*note.end - note.time->time) / 4 + NsPerSecond,
                                   (*note.end - note.time->time) / 4 + NsPerSecond);
}

AnnotationChoice Workspace::lineChoice() const
{
    const int source = m_selection->source();
    const SourceEvidence &evidence = *m_selection->analysis().evidence->sources[static_cast<size_t>(source)];
    AnnotationChoice choice;
    choice.note.target = AnnotationTarget::Line;
    choice.note.source = evidence.path;
    choice.note.line = choice.note.lastLine = m_selection->line();
    if (const auto lines = m_log->selectedLinesOf(source))
        std::tie(choice.note.line, choice.note.lastLine) = *lines;
    choice.note.quote = quoteOf(evidence, choice.note.line, choice.note.lastLine);
    choice.label = tr("Line %1").arg(
        annotationPlaceText(choice.note, sourceNames(*m_selection->analysis().evidence).value(source)));
    return choice;
}

std::optional<AnnotationChoice> Workspace::sampleChoice() const
{
    const Analysis &analysis = m_selection->analysis();
    const int series = m_selection->series();
    const auto cursor = m_selection->cursor();
    const auto all = analysis.evidence->allSeries();
    if (series < 0 || !cursor || std::cmp_greater_equal(series, all.size()))
        return std::nullopt;
    const SeriesRef ref = all[static_cast<size_t>(series)];
    TimeNs time = *cursor;
    bool isSpike = false;
    for (const Spike &spike : analysis.findings ? analysis.findings->spikes : std::vector<Spike>())
        if (spike.series == series && spike.start <= *cursor && *cursor <= spike.end) {
            time = spike.peak;
            isSpike = true;
            break;
        }
    AnnotationChoice choice;
    choice.note.target = AnnotationTarget::Spike;
    choice.note.source = analysis.evidence->sources[static_cast<size_t>(ref.source)]->path;
    choice.note.series = QString::fromUtf8(analysis.evidence->series(ref).id());
    choice.note.sourceTime = analysis.placement->sources[static_cast<size_t>(ref.source)].sourceTime(time);
    if (!choice.note.sourceTime)
        return std::nullopt;
    choice.label = (isSpike ? tr("Spike of %1") : tr("Sample of %1")).arg(choice.note.series);
    return choice;
}

std::vector<AnnotationChoice> Workspace::annotationChoices(std::optional<TimeNs> remembered) const
{
    const Analysis &analysis = m_selection->analysis();
    std::vector<AnnotationChoice> choices;
    if (!analysis.evidence)
        return choices;
    const auto first = [&choices](AnnotationChoice choice, bool isFirst) {
        choices.insert(isFirst ? choices.begin() : choices.end(), std::move(choice));
    };
    const bool onTimeline = m_timeline->hasFocus();
    const TrackItem item = m_timeline->selectedItem();
    const auto cursor = m_selection->cursor();
    const int source = m_selection->source();
    const bool isLine = source >= 0 && m_selection->line() > 0
                        && analysis.evidence->sources[static_cast<size_t>(source)]->text != nullptr;
    if (isLine)
        first(lineChoice(), true);
    if (cursor) {
        AnnotationChoice choice;
        choice.note.from = cursor;
        choice.label = tr("Moment %1").arg(annotationPlaceText(choice.note, {}));
        first(choice, onTimeline && item.line == 0);
        auto range = m_timeline->axis()->selection();
        if (!range && remembered && *remembered != *cursor)
            range = TimeRange{std::min(*remembered, *cursor), std::max(*remembered, *cursor)};
        if (range) {
            choice.note.target = AnnotationTarget::Range;
            choice.note.from = range->lo;
            choice.note.to = range->hi;
            choice.label = tr("Range %1").arg(annotationPlaceText(choice.note, {}));
            first(choice, onTimeline && m_timeline->axis()->selection().has_value());
        }
    }
    if (auto choice = sampleChoice())
        first(std::move(*choice),
              onTimeline && (item.kind == TrackItem::Kind::Spike || item.kind == TrackItem::Kind::Sample));
    if (!m_selection->node().isEmpty()) {
        AnnotationChoice choice;
        choice.note.target = AnnotationTarget::Node;
        choice.note.failure = m_selection->failure();
        choice.note.playbook = m_selection->playbook();
        choice.note.node = m_selection->node();
        choice.label = tr("Question %1").arg(annotationPlaceText(choice.note, {}));
        first(choice, m_flow->isAncestorOf(QApplication::focusWidget()));
    }
    return choices;
}

/// Among all logs, the last line of any of them that is not later; else that of the source in hand.
void Workspace::goToMoment(TimeNs time)
{
    const LinePlace place = m_log->isMerged() ? m_log->placeAt(time) : LinePlace();
    if (place.source >= 0)
        m_selection->selectMoment(time, place.source, place.line);
    else
        m_selection->selectTime(time);
}

/// Items of a query's plot are none of the case: a row that names a line leads there, others to their moment.
bool Workspace::activatePlotted(const QueryPlot &plot, const TrackItem &item)
{
    const Evidence &evidence = *m_selection->analysis().evidence;
    const bool isPlotted = std::cmp_greater_equal(item.source, evidence.sources.size())
                           || std::cmp_greater_equal(item.series, evidence.allSeries().size());
    if (!isPlotted)
        return false;
    const auto event = static_cast<size_t>(item.event);
    const QueryPlot::Place place =
        item.event >= 0 && event < plot.places.size() ? plot.places[event] : QueryPlot::Place();
    const bool isKnown = place.source >= 0 && std::cmp_less(place.source, evidence.sources.size()) && place.line > 0;
    if (isKnown)
        m_selection->selectLine(place.source, place.line);
    else if (item.time)
        goToMoment(*item.time);
    return true;
}

SavedView Workspace::caseView() const
{
    SavedView saved;
    CaseView &view = saved.view;
    view.failure = m_selection->failure();
    view.line = m_selection->line();
    view.playbook = m_selection->playbook();
    view.node = m_selection->node();
    view.from = m_timeline->axis()->visible().lo;
    view.to = m_timeline->axis()->visible().hi;
    view.pins = m_timeline->pins();
    const auto &evidence = m_selection->analysis().evidence;
    if (const int source = m_selection->source(); evidence && source >= 0)
        saved.source = evidence->sources[static_cast<size_t>(source)]->path;
    saved.bookmarks = m_log->bookmarks();
    return saved;
}

void Workspace::restoreView(const SavedView &saved)
{
    const Analysis &analysis = m_selection->analysis();
    if (!analysis.evidence || !analysis.findings)
        return;
    const CaseView &view = saved.view;
    m_log->setBookmarks(saved.bookmarks);
    m_timeline->setPins(view.pins);
    if (view.failure >= 0 && std::cmp_less(view.failure, analysis.findings->failures.size()))
        m_selection->selectFailure(view.failure);
    if (!view.node.isEmpty())
        m_selection->selectNode(view.playbook, view.node);
    const auto found = std::ranges::find(analysis.evidence->sources, saved.source, &SourceEvidence::path);
    if (found != analysis.evidence->sources.end() && view.line <= (*found)->lineCount())
        m_selection->selectLine(static_cast<int>(found - analysis.evidence->sources.begin()), view.line);
    const TimeRange full = m_timeline->axis()->full();
    if (view.from && view.to && *view.from < *view.to && full.lo <= *view.from && *view.to <= full.hi)
        m_timeline->axis()->setVisible({*view.from, *view.to});
}

} // namespace faultline
