// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/expositionrules.h"

#include "importers/core/cursor.h"
#include "importers/metrics/numbers.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace faultline {

namespace {

struct TypeSuffixes {
    std::string_view type;
    std::array<std::string_view, 4> suffixes;
    bool plain; ///< A sample may have the family's own name.
};

constexpr std::array Types{
    TypeSuffixes{"counter", {"_total", "_created"}, false},
    TypeSuffixes{"gauge", {}, true},
    TypeSuffixes{"histogram", {"_bucket", "_count", "_sum", "_created"}, false},
    TypeSuffixes{"gaugehistogram", {"_bucket", "_gcount", "_gsum"}, false},
    TypeSuffixes{"summary", {"_count", "_sum", "_created"}, true},
    TypeSuffixes{"info", {"_info"}, false},
    TypeSuffixes{"stateset", {}, true},
    TypeSuffixes{"unknown", {}, true},
};

const TypeSuffixes *typeNamed(QByteArrayView type)
{
    for (const TypeSuffixes &known : Types)
        if (QByteArrayView(known.type.data(), static_cast<qsizetype>(known.type.size())) == type)
            return &known;
    return nullptr;
}

const std::string_view *labelOf(const ExpositionSample &sample, std::string_view name)
{
    for (const auto &[label, value] : sample.labels)
        if (label == name)
            return &value;
    return nullptr;
}

} // namespace

std::optional<MetadataLine> parseMetadata(std::string_view line)
{
    Cursor cursor(line);
    cursor.blanks();
    if (!cursor.take('#'))
        return std::nullopt;
    cursor.blanks();
    MetadataLine metadata;
    metadata.keyword = cursor.word();
    if (metadata.keyword != "TYPE" && metadata.keyword != "HELP" && metadata.keyword != "UNIT")
        return std::nullopt;
    cursor.blanks();
    metadata.name = cursor.word();
    cursor.blanks();
    metadata.text = cursor.rest();
    while (!metadata.text.empty() && (metadata.text.back() == ' ' || metadata.text.back() == '\t'))
        metadata.text.remove_suffix(1);
    return metadata;
}

OpenMetricsRules::OpenMetricsRules(RuleReport report)
    : m_report(std::move(report))
{
}

void OpenMetricsRules::blankLine()
{
    m_report(1, m_ended ? tr("Text after # EOF") : tr("A blank line"));
}

void OpenMetricsRules::comment(std::string_view line)
{
    if (m_ended) {
        m_report(1, tr("Text after # EOF"));
        return;
    }
    if (line == "# EOF") {
        m_ended = true;
        return;
    }
    Cursor cursor(line);
    if (!cursor.take("# ")) {
        m_report(1, tr("Not a comment of OpenMetrics"));
        return;
    }
    const std::string_view keyword = cursor.word();
    if (keyword != "TYPE" && keyword != "HELP" && keyword != "UNIT") {
        m_report(3, tr("Neither TYPE, HELP, UNIT nor EOF"));
        return;
    }
    if (!cursor.take(' ') || cursor.atEnd()) {
        m_report(static_cast<qint64>(cursor.position()) + 1, tr("A metric name is missing"));
        return;
    }
    const size_t nameStart = cursor.position();
    const size_t nameEnd = line.find(' ', nameStart);
    const std::string_view name =
        line.substr(nameStart, nameEnd == std::string_view::npos ? nameEnd : nameEnd - nameStart);
    const bool hasText = nameEnd != std::string_view::npos;
    if (!isMetricName(name)) {
        m_report(static_cast<qint64>(nameStart) + 1, tr("Not a metric name"));
        return;
    }
    if (!hasText) {
        m_report(static_cast<qint64>(line.size()) + 1, tr("A space is missing"));
        return;
    }
    metadata(keyword, name, line.substr(nameEnd + 1));
}

