// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowlayout.h"

#include <QLineF>

#include <algorithm>
#include <array>
#include <cmath>

namespace faultline {

namespace {

constexpr double SampleGap = 5; ///< Pixels between the points of a line that are looked at.
constexpr double LabelGap = 2;  ///< Between a line and its label.
constexpr size_t MostSamples = 400;

struct EdgePoints {
    std::vector<QPointF> points;
    QRectF bounds;
};

EdgePoints pointsOf(const QPainterPath &path)
{
    EdgePoints result;
    if (path.elementCount() < 2)
        return result;
    const double length = path.length();
    const size_t count = std::clamp(static_cast<size_t>(length / SampleGap), size_t{2}, MostSamples);
    for (size_t i = 0; i <= count; ++i)
        result.points.push_back(path.pointAtPercent(static_cast<double>(i) / static_cast<double>(count)));
    result.bounds = path.controlPointRect().adjusted(-1, -1, 1, 1);
    return result;
}

/// Where a label may stand: where the layout has it, then beside its line, from the middle outwards, on either side.
std::vector<QRectF> candidates(const FlowEdgeLayout &edge)
{
    std::vector<QRectF> places{edge.label};
    const double length = edge.path.length();
    if (length < 1)
        return places;
    for (const double at : {0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8}) {
        const QPointF here = edge.path.pointAtPercent(at);
        const QLineF along(edge.path.pointAtPercent(std::max(0.0, at - 0.03)),
                           edge.path.pointAtPercent(std::min(1.0, at + 0.03)));
        if (along.length() < 0.01)
            continue;
        const QPointF normal(-along.dy() / along.length(), along.dx() / along.length());
        const double away =
            std::abs(normal.x()) * edge.label.width() / 2 + std::abs(normal.y()) * edge.label.height() / 2 + LabelGap;
        for (const double side : {-1.0, 1.0}) {
            QRectF place = edge.label;
            place.moveCenter(here + normal * away * side);
            places.push_back(place);
        }
    }
    return places;
}

} // namespace

void placeLabels(FlowLayout &layout)
{
    std::vector<EdgePoints> lines;
    lines.reserve(layout.edges.size());
    for (const FlowEdgeLayout &edge : layout.edges)
        lines.push_back(pointsOf(edge.path));
    for (size_t e = 0; e < layout.edges.size(); ++e) {
        FlowEdgeLayout &edge = layout.edges[e];
        if (edge.label.isEmpty() || edge.path.elementCount() < 2)
            continue;
        double least = 1e300;
        QRectF best = edge.label;
        double rank = 0;
        for (const QRectF &place : candidates(edge)) {
            const auto isTouched = [&](const EdgePoints &line) {
                return line.bounds.intersects(place)
                       && std::ranges::any_of(line.points, [&](QPointF point) { return place.contains(point); });
            };
            double cost = rank;
            rank += 0.1;
            for (const QRectF &node : layout.nodes)
                cost += node.intersects(place) ? 100 : 0;
            for (size_t other = 0; other < layout.edges.size(); ++other) {
                cost += isTouched(lines[other]) ? 10 : 0;
                // Those before this one stand already.
                cost += other < e && layout.edges[other].label.intersects(place) ? 100 : 0;
            }
            if (cost < least) {
                least = cost;
                best = place;
            }
        }
        edge.label = best;
        layout.bounds = layout.bounds.united(best.adjusted(-4, -4, 4, 4));
    }
}

} // namespace faultline
