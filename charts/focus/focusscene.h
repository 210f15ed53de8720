// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "charts/core/trackitem.h"
#include "charts/focus/focusplan.h"

#include <QCoreApplication>
#include <QGraphicsScene>
#include <QTimeZone>

class QChart;
class QGraphicsLineItem;

namespace faultline {

/// A focus plan drawn with Qt Charts at one size: panels stacked over an axis of seconds from the failure.
class FocusScene : public QGraphicsScene
{
    Q_DECLARE_TR_FUNCTIONS(faultline::FocusScene)

public:
    FocusScene(const Analysis &analysis, FocusPlan plan, const Theme &theme, QSizeF size, const QTimeZone &zone);

    const FocusPlan &plan() const { return m_plan; }
    TimeScale scale() const { return m_scale; }
    /// The panel at a point; -1 where there is none.
    int panelAt(QPointF point) const;
    QRectF plotRect(int panel) const { return m_panels[static_cast<size_t>(panel)].plot; }
    /// The spike, or else the sample nearest to the point's moment; a null item outside of the plots.
    TrackItem itemAt(QPointF point) const;
    QString toolTip(const TrackItem &item, int panel) const;
    void setTimeCursor(std::optional<TimeNs> time);

private:
    struct Panel {
        QRectF plot;
        double factor = 1; ///< Values are shown divided by it.
        double lo = 0;
        double hi = 1;
    };
    void addPanel(size_t index, const QRectF &room);
    void setValueRange(Panel &panel, const FocusPanel &content) const;
    void addAxes(QChart &chart, const Panel &panel, bool isLast);
    void addBands(QChart &chart, const FocusPanel &content, const Panel &panel) const;
    void addLines(QChart &chart, const FocusPanel &content, const Panel &panel, size_t index) const;
    void addKeys(const FocusPanel &content, const QRectF &room);
    void addFooter(const QRectF &room);
    double seconds(TimeNs time) const;

    Analysis m_analysis;
    FocusPlan m_plan;
    Theme m_theme;
    QTimeZone m_zone;
    TimeScale m_scale;
    TimeNs m_zero;
    double m_unitSeconds = 1; ///< Of the axis: 1, or 60 where a wide window is counted in minutes.
    std::vector<Panel> m_panels;
    QGraphicsLineItem *m_cursor = nullptr;
};

} // namespace faultline
