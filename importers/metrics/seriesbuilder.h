// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <span>
#include <string_view>

namespace faultline {

/// Counter, histogram or gauge by the suffixes that Prometheus' naming rules give; Unknown for an empty name.
SeriesKind kindOfMetric(QByteArrayView name);
/// "bytes", "seconds", "ratio" … by suffix; "" where it says nothing.
QByteArray unitOfMetric(QByteArrayView name);

/// The file's name without its last suffixes (.json, .csv, .prom, .om.txt, .gz): what names a series without a name.
QByteArray stemOfFile(const QString &path);
/// A date and time that stands in the file's name: 20261123-184700, 2026-11-23T18-47-00Z, an epoch of 10 or 13 digits.
std::optional<TimeNs> timeInFileName(const QString &path);

/// A label as it stands in a text.
using LabelView = std::pair<std::string_view, std::string_view>;

/// Gathers the samples of one source by series and leaves them sorted, with step, range and coverage.
class SeriesBuilder
{
public:
    static constexpr size_t MostSeries = 1'000'000;
    static constexpr qint64 MostSamples = 400'000'000;
    /// What series may hold beside their samples: so many bytes, and so many for each byte of the source.
    static constexpr qint64 FreeBytes = qint64(24) * 1024 * 1024;
    static constexpr double BytesAByte = 1.5;
    static constexpr double BytesAByteHeld = 0.7;
    static constexpr size_t LargeSeries = 100'000;

    /// `isHeld`: the reader may have to hold the source's bytes too, so that less is left for series.
    explicit SeriesBuilder(SourceEvidence &evidence, bool isHeld = false);

    /// The series' index; labels in any order. -1 where there are too many series.
    int series(std::string_view name, std::span<const LabelView> labels, qint64 line);
    int series(const QByteArray &name, const std::vector<Label> &labels, qint64 line);
    Series &at(int index) { return m_evidence.series[static_cast<size_t>(index)]; }
    void add(int index, SourceTime time, double value)
    {
        if (index < 0)
            return;
        if (m_samples >= MostSamples) {
            m_isFull = true;
            return;
        }
        Series &series = at(index);
        if (index == m_follower && follows(time)) {
            series.values.push_back(value);
            ++m_samples;
            return;
        }
        std::vector<SourceTime> &times = series.times.own();
        if (times.size() == times.capacity() && times.size() > LargeSeries) {
            // By half, not twice: the slack of large series would be more than they hold.
            times.reserve(times.size() * 3 / 2);
            series.values.reserve(times.size() * 3 / 2);
        }
        times.push_back(time);
        series.values.push_back(value);
        ++m_samples;
    }

    /// Gives each series the times that it shares: before they are looked at.
    void settle();
    /// Lets `change` write to all times; those that are shared stay so.
    template<typename Change>
    void changeTimes(const Change &change)
    {
        settle();
        SampleTimes before;
        const SampleTimes *changed = nullptr;
        for (Series &series : m_evidence.series) {
            if (series.times.isSharedWith(before)) {
                series.times = *changed;
            } else {
                before = series.times.isShared() ? series.times : SampleTimes();
                change(series.times.own());
                changed = &series.times;
            }
        }
    }

    /// How many samples are held.
    qint64 sampleCount() const { return m_samples; }

    /// Sorts, sets steps, first, last and the coverage: from the first sample to the last and one step. Series without samples go.
    void finish(CoverageHow how = CoverageHow::Stated);

private:
    /// Shares equal texts: names and most values of labels stand in very many series.
    QByteArray shared(std::string_view text);
    bool isSeries(const Series &series, std::string_view name) const;
    void growIndex();
    void rememberName(std::string_view name);
    void expectAsBefore(int index);
    /// Whether the time is the next one of the series before the follower; the follower gets its own times where not.
    bool follows(SourceTime time)
    {
        const SampleTimes &before = at(m_follower - 1).times;
        if (m_followed < before.size() && before[m_followed] == time) {
            ++m_followed;
            return true;
        }
        settle();
        return false;
    }

    SourceEvidence &m_evidence;
    std::vector<int> m_index; ///< A hash table of series, by name and labels; -1 is free.
    std::vector<size_t> m_hashes;
    std::vector<LabelView> m_sorted; ///< Labels of the series being looked for.
    std::vector<QByteArray> m_texts; ///< The latest text of each hash.
    QByteArray m_lastName;           ///< Of the series made last, with what its name tells.
    SeriesKind m_lastKind = SeriesKind::Gauge;
    QByteArray m_lastUnit;
    qint64 m_bytesLeft;
    qint64 m_leftOut = 0;
    qint64 m_firstLeftOut = 0; ///< The line.
    qint64 m_samples = 0;
    bool m_isFull = false;
    int m_follower = -1;   ///< The series that has so far had the times of the one before it.
    size_t m_followed = 0; ///< How many of them.
};

} // namespace faultline
