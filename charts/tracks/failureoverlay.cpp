// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/failureoverlay.h"

#include "charts/core/format.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double LineReach = 4;  ///< Pixels by which a pointer may miss a line.
constexpr double LeastFlag = 22; ///< A flag with its sign alone.
constexpr double MostFlag = 360;

} // namespace

FailureOverlay::FailureOverlay(std::shared_ptr<const Findings> findings)
    : m_findings(std::move(findings))
{
    if (!m_findings)
        return;
    for (size_t i = 0; i < m_findings->failures.size(); ++i) {
        const Failure &failure = m_findings->failures[i];
        if (!failure.time)
            continue;
        const QString what = failure.what.isEmpty() ? tr("Failure") : failure.what;
        m_flags.push_back({static_cast<int>(i), *failure.time, what, i == 0, failure.follows >= 0});
    }
    std::ranges::stable_sort(m_flags, {}, [](const Flag &flag) { return flag.time.time; });
}

std::optional<TimeRange> FailureOverlay::range() const
{
    if (m_flags.empty())
        return std::nullopt;
    return TimeRange{m_flags.front().time.time, m_flags.back().time.time};
}

std::vector<int> FailureOverlay::inTime() const
{
    std::vector<int> result;
    for (const Flag &flag : m_flags)
        result.push_back(flag.failure);
    return result;
}

const FailureOverlay::Flag *FailureOverlay::find(int failure) const
{
    const auto found = std::ranges::find(m_flags, failure, &Flag::failure);
    return found == m_flags.end() ? nullptr : &*found;
}

std::optional<PlacedTime> FailureOverlay::timeOf(int failure) const
{
    const Flag *flag = find(failure);
    return flag ? std::optional(flag->time) : std::nullopt;
}

TrackItem FailureOverlay::itemOf(int failure) const
{
    TrackItem item;
    if (!m_findings || failure < 0 || static_cast<size_t>(failure) >= m_findings->failures.size())
        return item;
    const Failure &what = m_findings->failures[static_cast<size_t>(failure)];
    item.kind = TrackItem::Kind::Failure;
    item.source = what.source;
    item.line = what.line;
    item.lastLine = what.lastLine;
    item.failure = failure;
    if (what.time)
        item.time = what.time->time;
    return item;
}

void FailureOverlay::paintLines(QPainter &painter, const QRectF &tracks, const TrackContext &context) const
{
    for (const Flag &flag : m_flags) {
        const double x = context.scale.x(flag.time.time);
        const double lo = context.scale.x(flag.time.lo);
        const double hi = context.scale.x(flag.time.hi);
        if (std::max(x, hi) < tracks.left() || std::min(x, lo) > tracks.right())
            continue;
        const QColor &color = context.theme.failure;
        const bool isSelected =
            context.selected.kind == TrackItem::Kind::Failure && context.selected.failure == flag.failure;
        if (hi - lo >= 3) {
            painter.fillRect(QRectF(lo, tracks.top(), hi - lo, tracks.height()),
                             Theme::shade(color, context.theme.dark ? 0.12 : 0.08));
            painter.setPen(QPen(Theme::shade(color, 0.5), 1, Qt::DotLine));
            painter.drawLine(QPointF(lo, tracks.top()), QPointF(lo, tracks.bottom()));
            painter.drawLine(QPointF(hi, tracks.top()), QPointF(hi, tracks.bottom()));
        }
        const double width = isSelected ? 2.5 : flag.isOrigin ? 1.8 : 1;
        painter.setPen(
            QPen(flag.follows ? Theme::shade(color, 0.65) : color, width, flag.follows ? Qt::DashLine : Qt::SolidLine));
        painter.drawLine(QPointF(x, tracks.top()), QPointF(x, tracks.bottom()));
    }
}

