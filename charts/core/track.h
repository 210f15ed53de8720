// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "charts/core/timescale.h"
#include "charts/core/trackitem.h"

#include <QColor>
#include <QCoreApplication>
#include <QRectF>
#include <QString>
#include <QTimeZone>

#include <vector>

class QPainter;
class QPointF;

namespace faultline {

/// What a track needs to paint itself: the same for all tracks of a view.
struct TrackContext {
    TimeScale scale;
    const Theme &theme;
    QTimeZone zone;
    TrackItem selected;
    QColor ground = {}; ///< Of the track's row.
};

/// A mark at the left of a track, such as a value of its axis.
struct TrackMark {
    double y = 0; ///< In the rectangle that was given.
    QString text;
};

/// One horizontal stripe of the timeline. Knows its data and how to paint and find it; the view knows where it stands.
class Track
{
public:
    Track() = default;
    virtual ~Track() = default;
    Q_DISABLE_COPY_MOVE(Track)

    virtual QString title() const = 0;
    /// Second line of the header: source and unit.
    virtual QString subtitle() const { return {}; }
    /// Plain text of the header's tooltip.
    virtual QString headerToolTip() const { return title(); }
    /// The series that it shows: indexes into Evidence::allSeries().
    virtual std::vector<int> series() const { return {}; }
    /// Device-independent pixels.
    virtual int preferredHeight() const = 0;
    /// From the first thing to the last; nullopt for an empty track.
    virtual std::optional<TimeRange> range() const = 0;

    virtual void paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const = 0;
    /// Words over all that paint() and the lines of failures leave; few tracks have any.
    virtual void paintLabels(QPainter &, const QRectF &, const TrackContext &) const {}
    /// What follows the pointer: painted over the track at a moment, often.
    virtual void paintReadout(QPainter &, const QRectF &, const TrackContext &, TimeNs) const {}
    /// Marks in the header, at the track's left.
    virtual std::vector<TrackMark> marks(const QRectF &) const { return {}; }

    /// The thing at a point; a null item where there is none.
    virtual TrackItem hit(QPointF point, const QRectF &rect, const TimeScale &scale) const = 0;
    /// Plain text, lines separated by LF.
    virtual QString toolTip(const TrackItem &item, const QTimeZone &zone) const = 0;
    /// Whether the thing is one of this track's.
    virtual bool holds(const TrackItem &item) const = 0;
    /// The next (or the one before) thing in time, for the keyboard; null at the ends. A null `from` starts at `time`.
    virtual TrackItem neighbour(const TrackItem &from, TimeNs time, bool forward) const = 0;
};

} // namespace faultline
