// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/coveragetrack.h"

#include "charts/core/format.h"
#include "charts/tracks/bartrack.h"

#include <QFontMetrics>
#include <QPainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostRows = 12;
constexpr double CoverageMargin = 4;

} // namespace

CoverageTrack::CoverageTrack(std::shared_ptr<const Evidence> evidence, const Placement &placement)
    : m_evidence(std::move(evidence))
    , m_rowHeight(QFontMetrics(QFont()).height())
{
    for (size_t s = 0; s < m_evidence->sources.size() && s < placement.sources.size() && m_rows < MostRows; ++s) {
        const auto found = std::ranges::find_if(m_evidence->sources[s]->coverage,
                                                [](const Coverage &c) { return c.subject.isEmpty(); });
        if (found == m_evidence->sources[s]->coverage.end() || !found->captured)
            continue;
        const auto to = placement.sources[s].place(*found->captured);
        if (!to)
            continue;
        Line line{m_rows, static_cast<int>(s), std::nullopt, to->time, found->how};
        if (found->from) {
            if (const auto from = placement.sources[s].place(*found->from))
                line.from = from->time;
        }
        m_lines.push_back(line);
        ++m_rows;
    }
}

int CoverageTrack::preferredHeight() const
{
    return static_cast<int>(2 * CoverageMargin) + std::max(1, m_rows) * m_rowHeight;
}

std::optional<TimeRange> CoverageTrack::range() const
{
    // What a source covers may reach far beyond the run; it must not stretch the axis.
    return std::nullopt;
}

void CoverageTrack::paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    constexpr double Thickness = 4;
    for (const Line &line : m_lines) {
        const double left = line.from ? std::max(context.scale.x(*line.from), rect.left()) : rect.left();
        const double right = std::min(context.scale.x(line.to), rect.right());
        const QColor color = context.theme.series(line.source);
        if (right > left) {
            const QRectF bar(left, middle(line, rect) - Thickness / 2, right - left, Thickness);
            painter.fillRect(bar, line.how == CoverageHow::Assumed ? QBrush(Theme::shade(color, 0.7), Qt::Dense5Pattern)
                                                                   : QBrush(Theme::shade(color, 0.75)));
        }
    }
}

/// The names stand in the head's column, where no bar runs through them.
std::vector<TrackMark> CoverageTrack::marks(const QRectF &rect) const
{
    std::vector<TrackMark> result;
    for (size_t i = m_lines.size(); i-- > 0;) // from below, as the values of an axis
        result.push_back(
            {middle(m_lines[i], rect), sourceTitle(*m_evidence->sources[static_cast<size_t>(m_lines[i].source)])});
    return result;
}

double CoverageTrack::middle(const Line &line, const QRectF &rect) const
{
    return rect.top() + CoverageMargin + (line.row + 0.5) * m_rowHeight;
}

TrackItem CoverageTrack::itemOf(const Line &line) const
{
    TrackItem item;
    item.kind = TrackItem::Kind::Coverage;
    item.source = line.source;
    return item;
}

TrackItem CoverageTrack::hit(QPointF point, const QRectF &rect, const TimeScale &scale) const
{
    const double y = point.y() - rect.top() - CoverageMargin;
    for (const Line &line : m_lines) {
        if (y < line.row * m_rowHeight || y >= (line.row + 1) * m_rowHeight)
            continue;
        TrackItem item = itemOf(line);
        item.time = scale.time(point.x());
        return item;
    }
    return {};
}

QString CoverageTrack::toolTip(const TrackItem &item, const QTimeZone &zone) const
{
    for (const Line &line : m_lines) {
        if (!holds(item) || line.source != item.source)
            continue;
        const QString how = line.how == CoverageHow::Stated    ? tr("stated")
                            : line.how == CoverageHow::Derived ? tr("derived")
                                                               : tr("assumed");
        return m_evidence->sources[static_cast<size_t>(line.source)]->path % u'\n'
               % tr("covers %1 to %2 (%3)")
                     .arg(line.from ? formatTime(*line.from, zone, NsPerSecond) : tr("the start"),
                          formatTime(line.to, zone, NsPerSecond), how);
    }
    return {};
}

bool CoverageTrack::holds(const TrackItem &item) const
{
    return item.kind == TrackItem::Kind::Coverage;
}

TrackItem CoverageTrack::neighbour(const TrackItem &from, TimeNs, bool forward) const
{
    auto at = std::ranges::find(m_lines, holds(from) ? from.source : -1, &Line::source);
    if (at == m_lines.end())
        return m_lines.empty() ? TrackItem{} : itemOf(forward ? m_lines.front() : m_lines.back());
    if (forward ? at + 1 == m_lines.end() : at == m_lines.begin())
        return {};
    return itemOf(forward ? *(at + 1) : *(at - 1));
}

} // namespace faultline
