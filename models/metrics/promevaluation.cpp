// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/promevaluation.h"

#include "models/metrics/histogram.h"
#include "models/metrics/promfunctions.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace faultline {

PromSeries::PromSeries(const Evidence &evidence, const Placement &placement)
    : m_evidence(evidence)
    , m_placement(placement)
    , m_all(evidence.allSeries())
{
    for (size_t i = 0; i < m_all.size(); ++i)
        m_byName[evidence.series(m_all[i]).name].push_back(i);
}

std::shared_ptr<const PromSeries::Samples> PromSeries::placed(size_t index)
{
    if (const auto known = m_samples.constFind(index); known != m_samples.cend())
        return *known;
    const Series &series = m_evidence.series(m_all[index]);
    const SourcePlacement &placement = m_placement.sources[static_cast<size_t>(m_all[index].source)];
    if (!placement.isPlaced() || isFull())
        return nullptr;
    auto samples = std::make_shared<Samples>();
    for (const SourceTime time : series.times) {
        const auto place = placement.place(time);
        if (!place)
            return nullptr;
        samples->times.push_back(place->time);
        samples->errorNs = std::max(samples->errorNs, place->uncertaintyNs());
    }
    if (!std::ranges::is_sorted(samples->times))
        return nullptr;
    samples->values = series.values;
    samples->labels = series.labels;
    m_placed += series.times.size();
    m_samples.insert(index, samples);
    return samples;
}

std::vector<std::shared_ptr<const PromSeries::Samples>> PromSeries::select(const std::vector<LabelMatcher> &matchers)
{
    const auto matches = [&](const Series &series) {
        return std::ranges::all_of(matchers, [&](const LabelMatcher &matcher) {
            return matcher.matches(matcher.label == "__name__" ? series.name : series.label(matcher.label));
        });
    };
    const auto name = std::ranges::find_if(matchers, [](const LabelMatcher &matcher) {
        return matcher.label == "__name__" && !matcher.isExpression && !matcher.isNegated;
    });
    std::vector<size_t> candidates;
    if (name != matchers.end()) {
        candidates = m_byName.value(name->value);
    } else {
        for (size_t i = 0; i < m_all.size(); ++i)
            candidates.push_back(i);
    }
    std::vector<std::shared_ptr<const Samples>> found;
    for (const size_t index : candidates)
        if (matches(m_evidence.series(m_all[index])))
            if (auto samples = placed(index))
                found.push_back(std::move(samples));
    return found;
}

namespace {

std::vector<PromEvaluation::Element> absolute(std::vector<PromEvaluation::Element> elements)
{
    for (PromEvaluation::Element &element : elements)
        element.value = std::abs(element.value);
    return elements;
}

/// Without the samples that hold no number: they tell that a series ended.
std::optional<double> functionOf(const QByteArray &name, const PromRange &range)
{
    if (std::ranges::none_of(range.values, [](double value) { return std::isnan(value); }))
        return promRangeFunction(name, range);
    std::vector<TimeNs> times;
    std::vector<double> values;
    for (size_t i = 0; i < range.values.size(); ++i)
        if (!std::isnan(range.values[i])) {
            times.push_back(range.times[i]);
            values.push_back(range.values[i]);
        }
    return promRangeFunction(name, {times, values, range.from, range.to});
}

} // namespace

/// A selected series and how far the query has come in it.
struct PromEvaluation::Cursor {
    std::shared_ptr<const PromSeries::Samples> samples;
    QByteArray key;
    DurationNs offsetNs = 0;
    size_t first = 0; ///< Of the range.
    size_t last = 0;  ///< One past.

    /// Goes on to the samples within (time - length, time], both earlier by the offset.
    PromRange advance(TimeNs time, DurationNs length)
    {
        const TimeNs to = time - offsetNs;
        const TimeNs from = to - length;
        const auto &times = samples->times;
        while (last < times.size() && times[last] <= to)
            ++last;
        while (first < last && times[first] <= from)
            ++first;
        return {std::span(times).subspan(first, last - first), samples->values.subspan(first, last - first), from, to};
    }
};

struct PromEvaluation::Node {
    const PromQuery *query = nullptr;
    std::vector<std::unique_ptr<Node>> operands;
    std::vector<Cursor> cursors;          ///< Of a selector.
    QHash<QByteArray, QByteArray> groups; ///< Of each key that was met: the one of fewer labels that it belongs to.
    bool isScalar = false;
};

