// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/track.h"
#include "models/findings/findings.h"

#include <memory>

namespace faultline {

/// The failures as lines through all tracks, with a band as wide as their time is unsure, and a flag with their name in the header.
/// The first, origin of what ended the run, stands out; those that only followed from it are thinner.
class FailureOverlay
{
    Q_DECLARE_TR_FUNCTIONS(faultline::FailureOverlay)

public:
    FailureOverlay() = default;
    explicit FailureOverlay(std::shared_ptr<const Findings> findings);

    bool isEmpty() const { return m_flags.empty(); }
    std::optional<TimeRange> range() const;
    /// Failures with a time, in order of time: indexes into Findings::failures.
    std::vector<int> inTime() const;

    /// Lines and bands over the tracks.
    void paintLines(QPainter &painter, const QRectF &tracks, const TrackContext &context) const;
    /// Flags in their row of the header.
    void paintFlags(QPainter &painter, const QRectF &row, const TrackContext &context) const;
    /// Ticks in a strip that shows the full range.
    void paintTicks(QPainter &painter, const QRectF &strip, const TimeScale &full, const Theme &theme) const;

    TrackItem hitFlag(QPointF point, const QRectF &row, const TimeScale &scale, const Theme &theme) const;
    TrackItem hitLine(double x, const TimeScale &scale) const;
    QString toolTip(const TrackItem &item, const QTimeZone &zone) const;
    TrackItem itemOf(int failure) const;
    /// The moment of a failure with its error; nullopt where it has no place.
    std::optional<PlacedTime> timeOf(int failure) const;

private:
    struct Flag {
        int failure = -1;
        PlacedTime time;
        QString label;
        bool isOrigin = false;
        bool follows = false;
    };
    struct FlagBox {
        size_t flag = 0;
        QRectF box;
        QString text;
    };
    std::vector<FlagBox> flagBoxes(const QRectF &row, const TimeScale &scale, const Theme &theme) const;
    const Flag *find(int failure) const;

    std::shared_ptr<const Findings> m_findings;
    std::vector<Flag> m_flags; ///< In order of time.
};

} // namespace faultline
