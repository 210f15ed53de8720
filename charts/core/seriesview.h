// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/samplepyramid.h"
#include "charts/core/timescale.h"
#include "models/placement/placement.h"

#include <memory>

namespace faultline {

/// A sample as a plot shows it.
struct PlotPoint {
    double x = 0; ///< Pixels.
    double value = 0;
    size_t sample = 0;
};
/// Points to be joined by a line; a gap in the samples starts a new one.
using PlotLine = std::vector<PlotPoint>;

/// One series ready to be painted: placed on the axis, counters as rates a second, and a pyramid over its samples.
/// Samples and pyramid stay in source time: another placement makes another view, nothing else.
class SeriesView
{
public:
    /// `index` is that of Evidence::allSeries(). An unplaced source makes an empty view.
    SeriesView(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement, SeriesRef ref,
               int index);

    const Series &series() const { return m_source->series[static_cast<size_t>(m_ref.index)]; }
    SeriesRef ref() const { return m_ref; }
    int index() const { return m_index; }
    bool isEmpty() const { return m_segments.empty() || values().empty(); }
    bool isRate() const { return m_isRate; }
    /// Unit of values(): the series' own, with "/s" for rates; "cores" for processor time.
    QByteArray unit() const;
    /// As shown: rates for counters. Same length as Series::times.
    std::span<const double> values() const { return m_isRate ? std::span(m_rates) : std::span(series().values); }

    TimeNs timeOf(size_t sample) const;
    /// From the first sample to the last.
    TimeRange range() const;
    /// Least and greatest finite value; nullopt where there is none.
    std::optional<std::pair<double, double>> valueRange() const;
    std::optional<std::pair<double, double>> valueRange(TimeRange range) const;
    /// The sample whose time is nearest; nullopt where the view is empty or the nearest lies in a gap away.
    std::optional<size_t> nearest(TimeNs time) const;
    /// Usual distance of samples: as stated, else the median of the first few.
    DurationNs stepNs() const { return m_stepNs; }

    /// What to paint: at most two points in any pixel (a few more beside a hole), the extremes of its samples, so that no single sample
    /// disappears; besides, the neighbours on both sides of what is visible. Lines break at NaN and where samples are missing.
    std::vector<PlotLine> plot(const TimeScale &scale) const;

private:
    /// A stretch of samples with one clock.
    struct Stretch {
        Segment segment;
        size_t first = 0;
        size_t last = 0; ///< One past.

        TimeNs place(SourceTime time) const;
        SourceTime unplace(TimeNs time) const;
    };
    void plotStretch(const Stretch &stretch, const TimeScale &scale, std::vector<PlotLine> &lines) const;
    size_t lowerBound(const Stretch &stretch, TimeNs time) const;
    size_t lowerBoundNear(const Stretch &stretch, TimeNs time, size_t guess) const;
    size_t wholeBlocks(SourceTime edge, size_t first, size_t last, size_t level) const;
    void setStarts();

    std::shared_ptr<const SourceEvidence> m_source;
    SeriesRef m_ref;
    int m_index = -1;
    bool m_isRate = false;
    DurationNs m_stepNs = 0;
    std::vector<double> m_rates;
    std::vector<Stretch> m_segments;
    SamplePyramid m_pyramid;
    /// When the pyramid's blocks begin, the smallest blocks first: where very many samples share a pixel, theirs are too far apart to be read.
    std::vector<std::vector<SourceTime>> m_starts;
};

} // namespace faultline
