// SPDX-License-Identifier: GPL-3.0-or-later
// A person's notes in the margin of the log.
#include "app/logview/logpane.h"
#include "app/settings/theme.h"
#include "charts/tracks/annotationoverlay.h"

#include <QPainter>
#include <QPainterPath>

using namespace Qt::StringLiterals;

namespace faultline {

void LogPane::setAnnotations(std::shared_ptr<const Annotations> annotations)
{
    constexpr qsizetype MostShown = 300;
    m_analysis.annotations = std::move(annotations);
    LineNotes notes;
    const LogDocument &document = m_view->document();
    for (const LogPart &part : document.parts()) {
        for (const Annotation &note : m_analysis.annotations ? *m_analysis.annotations : Annotations()) {
            if (note.target != AnnotationTarget::Line || note.source != part.evidence->path)
                continue;
            const qint64 first = document.numberOf({part.source, note.line});
            const qint64 last = document.numberOf({part.source, note.lastLine});
            const bool isWhole = last - first == note.lastLine - note.line; // nothing stands between
            if (first > 0)
                notes.emplace(first, LineNote{isWhole ? last : first, annotationColor(note.colour, isDark(palette())),
                                              note.text.left(MostShown)});
        }
    }
    m_view->setNotes(std::move(notes));
}

void LogView::setNotes(LineNotes notes)
{
    m_notes = std::move(notes);
    viewport()->update();
}

/// Between the line's number and its time: a bubble at the first line of a note, a bar beside the others.
void LogView::paintNote(QPainter &painter, qint64 number, int y) const
{
    const auto after = m_notes.upper_bound(number);
    if (after == m_notes.begin())
        return;
    const auto &[first, note] = *std::prev(after);
    if (number > std::max(first, note.lastLine))
        return;
    const double x = m_columns.numberRight + m_charWidth;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(note.color);
    if (number != first) {
        painter.drawRect(QRectF(x - 1, y, 2, m_rowHeight));
    } else {
        const double middle = y + m_rowHeight / 2.0;
        QPainterPath bubble;
        bubble.addRoundedRect(QRectF(x - 5, middle - 5, 10, 8), 2, 2);
        QPainterPath tip;
        tip.addPolygon(QPolygonF({{x - 3, middle + 2}, {x + 1, middle + 2}, {x - 3, middle + 6}}));
        painter.drawPath(bubble.united(tip));
    }
    painter.restore();
}

} // namespace faultline
