// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/eventtrack.h"

#include "charts/core/format.h"
#include "charts/tracks/bartrack.h"

#include <QPainter>

#include <algorithm>
#include <array>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double Radius = 4.5;
constexpr double EventReach = 6;  ///< Pixels by which a pointer may miss.
constexpr double BinWidth = 5;    ///< Of density bars.
constexpr double LeastLabel = 52; ///< Room below which an event's text is left out.
constexpr double MostLabel = 420;

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Debug: return EventTrack::tr("debug");
    case Severity::Info: return EventTrack::tr("info");
    case Severity::Warning: return EventTrack::tr("warning");
    case Severity::Error: return EventTrack::tr("error");
    case Severity::Fatal: return EventTrack::tr("fatal");
    }
    return {};
}

} // namespace

void paintSeverityMark(QPainter &painter, QPointF center, double radius, Severity severity, const Theme &theme)
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.ground, 1));
    painter.setBrush(theme.severity(severity));
    const double r = radius;
    switch (severity) {
    case Severity::Debug:
    case Severity::Info: painter.drawEllipse(center, r * 0.85, r * 0.85); break;
    case Severity::Warning: {
        const std::array points{center + QPointF(0, -r), center + QPointF(r * 1.05, r * 0.8),
                                center + QPointF(-r * 1.05, r * 0.8)};
        painter.drawPolygon(points.data(), static_cast<int>(points.size()));
        break;
    }
    case Severity::Error: {
        const double d = r * 1.15;
        const std::array points{center + QPointF(0, -d), center + QPointF(d, 0), center + QPointF(0, d),
                                center + QPointF(-d, 0)};
        painter.drawPolygon(points.data(), static_cast<int>(points.size()));
        break;
    }
    case Severity::Fatal: painter.drawRect(QRectF(center.x() - r, center.y() - r, 2 * r, 2 * r)); break;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

EventTrack::EventTrack(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement, int sourceIndex)
    : m_source(std::move(source))
    , m_placement(placement)
    , m_sourceIndex(sourceIndex)
{
    for (size_t i = 0; i < m_source->events.size(); ++i) {
        const Event &event = m_source->events[i];
        if (!event.time)
            continue;
        const auto placed = m_placement.place(*event.time);
        if (!placed)
            continue;
        m_marks.push_back({placed->time, static_cast<int>(i), event.severity});
        m_worst = std::max(m_worst, event.severity);
    }
    std::ranges::stable_sort(m_marks, {}, &Mark::time);
}

QString EventTrack::title() const
{
    return sourceTitle(*m_source);
}

QString EventTrack::subtitle() const
{
    return tr("events: %1").arg(m_marks.size());
}

QString EventTrack::headerToolTip() const
{
    return m_source->path % u'\n' % subtitle() % u'\n' % tr("Worst: %1").arg(severityText(m_worst))
           % (m_placement.reason.isEmpty() ? QString() : QString(u'\n' % m_placement.reason));
}

std::optional<TimeRange> EventTrack::range() const
{
    if (m_marks.empty())
        return std::nullopt;
    return TimeRange{m_marks.front().time, m_marks.back().time};
}

std::pair<size_t, size_t> EventTrack::visible(TimeRange range) const
{
    const auto first = std::ranges::lower_bound(m_marks, range.lo, {}, &Mark::time);
    const auto last = std::ranges::upper_bound(m_marks, range.hi, {}, &Mark::time);
    return {static_cast<size_t>(first - m_marks.begin()), static_cast<size_t>(last - m_marks.begin())};
}

bool EventTrack::isCrowded(const TimeScale &scale, size_t first, size_t last) const
{
    if (static_cast<double>(last - first) > scale.width / (Radius * 2.5))
        return true;
    // A few close ones may stand on each other; where a quarter does, density says more.
    size_t close = 0;
    for (size_t i = first + 1; i < last; ++i)
        close += scale.x(m_marks[i].time) - scale.x(m_marks[i - 1].time) < Radius ? 1U : 0U;
    return last - first > 16 && close * 3 > last - first;
}

std::pair<size_t, size_t> EventTrack::visible(const TimeScale &scale) const
{
    const DurationNs margin = static_cast<DurationNs>(scale.nsPerPixel() * Radius);
    return visible(TimeRange{scale.range.lo - margin, scale.range.hi + margin});
}

void EventTrack::paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    const auto [first, last] = visible(context.scale);
    if (isCrowded(context.scale, first, last)) {
        paintDensity(painter, rect, context, first, last);
        return;
    }
    for (size_t i = first; i < last; ++i)
        paintUncertainty(painter, rect, context, m_marks[i]);
}

