// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flame/flametree.h"

#include <QHash>

#include <algorithm>
#include <numeric>

namespace faultline {

namespace {

/// Deeper paths are cut: no screen shows more, and recursion may go on for ever.
constexpr size_t MostDepth = 512;

/// Function names of one or two profiles as indexes of one list.
class Names
{
public:
    std::vector<qint32> take(const Profile &profile)
    {
        std::vector<qint32> indexes;
        if (!profile.callFunctions)
            return indexes;
        for (const QByteArray &name : *profile.callFunctions) {
            const auto known = m_index.constFind(name);
            if (known != m_index.cend()) {
                indexes.push_back(*known);
                continue;
            }
            indexes.push_back(static_cast<qint32>(m_names.size()));
            m_index.insert(name, indexes.back());
            m_names.push_back(name);
        }
        return indexes;
    }
    std::vector<QByteArray> names() && { return std::move(m_names); }

private:
    QHash<QByteArray, qint32> m_index;
    std::vector<QByteArray> m_names;
};

/// The functions from a path's leaf to what nobody called; of a path that is too deep those nearest its root.
void pathOf(const std::vector<CallNode> &calls, size_t leaf, std::vector<qint32> &path)
{
    path.clear();
    for (auto at = static_cast<qint32>(leaf); at >= 0; at = calls[static_cast<size_t>(at)].parent)
        path.push_back(calls[static_cast<size_t>(at)].function);
    if (path.size() > MostDepth)
        path.erase(path.begin(), path.end() - static_cast<std::ptrdiff_t>(MostDepth));
}

} // namespace

/// Merges paths into a trie, then orders it.
class FlameTreeBuilder
{
public:
    FlameTreeBuilder() { m_nodes.push_back({}); }

    /// Adds all paths from what called to what was called: one step a node, since callers come first.
    void addCalls(const std::vector<CallNode> &calls, const std::vector<qint32> &index, bool before)
    {
        std::vector<double> whole(calls.size());
        std::vector<bool> counts(calls.size());
        for (size_t i = calls.size(); i-- > 0;) {
            whole[i] += calls[i].self;
            counts[i] = counts[i] || calls[i].self != 0;
            if (counts[i] && calls[i].parent >= 0) {
                whole[static_cast<size_t>(calls[i].parent)] += whole[i];
                counts[static_cast<size_t>(calls[i].parent)] = true;
            }
        }
        std::vector<qint32> at(calls.size());
        std::vector<size_t> depth(calls.size());
        for (size_t i = 0; i < calls.size(); ++i) {
            if (!counts[i])
                continue;
            const qint32 parent = calls[i].parent;
            const qint32 above = parent < 0 ? 0 : at[static_cast<size_t>(parent)];
            depth[i] = parent < 0 ? 1 : depth[static_cast<size_t>(parent)] + 1;
            if (parent < 0)
                weigh(0, whole[i], before);
            at[i] = depth[i] > MostDepth ? above : child(above, index[static_cast<size_t>(calls[i].function)]);
            if (depth[i] <= MostDepth)
                weigh(at[i], whole[i], before);
            if (!before)
                m_nodes[static_cast<size_t>(at[i])].self += calls[i].self;
        }
    }

    /// Adds the weight to each function of a path that begins below the root.
    void add(const std::vector<qint32> &path, double weight)
    {
        qint32 at = 0;
        weigh(at, weight, false);
        for (const qint32 function : path) {
            at = child(at, function);
            weigh(at, weight, false);
        }
        m_nodes[static_cast<size_t>(at)].self += weight;
    }

