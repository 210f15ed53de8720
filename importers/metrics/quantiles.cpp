// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/quantiles.h"

#include "importers/core/notes.h"
#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "models/core/translate.h"
#include "models/metrics/histogram.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double Infinite = std::numeric_limits<double>::infinity();
constexpr size_t MostHistograms = 20'000; ///< Of a source.

/// The series of one histogram.
struct Histogram {
    QByteArray name; ///< Of the quantiles.
    std::vector<Label> labels;
    std::vector<std::pair<double, size_t>> buckets; ///< Bound and series; in order of bounds once gathered.
    std::optional<size_t> count;                    ///< The series that tells the total where no bucket +Inf does.
    bool isCounted = true; ///< Counts since the start; else of the moment, as the answer to rate() has them.

    bool isWhole() const { return !buckets.empty() && std::isinf(buckets.back().first); }
};

QByteArray keyOf(const QByteArray &name, const std::vector<Label> &labels)
{
    QByteArray key = name;
    for (const auto &[label, value] : labels)
        key += '\0' + label + '\0' + value;
    return key;
}

std::vector<Histogram> histogramsOf(const SourceEvidence &evidence, const HistogramRules &rules)
{
    std::vector<Histogram> histograms;
    QHash<QByteArray, size_t> places;
    for (size_t i = 0; i < evidence.series.size(); ++i) {
        const Series &series = evidence.series[i];
        const auto le = std::ranges::find(series.labels, rules.bound, &Label::first);
        if (le == series.labels.end())
            continue;
        const auto bound = parseFloat({le->second.constData(), static_cast<size_t>(le->second.size())});
        if (!bound || std::isnan(*bound))
            continue;
        const bool isCounted = series.kind == SeriesKind::Histogram;
        const auto match = rules.buckets.match(QString::fromUtf8(series.name));
        if (isCounted && !match.hasMatch())
            continue;
        std::vector<Label> labels = series.labels;
        labels.erase(labels.begin() + (le - series.labels.begin()));
        const QByteArray name = match.hasMatch() ? match.captured(1).toUtf8() : series.name;
        const QByteArray key = keyOf(name, labels);
        auto place = places.find(key);
        if (place == places.end()) {
            if (histograms.size() >= MostHistograms)
                continue;
            place = places.insert(key, histograms.size());
            histograms.push_back({name, std::move(labels), {}, {}, isCounted});
        }
        histograms[*place].buckets.emplace_back(*bound, i);
    }
    if (histograms.empty())
        return histograms;
    for (Histogram &histogram : histograms)
        std::ranges::sort(histogram.buckets);
    for (size_t i = 0; i < evidence.series.size(); ++i) {
        const Series &series = evidence.series[i];
        if (!series.name.endsWith("_count"))
            continue;
        if (const auto place = places.constFind(keyOf(series.name.chopped(6), series.labels)); place != places.cend())
            histograms[*place].count = i;
    }
    return histograms;
}

/// All counts at one moment, in order of bounds, the total last.
struct Row {
    SourceTime time;
    std::vector<double> counts;

    double total() const { return counts.back(); }
};

/// Goes through the moments of a histogram's series. A native histogram tells only of buckets that hold something: one that is not there
/// holds as many as the one below it. Of a classic one all buckets are told at once, else the moment tells nothing.
class Rows
{
public:
    Rows(const SourceEvidence &evidence, const Histogram &histogram)
        : m_isSparse(!histogram.isWhole())
    {
        for (const auto &[bound, index] : histogram.buckets)
            m_series.push_back({&evidence.series[index], 0});
        if (m_isSparse)
            m_series.push_back({&evidence.series[*histogram.count], 0});
    }

    /// The next moment that is told whole; false at the end.
    bool next(Row &row)
    {
        row.counts.resize(m_series.size());
        while (true) {
            std::optional<SourceTime> time;
            for (const Place &place : m_series)
                if (place.at < place.series->times.size())
                    time = std::min(time.value_or(place.series->times[place.at]), place.series->times[place.at]);
            if (!time)
                return false;
            row.time = *time;
            if (take(row))
                return true;
        }
    }

private:
    struct Place {
        const Series *series;
        size_t at;
    };

    bool take(Row &row)
    {
        bool isWhole = true;
        double below = 0;
        for (size_t i = 0; i < m_series.size(); ++i) {
            Place &place = m_series[i];
            bool isTold = false;
            for (; place.at < place.series->times.size() && place.series->times[place.at] == row.time; ++place.at) {
                row.counts[i] = place.series->values[place.at];
                isTold = std::isfinite(row.counts[i]);
            }
            if (!isTold) {
                isWhole = isWhole && m_isSparse && i + 1 < m_series.size();
                row.counts[i] = below;
            }
            below = row.counts[i];
        }
        return isWhole;
    }

    std::vector<Place> m_series;
    bool m_isSparse;
};

/// What was observed lately: the rises of the counts within some steps.
class Recent
{
public:
    /// `isSparse`: single buckets may fall where a native histogram drops some; only its total tells of a reset.
    Recent(size_t bounds, DurationNs window, bool isSparse)
        : m_sum(bounds)
        , m_window(window)
        , m_isSparse(isSparse)
    {
    }
    const std::vector<double> &sum() const { return m_sum; }

