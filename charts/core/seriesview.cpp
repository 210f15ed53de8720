// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/seriesview.h"

#include "models/core/saturate.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace faultline {

namespace {

constexpr double MostSteps = 3.5; ///< Further apart than so many steps, samples are missing.

std::vector<double> ratesOf(const Series &series)
{
    // A counter that falls was reset: it rose from zero.
    std::vector<double> rates(series.values.size(), std::numeric_limits<double>::quiet_NaN());
    for (size_t i = 1; i < rates.size(); ++i) {
        const double seconds = toSeconds(series.times[i] - series.times[i - 1]);
        const double rise = series.values[i] - series.values[i - 1];
        if (seconds > 0)
            rates[i] = (rise >= 0 ? rise : rise < 0 ? series.values[i] : rise) / seconds;
    }
    return rates;
}

DurationNs usualStep(const Series &series)
{
    if (series.stepNs > 0)
        return series.stepNs;
    std::vector<DurationNs> steps;
    for (size_t i = 1; i < series.times.size() && steps.size() < 101; ++i)
        steps.push_back(saturatedSub(series.times[i].ns, series.times[i - 1].ns));
    if (steps.empty())
        return 0;
    std::ranges::nth_element(steps, steps.begin() + static_cast<qsizetype>(steps.size() / 2));
    return steps[steps.size() / 2];
}

} // namespace

TimeNs SeriesView::Stretch::place(SourceTime time) const
{
    const auto drifted =
        segment.drift == 0 ? 0
                           : std::llround(segment.drift * static_cast<double>(saturatedSub(time.ns, segment.from.ns)));
    return {saturatedAdd(saturatedAdd(time.ns, segment.offsetNs), drifted)};
}

SourceTime SeriesView::Stretch::unplace(TimeNs time) const
{
    const DurationNs here = saturatedSub(time.ns, segment.offsetNs);
    if (segment.drift == 0)
        return {here};
    const double since = static_cast<double>(saturatedSub(here, segment.from.ns)) / std::max(1 + segment.drift, 1e-3);
    return {saturatedAdd(segment.from.ns, fromSeconds(since / static_cast<double>(NsPerSecond)))};
}

SeriesView::SeriesView(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement, SeriesRef ref,
                       int index)
    : m_source(std::move(source))
    , m_ref(ref)
    , m_index(index)
{
    const Series &own = series();
    m_isRate = own.kind == SeriesKind::Counter && own.values.size() > 1;
    m_stepNs = usualStep(own);
    if (m_isRate)
        m_rates = ratesOf(own);
    m_pyramid = SamplePyramid(values());
    setStarts();
    size_t first = 0;
    for (size_t i = 0; i < placement.segments.size(); ++i) {
        const bool isLast = i + 1 == placement.segments.size();
        const auto end = isLast ? own.times.end() : std::ranges::lower_bound(own.times, placement.segments[i + 1].from);
        const auto last = std::max(first, static_cast<size_t>(end - own.times.begin()));
        if (last > first)
            m_segments.push_back({placement.segments[i], first, last});
        first = last;
    }
}

QByteArray SeriesView::unit() const
{
    if (!m_isRate)
        return series().unit;
    // Seconds of processor time a second are processors kept busy.
    if (series().unit == "seconds" && series().name.contains("cpu"))
        return "cores";
    return series().unit + "/s";
}

TimeNs SeriesView::timeOf(size_t sample) const
{
    for (const Stretch &stretch : m_segments)
        if (sample < stretch.last)
            return stretch.place(series().times[sample]);
    return {series().times[sample].ns};
}

TimeRange SeriesView::range() const
{
    if (isEmpty())
        return {};
    TimeRange all{timeOf(0), timeOf(0)};
    for (const Stretch &stretch : m_segments)
        all =
            all.united({stretch.place(series().times[stretch.first]), stretch.place(series().times[stretch.last - 1])});
    return all;
}

std::optional<std::pair<double, double>> SeriesView::valueRange() const
{
    const auto found = m_pyramid.extremes(values(), 0, values().size());
    if (!found)
        return std::nullopt;
    return std::pair(values()[found->least], values()[found->most]);
}

