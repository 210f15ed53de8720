// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/spikes.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace faultline {

namespace {

constexpr DurationNs LookBack = 60 * NsPerSecond; ///< A cause's peak stands within a minute before what it broke.
constexpr DurationNs LookAhead = 6 * NsPerSecond; ///< A scrape may come after.
constexpr DurationNs MostBaseline = 30 * NsPerMinute;
constexpr double TellingScore = 4.0;
constexpr double TellingChange = 0.2; ///< Of the baseline (or of the range): less is noise whatever the IQR.
constexpr double SaturatedShare = 0.9;
constexpr size_t FewestSamples = 4;

struct Baseline {
    double median = 0;
    double iqr = 0;
};

double quantile(std::vector<double> &values, double q)
{
    const size_t at = static_cast<size_t>(q * static_cast<double>(values.size() - 1) + 0.5);
    std::ranges::nth_element(values, values.begin() + static_cast<qint64>(at));
    return values[at];
}

Baseline baselineOf(std::vector<double> values)
{
    Baseline result;
    result.median = quantile(values, 0.5);
    const double low = quantile(values, 0.25);
    result.iqr = quantile(values, 0.75) - low;
    return result;
}

/// Samples before the window; where those are few, the quiet half of all: a run that rises from its start must not be its own baseline.
std::vector<double> quietSamples(const Curve &curve, TimeNs from, bool low)
{
    std::vector<double> values;
    for (size_t i = 0; i < curve.times.size() && curve.times[i] < from; ++i)
        if (from - curve.times[i] <= MostBaseline && std::isfinite(curve.values[i]))
            values.push_back(curve.values[i]);
    if (values.size() >= 2 * FewestSamples)
        return values;
    values.clear();
    std::ranges::copy_if(curve.values, std::back_inserter(values), [](double v) { return std::isfinite(v); });
    std::ranges::sort(values);
    if (low)
        std::ranges::reverse(values);
    values.resize(std::max(std::min(values.size(), FewestSamples), values.size() / 3));
    return values;
}

struct Window {
    size_t first = 0;
    size_t last = 0; ///< One past.
};

Window windowOf(const SpikeQuestion &question)
{
    const auto &times = question.curve->times;
    if (!question.failure)
        return {0, times.size()};
    const TimeNs from = *question.failure - (LookBack + question.uncertaintyNs);
    const TimeNs to = *question.failure + (LookAhead + question.uncertaintyNs);
    return {static_cast<size_t>(std::ranges::lower_bound(times, from) - times.begin()),
            static_cast<size_t>(std::ranges::upper_bound(times, to) - times.begin())};
}

/// How far a value stands out, positive in the direction of trouble.
double outstanding(double value, const Baseline &base, bool low)
{
    return low ? base.median - value : value - base.median;
}

size_t extremeOf(const Curve &curve, Window window, const Baseline &base, bool low)
{
    size_t best = window.first;
    double most = -1;
    for (size_t i = window.first; i < window.last; ++i) {
        const double out = outstanding(curve.values[i], base, low);
        if (std::isfinite(out) && out > most) {
            most = out;
            best = i;
        }
    }
    return best;
}

/// Whether a curve climbs (or sinks, where trouble is low) all the way to the peak, by a good part of itself: a leak has no quiet
/// time to be held against. A slow one moves little within the window, so all that may be a baseline counts.
bool isTrend(const SpikeQuestion &question, size_t peak)
{
    constexpr double MostlySteps = 0.8;
    const std::vector<double> &values = question.curve->values;
    const auto &times = question.curve->times;
    auto first = static_cast<size_t>(std::ranges::lower_bound(times, times[peak] - MostBaseline) - times.begin());
    while (first < peak && !std::isfinite(values[first]))
        ++first;
    if (peak < first + FewestSamples)
        return false;
    size_t steps = 0;
    double most = 0;
    for (size_t i = first; i < peak; ++i) {
        most = std::max({most, std::abs(values[i]), std::abs(values[i + 1])});
        if (question.low ? values[i + 1] <= values[i] : values[i + 1] >= values[i])
            ++steps;
    }
    const double change = std::abs(values[peak] - values[first]);
    return static_cast<double>(steps) >= MostlySteps * static_cast<double>(peak - first) && change > 0
           && change >= most / 2;
}

/// How long a trend goes on at its pace until the limit, or until nothing is left where trouble is near zero.
std::optional<DurationNs> untilLimit(const SpikeQuestion &question, size_t peak)
{
    const Curve &curve = *question.curve;
    if (!question.limit && !question.low)
        return std::nullopt;
    const auto first = static_cast<size_t>(std::ranges::lower_bound(curve.times, curve.times[peak] - MostBaseline)
                                           - curve.times.begin());
    if (first >= peak || !std::isfinite(curve.values[first]))
        return std::nullopt;
    const double pace = (curve.values[peak] - curve.values[first]) / toSeconds(curve.times[peak] - curve.times[first]);
    const double left = (question.low ? 0.0 : *question.limit) - curve.values[peak];
    const double seconds = left / pace;
    constexpr double MostSeconds = 1e8; ///< Three years: no end in sight.
    if (!std::isfinite(seconds) || seconds < 0 || seconds > MostSeconds)
        return std::nullopt;
    return fromSeconds(seconds);
}

/// Widens a peak to the stretch that stands out at least half as far; a saturated one to where it touches the limit.
void setStretch(Spike &spike, const SpikeQuestion &question, size_t peak, const Baseline &base)
{
    const Curve &curve = *question.curve;
    const bool saturated = spike.kind == SpikeKind::Saturation && question.limit;
    const double half = outstanding(curve.values[peak], base, question.low) / 2;
    const auto belongs = [&](size_t i) {
        return saturated ? curve.values[i] >= SaturatedShare * *question.limit
                         : outstanding(curve.values[i], base, question.low) >= half;
    };
    size_t first = peak;
    while (first > 0 && belongs(first - 1))
        --first;
    size_t last = peak;
    while (last + 1 < curve.values.size() && belongs(last + 1))
        ++last;
    spike.start = curve.times[first];
    spike.end = curve.times[last];
    if (spike.kind == SpikeKind::Spike && last + 1 == curve.values.size() && last - peak >= FewestSamples)
        spike.kind = SpikeKind::Shift;
}

/// A step that came long before the failure and lasted until then: what precedes the window is then half quiet, half trouble,
/// and no baseline. The quiet third of all samples is one, if it stands first and the rest lies far above it.
std::optional<Spike> findShift(const SpikeQuestion &question, Window window, double range)
{
    constexpr double FarAbove = 3.0; ///< Times the quiet level.
    const Curve &curve = *question.curve;
    if (question.low || curve.values.size() < 3 * FewestSamples)
        return std::nullopt;
    std::vector<double> values;
    std::ranges::copy_if(curve.values, std::back_inserter(values), [](double v) { return std::isfinite(v); });
    if (values.size() < 3 * FewestSamples)
        return std::nullopt;
    std::ranges::sort(values);
    values.resize(values.size() / 3);
    const Baseline base = baselineOf(values);
    const size_t peak = extremeOf(curve, window, base, false);
    const double out = outstanding(curve.values[peak], base, false);
    const double scale = std::max({base.iqr, 0.05 * std::abs(base.median), 0.01 * range});
    if (!std::isfinite(out) || scale <= 0 || out < 2 * TellingScore * scale
        || curve.values[peak] < FarAbove * std::abs(base.median))
        return std::nullopt;
    Spike spike;
    spike.kind = SpikeKind::Shift;
    spike.peak = curve.times[peak];
    spike.value = curve.values[peak];
    spike.baseline = base.median;
    spike.score = out / scale;
    setStretch(spike, question, peak, base);
    const auto start = std::ranges::lower_bound(curve.times, spike.start) - curve.times.begin();
    const bool isStep = start >= static_cast<qint64>(FewestSamples) && spike.start < curve.times[window.first];
    return isStep ? std::optional(spike) : std::nullopt;
}

} // namespace