    void add(const Row &before, const Row &now)
    {
        bool isReset = now.total() < before.total();
        for (size_t i = 0; i < now.counts.size() && !m_isSparse; ++i)
            isReset = isReset || now.counts[i] < before.counts[i];
        Row rise{now.time, now.counts};
        for (size_t i = 0; i < rise.counts.size() && !isReset; ++i)
            rise.counts[i] -= before.counts[i];
        change(rise, 1);
        m_rises.push_back(std::move(rise));
        while (m_rises.size() > 1 && (now.time - m_rises.front().time >= m_window || m_rises.size() > Most)) {
            change(m_rises.front(), -1);
            m_rises.pop_front();
        }
    }

private:
    static constexpr size_t Most = 64;

    void change(const Row &rise, double sign)
    {
        for (size_t i = 0; i < m_sum.size(); ++i)
            m_sum[i] += sign * rise.counts[i];
    }

    std::deque<Row> m_rises;
    std::vector<double> m_sum;
    DurationNs m_window;
    bool m_isSparse;
};

/// Counters seldom fall; the buckets of a gauge histogram do all the time.
bool fallsOften(const SourceEvidence &evidence, const Histogram &histogram)
{
    Rows rows(evidence, histogram);
    Row before;
    Row now;
    size_t steps = 0;
    size_t falls = 0;
    for (bool isFirst = true; rows.next(now); isFirst = false) {
        if (!isFirst) {
            ++steps;
            if (now.total() < before.total())
                ++falls;
        }
        std::swap(before, now);
    }
    return steps >= 4 && falls * 4 > steps;
}

class QuantileMaker
{
public:
    QuantileMaker(SourceEvidence &evidence, const HistogramRules &rules)
        : m_evidence(evidence)
        , m_rules(rules)
    {
    }
    void make(const Histogram &histogram);

private:
    std::vector<Series> emptySeries(const Histogram &histogram) const;
    void addSample(std::vector<Series> &made, SourceTime time, const Histogram &histogram,
                   const std::vector<double> &counts);

    SourceEvidence &m_evidence;
    const HistogramRules &m_rules;
    std::vector<HistogramBucket> m_buckets;
    size_t m_beyond = 0;
    double m_lastBound = 0;
};

std::vector<Series> QuantileMaker::emptySeries(const Histogram &histogram) const
{
    const Series &bucket = m_evidence.series[histogram.buckets.front().second];
    std::vector<Series> made;
    for (const double quantile : m_rules.quantiles) {
        Series &series = made.emplace_back();
        series.name = histogram.name;
        series.labels = histogram.labels;
        series.labels.emplace_back("quantile", QByteArray::number(quantile));
        std::ranges::sort(series.labels);
        series.kind = SeriesKind::Summary;
        series.unit = unitOfMetric(histogram.name);
        series.stepNs = bucket.stepNs;
        series.line = bucket.line;
    }
    return made;
}

void QuantileMaker::addSample(std::vector<Series> &made, SourceTime time, const Histogram &histogram,
                              const std::vector<double> &counts)
{
    m_buckets.clear();
    for (size_t i = 0; i < counts.size(); ++i)
        m_buckets.push_back({i < histogram.buckets.size() ? histogram.buckets[i].first : Infinite, counts[i]});
    for (size_t i = 0; i < made.size(); ++i) {
        const auto quantile = quantileOf(m_buckets, m_rules.quantiles[i]);
        made[i].times.push_back(time);
        made[i].values.push_back(quantile ? quantile->value : std::nan(""));
        if (quantile && quantile->isBeyond) {
            ++m_beyond;
            m_lastBound = quantile->value;
        }
    }
}

void QuantileMaker::make(const Histogram &histogram)
{
    const Series &first = m_evidence.series[histogram.buckets.front().second];
    const Position where{first.line, first.line > 0 ? 1 : 0, -1};
    const QString name = QString::fromUtf8(histogram.name.left(200));
    if (!histogram.isWhole() && !histogram.count)
        return addNote(m_evidence, Severity::Info, Code::BadValue, where,
                       tr("%1 has neither a bucket +Inf nor a count: no quantiles can be told").arg(name));
    std::vector<Series> made = emptySeries(histogram);
    Rows rows(m_evidence, histogram);
    Row before;
    Row now;
    m_beyond = 0;
    if (!histogram.isCounted || fallsOften(m_evidence, histogram)) {
        while (rows.next(now))
            addSample(made, now.time, histogram, now.counts);
    } else if (rows.next(before)) {
        // Half a step more than asked for, since scrapes are never quite even.
        Recent recent(before.counts.size(), first.stepNs * m_rules.steps - first.stepNs / 2, !histogram.isWhole());
        while (rows.next(now)) {
            recent.add(before, now);
            addSample(made, now.time, histogram, recent.sum());
            std::swap(before, now);
        }
    }
    if (m_beyond > 0)
        addNote(m_evidence, Severity::Info, Code::LimitReached, where,
                tr("Quantiles of %1 lie beyond its last bound, %2: there they are at least that (%3 samples)")
                    .arg(name, QString::number(m_lastBound))
                    .arg(m_beyond));
    for (Series &series : made)
        if (std::ranges::any_of(series.values, [](double value) { return std::isfinite(value); }))
            m_evidence.series.push_back(std::move(series));
}

} // namespace

void addQuantiles(SourceEvidence &evidence, const HistogramRules &rules)
{
    if (evidence.kind != SourceKind::Metrics || rules.quantiles.empty())
        return;
    const std::vector<Histogram> histograms = histogramsOf(evidence, rules);
    QuantileMaker maker(evidence, rules);
    for (const Histogram &histogram : histograms)
        maker.make(histogram);
    if (histograms.size() >= MostHistograms)
        addNote(evidence, Severity::Warning, Code::LimitReached, {},
                tr("More than %1 histograms; the quantiles of the others are left out").arg(MostHistograms));
}

} // namespace faultline