PromEvaluation::PromEvaluation(const PromQuery &query, PromSeries &series)
    : m_root(nodeOf(query, series))
{
}

PromEvaluation::~PromEvaluation() = default;

QByteArray PromEvaluation::keyOf(std::vector<Label> labels)
{
    QByteArray key;
    for (const auto &[label, value] : labels)
        key += label + '\0' + value + '\0';
    if (!m_labels.contains(key))
        m_labels.insert(key, std::move(labels));
    return key;
}

std::unique_ptr<PromEvaluation::Node> PromEvaluation::nodeOf(const PromQuery &query, PromSeries &series)
{
    auto node = std::make_unique<Node>();
    node->query = &query;
    for (const PromQuery &operand : query.operands)
        node->operands.push_back(nodeOf(operand, series));
    node->isScalar = query.isScalar();
    if (query.kind == PromQuery::Kind::Selector) {
        for (auto &samples : series.select(query.matchers)) {
            QByteArray key = keyOf(samples->labels);
            node->cursors.push_back({std::move(samples), std::move(key), query.offsetNs, 0, 0});
        }
        for (const Cursor &cursor : node->cursors)
            m_cursors.push_back(&cursor);
    }
    return node;
}

bool PromEvaluation::isScalar() const
{
    return m_root->isScalar;
}

size_t PromEvaluation::seriesCount() const
{
    return m_cursors.size();
}

DurationNs PromEvaluation::errorNs() const
{
    DurationNs most = 0;
    for (const Cursor *cursor : m_cursors)
        most = std::max(most, cursor->samples->errorNs);
    return most;
}

std::vector<TimeNs> PromEvaluation::moments() const
{
    std::vector<TimeNs> all;
    for (const Cursor *cursor : m_cursors)
        for (const TimeNs time : cursor->samples->times)
            all.push_back(time + cursor->offsetNs);
    std::ranges::sort(all);
    all.erase(std::ranges::unique(all).begin(), all.end());
    return all;
}

const std::vector<Label> &PromEvaluation::labels(const QByteArray &key) const
{
    static const std::vector<Label> None;
    const auto found = m_labels.constFind(key);
    return found == m_labels.cend() ? None : *found;
}

std::vector<PromEvaluation::Element> PromEvaluation::at(TimeNs time)
{
    if (isScalar())
        return {{{}, scalar(*m_root)}};
    return vector(*m_root, time);
}

double PromEvaluation::scalar(const Node &node) const
{
    if (node.query->kind == PromQuery::Kind::Number)
        return node.query->number;
    return promOperation(node.query->name, scalar(*node.operands[0]), scalar(*node.operands[1]));
}

std::vector<PromEvaluation::Element> PromEvaluation::vector(Node &node, TimeNs time)
{
    switch (node.query->kind) {
    case PromQuery::Kind::Number: break;
    case PromQuery::Kind::Selector: return selected(node, time, nullptr);
    case PromQuery::Kind::Function:
        if (node.operands.front()->query->rangeNs > 0)
            return selected(*node.operands.front(), time, node.query);
        if (node.query->name == "histogram_quantile")
            return histogramQuantiles(node, time);
        return absolute(argument(*node.operands.front(), time));
    case PromQuery::Kind::Aggregation: return aggregated(node, time);
    case PromQuery::Kind::Binary: return joined(node, time);
    }
    return {};
}

std::vector<PromEvaluation::Element> PromEvaluation::selected(Node &node, TimeNs time, const PromQuery *function)
{
    std::vector<PromEvaluation::Element> elements;
    for (Cursor &cursor : node.cursors) {
        const PromRange range = cursor.advance(time, function ? node.query->rangeNs : LookBack);
        if (range.values.empty())
            continue;
        if (!function) {
            if (!std::isnan(range.values.back())) // also what tells that a series ended
                elements.push_back({cursor.key, range.values.back()});
        } else if (const auto value = functionOf(function->name, range)) {
            elements.push_back({cursor.key, *value});
        }
    }
    return elements;
}

/// The values of a function's argument; a bare number has no labels.
std::vector<PromEvaluation::Element> PromEvaluation::argument(Node &node, TimeNs time)
{
    return node.isScalar ? std::vector<PromEvaluation::Element>{{{}, scalar(node)}} : vector(node, time);
}