Curve placedCurve(const Series &series, const SourcePlacement &placement)
{
    Curve curve;
    if (!placement.isPlaced())
        return curve;
    curve.times.reserve(series.times.size());
    curve.values.reserve(series.times.size());
    const bool counter = series.kind == SeriesKind::Counter;
    for (size_t i = counter ? 1 : 0; i < series.times.size(); ++i) {
        const auto placed = placement.place(series.times[i]);
        if (!placed)
            continue;
        double value = series.values[i];
        if (counter) {
            const double seconds = toSeconds(series.times[i] - series.times[i - 1]);
            const double rise = value - series.values[i - 1];
            // A counter that falls was reset: it rose from zero.
            value = seconds > 0 ? (rise >= 0 ? rise : value) / seconds : 0;
        }
        curve.times.push_back(placed->time);
        curve.values.push_back(value);
    }
    return curve;
}

std::optional<double> changeScore(const SpikeQuestion &question)
{
    constexpr DurationNs Tolerance = NsPerMinute;
    constexpr DurationNs BaselineTimes = 4;
    const Curve &curve = *question.curve;
    if (!question.failure)
        return std::nullopt;
    const DurationNs half = Tolerance + question.uncertaintyNs;
    const TimeNs from = *question.failure - half;
    const TimeNs to = *question.failure + half;
    const TimeNs begin = from - BaselineTimes * (to - from);
    std::vector<double> before;
    double range = 0;
    std::vector<double> within;
    for (size_t i = 0; i < curve.times.size(); ++i) {
        if (!std::isfinite(curve.values[i]) || curve.times[i] < begin || curve.times[i] > to)
            continue;
        range = std::max(range, std::abs(curve.values[i]));
        (curve.times[i] < from ? before : within).push_back(curve.values[i]);
    }
    if (before.size() < FewestSamples || within.empty())
        return std::nullopt;
    const Baseline base = baselineOf(std::move(before));
    const double scale = std::max({base.iqr, 0.05 * std::abs(base.median), 0.01 * range});
    double most = 0;
    for (const double value : within)
        most = std::max(most, std::abs(value - base.median));
    return scale > 0 ? most / scale : 0;
}

