// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/track.h"
#include "models/evidence/evidence.h"
#include "models/placement/placement.h"

#include <memory>

namespace faultline {

/// A stretch of time with a name and an outcome.
struct Bar {
    TimeRange range;
    bool isOpen = false;    ///< It has no end of its own: the source ends before it does.
    bool isInstant = false; ///< A moment: drawn as a mark, with its label beside.
    int depth = 0;          ///< Nesting; deeper ones stand below.
    QString label;
    Outcome outcome = Outcome::Unknown;
    bool isStrong = false; ///< What failed itself, not what it took down with it.
    DurationNs uncertaintyNs = 0;
    TrackItem item;
};

/// Bars in lanes: what overlaps is put below one another, nested ones below their parents, up to a number of lanes.
class BarTrack : public Track
{
    Q_DECLARE_TR_FUNCTIONS(faultline::BarTrack)

public:
    static constexpr int LaneHeight = 20;

    BarTrack(QString title, QString subtitle, std::vector<Bar> bars, int mostLanes);

    QString title() const override { return m_title; }
    QString subtitle() const override { return m_subtitle; }
    QString headerToolTip() const override;
    int preferredHeight() const override;
    std::optional<TimeRange> range() const override;
    void paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const override;
    TrackItem hit(QPointF point, const QRectF &rect, const TimeScale &scale) const override;
    QString toolTip(const TrackItem &item, const QTimeZone &zone) const override;
    bool holds(const TrackItem &item) const override;
    TrackItem neighbour(const TrackItem &from, TimeNs time, bool forward) const override;

    int laneCount() const { return static_cast<int>(m_lanes.size()); }
    bool isEmpty() const { return m_lanes.empty(); }

private:
    void layOut(std::vector<Bar> bars, int mostLanes);
    const Bar *find(const TrackItem &item) const;
    void paintBar(QPainter &painter, const QRectF &rect, const Bar &bar, const TrackContext &context) const;
    void paintInstant(QPainter &painter, const QRectF &rect, const Bar &bar, const TrackContext &context) const;
    void paintWhiskers(QPainter &painter, const QRectF &rect, const Bar &bar, const TrackContext &context) const;
    std::pair<size_t, size_t> visible(size_t lane, TimeRange range) const;

    QString m_title;
    QString m_subtitle;
    std::vector<std::vector<Bar>> m_lanes; ///< In order of start.
    std::vector<DurationNs> m_longest;     ///< Of each lane: how far back a bar can start and still be visible.
};

/// Bars of a source's spans of some kinds, placed on the axis. Spans without any time are left out.
std::vector<Bar> spanBars(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex,
                          std::initializer_list<SpanKind> kinds);

/// Jobs, steps and sections of a source, nested.
class StepTrack : public BarTrack
{
    Q_DECLARE_TR_FUNCTIONS(faultline::StepTrack)

public:
    StepTrack(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex);
};

/// Tests of a source.
class TestTrack : public BarTrack
{
    Q_DECLARE_TR_FUNCTIONS(faultline::TestTrack)

public:
    TestTrack(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex);
};

/// States of containers and pods that a source tells of.
class StateTrack : public BarTrack
{
    Q_DECLARE_TR_FUNCTIONS(faultline::StateTrack)

public:
    StateTrack(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex);
};

/// Last part of a source's path, for headers.
QString sourceTitle(const SourceEvidence &source);

} // namespace faultline
