// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/samplelandmarks.h"

#include <algorithm>
#include <cmath>

namespace faultline {

namespace {

constexpr double HighPart = 0.6;  ///< A kill comes when memory is near its height …
constexpr double FallPart = 0.75; ///< … and leaves less than this part of it.
constexpr size_t MostFalls = 8;

QByteArray firstLabel(const Series &series, std::initializer_list<QByteArrayView> names)
{
    for (const QByteArrayView name : names)
        for (const auto &[known, value] : series.labels)
            if (known == name && !value.isEmpty())
                return value;
    return {};
}

bool isMemory(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    const auto has = [&](QByteArrayView word) { return lower.contains(word); };
    return (has("memory") || has("resident") || has("rss")) && !has("limit") && !has("max") && !has("fail")
           && !has("cache") && !has("pressure");
}

bool isProcesses(const QByteArray &name)
{
    const QByteArray lower = name.toLower();
    const auto has = [&](QByteArrayView word) { return lower.contains(word); };
    return (has("threads") || has("pids") || has("processes")) && !has("limit") && !has("max");
}

Landmark landmarkAt(LandmarkKind kind, int index, const Series &series, SourceTime from, SourceTime to)
{
    Landmark landmark;
    landmark.source = index;
    landmark.kind = kind;
    landmark.line = series.line;
    landmark.time = from + (to - from) / 2;
    landmark.errorNs = to - from; // Scraping takes its time: a sample may be older than its stamp.
    landmark.isSample = true;
    landmark.cgroup = firstLabel(series, {"id", "cgroup"});
    landmark.pod = firstLabel(series, {"pod", "pod_name"});
    return landmark;
}

/// Samples that are numbers.
struct Points {
    std::vector<SourceTime> times;
    std::vector<double> values;
    double height = 0;
};

Points pointsOf(const Series &series)
{
    Points points;
    for (size_t i = 0; i < std::min(series.times.size(), series.values.size()); ++i) {
        if (!std::isfinite(series.values[i]) || !isReckonable(series.times[i]))
            continue;
        points.times.push_back(series.times[i]);
        points.values.push_back(series.values[i]);
        points.height = std::max(points.height, series.values[i]);
    }
    return points;
}

void addFalls(std::vector<Landmark> &landmarks, int index, const Series &series, SourceTime lastOfSource)
{
    const Points points = pointsOf(series);
    if (points.height <= 0)
        return;
    std::vector<Landmark> falls;
    for (size_t i = 1; i < points.values.size() && falls.size() <= MostFalls; ++i)
        if (points.values[i - 1] >= HighPart * points.height && points.values[i] <= FallPart * points.values[i - 1])
            falls.push_back(landmarkAt(LandmarkKind::Kill, index, series, points.times[i - 1], points.times[i]));
    const DurationNs step = std::max<DurationNs>(series.stepNs, NsPerMillisecond);
    const bool ends = !points.values.empty() && points.values.back() >= HighPart * points.height
                      && lastOfSource - points.times.back() > step;
    if (ends)
        falls.push_back(landmarkAt(LandmarkKind::Kill, index, series, points.times.back(), points.times.back() + step));
    if (falls.size() <= MostFalls) // Memory that goes up and down all the time tells no kill.
        landmarks.insert(landmarks.end(), falls.begin(), falls.end());
}

void addPlateau(std::vector<Landmark> &landmarks, int index, const Series &series)
{
    const Points points = pointsOf(series);
    const auto top = std::ranges::find(points.values, points.height);
    if (top == points.values.begin() || top == points.values.end() || points.height < 4)
        return;
    const auto at = static_cast<size_t>(top - points.values.begin());
    landmarks.push_back(landmarkAt(LandmarkKind::NoFork, index, series, points.times[at - 1], points.times[at]));
}

/// Counters of kills by the kernel: container_oom_events_total, node_vmstat_oom_kill, memory.events' oom_kill.
void addCounts(std::vector<Landmark> &landmarks, int index, const Series &series)
{
    const Points points = pointsOf(series);
    for (size_t i = 1; i < points.values.size() && landmarks.size() <= MostLandmarks; ++i)
        if (points.values[i] > points.values[i - 1])
            landmarks.push_back(landmarkAt(LandmarkKind::Kill, index, series, points.times[i - 1], points.times[i]));
}

bool countsKills(const QByteArray &name)
{
    return name.contains("oom_kill") || name.contains("oom_events");
}

} // namespace

std::vector<Landmark> sampleLandmarks(const SourceEvidence &source, int index)
{
    std::vector<Landmark> landmarks;
    SourceTime last{std::numeric_limits<qint64>::min()};
    for (const Series &series : source.series)
        if (!series.times.empty() && isReckonable(series.times.back()))
            last = std::max(last, series.times.back());
    for (const Series &series : source.series) {
        if (landmarks.size() > MostLandmarks)
            break;
        if (countsKills(series.name))
            addCounts(landmarks, index, series);
        if (firstLabel(series, {"id", "cgroup", "pod", "pod_name"}).isEmpty())
            continue;
        if (isMemory(series.name))
            addFalls(landmarks, index, series, last);
        else if (isProcesses(series.name))
            addPlateau(landmarks, index, series);
    }
    return landmarks;
}

} // namespace faultline
