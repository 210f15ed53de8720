// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/bartrack.h"

#include "charts/core/format.h"

#include <QPainter>

#include <algorithm>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double BarMargin = 4;      ///< Above the first and below the last lane.
constexpr double LeastBarLabel = 28; ///< Narrower bars have no room for words.
constexpr double BarReach = 3;       ///< Pixels by which a pointer may miss.

bool overlaps(const Bar &a, const Bar &b)
{
    return a.range.lo < b.range.hi && b.range.lo < a.range.hi;
}

QString outcomeText(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Passed: return BarTrack::tr("passed");
    case Outcome::Failed: return BarTrack::tr("failed");
    case Outcome::Skipped: return BarTrack::tr("skipped");
    case Outcome::Cancelled: return BarTrack::tr("cancelled");
    case Outcome::Unknown: break;
    }
    return {};
}

} // namespace

BarTrack::BarTrack(QString title, QString subtitle, std::vector<Bar> bars, int mostLanes)
    : m_title(std::move(title))
    , m_subtitle(std::move(subtitle))
{
    layOut(std::move(bars), mostLanes);
}

void BarTrack::layOut(std::vector<Bar> bars, int mostLanes)
{
    std::ranges::stable_sort(bars, [](const Bar &a, const Bar &b) {
        return std::tuple(a.depth, a.range.lo, b.range.hi) < std::tuple(b.depth, b.range.lo, a.range.hi);
    });
    size_t firstOfDepth = 0;
    int depth = -1;
    for (Bar &bar : bars) {
        if (bar.depth != depth) {
            depth = bar.depth;
            firstOfDepth = std::min(m_lanes.size(), static_cast<size_t>(mostLanes) - 1);
        }
        // Starts come in order, so a lane's last bar tells whether there is room.
        size_t lane = firstOfDepth;
        while (lane < m_lanes.size() && !m_lanes[lane].empty() && overlaps(m_lanes[lane].back(), bar)
               && lane + 1 < static_cast<size_t>(mostLanes))
            ++lane;
        if (lane >= m_lanes.size())
            m_lanes.resize(lane + 1);
        m_lanes[lane].push_back(std::move(bar));
    }
    for (auto &lane : m_lanes) {
        std::ranges::stable_sort(lane, {}, [](const Bar &bar) { return bar.range.lo; });
        DurationNs longest = 0;
        for (const Bar &bar : lane)
            longest = std::max(longest, bar.range.length());
        m_longest.push_back(longest);
    }
}

QString BarTrack::headerToolTip() const
{
    size_t count = 0;
    size_t failed = 0;
    for (const auto &lane : m_lanes) {
        count += lane.size();
        failed += static_cast<size_t>(std::ranges::count(lane, Outcome::Failed, &Bar::outcome));
    }
    const QString failedText = failed > 0 ? tr(", failed: %1").arg(failed) : QString();
    return m_title % u'\n' % m_subtitle % u'\n' % tr("in all: %1").arg(count) % failedText;
}

int BarTrack::preferredHeight() const
{
    return static_cast<int>(2 * BarMargin) + std::max(1, laneCount()) * LaneHeight;
}

std::optional<TimeRange> BarTrack::range() const
{
    std::optional<TimeRange> all;
    for (const auto &lane : m_lanes)
        for (const Bar &bar : lane)
            all = all ? all->united(bar.range) : bar.range;
    return all;
}

std::pair<size_t, size_t> BarTrack::visible(size_t lane, TimeRange range) const
{
    const auto &bars = m_lanes[lane];
    const auto start = [](const Bar &bar) { return bar.range.lo; };
    const auto first = std::ranges::lower_bound(bars, range.lo - m_longest[lane], {}, start);
    const auto last = std::ranges::upper_bound(bars, range.hi, {}, start);
    return {static_cast<size_t>(first - bars.begin()), static_cast<size_t>(last - bars.begin())};
}

