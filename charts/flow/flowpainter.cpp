// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowpainter.h"

#include "charts/core/format.h"

#include <QBuffer>
#include <QImage>
#include <QLineF>
#include <QPainter>
#include <QSvgGenerator>

#include <algorithm>
#include <array>
#include <cmath>

namespace faultline {

namespace {

constexpr double ArrowLength = 9;
constexpr double ArrowHalf = 4;
constexpr double MostSide = 8000; ///< Pixels of a picture's side; larger ones are scaled down.

bool isDim(NodeState state)
{
    return state == NodeState::NotReached || state == NodeState::RuledOut;
}

QPen edgePen(EdgeState state, const Theme &theme)
{
    const QColor color = theme.edge(state);
    switch (state) {
    case EdgeState::Taken: return {color, 2.6, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin};
    case EdgeState::Open: return {color, 1.8, Qt::DashLine, Qt::FlatCap, Qt::RoundJoin};
    case EdgeState::RuledOut: return {color, 1.2, Qt::DotLine, Qt::FlatCap, Qt::RoundJoin};
    case EdgeState::NotTaken: break;
    }
    return {color, 1.2, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin};
}

void paintEdge(QPainter &painter, const FlowEdgeLayout &edge, EdgeState state, const Theme &theme)
{
    if (edge.path.elementCount() < 2)
        return;
    const QPen pen = edgePen(state, theme);
    const QPointF tip = edge.path.currentPosition();
    // The direction in which the line arrives, measured a little before its end.
    const double length = edge.path.length();
    const QPointF before = edge.path.pointAtPercent(edge.path.percentAtLength(std::max(0.0, length - ArrowLength)));
    const QLineF along(tip, before);
    painter.setPen(pen);
    painter.setBrush(Qt::NoBrush);
    painter.drawPath(edge.path);
    if (along.length() < 0.5)
        return;
    const QPointF unit = (before - tip) / along.length();
    const QPointF side(-unit.y(), unit.x());
    const double scale = state == EdgeState::Taken ? 1.25 : 1;
    const std::array arrow{tip, tip + unit * ArrowLength * scale + side * ArrowHalf * scale,
                           tip + unit * ArrowLength * scale - side * ArrowHalf * scale};
    painter.setPen(QPen(pen.color(), 1));
    painter.setBrush(pen.color());
    painter.drawPolygon(arrow.data(), static_cast<int>(arrow.size()));
}

void paintEdgeLabel(QPainter &painter, const WalkedEdge &edge, const QRectF &rect, const Theme &theme)
{
    if (rect.isEmpty())
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.ground);
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 3, 3);
    QFont font = theme.smallFont;
    font.setWeight(edge.state == EdgeState::Taken ? QFont::DemiBold : QFont::Normal);
    painter.setFont(font);
    const QColor color = edge.state == EdgeState::Taken ? theme.text : theme.mutedText;
    painter.setPen(readable(color, theme.ground, 4.5));
    painter.drawText(rect, Qt::AlignCenter | Qt::TextWordWrap, shownText(edge.label.toUtf8(), 120));
}

void paintStatus(QPainter &painter, const WalkedNode &node, const QString &status, const QRectF &rect,
                 const QColor &color, const Theme &theme)
{
    painter.setFont(theme.smallFont);
    if (node.cause.isEmpty()) {
        painter.setPen(readable(color, theme.tint(color, 0.12), 4.5));
        painter.drawText(rect, Qt::AlignCenter, status);
        return;
    }
    // A cause's status is a chip: its word is what a reader looks for.
    const QFontMetricsF metrics(theme.smallFont);
    QRectF chip(0, 0, metrics.horizontalAdvance(status) + 14, metrics.height() + 1);
    chip.moveCenter(rect.center());
    const bool isLoud = !isDim(node.state);
    painter.setPen(isLoud ? Qt::NoPen : QPen(color, 1));
    painter.setBrush(isLoud ? QBrush(color) : Qt::NoBrush);
    painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2);
    painter.setPen(isLoud ? Theme::textOn(color) : readable(theme.mutedText, theme.ground, 4.5));
    painter.drawText(chip, Qt::AlignCenter, status);
}

void paintOutline(QPainter &painter, NodeShape shape, const QRectF &rect)
{
    painter.drawPath(flowOutline(shape, rect));
    painter.setBrush(Qt::NoBrush);
    if (shape == NodeShape::DoubleCircle)
        painter.drawEllipse(rect.adjusted(4, 4, -4, -4));
    if (shape == NodeShape::Subroutine) {
        painter.drawLine(QPointF(rect.left() + 7, rect.top()), QPointF(rect.left() + 7, rect.bottom()));
        painter.drawLine(QPointF(rect.right() - 7, rect.top()), QPointF(rect.right() - 7, rect.bottom()));
    }
    if (shape == NodeShape::Cylinder) {
        QPainterPath lid(QPointF(rect.left(), rect.top() + 7));
        lid.quadTo(rect.center().x(), rect.top() + 21, rect.right(), rect.top() + 7);
        painter.drawPath(lid);
    }
}

