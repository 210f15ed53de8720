// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/tracks/annotationoverlay.h"

#include "charts/core/format.h"

#include <QPainter>
#include <QPainterPath>

#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr double PinWidth = 11;
constexpr double PinHeight = 13;
} // namespace

QColor annotationColor(AnnotationColour colour, bool dark)
{
    switch (colour) {
    case AnnotationColour::Blue: return dark ? 0xff8ea2ff : 0xff3b55d9;
    case AnnotationColour::Green: return dark ? 0xff5fcf8f : 0xff1a7f46;
    case AnnotationColour::Yellow: return dark ? 0xffe8cf4a : 0xff8f7300;
    case AnnotationColour::Orange: return dark ? 0xffffa45c : 0xffb85a00;
    case AnnotationColour::Red: return dark ? 0xffff8f86 : 0xffc0262d;
    case AnnotationColour::Purple: return dark ? 0xffc7a6ff : 0xff7a3fb5;
    }
    return {};
}

AnnotationOverlay::AnnotationOverlay(std::vector<PlacedAnnotation> notes)
    : m_notes(std::move(notes))
{
    std::erase_if(m_notes, [](const PlacedAnnotation &note) { return !note.time; });
}

void AnnotationOverlay::paintLines(QPainter &painter, const QRectF &tracks, const TimeScale &scale,
                                   const Theme &theme) const
{
    for (const PlacedAnnotation &note : m_notes) {
        const double x = scale.x(note.time->time);
        const double end = note.end ? scale.x(*note.end) : x;
        if (std::max(x, end) < tracks.left() || std::min(x, end) > tracks.right())
            continue;
        const QColor color = annotationColor(note.annotation.colour, theme.dark);
        const auto line = [&](double at) {
            painter.setPen(QPen(Theme::shade(color, 0.75), 1, Qt::DashDotLine));
            painter.drawLine(QPointF(std::round(at) + 0.5, tracks.top()),
                             QPointF(std::round(at) + 0.5, tracks.bottom()));
        };
        line(x);
        if (end - x < 2)
            continue;
        painter.fillRect(QRectF(QPointF(x, tracks.top()), QPointF(end, tracks.bottom())).intersected(tracks),
                         Theme::shade(color, theme.dark ? 0.14 : 0.10));
        line(end);
    }
}

void AnnotationOverlay::paintPins(QPainter &painter, const QRectF &row, const TimeScale &scale,
                                  const Theme &theme) const
{
    painter.save();
    painter.setClipRect(row.adjusted(-PinWidth / 2, 0, 0, 0));
    painter.setRenderHint(QPainter::Antialiasing);
    for (const PlacedAnnotation &note : m_notes) {
        const double x = scale.x(note.time->time);
        if (x < row.left() - 1 || x > row.right() + 1)
            continue;
        const double left = x - PinWidth / 2;
        const double top = row.bottom() - PinHeight;
        QPainterPath pin; // a speech bubble, as notes have in documents
        pin.addRoundedRect(QRectF(left, top, PinWidth, PinHeight - 4), 2.5, 2.5);
        QPainterPath tip;
        tip.addPolygon(QPolygonF({{x - 3, top + PinHeight - 5}, {x + 3, top + PinHeight - 5}, {x, row.bottom()}}));
        painter.setPen(QPen(theme.panel, 1));
        painter.setBrush(annotationColor(note.annotation.colour, theme.dark));
        painter.drawPath(pin.united(tip));
    }
    painter.restore();
}

const PlacedAnnotation *AnnotationOverlay::hit(QPointF point, const QRectF &row, const TimeScale &scale) const
{
    if (point.y() < row.bottom() - PinHeight - 1 || point.y() > row.bottom() + 1)
        return nullptr;
    const PlacedAnnotation *best = nullptr;
    double least = PinWidth / 2 + 1;
    for (const PlacedAnnotation &note : m_notes) {
        const double away = std::abs(scale.x(note.time->time) - point.x());
        if (away <= least) { // of those at one place the last is on top
            best = &note;
            least = away;
        }
    }
    return best;
}

QString AnnotationOverlay::toolTip(const PlacedAnnotation &note, const QTimeZone &zone) const
{
    constexpr qsizetype MostShown = 300;
    QString text = formatTime(note.time->time, zone, NsPerMillisecond);
    if (note.end)
        text += tr(" to %1").arg(formatTime(*note.end, zone, NsPerMillisecond));
    if (!note.annotation.author.isEmpty())
        text += u" · "_s % note.annotation.author;
    text += u'\n' % note.annotation.text.left(MostShown);
    if (note.annotation.text.size() > MostShown)
        text += u'…';
    return text;
}

} // namespace faultline
