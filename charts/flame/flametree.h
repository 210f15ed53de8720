// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <vector>

namespace faultline {

/// The call paths of a profile merged for a flame graph. Node 0 is the root; each node's children stand together, the heaviest first.
/// Immutable once built.
class FlameTree
{
public:
    struct Node {
        qint32 parent = -1;
        qint32 function = -1; ///< Index into functions(); -1 for the root.
        qint32 firstChild = 0;
        qint32 childCount = 0;
        double self = 0;
        double total = 0;
        double before = 0; ///< Total in the profile compared with; 0 without one.
    };

    FlameTree() = default;

    /// From what called to what was called.
    static FlameTree callees(const Profile &profile);
    /// From what ran to what called it: who makes a function heavy.
    static FlameTree callers(const Profile &profile);
    /// All that one function called, wherever it was called from; its callers with `up`.
    static FlameTree around(const Profile &profile, const QByteArray &function, bool up);
    /// As callees(), each node with its total in `before` as well, matched by names along the path; paths that only `before` has are there
    /// with a total of 0.
    static FlameTree difference(const Profile &before, const Profile &after);

    bool isEmpty() const { return m_nodes.size() < 2; }
    const std::vector<Node> &nodes() const { return m_nodes; }
    const Node &node(int index) const { return m_nodes[static_cast<size_t>(index)]; }
    const std::vector<QByteArray> &functions() const { return m_functions; }
    QByteArray name(int index) const;
    /// What all together weigh, of what is larger: this profile or the one compared with.
    double total() const;
    bool isDifference() const { return m_isDifference; }

    /// Sum over the nodes whose name holds `text` (any case), nested ones once.
    double weightOf(const QString &text) const;

private:
    friend class FlameTreeBuilder;
    std::vector<Node> m_nodes;
    std::vector<QByteArray> m_functions;
    bool m_isDifference = false;
};

/// One box of a flame graph, in shares of the width: from 0 to 1.
struct FlameBox {
    int node = -1;
    int depth = 0;
    double from = 0;
    double width = 0;
};

/// The boxes at least `leastWidth` wide, with `zoomed` and its ancestors over the whole width. By depth, then from left to right.
std::vector<FlameBox> layOutFlames(const FlameTree &tree, int zoomed, double leastWidth);

/// A row of the table of functions.
struct FunctionWeight {
    QByteArray function;
    double flat = 0;
    double cum = 0;
};
/// All functions of a profile's paths by what they and what they called weigh, the heaviest first; recursion counts once.
std::vector<FunctionWeight> functionWeights(const Profile &profile);

} // namespace faultline