    FlameTree finish(std::vector<QByteArray> names, bool isDifference)
    {
        std::vector<std::vector<qint32>> children(m_nodes.size());
        for (size_t i = 1; i < m_nodes.size(); ++i)
            children[static_cast<size_t>(m_nodes[i].parent)].push_back(static_cast<qint32>(i));
        FlameTree tree;
        tree.m_functions = std::move(names);
        tree.m_isDifference = isDifference;
        tree.m_nodes.reserve(m_nodes.size());
        tree.m_nodes.push_back(m_nodes.front());
        std::vector<qint32> oldOf{0};
        for (size_t i = 0; i < tree.m_nodes.size(); ++i) { // grows while it is walked: breadth first
            auto &below = children[static_cast<size_t>(oldOf[i])];
            std::ranges::sort(below, [this](qint32 a, qint32 b) { return isBefore(a, b); });
            tree.m_nodes[i].firstChild = static_cast<qint32>(tree.m_nodes.size());
            tree.m_nodes[i].childCount = static_cast<qint32>(below.size());
            for (const qint32 old : below) {
                tree.m_nodes.push_back(m_nodes[static_cast<size_t>(old)]);
                tree.m_nodes.back().parent = static_cast<qint32>(i);
                oldOf.push_back(old);
            }
        }
        return tree;
    }

private:
    void weigh(qint32 node, double weight, bool before)
    {
        FlameTree::Node &at = m_nodes[static_cast<size_t>(node)];
        (before ? at.before : at.total) += weight;
    }

    qint32 child(qint32 parent, qint32 function)
    {
        const auto key = (static_cast<quint64>(parent) << 32U) | static_cast<quint32>(function);
        const auto next = static_cast<qint32>(m_nodes.size());
        const qint32 known = m_children.value(key, next);
        if (known == next) {
            m_children.insert(key, next);
            m_nodes.push_back({parent, function, 0, 0, 0, 0, 0});
        }
        return known;
    }

    bool isBefore(qint32 a, qint32 b) const
    {
        const auto weight = [this](qint32 i) {
            const FlameTree::Node &node = m_nodes[static_cast<size_t>(i)];
            return std::max(node.total, node.before);
        };
        return weight(a) != weight(b) ? weight(a) > weight(b) : a < b;
    }