void OpenMetricsRules::metadata(std::string_view keyword, std::string_view name, std::string_view text)
{
    if (!m_hasFamily || m_family.name != bytesOf(name)) {
        endFamily();
        startFamily(bytesOf(name));
    } else if (m_family.hasSamples) {
        m_report(1, tr("Metadata after the family's samples"));
        return;
    }
    if (keyword == "HELP") {
        if (m_family.hasHelp)
            m_report(1, tr("A second HELP of the same family"));
        m_family.hasHelp = true;
        return;
    }
    if (keyword == "UNIT") {
        if (m_family.hasUnit)
            m_report(1, tr("A second UNIT of the same family"));
        m_family.hasUnit = true;
        m_family.unit = bytesOf(text);
        if (!text.empty() && !m_family.name.endsWith(QByteArray('_' + m_family.unit)))
            m_report(1, tr("The unit is not the end of the name"));
    } else {
        if (!m_family.type.isEmpty())
            m_report(1, tr("A second TYPE of the same family"));
        m_family.type = bytesOf(text);
        const TypeSuffixes *type = typeNamed(m_family.type);
        if (!type) {
            m_report(static_cast<qint64>(8 + name.size()), tr("Not a type"));
            m_family.type = "unknown";
            return;
        }
        for (const std::string_view suffix : type->suffixes)
            if (!suffix.empty())
                m_names.insert(m_family.name + bytesOf(suffix));
    }
    if (!m_family.unit.isEmpty() && (m_family.type == "info" || m_family.type == "stateset"))
        m_report(1, tr("A family of this type has no unit"));
}

void OpenMetricsRules::startFamily(const QByteArray &name)
{
    if (m_names.contains(name))
        m_report(1, tr("The name was taken by an earlier family"));
    m_names.insert(name);
    m_family = {};
    m_family.name = name;
    m_hasFamily = true;
    m_groups.clear();
    m_group = {};
    m_histogram = {};
}

void OpenMetricsRules::endFamily()
{
    if (m_hasFamily)
        endGroup();
}

void OpenMetricsRules::endGroup()
{
    if (isHistogram() && m_histogram.hasSamples)
        checkHistogram();
    m_histogram = {};
}

bool OpenMetricsRules::belongs(std::string_view sampleName) const
{
    if (!m_hasFamily)
        return false;
    const std::string_view name = viewOf(m_family.name);
    if (!sampleName.starts_with(name))
        return false;
    const std::string_view suffix = sampleName.substr(name.size());
    const TypeSuffixes *type = typeNamed(m_family.type.isEmpty() ? QByteArray("unknown") : m_family.type);
    if (suffix.empty())
        return type->plain;
    return std::ranges::find(type->suffixes, suffix) != type->suffixes.end();
}

void OpenMetricsRules::sample(const ExpositionSample &sample)
{
    if (m_ended) {
        m_report(1, tr("Text after # EOF"));
        return;
    }
    if (!belongs(sample.name)) {
        endFamily();
        startFamily(bytesOf(sample.name));
    }
    m_family.hasSamples = true;
    const std::string_view suffix = sample.name.substr(static_cast<size_t>(m_family.name.size()));
    checkLabels(sample, suffix);
    checkValue(sample, suffix);
    checkGroup(sample);
    if (isHistogram())
        histogramSample(sample, suffix);
    if (sample.hasExemplar && !(isHistogram() && suffix == "_bucket")
        && !(m_family.type == "counter" && suffix == "_total"))
        m_report(1, tr("Only counters and buckets have exemplars"));
}

