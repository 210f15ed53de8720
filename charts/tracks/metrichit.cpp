// SPDX-License-Identifier: GPL-3.0-or-later
// What a MetricTrack says of a point and of an item; how it paints is in metrictrack.cpp.
#include "charts/core/format.h"
#include "charts/core/telling.h"
#include "charts/tracks/metrictrack.h"

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double SampleReach = 9; ///< Pixels by which a pointer may miss a sample.

} // namespace

TrackItem MetricTrack::itemOf(const Stretch &stretch) const
{
    TrackItem item;
    item.kind = TrackItem::Kind::Spike;
    item.spike = stretch.spike;
    item.series = stretch.value.series;
    item.failure = stretch.value.failure;
    item.source = m_content.series[stretch.line]->ref().source;
    item.time = stretch.value.peak;
    return item;
}

TrackItem MetricTrack::itemOf(size_t line, size_t sample) const
{
    const SeriesView &view = *m_content.series[line];
    TrackItem item;
    item.kind = TrackItem::Kind::Sample;
    item.series = view.index();
    item.source = view.ref().source;
    item.line = view.series().line;
    item.time = view.timeOf(sample);
    return item;
}

TrackItem MetricTrack::hit(QPointF point, const QRectF &rect, const TimeScale &scale) const
{
    if (!rect.contains(point))
        return {};
    for (const ProfilePoint &profile : m_content.profiles)
        if (std::hypot(scale.x(profile.time) - point.x(), y(profile.value, rect) - point.y()) < SampleReach)
            return profile.item;
    const TimeNs time = scale.time(point.x());
    std::optional<std::pair<size_t, size_t>> best;
    double least = SampleReach;
    for (size_t line = 0; line < m_content.series.size(); ++line) {
        const auto sample = m_content.series[line]->nearest(time);
        if (!sample)
            continue;
        const QPointF at(scale.x(m_content.series[line]->timeOf(*sample)),
                         y(m_content.series[line]->values()[*sample], rect));
        const double away = std::hypot(at.x() - point.x(), at.y() - point.y());
        if (away < least) {
            least = away;
            best = {line, *sample};
        }
    }
    for (const Stretch &stretch : m_content.stretches) {
        const double left = scale.x(stretch.value.start) - 3;
        const double right = scale.x(stretch.value.end) + 3;
        if (point.x() >= left && point.x() <= right)
            return itemOf(stretch);
    }
    return best ? itemOf(best->first, best->second) : TrackItem{};
}

QString MetricTrack::toolTip(const TrackItem &item, const QTimeZone &zone) const
{
    if (item.kind == TrackItem::Kind::Spike) {
        for (const Stretch &stretch : m_content.stretches) {
            if (stretch.spike != item.spike)
                continue;
            const Spike &spike = stretch.value;
            QString text = spikeKindText(spike.kind) % u": "_s % formatValue(spike.value, m_unit);
            text += u'\n' % tr("usually %1").arg(formatValue(spike.baseline, m_unit));
            if (m_limitMost && *m_limitMost > 0)
                text += u'\n'
                        % tr("%1 of the limit of %2")
                              .arg(formatValue(spike.value / *m_limitMost, "ratio"), formatValue(*m_limitMost, m_unit));
            text += u'\n' % tr("peak at %1").arg(formatTime(spike.peak, zone, NsPerMillisecond * 100));
            return text % u'\n' % seriesTitle(m_content.series[stretch.line]->series());
        }
    }
    for (const ProfilePoint &profile : m_content.profiles)
        if (profile.item.isSameThing(item))
            return tr("A profile counted %1").arg(formatValue(profile.value, m_unit)) % u'\n'
                   % formatTime(profile.time, zone, NsPerMillisecond * 100);
    if (item.kind != TrackItem::Kind::Sample || !item.time)
        return {};
    for (const auto &series : m_content.series) {
        if (series->index() != item.series)
            continue;
        if (const auto sample = series->nearest(*item.time))
            return formatValue(series->values()[*sample], m_unit) % u" · "_s
                   % formatTime(series->timeOf(*sample), zone, NsPerMillisecond * 100) % u'\n'
                   % seriesTitle(series->series());
    }
    return {};
}

std::vector<int> MetricTrack::series() const
{
    std::vector<int> indexes;
    for (const auto &series : m_content.series)
        indexes.push_back(series->index());
    return indexes;
}

bool MetricTrack::holds(const TrackItem &item) const
{
    if (item.kind == TrackItem::Kind::Spike)
        return std::ranges::any_of(m_content.stretches,
                                   [&](const Stretch &stretch) { return stretch.spike == item.spike; });
    if (item.kind == TrackItem::Kind::Profile)
        return std::ranges::any_of(m_content.profiles,
                                   [&](const ProfilePoint &profile) { return profile.item.isSameThing(item); });
    return item.kind == TrackItem::Kind::Sample
           && std::ranges::any_of(m_content.series, [&](const auto &series) { return series->index() == item.series; });
}

TrackItem MetricTrack::neighbour(const TrackItem &from, TimeNs time, bool forward) const
{
    // Keys step from one telling stretch to the next; where there is none, from sample to sample.
    if (!m_content.stretches.empty()) {
        const Stretch *best = nullptr;
        const bool isOurs = from.kind == TrackItem::Kind::Spike && holds(from);
        const TimeNs at = isOurs && from.time ? *from.time : time;
        for (const Stretch &stretch : m_content.stretches) {
            const TimeNs peak = stretch.value.peak;
            const bool isBeyond = isOurs ? (forward ? peak > at : peak < at) : (forward ? peak >= at : peak <= at);
            if (isBeyond && (!best || (forward ? peak < best->value.peak : peak > best->value.peak)))
                best = &stretch;
        }
        return best ? itemOf(*best) : TrackItem{};
    }
    const SeriesView &view = *m_content.series.front();
    if (view.isEmpty())
        return {};
    const bool isOurs = from.kind == TrackItem::Kind::Sample && from.series == view.index() && from.time;
    const auto near = view.nearest(isOurs ? *from.time : time);
    if (!near)
        return {};
    size_t sample = *near;
    if (isOurs) {
        if (forward ? sample + 1 >= view.values().size() : sample == 0)
            return {};
        sample = forward ? sample + 1 : sample - 1;
    }
    return itemOf(0, sample);
}

} // namespace faultline
