// SPDX-License-Identifier: GPL-3.0-or-later
// A small member of Sugiyama's family: Sugiyama, Tagawa, Toda, "Methods for Visual Understanding of Hierarchical System Structures", 1981.
#include "charts/flow/flowlayout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace faultline {

namespace {

constexpr double NodeGap = 34;
constexpr double LayerGap = 46;
constexpr double DummyWidth = 12;
constexpr int Sweeps = 12;
constexpr int Straightenings = 24;
constexpr double Margin = 12;

struct Item {
    int node = -1; ///< -1: a bend of a long edge.
    int layer = 0;
    double width = 0;  ///< Across the direction of flow.
    double depth = 0;  ///< Along it.
    double center = 0; ///< Across.
    std::vector<size_t> up;
    std::vector<size_t> down;
};

/// Lays out from top to bottom; left to right swaps the axes at the end.
class Layering
{
public:
    Layering(const WalkedFlowchart &chart, const FlowSizes &sizes)
        : m_chart(chart)
        , m_sizes(sizes)
    {
    }

    FlowLayout run()
    {
        findBackEdges();
        assignLayers();
        addBends();
        order();
        place();
        return result();
    }

private:
    bool isUsed(size_t edge) const
    {
        const WalkedEdge &e = m_chart.edges[edge];
        const int count = static_cast<int>(m_chart.nodes.size());
        return e.from >= 0 && e.to >= 0 && e.from < count && e.to < count && e.from != e.to;
    }
    size_t from(size_t edge) const
    {
        return static_cast<size_t>(m_isBack[edge] ? m_chart.edges[edge].to : m_chart.edges[edge].from);
    }
    size_t to(size_t edge) const
    {
        return static_cast<size_t>(m_isBack[edge] ? m_chart.edges[edge].from : m_chart.edges[edge].to);
    }

    /// Edges that close a circle are turned round for the layering.
    void findBackEdges()
    {
        const size_t count = m_chart.nodes.size();
        m_isBack.assign(m_chart.edges.size(), false);
        std::vector<std::vector<size_t>> out(count);
        for (size_t e = 0; e < m_chart.edges.size(); ++e)
            if (isUsed(e))
                out[static_cast<size_t>(m_chart.edges[e].from)].push_back(e);
        std::vector<int> state(count, 0); // 0 new, 1 on the path, 2 done
        for (size_t root = 0; root < count; ++root) {
            if (state[root] != 0)
                continue;
            std::vector<std::pair<size_t, size_t>> path{{root, 0}};
            state[root] = 1;
            while (!path.empty()) {
                auto &[node, next] = path.back();
                if (next == out[node].size()) {
                    state[node] = 2;
                    path.pop_back();
                    continue;
                }
                const size_t edge = out[node][next++];
                const auto target = static_cast<size_t>(m_chart.edges[edge].to);
                if (state[target] == 1) {
                    m_isBack[edge] = true;
                } else if (state[target] == 0) {
                    state[target] = 1;
                    path.emplace_back(target, 0);
                }
            }
        }
    }

    void assignLayers()
    {
        const bool across = m_chart.leftToRight;
        for (size_t n = 0; n < m_chart.nodes.size(); ++n) {
            const QSizeF size = m_sizes.nodes[n];
            Item item;
            item.node = static_cast<int>(n);
            item.width = across ? size.height() : size.width();
            item.depth = across ? size.width() : size.height();
            m_items.push_back(std::move(item));
        }
        // Longest path: as many rounds as there can be layers.
        for (size_t round = 0; round < m_chart.nodes.size(); ++round) {
            bool changed = false;
            for (size_t e = 0; e < m_chart.edges.size(); ++e) {
                if (!isUsed(e) || m_items[to(e)].layer > m_items[from(e)].layer)
                    continue;
                m_items[to(e)].layer = m_items[from(e)].layer + 1;
                changed = true;
            }
            if (!changed)
                break;
        }
    }

