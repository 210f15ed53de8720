// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/metricrules.h"

#include "models/core/translate.h"

#include <QFile>

#include <algorithm>

#include <yaml-cpp/yaml.h>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString text(const YAML::Node &node)
{
    return node.IsDefined() && node.IsScalar() ? QString::fromStdString(node.Scalar()) : QString();
}

QRegularExpression expression(const QString &pattern)
{
    QRegularExpression result(pattern, QRegularExpression::CaseInsensitiveOption);
    result.optimize();
    return result;
}

/// Nullopt where a part is missing or out of range.
std::optional<HistogramRules> histogramRules(const YAML::Node &node)
{
    constexpr int MostSteps = 60;
    HistogramRules rules;
    rules.buckets = QRegularExpression(QRegularExpression::anchoredPattern(text(node["buckets"])));
    rules.bound = text(node["bound"]).toUtf8();
    for (const YAML::Node &quantile : node["quantiles"])
        rules.quantiles.push_back(text(quantile).toDouble());
    rules.steps = text(node["steps"]).toInt();
    const bool isInside = std::ranges::all_of(rules.quantiles, [](double q) { return q > 0 && q < 1; });
    if (!rules.buckets.isValid() || rules.buckets.captureCount() < 1 || rules.bound.isEmpty() || !isInside
        || rules.steps < 1 || rules.steps > MostSteps)
        return std::nullopt;
    return rules;
}

} // namespace

Result<MetricRules> MetricRules::parse(const QByteArray &yaml, const QString &file)
{
    try {
        const YAML::Node root = YAML::Load(yaml.toStdString());
        MetricRules rules;
        rules.m_constants = expression(text(root["constants"]));
        for (const YAML::Node &node : root["families"]) {
            MetricFamily family;
            family.resource = text(node["resource"]).toUtf8();
            family.series = expression(text(node["series"]));
            if (const QString limits = text(node["limits"]); !limits.isEmpty())
                family.limits = expression(QRegularExpression::anchoredPattern(limits));
            if (const QString per = text(node["per"]); !per.isEmpty())
                family.per = expression(QRegularExpression::anchoredPattern(per));
            for (const YAML::Node &fact : node["facts"])
                family.facts.push_back(text(fact).toUtf8());
            bool isNumber = false;
            if (const double limit = text(node["limit"]).toDouble(&isNumber); isNumber)
                family.limit = limit;
            family.low = text(node["low"]) == u"true"_s;
            if (family.resource.isEmpty() || !family.series.isValid() || !family.limits.isValid()
                || !family.per.isValid())
                return failure(Code::BadSyntax, tr("A family needs a resource and valid patterns"), {}, file,
                               {node.Mark().line + 1, node.Mark().column + 1});
            rules.m_families.push_back(std::move(family));
        }
        if (const YAML::Node node = root["histograms"]; node.IsDefined()) {
            const auto histograms = histogramRules(node);
            if (!histograms)
                return failure(Code::BadSyntax,
                               tr("Histograms need a pattern with a group for their buckets, the label of the bound, "
                                  "quantiles between 0 "
                                  "and 1, and steps"),
                               {}, file, {node.Mark().line + 1, node.Mark().column + 1});
            rules.m_histograms = *histograms;
        }
        for (const YAML::Node &node : root["ratios"]) {
            RatioRule rule{QRegularExpression(QRegularExpression::anchoredPattern(text(node["part"]))),
                           text(node["whole"]), text(node["name"])};
            if (!rule.part.isValid() || text(node["part"]).isEmpty() || rule.whole.isEmpty() || rule.name.isEmpty())
                return failure(Code::BadSyntax, tr("A ratio needs a pattern for its part, its whole and a name"), {},
                               file, {node.Mark().line + 1, node.Mark().column + 1});
            rules.m_ratios.push_back(std::move(rule));
        }
        return rules;
    } catch (const YAML::Exception &problem) {
        return failure(Code::BadSyntax, QString::fromStdString(problem.msg), {}, file,
                       {problem.mark.line + 1, problem.mark.column + 1});
    }
}

const MetricRules &MetricRules::shipped()
{
    static const MetricRules rules = [] {
        QFile file(u":/faultline/metrics.yaml"_s);
        return file.open(QIODevice::ReadOnly) ? parse(file.readAll(), file.fileName()).value_or(MetricRules{})
                                              : MetricRules{};
    }();
    return rules;
}

QString MetricRules::spelt(const QByteArray &name)
{
    QByteArray spelt = name;
    return QString::fromUtf8(spelt.replace('.', '_').replace('/', '_').replace('-', '_').replace(' ', '_'));
}

const MetricFamily *MetricRules::familyOf(const Series &series) const
{
    const QString name = spelt(series.name);
    for (const MetricFamily &family : m_families)
        if (family.series.match(name).hasMatch())
            return &family;
    return nullptr;
}

size_t MetricRules::orderOf(const MetricFamily *family) const
{
    return family ? static_cast<size_t>(family - m_families.data()) : m_families.size();
}

bool MetricRules::isConstant(const Series &series) const
{
    return !m_constants.pattern().isEmpty() && m_constants.match(spelt(series.name)).hasMatch();
}

} // namespace faultline
