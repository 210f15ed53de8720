// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/differences.h"
#include "models/compare/mask.h"

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr int LeastSamples = 5;                     ///< Fewer make no course.
constexpr int SamplesInARow = 3;                    ///< One sample off is noise.
constexpr double TellingScore = 4;                  ///< In spreads.
constexpr double LeastSpread = 0.05;                ///< Of the median: what hardly moves would make anything telling.
constexpr DurationNs LeastSlack = 15 * NsPerSecond; ///< The same work does not come at the same second.

/// Values by time since the start; rates where the series is a counter.
struct Course {
    std::vector<DurationNs> at;
    std::vector<double> values;
};

/// The start of a step in both runs.
struct Alignment {
    QByteArray step;
    TimeNs failed;
    TimeNs passed;
};

std::optional<TimeNs> startOf(const ComparedRun &run, const QByteArray &step)
{
    for (size_t s = 0; s < run.evidence.sources.size(); ++s)
        for (const Span &span : run.evidence.sources[s]->spans)
            if (span.kind == SpanKind::Step && span.name == step && span.start)
                if (const auto placed = run.placement.place(static_cast<int>(s), *span.start))
                    return placed->time;
    return std::nullopt;
}

/// The first moment of any log; of any source where there is none.
std::optional<TimeNs> firstMoment(const ComparedRun &run)
{
    for (const bool onlyLogs : {true, false}) {
        std::optional<TimeNs> first;
        for (size_t s = 0; s < run.evidence.sources.size(); ++s) {
            const SourceEvidence &source = *run.evidence.sources[s];
            const bool isLog = source.kind == SourceKind::CiLog || source.kind == SourceKind::TestOutput;
            const auto placed = source.first && (isLog || !onlyLogs)
                                    ? run.placement.place(static_cast<int>(s), *source.first)
                                    : std::nullopt;
            if (placed && (!first || placed->time < *first))
                first = placed->time;
        }
        if (first)
            return first;
    }
    return std::nullopt;
}

std::optional<Alignment> alignmentOf(const ComparedRun &failed, const ComparedRun &passed)
{
    std::vector<QByteArray> steps;
    for (const Failure &failure : failed.findings.failures)
        if (!failure.step.isEmpty())
            steps.push_back(failure.step);
    for (const auto &source : failed.evidence.sources)
        for (const Span &span : source->spans)
            if (span.kind == SpanKind::Step && steps.size() < 50)
                steps.push_back(span.name);
    for (const QByteArray &step : steps)
        if (const auto here = startOf(failed, step))
            if (const auto there = startOf(passed, step))
                return Alignment{step, *here, *there};
    const auto here = firstMoment(failed);
    const auto there = firstMoment(passed);
    if (here && there)
        return Alignment{{}, *here, *there};
    return std::nullopt;
}

Course courseOf(const ComparedRun &run, SeriesRef ref, TimeNs start)
{
    const Series &series = run.evidence.series(ref);
    Course course;
    for (size_t i = 0; i < series.times.size(); ++i) {
        if (!std::isfinite(series.values[i]))
            continue;
        double value = series.values[i];
        if (series.kind == SeriesKind::Counter) {
            if (i == 0 || !std::isfinite(series.values[i - 1]) || value < series.values[i - 1])
                continue;
            const double seconds = toSeconds(series.times[i] - series.times[i - 1]);
            if (seconds <= 0)
                continue;
            value = (value - series.values[i - 1]) / seconds;
        }
        if (const auto placed = run.placement.place(ref.source, series.times[i])) {
            course.at.push_back(placed->time - start);
            course.values.push_back(value);
        }
    }
    return course;
}

/// The name and the labels without what every run has its own of.
QByteArray keyOf(const Series &series)
{
    QByteArray key = series.name;
    std::vector<Label> labels = series.labels;
    std::ranges::sort(labels);
    for (const auto &[name, value] : labels)
        key += '\n' + name + '=' + maskedLine({value.constData(), static_cast<size_t>(value.size())});
    return key;
}

double quantile(std::vector<double> values, double part)
{
    const auto nth = values.begin() + static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::ranges::nth_element(values, nth);
    return *nth;
}

/// What the run that passed had around a moment: its least and greatest value; over all of it past its end.
std::pair<double, double> rangeAround(const Course &course, DurationNs at, DurationNs slack)
{
    auto from = std::ranges::lower_bound(course.at, at - slack);
    auto to = std::ranges::upper_bound(course.at, at + slack);
    if (from == to) {
        from = course.at.begin();
        to = course.at.end();
    }
    const auto [least, most] = std::ranges::minmax_element(course.values.begin() + (from - course.at.begin()),
                                                           course.values.begin() + (to - course.at.begin()));
    return {*least, *most};
}

std::optional<SeriesDivergence> divergenceOf(const Course &failed, const Course &passed)
{
    if (std::ssize(failed.at) < SamplesInARow || std::ssize(passed.at) < LeastSamples)
        return std::nullopt;
    const double median = quantile(passed.values, 0.5);
    const double spread =
        std::max({quantile(passed.values, 0.75) - quantile(passed.values, 0.25), LeastSpread * std::abs(median), 1e-9});
    const DurationNs step = (passed.at.back() - passed.at.front()) / std::ssize(passed.at);
    const DurationNs slack = std::max(LeastSlack, 2 * step);
    int inARow = 0;
    SeriesDivergence first;
    for (size_t i = 0; i < failed.at.size(); ++i) {
        const auto [least, most] = rangeAround(passed, failed.at[i], slack);
        const double value = failed.values[i];
        const double expected = std::clamp(value, least, most);
        const double score = std::abs(value - expected) / spread;
        if (score < TellingScore) {
            inARow = 0;
            continue;
        }
        if (inARow++ == 0) {
            first.sinceStart = failed.at[i];
            first.value = value;
            first.expected = expected;
        }
        first.score = inARow == 1 ? score : std::max(first.score, score);
        if (inARow >= SamplesInARow)
            return first;
    }
    return std::nullopt;
}

} // namespace

void addDivergences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    const auto alignment = alignmentOf(failed, passed);
    if (!alignment)
        return;
    comparison.alignedAt = QString::fromUtf8(alignment->step);
    std::map<QByteArray, SeriesRef> known;
    for (const SeriesRef ref : passed.evidence.allSeries())
        known.try_emplace(keyOf(passed.evidence.series(ref)), ref);
    const std::vector<SeriesRef> all = failed.evidence.allSeries();
    for (size_t id = 0; id < all.size(); ++id) {
        const auto same = known.find(keyOf(failed.evidence.series(all[id])));
        if (same == known.end())
            continue;
        auto divergence = divergenceOf(courseOf(failed, all[id], alignment->failed),
                                       courseOf(passed, same->second, alignment->passed));
        if (!divergence)
            continue;
        divergence->series = static_cast<int>(id);
        divergence->at = alignment->failed + divergence->sinceStart;
        comparison.series.push_back(*divergence);
    }
    // The most telling are kept; shown in order of time.
    std::ranges::stable_sort(comparison.series, std::ranges::greater(), &SeriesDivergence::score);
    if (comparison.series.size() > RunComparison::MostSeries)
        comparison.series.resize(RunComparison::MostSeries);
    std::ranges::stable_sort(comparison.series, {}, &SeriesDivergence::at);
}

} // namespace faultline
