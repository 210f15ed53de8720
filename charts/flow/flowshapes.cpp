// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/format.h"
#include "charts/flow/flowlayout.h"
#include "models/core/translate.h"

#include <QFontMetricsF>
#include <QPolygonF>

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr double MostTextWidth = 170;
constexpr double Pad = 12;
constexpr double DiamondShare = 0.64; ///< Of a diamond's width that its text takes; its height follows.
constexpr qsizetype MostLabel = 240;

/// The size of wrapped text; words too long for a line are broken.
QSizeF wrapped(const QString &text, const QFont &font, double width)
{
    return QFontMetricsF(font)
        .boundingRect(QRectF(0, 0, width, 4000), Qt::TextWordWrap | Qt::AlignHCenter, text)
        .size();
}

QSizeF shapeSize(NodeShape shape, QSizeF text)
{
    const double w = text.width();
    const double h = text.height();
    switch (shape) {
    case NodeShape::Diamond: return {std::ceil((w + 6) / DiamondShare), std::ceil((h + 2) / (1 - DiamondShare))};
    case NodeShape::Hexagon: return {w + 2 * Pad + 24, h + 2 * Pad};
    case NodeShape::Circle:
    case NodeShape::DoubleCircle: {
        const double d = std::hypot(w, h) + Pad + (shape == NodeShape::DoubleCircle ? 8 : 0);
        return {d, d};
    }
    case NodeShape::Parallelogram:
    case NodeShape::Trapezoid:
    case NodeShape::Asymmetric: return {w + 2 * Pad + 28, h + 1.6 * Pad};
    case NodeShape::Cylinder: return {w + 2 * Pad, h + 2 * Pad + 12};
    case NodeShape::Subroutine: return {w + 2 * Pad + 12, h + 1.6 * Pad};
    case NodeShape::Stadium: return {w + 2 * Pad + h * 0.4, h + 1.5 * Pad};
    case NodeShape::Rect:
    case NodeShape::Rounded: break;
    }
    return {w + 2 * Pad, h + 1.6 * Pad};
}

} // namespace

QString flowLabel(const WalkedNode &node)
{
    const QString text = node.label.isEmpty() ? node.id : node.label;
    return shownText(text.toUtf8(), MostLabel);
}

QString flowStatus(const WalkedNode &node)
{
    if (node.cause.isEmpty()) {
        if (node.byHand)
            return tr("by hand: %1").arg(shownText(node.answer.toUtf8(), 60));
        if (node.state == NodeState::Open)
            return tr("open");
        return node.state == NodeState::Answered && !node.answer.isEmpty() ? shownText(node.answer.toUtf8(), 60)
                                                                           : QString();
    }
    switch (node.state) {
    case NodeState::Confirmed: return tr("confirmed");
    case NodeState::Likely: return tr("likely");
    case NodeState::Possible: return tr("possible");
    case NodeState::RuledOut: return tr("ruled out");
    case NodeState::NotReached:
    case NodeState::Answered:
    case NodeState::Open: break;
    }
    return {};
}

QString flowReason(const WalkedNode &node)
{
    constexpr qsizetype MostReason = 70;
    return node.state == NodeState::RuledOut ? shownText(node.reason.toUtf8(), MostReason) : QString();
}

NodeShape flowShape(const WalkedNode &node)
{
    if (node.shape == NodeShape::Rect && node.isDecision)
        return NodeShape::Diamond;
    if (node.shape == NodeShape::Rect && !node.cause.isEmpty())
        return NodeShape::Rounded;
    return node.shape;
}

FlowSizes FlowSizes::of(const WalkedFlowchart &chart, const Theme &theme)
{
    FlowSizes sizes;
    for (const WalkedNode &node : chart.nodes) {
        const NodeShape shape = flowShape(node);
        QSizeF text =
            wrapped(flowLabel(node), theme.font, shape == NodeShape::Diamond ? MostTextWidth * 0.86 : MostTextWidth);
        if (const QString status = flowStatus(node); !status.isEmpty()) {
            const QSizeF more = wrapped(status, theme.smallFont, MostTextWidth);
            text = {std::max(text.width(), more.width() + (node.cause.isEmpty() ? 0 : 16)),
                    text.height() + more.height() + 3};
        }
        if (const QString reason = flowReason(node); !reason.isEmpty()) {
            const QSizeF more = wrapped(reason, theme.smallFont, MostTextWidth);
            text = {std::max(text.width(), more.width()), text.height() + more.height() + 4};
        }
        sizes.nodes.push_back(shapeSize(shape, {std::max(text.width(), 36.0), text.height()}));
    }
    for (const WalkedEdge &edge : chart.edges) {
        QSizeF size;
        if (!edge.label.isEmpty())
            size = wrapped(shownText(edge.label.toUtf8(), 120), theme.smallFont, 130) + QSizeF(10, 4);
        sizes.edgeLabels.push_back(size);
    }
    return sizes;
}

