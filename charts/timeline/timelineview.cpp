// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelineview.h"

#include "charts/timeline/timelineview_p.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr double WheelZoom = 0.8; ///< A notch of the wheel.
constexpr double LeastRange = 5;  ///< Pixels; a shorter range was a click.

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
    connect(d->axis, &TimeAxis::visibleChanged, this, repaint);
    connect(d->axis, &TimeAxis::fullChanged, this, repaint);
    connect(d->axis, &TimeAxis::zoneChanged, this, repaint);
    // Only what follows the pointer has to be painted anew for these.
    connect(d->axis, &TimeAxis::cursorChanged, this, [this] { viewport()->update(); });
    connect(d->axis, &TimeAxis::selectionChanged, this, [this] { viewport()->update(); });
}

TimelineView::~TimelineView() = default;

void TimelineView::setAnalysis(const Analysis &analysis)
{
    const bool isSameCase = d->analysis.evidence && d->analysis.evidence == analysis.evidence;
    d->rows.clear();
    d->analysis = analysis;
    d->tracks = TimelineTracks::of(analysis);
    d->axis->setFull(d->tracks.full);
    if (!isSameCase) {
        d->axis->setVisible(d->tracks.home);
        d->axis->setCursor(std::nullopt);
        d->axis->setSelection(std::nullopt);
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
    d->layOut();
}

const Analysis &TimelineView::analysis() const
{
    return d->analysis;
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
    if (d->rowOf(found) < 0 && d->isFolded
        && std::ranges::any_of(d->tracks.more, [&](const auto &track) { return track->holds(found); }))
        d->setFolded(false);
    d->choose(found);
    if (const int row = d->rowOf(found); row >= 0) {
        d->currentRow = row;
        d->showRow(row);
    }
    if (found.time)
        setTimeCursor(*found.time);
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
    d->updateScrollBar();
    d->invalidate();
}

void TimelineView::scrollContentsBy(int, int)
{
    d->invalidate();
}

void TimelineView::mousePressEvent(QMouseEvent *event)
{
    const QPointF at = event->position();
    if ((event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton) || d->tracks.isEmpty)
        return;
    d->pressedAt = at;
    d->lastAt = at;
    d->pressedRange = d->axis->visible();
    d->drag = Private::Drag::Pressed;
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
        const bool isRange = (event->modifiers() & Qt::ShiftModifier) || d->pressedAt.y() < plot.top();
        d->drag = isRange ? Private::Drag::Range : Private::Drag::Pan;
        viewport()->setCursor(isRange ? Qt::SizeHorCursor : Qt::ClosedHandCursor);
    }
    switch (d->drag) {
    case Private::Drag::Pan: {
        const double moved = (at.x() - d->pressedAt.x()) * d->scale().nsPerPixel();
        d->axis->setVisible(
            TimeScale::panned(d->pressedRange, -static_cast<DurationNs>(std::llround(moved)), d->axis->full()));
        verticalScrollBar()->setValue(verticalScrollBar()->value() - static_cast<int>(at.y() - d->lastAt.y()));
        break;
    }
    case Private::Drag::Range:
        d->axis->setSelection(TimeRange{d->scale().time(d->pressedAt.x()), d->scale().time(at.x())});
        break;
    case Private::Drag::Overview: d->axis->pan(d->overviewScale().time(at.x()) - d->axis->visible().middle()); break;
    case Private::Drag::Pressed:
    case Private::Drag::None:
        viewport()->setCursor(d->itemAt(at).isNull() ? Qt::ArrowCursor : Qt::PointingHandCursor);
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
    if (drag == Private::Drag::Range) {
        const auto range = d->axis->selection();
        d->axis->setSelection(std::nullopt);
        if (range && std::abs(at.x() - d->pressedAt.x()) >= LeastRange)
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
    if (event->button() == Qt::LeftButton && event->position().x() >= d->titleWidth())
        d->axis->zoom(d->scale().time(event->position().x()), 0.4);
}

void TimelineView::wheelEvent(QWheelEvent *event)
{
    const QPointF at = event->position();
    const QPoint angle = event->angleDelta();
    const double notches = (angle.y() != 0 ? angle.y() : angle.x()) / 120.0;
    const bool isZoom = (event->modifiers() & Qt::ControlModifier) || (at.y() < d->headerHeight() && angle.y() != 0);
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
