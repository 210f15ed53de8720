// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/seriesbuilder.h"

#include "importers/core/cursor.h"
#include "importers/core/notes.h"
#include "models/bytes/largepages.h"
#include "models/core/saturate.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <QFileInfo>

#include <algorithm>
#include <array>
#include <numeric>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Length of the series whose distances are looked at for the step; more tell nothing new.
constexpr size_t MostDistances = 10'000;

DurationNs medianStep(const SampleTimes &times)
{
    std::vector<DurationNs> distances;
    for (size_t i = 1; i < times.size() && distances.size() < MostDistances; ++i)
        if (times[i] > times[i - 1])
            distances.push_back(saturatedSub(times[i].ns, times[i - 1].ns));
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
    series.times = SampleTimes(std::move(times));
    series.values = std::move(values);
}

/// Gives back what was too much, where the copy does not cost more than it saves.
void shrink(Series &series)
{
    const auto isMuch = [](const auto &vector) { return vector.capacity() > vector.size() * 5 / 4; };
    if (isMuch(series.values))
        series.values.shrink_to_fit();
    if (!series.times.isShared() && isMuch(series.times.own()))
        series.times.own().shrink_to_fit();
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

namespace {

std::string_view unitViewOfMetric(std::string_view text)
{
    QByteArrayView name(text.data(), static_cast<qsizetype>(text.size()));
    if (name.endsWith("_count") || name.endsWith("_bucket"))
        return {};
    for (const QByteArrayView suffix : {"_total", "_sum"})
        if (name.endsWith(suffix))
            name.chop(suffix.size());
    for (const QByteArrayView unit :
         {"bytes", "seconds", "ratio", "percent", "celsius", "volts", "amperes", "joules", "hertz", "milliseconds"})
        if (name.endsWith(unit) && name.size() > unit.size() && name[name.size() - unit.size() - 1] == '_')
            return {unit.data(), static_cast<size_t>(unit.size())};
    return {};
}

/// Places for texts that may be shared.
constexpr size_t SharedTexts = 8'192;

} // namespace

QByteArray unitOfMetric(QByteArrayView name)
{
    const std::string_view unit = unitViewOfMetric({name.data(), static_cast<size_t>(name.size())});
    return QByteArray(unit.data(), static_cast<qsizetype>(unit.size()));
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

SeriesBuilder::SeriesBuilder(SourceEvidence &evidence, bool isHeld)
    : m_evidence(evidence)
    , m_index(1024, -1)
    , m_texts(SharedTexts)
    , m_bytesLeft(FreeBytes
                  + static_cast<qint64>((isHeld ? BytesAByteHeld : BytesAByte)
                                        * static_cast<double>(std::max<qint64>(0, evidence.byteCount))))
{
}

QByteArray SeriesBuilder::shared(std::string_view text)
{
    if (text.empty())
        return {};
    QByteArray &known = m_texts[std::hash<std::string_view>()(text) % m_texts.size()];
    if (viewOf(known) != text) {
        known = QByteArray(text.data(), static_cast<qsizetype>(text.size()));
        m_bytesLeft -= known.size() + 32; // and what the allocator adds
    }
    return known;
}

int SeriesBuilder::series(const QByteArray &name, const std::vector<Label> &labels, qint64 line)
{
    const auto view = [](const QByteArray &text) {
        return std::string_view(text.constData(), static_cast<size_t>(text.size()));
    };
    std::vector<LabelView> views;
    views.reserve(labels.size());
    for (const auto &[key, value] : labels)
        views.emplace_back(view(key), view(value));
    return series(view(name), views, line);
}

bool SeriesBuilder::isSeries(const Series &series, std::string_view name) const
{
    return viewOf(series.name) == name
           && std::ranges::equal(series.labels, m_sorted, [](const Label &label, const LabelView &view) {
                  return viewOf(label.first) == view.first && viewOf(label.second) == view.second;
              });
}

void SeriesBuilder::growIndex()
{
    m_index.assign(m_index.size() * 2, -1);
    const size_t mask = m_index.size() - 1;
    for (size_t i = 0; i < m_hashes.size(); ++i) {
        size_t at = m_hashes[i] & mask;
        while (m_index[at] >= 0)
            at = (at + 1) & mask;
        m_index[at] = static_cast<int>(i);
    }
}

void SeriesBuilder::rememberName(std::string_view name)
{
    m_lastName = shared(name);
    m_lastKind = kindOfMetric(m_lastName);
    m_lastUnit = shared(unitViewOfMetric(name));
}

int SeriesBuilder::series(std::string_view name, std::span<const LabelView> labels, qint64 line)
{
    m_sorted.assign(labels.begin(), labels.end());
    if (!std::ranges::is_sorted(m_sorted))
        std::ranges::sort(m_sorted);
    const std::hash<std::string_view> hashOf;
    size_t hash = hashOf(name);
    for (const auto &[label, value] : m_sorted) {
        hash = (hash ^ hashOf(label)) * 0x9E3779B97F4A7C15ULL;
        hash = (hash ^ (hash >> 29) ^ hashOf(value)) * 0xBF58476D1CE4E5B9ULL;
    }
    hash ^= hash >> 32;
    const size_t mask = m_index.size() - 1;
    size_t at = hash & mask;
    for (; m_index[at] >= 0; at = (at + 1) & mask) {
        const auto known = static_cast<size_t>(m_index[at]);
        if (m_hashes[known] == hash && isSeries(m_evidence.series[known], name))
            return m_index[at];
    }
    constexpr qint64 Allocations = 96; // of the series' vectors
    m_bytesLeft -= static_cast<qint64>(sizeof(Series) + m_sorted.size() * sizeof(Label)) + Allocations;
    if (m_evidence.series.size() >= MostSeries || m_bytesLeft < 0) {
        if (m_leftOut++ == 0)
            m_firstLeftOut = line;
        return -1;
    }
    const auto index = static_cast<int>(m_evidence.series.size());
    m_index[at] = index;
    m_hashes.push_back(hash);
    growInLargePages(m_evidence.series);
    Series &series = m_evidence.series.emplace_back();
    if (viewOf(m_lastName) != name)
        rememberName(name);
    series.name = m_lastName;
    series.kind = m_lastKind;
    series.unit = m_lastUnit;
    series.labels.reserve(m_sorted.size());
    // Mostly the labels of the series before, but for one or two values.
    const std::span<const Label> before =
        index > 0 ? m_evidence.series[static_cast<size_t>(index) - 1].labels : std::span<const Label>();
    for (size_t i = 0; i < m_sorted.size(); ++i) {
        const auto &[label, value] = m_sorted[i];
        const bool isKnown = i < before.size() && viewOf(before[i].first) == label;
        series.labels.emplace_back(isKnown ? before[i].first : shared(label),
                                   isKnown && viewOf(before[i].second) == value ? before[i].second : shared(value));
    }
    series.line = line;
    if (m_hashes.size() * 2 > m_index.size())
        growIndex();
    expectAsBefore(index);
    return index;
}

/// The series of one answer are mostly of one length and of the same times: makes room for as many samples as the series before has, and
/// takes its times for as long as the new ones are the same.
void SeriesBuilder::expectAsBefore(int index)
{
    settle();
    if (index == 0)
        return;
    m_follower = index;
    at(index).values.reserve(std::min(at(index - 1).times.size(), LargeSeries));
}

void SeriesBuilder::settle()
{
    if (m_follower < 0)
        return;
    const SampleTimes &before = at(m_follower - 1).times;
    SampleTimes &mine = at(m_follower).times;
    if (m_followed > 0 && m_followed == before.size())
        mine = before;
    else
        mine.own().assign(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(m_followed));
    m_follower = -1;
    m_followed = 0;
}

void SeriesBuilder::finish(CoverageHow how)
{
    settle();
    std::erase_if(m_evidence.series, [](const Series &series) { return series.times.empty(); });
    if (m_leftOut > 0)
        addNote(
            m_evidence, Severity::Warning, Code::LimitReached, {m_firstLeftOut, m_firstLeftOut > 0 ? 1 : 0, -1},
            tr("More series than can be held for a file of this size; from here on new ones were left out, %1 times")
                .arg(m_leftOut));
    if (m_isFull)
        addNote(m_evidence, Severity::Warning, Code::LimitReached, {},
                tr("More samples than can be held; the rest is left out."));
    m_index.clear();
    m_hashes.clear();
    m_texts.clear();
    std::optional<SourceTime> end;
    const Series *before = nullptr;
    for (Series &series : m_evidence.series) {
        bool isAsBefore = before && series.times.isSharedWith(before->times);
        if (!isAsBefore) {
            sortSamples(series);
            isAsBefore = before && series.times == before->times;
            if (isAsBefore)
                series.times = before->times;
        }
        series.stepNs = isAsBefore ? before->stepNs : medianStep(series.times);
        shrink(series);
        before = &series;
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
