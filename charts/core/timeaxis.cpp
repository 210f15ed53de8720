// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/timeaxis.h"

namespace faultline {

TimeAxis::TimeAxis(QObject *parent)
    : QObject(parent)
{
}

void TimeAxis::setFull(TimeRange full)
{
    if (full.hi < full.lo)
        std::swap(full.lo, full.hi);
    if (full.length() < TimeScale::LeastLength)
        full.hi = full.lo + TimeScale::LeastLength;
    if (full == m_full)
        return;
    m_full = full;
    Q_EMIT fullChanged();
    moveVisible(m_visible);
}

void TimeAxis::setVisible(TimeRange visible)
{
    show(visible, false);
}

void TimeAxis::moveVisible(TimeRange visible)
{
    show(visible, true);
}

void TimeAxis::show(TimeRange visible, bool isStep)
{
    visible = TimeScale::kept(visible, m_full);
    if (visible == m_visible)
        return;
    if (!isStep || !m_isMoving) {
        m_before.push_back(m_visible);
        if (m_before.size() > MostHistory)
            m_before.erase(m_before.begin());
        m_after.clear();
    }
    m_isMoving = isStep;
    m_visible = visible;
    Q_EMIT visibleChanged();
}

void TimeAxis::back()
{
    step(m_before, m_after);
}

void TimeAxis::forward()
{
    step(m_after, m_before);
}

void TimeAxis::step(std::vector<TimeRange> &from, std::vector<TimeRange> &to)
{
    if (from.empty())
        return;
    to.push_back(m_visible);
    m_visible = TimeScale::kept(from.back(), m_full);
    from.pop_back();
    m_isMoving = false;
    Q_EMIT visibleChanged();
}

void TimeAxis::forgetHistory()
{
    m_before.clear();
    m_after.clear();
    m_isMoving = false;
}

void TimeAxis::setCursor(std::optional<TimeNs> cursor)
{
    if (cursor == m_cursor)
        return;
    m_cursor = cursor;
    Q_EMIT cursorChanged();
}

void TimeAxis::setSelection(std::optional<TimeRange> selection)
{
    if (selection && selection->hi < selection->lo)
        std::swap(selection->lo, selection->hi);
    if (selection == m_selection)
        return;
    m_selection = selection;
    Q_EMIT selectionChanged();
}

void TimeAxis::setZone(const QTimeZone &zone)
{
    if (zone == m_zone || !zone.isValid())
        return;
    m_zone = zone;
    Q_EMIT zoneChanged();
}

void TimeAxis::setOrigin(std::optional<TimeNs> origin)
{
    if (origin == m_origin)
        return;
    m_origin = origin;
    Q_EMIT zoneChanged();
}

void TimeAxis::zoom(TimeNs around, double factor)
{
    moveVisible(TimeScale::zoomed(m_visible, around, factor, m_full));
}

void TimeAxis::pan(DurationNs by)
{
    moveVisible(TimeScale::panned(m_visible, by, m_full));
}

void TimeAxis::fit()
{
    setVisible(m_full);
}

void TimeAxis::zoomTo(TimeRange moment, DurationNs before, DurationNs after)
{
    setVisible({moment.lo - before, moment.hi + after});
}

void TimeAxis::reveal(TimeNs time)
{
    const DurationNs margin = m_visible.length() / 10;
    if (time < m_visible.lo)
        pan((time - m_visible.lo) - margin);
    else if (time > m_visible.hi)
        pan((time - m_visible.hi) + margin);
}

} // namespace faultline
