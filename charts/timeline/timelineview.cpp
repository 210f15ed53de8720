// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelineview.h"

#include "charts/timeline/timelineview_p.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr double WheelZoom = 0.8;    ///< A notch of the wheel.
constexpr double LeastSelection = 5; ///< Pixels; a shorter range was a click.

/// Whether both were read from the same: alerts are evaluated anew where a clock changed, all else stays as it was.
bool isSame(const Evidence *a, const Evidence *b)
{
    return a && b && std::ranges::equal(a->sources, b->sources, [](const auto &x, const auto &y) {
               return x == y || (x->text && x->text == y->text);
           });
}

} // namespace

TimelineView::TimelineView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , d(std::make_unique<Private>(this))
{
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Timeline"));
    setAccessibleDescription(tr("Steps, events and metrics of the run on one time axis"));
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    const auto repaint = [this] { d->invalidate(); };
    connect(d->axis, &TimeAxis::visibleChanged, this, [this] {
        d->invalidatePlot();
        d->updateCorner();
    });
    connect(d->axis, &TimeAxis::zoneChanged, this, [this] { d->updateCorner(); });
    connect(d->axis, &TimeAxis::fullChanged, this, repaint);
    connect(d->axis, &TimeAxis::zoneChanged, this, repaint);
    // Only what follows the pointer has to be painted anew for these.
    connect(d->axis, &TimeAxis::cursorChanged, this, [this] { viewport()->update(); });
    connect(d->axis, &TimeAxis::selectionChanged, this, [this] { viewport()->update(); });
    connect(d->corner, &TimelineCorner::filterChanged, this, [this](const QString &text) {
        d->arrangement.setFilter(text);
        d->layOut();
    });
    connect(d->corner, &TimelineCorner::seriesWanted, this, [this] { d->chooseSeries(); });
    connect(d->corner, &TimelineCorner::timesWanted, this, [this](TimelineCorner::Times times) {
        setShowsSinceFailure(times == TimelineCorner::Times::SinceFailure);
        if (times != TimelineCorner::Times::SinceFailure)
            Q_EMIT localTimesWanted(times == TimelineCorner::Times::Local);
    });
}

TimelineView::~TimelineView() = default;

void TimelineView::setAnalysis(const Analysis &analysis)
{
    const bool isSameCase = isSame(d->shownCase.evidence.get(), analysis.evidence.get());
    if (!isSameCase)
        d->plotted.reset();
    d->rows.clear();
    d->shownCase = analysis;
    d->analysis = d->withPlot();
    d->tracks = TimelineTracks::of(d->analysis, d->plotted ? static_cast<int>(analysis.evidence->sources.size()) : -1);
    d->setKnown();
    d->axis->setFull(d->tracks.full);
    if (!isSameCase) {
        d->axis->setVisible(d->tracks.home);
        d->axis->setCursor(std::nullopt);
        d->axis->forgetHistory();
        d->setRange(std::nullopt);
        d->arrangement = {};
        d->corner->filter()->clear();
        d->selected = {};
        d->currentRow = 0;
        d->shownFailure = -1;
        d->isFolded = true;
        verticalScrollBar()->setValue(0);
    }
    d->notes = analysis.annotations && analysis.evidence
                   ? AnnotationOverlay(placedAnnotations(*analysis.annotations, *analysis.evidence, *analysis.placement,
                                                         analysis.findings.get()))
                   : AnnotationOverlay();
    d->hover.reset();
    d->setShowsSince(d->showsSince);
    d->layOut();
}

const Analysis &TimelineView::analysis() const
{
    return d->shownCase;
}

void TimelineView::setPlot(std::shared_ptr<const SourceEvidence> plot)
{
    if (!d->shownCase.evidence || !d->shownCase.placement)
        return;
    d->plotted = std::move(plot);
    setAnalysis(Analysis(d->shownCase));
}

TimeAxis *TimelineView::axis() const
{
    return d->axis;
}

std::optional<TimeNs> TimelineView::timeCursor() const
{
    return d->axis->cursor();
}

TrackItem TimelineView::selectedItem() const
{
    return d->selected;
}

QSize TimelineView::sizeHint() const
{
    return {900, 420};
}

QSize TimelineView::minimumSizeHint() const
{
    return {320, 160};
}

void TimelineView::setTimeCursor(TimeNs time)
{
    d->axis->setCursor(time);
    d->axis->reveal(time);
}

void TimelineView::select(const TrackItem &item)
{
    const TrackItem found = d->resolved(item);
    d->wantRow(found);
    d->choose(found);
    if (const int row = d->rowOf(found); row >= 0) {
        d->currentRow = row;
        d->showRow(row);
    }
    if (found.time)
        setTimeCursor(*found.time);
}

void TimelineView::setSelectedRange(std::optional<TimeRange> range)
{
    d->axis->setSelection(range);
}

