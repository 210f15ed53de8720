// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/track.h"
#include "models/evidence/evidence.h"
#include "models/placement/placement.h"

#include <memory>

namespace faultline {

/// Which stretch of time each source would have told of: a thin line a source, hatched where that is assumed.
class CoverageTrack : public Track
{
    Q_DECLARE_TR_FUNCTIONS(faultline::CoverageTrack)

public:
    CoverageTrack(std::shared_ptr<const Evidence> evidence, const Placement &placement);

    QString title() const override { return tr("Coverage"); }
    QString subtitle() const override { return tr("sources: %1").arg(m_rows); }
    int preferredHeight() const override;
    std::optional<TimeRange> range() const override;
    void paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const override;
    std::vector<TrackMark> marks(const QRectF &rect) const override;
    TrackItem hit(QPointF point, const QRectF &rect, const TimeScale &scale) const override;
    QString toolTip(const TrackItem &item, const QTimeZone &zone) const override;
    bool holds(const TrackItem &item) const override;
    TrackItem neighbour(const TrackItem &from, TimeNs time, bool forward) const override;

    bool isEmpty() const { return m_lines.empty(); }

private:
    struct Line {
        int row = 0;
        int source = -1;
        std::optional<TimeNs> from; ///< None: from before anything of interest.
        TimeNs to;
        CoverageHow how = CoverageHow::Stated;
    };
    TrackItem itemOf(const Line &line) const;
    double middle(const Line &line, const QRectF &rect) const;

    std::shared_ptr<const Evidence> m_evidence;
    int m_rowHeight; ///< Pixels; that of a line of text.
    std::vector<Line> m_lines;
    int m_rows = 0;
};

} // namespace faultline
