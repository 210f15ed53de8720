// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/ratios.h"

#include "importers/core/notes.h"
#include "models/core/translate.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr size_t MostRatios = 20'000; ///< Of a source.

QByteArray ratioKey(const QByteArray &name, const std::vector<Label> &labels)
{
    QByteArray key = name;
    for (const auto &[label, value] : labels)
        key += '\0' + label + '\0' + value;
    return key;
}

/// What a counter of what was hit is held against, and what comes of it.
struct RatioNames {
    QByteArray whole;
    QByteArray ratio;
};

/// By name, the counters that are a part of another. Pages of very many series have few names.
QHash<QByteArray, RatioNames> partsAmong(const std::vector<Series> &all, const std::vector<RatioRule> &rules)
{
    QHash<QByteArray, RatioNames> parts;
    QSet<QByteArray> seen;
    const QByteArray *last = nullptr;
    for (const Series &series : all) {
        if (last && *last == series.name)
            continue;
        last = &series.name;
        if (seen.contains(series.name))
            continue;
        seen << series.name;
        const QString name = QString::fromUtf8(series.name);
        const auto rule =
            std::ranges::find_if(rules, [&](const RatioRule &r) { return r.part.match(name).hasMatch(); });
        if (rule != rules.end())
            parts.insert(series.name, {QString(name).replace(rule->part, rule->whole).toUtf8(),
                                       QString(name).replace(rule->part, rule->name).toUtf8()});
    }
    return parts;
}

/// How much a counter rose; what it shows after a reset is all new.
double riseOf(double before, double now)
{
    return now < before ? now : now - before;
}

Series ratioOf(const Series &part, const Series &whole, const QByteArray &name)
{
    Series ratio{name, part.labels, SeriesKind::Gauge, "ratio", part.stepNs, {}, {}, part.line};
    std::optional<std::pair<double, double>> before;
    for (size_t p = 0, w = 0; p < part.times.size() && w < whole.times.size();) {
        if (part.times[p] != whole.times[w]) {
            ++(part.times[p] < whole.times[w] ? p : w);
            continue;
        }
        const std::pair now(part.values[p], whole.values[w]);
        if (std::isfinite(now.first) && std::isfinite(now.second)) {
            if (before) {
                const double all = riseOf(before->second, now.second);
                ratio.times.push_back(part.times[p]);
                ratio.values.push_back(all > 0 ? std::min(1.0, riseOf(before->first, now.first) / all) : std::nan(""));
            }
            before = now;
        }
        ++p;
        ++w;
    }
    return ratio;
}

} // namespace

void addRatios(SourceEvidence &evidence, const std::vector<RatioRule> &rules)
{
    const QHash<QByteArray, RatioNames> parts = partsAmong(evidence.series, rules);
    if (parts.isEmpty())
        return;
    QSet<QByteArray> others;
    for (const RatioNames &names : parts)
        others << names.whole << names.ratio;
    QHash<QByteArray, size_t> places;
    for (size_t i = 0; i < evidence.series.size(); ++i) {
        if (others.contains(evidence.series[i].name))
            places.insert(ratioKey(evidence.series[i].name, evidence.series[i].labels), i);
    }
    std::vector<Series> made;
    for (size_t i = 0; i < evidence.series.size() && made.size() < MostRatios; ++i) {
        const Series &part = evidence.series[i];
        const auto names = parts.constFind(part.name);
        if (names == parts.cend())
            continue;
        const auto whole = places.constFind(ratioKey(names->whole, part.labels));
        if (whole == places.cend() || places.contains(ratioKey(names->ratio, part.labels)))
            continue;
        Series ratio = ratioOf(part, evidence.series[*whole], names->ratio);
        if (std::ranges::any_of(ratio.values, [](double value) { return std::isfinite(value); }))
            made.push_back(std::move(ratio));
    }
    if (made.size() >= MostRatios)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("More than %1 ratios of counters; the others are left out").arg(MostRatios));
    std::ranges::move(made, std::back_inserter(evidence.series));
}

} // namespace faultline
