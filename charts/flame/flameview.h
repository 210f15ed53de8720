// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "charts/flame/flametree.h"

#include <QAbstractScrollArea>
#include <QImage>

namespace faultline {

/// A flame graph that hangs from the top: a box a function, as wide as it and what it called weigh.
///
/// Pointer: a click zooms to a box, on an ancestor out to it; a box tells what it weighs when pointed at.
/// Keys: arrows choose a box (up and down along the path, left and right among its kind), Enter zooms, Backspace or Escape goes back out.
class FlameView final : public QAbstractScrollArea
{
    Q_OBJECT

public:
    explicit FlameView(QWidget *parent = nullptr);

    /// `unit` as the profile writes it: "nanoseconds", "bytes", "count".
    void setTree(FlameTree tree, const QByteArray &unit);
    const FlameTree &tree() const { return m_tree; }
    /// Marks the functions whose name holds the text.
    void setSearch(const QString &text);
    int zoomed() const { return m_zoomed; }
    int current() const { return m_current; }
    /// The boxes on the screen, in shares of the width.
    const std::vector<FlameBox> &boxes() const { return m_boxes; }
    /// Where a node is in the viewport; null where it is not shown.
    QRectF boxRect(int node) const;

    /// The graph as it is zoomed, whole height, as a picture.
    QImage renderImage(bool dark, int width, double pixelRatio = 2.0) const;
    QByteArray renderSvg(bool dark, int width) const;

public Q_SLOTS:
    void zoomTo(int node);
    void zoomOut();

Q_SIGNALS:
    void zoomChanged(int node);
    /// A person chose a function.
    void functionActivated(const QByteArray &function);

protected:
    bool viewportEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void layOut();
    void paint(QPainter &painter, const Theme &theme, double width, double top) const;
    QColor fillOf(int node, const Theme &theme) const;
    QString labelOf(int node) const;
    QString toolTip(int node) const;
    int nodeAt(QPointF position) const;
    void setCurrent(int node);
    int neighbour(int key) const;

    FlameTree m_tree;
    QByteArray m_unit;
    QString m_search;
    Theme m_theme;
    std::vector<FlameBox> m_boxes;
    std::vector<bool> m_isFound; ///< By function.
    int m_zoomed = 0;
    int m_current = 0;
};

/// What a profile's value is in words: "1.4 s", "312 MiB", "42".
QString profileValueText(double value, const QByteArray &unit);

} // namespace faultline
