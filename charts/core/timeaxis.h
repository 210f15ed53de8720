// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"

#include <QObject>
#include <QTimeZone>

#include <optional>

namespace faultline {

/// The one time axis that tracks share: what is shown of how much, the cursor, and a selected range.
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
    TimeScale scale(double left, double width) const { return {m_visible, left, width > 1 ? width : 1}; }

    void setFull(TimeRange full);
    void setVisible(TimeRange visible);
    void setCursor(std::optional<TimeNs> cursor);
    void setSelection(std::optional<TimeRange> selection);
    void setZone(const QTimeZone &zone);

    /// `factor` below 1 zooms in; `around` keeps its place.
    void zoom(TimeNs around, double factor);
    void pan(DurationNs by);
    void fit();
    /// Shows `before` and `after` around a moment, the moment's error included.
    void zoomTo(TimeRange moment, DurationNs before, DurationNs after);
    /// Pans so that the moment is visible, a tenth away from the edges; does nothing where it is already.
    void reveal(TimeNs time);

Q_SIGNALS:
    void visibleChanged();
    void fullChanged();
    void cursorChanged();
    void selectionChanged();
    void zoneChanged();

private:
    TimeRange m_full{TimeNs{0}, TimeNs{NsPerSecond}};
    TimeRange m_visible{TimeNs{0}, TimeNs{NsPerSecond}};
    std::optional<TimeNs> m_cursor;
    std::optional<TimeRange> m_selection;
    QTimeZone m_zone{QTimeZone::UTC};
};

} // namespace faultline
