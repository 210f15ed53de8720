// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/flow/flowlayout.h"

namespace faultline {

/// Some nodes of a flowchart as a chart of their own, and which ones they are.
struct FlowPart {
    WalkedFlowchart chart;
    std::vector<size_t> nodes; ///< For each node of `chart` its index in the whole.
    std::vector<size_t> edges;
    size_t allNodes = 0;
    size_t allEdges = 0;

    bool isWhole() const { return nodes.size() == allNodes; }
};

/// What tells how the walk went: the paths taken to the causes found; where none was found, what was reached and not ruled out.
/// The whole where there is nothing to leave out.
FlowPart flowStory(const WalkedFlowchart &chart);

/// A part's layout with the whole's indexes; nodes and edges left out have empty places.
FlowLayout spreadOverWhole(const FlowPart &part, const FlowLayout &layout);

/// The node at which the walk began; -1 for a chart without nodes.
int flowStart(const WalkedFlowchart &chart);

} // namespace faultline