std::vector<FailureOverlay::FlagBox> FailureOverlay::flagBoxes(const QRectF &row, const TimeScale &scale,
                                                               const Theme &theme) const
{
    const QFontMetricsF metrics(theme.smallFont);
    std::vector<FlagBox> boxes;
    for (size_t i = 0; i < m_flags.size(); ++i) {
        const double x = scale.x(m_flags[i].time.time);
        if (x < row.left() - 1 || x > row.right() + 1)
            continue;
        double end = row.right();
        for (size_t k = i + 1; k < m_flags.size(); ++k) {
            const double next = scale.x(m_flags[k].time.time);
            if (next > x + LeastFlag) {
                end = std::min(end, next - 2);
                break;
            }
        }
        // Those at the same pixels as one already named are told in its tooltip.
        if (!boxes.empty() && x < boxes.back().box.right() && !m_flags[i].isOrigin)
            continue;
        const QString full = QString(QChar(0x2715)) % u' ' % m_flags[i].label;
        const double wanted = std::min(metrics.horizontalAdvance(full) + 12, MostFlag);
        double left = x;
        double room = end - x;
        const double before = x - (boxes.empty() ? row.left() : boxes.back().box.right() + 2);
        if (room < wanted && before > room) {
            room = before;
            left = x - std::min(wanted, room);
        }
        const double width = std::max(std::min(wanted, room), LeastFlag);
        const bool isSign = width < 3 * LeastFlag && width < wanted;
        boxes.push_back({i, QRectF(isSign ? x : left, row.top() + 1, isSign ? LeastFlag : width, row.height() - 2),
                         isSign ? QString(QChar(0x2715)) : metrics.elidedText(full, Qt::ElideRight, width - 10)});
    }
    return boxes;
}

void FailureOverlay::paintFlags(QPainter &painter, const QRectF &row, const TrackContext &context) const
{
    const Theme &theme = context.theme;
    painter.setFont(theme.smallFont);
    painter.setRenderHint(QPainter::Antialiasing);
    for (const FlagBox &box : flagBoxes(row, context.scale, theme)) {
        const Flag &flag = m_flags[box.flag];
        const bool isSelected =
            context.selected.kind == TrackItem::Kind::Failure && context.selected.failure == flag.failure;
        const QColor fill = flag.follows ? theme.tint(theme.failure, 0.2) : theme.failure;
        painter.setPen(QPen(isSelected ? theme.accent : theme.failure, isSelected ? 2 : 1));
        painter.setBrush(fill);
        painter.drawRoundedRect(box.box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
        painter.setPen(flag.follows ? theme.text : Theme::textOn(fill));
        painter.drawText(box.box.adjusted(5, 0, -3, 0), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
                         box.text);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void FailureOverlay::paintTicks(QPainter &painter, const QRectF &strip, const TimeScale &full, const Theme &theme) const
{
    for (const Flag &flag : m_flags)
        painter.fillRect(QRectF(full.x(flag.time.time) - 1, strip.top(), flag.isOrigin ? 3 : 2, strip.height()),
                         theme.failure);
}

TrackItem FailureOverlay::hitFlag(QPointF point, const QRectF &row, const TimeScale &scale, const Theme &theme) const
{
    const auto boxes = flagBoxes(row, scale, theme);
    const auto found = std::ranges::find_if(boxes, [&](const FlagBox &box) { return box.box.contains(point); });
    return found == boxes.end() ? TrackItem{} : itemOf(m_flags[found->flag].failure);
}

TrackItem FailureOverlay::hitLine(double x, const TimeScale &scale) const
{
    const Flag *best = nullptr;
    double least = LineReach;
    for (const Flag &flag : m_flags) {
        const double away = std::abs(scale.x(flag.time.time) - x);
        if (away < least || (best && away <= least && flag.isOrigin)) {
            best = &flag;
            least = away;
        }
    }
    return best ? itemOf(best->failure) : TrackItem{};
}

QString FailureOverlay::toolTip(const TrackItem &item, const QTimeZone &zone) const
{
    const Flag *flag = item.kind == TrackItem::Kind::Failure ? find(item.failure) : nullptr;
    if (!flag)
        return {};
    const Failure &failure = m_findings->failures[static_cast<size_t>(flag->failure)];
    QString text = flag->label % u'\n' % formatTime(flag->time.time, zone, NsPerMillisecond);
    if (flag->time.uncertaintyNs() >= NsPerMillisecond)
        text += u" ± "_s % formatDuration(flag->time.uncertaintyNs());
    if (failure.exitCode)
        text += u'\n' % tr("exit code %1").arg(*failure.exitCode);
    if (!failure.signal.isEmpty())
        text += u'\n' % shownText(failure.signal, 40);
    if (flag->follows)
        text += u'\n' % tr("followed from an earlier failure");
    return text;
}

} // namespace faultline