void OpenMetricsRules::checkValue(const ExpositionSample &sample, std::string_view suffix)
{
    const auto column = static_cast<qint64>(sample.seriesText.size()) + 2;
    if (suffix == "_total" || suffix == "_sum" || suffix == "_count" || suffix == "_bucket" || suffix == "_gcount"
        || suffix == "_gsum") {
        if (std::isnan(sample.value))
            m_report(column, tr("A value that counts is not a number"));
        else if (sample.value < 0 && suffix != "_gsum")
            m_report(column, tr("A value that counts is negative"));
    }
    if ((suffix == "_bucket" || suffix == "_count" || suffix == "_gcount") && std::isfinite(sample.value)
        && sample.value != std::floor(sample.value))
        m_report(column, tr("A count is not whole"));
    if (m_family.type == "summary" && suffix.empty() && sample.value < 0)
        m_report(column, tr("A quantile is negative"));
    if (m_family.type == "stateset" && sample.value != 0 && sample.value != 1)
        m_report(column, tr("A state is neither 0 nor 1"));
    if (m_family.type == "info" && sample.value != 1)
        m_report(column, tr("An info is not 1"));
}

void OpenMetricsRules::checkLabels(const ExpositionSample &sample, std::string_view suffix)
{
    if (m_family.type == "summary" && suffix.empty()) {
        const std::string_view *quantile = labelOf(sample, "quantile");
        const auto value = quantile ? parseFloat(*quantile) : std::nullopt;
        if (!value || !(*value >= 0 && *value <= 1))
            m_report(1, tr("A summary's quantile label is missing or not within 0 and 1"));
    }
    if (isHistogram() && suffix == "_bucket") {
        const std::string_view *le = labelOf(sample, "le");
        const auto value = le ? parseFloat(*le) : std::nullopt;
        if (!value || std::isnan(*value) || (std::isinf(*value) && *value > 0 && *le != "+Inf"))
            m_report(1, tr("A bucket's le label is missing or no number"));
    }
    if (m_family.type == "stateset" && !labelOf(sample, viewOf(m_family.name)))
        m_report(1, tr("A stateset's label is missing"));
}

void OpenMetricsRules::checkGroup(const ExpositionSample &sample)
{
    m_labels.assign(sample.labels.begin(), sample.labels.end());
    std::ranges::sort(m_labels);
    const bool isBuckets = isHistogram();
    const bool isSummary = m_family.type == "summary";
    const bool isStates = m_family.type == "stateset";
    m_key.clear();
    for (const auto &[label, value] : m_labels) {
        if ((label == "le" && isBuckets) || (label == "quantile" && isSummary)
            || (isStates && label == viewOf(m_family.name)))
            continue;
        m_key.append(label).append(1, '\xFF').append(value).append(1, '\xFE');
    }
    const std::optional<double> time = sample.timestamp ? parseFloat(*sample.timestamp) : std::nullopt;
    if (!m_group.hasSamples || m_key != m_group.key) {
        endGroup();
        if (!m_groups.insert(std::hash<std::string>()(m_key)).second)
            m_report(1, tr("The group's samples do not stand together"));
        m_group = {m_key, time, time.has_value(), true};
        return;
    }
    if (time.has_value() != m_group.hasTime)
        m_report(1, tr("Only some samples of the group have a time stamp"));
    else if (time && m_group.time && *time < *m_group.time)
        m_report(1, tr("Time goes backwards within the group"));
    else if (time && m_group.time && *time > *m_group.time)
        endGroup();
    m_group.time = time;
}

void OpenMetricsRules::histogramSample(const ExpositionSample &sample, std::string_view suffix)
{
    m_histogram.hasSamples = m_histogram.hasSamples || suffix != "_created";
    if (suffix == "_sum" || suffix == "_gsum") {
        m_histogram.hasSum = true;
        m_histogram.sum = sample.value;
    } else if (suffix == "_count" || suffix == "_gcount") {
        m_histogram.hasCount = true;
        m_histogram.count = sample.value;
    } else if (suffix == "_bucket") {
        const std::string_view *label = labelOf(sample, "le");
        const auto le = label ? parseFloat(*label) : std::nullopt;
        if (!le)
            return;
        m_histogram.hasBucket = true;
        if ((m_histogram.lastLe && *le <= *m_histogram.lastLe)
            || (m_histogram.lastValue && sample.value < *m_histogram.lastValue))
            m_report(1, tr("The buckets are out of order"));
        m_histogram.hasNegativeBucket = m_histogram.hasNegativeBucket || *le < 0;
        m_histogram.lastLe = le;
        m_histogram.lastValue = sample.value;
        if (std::isinf(*le) && *le > 0)
            m_histogram.infinite = sample.value;
    }
}

