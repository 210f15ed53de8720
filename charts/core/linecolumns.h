// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QImage>
#include <QPolygonF>

#include <vector>

namespace faultline {

/// A line of many points as pixels: for each column how far up and down the line reaches within it, so that no single point is lost.
/// Painting these takes a tenth of what a polyline takes, and looks the same where a line has a point every few pixels.
class LineColumns
{
public:
    /// All lines are drawn within [left, left + width) and [top, top + height); `ratio` device pixels to one of theirs.
    LineColumns(const QRectF &rect, double ratio, double thickness);

    /// Points in order of x.
    void add(const QPolygonF &line);
    /// The lines, and what lies between them and `floor` in another colour where that is valid. Of the rectangle's size, in device pixels.
    QImage image(const QColor &color, const QColor &below, double floor) const;

private:
    struct Column {
        float top = 0;
        float bottom = -1; ///< Above the top: nothing.
        bool isEmpty() const { return bottom < top; }
    };
    void reach(qsizetype column, double y);

    QRectF m_rect;
    double m_ratio;
    double m_half; ///< Of the thickness.
    int m_height;
    std::vector<Column> m_columns;
};

} // namespace faultline