std::optional<Spike> findSpike(const SpikeQuestion &question)
{
    const Curve &curve = *question.curve;
    const Window window = windowOf(question);
    if (curve.values.size() < FewestSamples || window.first >= window.last)
        return std::nullopt;
    const Baseline base = baselineOf(quietSamples(curve, curve.times[window.first], question.low));
    const size_t peak = extremeOf(curve, window, base, question.low);
    const double out = outstanding(curve.values[peak], base, question.low);
    if (!std::isfinite(out) || out < 0)
        return std::nullopt;
    double range = 0;
    for (const double value : curve.values)
        if (std::isfinite(value))
            range = std::max(range, std::abs(value));
    const double scale = std::max({base.iqr, 0.05 * std::abs(base.median), 0.01 * range});
    Spike spike;
    spike.peak = curve.times[peak];
    spike.value = curve.values[peak];
    spike.baseline = base.median;
    spike.score = scale > 0 ? out / scale : 0;
    const bool saturated =
        question.limit && *question.limit > 0 && spike.value >= SaturatedShare * *question.limit && !question.low;
    const bool emptied = question.low && base.median > 0 && spike.value <= 0.1 * base.median;
    if (saturated || emptied)
        spike.kind = SpikeKind::Saturation;
    const bool standsOut = spike.score >= TellingScore && out >= TellingChange * std::max(std::abs(base.median), 1e-9);
    if (!saturated && !emptied && !standsOut) {
        if (auto shift = findShift(question, window, range))
            return shift;
        if (!isTrend(question, peak))
            return std::nullopt;
        spike.kind = SpikeKind::Trend;
        spike.score = std::max(spike.score, TellingScore);
    }
    if (!saturated && !emptied && isTrend(question, peak))
        spike.untilLimitNs = untilLimit(question, peak);
    setStretch(spike, question, peak, base);
    return spike;
}

} // namespace faultline