std::optional<std::pair<double, double>> SeriesView::valueRange(TimeRange range) const
{
    std::optional<std::pair<double, double>> all;
    for (const Stretch &stretch : m_segments) {
        const auto found =
            m_pyramid.extremes(values(), lowerBound(stretch, range.lo), lowerBound(stretch, range.hi + 1));
        if (!found)
            continue;
        const double least = values()[found->least];
        const double most = values()[found->most];
        all = all ? std::pair(std::min(all->first, least), std::max(all->second, most)) : std::pair(least, most);
    }
    return all;
}

size_t SeriesView::lowerBound(const Stretch &stretch, TimeNs time) const
{
    const auto begin = series().times.begin();
    const auto found = std::lower_bound(begin + static_cast<qsizetype>(stretch.first),
                                        begin + static_cast<qsizetype>(stretch.last), stretch.unplace(time));
    return static_cast<size_t>(found - begin);
}

/// As lowerBound(), looked for outwards from a guess.
size_t SeriesView::lowerBoundNear(const Stretch &stretch, TimeNs time, size_t guess) const
{
    const auto &times = series().times;
    const SourceTime at = stretch.unplace(time);
    size_t lo = std::clamp(guess, stretch.first, stretch.last);
    size_t hi = lo;
    for (size_t step = 1; lo > stretch.first && times[lo - 1] >= at; step *= 2) {
        hi = lo;
        lo -= std::min(step, lo - stretch.first);
    }
    for (size_t step = 1; hi < stretch.last && times[hi] < at; step *= 2) {
        lo = hi;
        hi += std::min(step, stretch.last - hi);
    }
    const auto begin = times.begin();
    return static_cast<size_t>(
        std::lower_bound(begin + static_cast<qsizetype>(lo), begin + static_cast<qsizetype>(hi), at) - begin);
}

void SeriesView::setStarts()
{
    std::span<const SourceTime> below = series().times;
    while (below.size() > SamplePyramid::Fan) {
        std::vector<SourceTime> starts;
        starts.reserve(below.size() / SamplePyramid::Fan + 1);
        for (size_t i = 0; i < below.size(); i += SamplePyramid::Fan)
            starts.push_back(below[i]);
        below = m_starts.emplace_back(std::move(starts));
    }
}

/// From sample `first` on, all of the blocks that begin before `edge`: the sample after them, `last` at most. None, so `first` itself, where
/// a block is as long as if samples were missing in it.
size_t SeriesView::wholeBlocks(SourceTime edge, size_t first, size_t last, size_t level) const
{
    const std::vector<SourceTime> &starts = m_starts[level];
    size_t block = SamplePyramid::Fan;
    for (size_t i = 0; i < level; ++i)
        block *= SamplePyramid::Fan;
    const double longest = (static_cast<double>(block) + MostSteps) * static_cast<double>(m_stepNs);
    size_t at = first / block;
    for (; at * block < last && starts[at] < edge; ++at) {
        const SourceTime end = at + 1 < starts.size() ? starts[at + 1] : series().times.back();
        if (m_stepNs > 0 && static_cast<double>(end - starts[at]) > longest)
            break;
    }
    return std::clamp(at * block, first, last);
}

std::optional<size_t> SeriesView::nearest(TimeNs time) const
{
    std::optional<size_t> best;
    DurationNs distance = 0;
    for (const Stretch &stretch : m_segments) {
        const size_t after = lowerBound(stretch, time);
        for (const size_t i : {after, after - 1}) {
            if (i < stretch.first || i >= stretch.last)
                continue;
            const DurationNs away = std::abs(timeOf(i) - time);
            if (std::isfinite(values()[i]) && (!best || away < distance)) {
                best = i;
                distance = away;
            }
        }
    }
    if (best && m_stepNs > 0 && static_cast<double>(distance) > MostSteps * static_cast<double>(m_stepNs))
        return std::nullopt;
    return best;
}

