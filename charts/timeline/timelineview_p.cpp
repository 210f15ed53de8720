// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/timelineview_p.h"

#include "charts/core/format.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double KeyPan = 0.1; ///< Of what is visible.
constexpr double KeyZoom = 0.6;
constexpr DurationNs BeforeFailure = 60 * NsPerSecond;
constexpr DurationNs AfterFailure = 15 * NsPerSecond;

} // namespace

TimelineView::Private::Private(TimelineView *view)
    : q(view)
    , axis(new TimeAxis(view))
    , theme(Theme::of(view->palette(), view->font()))
    , corner(new TimelineCorner(view->viewport()))
{
    corner->hide();
}

int TimelineView::Private::flagHeight() const
{
    return tracks.failures.isEmpty() ? 0 : QFontMetrics(theme.smallFont).height() + 6;
}

int TimelineView::Private::tickHeight() const
{
    return QFontMetrics(theme.smallFont).height() + 9;
}

int TimelineView::Private::headerHeight() const
{
    return std::max(OverviewHeight + flagHeight() + tickHeight() + 2, cornerHeight());
}

int TimelineView::Private::cornerHeight() const
{
    return corner->isHidden() ? 0 : corner->sizeHint().height() + 1;
}

int TimelineView::Private::titleWidth() const
{
    return std::clamp(q->viewport()->width() / 4, 110, 260);
}

QRectF TimelineView::Private::viewRect() const
{
    const QSize size = q->viewport()->size();
    return {0, 0, static_cast<double>(size.width()),
            static_cast<double>(pictureHeight > 0 ? pictureHeight : size.height())};
}

/// Up to the end of the last track that is in sight: a picture does not end in the middle of one.
int TimelineView::Private::wholeHeight() const
{
    double bottom = headerHeight() + 1;
    for (const Row &row : rows)
        if (const QRectF rect = rowRect(row); rect.top() < q->viewport()->height() - 1)
            bottom = std::max(bottom, rect.bottom());
    return static_cast<int>(std::ceil(bottom));
}

QRectF TimelineView::Private::plotRect() const
{
    return viewRect().adjusted(titleWidth(), headerHeight(), 0, 0);
}

QRectF TimelineView::Private::scrolledRect() const
{
    return plotRect().adjusted(0, pinnedHeight, 0, 0);
}

QRectF TimelineView::Private::visiblePlot() const
{
    QRectF plot = plotRect();
    plot.setBottom(std::clamp(plot.top() + contentHeight - q->verticalScrollBar()->value(), plot.top(), plot.bottom()));
    return plot;
}

QRectF TimelineView::Private::overviewRect() const
{
    return {titleWidth() + 2.0, 3.0, std::max(1.0, q->viewport()->width() - titleWidth() - 4.0), OverviewHeight - 4.0};
}

QRectF TimelineView::Private::flagRect() const
{
    return {static_cast<double>(titleWidth()), static_cast<double>(headerHeight() - tickHeight() - 1 - flagHeight()),
            static_cast<double>(q->viewport()->width() - titleWidth()), static_cast<double>(flagHeight())};
}

QRectF TimelineView::Private::tickRect() const
{
    return {static_cast<double>(titleWidth()), static_cast<double>(headerHeight() - tickHeight() - 1),
            static_cast<double>(q->viewport()->width() - titleWidth()), static_cast<double>(tickHeight())};
}

QRectF TimelineView::Private::rowRect(const Row &row) const
{
    const QRectF plot = plotRect();
    const int scrolled = row.isPinned ? 0 : q->verticalScrollBar()->value();
    return {plot.left(), plot.top() + row.top - scrolled, plot.width(), static_cast<double>(row.height)};
}

TimeScale TimelineView::Private::scale() const
{
    const QRectF plot = plotRect();
    return axis->scale(plot.left(), plot.width());
}

TimeScale TimelineView::Private::overviewScale() const
{
    const QRectF strip = overviewRect();
    return {axis->full(), strip.left(), std::max(1.0, strip.width())};
}

TimeTicks TimelineView::Private::ticks() const
{
    const auto origin = axis->origin();
    return origin ? TimeTicks::since(*origin, scale(), TickSpacing) : TimeTicks::of(scale(), TickSpacing, axis->zone());
}

/// Tracks by names that stay the same when the case is analysed anew.
void TimelineView::Private::setKnown()
{
    known.clear();
    knownTracks.clear();
    QHash<QString, int> counts;
    const auto add = [&](const Track *track, bool isMore) {
        const QString words = track->title() % u'\n' % track->headerToolTip();
        const int count = counts[words]++;
        known.push_back({count == 0 ? words : QString(words % u'\n' % QString::number(count)), words, isMore});
        knownTracks.push_back(track);
    };
    for (const auto &track : tracks.shown)
        add(track.get(), false);
    for (const auto &track : tracks.more)
        add(track.get(), true);
    if (tracks.coverage)
        add(tracks.coverage.get(), false);
}