    void addBends()
    {
        m_routes.resize(m_chart.edges.size());
        for (size_t e = 0; e < m_chart.edges.size(); ++e) {
            if (!isUsed(e))
                continue;
            auto &route = m_routes[e];
            route.push_back(from(e));
            for (int layer = m_items[from(e)].layer + 1; layer < m_items[to(e)].layer; ++layer) {
                Item bend;
                bend.layer = layer;
                bend.width = DummyWidth;
                m_items.push_back(bend);
                route.push_back(m_items.size() - 1);
            }
            route.push_back(to(e));
            for (size_t i = 1; i < route.size(); ++i) {
                m_items[route[i - 1]].down.push_back(route[i]);
                m_items[route[i]].up.push_back(route[i - 1]);
            }
        }
        int last = 0;
        for (const Item &item : m_items)
            last = std::max(last, item.layer);
        m_layers.resize(static_cast<size_t>(last) + 1);
        for (size_t i = 0; i < m_items.size(); ++i)
            m_layers[static_cast<size_t>(m_items[i].layer)].push_back(i);
    }

    void order()
    {
        std::vector<double> position(m_items.size());
        const auto number = [&](const std::vector<size_t> &layer) {
            for (size_t i = 0; i < layer.size(); ++i)
                position[layer[i]] = static_cast<double>(i);
        };
        for (const auto &layer : m_layers)
            number(layer);
        for (int sweep = 0; sweep < Sweeps; ++sweep) {
            const bool downwards = sweep % 2 == 0;
            for (size_t k = 1; k < m_layers.size(); ++k) {
                auto &layer = m_layers[downwards ? k : m_layers.size() - 1 - k];
                std::vector<std::pair<double, size_t>> keyed;
                for (const size_t i : layer) {
                    const auto &near = downwards ? m_items[i].up : m_items[i].down;
                    double sum = 0;
                    for (const size_t other : near)
                        sum += position[other];
                    keyed.emplace_back(near.empty() ? position[i] : sum / static_cast<double>(near.size()), i);
                }
                std::ranges::stable_sort(keyed, {}, &std::pair<double, size_t>::first);
                for (size_t i = 0; i < layer.size(); ++i)
                    layer[i] = keyed[i].second;
                number(layer);
            }
        }
    }

    static double gap(const Item &a, const Item &b)
    {
        return (a.width + b.width) / 2 + (a.node < 0 || b.node < 0 ? NodeGap * 0.6 : NodeGap);
    }

    /// Moves each of a layer towards where it wants to be, keeping the order and the gaps.
    void settle(std::vector<size_t> &layer, const std::vector<double> &wanted)
    {
        // Blocks of neighbours that would overlap share the mean of their wishes.
        struct Block {
            double sum = 0; ///< Of wishes for the block's first one.
            double weight = 0;
            size_t first = 0;
            double at() const { return sum / weight; }
        };
        std::vector<double> offset(layer.size(), 0);
        std::vector<Block> blocks;
        for (size_t i = 0; i < layer.size(); ++i) {
            if (i > 0)
                offset[i] = offset[i - 1] + gap(m_items[layer[i - 1]], m_items[layer[i]]);
            const double weight = m_items[layer[i]].node < 0 ? 2 : 1;
            blocks.push_back({(wanted[i] - offset[i]) * weight, weight, i});
            while (blocks.size() > 1 && blocks[blocks.size() - 2].at() > blocks.back().at()) {
                blocks[blocks.size() - 2].sum += blocks.back().sum;
                blocks[blocks.size() - 2].weight += blocks.back().weight;
                blocks.pop_back();
            }
        }
        for (size_t b = 0; b < blocks.size(); ++b) {
            const size_t end = b + 1 < blocks.size() ? blocks[b + 1].first : layer.size();
            for (size_t i = blocks[b].first; i < end; ++i)
                m_items[layer[i]].center = blocks[b].at() + offset[i];
        }
    }

    void place()
    {
        for (auto &layer : m_layers) {
            double at = 0;
            for (size_t i = 0; i < layer.size(); ++i) {
                at += i == 0 ? 0 : gap(m_items[layer[i - 1]], m_items[layer[i]]);
                m_items[layer[i]].center = at;
            }
        }
        for (int pass = 0; pass < Straightenings; ++pass) {
            const bool downwards = pass % 2 == 0;
            for (size_t k = 0; k < m_layers.size(); ++k) {
                auto &layer = m_layers[downwards ? k : m_layers.size() - 1 - k];
                std::vector<double> wanted;
                for (const size_t i : layer) {
                    const auto &near = downwards ? m_items[i].up : m_items[i].down;
                    double sum = 0;
                    for (const size_t other : near)
                        sum += m_items[other].center;
                    wanted.push_back(near.empty() ? m_items[i].center : sum / static_cast<double>(near.size()));
                }
                settle(layer, wanted);
            }
        }
    }

