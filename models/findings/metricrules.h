// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <QRegularExpression>

namespace faultline {

/// What a family of series measures and what limits it; read from resources/metrics.yaml.
struct MetricFamily {
    QByteArray resource;
    QRegularExpression series;
    QRegularExpression limits; ///< Empty pattern: no limit series.
    QRegularExpression
        per; ///< Series that such a limit is divided by, where one has the same labels: a quota's period.
    std::vector<QByteArray> facts;
    std::optional<double> limit; ///< Holds in every case: 1 for shares.
    bool low = false;            ///< Trouble is near zero.
};

/// How histograms become series of quantiles.
struct HistogramRules {
    QRegularExpression buckets;    ///< On a bucket's whole name; its first group names the quantiles.
    QByteArray bound;              ///< The label that tells a bucket's upper bound.
    std::vector<double> quantiles; ///< 0 < q < 1.
    int steps = 1;                 ///< Of how many steps before each sample.
};

/// Two counters whose rises make a ratio.
struct RatioRule {
    QRegularExpression part; ///< On the whole name of the counter of what was hit.
    QString whole;           ///< Name of the counter of all; \1 is a group of `part`.
    QString name;            ///< Of the ratio, likewise.
};

class MetricRules
{
public:
    /// The shipped joins. Cannot fail: a broken file is a broken build, and the tests say so.
    static const MetricRules &shipped();
    static Result<MetricRules> parse(const QByteArray &yaml, const QString &file);

    /// A metric's name as the patterns spell it: "k8s.pod.memory.working_set" and "MEM USAGE" with underscores.
    static QString spelt(const QByteArray &name);
    /// The family of a series by its name; null where none knows it.
    const MetricFamily *familyOf(const Series &series) const;
    /// Place of the family in the order in which failures look at resources; families().size() where unknown.
    size_t orderOf(const MetricFamily *family) const;
    bool isConstant(const Series &series) const;
    const HistogramRules &histograms() const { return m_histograms; }
    const std::vector<RatioRule> &ratios() const { return m_ratios; }
    const std::vector<MetricFamily> &families() const { return m_families; }

private:
    std::vector<MetricFamily> m_families;
    QRegularExpression m_constants;
    HistogramRules m_histograms;
    std::vector<RatioRule> m_ratios;
};

} // namespace faultline
