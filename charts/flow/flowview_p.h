// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/flow/flowstory.h"
#include "charts/flow/flowview.h"

#include <QTransform>

class QProcess;
class QPushButton;

namespace faultline {

struct FlowView::Private {
    explicit Private(FlowView *view);

    /// What stays in the widget when its size changes.
    enum class Follow { Story, Whole, Nothing };

    void layOut();
    void layOutNext();
    void startDot(const WalkedFlowchart &what, const FlowSizes &sizes);
    void finishDot(QProcess *process, const WalkedFlowchart &what, const FlowSizes &sizes);
    void takeLayout(FlowLayout made);
    void stopDot();
    /// Where the chart may stand: above the button, where there is one.
    QRectF room() const;
    double fitScale(const FlowLayout &what) const;
    /// The whole where it can be read; else what the walk found, at a size that can, with the start in sight.
    void showStory();
    void showWhole();
    void follow(Follow what);
    void arrange();
    void placeMore();
    void zoomAt(QPointF at, double factor);
    void keepInSight();
    bool isShown(int node) const { return !layout.nodes[static_cast<size_t>(node)].isEmpty(); }
    int nodeAt(QPointF at) const;
    int neighbour(int key) const;
    int alongEdge(int key) const;
    void setCurrent(int node);
    QString toolTip(int node) const;
    QTransform transform() const { return QTransform(scale, 0, 0, scale, offset.x(), offset.y()); }

    FlowView *q;
    Theme theme;
    WalkedFlowchart chart;
    FlowPart story; ///< What remains where the whole has no room.
    FlowLayout whole;
    FlowLayout told;   ///< Of the story; empty where it is the whole.
    FlowLayout layout; ///< That of the two which is shown.
    bool tellsStory = false;
    QPushButton *more = nullptr;
    bool useGraphviz = true;
    QProcess *dot = nullptr;
    int current = -1;
    double scale = 1;
    QPointF offset;
    Follow followed = Follow::Story; ///< Until a person zooms or pans.
    bool isPanning = false;
    QPointF pressedAt;
    QPointF pressedOffset;
    int pressedNode = -1;
};

} // namespace faultline