void TimelineView::Private::layOut()
{
    rows.clear();
    corner->setVisible(!tracks.isEmpty && showsCorner);
    corner->setGeometry(0, 0, titleWidth() - 1, headerHeight() - 1);
    const TrackArrangement::Order order = arrangement.order(known);
    hiddenCount = order.hidden;
    int top = 0;
    const int least = QFontMetrics(theme.boldFont).height() + 8;
    const auto add = [&](int index, bool isPinned) {
        const Track *track = index < 0 ? nullptr : knownTracks[static_cast<size_t>(index)];
        int height = FoldHeight;
        if (track) {
            const int wanted = arrangement.height(known[index].key);
            height = wanted > 0 ? wanted : track->preferredHeight();
        }
        rows.push_back({track, index, top, std::max(height, least), isPinned});
        top += rows.back().height;
    };
    for (const int index : order.pinned)
        add(index, true);
    // What is pinned leaves room for the rest, else it scrolls with it.
    const bool isTooHigh = top > (q->viewport()->height() - headerHeight()) * 2 / 3;
    for (Row &row : rows)
        row.isPinned = !isTooHigh;
    pinnedHeight = isTooHigh ? 0 : top;
    moreSeries = 0;
    for (const int index : order.folded)
        moreSeries += static_cast<int>(knownTracks[static_cast<size_t>(index)]->series().size());
    const bool hasCoverage = tracks.coverage && !order.shown.isEmpty()
                             && knownTracks[static_cast<size_t>(order.shown.back())] == tracks.coverage.get();
    for (qsizetype i = 0; i < order.shown.size() - (hasCoverage ? 1 : 0); ++i)
        add(order.shown[i], false);
    if (!order.folded.isEmpty()) {
        add(-1, false);
        if (!isFolded)
            for (const int index : order.folded)
                add(index, false);
    }
    if (hasCoverage)
        add(order.shown.back(), false);
    contentHeight = top;
    currentRow = std::clamp(currentRow, rows.empty() ? -1 : 0, static_cast<int>(rows.size()) - 1);
    updateScrollBar();
    updateCorner();
    invalidate();
}

void TimelineView::Private::updateScrollBar()
{
    const int page = std::max(1, q->viewport()->height() - headerHeight() - pinnedHeight);
    q->verticalScrollBar()->setPageStep(page);
    q->verticalScrollBar()->setSingleStep(24);
    q->verticalScrollBar()->setRange(0, std::max(0, contentHeight - pinnedHeight - page));
}

void TimelineView::Private::setFolded(bool folded)
{
    isFolded = folded;
    layOut();
}

std::optional<TimeNs> TimelineView::Private::failureMoment() const
{
    const auto inTime = tracks.failures.inTime();
    const int failure = shownFailure >= 0 ? shownFailure : inTime.empty() ? -1 : std::ranges::min(inTime);
    const auto placed = tracks.failures.timeOf(failure);
    return placed ? std::optional(placed->time) : std::nullopt;
}

void TimelineView::Private::setShowsSince(bool since)
{
    showsSince = since;
    axis->setOrigin(since ? failureMoment() : std::nullopt);
    updateCorner();
}

void TimelineView::Private::updateCorner()
{
    using Times = TimelineCorner::Times;
    if (corner->isHidden())
        return;
    const Times times = axis->origin()                              ? Times::SinceFailure
                        : axis->zone() == QTimeZone(QTimeZone::UTC) ? Times::Utc
                                                                    : Times::Local;
    corner->setAxis(ticks().context, times, failureMoment().has_value());
}

void TimelineView::Private::invalidate()
{
    areTitlesStale = true;
    invalidatePlot();
}

void TimelineView::Private::invalidatePlot()
{
    isStale = true;
    q->viewport()->update();
}

int TimelineView::Private::rowAt(double y) const
{
    for (size_t i = 0; i < rows.size(); ++i) { // pinned ones come first and lie over the others
        const QRectF rect = rowRect(rows[i]);
        if (y >= std::max(rect.top(), plotRect().top()) && y < rect.bottom())
            return static_cast<int>(i);
    }
    return -1;
}

int TimelineView::Private::rowOf(const TrackItem &item) const
{
    for (size_t i = 0; i < rows.size(); ++i)
        if (rows[i].track && rows[i].track->holds(item))
            return static_cast<int>(i);
    return -1;
}