    /// Room that labels need below a layer.
    double labelDepth(size_t layer) const
    {
        double most = 0;
        for (size_t e = 0; e < m_chart.edges.size(); ++e)
            if (!m_routes[e].empty() && static_cast<size_t>(m_items[m_routes[e].front()].layer) == layer)
                most = std::max(most,
                                m_chart.leftToRight ? m_sizes.edgeLabels[e].width() : m_sizes.edgeLabels[e].height());
        return most;
    }

    QPointF point(double across, double along) const
    {
        return m_chart.leftToRight ? QPointF(along, across) : QPointF(across, along);
    }

    FlowLayout result()
    {
        double least = 1e300;
        for (const Item &item : m_items)
            least = std::min(least, item.center - item.width / 2);
        std::vector<double> top(m_layers.size());
        std::vector<double> depth(m_layers.size(), 0);
        double at = Margin;
        for (size_t k = 0; k < m_layers.size(); ++k) {
            for (const size_t i : m_layers[k])
                depth[k] = std::max(depth[k], m_items[i].depth);
            top[k] = at;
            at += depth[k] + LayerGap + labelDepth(k);
        }
        const auto across = [&](size_t i) { return m_items[i].center - least + Margin; };
        const auto middle = [&](size_t i) {
            return top[static_cast<size_t>(m_items[i].layer)] + depth[static_cast<size_t>(m_items[i].layer)] / 2;
        };
        FlowLayout layout;
        for (size_t n = 0; n < m_chart.nodes.size(); ++n) {
            QRectF rect(QPointF(0, 0), m_sizes.nodes[n]);
            rect.moveCenter(point(across(n), middle(n)));
            layout.nodes.push_back(rect);
            layout.bounds = layout.bounds.united(rect);
        }
        for (size_t e = 0; e < m_chart.edges.size(); ++e)
            layout.edges.push_back(edgeLayout(e, across, middle, layout));
        for (const FlowEdgeLayout &edge : layout.edges)
            layout.bounds = layout.bounds.united(edge.path.boundingRect()).united(edge.label);
        layout.bounds.adjust(-Margin, -Margin, Margin, Margin);
        clipToOutlines(layout, m_chart);
        placeLabels(layout);
        return layout;
    }

    template<typename Across, typename Middle>
    FlowEdgeLayout edgeLayout(size_t e, const Across &across, const Middle &middle, const FlowLayout &layout) const
    {
        FlowEdgeLayout edge;
        const auto &route = m_routes[e];
        if (route.size() < 2)
            return edge;
        std::vector<QPointF> points;
        const Item &first = m_items[route.front()];
        const Item &last = m_items[route.back()];
        points.push_back(point(across(route.front()), middle(route.front()) + first.depth / 2));
        for (size_t i = 1; i + 1 < route.size(); ++i)
            points.push_back(point(across(route[i]), middle(route[i])));
        points.push_back(point(across(route.back()), middle(route.back()) - last.depth / 2));
        if (m_isBack[e])
            std::ranges::reverse(points);
        edge.path.moveTo(points.front());
        for (size_t i = 1; i < points.size(); ++i) {
            const QPointF half = (points[i - 1] + points[i]) / 2;
            const QPointF a =
                m_chart.leftToRight ? QPointF(half.x(), points[i - 1].y()) : QPointF(points[i - 1].x(), half.y());
            const QPointF b = m_chart.leftToRight ? QPointF(half.x(), points[i].y()) : QPointF(points[i].x(), half.y());
            edge.path.cubicTo(a, b, points[i]);
        }
        if (const QSizeF label = m_sizes.edgeLabels[e]; !label.isEmpty()) {
            edge.label = QRectF(QPointF(0, 0), label);
            edge.label.moveCenter((points[0] + points[1]) / 2);
        }
        Q_UNUSED(layout)
        return edge;
    }

    const WalkedFlowchart &m_chart;
    const FlowSizes &m_sizes;
    std::vector<bool> m_isBack;
    std::vector<Item> m_items;
    std::vector<std::vector<size_t>> m_layers;
    std::vector<std::vector<size_t>> m_routes;
};

} // namespace

FlowLayout layeredLayout(const WalkedFlowchart &chart, const FlowSizes &sizes)
{
    return chart.nodes.empty() ? FlowLayout{} : Layering(chart, sizes).run();
}

} // namespace faultline
