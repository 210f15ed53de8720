// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/seriespicker.h"
#include "charts/timeline/timelineview_p.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

QString TimelineView::Private::keyOf(int row) const
{
    if (row < 0 || std::cmp_greater_equal(row, rows.size()) || rows[static_cast<size_t>(row)].known < 0)
        return {};
    return known[rows[static_cast<size_t>(row)].known].key;
}

QStringList TimelineView::Private::shownKeys() const
{
    QStringList keys;
    for (size_t i = 0; i < rows.size(); ++i)
        if (const QString key = keyOf(static_cast<int>(i)); !key.isEmpty() && !arrangement.isPinned(key))
            keys.append(key);
    return keys;
}

void TimelineView::Private::setPinned(int row, bool pinned)
{
    if (const QString key = keyOf(row); !key.isEmpty()) {
        TrackArrangement next = arrangement;
        next.setPinned(key, pinned);
        setArrangement(std::move(next));
    }
}

void TimelineView::Private::setArrangement(TrackArrangement next)
{
    const QStringList before = arrangement.pins();
    arrangement = std::move(next);
    layOut();
    if (arrangement.pins() != before)
        Q_EMIT q->pinsChanged(before, arrangement.pins());
}

void TimelineView::Private::hide(int row)
{
    if (const QString key = keyOf(row); !key.isEmpty()) {
        arrangement.setHidden(key, true);
        arrangement.setWanted(key, false);
        layOut();
    }
}

void TimelineView::Private::moveRow(int row, int to)
{
    const QString key = keyOf(row);
    const QString other = keyOf(to);
    if (key.isEmpty() || other.isEmpty() || arrangement.isPinned(key) != arrangement.isPinned(other))
        return;
    arrangement.move(key, other, shownKeys());
    layOut();
}

void TimelineView::Private::stepTrack(int by)
{
    const int to = currentRow + by;
    const QString key = keyOf(currentRow);
    moveRow(currentRow, to);
    if (!key.isEmpty() && keyOf(to) == key) {
        currentRow = to;
        showRow(to);
    }
}

void TimelineView::Private::setHeight(int row, int height)
{
    if (const QString key = keyOf(row); !key.isEmpty()) {
        arrangement.setHeight(key, height <= 0 ? 0 : std::clamp(height, 1, MostHeight));
        layOut();
    }
}

int TimelineView::Private::edgeAt(QPointF point) const
{
    constexpr double Reach = 4;
    if (point.x() >= titleWidth() || point.y() < headerHeight())
        return -1;
    const int row = rowAt(std::max<double>(point.y() - Reach, headerHeight()));
    if (keyOf(row).isEmpty())
        return -1;
    return std::abs(rowRect(rows[static_cast<size_t>(row)]).bottom() - point.y()) <= Reach ? row : -1;
}

void TimelineView::Private::wantRow(const TrackItem &item)
{
    if (item.isNull() || item.kind == TrackItem::Kind::Failure || rowOf(item) >= 0)
        return;
    for (size_t i = 0; i < knownTracks.size(); ++i) {
        if (!knownTracks[i]->holds(item))
            continue;
        const TrackArrangement::Known &track = known[static_cast<qsizetype>(i)];
        arrangement.setHidden(track.key, false);
        if (track.isFolded && isFolded)
            arrangement.setWanted(track.key, true);
        if (!matchesWords(track.words, arrangement.filter()))
            corner->filter()->clear();
        layOut();
        return;
    }
}

QSet<int> TimelineView::Private::shownSeries() const
{
    QSet<int> shown;
    for (const Row &row : rows)
        if (row.track)
            for (const int series : row.track->series())
                shown.insert(series);
    return shown;
}

void TimelineView::Private::setSeriesShown(int series, bool shown)
{
    for (size_t i = 0; i < knownTracks.size(); ++i) {
        const std::vector<int> held = knownTracks[i]->series();
        if (std::ranges::find(held, series) == held.end())
            continue;
        const TrackArrangement::Known &track = known[static_cast<qsizetype>(i)];
        arrangement.setHidden(track.key, !shown && !track.isFolded);
        arrangement.setWanted(track.key, shown && track.isFolded);
        layOut();
        for (size_t row = 0; shown && row < rows.size(); ++row)
            if (rows[row].track == knownTracks[i])
                showRow(static_cast<int>(row));
        return;
    }
}