TrackItem TimelineView::Private::itemAt(QPointF point) const
{
    if (flagRect().contains(point))
        return tracks.failures.hitFlag(point, flagRect(), scale(), theme);
    if (!plotRect().contains(point))
        return {};
    // What a track holds is smaller than a line through all of them, and so comes first.
    const int row = rowAt(point.y());
    TrackItem item;
    if (row >= 0 && rows[static_cast<size_t>(row)].track)
        item = rows[static_cast<size_t>(row)].track->hit(point, rowRect(rows[static_cast<size_t>(row)]), scale());
    if (item.kind == TrackItem::Kind::Event || item.kind == TrackItem::Kind::Sample)
        return item;
    if (const TrackItem failure = tracks.failures.hitLine(point.x(), scale()); !failure.isNull())
        return failure;
    return item;
}

Analysis TimelineView::Private::withPlot() const
{
    if (!plotted)
        return shownCase;
    Analysis result = shownCase;
    auto evidence = std::make_shared<Evidence>(*shownCase.evidence);
    auto placement = std::make_shared<Placement>(*shownCase.placement);
    placement->sources.resize(evidence->sources.size());
    evidence->sources.push_back(plotted);
    placement->sources.emplace_back().segments.emplace_back();
    result.evidence = std::move(evidence);
    result.placement = std::move(placement);
    return result;
}

/// Other views may know a line only: its event, span or failure is looked for.
TrackItem TimelineView::Private::resolved(const TrackItem &item) const
{
    if (!item.isNull() || item.source < 0 || item.line <= 0 || !analysis.evidence
        || static_cast<size_t>(item.source) >= analysis.evidence->sources.size())
        return item;
    TrackItem found = item;
    const auto &events = analysis.evidence->sources[static_cast<size_t>(item.source)]->events;
    for (size_t i = 0; i < events.size(); ++i) {
        if (events[i].line <= item.line && item.line <= std::max(events[i].line, events[i].lastLine)) {
            found.kind = TrackItem::Kind::Event;
            found.event = static_cast<int>(i);
            if (events[i].line == item.line)
                break;
        }
    }
    return found;
}

QString TimelineView::Private::itemText(const TrackItem &item) const
{
    if (item.kind == TrackItem::Kind::Failure)
        return tracks.failures.toolTip(item, axis->zone());
    const int row = rowOf(item);
    return row < 0 ? QString() : rows[static_cast<size_t>(row)].track->toolTip(item, axis->zone());
}

QString TimelineView::Private::toolTipAt(QPointF point) const
{
    if (point.x() < titleWidth() && point.y() >= headerHeight()) {
        const int row = rowAt(point.y());
        return row >= 0 && rows[static_cast<size_t>(row)].track ? rows[static_cast<size_t>(row)].track->headerToolTip()
                                                                : QString();
    }
    if (const PlacedAnnotation *note = notes.hit(point, tickRect(), scale()))
        return notes.toolTip(*note, axis->zone());
    if (point.y() < headerHeight() && !flagRect().contains(point))
        return TimelineView::tr("Drag here to zoom into a range, turn the wheel to zoom.\nBelow: drag to pan, "
                                "Ctrl+wheel to zoom, Shift+drag to measure a range and show only what is in it.");
    return itemText(itemAt(point));
}

void TimelineView::Private::choose(const TrackItem &item)
{
    selected = item;
    if (item.kind == TrackItem::Kind::Failure)
        shownFailure = item.failure;
    const QString text = itemText(item);
    if (!text.isEmpty())
        q->setAccessibleDescription(text);
    invalidate();
}

void TimelineView::Private::moveCursor(TimeNs time)
{
    axis->setCursor(time);
    Q_EMIT q->cursorMoved(time);
}

void TimelineView::Private::activate(const TrackItem &item, std::optional<TimeNs> time)
{
    choose(item);
    if (const auto at = item.time ? item.time : time)
        moveCursor(*at);
    if (!item.isNull())
        Q_EMIT q->itemActivated(item);
}

void TimelineView::Private::showRow(int row)
{
    if (row < 0)
        return;
    const Row &shown = rows[static_cast<size_t>(row)];
    if (shown.isPinned)
        return;
    QScrollBar *bar = q->verticalScrollBar();
    const int page = bar->pageStep();
    const int top = shown.top - pinnedHeight;
    if (top < bar->value())
        bar->setValue(top);
    else if (top + shown.height > bar->value() + page)
        bar->setValue(std::min(top, top + shown.height - page));
}

