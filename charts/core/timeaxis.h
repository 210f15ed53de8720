// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"

#include <QObject>
#include <QTimeZone>

#include <optional>
#include <vector>

namespace faultline {

/// The one time axis that tracks share: what is shown of how much, what was shown before, the cursor, and a selected range.
class TimeAxis : public QObject
{
    Q_OBJECT

public:
    explicit TimeAxis(QObject *parent = nullptr);

    TimeRange visible() const { return m_visible; }
    TimeRange full() const { return m_full; }
    std::optional<TimeNs> cursor() const { return m_cursor; }
    std::optional<TimeRange> selection() const { return m_selection; }
    /// Zone of the labels; UTC unless set.
    const QTimeZone &zone() const { return m_zone; }
    /// Where set, labels tell the time since this moment instead of the time of day.
    std::optional<TimeNs> origin() const { return m_origin; }
    TimeScale scale(double left, double width) const { return {m_visible, left, width > 1 ? width : 1}; }

    void setFull(TimeRange full);
    void setVisible(TimeRange visible);
    void setCursor(std::optional<TimeNs> cursor);
    void setSelection(std::optional<TimeRange> selection);
    void setZone(const QTimeZone &zone);
    void setOrigin(std::optional<TimeNs> origin);

    /// `factor` below 1 zooms in; `around` keeps its place.
    void zoom(TimeNs around, double factor);
    void pan(DurationNs by);
    void fit();
    /// Shows `before` and `after` around a moment, the moment's error included.
    void zoomTo(TimeRange moment, DurationNs before, DurationNs after);
    /// Pans so that the moment is visible, a tenth away from the edges; does nothing where it is already.
    void reveal(TimeNs time);
    /// As setVisible(), but a part of the movement before: one step back undoes all of a drag, or all turns of a wheel.
    void moveVisible(TimeRange visible);

    bool canGoBack() const { return !m_before.empty(); }
    bool canGoForward() const { return !m_after.empty(); }
    /// Shows what was shown before the last jump or movement; forward() takes that back.
    void back();
    void forward();
    void forgetHistory();

Q_SIGNALS:
    void visibleChanged();
    void fullChanged();
    void cursorChanged();
    void selectionChanged();
    void zoneChanged(); ///< Of the zone or the origin.

private:
    static constexpr size_t MostHistory = 100;

    void show(TimeRange visible, bool isStep);
    void step(std::vector<TimeRange> &from, std::vector<TimeRange> &to);

    TimeRange m_full{TimeNs{0}, TimeNs{NsPerSecond}};
    TimeRange m_visible{TimeNs{0}, TimeNs{NsPerSecond}};
    std::optional<TimeNs> m_cursor;
    std::optional<TimeRange> m_selection;
    QTimeZone m_zone{QTimeZone::UTC};
    std::optional<TimeNs> m_origin;
    std::vector<TimeRange> m_before; ///< The latest last.
    std::vector<TimeRange> m_after;
    bool m_isMoving = false; ///< The last change was a step of a movement, which further steps go on.
};

} // namespace faultline