void EventTrack::paintLabels(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    const Theme &theme = context.theme;
    const auto [first, last] = visible(context.scale);
    if (!isCrowded(context.scale, first, last)) {
        const double height = QFontMetricsF(theme.smallFont).height();
        painter.setFont(theme.smallFont);
        for (const Label &label : labels(rect, context)) {
            if (context.ground.isValid()) // another's line of uncertainty ends beside the words, not in them
                painter.fillRect(
                    QRectF(label.place.left() - 2, rect.center().y() - height / 2, label.place.width() + 4, height),
                    context.ground);
            const Event &event = m_source->events[static_cast<size_t>(label.event)];
            painter.setPen(event.severity >= Severity::Error ? theme.text : theme.mutedText);
            painter.drawText(label.place.adjusted(0, 0, 1, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                             label.text);
        }
        // Worse ones over milder ones.
        for (const Severity severity :
             {Severity::Debug, Severity::Info, Severity::Warning, Severity::Error, Severity::Fatal})
            for (size_t i = first; i < last; ++i)
                if (m_marks[i].severity == severity)
                    paintSeverityMark(painter, {context.scale.x(m_marks[i].time), rect.center().y()}, Radius, severity,
                                      theme);
    }
    if (const Mark *selected = find(context.selected)) {
        const QPointF center(context.scale.x(selected->time), rect.center().y());
        paintUncertainty(painter, rect, context, *selected);
        paintSeverityMark(painter, center, Radius + 1, selected->severity, theme);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawEllipse(center, Radius + 4, Radius + 4);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
}

std::pair<double, double> EventTrack::extent(const Mark &mark, const TimeScale &scale) const
{
    const double x = scale.x(mark.time);
    const auto placed = m_placement.place(*m_source->events[static_cast<size_t>(mark.event)].time);
    if (!placed || scale.x(placed->hi) - scale.x(placed->lo) < 2 * Radius)
        return {x, x};
    return {std::min(x, scale.x(placed->lo)), std::max(x, scale.x(placed->hi))};
}

void EventTrack::paintUncertainty(QPainter &painter, const QRectF &rect, const TrackContext &context,
                                  const Mark &mark) const
{
    const auto [lo, hi] = extent(mark, context.scale);
    if (lo == hi)
        return;
    const double y = rect.center().y();
    painter.setPen(QPen(Theme::shade(context.theme.severity(mark.severity), 0.7), 1));
    painter.drawLine(QPointF(lo, y), QPointF(hi, y));
    painter.drawLine(QPointF(lo, y - 3), QPointF(lo, y + 3));
    painter.drawLine(QPointF(hi, y - 3), QPointF(hi, y + 3));
}

std::vector<EventTrack::Label> EventTrack::labels(const QRectF &rect, const TrackContext &context) const
{
    constexpr double Gap = 4;
    std::vector<Label> result;
    const auto [first, last] = visible(context.scale);
    if (isCrowded(context.scale, first, last))
        return result;
    const QFontMetricsF metrics(context.theme.smallFont);
    double taken = rect.left(); // up to where marks and labels stand
    for (size_t i = first; i < last;) {
        // Marks on each other have one label: that of the worst, which lies on top.
        const double begin = context.scale.x(m_marks[i].time);
        auto [lo, hi] = extent(m_marks[i], context.scale);
        double end = begin;
        size_t worst = i;
        for (++i; i < last && context.scale.x(m_marks[i].time) - end < 2 * Radius; ++i) {
            end = context.scale.x(m_marks[i].time);
            const auto own = extent(m_marks[i], context.scale);
            lo = std::min(lo, own.first);
            hi = std::max(hi, own.second);
            if (m_marks[i].severity >= m_marks[worst].severity)
                worst = i;
        }
        const QString text = shownText(m_source->events[static_cast<size_t>(m_marks[worst].event)].text, 160);
        const double wanted = metrics.horizontalAdvance(text);
        const double next = i < m_marks.size() ? context.scale.x(m_marks[i].time) : rect.right() + 2 * Radius;
        const double most = std::min(next - 2 * Radius, rect.right() - Gap);
        // Beyond the line of uncertainty where all of the text has room there, else over it.
        double from = std::max(hi, end + Radius) + Gap;
        if (most - from < wanted)
            from = end + Radius + Gap;
        double until = std::min(lo, begin - Radius) - Gap;
        if (until - taken - Gap < wanted)
            until = begin - Radius - Gap;
        const double right = std::min(most - from, MostLabel);
        const double left = std::min(until - taken - Gap, MostLabel);
        taken = std::max(taken, end + Radius);
        const bool isLeft = right < wanted && left > right;
        const double room = isLeft ? left : right;
        if (end < rect.left() - Radius || begin > rect.right() + Radius || room < std::min(LeastLabel, wanted))
            continue;
        const QString shown = metrics.elidedText(text, Qt::ElideRight, room);
        const double width = metrics.horizontalAdvance(shown);
        result.push_back(
            {m_marks[worst].event, QRectF(isLeft ? until - width : from, rect.top(), width, rect.height()), shown});
        taken = std::max(taken, result.back().place.right());
    }
    return result;
}

void EventTrack::paintDensity(QPainter &painter, const QRectF &rect, const TrackContext &context, size_t first,
                              size_t last) const
{
    constexpr size_t Severities = 5;
    const auto binCount = static_cast<size_t>(rect.width() / BinWidth) + 1;
    std::vector<std::array<int, Severities>> bins(binCount);
    int most = 1;
    for (size_t i = first; i < last; ++i) {
        const double x = context.scale.x(m_marks[i].time) - rect.left();
        if (x < 0)
            continue;
        auto &bin = bins[std::min(static_cast<size_t>(x / BinWidth), binCount - 1)];
        ++bin[static_cast<size_t>(m_marks[i].severity)];
        int sum = 0;
        for (const int count : bin)
            sum += count;
        most = std::max(most, sum);
    }
    const double full = rect.height() - 8;
    const double bottom = rect.bottom() - 3;
    for (size_t b = 0; b < binCount; ++b) {
        double y = bottom;
        int sum = 0;
        for (const int count : bins[b])
            sum += count;
        if (sum == 0)
            continue;
        // Logarithmic, so that one event among thousands still has a bar; at least 3 pixels.
        const double height = std::max(3.0, full * std::log1p(sum) / std::log1p(most));
        for (size_t s = 0; s < Severities; ++s) {
            if (bins[b][s] == 0)
                continue;
            const double part = std::max(1.0, height * bins[b][s] / sum);
            const QColor color = context.theme.severity(static_cast<Severity>(s));
            painter.fillRect(QRectF(rect.left() + static_cast<double>(b) * BinWidth, y - part, BinWidth - 1, part),
                             s >= static_cast<size_t>(Severity::Warning) ? color
                                                                         : mixed(context.theme.ground, color, 0.6));
            y -= part;
        }
        for (const Severity severity : {Severity::Fatal, Severity::Error}) {
            if (bins[b][static_cast<size_t>(severity)] > 0) {
                paintSeverityMark(painter,
                                  {rect.left() + (static_cast<double>(b) + 0.5) * BinWidth,
                                   std::max(rect.top() + Radius, y - Radius)},
                                  Radius - 1, severity, context.theme);
                break;
            }
        }
    }
}

TrackItem EventTrack::itemOf(const Mark &mark) const
{
    const Event &event = m_source->events[static_cast<size_t>(mark.event)];
    TrackItem item;
    item.kind = TrackItem::Kind::Event;
    item.source = m_sourceIndex;
    item.line = event.line;
    item.lastLine = event.lastLine;
    item.event = mark.event;
    item.time = mark.time;
    return item;
}

TrackItem EventTrack::hit(QPointF point, const QRectF &rect, const TimeScale &scale) const
{
    if (!rect.contains(point))
        return {};
    const auto [first, last] =
        visible(TimeRange{scale.time(point.x() - EventReach), scale.time(point.x() + EventReach)});
    const Mark *best = nullptr;
    double least = EventReach;
    for (size_t i = first; i < last; ++i) {
        const double away = std::abs(scale.x(m_marks[i].time) - point.x());
        // At the same place the worse one is on top.
        if (!best || m_marks[i].severity > best->severity || (m_marks[i].severity == best->severity && away < least)) {
            best = &m_marks[i];
            least = away;
        }
    }
    return best ? itemOf(*best) : TrackItem{};
}

const EventTrack::Mark *EventTrack::find(const TrackItem &item) const
{
    if (item.kind != TrackItem::Kind::Event || item.source != m_sourceIndex)
        return nullptr;
    const auto found = std::ranges::find(m_marks, item.event, &Mark::event);
    return found == m_marks.end() ? nullptr : &*found;
}

QString EventTrack::toolTip(const TrackItem &item, const QTimeZone &zone) const
{
    const Mark *mark = find(item);
    if (!mark)
        return {};
    const Event &event = m_source->events[static_cast<size_t>(mark->event)];
    const auto placed = m_placement.place(*event.time);
    QString text = formatTime(mark->time, zone, NsPerMillisecond);
    if (placed && placed->uncertaintyNs() >= NsPerMillisecond)
        text += u" ± "_s % formatDuration(placed->uncertaintyNs());
    text += u" · "_s % severityText(event.severity) % u'\n' % shownText(event.text, 400);
    if (event.line > 0)
        text += u'\n' % tr("%1, line %2").arg(sourceTitle(*m_source)).arg(event.line);
    return text;
}

bool EventTrack::holds(const TrackItem &item) const
{
    return find(item) != nullptr;
}

TrackItem EventTrack::neighbour(const TrackItem &from, TimeNs time, bool forward) const
{
    qsizetype at = -1;
    if (const Mark *mark = find(from)) {
        at = (mark - m_marks.data()) + (forward ? 1 : -1);
    } else {
        const auto found = std::ranges::lower_bound(m_marks, time, {}, &Mark::time);
        at = (found - m_marks.begin()) - (forward ? 0 : 1);
    }
    if (at < 0 || at >= static_cast<qsizetype>(m_marks.size()))
        return {};
    return itemOf(m_marks[static_cast<size_t>(at)]);
}

} // namespace faultline