void TimelineView::setShowsSinceFailure(bool since)
{
    d->setShowsSince(since);
}

bool TimelineView::showsSinceFailure() const
{
    return d->showsSince;
}

QStringList TimelineView::trackTitles() const
{
    QStringList titles;
    for (const Private::Row &row : d->rows)
        if (row.track)
            titles.append(row.track->title());
    return titles;
}

QByteArray TimelineView::renderShownSvg(bool dark) const
{
    const QScopedValueRollback theme(d->theme, Theme::plain(dark));
    return d->renderSvg();
}

QImage TimelineView::renderShownImage(bool dark, double pixelRatio) const
{
    const QScopedValueRollback theme(d->theme, Theme::plain(dark));
    return d->renderImage(pixelRatio);
}

void TimelineView::showNextFailure()
{
    d->stepFailure(true);
}

void TimelineView::showPreviousFailure()
{
    d->stepFailure(false);
}

void TimelineView::fit()
{
    // The run first; once that is shown, all there is.
    d->axis->setVisible(d->axis->visible() == d->tracks.home ? d->tracks.full : d->tracks.home);
}

void TimelineView::zoomIn()
{
    d->zoomAroundCursor(0.6);
}

void TimelineView::zoomOut()
{
    d->zoomAroundCursor(1 / 0.6);
}

bool TimelineView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = d->toolTipAt(help->pos());
        // Log text must not be taken for markup.
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), Qt::convertFromPlainText(text, Qt::WhiteSpaceNormal), viewport());
        return true;
    }
    if (event->type() == QEvent::Leave && d->hover) {
        d->hover.reset();
        viewport()->update();
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void TimelineView::paintEvent(QPaintEvent *)
{
    QPainter painter(viewport());
    d->paint(painter);
}

void TimelineView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    d->layOut();
}

void TimelineView::scrollContentsBy(int, int)
{
    d->invalidate();
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if (d->tracks.isEmpty)
        return;
    if (event->button() == Qt::BackButton)
        d->axis->back();
    else if (event->button() == Qt::ForwardButton)
        d->axis->forward();
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    d->pressedAt = at;
    d->lastAt = at;
    d->pressedRange = d->axis->visible();
    d->drag = Private::Drag::Pressed;
    d->draggedRow = d->edgeAt(at);
    if (d->draggedRow >= 0)
        d->drag = Private::Drag::Height;
    if (d->overviewRect().adjusted(0, -3, 0, 2).contains(at)) {
        d->drag = Private::Drag::Overview;
        d->axis->pan(d->overviewScale().time(at.x()) - d->axis->visible().middle());
    }
}

void TimelineView::mouseMoveEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    const QRectF plot = d->plotRect();
    const bool isOverPlot = at.x() >= plot.left() && at.y() >= d->tickRect().top();
    d->hover = isOverPlot && !d->tracks.isEmpty ? std::optional(d->scale().time(at.x())) : std::nullopt;
    if (d->drag == Private::Drag::Pressed && (at - d->pressedAt).manhattanLength() >= QApplication::startDragDistance()
        && d->pressedAt.x() >= plot.left()) {
        d->drag = event->modifiers() & Qt::ShiftModifier ? Private::Drag::Range
                  : d->pressedAt.y() < plot.top()        ? Private::Drag::Zoom
                                                         : Private::Drag::Pan;
        viewport()->setCursor(d->drag == Private::Drag::Pan ? Qt::ClosedHandCursor : Qt::SizeHorCursor);
        d->rangeBefore = d->axis->selection();
    } else if (d->drag == Private::Drag::Pressed
               && std::abs(at.y() - d->pressedAt.y()) >= QApplication::startDragDistance()
               && d->pressedAt.x() < plot.left() && d->rowAt(d->pressedAt.y()) >= 0) {
        d->drag = Private::Drag::Move;
        d->draggedRow = d->rowAt(d->pressedAt.y());
        viewport()->setCursor(Qt::ClosedHandCursor);
    }
    switch (d->drag) {
    case Private::Drag::Pan: {
        const double moved = (at.x() - d->pressedAt.x()) * d->scale().nsPerPixel();
        d->axis->moveVisible(
            TimeScale::panned(d->pressedRange, -static_cast<DurationNs>(std::llround(moved)), d->axis->full()));
        verticalScrollBar()->setValue(verticalScrollBar()->value() - static_cast<int>(at.y() - d->lastAt.y()));
        break;
    }
    case Private::Drag::Height:
        d->setHeight(d->draggedRow, d->rows[static_cast<size_t>(d->draggedRow)].height
                                        + static_cast<int>(std::lround(at.y() - d->lastAt.y())));
        break;
    case Private::Drag::Move:
        if (const int to = d->rowAt(at.y()); to >= 0 && to != d->draggedRow) {
            const QString key = d->keyOf(d->draggedRow);
            d->moveRow(d->draggedRow, to);
            for (size_t i = 0; i < d->rows.size(); ++i)
                if (d->keyOf(static_cast<int>(i)) == key)
                    d->draggedRow = static_cast<int>(i);
        }
        break;
    case Private::Drag::Zoom:
    case Private::Drag::Range:
        d->axis->setSelection(TimeRange{d->scale().time(d->pressedAt.x()), d->scale().time(at.x())});
        break;
    case Private::Drag::Overview: d->axis->pan(d->overviewScale().time(at.x()) - d->axis->visible().middle()); break;
    case Private::Drag::Pressed:
    case Private::Drag::None:
        viewport()->setCursor(d->edgeAt(at) >= 0       ? Qt::SizeVerCursor
                              : d->itemAt(at).isNull() ? Qt::ArrowCursor
                                                       : Qt::PointingHandCursor);
        break;
    }
    d->lastAt = at;
    viewport()->update();
}

