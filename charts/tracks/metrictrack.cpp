// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/metrictrack.h"

#include "charts/core/format.h"
#include "charts/core/linecolumns.h"
#include "charts/core/telling.h"

#include <QPaintEngine>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr double TopMargin = 8;
constexpr double BottomMargin = 5;
constexpr double FarLimit = 3; ///< A limit more than so many times above all samples is named, not drawn to scale.
constexpr double AlmostFlat =
    0.5; ///< An axis starts at zero where the least value is below this share of the greatest.

/// Labels of one series that others of the track do not share.
QString differing(const Series &series, const std::vector<std::shared_ptr<const SeriesView>> &all)
{
    QStringList values;
    for (const auto &[name, value] : series.labels) {
        const bool isShared =
            std::ranges::all_of(all, [&](const auto &other) { return other->series().label(name) == value; });
        if (isShared)
            continue;
        bool isNumber = false;
        const double quantile = name == "quantile" ? value.toDouble(&isNumber) : 0;
        values.push_back(isNumber ? QString(u'p' % QString::number(100 * quantile)) : shownText(value, 40));
    }
    return values.isEmpty() ? shownText(series.name, 60) : values.join(u' ');
}

/// Labels that all series of the track share.
QString sharedLabels(const std::vector<std::shared_ptr<const SeriesView>> &all)
{
    Series shared;
    for (const auto &[name, value] : all.front()->series().labels)
        if (std::ranges::all_of(all, [&](const auto &other) { return other->series().label(name) == value; }))
            shared.labels.emplace_back(name, value);
    return seriesLabels(shared);
}

/// The area between a line and the axis.
void fillBelow(QPainter &painter, const QPolygonF &line, double floor, const QColor &color)
{
    QPolygonF area = line;
    area.append({line.back().x(), floor});
    area.append({line.front().x(), floor});
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(area);
}

/// A dot at each point: painted once where it is made of pixels, since smoothing takes longest.
void paintDots(QPainter &painter, const QPolygonF &points, double radius, const QColor &color)
{
    const auto paintDot = [&](QPainter &into, const QPointF &at) {
        into.setPen(Qt::NoPen);
        into.setBrush(color);
        into.drawEllipse(at, radius, radius);
    };
    if (painter.paintEngine()->type() != QPaintEngine::Raster) {
        for (const QPointF &point : points)
            paintDot(painter, point);
        return;
    }
    const double ratio = painter.device()->devicePixelRatioF();
    const double half = std::ceil(radius) + 1;
    QImage dot((QSizeF(2 * half, 2 * half) * ratio).toSize(), QImage::Format_ARGB32_Premultiplied);
    dot.setDevicePixelRatio(ratio);
    dot.fill(Qt::transparent);
    QPainter into(&dot);
    into.setRenderHint(QPainter::Antialiasing);
    paintDot(into, {half, half});
    into.end();
    for (const QPointF &point : points)
        painter.drawImage(
            QPointF(std::round(point.x() * ratio) / ratio - half, std::round(point.y() * ratio) / ratio - half), dot);
}

} // namespace

QString spikeKindText(SpikeKind kind)
{
    switch (kind) {
    case SpikeKind::Spike: return MetricTrack::tr("Spike");
    case SpikeKind::Shift: return MetricTrack::tr("Level shift");
    case SpikeKind::Saturation: return MetricTrack::tr("Saturated");
    case SpikeKind::Reset: return MetricTrack::tr("Reset");
    case SpikeKind::Trend: return MetricTrack::tr("Trend");
    }
    return {};
}

MetricTrack::MetricTrack(Content content)
    : m_content(std::move(content))
{
    Q_ASSERT(!m_content.series.empty());
    m_unit = m_content.series.front()->unit();
    if (m_content.series.size() > 1)
        m_legendHeight = QFontMetricsF(QFont()).height();
    setValueRange();
}