void BarTrack::paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    const TimeScale &scale = context.scale;
    for (size_t lane = 0; lane < m_lanes.size(); ++lane) {
        const double top = rect.top() + BarMargin + static_cast<double>(lane) * LaneHeight + 1;
        const auto [first, last] = visible(lane, scale.range);
        double painted = -1e9;
        for (int pass = 0; pass < 2; ++pass) {
            // Failed ones come last so that nothing hides them, however crowded the lane.
            painted = -1e9;
            for (size_t i = first; i < last; ++i) {
                const Bar &bar = m_lanes[lane][i];
                if ((bar.outcome == Outcome::Failed) != (pass == 1) || bar.range.hi < scale.range.lo)
                    continue;
                const double left = std::max(scale.x(bar.range.lo), rect.left() - 4);
                const double right = std::min(scale.x(bar.range.hi), rect.right() + 4);
                if (right < painted + 0.5 && !context.selected.isSameThing(bar.item))
                    continue;
                painted = std::max(right, left + 1);
                if (bar.isInstant) {
                    const double end = i + 1 < last ? scale.x(m_lanes[lane][i + 1].range.lo) - 8 : rect.right() - 4;
                    paintInstant(painter, {left, top, std::max(end - left, 0.0), LaneHeight - 2.0}, bar, context);
                    continue;
                }
                paintBar(painter, {left, top, std::max(right - left, pass == 1 ? 3.0 : 1.5), LaneHeight - 2.0}, bar,
                         context);
            }
        }
    }
}

/// How far off the ends may be: a line with caps at both, where it is wide enough to be seen.
void BarTrack::paintWhiskers(QPainter &painter, const QRectF &rect, const Bar &bar, const TrackContext &context) const
{
    constexpr double LeastWhisker = 3;
    const double reach = static_cast<double>(bar.uncertaintyNs) / context.scale.nsPerPixel();
    if (reach < LeastWhisker)
        return;
    painter.setPen(QPen(context.theme.mutedText, 1));
    const double y = std::round(rect.bottom() - 3) + 0.5;
    for (const TimeNs end : {bar.range.lo, bar.range.hi}) {
        const double x = context.scale.x(end);
        painter.drawLine(QPointF(x - reach, y), QPointF(x + reach, y));
        painter.drawLine(QPointF(x - reach, y - 2), QPointF(x - reach, y + 2));
        painter.drawLine(QPointF(x + reach, y - 2), QPointF(x + reach, y + 2));
        if (bar.isInstant || bar.isOpen)
            break;
    }
}

void BarTrack::paintInstant(QPainter &painter, const QRectF &rect, const Bar &bar, const TrackContext &context) const
{
    constexpr double Radius = 5;
    const Theme &theme = context.theme;
    const double x = context.scale.x(bar.range.lo);
    const bool isSelected = context.selected.isSameThing(bar.item);
    const double y = rect.center().y();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(isSelected ? theme.accent : theme.ground, isSelected ? 2 : 1));
    painter.setBrush(theme.series(0));
    painter.drawPolygon(QPolygonF({{x, y - Radius}, {x + Radius, y}, {x, y + Radius}, {x - Radius, y}}));
    painter.setRenderHint(QPainter::Antialiasing, false);
    paintWhiskers(painter, rect, bar, context);
    const QRectF room = rect.adjusted(Radius + 5, 0, 0, 0);
    if (room.width() < LeastBarLabel)
        return;
    painter.setFont(theme.smallFont);
    painter.setPen(theme.text);
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(theme.smallFont).elidedText(bar.label, Qt::ElideRight, room.width()));
}

void BarTrack::paintBar(QPainter &painter, const QRectF &rect, const Bar &bar, const TrackContext &context) const
{
    const Theme &theme = context.theme;
    const QColor color = theme.outcome(bar.outcome);
    const bool isStrong = bar.isStrong;
    const bool isSelected = context.selected.isSameThing(bar.item);
    const QColor fill = isStrong ? color : theme.tint(color, theme.dark ? 0.34 : 0.24);
    if (rect.width() < 4) {
        painter.fillRect(rect, isStrong ? color : mixed(fill, color, 0.4));
    } else {
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF box = rect.adjusted(0.5, 0.5, -0.5, -0.5);
        painter.setPen(QPen(isStrong ? color : mixed(fill, color, 0.55), 1));
        painter.setBrush(fill);
        painter.drawRoundedRect(box, 3, 3);
        if (bar.outcome == Outcome::Skipped || bar.outcome == Outcome::Cancelled) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(QBrush(Theme::shade(color, 0.45), Qt::BDiagPattern));
            painter.drawRoundedRect(box, 3, 3);
        }
        if (bar.isOpen) {
            painter.setPen(QPen(isStrong ? Theme::textOn(color) : color, 1.5, Qt::DotLine));
            painter.drawLine(QPointF(box.right() - 2, box.top() + 2), QPointF(box.right() - 2, box.bottom() - 2));
        }
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    if (isSelected) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(-1, 0, 1, 0), 3.5, 3.5);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    paintWhiskers(painter, rect, bar, context);
    if (rect.width() < LeastBarLabel)
        return;
    // The name stays in sight while its bar goes on beyond the left edge.
    const double inset = 6;
    const QRectF room = rect.adjusted(std::max(0.0, context.scale.left - rect.left()) + inset, 0, -inset, 0);
    if (room.width() < LeastBarLabel - 2 * inset)
        return;
    painter.setFont(theme.smallFont);
    painter.setPen(isStrong ? Theme::textOn(color) : readable(theme.text, fill, 4.5));
    const QString label = bar.outcome == Outcome::Failed ? QString(QChar(0x2715)) % u' ' % bar.label : bar.label;
    painter.drawText(room, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                     QFontMetricsF(theme.smallFont).elidedText(label, Qt::ElideRight, room.width()));
}

