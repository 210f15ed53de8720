// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/metrics/promql.h"
#include "models/placement/placement.h"

#include <QHash>

#include <memory>
#include <span>

namespace faultline {

/// The series of a case as queries see them: by name and labels, with their samples on the axis.
class PromSeries
{
public:
    struct Samples {
        std::vector<TimeNs> times; ///< In order.
        std::span<const double> values;
        std::vector<Label> labels; ///< In order; without the name.
        DurationNs errorNs = 0;    ///< Of the clock of their source.
    };
    static constexpr size_t MostSamples = 20'000'000; ///< Placed for all queries of a case together.

    /// Both must outlive it.
    PromSeries(const Evidence &evidence, const Placement &placement);

    /// All series that match, placed; those without a place are left out, and all past MostSamples.
    std::vector<std::shared_ptr<const Samples>> select(const std::vector<LabelMatcher> &matchers);
    /// Whether a series of that name is in the case, placed or not.
    bool hasName(const QByteArray &name) const { return m_byName.contains(name); }
    bool isFull() const { return m_placed >= MostSamples; }

private:
    std::shared_ptr<const Samples> placed(size_t index);

    const Evidence &m_evidence;
    const Placement &m_placement;
    std::vector<SeriesRef> m_all;
    QHash<QByteArray, std::vector<size_t>> m_byName;
    QHash<size_t, std::shared_ptr<const Samples>> m_samples;
    size_t m_placed = 0;
};

/// A query over the series of a case, from one moment to the next.
class PromEvaluation
{
public:
    /// A value with its labels, told by a key: labels().
    struct Element {
        QByteArray key;
        double value = 0;
    };
    /// A sample holds for so long where no other follows, as Prometheus has it.
    static constexpr DurationNs LookBack = 5 * NsPerMinute;

    /// `query` must outlive it.
    PromEvaluation(const PromQuery &query, PromSeries &series);
    ~PromEvaluation();
    Q_DISABLE_COPY_MOVE(PromEvaluation)

    /// Whether the query answers with a bare number.
    bool isScalar() const;
    size_t seriesCount() const;
    /// Of the clocks that the answer rests on, the worst.
    DurationNs errorNs() const;
    /// At which any of its series has a sample; in order.
    std::vector<TimeNs> moments() const;
    /// The answer at a moment, which must not lie before the last one asked for.
    std::vector<Element> at(TimeNs time);
    const std::vector<Label> &labels(const QByteArray &key) const;

private:
    struct Node;
    struct Cursor;
    std::unique_ptr<Node> nodeOf(const PromQuery &query, PromSeries &series);
    QByteArray keyOf(std::vector<Label> labels);
    double scalar(const Node &node) const;
    std::vector<Element> vector(Node &node, TimeNs time);
    std::vector<Element> selected(Node &node, TimeNs time, const PromQuery *function);
    std::vector<Element> aggregated(Node &node, TimeNs time);
    std::vector<Element> histogramQuantiles(Node &node, TimeNs time);
    std::vector<Element> argument(Node &node, TimeNs time);
    QByteArray withoutLabels(Node &node, const QByteArray &key, const std::vector<QByteArray> &names, bool isWithout);
    std::vector<Element> joined(Node &node, TimeNs time);

    std::vector<const Cursor *> m_cursors;
    QHash<QByteArray, std::vector<Label>> m_labels;
    std::unique_ptr<Node> m_root; ///< Made last: that fills the others.
};

} // namespace faultline