std::vector<PlotLine> SeriesView::plot(const TimeScale &scale) const
{
    std::vector<PlotLine> lines;
    for (const Stretch &stretch : m_segments)
        plotStretch(stretch, scale, lines);
    return lines;
}

void SeriesView::plotStretch(const Stretch &stretch, const TimeScale &scale, std::vector<PlotLine> &lines) const
{
    const auto &times = series().times;
    const auto all = values();
    const size_t visibleFirst = lowerBound(stretch, scale.range.lo);
    const size_t visibleLast = lowerBound(stretch, scale.range.hi + 1);
    PlotLine line;
    const auto flush = [&] {
        if (!line.empty())
            lines.push_back(std::exchange(line, {}));
    };
    const auto farApart = static_cast<DurationNs>(std::min(MostSteps * static_cast<double>(m_stepNs), 9e18));
    std::optional<size_t> before;
    const auto xOf = [&](size_t i) { return scale.x(stretch.place(times[i])); };
    const auto add = [&](size_t i) {
        if (std::isfinite(all[i]))
            line.push_back({xOf(i), all[i], i});
        else
            flush();
    };
    // A hole is where neighbouring samples are far apart, not points: those of a crowded pixel may be.
    const auto breakAtHole = [&](size_t i) {
        if (before && m_stepNs > 0 && times[i] - times[*before] > farApart)
            flush();
    };
    if (visibleFirst > stretch.first) {
        add(visibleFirst - 1);
        before = visibleFirst - 1;
    }
    size_t i = visibleFirst;
    size_t width = 1; // samples of the column before: the next one mostly has as many
    // Blocks of half a pixel at most are taken whole.
    const double inPixel = static_cast<double>(visibleLast - visibleFirst) / std::max(scale.width, 1.0);
    size_t block = 1;
    size_t level = 0;
    for (; level < m_starts.size() && 2.0 * static_cast<double>(block * SamplePyramid::Fan) <= inPixel; ++level)
        block *= SamplePyramid::Fan;
    while (i < visibleLast) {
        const size_t blockEnd = block > 1 ? (i / block + 1) * block : visibleLast;
        if (const bool begins = block > 1 && i % block == 0; begins || (block > 1 && i == visibleFirst)) {
            const SourceTime start = begins ? m_starts[level - 1][i / block] : times[i];
            const double column = std::floor(scale.x(stretch.place(start)));
            const size_t next = wholeBlocks(stretch.unplace(scale.time(column + 1)), i, visibleLast, level - 1);
            if (const auto found = next > i ? m_pyramid.extremes(all, i, next) : std::nullopt) {
                const auto put = [&](size_t sample, double value) {
                    const double share = static_cast<double>(sample - i) / static_cast<double>(next - i);
                    line.push_back({column + share, value, sample});
                };
                const bool isRising = found->least < found->most;
                put(std::min(found->least, found->most), isRising ? found->leastValue : found->mostValue);
                if (found->least != found->most)
                    put(std::max(found->least, found->most), isRising ? found->mostValue : found->leastValue);
            } else if (next > i) {
                flush();
            }
            if (next > i) {
                before = next - 1;
                i = next;
                continue;
            }
        }
        const size_t limit = std::min(blockEnd, visibleLast);
        const double column = std::floor(xOf(i));
        size_t next = i + 1;
        if (next < limit && xOf(next) < column + 1) {
            next = std::clamp(lowerBoundNear(stretch, scale.time(column + 1), i + width), next + 1, limit);
            while (next < limit && xOf(next) < column + 1)
                ++next;
        }
        width = next - i;
        breakAtHole(i);
        if (next - i <= 2) {
            for (size_t k = i; k < next; ++k) {
                breakAtHole(k);
                add(k);
                before = k;
            }
        } else if (const auto found = m_pyramid.extremes(all, i, next)) {
            add(std::min(found->least, found->most));
            if (found->least != found->most)
                add(std::max(found->least, found->most));
            before = next - 1;
        } else {
            flush();
            before = next - 1;
        }
        i = next;
    }
    if (visibleLast < stretch.last) {
        breakAtHole(visibleLast);
        add(visibleLast);
    }
    flush();
}

} // namespace faultline