TrackItem BarTrack::hit(QPointF point, const QRectF &rect, const TimeScale &scale) const
{
    const double y = point.y() - rect.top() - BarMargin;
    if (y < 0 || y >= LaneHeight * static_cast<double>(m_lanes.size()))
        return {};
    const auto lane = static_cast<size_t>(y / LaneHeight);
    const TimeRange near{scale.time(point.x() - BarReach), scale.time(point.x() + BarReach)};
    const auto [first, last] = visible(lane, near);
    const Bar *best = nullptr;
    double least = BarReach + 1;
    for (size_t i = first; i < last; ++i) {
        const Bar &bar = m_lanes[lane][i];
        const double away = std::max({scale.x(bar.range.lo) - point.x(), point.x() - scale.x(bar.range.hi), 0.0});
        // Of several at a pixel the failed one, else the shortest: it is the one that was aimed at.
        const bool better = best && away <= least
                            && (bar.outcome == Outcome::Failed) >= (best->outcome == Outcome::Failed)
                            && bar.range.length() <= best->range.length();
        if (away <= BarReach && (away < least || better)) {
            best = &bar;
            least = away;
        }
    }
    if (!best)
        return {};
    TrackItem item = best->item;
    item.time = best->range.contains(scale.time(point.x())) ? scale.time(point.x()) : best->range.lo;
    return item;
}

const Bar *BarTrack::find(const TrackItem &item) const
{
    for (const auto &lane : m_lanes)
        for (const Bar &bar : lane)
            if (bar.item.isSameThing(item))
                return &bar;
    return nullptr;
}

QString BarTrack::toolTip(const TrackItem &item, const QTimeZone &zone) const
{
    const Bar *bar = find(item);
    if (!bar)
        return {};
    const DurationNs resolution = bar->range.length() < 10 * NsPerSecond ? NsPerMillisecond : NsPerSecond / 10;
    QString text = bar->label;
    if (const QString outcome = outcomeText(bar->outcome); !outcome.isEmpty())
        text += u" – "_s % outcome;
    if (bar->isInstant)
        text += u'\n' % formatTime(bar->range.lo, zone, resolution);
    else
        text += u'\n' % formatTime(bar->range.lo, zone, resolution) % u" – "_s
                % (bar->isOpen ? tr("open") : formatTime(bar->range.hi, zone, resolution)) % u" ("_s
                % formatDuration(bar->range.length()) % u')';
    if (bar->uncertaintyNs > NsPerSecond / 2)
        text += u'\n' % tr("times are good to ± %1").arg(formatDuration(bar->uncertaintyNs));
    return text;
}

bool BarTrack::holds(const TrackItem &item) const
{
    return find(item) != nullptr;
}

TrackItem BarTrack::neighbour(const TrackItem &from, TimeNs time, bool forward) const
{
    const Bar *current = find(from);
    const TimeNs at = current ? current->range.lo : time;
    const Bar *best = nullptr;
    const auto key = [](const Bar &bar) { return std::tuple(bar.range.lo, bar.depth, bar.item.span); };
    for (const auto &lane : m_lanes) {
        for (const Bar &bar : lane) {
            const bool isBeyond = current ? (forward ? key(bar) > key(*current) : key(bar) < key(*current))
                                          : (forward ? bar.range.lo >= at : bar.range.lo <= at);
            if (isBeyond && (!best || (forward ? key(bar) < key(*best) : key(bar) > key(*best))))
                best = &bar;
        }
    }
    return best ? best->item : TrackItem{};
}

} // namespace faultline