void OpenMetricsRules::checkHistogram()
{
    const bool gauge = m_family.type == "gaugehistogram";
    if (!m_histogram.infinite)
        m_report(1, tr("The +Inf bucket is missing"));
    else if (m_histogram.hasCount && *m_histogram.infinite != m_histogram.count)
        m_report(1, tr("The count is not the +Inf bucket's"));
    if (m_histogram.hasCount != m_histogram.hasSum)
        m_report(1, tr("Count and sum are not both there"));
    if (m_histogram.hasSum && m_histogram.hasNegativeBucket && !gauge)
        m_report(1, tr("A histogram with negative buckets has no sum"));
    if (m_histogram.hasSum && gauge && !m_histogram.hasNegativeBucket && m_histogram.sum < 0)
        m_report(1, tr("The sum is negative without a negative bucket"));
}

void OpenMetricsRules::finish()
{
    endFamily();
    if (!m_ended)
        m_report(1, tr("# EOF is missing at the end"));
}

PrometheusTextRules::PrometheusTextRules(RuleReport report)
    : m_report(std::move(report))
{
}

void PrometheusTextRules::comment(std::string_view line)
{
    const auto metadata = parseMetadata(line);
    if (!metadata || metadata->keyword == "UNIT" || metadata->name.empty())
        return;
    if (!isMetricName(metadata->name)) {
        m_report(1, tr("Not a metric name"));
        return;
    }
    const QByteArray name = bytesOf(metadata->name);
    if (metadata->keyword == "HELP") {
        if (m_helped.contains(name) && !metadata->text.empty())
            m_report(1, tr("A second HELP of the same family"));
        if (!metadata->text.empty())
            m_helped.insert(name);
        return;
    }
    static constexpr std::array Known{std::string_view("counter"), std::string_view("gauge"),
                                      std::string_view("histogram"), std::string_view("summary"),
                                      std::string_view("untyped")};
    if (std::ranges::find(Known, metadata->text) == Known.end())
        m_report(1, tr("Not a type"));
    if (m_types.contains(name))
        m_report(1, tr("A second TYPE of the same family"));
    else if (m_sampled.contains(name))
        m_report(1, tr("Metadata after the family's samples"));
    m_types.insert(name, bytesOf(metadata->text));
    m_name.clear();
}

void PrometheusTextRules::sample(const ExpositionSample &sample)
{
    if (sample.name == viewOf(m_name) && m_isPlain) // as most lines do
        return;
    const QByteArray name = bytesOf(sample.name);
    QByteArray family = name;
    if (!m_types.contains(family))
        for (const char *suffix : {"_bucket", "_sum", "_count"})
            if (name.endsWith(suffix) && m_types.contains(name.chopped(static_cast<qsizetype>(qstrlen(suffix)))))
                family = name.chopped(static_cast<qsizetype>(qstrlen(suffix)));
    m_sampled.insert(family);
    const QByteArray type = m_types.value(family);
    m_name = name;
    m_isPlain = type != "summary" && type != "histogram";
    const std::string_view *quantile = type == "summary" ? labelOf(sample, "quantile") : nullptr;
    const std::string_view *le = type == "histogram" ? labelOf(sample, "le") : nullptr;
    if (quantile && !parseFloat(*quantile))
        m_report(1, tr("A quantile is no number"));
    if (le && !parseFloat(*le))
        m_report(1, tr("A bucket's le label is missing or no number"));
}

} // namespace faultline
