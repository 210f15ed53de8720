// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelinetracks.h"
#include "charts/timeline/timelineview.h"
#include "charts/tracks/annotationoverlay.h"

#include <QPixmap>

namespace faultline {

/// State and layout of a TimelineView; its painting is in timelinepainting.cpp.
struct TimelineView::Private {
    /// A row of the view: a track, or the line that folds the less telling series.
    struct Row {
        const Track *track = nullptr;
        int top = 0; ///< Below the header, unscrolled.
        int height = 0;
    };
    enum class Drag { None, Pressed, Pan, Range, Overview };

    explicit Private(TimelineView *view);

    // layout
    static constexpr int OverviewHeight = 12;
    static constexpr int FoldHeight = 26;
    int flagHeight() const;
    int tickHeight() const;
    int headerHeight() const { return OverviewHeight + flagHeight() + tickHeight() + 2; }
    int titleWidth() const;
    QRectF plotRect() const; ///< All tracks, below the header and right of the titles.
    QRectF overviewRect() const;
    QRectF flagRect() const;
    QRectF tickRect() const;
    QRectF rowRect(const Row &row) const; ///< The row's part of the plot, scrolled.
    TimeScale scale() const;
    TimeScale overviewScale() const;
    void layOut();
    void updateScrollBar();
    void setFolded(bool folded);

    // finding
    int rowAt(double y) const;
    int rowOf(const TrackItem &item) const;
    TrackItem itemAt(QPointF point) const;
    TrackItem resolved(const TrackItem &item) const;
    QString toolTipAt(QPointF point) const;
    QString itemText(const TrackItem &item) const;

    // doing
    void invalidate();
    void choose(const TrackItem &item);
    void activate(const TrackItem &item, std::optional<TimeNs> time);
    void stepItem(bool forward);
    void stepRow(int by);
    void showRow(int row);
    void stepFailure(bool forward);
    void moveCursor(TimeNs time);
    void zoomAroundCursor(double factor);
    bool keyPressed(QKeyEvent *event);

    // painting
    void paint(QPainter &painter);
    void paintAll(QPainter &painter) const;
    void paintContent(QPainter &painter) const;
    void paintTitles(QPainter &painter) const;
    void paintTitle(QPainter &painter, const Row &row, const QRectF &rect, int index) const;
    void paintHeader(QPainter &painter) const;
    void paintTicks(QPainter &painter) const;
    void paintOverview(QPainter &painter) const;
    void paintPointers(QPainter &painter) const;
    void paintTimeChip(QPainter &painter, TimeNs time, const QColor &ground, const QColor &text,
                       bool withDistance) const;
    void paintEmpty(QPainter &painter) const;

    TimelineView *q;
    Analysis analysis;
    TimelineTracks tracks;
    AnnotationOverlay notes;
    TimeAxis *axis;
    Theme theme;
    std::vector<Row> rows;
    int contentHeight = 0;
    bool isFolded = true;
    TrackItem selected;
    int currentRow = -1;
    int shownFailure = -1;

    Drag drag = Drag::None;
    QPointF pressedAt;
    QPointF lastAt;
    TimeRange pressedRange;
    std::optional<TimeNs> hover;
    QPixmap content;
    bool isStale = true;
};

} // namespace faultline
