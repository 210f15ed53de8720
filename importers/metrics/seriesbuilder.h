// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <QHash>

namespace faultline {

/// Counter, histogram or gauge by the suffixes that Prometheus' naming rules give; Unknown for an empty name.
SeriesKind kindOfMetric(QByteArrayView name);
/// "bytes", "seconds", "ratio" … by suffix; "" where it says nothing.
QByteArray unitOfMetric(QByteArrayView name);

/// The file's name without its last suffixes (.json, .csv, .prom, .om.txt, .gz): what names a series without a name.
QByteArray stemOfFile(const QString &path);
/// A date and time that stands in the file's name: 20261123-184700, 2026-11-23T18-47-00Z, an epoch of 10 or 13 digits.
std::optional<TimeNs> timeInFileName(const QString &path);

/// Gathers the samples of one source by series and leaves them sorted, with step, range and coverage.
class SeriesBuilder
{
public:
    static constexpr size_t MostSeries = 1'000'000;
    static constexpr qint64 MostSamples = 400'000'000;

    explicit SeriesBuilder(SourceEvidence &evidence);

    /// The series' index; labels in any order. -1 where there are too many series.
    int series(QByteArray name, std::vector<Label> labels, qint64 line);
    Series &at(int index) { return m_evidence.series[static_cast<size_t>(index)]; }
    void add(int index, SourceTime time, double value);

    /// How many samples are held.
    qint64 sampleCount() const { return m_samples; }

    /// Sorts, sets steps, first, last and the coverage: from the first sample to the last and one step. Series without samples go.
    void finish(CoverageHow how = CoverageHow::Stated);

private:
    SourceEvidence &m_evidence;
    QHash<QByteArray, int> m_index;
    qint64 m_samples = 0;
};

} // namespace faultline