/// The key of what is left of its labels: without those named, or of them alone.
QByteArray PromEvaluation::withoutLabels(Node &node, const QByteArray &key, const std::vector<QByteArray> &names,
                                         bool isWithout)
{
    auto group = node.groups.find(key);
    if (group == node.groups.end()) {
        std::vector<Label> kept = labels(key);
        std::erase_if(kept, [&](const Label &label) { return std::ranges::contains(names, label.first) == isWithout; });
        group = node.groups.insert(key, keyOf(std::move(kept)));
    }
    return *group;
}

std::vector<PromEvaluation::Element> PromEvaluation::histogramQuantiles(Node &node, TimeNs time)
{
    std::map<QByteArray, std::vector<HistogramBucket>> histograms;
    for (const PromEvaluation::Element &element : argument(*node.operands[1], time)) {
        const auto &all = labels(element.key);
        const auto bound = std::ranges::find(all, QByteArray("le"), &Label::first);
        if (bound == all.end())
            continue;
        bool isNumber = bound->second.compare("+Inf", Qt::CaseInsensitive) == 0;
        const double number = isNumber ? std::numeric_limits<double>::infinity() : bound->second.toDouble(&isNumber);
        if (isNumber)
            histograms[withoutLabels(node, element.key, {"le"}, true)].push_back({number, element.value});
    }
    std::vector<PromEvaluation::Element> elements;
    for (auto &[key, buckets] : histograms) {
        std::ranges::sort(buckets, {}, &HistogramBucket::bound);
        if (!std::isinf(buckets.back().bound))
            continue;
        if (const auto quantile = quantileOf(buckets, scalar(*node.operands[0])))
            elements.push_back({key, quantile->value});
    }
    return elements;
}

std::vector<PromEvaluation::Element> PromEvaluation::aggregated(Node &node, TimeNs time)
{
    struct Group {
        double value = 0;
        size_t count = 0;
    };
    if (node.operands.front()->isScalar)
        return {};
    QHash<QByteArray, Group> groups;
    const QByteArray &name = node.query->name;
    for (const PromEvaluation::Element &element : vector(*node.operands.front(), time)) {
        Group &into = groups[withoutLabels(node, element.key, node.query->labels, node.query->isWithout)];
        const bool isFirst = into.count++ == 0;
        if (name == "min")
            into.value = isFirst ? element.value : std::min(into.value, element.value);
        else if (name == "max")
            into.value = isFirst ? element.value : std::max(into.value, element.value);
        else
            into.value += element.value;
    }
    std::vector<PromEvaluation::Element> elements;
    for (const auto &[key, group] : groups.asKeyValueRange()) {
        const auto count = static_cast<double>(group.count);
        elements.push_back({key, name == "count" ? count : name == "avg" ? group.value / count : group.value});
    }
    return elements;
}

std::vector<PromEvaluation::Element> PromEvaluation::joined(Node &node, TimeNs time)
{
    const PromQuery &query = *node.query;
    Node &leftNode = *node.operands[0];
    Node &rightNode = *node.operands[1];
    const bool isFilter = query.isComparison() && !query.isBool;
    std::vector<PromEvaluation::Element> elements;
    const auto put = [&](const PromEvaluation::Element &of, double left, double right) {
        const double value = promOperation(query.name, left, right);
        if (!isFilter)
            elements.push_back({of.key, value});
        else if (value != 0)
            elements.push_back(of);
    };
    if (leftNode.isScalar) {
        const double left = scalar(leftNode);
        for (const PromEvaluation::Element &right : vector(rightNode, time))
            put(right, left, right.value);
        return elements;
    }
    const std::vector<PromEvaluation::Element> left = vector(leftNode, time);
    if (rightNode.isScalar) {
        for (const PromEvaluation::Element &one : left)
            put(one, one.value, scalar(rightNode));
        return elements;
    }
    QHash<QByteArray, double> right;
    const std::vector<PromEvaluation::Element> rightElements = vector(rightNode, time);
    for (const PromEvaluation::Element &one : rightElements)
        right.insert(one.key, one.value);
    const bool isOr = query.name == "or";
    const bool isSet = isOr || query.name == "and" || query.name == "unless";
    for (const PromEvaluation::Element &one : left) {
        const auto other = right.constFind(one.key);
        if (!isSet && other != right.cend())
            put(one, one.value, *other);
        else if (isOr || (isSet && (other != right.cend()) == (query.name == "and")))
            elements.push_back(one);
    }
    if (isOr)
        for (const PromEvaluation::Element &one : rightElements)
            if (!std::ranges::contains(left, one.key, &Element::key))
                elements.push_back(one);
    return elements;
}

} // namespace faultline
