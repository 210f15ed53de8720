// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flow/flowstory.h"

#include <algorithm>

namespace faultline {

namespace {

bool isFound(const WalkedNode &node)
{
    return node.state == NodeState::Confirmed || node.state == NodeState::Likely;
}

bool isInside(const WalkedEdge &edge, const WalkedFlowchart &chart)
{
    return edge.from >= 0 && edge.to >= 0 && std::cmp_less(edge.from, chart.nodes.size())
           && std::cmp_less(edge.to, chart.nodes.size());
}

std::vector<bool> toldNodes(const WalkedFlowchart &chart)
{
    std::vector<bool> told(chart.nodes.size(), false);
    if (std::ranges::none_of(chart.nodes, isFound)) {
        for (size_t i = 0; i < told.size(); ++i)
            told[i] = chart.nodes[i].state != NodeState::NotReached && chart.nodes[i].state != NodeState::RuledOut;
        return told;
    }
    for (size_t i = 0; i < told.size(); ++i)
        told[i] = isFound(chart.nodes[i]);
    // Backwards along what was taken, until nothing is added.
    for (bool grew = true; grew;) {
        grew = false;
        for (const WalkedEdge &edge : chart.edges) {
            if (edge.state != EdgeState::Taken || !isInside(edge, chart) || !told[static_cast<size_t>(edge.to)]
                || told[static_cast<size_t>(edge.from)])
                continue;
            told[static_cast<size_t>(edge.from)] = true;
            grew = true;
        }
    }
    return told;
}

} // namespace

FlowPart flowStory(const WalkedFlowchart &chart)
{
    FlowPart part;
    part.allNodes = chart.nodes.size();
    part.allEdges = chart.edges.size();
    std::vector<bool> told = toldNodes(chart);
    if (std::ranges::none_of(told, std::identity{}))
        told.assign(told.size(), true);
    part.chart.playbook = chart.playbook;
    part.chart.title = chart.title;
    part.chart.failure = chart.failure;
    part.chart.leftToRight = chart.leftToRight;
    std::vector<int> moved(chart.nodes.size(), -1);
    for (size_t i = 0; i < chart.nodes.size(); ++i) {
        if (!told[i])
            continue;
        moved[i] = static_cast<int>(part.nodes.size());
        part.nodes.push_back(i);
        part.chart.nodes.push_back(chart.nodes[i]);
    }
    for (size_t e = 0; e < chart.edges.size(); ++e) {
        WalkedEdge edge = chart.edges[e];
        if (!isInside(edge, chart))
            continue;
        edge.from = moved[static_cast<size_t>(edge.from)];
        edge.to = moved[static_cast<size_t>(edge.to)];
        if (edge.from < 0 || edge.to < 0)
            continue;
        part.edges.push_back(e);
        part.chart.edges.push_back(std::move(edge));
    }
    return part;
}

FlowLayout spreadOverWhole(const FlowPart &part, const FlowLayout &layout)
{
    FlowLayout whole;
    whole.bounds = layout.bounds;
    whole.nodes.resize(part.allNodes);
    whole.edges.resize(part.allEdges);
    for (size_t i = 0; i < part.nodes.size() && i < layout.nodes.size(); ++i)
        whole.nodes[part.nodes[i]] = layout.nodes[i];
    for (size_t e = 0; e < part.edges.size() && e < layout.edges.size(); ++e)
        whole.edges[part.edges[e]] = layout.edges[e];
    return whole;
}

int flowStart(const WalkedFlowchart &chart)
{
    // Where edges are taken from and none leads to; a playbook may begin in the middle of its file.
    std::vector<bool> isReached(chart.nodes.size(), false);
    std::vector<bool> isLeft(chart.nodes.size(), false);
    for (const WalkedEdge &edge : chart.edges) {
        if (!isInside(edge, chart) || edge.from == edge.to)
            continue;
        isReached[static_cast<size_t>(edge.to)] = true;
        if (edge.state == EdgeState::Taken || edge.state == EdgeState::Open)
            isLeft[static_cast<size_t>(edge.from)] = true;
    }
    for (size_t i = 0; i < chart.nodes.size(); ++i)
        if (isLeft[i] && !isReached[i])
            return static_cast<int>(i);
    return chart.nodes.empty() ? -1 : 0;
}

} // namespace faultline
