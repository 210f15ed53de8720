// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/theme.h"
#include "charts/core/timescale.h"
#include "models/annotations/annotation.h"

#include <QCoreApplication>
#include <QRectF>
#include <QTimeZone>

class QPainter;

namespace faultline {

/// The colour of notes, which keeps 3:1 on the charts' and the log's ground.
QColor annotationColor(AnnotationColour colour, bool dark);

/// A person's notes on the timeline: a pin each at the time scale, a line or a band through all tracks.
class AnnotationOverlay
{
    Q_DECLARE_TR_FUNCTIONS(faultline::AnnotationOverlay)

public:
    AnnotationOverlay() = default;
    explicit AnnotationOverlay(std::vector<PlacedAnnotation> notes);

    void paintLines(QPainter &painter, const QRectF &tracks, const TimeScale &scale, const Theme &theme) const;
    /// Pins stand on the lower edge of the row.
    void paintPins(QPainter &painter, const QRectF &row, const TimeScale &scale, const Theme &theme) const;
    /// The note whose pin is at a point; null where there is none.
    const PlacedAnnotation *hit(QPointF point, const QRectF &row, const TimeScale &scale) const;
    /// Plain text, lines separated by LF.
    QString toolTip(const PlacedAnnotation &note, const QTimeZone &zone) const;

private:
    std::vector<PlacedAnnotation> m_notes; ///< Those with a time.
};

} // namespace faultline