void paintNode(QPainter &painter, const WalkedNode &node, const QRectF &rect, const Theme &theme, bool isCurrent)
{
    const NodeShape shape = flowShape(node);
    const QColor color = theme.node(node.state);
    const bool dim = isDim(node.state);
    if (isCurrent) {
        painter.setPen(QPen(Theme::shade(theme.accent, 0.35), 9, Qt::SolidLine, Qt::SquareCap, Qt::RoundJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(flowOutline(shape, rect));
    }
    const double width = dim ? 1 : node.state == NodeState::Confirmed ? 2.4 : 1.8;
    painter.setPen(
        QPen(color, width, node.state == NodeState::Open ? Qt::DashLine : Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
    painter.setBrush(dim ? theme.panel : theme.tint(color, theme.dark ? 0.2 : 0.1));
    paintOutline(painter, shape, rect);
    QRectF room = flowTextRect(shape, rect);
    const QString status = flowStatus(node);
    if (!status.isEmpty()) {
        const double height = QFontMetricsF(theme.smallFont).height() + 2;
        const QRectF label =
            QFontMetricsF(theme.font).boundingRect(room, Qt::TextWordWrap | Qt::AlignHCenter, flowLabel(node));
        const QString reason = flowReason(node);
        QRectF why;
        if (!reason.isEmpty())
            why = QFontMetricsF(theme.smallFont).boundingRect(room, Qt::TextWordWrap | Qt::AlignHCenter, reason);
        const double block = label.height() + height + 2 + (reason.isEmpty() ? 0 : why.height() + 4);
        const double top = room.center().y() - block / 2;
        paintStatus(painter, node, status, QRectF(room.left(), top + label.height() + 2, room.width(), height), color,
                    theme);
        if (!reason.isEmpty()) {
            painter.setFont(theme.smallFont);
            painter.setPen(readable(theme.mutedText, theme.panel, 4.5));
            painter.drawText(QRectF(room.left(), top + label.height() + height + 6, room.width(), why.height() + 2),
                             Qt::AlignHCenter | Qt::TextWordWrap, reason);
        }
        room = QRectF(room.left(), top, room.width(), label.height());
    }
    QFont font = theme.font;
    font.setStrikeOut(node.state == NodeState::RuledOut);
    painter.setFont(font);
    painter.setPen(dim ? readable(theme.mutedText, theme.panel, 4.5) : theme.text);
    painter.drawText(room, Qt::AlignCenter | Qt::TextWordWrap, flowLabel(node));
}

} // namespace

void paintFlow(QPainter &painter, const WalkedFlowchart &chart, const FlowLayout &layout, const Theme &theme,
               int current)
{
    painter.setRenderHint(QPainter::Antialiasing);
    // What was taken comes last and so lies on top.
    for (const EdgeState state : {EdgeState::RuledOut, EdgeState::NotTaken, EdgeState::Open, EdgeState::Taken})
        for (size_t i = 0; i < layout.edges.size(); ++i)
            if (chart.edges[i].state == state)
                paintEdge(painter, layout.edges[i], state, theme);
    for (size_t i = 0; i < layout.nodes.size(); ++i)
        if (!layout.nodes[i].isEmpty())
            paintNode(painter, chart.nodes[i], layout.nodes[i], theme, static_cast<int>(i) == current);
    for (size_t i = 0; i < layout.edges.size(); ++i)
        paintEdgeLabel(painter, chart.edges[i], layout.edges[i].label, theme);
}

QByteArray flowSvg(const WalkedFlowchart &chart, const FlowLayout &layout, const Theme &theme)
{
    if (layout.isEmpty())
        return {};
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setTitle(chart.title);
    const QSize size = layout.bounds.size().toSize();
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    QPainter painter(&generator);
    painter.fillRect(QRect(QPoint(0, 0), size), theme.ground);
    painter.translate(-layout.bounds.topLeft());
    paintFlow(painter, chart, layout, theme, -1);
    painter.end();
    return bytes;
}

QImage flowImage(const WalkedFlowchart &chart, const FlowLayout &layout, const Theme &theme, double pixelRatio)
{
    if (layout.isEmpty())
        return {};
    const double most = std::max(layout.bounds.width(), layout.bounds.height());
    const double ratio = std::min(pixelRatio, MostSide / std::max(most, 1.0));
    QImage image((layout.bounds.size() * ratio).toSize().expandedTo({1, 1}), QImage::Format_ARGB32_Premultiplied);
    image.fill(theme.ground);
    QPainter painter(&image);
    painter.scale(ratio, ratio);
    painter.translate(-layout.bounds.topLeft());
    paintFlow(painter, chart, layout, theme, -1);
    painter.end();
    image.setDevicePixelRatio(ratio);
    return image;
}

} // namespace faultline