QPainterPath flowOutline(NodeShape shape, const QRectF &rect)
{
    QPainterPath path;
    const double l = rect.left();
    const double r = rect.right();
    const double t = rect.top();
    const double b = rect.bottom();
    const QPointF c = rect.center();
    const auto polygon = [&](const QList<QPointF> &points) {
        path.addPolygon(QPolygonF(points));
        path.closeSubpath();
    };
    switch (shape) {
    case NodeShape::Diamond: polygon({{c.x(), t}, {r, c.y()}, {c.x(), b}, {l, c.y()}}); break;
    case NodeShape::Hexagon:
        polygon({{l + 12, t}, {r - 12, t}, {r, c.y()}, {r - 12, b}, {l + 12, b}, {l, c.y()}});
        break;
    case NodeShape::Parallelogram: polygon({{l + 14, t}, {r, t}, {r - 14, b}, {l, b}}); break;
    case NodeShape::Trapezoid: polygon({{l + 14, t}, {r - 14, t}, {r, b}, {l, b}}); break;
    case NodeShape::Asymmetric: polygon({{l, t}, {r, t}, {r, b}, {l, b}, {l + 14, c.y()}}); break;
    case NodeShape::Circle:
    case NodeShape::DoubleCircle: path.addEllipse(rect); break;
    case NodeShape::Stadium: path.addRoundedRect(rect, rect.height() / 2, rect.height() / 2); break;
    case NodeShape::Cylinder:
        path.moveTo(l, t + 7);
        path.quadTo(c.x(), t - 7, r, t + 7);
        path.lineTo(r, b - 7);
        path.quadTo(c.x(), b + 7, l, b - 7);
        path.closeSubpath();
        break;
    case NodeShape::Rounded: path.addRoundedRect(rect, 8, 8); break;
    case NodeShape::Rect:
    case NodeShape::Subroutine: path.addRoundedRect(rect, 3, 3); break;
    }
    return path;
}

QRectF flowTextRect(NodeShape shape, const QRectF &rect)
{
    if (shape == NodeShape::Diamond) {
        const double w = rect.width() * DiamondShare;
        const double h = rect.height() * (1 - DiamondShare);
        return {rect.center().x() - w / 2, rect.center().y() - h / 2 - 1, w, h + 2};
    }
    if (shape == NodeShape::Hexagon || shape == NodeShape::Parallelogram || shape == NodeShape::Trapezoid
        || shape == NodeShape::Asymmetric)
        return rect.adjusted(18, 4, -18, -4);
    if (shape == NodeShape::Subroutine)
        return rect.adjusted(14, 4, -14, -4);
    if (shape == NodeShape::Cylinder)
        return rect.adjusted(8, 14, -8, -6);
    return rect.adjusted(7, 3, -7, -3);
}

void clipToOutlines(FlowLayout &layout, const WalkedFlowchart &chart)
{
    for (size_t i = 0; i < layout.edges.size(); ++i) {
        QPainterPath &path = layout.edges[i].path;
        const WalkedEdge &edge = chart.edges[i];
        if (path.elementCount() < 2 || edge.from < 0 || edge.to < 0 || edge.from == edge.to)
            continue;
        const auto from = static_cast<size_t>(edge.from);
        const auto to = static_cast<size_t>(edge.to);
        const QPainterPath head = flowOutline(flowShape(chart.nodes[to]), layout.nodes[to]);
        const QPainterPath tail = flowOutline(flowShape(chart.nodes[from]), layout.nodes[from]);
        // A bounding box's edge may be away from the shape in it: go on straight to the middle until it is met.
        const auto onOutline = [](const QPainterPath &outline, QPointF outside, QPointF middle) {
            double lo = 0;
            double hi = 1;
            for (int step = 0; step < 16; ++step) {
                const double at = (lo + hi) / 2;
                (outline.contains(outside + (middle - outside) * at) ? hi : lo) = at;
            }
            return outside + (middle - outside) * lo;
        };
        const QPointF start = path.elementAt(0);
        const QPointF end = path.currentPosition();
        QPainterPath clipped(onOutline(tail, start, layout.nodes[from].center()));
        clipped.connectPath(path);
        if (!head.contains(end))
            clipped.lineTo(onOutline(head, end, layout.nodes[to].center()));
        path = clipped;
    }
}

} // namespace faultline