void TimelineView::mouseReleaseEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    const Private::Drag drag = std::exchange(d->drag, Private::Drag::None);
    viewport()->unsetCursor();
    if (drag == Private::Drag::Range || drag == Private::Drag::Zoom) {
        auto range = d->axis->selection();
        if (std::abs(at.x() - d->pressedAt.x()) < LeastSelection)
            range.reset();
        d->setRange(drag == Private::Drag::Range ? range : d->rangeBefore);
        if (drag == Private::Drag::Zoom && range)
            d->axis->setVisible(*range);
        return;
    }
    if (drag != Private::Drag::Pressed || event->button() != Qt::LeftButton)
        return;
    if (const PlacedAnnotation *note = d->notes.hit(at, d->tickRect(), d->scale())) {
        const qint64 id = note->annotation.id; // what follows may bring other notes
        d->moveCursor(note->time->time);
        Q_EMIT annotationActivated(id);
        return;
    }
    if (const int row = d->rowAt(at.y()); row >= 0 && at.y() >= d->headerHeight()) {
        d->currentRow = row;
        if (!d->rows[static_cast<size_t>(row)].track) {
            d->setFolded(!d->isFolded);
            return;
        }
    }
    if (at.x() >= d->titleWidth())
        d->activate(d->itemAt(at), d->scale().time(at.x()));
    d->invalidate();
}

void TimelineView::setAnnotations(std::vector<PlacedAnnotation> notes)
{
    d->notes = AnnotationOverlay(std::move(notes));
    d->invalidate();
}

void TimelineView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const TimeNs at = d->scale().time(event->position().x());
    const auto range = d->axis->selection();
    if (const int row = d->edgeAt(event->position()); row >= 0)
        d->setHeight(row, 0);
    else if (event->position().x() >= d->titleWidth() && range && range->contains(at))
        d->zoomToRange();
    else if (event->position().x() >= d->titleWidth())
        d->axis->zoom(at, 0.4);
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    const QPointF at = event->position();
    const QPoint angle = event->angleDelta();
    const double notches = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
    // Where all tracks are in sight there is nothing to scroll.
    const bool isFree = at.y() < d->headerHeight() || (verticalScrollBar()->maximum() == 0 && !event->modifiers());
    const bool isZoom =
        (event->modifiers() & Qt::ControlModifier) || (isFree && std::abs(angle.y()) > std::abs(angle.x()));
    if (isZoom) {
        d->axis->zoom(d->scale().time(std::max(at.x(), d->plotRect().left())), std::pow(WheelZoom, notches));
        event->accept();
    } else if ((event->modifiers() & Qt::ShiftModifier) || std::abs(angle.x()) > std::abs(angle.y())) {
        d->axis->pan(static_cast<DurationNs>(-notches * 0.1 * static_cast<double>(d->axis->visible().length())));
        event->accept();
    } else {
        QAbstractScrollArea::wheelEvent(event);
    }
}

void TimelineView::keyPressEvent(QKeyEvent *event)
{
    if (!d->tracks.isEmpty && d->keyPressed(event))
        event->accept();
    else
        QAbstractScrollArea::keyPressEvent(event);
}

void TimelineView::contextMenuEvent(QContextMenuEvent *event)
{
    if (d->tracks.isEmpty)
        return;
    QMenu menu(this);
    const int row = event->pos().y() >= d->headerHeight() ? d->rowAt(event->pos().y()) : -1;
    if (row >= 0)
        d->addTrackActions(&menu, row);
    menu.addSeparator();
    d->addPlotActions(&menu);
    menu.exec(event->globalPos());
}

void TimelineView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    d->invalidate();
}

void TimelineView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    d->invalidate();
}

void TimelineView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::StyleChange) {
        d->theme = Theme::of(palette(), font());
        d->layOut();
    }
}

} // namespace faultline
