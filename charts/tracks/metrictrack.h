// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/seriesview.h"
#include "charts/core/track.h"
#include "charts/tracks/profiletrack.h"
#include "models/findings/findings.h"

namespace faultline {

/// One metric: a line for each of its series over a common value axis, with its limit, and its spikes shaded and named.
class MetricTrack : public Track
{
    Q_DECLARE_TR_FUNCTIONS(faultline::MetricTrack)

public:
    /// A telling stretch of one of the series.
    struct Stretch {
        int spike = -1; ///< Index into Findings::spikes.
        Spike value;
        size_t line = 0; ///< Which of the track's series.
    };
    struct Content {
        std::vector<std::shared_ptr<const SeriesView>>
            series;                              ///< At least one; the first is the one that matters most.
        std::shared_ptr<const SeriesView> limit; ///< Null where no series states one.
        std::optional<double> limitValue;        ///< A limit that a fact states; used where there is no series.
        std::vector<Stretch> stretches;
        QString sourceName;
        std::vector<ProfilePoint> profiles; ///< What profiles say of the first series, at their moments.
    };

    explicit MetricTrack(Content content);

    QString title() const override;
    QString subtitle() const override;
    QString headerToolTip() const override;
    int preferredHeight() const override { return 76; }
    std::optional<TimeRange> range() const override;
    void paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const override;
    void paintLabels(QPainter &painter, const QRectF &rect, const TrackContext &context) const override;
    void paintReadout(QPainter &painter, const QRectF &rect, const TrackContext &context, TimeNs time) const override;
    std::vector<TrackMark> marks(const QRectF &rect) const override;
    TrackItem hit(QPointF point, const QRectF &rect, const TimeScale &scale) const override;
    QString toolTip(const TrackItem &item, const QTimeZone &zone) const override;
    bool holds(const TrackItem &item) const override;
    TrackItem neighbour(const TrackItem &from, TimeNs time, bool forward) const override;

    std::vector<int> series() const override;

    const Content &content() const { return m_content; }
    double y(double value, const QRectF &rect) const;

private:
    void setValueRange();
    TrackItem itemOf(const Stretch &stretch) const;
    TrackItem itemOf(size_t line, size_t sample) const;
    QString lineName(size_t line) const;
    void paintStretches(QPainter &painter, const QRectF &rect, const TrackContext &context) const;
    void paintLine(QPainter &painter, const QRectF &rect, const TrackContext &context, size_t line) const;
    void paintLimit(QPainter &painter, const QRectF &rect, const TrackContext &context) const;
    void paintLegend(QPainter &painter, const QRectF &rect, const TrackContext &context) const;
    void paintStretchLabels(QPainter &painter, const QRectF &rect, const TrackContext &context) const;
    void paintProfiles(QPainter &painter, const QRectF &rect, const TrackContext &context) const;
    void paintSelected(QPainter &painter, const QRectF &rect, const TrackContext &context) const;

    Content m_content;
    QByteArray m_unit;
    double m_legendHeight = 0; ///< Kept free above the lines; 0 for one series, which needs none.
    double m_lo = 0;
    double m_hi = 1;
    std::optional<double> m_limitMost; ///< The greatest limit; off the axis where it is far above all samples.
    bool m_limitShown = false;
};

/// "Spike", "Saturation" … for people.
QString spikeKindText(SpikeKind kind);

} // namespace faultline