void MetricTrack::setValueRange()
{
    std::optional<std::pair<double, double>> all;
    for (const auto &series : m_content.series)
        if (const auto range = series->valueRange())
            all = all ? std::pair(std::min(all->first, range->first), std::max(all->second, range->second)) : *range;
    for (const ProfilePoint &point : m_content.profiles)
        all = all ? std::pair(std::min(all->first, point.value), std::max(all->second, point.value))
                  : std::pair(point.value, point.value);
    if (m_content.limit) {
        if (const auto range = m_content.limit->valueRange())
            m_limitMost = range->second;
    } else {
        m_limitMost = m_content.limitValue;
    }
    if (!all)
        return;
    auto [lo, hi] = *all;
    m_limitShown = m_limitMost && *m_limitMost <= FarLimit * std::max(hi, 0.0) && *m_limitMost > lo;
    if (m_limitShown)
        hi = std::max(hi, *m_limitMost);
    if (lo >= 0 && lo < AlmostFlat * hi)
        lo = 0;
    if (!(hi > lo)) {
        const double pad = hi == 0 ? 1 : std::abs(hi) / 2;
        lo = lo == 0 ? 0 : lo - pad;
        hi += pad;
    }
    const double head = (hi - lo) * 0.06;
    m_lo = lo == 0 ? 0 : lo - head;
    m_hi = hi + head;
    if (!std::isfinite(m_hi - m_lo)) {
        m_lo = -1e300;
        m_hi = 1e300;
    }
}

QString MetricTrack::title() const
{
    return shownText(m_content.series.front()->series().name, 120);
}

QString MetricTrack::subtitle() const
{
    QString unit = shownText(m_unit, 24);
    if (m_content.series.front()->isRate())
        unit = !unit.endsWith(u"/s") ? unit
               : unit == u"/s"       ? tr("per second")
                                     : tr("%1 per second").arg(unit.chopped(2));
    const QString labels = sharedLabels(m_content.series);
    const QString where = unit.isEmpty() ? m_content.sourceName : QString(m_content.sourceName % u" · "_s % unit);
    return labels.isEmpty() ? where : QString(labels % u'\n' % where);
}

QString MetricTrack::headerToolTip() const
{
    QStringList lines;
    for (const auto &series : m_content.series)
        lines.push_back(shownText(series->series().id(), 300));
    lines.push_back(subtitle());
    if (const DurationNs step = m_content.series.front()->stepNs(); step > 0)
        lines.push_back(tr("a sample every %1").arg(formatDuration(step)));
    if (m_content.limit)
        lines.push_back(tr("limit: %1").arg(shownText(m_content.limit->series().id(), 300)));
    return lines.join(u'\n');
}

std::optional<TimeRange> MetricTrack::range() const
{
    std::optional<TimeRange> all;
    for (const auto &series : m_content.series)
        if (!series->isEmpty())
            all = all ? all->united(series->range()) : series->range();
    return all;
}

double MetricTrack::y(double value, const QRectF &rect) const
{
    const double share = (value - m_lo) / (m_hi - m_lo);
    const double room = rect.height() - TopMargin - m_legendHeight - BottomMargin;
    return rect.bottom() - BottomMargin - std::clamp(share, -0.1, 1.1) * room;
}

std::vector<TrackMark> MetricTrack::marks(const QRectF &rect) const
{
    // The subtitle names the unit; on the axis it is repeated only where the numbers mean nothing without it.
    const QByteArray base = m_unit.endsWith("/s") ? m_unit.chopped(2) : m_unit;
    const bool isPlain = !base.startsWith("byte") && base != "seconds" && base != "ratio" && base != "percent";
    std::vector<TrackMark> result;
    for (const double tick : valueTicks(m_lo, m_hi, 3, m_unit))
        result.push_back({y(tick, rect), formatValue(tick, isPlain ? QByteArray() : m_unit)});
    return result;
}

