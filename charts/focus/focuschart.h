// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/trackitem.h"
#include "models/analysis/analysis.h"

#include <QImage>
#include <QTimeZone>
#include <QWidget>

#include <memory>

namespace faultline {

/// The two to four most telling series around one failure, stacked over a shared axis of seconds from the failure:
/// limit line, baseline band, spikes shaded, the failure as a line through all.
class FocusChart : public QWidget
{
    Q_OBJECT

public:
    explicit FocusChart(QWidget *parent = nullptr);
    ~FocusChart() override;

    void setAnalysis(const Analysis &analysis);
    /// Which failure to show: index into Findings::failures; out of range shows the empty state.
    void setFailure(int failure);
    int failure() const;
    /// Zone in which the failure's time is written; UTC unless set.
    void setZone(const QTimeZone &zone);
    /// What is shown: indexes into Evidence::allSeries(), top first.
    std::vector<int> shownSeries() const;

    /// The picture for a report, `size` in device-independent pixels. Null or empty where there is nothing to show.
    static QImage renderImage(const Analysis &analysis, int failure, QSize size, bool dark, double pixelRatio = 2.0);
    static QByteArray renderSvg(const Analysis &analysis, int failure, QSize size, bool dark);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    /// Draws the time cursor of the other views; emits no signal.
    void setTimeCursor(faultline::TimeNs time);

Q_SIGNALS:
    /// A person clicked a sample or spike.
    void itemActivated(const faultline::TrackItem &item);
    /// A person clicked a moment.
    void cursorMoved(faultline::TimeNs time);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void replan();
    void rebuild();
    void activateAt(QPointF point);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace faultline