void TimelineView::Private::chooseSeries()
{
    auto *picker = new SeriesPicker(analysis, shownSeries(), q);
    picker->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(picker, &SeriesPicker::shownChanged, q,
                     [this](int series, bool shown) { setSeriesShown(series, shown); });
    picker->open();
}

void TimelineView::Private::addTrackActions(QMenu *menu, int row)
{
    const QString key = keyOf(row);
    if (key.isEmpty())
        return;
    currentRow = row;
    const bool isPinned = arrangement.isPinned(key);
    menu->addAction(isPinned ? TimelineView::tr("Unpin this track") : TimelineView::tr("Pin this track at the top"),
                    QKeySequence(Qt::Key_P), q, [this, row, isPinned] { setPinned(row, !isPinned); });
    menu->addAction(TimelineView::tr("Move up"), QKeySequence(Qt::ALT | Qt::Key_Up), q, [this] { stepTrack(-1); });
    menu->addAction(TimelineView::tr("Move down"), QKeySequence(Qt::ALT | Qt::Key_Down), q, [this] { stepTrack(1); });
    menu->addAction(TimelineView::tr("Hide this track"), QKeySequence(Qt::Key_H), q, [this, row] { hide(row); });
    if (arrangement.height(key) > 0)
        menu->addAction(TimelineView::tr("Its own height"), q, [this, row] { setHeight(row, 0); });
}

void TimelineView::Private::addPlotActions(QMenu *menu)
{
    if (hiddenCount > 0)
        menu->addAction(TimelineView::tr("Show hidden tracks (%1)").arg(hiddenCount), q, [this] {
            arrangement.showAll();
            layOut();
        });
    menu->addAction(TimelineView::tr("All tracks as at first"), q, [this] {
        TrackArrangement next;
        next.setFilter(arrangement.filter());
        setArrangement(std::move(next));
    });
    menu->addAction(TimelineView::tr("Choose series…"), q, [this] { chooseSeries(); });
    menu->addSeparator();
    if (axis->selection()) {
        menu->addAction(TimelineView::tr("Zoom into the range"), QKeySequence(Qt::Key_Z), q, [this] { zoomToRange(); });
        menu->addAction(TimelineView::tr("Drop the range"), QKeySequence(Qt::Key_Escape), q,
                        [this] { setRange(std::nullopt); });
    }
    QAction *back = menu->addAction(TimelineView::tr("Back to what was shown"), QKeySequence(Qt::Key_Backspace), q,
                                    [this] { axis->back(); });
    back->setEnabled(axis->canGoBack());
    QAction *forward = menu->addAction(TimelineView::tr("Forward again"), q, [this] { axis->forward(); });
    forward->setEnabled(axis->canGoForward());
    menu->addSeparator();
    menu->addAction(TimelineView::tr("Copy or save as a picture…"), q, [this] { Q_EMIT q->pictureWanted(); });
}

bool TimelineView::Private::arrangingKeyPressed(QKeyEvent *event)
{
    if (event->modifiers() & Qt::AltModifier) {
        switch (event->key()) {
        case Qt::Key_Up: stepTrack(-1); return true;
        case Qt::Key_Down: stepTrack(1); return true;
        case Qt::Key_Left: axis->back(); return true;
        case Qt::Key_Right: axis->forward(); return true;
        default: return false;
        }
    }
    switch (event->key()) {
    case Qt::Key_P: setPinned(currentRow, !arrangement.isPinned(keyOf(currentRow))); return true;
    case Qt::Key_H: hide(currentRow); return true;
    case Qt::Key_Slash: corner->filter()->setFocus(Qt::ShortcutFocusReason); return true;
    default: return false;
    }
}

QStringList TimelineView::pins() const
{
    return d->arrangement.pins();
}

void TimelineView::setPins(const QStringList &pins)
{
    d->arrangement.setPins(pins);
    d->layOut();
}

} // namespace faultline
