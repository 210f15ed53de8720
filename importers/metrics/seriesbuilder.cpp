// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/seriesbuilder.h"

#include "importers/core/cursor.h"
#include "importers/core/notes.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>
#include <array>
#include <numeric>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Length of the series whose distances are looked at for the step; more tell nothing new.
constexpr size_t MostDistances = 10'000;

DurationNs medianStep(const std::vector<SourceTime> &times)
{
    std::vector<DurationNs> distances;
    for (size_t i = 1; i < times.size() && distances.size() < MostDistances; ++i)
        if (times[i] > times[i - 1])
            distances.push_back(times[i] - times[i - 1]);
    if (distances.empty())
        return 0;
    const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
    std::ranges::nth_element(distances, middle);
    return *middle;
}

void sortSamples(Series &series)
{
    if (std::ranges::is_sorted(series.times))
        return;
    std::vector<size_t> order(series.times.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::ranges::stable_sort(order, {}, [&](size_t i) { return series.times[i]; });
    std::vector<SourceTime> times;
    std::vector<double> values;
    times.reserve(order.size());
    values.reserve(order.size());
    for (const size_t i : order) {
        times.push_back(series.times[i]);
        values.push_back(series.values[i]);
    }
    series.times = std::move(times);
    series.values = std::move(values);
}

std::optional<TimeNs> checkedTime(int year, int month, int day, int hour, int minute, int second)
{
    if (year < 1990 || year > 2200)
        return std::nullopt;
    const auto ns = civilNs(year, month, day, hour, minute, second);
    return ns ? std::optional(TimeNs{*ns}) : std::nullopt;
}

/// A date and time at the cursor with any one separator or none between their parts.
std::optional<TimeNs> takeDateTime(Cursor &cursor)
{
    const size_t start = cursor.position();
    std::array<int, 6> parts{};
    constexpr std::array Lengths{4, 2, 2, 2, 2, 2};
    for (size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && !Cursor::isDigit(cursor.peek()))
            cursor.reset(cursor.position() + 1);
        const auto part = cursor.digits(Lengths[i]);
        if (!part) {
            cursor.reset(start);
            return std::nullopt;
        }
        parts[i] = *part;
    }
    if (Cursor::isDigit(cursor.peek())) {
        cursor.reset(start);
        return std::nullopt;
    }
    return checkedTime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
}

} // namespace

SeriesKind kindOfMetric(QByteArrayView name)
{
    if (name.isEmpty())
        return SeriesKind::Unknown;
    if (name.endsWith("_bucket"))
        return SeriesKind::Histogram;
    if (name.endsWith("_total") || name.endsWith("_count") || name.endsWith("_sum"))
        return SeriesKind::Counter;
    return SeriesKind::Gauge;
}

QByteArray unitOfMetric(QByteArrayView name)
{
    if (name.endsWith("_count") || name.endsWith("_bucket"))
        return {};
    for (const QByteArrayView suffix : {"_total", "_sum"})
        if (name.endsWith(suffix))
            name.chop(suffix.size());
    for (const QByteArrayView unit :
         {"bytes", "seconds", "ratio", "percent", "celsius", "volts", "amperes", "joules", "hertz", "milliseconds"})
        if (name.endsWith(unit) && name.size() > unit.size() && name[name.size() - unit.size() - 1] == '_')
            return unit.toByteArray();
    return {};
}

QByteArray stemOfFile(const QString &path)
{
    QString name = QFileInfo(path).fileName();
    for (int i = 0; i < 3; ++i) {
        const qsizetype dot = name.lastIndexOf(u'.');
        static constexpr std::array Known{"json"_L1,    "csv"_L1, "tsv"_L1, "txt"_L1, "prom"_L1, "om"_L1,
                                          "metrics"_L1, "gz"_L1,  "log"_L1, "out"_L1, "zst"_L1,  "xz"_L1};
        if (dot <= 0 || std::ranges::find(Known, QStringView(name).sliced(dot + 1), [](QLatin1StringView known) {
                            return QString(known);
                        }) == Known.end())
            break;
        name.truncate(dot);
    }
    return name.toUtf8();
}

std::optional<TimeNs> timeInFileName(const QString &path)
{
    const QByteArray name = QFileInfo(path).fileName().toUtf8();
    const std::string_view text(name.constData(), static_cast<size_t>(name.size()));
    for (size_t i = 0; i < text.size(); ++i) {
        if (!Cursor::isDigit(text[i]) || (i > 0 && Cursor::isDigit(text[i - 1])))
            continue;
        Cursor date(text.substr(i));
        if (const auto time = takeDateTime(date))
            return time;
        Cursor epoch(text.substr(i));
        const auto number = epoch.number(13);
        if (number && epoch.position() == 10 && *number > 1'000'000'000)
            return TimeNs{*number * NsPerSecond};
        if (number && epoch.position() == 13 && *number > 1'000'000'000'000)
            return TimeNs{*number * NsPerMillisecond};
    }
    return std::nullopt;
}

SeriesBuilder::SeriesBuilder(SourceEvidence &evidence)
    : m_evidence(evidence)
{
}

int SeriesBuilder::series(QByteArray name, std::vector<Label> labels, qint64 line)
{
    std::ranges::sort(labels);
    QByteArray key = name;
    for (const auto &[label, value] : labels)
        key.append('\xFF').append(label).append('\xFE').append(value);
    if (const auto found = m_index.constFind(key); found != m_index.cend())
        return *found;
    if (m_evidence.series.size() >= MostSeries) {
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {line, 1, -1},
                QCoreApplication::translate("faultline::SeriesBuilder",
                                            "More series than can be held; the rest is left out."));
        return -1;
    }
    Series series;
    series.kind = kindOfMetric(name);
    series.unit = unitOfMetric(name);
    series.name = std::move(name);
    series.labels = std::move(labels);
    series.line = line;
    const int index = static_cast<int>(m_evidence.series.size());
    m_evidence.series.push_back(std::move(series));
    m_index.insert(std::move(key), index);
    return index;
}

void SeriesBuilder::add(int index, SourceTime time, double value)
{
    if (index < 0)
        return;
    if (m_samples >= MostSamples) {
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {},
                QCoreApplication::translate("faultline::SeriesBuilder",
                                            "More samples than can be held; the rest is left out."));
        return;
    }
    Series &series = at(index);
    series.times.push_back(time);
    series.values.push_back(value);
    ++m_samples;
}

void SeriesBuilder::finish(CoverageHow how)
{
    std::erase_if(m_evidence.series, [](const Series &series) { return series.times.empty(); });
    m_index.clear();
    std::optional<SourceTime> end;
    for (Series &series : m_evidence.series) {
        sortSamples(series);
        series.stepNs = medianStep(series.times);
        series.times.shrink_to_fit();
        series.values.shrink_to_fit();
        const SourceTime seriesEnd{series.times.back().ns > std::numeric_limits<qint64>::max() - series.stepNs
                                       ? series.times.back().ns
                                       : series.times.back().ns + series.stepNs};
        m_evidence.first = m_evidence.first ? std::min(*m_evidence.first, series.times.front()) : series.times.front();
        m_evidence.last = m_evidence.last ? std::max(*m_evidence.last, series.times.back()) : series.times.back();
        end = end ? std::max(*end, seriesEnd) : seriesEnd;
    }
    if (end)
        m_evidence.coverage.push_back({{}, m_evidence.first, end, how});
}

} // namespace faultline
