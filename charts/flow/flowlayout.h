// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "models/core/result.h"
#include "models/playbooks/diagnosis.h"

#include <QPainterPath>
#include <QRectF>

namespace faultline {

/// How much room the parts of a flowchart need with the fonts of a theme.
struct FlowSizes {
    std::vector<QSizeF> nodes;      ///< Of the whole shape.
    std::vector<QSizeF> edgeLabels; ///< Empty where an edge has none.

    static FlowSizes of(const WalkedFlowchart &chart, const Theme &theme);
};

struct FlowEdgeLayout {
    QPainterPath path; ///< From the outline of one node to that of the other.
    QRectF label;
};

/// Where everything stands, in pixels; a node that is left out has an empty place.
struct FlowLayout {
    std::vector<QRectF> nodes;
    std::vector<FlowEdgeLayout> edges;
    QRectF bounds;

    bool isEmpty() const { return nodes.empty(); }
};

/// The text of a node as it is wrapped, without its status.
QString flowLabel(const WalkedNode &node);
/// What stands below the label: the answer taken, or a cause's status; empty for others.
QString flowStatus(const WalkedNode &node);
/// Why a cause is ruled out, short; empty for others.
QString flowReason(const WalkedNode &node);
/// Nodes that say nothing of their shape: decisions are diamonds.
NodeShape flowShape(const WalkedNode &node);
/// The outline of a shape in a rectangle.
QPainterPath flowOutline(NodeShape shape, const QRectF &rect);
/// Where the text goes in a shape's rectangle.
QRectF flowTextRect(NodeShape shape, const QRectF &rect);

/// Layers by longest path, crossings lessened by barycentres, neighbours straightened: plain, quick, and always the same.
FlowLayout layeredLayout(const WalkedFlowchart &chart, const FlowSizes &sizes);

/// The chart in Graphviz's language: sizes and numbers only, no text of the chart's.
QByteArray dotSource(const WalkedFlowchart &chart, const FlowSizes &sizes);
/// Reads what `dot -Tjson` made of dotSource().
Result<FlowLayout> dotLayout(const QByteArray &json, const WalkedFlowchart &chart, const FlowSizes &sizes);
/// Runs dot and waits, `mostMs` at most; fails where it is absent, broken or too slow.
Result<FlowLayout> runDot(const WalkedFlowchart &chart, const FlowSizes &sizes, int mostMs);
/// Path of the program; empty where it is not installed.
QString dotProgram();

/// Brings the ends of an edge to the outlines of its nodes, where the layout left them at their boxes.
void clipToOutlines(FlowLayout &layout, const WalkedFlowchart &chart);

/// Moves the labels of edges to where they lie beside their edge and on nothing else, as far as there is such a place.
void placeLabels(FlowLayout &layout);

} // namespace faultline
