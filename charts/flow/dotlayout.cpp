// SPDX-License-Identifier: GPL-3.0-or-later
// Graphviz' JSON output: https://graphviz.org/docs/outputs/json/
#include "charts/flow/flowlayout.h"

#include "models/core/translate.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>

#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double PointsPerInch = 72;
constexpr double DotMargin = 12;

QByteArray number(double value)
{
    return QByteArray::number(value, 'f', 4);
}

std::optional<QPointF> pointOf(QStringView text)
{
    const auto parts = text.split(u',');
    if (parts.size() != 2)
        return std::nullopt;
    bool xOk = false;
    bool yOk = false;
    const QPointF point(parts[0].toDouble(&xOk), parts[1].toDouble(&yOk));
    if (!xOk || !yOk || !std::isfinite(point.x()) || !std::isfinite(point.y()))
        return std::nullopt;
    return point;
}

/// "s,x,y e,x,y x,y x,y …": an end point, then a B-spline's control points. `height` turns the y axis round.
QPainterPath splineOf(const QString &text, double height)
{
    std::vector<QPointF> points;
    std::optional<QPointF> start;
    std::optional<QPointF> end;
    const auto flip = [height](QPointF p) { return QPointF(p.x(), height - p.y()); };
    for (const QStringView part : QStringView(text).split(u' ', Qt::SkipEmptyParts)) {
        const bool isStart = part.startsWith(u"s,");
        const bool isEnd = part.startsWith(u"e,");
        const auto point = pointOf(isStart || isEnd ? part.sliced(2) : part);
        if (!point)
            return {};
        if (isStart)
            start = flip(*point);
        else if (isEnd)
            end = flip(*point);
        else
            points.push_back(flip(*point));
    }
    if (points.empty())
        return {};
    QPainterPath path(start.value_or(points.front()));
    if (start)
        path.lineTo(points.front());
    for (size_t i = 1; i + 2 < points.size(); i += 3)
        path.cubicTo(points[i], points[i + 1], points[i + 2]);
    if (end)
        path.lineTo(*end);
    return path;
}

} // namespace

QString dotProgram()
{
    return QStandardPaths::findExecutable(u"dot"_s);
}

QByteArray dotSource(const WalkedFlowchart &chart, const FlowSizes &sizes)
{
    QByteArray text = "digraph G {\n  rankdir=";
    text += chart.leftToRight ? "LR" : "TB";
    text += ";\n  nodesep=0.35; ranksep=0.42;\n  node [fixedsize=true, label=\"\"];\n  edge [arrowhead=none, "
            "label=\"\"];\n";
    for (size_t i = 0; i < chart.nodes.size(); ++i) {
        const NodeShape shape = flowShape(chart.nodes[i]);
        const char *name = shape == NodeShape::Diamond                                      ? "diamond"
                           : shape == NodeShape::Circle || shape == NodeShape::DoubleCircle ? "ellipse"
                                                                                            : "box";
        text += "  n" + QByteArray::number(i) + " [shape=" + name
                + ", width=" + number(sizes.nodes[i].width() / PointsPerInch)
                + ", height=" + number(sizes.nodes[i].height() / PointsPerInch) + "];\n";
    }
    for (size_t i = 0; i < chart.edges.size(); ++i) {
        const WalkedEdge &edge = chart.edges[i];
        if (edge.from < 0 || edge.to < 0)
            continue;
        text += "  n" + QByteArray::number(edge.from) + " -> n" + QByteArray::number(edge.to) + " [id=\"e"
                + QByteArray::number(i) + "\"";
        if (const QSizeF label = sizes.edgeLabels[i]; !label.isEmpty())
            // An empty table keeps the room: the label itself never leaves this program.
            text += ", label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\""
                    + QByteArray::number(std::lround(label.width())) + "\" HEIGHT=\""
                    + QByteArray::number(std::lround(label.height())) + "\"><TR><TD></TD></TR></TABLE>>";
        if (edge.state == EdgeState::Taken)
            text += ", weight=4";
        text += "];\n";
    }
    return text + "}\n";
}

Result<FlowLayout> dotLayout(const QByteArray &json, const WalkedFlowchart &chart, const FlowSizes &sizes)
{
    QJsonParseError error;
    const QJsonObject root = QJsonDocument::fromJson(json, &error).object();
    const QStringList box = root.value("bb"_L1).toString().split(u',');
    if (error.error != QJsonParseError::NoError || box.size() != 4)
        return failure(Code::BadSyntax, tr("Graphviz answered with something that is no layout"), {}, u"dot"_s);
    const double height = box.at(3).toDouble();
    FlowLayout layout;
    layout.nodes.resize(chart.nodes.size());
    layout.edges.resize(chart.edges.size());
    size_t placed = 0;
    for (const QJsonValue &value : root.value("objects"_L1).toArray()) {
        const QString name = value["name"_L1].toString();
        const auto middle = pointOf(value["pos"_L1].toString());
        bool isNumber = false;
        const auto index = name.startsWith(u'n') ? name.sliced(1).toULongLong(&isNumber) : 0;
        if (!isNumber || index >= chart.nodes.size() || !middle)
            continue;
        QRectF rect(QPointF(0, 0), sizes.nodes[index]);
        rect.moveCenter({middle->x(), height - middle->y()});
        layout.nodes[index] = rect;
        layout.bounds = layout.bounds.united(rect);
        ++placed;
    }
    if (placed != chart.nodes.size())
        return failure(Code::BadValue, tr("Graphviz left out some of the nodes"), {}, u"dot"_s);
    for (const QJsonValue &value : root.value("edges"_L1).toArray()) {
        const QString id = value["id"_L1].toString();
        bool isNumber = false;
        const auto index = id.startsWith(u'e') ? id.sliced(1).toULongLong(&isNumber) : 0;
        if (!isNumber || index >= chart.edges.size())
            continue;
        FlowEdgeLayout &edge = layout.edges[index];
        edge.path = splineOf(value["pos"_L1].toString(), height);
        if (const auto middle = pointOf(value["lp"_L1].toString())) {
            edge.label = QRectF(QPointF(0, 0), sizes.edgeLabels[index]);
            edge.label.moveCenter({middle->x(), height - middle->y()});
        }
        layout.bounds = layout.bounds.united(edge.path.boundingRect()).united(edge.label);
    }
    layout.bounds.adjust(-DotMargin, -DotMargin, DotMargin, DotMargin);
    clipToOutlines(layout, chart);
    placeLabels(layout);
    return layout;
}

Result<FlowLayout> runDot(const WalkedFlowchart &chart, const FlowSizes &sizes, int mostMs)
{
    const QString program = dotProgram();
    if (program.isEmpty())
        return failure(Code::NotFound, tr("Graphviz is not installed"),
                       tr("Install the package graphviz for better flowcharts."), u"dot"_s);
    QProcess process;
    process.start(program, {u"-Tjson"_s});
    process.write(dotSource(chart, sizes));
    process.closeWriteChannel();
    if (!process.waitForFinished(mostMs) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0) {
        process.kill();
        process.waitForFinished(200);
        return failure(Code::LimitReached, tr("Graphviz did not lay out the flowchart in time"), {}, u"dot"_s);
    }
    return dotLayout(process.readAllStandardOutput(), chart, sizes);
}

} // namespace faultline
