// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/metrics/exposition.h"

#include <QHash>
#include <QSet>

#include <functional>
#include <unordered_set>

namespace faultline {

/// Called for each broken rule: column and text. The line is the one being looked at.
using RuleReport = std::function<void(qint64 column, const QString &text)>;

/// What a family was declared as.
struct ExpositionFamily {
    QByteArray name;
    QByteArray type; ///< Empty where undeclared.
    QByteArray unit;
    bool hasHelp = false;
    bool hasUnit = false;
    bool hasSamples = false;
};

/// The rules of OpenMetrics 1.0 beyond a single line: families, their types, groups and histograms.
/// https://prometheus.io/docs/specs/om/open_metrics_spec/
class OpenMetricsRules
{
public:
    explicit OpenMetricsRules(RuleReport report);

    void comment(std::string_view line);
    void blankLine();
    void sample(const ExpositionSample &sample);
    /// After the last line; the report then means the last line.
    void finish();

    const ExpositionFamily &family() const { return m_family; }

private:
    struct Group {
        std::string key;
        std::optional<double> time;
        bool hasTime = false;
        bool hasSamples = false;
    };
    struct Histogram {
        bool hasSamples = false;
        bool hasBucket = false;
        bool hasNegativeBucket = false;
        bool hasSum = false;
        bool hasCount = false;
        std::optional<double> lastLe;
        std::optional<double> lastValue;
        std::optional<double> infinite;
        double sum = 0;
        double count = 0;
    };

    void metadata(std::string_view keyword, std::string_view name, std::string_view text);
    void startFamily(const QByteArray &name);
    void endFamily();
    void endGroup();
    bool belongs(std::string_view sampleName) const;
    void checkValue(const ExpositionSample &sample, std::string_view suffix);
    void checkLabels(const ExpositionSample &sample, std::string_view suffix);
    void checkGroup(const ExpositionSample &sample);
    void histogramSample(const ExpositionSample &sample, std::string_view suffix);
    void checkHistogram();
    bool isHistogram() const { return m_family.type == "histogram" || m_family.type == "gaugehistogram"; }

    RuleReport m_report;
    ExpositionFamily m_family;
    bool m_hasFamily = false;
    bool m_ended = false;
    QSet<QByteArray> m_names;            ///< All names that families have taken.
    std::unordered_set<size_t> m_groups; ///< Hashes of the family's groups.
    std::vector<LabelView> m_labels;     ///< Of the sample at hand, sorted.
    std::string m_key;                   ///< Of its group.
    Group m_group;
    Histogram m_histogram;
};

/// The rules of the classic text format beyond a single line.
class PrometheusTextRules
{
public:
    explicit PrometheusTextRules(RuleReport report);

    void comment(std::string_view line);
    void sample(const ExpositionSample &sample);

private:
    RuleReport m_report;
    QHash<QByteArray, QByteArray> m_types;
    QSet<QByteArray> m_helped;
    QSet<QByteArray> m_sampled;
    QByteArray m_name; ///< Of the last sample, whose family is known.
    bool m_isPlain = false;
};

/// Keyword, name and text of "# TYPE name text"; the blanks between them are free.
struct MetadataLine {
    std::string_view keyword;
    std::string_view name;
    std::string_view text;
};
std::optional<MetadataLine> parseMetadata(std::string_view line);

} // namespace faultline