void MetricTrack::paint(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    painter.setPen(QPen(context.theme.grid, 1));
    for (const TrackMark &mark : marks(rect)) {
        const double at = std::round(mark.y) + 0.5;
        painter.drawLine(QPointF(rect.left(), at), QPointF(rect.right(), at));
    }
    paintStretches(painter, rect, context);
    // The one that matters most comes on top.
    for (size_t line = m_content.series.size(); line-- > 0;)
        paintLine(painter, rect, context, line);
    paintLimit(painter, rect, context);
    paintProfiles(painter, rect, context);
    paintSelected(painter, rect, context);
}

void MetricTrack::paintLabels(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    paintStretchLabels(painter, rect, context);
    if (m_content.series.size() > 1)
        paintLegend(painter, rect, context);
}

void MetricTrack::paintStretches(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    for (const Stretch &stretch : m_content.stretches) {
        const bool isSaturated = stretch.value.kind == SpikeKind::Saturation;
        double left = context.scale.x(stretch.value.start);
        double right = context.scale.x(stretch.value.end);
        if (right < rect.left() || left > rect.right())
            continue;
        if (right - left < 3) {
            left -= 1.5;
            right += 1.5;
        }
        const QRectF band(left, rect.top() + 1, right - left, rect.height() - 2);
        const QColor color = isSaturated ? context.theme.failure : context.theme.spike;
        painter.fillRect(band, Theme::shade(color, context.theme.dark ? 0.2 : 0.16));
        if (isSaturated)
            painter.fillRect(band, QBrush(Theme::shade(color, 0.28), Qt::FDiagPattern));
    }
}

