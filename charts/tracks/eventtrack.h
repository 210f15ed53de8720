// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/track.h"
#include "models/evidence/evidence.h"
#include "models/placement/placement.h"

#include <memory>

namespace faultline {

/// The events of one source on one lane: marks with their text where there is room, bars of density where they crowd.
/// Severity has a shape and a colour: dot (debug, info), triangle (warning), diamond (error), square (fatal).
class EventTrack : public Track
{
    Q_DECLARE_TR_FUNCTIONS(faultline::EventTrack)

public:
    EventTrack(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement, int sourceIndex);

    QString title() const override;
    QString subtitle() const override;
    QString headerToolTip() const override;
    int preferredHeight() const override { return 34; }
    std::optional<TimeRange> range() const override;
    void paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const override;
    void paintLabels(QPainter &painter, const QRectF &rect, const TrackContext &context) const override;
    TrackItem hit(QPointF point, const QRectF &rect, const TimeScale &scale) const override;
    QString toolTip(const TrackItem &item, const QTimeZone &zone) const override;
    bool holds(const TrackItem &item) const override;
    TrackItem neighbour(const TrackItem &from, TimeNs time, bool forward) const override;

    bool isEmpty() const { return m_marks.empty(); }
    /// The text of an event beside its mark, and where it stands.
    struct Label {
        int event = -1;
        QRectF place;
        QString text;
    };
    /// Those there is room for, in order of time: right of their marks, or left where only there is the room. None of a crowded stretch.
    std::vector<Label> labels(const QRectF &rect, const TrackContext &context) const;
    /// The worst of the source's events.
    Severity worst() const { return m_worst; }

private:
    struct Mark {
        TimeNs time;
        int event = -1;
        Severity severity = Severity::Info;
    };
    TrackItem itemOf(const Mark &mark) const;
    const Mark *find(const TrackItem &item) const;
    std::pair<size_t, size_t> visible(TimeRange range) const;
    std::pair<size_t, size_t> visible(const TimeScale &scale) const;
    /// Where what is known of a mark's time begins and ends: the mark alone where that is not worth a line.
    std::pair<double, double> extent(const Mark &mark, const TimeScale &scale) const;
    void paintDensity(QPainter &painter, const QRectF &rect, const TrackContext &context, size_t first,
                      size_t last) const;
    void paintUncertainty(QPainter &painter, const QRectF &rect, const TrackContext &context, const Mark &mark) const;
    bool isCrowded(const TimeScale &scale, size_t first, size_t last) const;

    std::shared_ptr<const SourceEvidence> m_source;
    SourcePlacement m_placement;
    int m_sourceIndex;
    std::vector<Mark> m_marks; ///< In order of time.
    Severity m_worst = Severity::Debug;
};

/// The mark of a severity around a point; also for legends elsewhere.
void paintSeverityMark(QPainter &painter, QPointF center, double radius, Severity severity, const Theme &theme);

} // namespace faultline
