// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/linecolumns.h"

#include <algorithm>
#include <cmath>

namespace faultline {

LineColumns::LineColumns(const QRectF &rect, double ratio, double thickness)
    : m_rect(rect)
    , m_ratio(ratio)
    , m_half(thickness * ratio / 2)
    , m_height(static_cast<int>(std::ceil(rect.height() * ratio)))
    , m_columns(static_cast<size_t>(std::max(0.0, std::ceil(rect.width() * ratio))))
{
}

void LineColumns::reach(qsizetype column, double y)
{
    Column &of = m_columns[static_cast<size_t>(column)];
    const auto at = static_cast<float>(y);
    if (of.isEmpty()) {
        of.top = of.bottom = at;
    } else {
        of.top = std::min(of.top, at);
        of.bottom = std::max(of.bottom, at);
    }
}

void LineColumns::add(const QPolygonF &line)
{
    const auto width = static_cast<double>(m_columns.size());
    const auto placed = [&](const QPointF &point) {
        return QPointF((point.x() - m_rect.left()) * m_ratio, (point.y() - m_rect.top()) * m_ratio);
    };
    for (qsizetype i = line.size() == 1 ? 0 : 1; i < line.size(); ++i) {
        const QPointF from = placed(line[std::max<qsizetype>(i - 1, 0)]);
        const QPointF to = placed(line[i]);
        const double first = std::floor(std::max(from.x(), 0.0));
        const double last = std::floor(std::min(to.x(), width - 1));
        const double slope = to.x() > from.x() ? (to.y() - from.y()) / (to.x() - from.x()) : 0;
        for (double column = first; column <= last; ++column) {
            // The piece of the line between the column's edges.
            const auto at = static_cast<qsizetype>(column);
            reach(at, from.x() >= column ? from.y() : from.y() + (column - from.x()) * slope);
            reach(at, to.x() <= column + 1 ? to.y() : from.y() + (column + 1 - from.x()) * slope);
        }
    }
}

QImage LineColumns::image(const QColor &color, const QColor &below, double floor) const
{
    QImage image(static_cast<int>(m_columns.size()), m_height, QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        return image;
    image.setDevicePixelRatio(m_ratio);
    image.fill(Qt::transparent);
    const auto width = static_cast<int>(m_columns.size());
    const qsizetype stride = image.bytesPerLine() / 4;
    auto *const pixels = reinterpret_cast<QRgb *>(image.bits());
    if (below.isValid()) {
        const int ground = std::clamp(static_cast<int>(std::lround((floor - m_rect.top()) * m_ratio)), 0, m_height);
        std::vector<int> from(m_columns.size(), m_height);
        for (size_t x = 0; x < from.size(); ++x)
            if (!m_columns[x].isEmpty())
                from[x] = std::max(0, static_cast<int>(std::lround(m_columns[x].top)));
        const QRgb shade = qPremultiply(below.rgba());
        for (int y = 0; y < ground; ++y)
            for (int x = 0; x < width; ++x)
                if (y >= from[static_cast<size_t>(x)])
                    pixels[y * stride + x] = shade;
    }
    // At its ends a column covers its pixels in part.
    const QRgb full = qPremultiply(color.rgba());
    const auto covering = [&color](double share) {
        return qPremultiply(
            qRgba(color.red(), color.green(), color.blue(), static_cast<int>(std::lround(255 * share))));
    };
    for (int x = 0; x < width; ++x) {
        const Column &column = m_columns[static_cast<size_t>(x)];
        if (column.isEmpty())
            continue;
        const double top = std::clamp(column.top - m_half, 0.0, static_cast<double>(m_height));
        const double bottom = std::clamp(column.bottom + m_half, 0.0, static_cast<double>(m_height));
        for (int y = static_cast<int>(top); y < bottom; ++y) {
            const double share = std::min(bottom, y + 1.0) - std::max<double>(top, y);
            pixels[y * stride + x] = share >= 1 ? full : covering(share);
        }
    }
    return image;
}

} // namespace faultline