void MetricTrack::paintLine(QPainter &painter, const QRectF &rect, const TrackContext &context, size_t line) const
{
    constexpr double CrowdedDistance = 9; // pixels: closer together, samples have no marks of their own
    const auto lines = m_content.series[line]->plot(context.scale);
    const QColor color = context.theme.series(static_cast<int>(line));
    const QColor below = m_content.series.size() == 1 ? Theme::shade(color, context.theme.dark ? 0.16 : 0.1) : QColor();
    const double floor = y(std::clamp(0.0, m_lo, m_hi), rect);
    size_t count = 0;
    std::vector<QPolygonF> polygons;
    for (const PlotLine &points : lines) {
        QPolygonF &polygon = polygons.emplace_back();
        polygon.reserve(static_cast<qsizetype>(points.size()) + 2);
        for (const PlotPoint &point : points)
            polygon.append({point.x, y(point.value, rect)});
        count += points.size();
    }
    const bool isCrowded = static_cast<double>(count) * CrowdedDistance > rect.width();
    const bool isRaster = painter.paintEngine()->type() == QPaintEngine::Raster;
    if (isRaster) { // smoothing what lies below a line of some dozen points takes longer than a frame may
        LineColumns columns(rect, painter.device()->devicePixelRatioF(), isCrowded ? 1.4 : 1.6);
        for (const QPolygonF &polygon : polygons)
            columns.add(polygon);
        painter.drawImage(rect.topLeft(), columns.image(color, below, floor));
        if (isCrowded)
            return;
    }
    painter.setRenderHint(QPainter::Antialiasing);
    for (QPolygonF &polygon : polygons) {
        if (polygon.size() == 1)
            polygon.append(polygon.front() + QPointF(0.1, 0));
        if (below.isValid() && !isRaster)
            fillBelow(painter, polygon, floor, below);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(color, isCrowded ? 1.4 : 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        if (!isRaster)
            painter.drawPolyline(polygon);
        if (isCrowded)
            continue;
        // Far apart, the samples themselves are shown: between them nothing is known.
        const bool isAlone = polygon.size() == 2 && polygon.back().x() - polygon.front().x() < 0.2;
        const double distance = (polygon.back().x() - polygon.front().x()) / static_cast<double>(polygon.size() - 1);
        if (!isAlone && distance < CrowdedDistance)
            continue;
        paintDots(painter, polygon, isAlone ? 2.5 : 2.1, color);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void MetricTrack::paintLimit(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    if (!m_limitMost)
        return;
    const Theme &theme = context.theme;
    double labelY = rect.top() + 1 + m_legendHeight;
    QString label = tr("limit %1 ↑").arg(formatValue(*m_limitMost, m_unit));
    if (m_limitShown) {
        label = tr("limit %1").arg(formatValue(*m_limitMost, m_unit));
        painter.setPen(QPen(theme.limit, 1.2, Qt::DashLine));
        if (m_content.limit) {
            QPolygonF polygon;
            for (const PlotLine &points : m_content.limit->plot(context.scale))
                for (const PlotPoint &point : points)
                    polygon.append({point.x, std::round(y(point.value, rect)) + 0.5});
            if (polygon.size() == 1)
                polygon.append(polygon.front());
            // A limit holds until another one is stated.
            if (!polygon.isEmpty()) {
                polygon.prepend({rect.left(), polygon.front().y()});
                polygon.append({rect.right(), polygon.back().y()});
            }
            painter.drawPolyline(polygon);
        } else {
            const double at = std::round(y(*m_limitMost, rect)) + 0.5;
            painter.drawLine(QPointF(rect.left(), at), QPointF(rect.right(), at));
        }
        labelY = y(*m_limitMost, rect) + 1;
    }
    const QFontMetricsF metrics(theme.smallFont);
    const double width = metrics.horizontalAdvance(label) + 6;
    const QRectF box(rect.right() - width - 4, labelY, width, metrics.height());
    painter.fillRect(box, Theme::shade(theme.ground, 0.82));
    painter.setFont(theme.smallFont);
    painter.setPen(theme.limit);
    painter.drawText(box, Qt::AlignCenter, label);
}

/// What a profile counted, as a mark beside the line of what was sampled.
void MetricTrack::paintProfiles(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    constexpr double Radius = 5;
    painter.setRenderHint(QPainter::Antialiasing);
    for (const ProfilePoint &point : m_content.profiles) {
        const QPointF at(context.scale.x(point.time), y(point.value, rect));
        const bool isSelected = context.selected.isSameThing(point.item);
        painter.setPen(QPen(isSelected ? context.theme.accent : context.theme.ground, isSelected ? 2 : 1));
        painter.setBrush(context.theme.series(2));
        painter.drawPolygon(QPolygonF(
            {at + QPointF(0, -Radius), at + QPointF(Radius, 0), at + QPointF(0, Radius), at + QPointF(-Radius, 0)}));
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void MetricTrack::paintStretchLabels(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    const Theme &theme = context.theme;
    const QFontMetricsF metrics(theme.smallFont);
    painter.setFont(theme.smallFont);
    double taken = rect.left();
    for (const Stretch &stretch : m_content.stretches) {
        const double peak = context.scale.x(stretch.value.peak);
        if (peak < rect.left() || peak > rect.right())
            continue;
        const QString value = formatValue(stretch.value.value, m_unit);
        const QString of = m_content.series.size() > 1
                               ? QString(metrics.elidedText(lineName(stretch.line), Qt::ElideMiddle, 90) % u": "_s)
                               : QString();
        const QString text = of % spikeKindText(stretch.value.kind) % u' ' % value;
        const double width = metrics.horizontalAdvance(text) + 12;
        // Beside the peak, on the side where the line has not yet risen.
        // Else within the stretch, low, where a line that is up leaves room.
        double left = context.scale.x(stretch.value.start) - width - 5;
        const bool isInside = left < taken;
        if (isInside)
            left = std::max(context.scale.x(stretch.value.start), rect.left()) + 5;
        if (left < taken || left + width > rect.right())
            continue;
        taken = left + width;
        const double top = isInside ? rect.bottom() - metrics.height() - 8 : rect.top() + 4 + m_legendHeight;
        const QRectF chip(left, top, width, metrics.height() + 2);
        const QColor color =
            stretch.value.kind == SpikeKind::Saturation ? theme.failure : readable(theme.spike, theme.ground, 3);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(color, 1));
        painter.setBrush(theme.tint(color, theme.dark ? 0.3 : 0.14));
        painter.drawRoundedRect(chip.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter.setBrush(color);
        painter.drawEllipse(QPointF(peak, y(stretch.value.value, rect)), 3, 3);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(theme.text);
        painter.drawText(chip, Qt::AlignCenter, text);
    }
}

QString MetricTrack::lineName(size_t line) const
{
    return differing(m_content.series[line]->series(), m_content.series);
}

void MetricTrack::paintLegend(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    const Theme &theme = context.theme;
    const QFontMetricsF metrics(theme.smallFont);
    painter.setFont(theme.smallFont);
    double x = rect.left() + 6;
    for (size_t line = 0; line < m_content.series.size(); ++line) {
        const QString name = metrics.elidedText(lineName(line), Qt::ElideMiddle, 120);
        const double width = metrics.horizontalAdvance(name) + 22;
        if (x + width > rect.right() - 90)
            break;
        const QRectF box(x, rect.top() + 3, width, metrics.height());
        painter.fillRect(box, Theme::shade(theme.ground, 0.8));
        painter.fillRect(QRectF(x + 3, box.center().y() - 1, 10, 3), theme.series(static_cast<int>(line)));
        painter.setPen(theme.mutedText);
        painter.drawText(box.adjusted(17, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, name);
        x += width + 4;
    }
}

void MetricTrack::paintSelected(QPainter &painter, const QRectF &rect, const TrackContext &context) const
{
    const TrackItem &item = context.selected;
    if (!holds(item))
        return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(context.theme.accent, 2));
    painter.setBrush(Qt::NoBrush);
    if (item.kind == TrackItem::Kind::Spike) {
        for (const Stretch &stretch : m_content.stretches) {
            if (stretch.spike != item.spike)
                continue;
            const double left = context.scale.x(stretch.value.start);
            const double right = std::max(context.scale.x(stretch.value.end), left + 3);
            painter.drawRoundedRect(QRectF(left - 1, rect.top() + 2, right - left + 2, rect.height() - 4), 3, 3);
        }
    } else if (item.time) {
        for (const auto &series : m_content.series)
            if (series->index() == item.series)
                if (const auto sample = series->nearest(*item.time))
                    painter.drawEllipse(
                        QPointF(context.scale.x(series->timeOf(*sample)), y(series->values()[*sample], rect)), 5, 5);
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void MetricTrack::paintReadout(QPainter &painter, const QRectF &rect, const TrackContext &context, TimeNs time) const
{
    const Theme &theme = context.theme;
    const QFontMetricsF metrics(theme.smallFont);
    painter.setFont(theme.smallFont);
    std::vector<QRectF> taken;
    for (size_t line = 0; line < m_content.series.size(); ++line) {
        const auto sample = m_content.series[line]->nearest(time);
        if (!sample)
            continue;
        const double value = m_content.series[line]->values()[*sample];
        const QPointF at(context.scale.x(m_content.series[line]->timeOf(*sample)), y(value, rect));
        if (at.x() < rect.left() || at.x() > rect.right())
            continue;
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.ground, 1.5));
        painter.setBrush(theme.series(static_cast<int>(line)));
        painter.drawEllipse(at, 3.6, 3.6);
        const QString text = formatValue(value, m_unit);
        const double width = metrics.horizontalAdvance(text) + 10;
        QRectF chip(at.x() + 8, at.y() - metrics.height() / 2 - 1, width, metrics.height() + 2);
        if (chip.right() > rect.right())
            chip.moveRight(at.x() - 8);
        chip.moveTop(std::clamp(chip.top(), rect.top(), rect.bottom() - chip.height()));
        if (std::ranges::any_of(taken, [&](const QRectF &other) { return other.intersects(chip); }))
            continue;
        taken.push_back(chip);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.tooltipGround);
        painter.drawRoundedRect(chip, 3, 3);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(theme.tooltipText);
        painter.drawText(chip, Qt::AlignCenter, text);
    }
}

} // namespace faultline