void TimelineView::Private::stepRow(int by)
{
    if (rows.empty())
        return;
    currentRow = std::clamp(currentRow + by, 0, static_cast<int>(rows.size()) - 1);
    const Track *track = rows[static_cast<size_t>(currentRow)].track;
    q->setAccessibleDescription(track ? QString(track->title() % u", "_s % track->subtitle())
                                      : TimelineView::tr("%n more series", nullptr, moreSeries));
    showRow(currentRow);
    invalidate();
}

void TimelineView::Private::stepItem(bool forward)
{
    if (currentRow < 0 || !rows[static_cast<size_t>(currentRow)].track)
        return;
    const Track &track = *rows[static_cast<size_t>(currentRow)].track;
    const TrackItem from = track.holds(selected) ? selected : TrackItem{};
    const TrackItem next =
        track.neighbour(from, axis->cursor().value_or(forward ? axis->visible().lo : axis->visible().hi), forward);
    if (next.isNull())
        return;
    choose(next);
    if (next.time) {
        axis->reveal(*next.time);
        moveCursor(*next.time);
    }
}

void TimelineView::Private::stepFailure(bool forward)
{
    const std::vector<int> order = tracks.failures.inTime();
    if (order.empty())
        return;
    const auto at = std::ranges::find(order, shownFailure);
    size_t next = 0;
    if (at != order.end())
        next = (static_cast<size_t>(at - order.begin()) + (forward ? 1 : order.size() - 1)) % order.size();
    else if (const auto origin = std::ranges::find(order, 0); origin != order.end())
        next = static_cast<size_t>(origin - order.begin());
    const int failure = order[next];
    q->showFailure(failure);
    activate(tracks.failures.itemOf(failure), std::nullopt);
}

void TimelineView::Private::zoomAroundCursor(double factor)
{
    const auto cursor = axis->cursor();
    axis->zoom(cursor && axis->visible().contains(*cursor) ? *cursor : axis->visible().middle(), factor);
}

void TimelineView::Private::setRange(std::optional<TimeRange> range)
{
    if (range && range->hi < range->lo)
        std::swap(range->lo, range->hi);
    axis->setSelection(range);
    Q_EMIT q->rangeSelected(range);
}

void TimelineView::Private::zoomToRange()
{
    if (const auto range = axis->selection())
        axis->setVisible(*range);
}

bool TimelineView::Private::keyPressed(QKeyEvent *event)
{
    if (arrangingKeyPressed(event))
        return true;
    const bool control = event->modifiers() & Qt::ControlModifier;
    const auto pan = static_cast<DurationNs>(static_cast<double>(axis->visible().length()) * KeyPan);
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const bool forward = event->key() == Qt::Key_Right;
        if (control)
            stepItem(forward);
        else
            axis->pan(forward ? pan : -pan);
        return true;
    }
    case Qt::Key_A: axis->pan(-pan); return true;
    case Qt::Key_D: axis->pan(pan); return true;
    case Qt::Key_W: zoomAroundCursor(KeyZoom); return true;
    case Qt::Key_S: zoomAroundCursor(1 / KeyZoom); return true;
    case Qt::Key_Z: zoomToRange(); return true;
    case Qt::Key_Backspace: axis->back(); return true;
    case Qt::Key_Up: stepRow(-1); return true;
    case Qt::Key_Down: stepRow(1); return true;
    case Qt::Key_PageUp: q->verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepSub); return true;
    case Qt::Key_PageDown: q->verticalScrollBar()->triggerAction(QAbstractSlider::SliderPageStepAdd); return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal: zoomAroundCursor(KeyZoom); return true;
    case Qt::Key_Minus: zoomAroundCursor(1 / KeyZoom); return true;
    case Qt::Key_Home:
    case Qt::Key_0: q->fit(); return true;
    case Qt::Key_F: stepFailure(!(event->modifiers() & Qt::ShiftModifier)); return true;
    case Qt::Key_Escape:
        if (selected.isNull() && !axis->selection())
            return false;
        setRange(std::nullopt);
        choose({});
        return true;
    case Qt::Key_Space:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (currentRow >= 0 && !rows[static_cast<size_t>(currentRow)].track)
            setFolded(!isFolded);
        else if (!selected.isNull())
            activate(selected, std::nullopt);
        return true;
    default: return false;
    }
}

void TimelineView::showFailure(int failure)
{
    const auto placed = d->tracks.failures.timeOf(failure);
    if (!placed)
        return;
    d->shownFailure = failure;
    if (d->showsSince)
        d->axis->setOrigin(placed->time);
    d->axis->zoomTo({placed->lo, placed->hi}, BeforeFailure, AfterFailure);
    d->axis->setCursor(placed->time);
    d->choose(d->tracks.failures.itemOf(failure));
}

} // namespace faultline
