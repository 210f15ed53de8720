// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "charts/core/timeaxis.h"
#include "charts/core/timeticks.h"
#include "charts/timeline/timelinecorner.h"
#include "charts/timeline/timelinetracks.h"
#include "charts/timeline/timelineview.h"
#include "charts/timeline/trackarrangement.h"
#include "charts/tracks/annotationoverlay.h"

#include <QImage>
#include <QPixmap>

class QMenu;

namespace faultline {

/// State and layout of a TimelineView; its painting is in timelinepainting.cpp.
struct TimelineView::Private {
    static constexpr double TickSpacing = 96; ///< Least distance of labelled ticks, in pixels.

    /// A row of the view: a track, or the line that folds the less telling series.
    struct Row {
        const Track *track = nullptr;
        int known = -1; ///< Index into `known`; -1 for the fold.
        int top = 0;    ///< Below the header, unscrolled.
        int height = 0;
        bool isPinned = false; ///< Stays when the others scroll.
    };
    enum class Drag { None, Pressed, Pan, Range, Zoom, Overview, Height, Move };

    explicit Private(TimelineView *view);

    // layout
    static constexpr int OverviewHeight = 12;
    static constexpr int FoldHeight = 26;
    static constexpr int MostHeight = 600; ///< Of a track.
    int flagHeight() const;
    int tickHeight() const;
    int headerHeight() const;
    int cornerHeight() const;
    int titleWidth() const;
    QRectF viewRect() const;
    int wholeHeight() const;
    QRectF plotRect() const;     ///< All tracks, below the header and right of the titles.
    QRectF scrolledRect() const; ///< The part of the plot that scrolls, below what is pinned.
    QRectF visiblePlot() const;  ///< The plot down to the last track.
    QRectF overviewRect() const;
    QRectF flagRect() const;
    QRectF tickRect() const;
    QRectF rowRect(const Row &row) const; ///< The row's part of the plot, scrolled.
    TimeScale scale() const;
    TimeScale overviewScale() const;
    TimeTicks ticks() const;
    void setKnown();
    void layOut();
    void updateScrollBar();
    void setFolded(bool folded);
    void updateCorner();
    void setShowsSince(bool since);
    std::optional<TimeNs> failureMoment() const;

    // arranging, in timelinearranging.cpp
    QString keyOf(int row) const;
    QStringList shownKeys() const;
    void setPinned(int row, bool pinned);
    /// Puts another arrangement in the place of the one that a person has.
    void setArrangement(TrackArrangement next);
    void hide(int row);
    void moveRow(int row, int to);
    void stepTrack(int by);
    void setHeight(int row, int height);
    int edgeAt(QPointF point) const; ///< The row whose lower edge in the titles is there, to be dragged; else -1.
    void addTrackActions(QMenu *menu, int row);
    void addPlotActions(QMenu *menu);
    void chooseSeries();
    QSet<int> shownSeries() const;
    void setSeriesShown(int series, bool shown);

    // finding
    int rowAt(double y) const;
    int rowOf(const TrackItem &item) const;
    TrackItem itemAt(QPointF point) const;
    TrackItem resolved(const TrackItem &item) const;
    QString toolTipAt(QPointF point) const;
    QString itemText(const TrackItem &item) const;

    // doing
    void invalidate();
    void invalidatePlot(); ///< Where titles stay as they are.
    void choose(const TrackItem &item);
    void
    wantRow(const TrackItem &item); ///< Brings back a track that holds it and is folded away, hidden or filtered out.
    void activate(const TrackItem &item, std::optional<TimeNs> time);
    void stepItem(bool forward);
    void stepRow(int by);
    void showRow(int row);
    void stepFailure(bool forward);
    void moveCursor(TimeNs time);
    void setRange(std::optional<TimeRange> range);
    void zoomToRange();
    void zoomAroundCursor(double factor);
    bool keyPressed(QKeyEvent *event);
    bool arrangingKeyPressed(QKeyEvent *event);

    // painting
    void paint(QPainter &painter);
    QByteArray renderSvg();
    QImage renderImage(double pixelRatio);
    void paintAll(QPainter &painter) const;
    void paintContent(QPainter &painter) const;
    using PaintTrack = void (Track::*)(QPainter &, const QRectF &, const TrackContext &) const;
    void paintRow(QPainter &painter, const Row &row, size_t index, const TrackContext &context, PaintTrack what) const;
    void paintRange(QPainter &painter, const QRectF &plot) const;
    void paintTitles(QPainter &painter) const;
    void paintTitle(QPainter &painter, const Row &row, const QRectF &rect, int index) const;
    void paintHeader(QPainter &painter) const;
    void paintTicks(QPainter &painter) const;
    void paintOverview(QPainter &painter) const;
    void paintPointers(QPainter &painter) const;
    void paintTimeChip(QPainter &painter, TimeNs time, const QColor &ground, const QColor &text,
                       bool withDistance) const;
    void paintEmpty(QPainter &painter) const;

    /// The case, with the plot as its last source.
    Analysis withPlot() const;

    TimelineView *q;
    Analysis shownCase;
    std::shared_ptr<const SourceEvidence> plotted;
    Analysis analysis; ///< As withPlot() gives it.
    TimelineTracks tracks;
    AnnotationOverlay notes;
    TimeAxis *axis;
    Theme theme;
    TimelineCorner *corner;
    TrackArrangement arrangement;
    QList<TrackArrangement::Known> known;
    std::vector<const Track *> knownTracks;
    int hiddenCount = 0;
    int moreSeries = 0; ///< In tracks that are folded away.
    bool showsCorner = true;
    std::vector<Row> rows;
    int pinnedHeight = 0;
    int contentHeight = 0;
    bool isFolded = true;
    TrackItem selected;
    int currentRow = -1;
    int shownFailure = -1;

    Drag drag = Drag::None;
    QPointF pressedAt;
    QPointF lastAt;
    TimeRange pressedRange;
    int draggedRow = -1;
    bool showsSince = false;
    std::optional<TimeNs> hover;
    std::optional<TimeRange> rangeBefore; ///< While a range to zoom into is drawn.
    QPixmap content;
    bool isStale = true;
    bool areTitlesStale = true; ///< They cost as much as the plot and change seldom.
    int pictureHeight = 0; ///< Of a picture that is made, without the widgets that stand on the view; 0: it is shown.
};

} // namespace faultline
