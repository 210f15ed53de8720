// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/diagnosis.h"

#include <QImage>
#include <QWidget>

#include <memory>

namespace faultline {

/// A walked playbook as a flowchart: the taken path strong, open branches dashed, what is ruled out grey with its reason, causes
/// as leaves with their status. Where the whole cannot be read at the widget's size, the paths to the causes found are shown alone, and a
/// button brings the rest.
///
/// Pointer: a click chooses and activates a node, dragging pans, the wheel zooms around the pointer, a double click on the ground fits.
/// Keys: arrows go along the edges (or to the nearest node that way), Enter activates, + and - zoom, 0 or Home fits.
class FlowView : public QWidget
{
    Q_OBJECT

public:
    explicit FlowView(QWidget *parent = nullptr);
    ~FlowView() override;

    /// Shows a chart; laid out by Graphviz in the background where there is `dot`, else by the built-in layering.
    void setFlowchart(const WalkedFlowchart &chart);
    void clear();
    const WalkedFlowchart &flowchart() const;
    /// Index into the chart's nodes; -1 for none.
    int currentNode() const;
    /// False: always the built-in layering, at once.
    void setUseGraphviz(bool use);
    /// Whether nodes have their places; layoutFinished() tells when.
    bool isLaidOut() const;
    /// Where a node is, in widget pixels; null where it is not, or is left out of the view.
    QRectF nodeRect(int node) const;

    /// The whole chart as it is laid out here, unzoomed; empty before it is.
    QByteArray renderSvg(bool dark) const;
    QImage renderImage(bool dark, double pixelRatio = 2.0) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public Q_SLOTS:
    /// Marks a node and pans to it; emits no signal.
    void setCurrentNode(int node);
    /// Shows the whole, however small that makes it.
    void fit();
    void zoomIn();
    void zoomOut();

Q_SIGNALS:
    /// A person chose a node: show its evidence.
    void nodeActivated(int node);
    void layoutFinished();
    /// A person asks what can be done with a node.
    void nodeMenuWanted(int node, QPoint globalPosition);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// A walked playbook as a picture without a window, for `--format svg` and reports. Waits for `dot`, a few seconds at most.
/// Needs a QGuiApplication (fonts).
QByteArray renderFlowchartSvg(const WalkedFlowchart &chart, bool dark);
/// The same for a page: where the whole is wider than `mostWidth` pixels, only what tells how the walk went.
QByteArray renderFlowStorySvg(const WalkedFlowchart &chart, bool dark, qreal mostWidth);
QImage renderFlowchartImage(const WalkedFlowchart &chart, bool dark, double pixelRatio = 2.0);

} // namespace faultline
