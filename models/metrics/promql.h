// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/core/time.h"

#include <QByteArray>
#include <QRegularExpression>

#include <vector>

namespace faultline {

/// A condition on a label: = != =~ !~
struct LabelMatcher {
    QByteArray label;
    QByteArray value;
    QRegularExpression expression; ///< Of =~ and !~, on the whole value; a label that is not there is empty.
    bool isExpression = false;
    bool isNegated = false;

    bool matches(const QByteArray &labelValue) const;
};

/// A part of a query in PromQL, as far as rules are evaluated here.
struct PromQuery {
    enum class Kind { Number, Selector, Function, Aggregation, Binary };

    Kind kind = Kind::Number;
    double number = 0;
    QByteArray name;                    ///< Function, aggregation or operator: "rate", "sum", ">".
    std::vector<LabelMatcher> matchers; ///< Of a selector; the metric's name is the label __name__.
    DurationNs rangeNs = 0;             ///< Of a selector within a function over a range.
    DurationNs offsetNs = 0;            ///< Looked at so much earlier.
    bool isBool = false;                ///< Of a comparison: 0 or 1 instead of leaving out.
    bool isWithout = false;             ///< Of an aggregation: the labels are those left out, not those kept.
    std::vector<QByteArray> labels;     ///< Of an aggregation.
    std::vector<PromQuery> operands;

    bool isComparison() const;
    /// Whether it answers with a bare number, not with series.
    bool isScalar() const;
};

/// Reads a query. Known are numbers, selectors with matchers, offset, the functions rate, irate, increase, delta, idelta, changes, resets and
/// avg, min, max, sum, count and last over time of a range, abs, histogram_quantile, arithmetic, comparisons and and, or, unless of the same labels,
/// and the aggregations sum, min, max, avg, count by or without labels. Anything else fails, with the reason and its place in the text.
/// https://prometheus.io/docs/prometheus/latest/querying/basics/
Result<PromQuery> parsePromQuery(const QByteArray &text);

/// "1h30m", "500ms"; nullopt where it is none.
std::optional<DurationNs> promDuration(QByteArrayView text);

} // namespace faultline
