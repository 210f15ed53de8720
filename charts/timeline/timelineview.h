// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"
#include "charts/core/trackitem.h"
#include "models/analysis/analysis.h"

#include <QAbstractScrollArea>

#include <memory>

namespace faultline {

class TimeAxis;

/// All of a case on one time axis: steps and tests, event lanes, states and metrics, with the failures through all of them.
///
/// Pointer: a click moves the time cursor and activates what it hits; dragging pans; Shift+drag measures a range, which other views may
/// filter by; a drag in the header draws a range that is zoomed to; a double click zooms in around itself, or into the range. Wheel scrolls
/// the tracks where not all are in sight, Ctrl+wheel (or the wheel over the header, or where nothing is to scroll) zooms around the
/// pointer, Shift+wheel pans: as in Perfetto and the browsers' tracing tools. The back and forward buttons go through what was shown. In the titles, dragging moves a
/// track, dragging its lower edge changes its height.
/// Keys: W and S zoom, A and D pan (as do + - Left Right), Up and Down choose a track, Ctrl+Left and Ctrl+Right step through its items,
/// Enter activates, Home or 0 fits everything, Z zooms into the range, Backspace goes back, F goes to the next failure (Shift+F back),
/// P pins a track, H hides it, Alt+Up and Alt+Down move it, / filters, Escape drops the selection.
class TimelineView : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit TimelineView(QWidget *parent = nullptr);
    ~TimelineView() override;

    /// Shows a case. The visible range stays where it is for a changed analysis of the same evidence; else it fits the whole.
    void setAnalysis(const Analysis &analysis);
    const Analysis &analysis() const;
    /// Shows a further source before all others until another case comes; its times are those of the axis. Its items have the index after
    /// the case's last source. Null takes it away.
    void setPlot(std::shared_ptr<const SourceEvidence> plot);

    TimeAxis *axis() const;
    std::optional<TimeNs> timeCursor() const;
    TrackItem selectedItem() const;
    /// Of the tracks that are shown, from the top.
    QStringList trackTitles() const;
    bool showsSinceFailure() const;

    /// What the view shows now, without what follows the pointer.
    QByteArray renderShownSvg(bool dark) const;
    QImage renderShownImage(bool dark, double pixelRatio = 2.0) const;

    /// A failure of a case with a stretch around it, as the view would show it, `width` pixels wide and as high as its tracks (the last
    /// ones are left out of a very high picture); empty where nothing has a place in time.
    static QByteArray renderSvg(const Analysis &analysis, int failure, int width, bool dark);

    /// The tracks that stay on top, by names that are the same whenever the case is read.
    QStringList pins() const;
    /// Pins these instead; emits no signal.
    void setPins(const QStringList &pins);

    /// A person's notes, as placed in the case at hand.
    void setAnnotations(std::vector<PlacedAnnotation> notes);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    /// Moves the time cursor (not the mouse's) and pans so that it shows; emits no signal.
    void setTimeCursor(faultline::TimeNs time);
    /// Marks an item of any view, moves the cursor to it and scrolls its track in; emits no signal. A null item drops the selection.
    void select(const faultline::TrackItem &item);
    /// Shows the failure with a stretch around it, and selects it.
    void showFailure(int failure);
    /// The next failure after the one shown last, round about.
    void showNextFailure();
    void showPreviousFailure();
    /// Marks a range; emits no signal.
    void setSelectedRange(std::optional<faultline::TimeRange> range);
    /// Whether the axis tells the time since the failure that is looked at, or the time of day.
    void setShowsSinceFailure(bool since);
    void fit();
    void zoomIn();
    void zoomOut();

Q_SIGNALS:
    /// A person chose something: show it elsewhere too.
    void itemActivated(const faultline::TrackItem &item);
    /// A person moved the time cursor.
    void cursorMoved(faultline::TimeNs time);
    /// A person chose a range, or dropped it.
    void rangeSelected(std::optional<faultline::TimeRange> range);
    /// A person wants times of day, in the local zone or in UTC.
    void localTimesWanted(bool local);
    /// A person wants to copy or save the picture.
    void pictureWanted();
    /// A person pinned a track or took its pin away.
    void pinsChanged(const QStringList &before, const QStringList &after);
    /// A person chose the pin of a note.
    void annotationActivated(qint64 id);

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace faultline