    std::vector<FlameTree::Node> m_nodes;
    QHash<quint64, qint32> m_children;
};

FlameTree FlameTree::callees(const Profile &profile)
{
    return difference({}, profile);
}

FlameTree FlameTree::callers(const Profile &profile)
{
    Names names;
    const std::vector<qint32> index = names.take(profile);
    FlameTreeBuilder builder;
    std::vector<qint32> path;
    for (size_t leaf = 0; leaf < profile.calls.size(); ++leaf) {
        if (profile.calls[leaf].self == 0)
            continue;
        pathOf(profile.calls, leaf, path);
        for (qint32 &function : path)
            function = index[static_cast<size_t>(function)];
        builder.add(path, profile.calls[leaf].self);
    }
    return builder.finish(std::move(names).names(), false);
}

FlameTree FlameTree::around(const Profile &profile, const QByteArray &function, bool up)
{
    Names names;
    const std::vector<qint32> index = names.take(profile);
    FlameTreeBuilder builder;
    std::vector<qint32> path;
    const auto is = [&](qint32 at) { return (*profile.callFunctions)[static_cast<size_t>(at)] == function; };
    for (size_t leaf = 0; leaf < profile.calls.size(); ++leaf) {
        if (profile.calls[leaf].self == 0)
            continue;
        pathOf(profile.calls, leaf, path);
        // Of a function that calls itself the outermost call counts, once.
        const auto outermost = std::ranges::find_if(path.rbegin(), path.rend(), is);
        if (outermost == path.rend())
            continue;
        std::vector<qint32> part = up ? std::vector<qint32>(std::prev(outermost.base()), path.end())
                                      : std::vector<qint32>(outermost, path.rend());
        for (qint32 &at : part)
            at = index[static_cast<size_t>(at)];
        builder.add(part, profile.calls[leaf].self);
    }
    return builder.finish(std::move(names).names(), false);
}

FlameTree FlameTree::difference(const Profile &before, const Profile &after)
{
    Names names;
    FlameTreeBuilder builder;
    for (const Profile *profile : {&before, &after})
        builder.addCalls(profile->calls, names.take(*profile), profile == &before);
    return builder.finish(std::move(names).names(), !before.calls.empty());
}

QByteArray FlameTree::name(int index) const
{
    const qint32 function = node(index).function;
    return function < 0 ? QByteArray() : m_functions[static_cast<size_t>(function)];
}

double FlameTree::total() const
{
    return m_nodes.empty() ? 0 : std::max(m_nodes.front().total, m_nodes.front().before);
}

double FlameTree::weightOf(const QString &text) const
{
    if (text.isEmpty() || isEmpty())
        return 0;
    std::vector<bool> matches(m_functions.size());
    for (size_t i = 0; i < m_functions.size(); ++i)
        matches[i] = QString::fromUtf8(m_functions[i]).contains(text, Qt::CaseInsensitive);
    std::vector<bool> isInside(m_nodes.size(), false);
    double sum = 0;
    for (size_t i = 1; i < m_nodes.size(); ++i) { // parents come first
        const bool above = isInside[static_cast<size_t>(m_nodes[i].parent)];
        const bool here = matches[static_cast<size_t>(m_nodes[i].function)];
        isInside[i] = above || here;
        if (here && !above)
            sum += m_nodes[i].total;
    }
    return sum;
}

std::vector<FlameBox> layOutFlames(const FlameTree &tree, int zoomed, double leastWidth)
{
    std::vector<FlameBox> boxes;
    if (tree.isEmpty() || zoomed < 0 || std::cmp_greater_equal(zoomed, tree.nodes().size()))
        return boxes;
    std::vector<int> above;
    for (int at = tree.node(zoomed).parent; at >= 0; at = tree.node(at).parent)
        above.push_back(at);
    for (size_t i = above.size(); i-- > 0;)
        boxes.push_back({above[i], static_cast<int>(above.size() - 1 - i), 0, 1});
    const auto weight = [&tree](int node) { return std::max(tree.node(node).total, tree.node(node).before); };
    const size_t first = boxes.size();
    boxes.push_back({zoomed, static_cast<int>(above.size()), 0, 1});
    for (size_t i = first; i < boxes.size(); ++i) { // grows while it is walked: breadth first
        const FlameBox box = boxes[i];
        const FlameTree::Node &node = tree.node(box.node);
        // A parent's two totals may come from different children, whose larger ones together are wider than it.
        double sum = 0;
        for (qint32 child = node.firstChild; child < node.firstChild + node.childCount; ++child)
            sum += weight(child);
        const double whole = std::max(sum, weight(box.node));
        double from = box.from;
        for (qint32 child = node.firstChild; whole > 0 && child < node.firstChild + node.childCount; ++child) {
            const double width = box.width * weight(child) / whole;
            if (width < leastWidth)
                break; // the heaviest come first
            boxes.push_back({child, box.depth + 1, from, width});
            from += width;
        }
    }
    return boxes;
}

std::vector<FunctionWeight> functionWeights(const Profile &profile)
{
    if (!profile.callFunctions)
        return {};
    std::vector<FunctionWeight> weights(profile.callFunctions->size());
    for (size_t i = 0; i < weights.size(); ++i)
        weights[i].function = (*profile.callFunctions)[i];
    std::vector<size_t> lastLeaf(weights.size(), profile.calls.size());
    std::vector<qint32> path;
    for (size_t leaf = 0; leaf < profile.calls.size(); ++leaf) {
        const CallNode &call = profile.calls[leaf];
        if (call.self == 0)
            continue;
        weights[static_cast<size_t>(call.function)].flat += call.self;
        pathOf(profile.calls, leaf, path);
        for (const qint32 function : path) {
            if (std::exchange(lastLeaf[static_cast<size_t>(function)], leaf) != leaf)
                weights[static_cast<size_t>(function)].cum += call.self;
        }
    }
    std::ranges::stable_sort(weights, [](const FunctionWeight &a, const FunctionWeight &b) {
        return a.cum != b.cum ? a.cum > b.cum : a.flat > b.flat;
    });
    return weights;
}

} // namespace faultline
