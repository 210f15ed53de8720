// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logview.h"
#include "app/settings/theme.h"

#include <QLocale>
#include <QPaintEvent>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QTextLayout>

#include <algorithm>
#include <cstdlib>
#include <utility>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostFoundInLine = 200;

void addFound(QList<QTextLayout::FormatRange> &ranges, const QString &text, const QRegularExpression &expression,
              const QColor &ground)
{
    int count = 0;
    auto matches = expression.globalMatch(text);
    while (matches.hasNext() && count++ < MostFoundInLine) {
        const auto match = matches.next();
        if (match.capturedLength() == 0)
            continue;
        QTextLayout::FormatRange range;
        range.start = static_cast<int>(match.capturedStart());
        range.length = static_cast<int>(match.capturedLength());
        range.format.setBackground(ground);
        ranges.append(range);
    }
}

/// What is hidden in a fold, in a word.
QString foldedText(MarkKind kind)
{
    switch (kind) {
    case MarkKind::Warning: return LogView::tr("a warning");
    case MarkKind::Error: return LogView::tr("an error");
    case MarkKind::Supporting: return LogView::tr("evidence");
    case MarkKind::Failing:
    case MarkKind::Failure: break;
    }
    return LogView::tr("a failure");
}

QTextCharFormat ansiFormat(const AnsiSpan &span, const QPalette &palette)
{
    const bool dark = isDark(palette);
    QTextCharFormat format;
    if (span.foreground >= 0)
        format.setForeground(ansiColor(span.foreground, dark));
    else if (span.faint)
        format.setForeground(themeColors(palette).faint);
    if (span.background >= 0) {
        QColor ground = ansiColor(span.background, dark);
        ground.setAlphaF(0.22F);
        format.setBackground(ground);
    }
    if (span.bold)
        format.setFontWeight(QFont::Bold);
    if (span.italic)
        format.setFontItalic(true);
    if (span.underline)
        format.setFontUnderline(true);
    return format;
}

} // namespace

void LogView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    const ThemeColors &colors = themeColors(palette());
    if (m_document->isNull() || m_document->lineCount() == 0) {
        painter.setPen(colors.faint);
        const QString text = m_document->isMerged() ? tr("No line has a place in time yet")
                             : m_document->isNull() ? tr("No text to show for this source")
                                                    : tr("This file is empty");
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, text);
        return;
    }
    if (m_rows.count() == 0) {
        painter.setPen(colors.faint);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("The filters hide every line"));
        return;
    }
    if (std::exchange(m_centresWhenShown, false))
        setTop(topFor(m_rows.rowOf(m_caret.line), viewport()->height() / 3));
    painter.fillRect(QRect(0, event->rect().top(), m_columns.stripe, event->rect().height()),
                     palette().color(QPalette::AlternateBase));
    const int widestBefore = m_widest;
    qint64 numberBefore = m_rows.lineAt(m_top - 1);
    const std::vector<ShownRow> rows = shownRows();
    for (const ShownRow &row : rows) {
        if (row.y <= event->rect().bottom() && row.y + row.height > event->rect().top())
            paintLine(painter, row, numberBefore);
        numberBefore = row.number;
    }
    std::erase_if(m_laidOut, [&rows](const auto &laidOut) {
        return rows.empty() || laidOut.first < rows.front().number || laidOut.first > rows.back().number;
    });
    if (m_widest != widestBefore)
        QMetaObject::invokeMethod(this, [this] { updateBars(); }, Qt::QueuedConnection);
}

QColor LogView::groundOf(const LineMark *mark, qint64 number) const
{
    const ThemeColors &colors = themeColors(palette());
    if (mark && mark->kind >= MarkKind::Failing)
        return colors.failureGround;
    if (number == m_caret.line)
        return colors.accentGround;
    if (mark && mark->kind == MarkKind::Supporting)
        return QColor::fromRgbF(colors.accentGround.redF(), colors.accentGround.greenF(), colors.accentGround.blueF(),
                                0.55F);
    return {};
}

void LogView::paintLine(QPainter &painter, const ShownRow &row, qint64 numberBefore) const
{
    const ThemeColors &colors = themeColors(palette());
    const qint64 number = row.number;
    const LineMark *mark = m_marks.at(number);
    const int width = viewport()->width();
    if (const QColor ground = groundOf(mark, number); ground.isValid())
        painter.fillRect(0, row.y, width, row.height, ground);
    if (number == m_caret.line)
        painter.fillRect(0, row.y, 3, row.height,
                         mark && mark->kind >= MarkKind::Failing ? colors.failure : colors.accent);
    const LogLine line = m_document->line(number); // a copy: other lines are looked at meanwhile
    double textEnd = 0;
    paintText(painter, row, line, textEnd);
    paintColumns(painter, row, numberBefore);
    const QColor stripe = line.level >= Severity::Error     ? colors.failure
                          : line.level == Severity::Warning ? colors.warning
                                                            : QColor();
    if (stripe.isValid())
        painter.fillRect(m_columns.stripe, row.y, 3, row.height, stripe);
    if (mark)
        paintMark(painter, *mark, number, row.y);
    paintNote(painter, number, row.y);
    if (m_bookmarks.contains(number)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.warning);
        const double top = row.y + 2.0;
        painter.drawPolygon(QPolygonF({{2, top}, {8, top}, {8, top + 9}, {5, top + 6.5}, {2, top + 9}}));
    }
    paintFold(painter, number, row.y, textEnd);
    if (m_newLines.contains(number)) {
        painter.fillRect(width - 3, row.y, 3, row.height, colors.good);
        if (!m_newLines.contains(number - 1))
            painter.fillRect(0, row.y, width, 1, colors.good);
    }
}

void LogView::paintText(QPainter &painter, const ShownRow &row, const LogLine &line, double &textEnd) const
{
    const QTextLayout &layout = layoutOf(row.number, line);
    const QTextLine last = layout.lineAt(layout.lineCount() - 1);
    if (!m_isWrapped)
        const_cast<LogView *>(this)->m_widest =
            std::max(m_widest, std::min(static_cast<int>(last.naturalTextWidth()), 1'000'000));
    const QPointF at(m_columns.text - horizontalScrollBar()->value(), row.y);
    textEnd = at.x() + last.naturalTextWidth();
    painter.save();
    painter.setClipRect(m_columns.text, row.y, viewport()->width() - m_columns.text, row.height);
    painter.setPen(palette().color(QPalette::Text));
    QList<QTextLayout::FormatRange> selections;
    const auto [from, to] = ordered();
    if (from != to && row.number >= from.line && row.number <= to.line) {
        QTextLayout::FormatRange range;
        range.start = row.number == from.line ? from.column : 0;
        range.length = (row.number == to.line ? to.column : static_cast<int>(line.text.size())) - range.start;
        QColor ground = palette().color(QPalette::Highlight);
        range.format.setBackground(ground);
        range.format.setForeground(palette().color(QPalette::HighlightedText));
        if (range.length > 0)
            selections.append(range);
        if (row.number < to.line) {
            // The line's end is selected too: a stub shows it, also on empty lines.
            painter.fillRect(QRectF(textEnd, row.y + row.height - m_rowHeight, m_charWidth / 2.0, m_rowHeight), ground);
        }
    }
    layout.draw(&painter, at, selections);
    if (hasFocus() && row.number == m_caret.line)
        layout.drawCursor(&painter, at, std::min(m_caret.column, static_cast<int>(line.text.size())), 1);
    painter.restore();
}

/// Number, time, source and level, before the line of text that comes first.
void LogView::paintColumns(QPainter &painter, const ShownRow &row, qint64 numberBefore) const
{
    const ThemeColors &colors = themeColors(palette());
    const auto align = Qt::AlignVCenter | Qt::TextSingleLine;
    const LinePlace place = m_document->placeOf(row.number);
    const LinePlace placeBefore = m_document->placeOf(numberBefore);
    const std::optional<TimeNs> timeBefore = m_document->line(numberBefore).time;
    const LogLine &line = m_document->line(row.number);
    painter.setPen(row.number == m_caret.line ? palette().color(QPalette::Text) : colors.faint);
    painter.drawText(QRect(0, row.y, m_columns.numberRight, m_rowHeight), Qt::AlignRight | align,
                     QString::number(place.line));
    if (m_columns.timeWidth > 0) {
        QColor ink = palette().color(QPalette::Text);
        // Lines that come at once say little by that.
        const bool isAtOnce = m_timeShown == TimeShown::SinceLine && line.time && timeBefore
                              && std::abs(*line.time - *timeBefore) < NsPerMillisecond;
        if (line.carried || !line.time || isAtOnce) {
            ink = colors.faint;
            ink.setAlphaF(0.75F);
        }
        painter.setPen(ink);
        painter.drawText(QRect(m_columns.time, row.y, m_columns.timeWidth, m_rowHeight), Qt::AlignRight | align,
                         timeText(line, timeBefore));
    }
    if (m_columns.sourceWidth > 0)
        paintSource(painter, row, place.source, row.y <= 0 || place.source != placeBefore.source);
    if (m_columns.levelWidth > 0 && line.level != Severity::Info) {
        const QString text = line.level == Severity::Fatal     ? tr("fatal")
                             : line.level == Severity::Error   ? tr("error")
                             : line.level == Severity::Warning ? tr("warn")
                                                               : tr("debug");
        painter.setPen(line.level >= Severity::Error     ? colors.failure
                       : line.level == Severity::Warning ? colors.warning
                                                         : colors.faint);
        painter.drawText(QRect(m_columns.level, row.y, m_columns.levelWidth, m_rowHeight), Qt::AlignLeft | align, text);
    }
}

/// A bar in the source's colour, and its name where lines of another one stand before.
void LogView::paintSource(QPainter &painter, const ShownRow &row, int source, bool isNamed) const
{
    const auto color = m_sourceColors.find(source);
    const LogPart *part = m_document->part(source);
    if (color == m_sourceColors.end() || !part)
        return;
    painter.fillRect(m_columns.source, row.y, 3, row.height, color->second);
    if (!isNamed)
        return;
    painter.setPen(themeColors(palette()).faint);
    const QRect place(m_columns.source + m_charWidth, row.y, m_columns.sourceWidth - m_charWidth, m_rowHeight);
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     painter.fontMetrics().elidedText(part->name, Qt::ElideMiddle, place.width()));
}

/// The triangle before a line that a fold begins with; behind the line, how much it hides and the worst of that.
void LogView::paintFold(QPainter &painter, qint64 number, int y, double textEnd) const
{
    const std::optional<Fold> fold = foldAt(number);
    if (!fold)
        return;
    const ThemeColors &colors = themeColors(palette());
    const double x = m_columns.fold + m_charWidth;
    const double middle = y + m_rowHeight / 2.0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.faint);
    if (fold->hidden > 0)
        painter.drawPolygon(QPolygonF({{x - 2.5, middle - 4}, {x + 2.5, middle}, {x - 2.5, middle + 4}}));
    else
        painter.drawPolygon(QPolygonF({{x - 4, middle - 2.5}, {x + 4, middle - 2.5}, {x, middle + 2.5}}));
    if (fold->hidden > 0) {
        QString text = fold->hidden == 1 ? tr("1 line") : tr("%1 lines").arg(QLocale().toString(fold->hidden));
        QColor ink = colors.faint;
        QColor ground = colors.quietGround;
        if (fold->strongest) {
            const MarkKind kind = *fold->strongest;
            text += u" · "_s % foldedText(kind);
            ink = kind == MarkKind::Warning      ? colors.warning
                  : kind == MarkKind::Supporting ? colors.accent
                                                 : colors.failure;
            ground = kind == MarkKind::Warning      ? colors.warningGround
                     : kind == MarkKind::Supporting ? colors.accentGround
                                                    : colors.failureGround;
        }
        const int width = painter.fontMetrics().horizontalAdvance(text) + 2 * m_charWidth;
        // A line longer than the view leaves the chip at its right end, in sight.
        const double most = std::max<double>(m_columns.text, viewport()->width() - width - m_charWidth);
        const double left = std::clamp<double>(textEnd + m_charWidth, m_columns.text, most);
        const QRectF chip(left, y + 2, width, m_rowHeight - 4);
        painter.setBrush(ground);
        painter.drawRoundedRect(chip, 4, 4);
        painter.setPen(ink);
        painter.drawText(chip, Qt::AlignCenter | Qt::TextSingleLine, text);
    }
    painter.restore();
    const LineMark *own = m_marks.at(number);
    if (fold->strongest && (!own || own->kind < *fold->strongest))
        paintMark(painter, {number, number, *fold->strongest}, number, y);
}

void LogView::paintMark(QPainter &painter, const LineMark &mark, qint64 number, int y) const
{
    if (mark.kind < MarkKind::Supporting)
        return;
    const ThemeColors &colors = themeColors(palette());
    const QColor color = mark.kind == MarkKind::Supporting ? colors.accent : colors.failure;
    const double middle = y + m_rowHeight / 2.0;
    const double x = m_columns.mark + 5.0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    if (number != mark.line) {
        painter.drawRect(QRectF(x - 1, y, 2, m_rowHeight)); // goes on from the line above
    } else if (mark.kind == MarkKind::Failure) {
        QPainterPath diamond;
        diamond.addPolygon(
            QPolygonF({{x, middle - 5.5}, {x + 5.5, middle}, {x, middle + 5.5}, {x - 5.5, middle}, {x, middle - 5.5}}));
        painter.drawPath(diamond);
    } else {
        painter.drawEllipse(QPointF(x, middle), 3.5, 3.5);
    }
    painter.restore();
}

QList<QTextLayout::FormatRange> LogView::formats(const LogLine &line, qint64 number) const
{
    QList<QTextLayout::FormatRange> ranges;
    // What the program coloured itself says more than our guess from the words.
    if (m_coloursShown && !line.colours.empty()) {
        for (const AnsiSpan &span : line.colours) {
            QTextLayout::FormatRange range;
            range.start = span.start;
            range.length = span.length;
            range.format = ansiFormat(span, palette());
            if (span.start < line.text.size())
                ranges.append(range);
        }
    } else {
        if (const LogPart *part = m_document->part(m_document->placeOf(number).source))
            m_highlighter.setKind(part->evidence->kind);
        ranges = m_highlighter.formats(line.text);
    }
    for (const TextMark &mark : m_textMarks)
        addFound(ranges, line.text, mark.expression, mark.ground);
    for (const QRegularExpression &expression : m_found)
        addFound(ranges, line.text, expression, themeColors(palette()).findGround);
    return ranges;
}

QString LogView::timeText(const LogLine &line, std::optional<TimeNs> before) const
{
    const auto withoutUnit = [](QString text) {
        if (text.endsWith(u" s"))
            text.chop(2);
        return text;
    };
    if (m_timeShown == TimeShown::SinceLine)
        return line.time && before && !line.carried ? withoutUnit(sinceText(*line.time - *before)) : QString();
    if (line.time) {
        if (m_timeShown == TimeShown::SinceFailure && m_reference)
            return withoutUnit(sinceText(*line.time - *m_reference));
        return timeOfDayText(*line.time, m_zone);
    }
    // Not on the axis: what the source says itself, where that is a count from its own start.
    if (line.sourceTime && m_document->source() && m_document->source()->basis == TimeBasis::Boot)
        return QString::number(toSeconds(DurationNs(line.sourceTime->ns)), 'f', 3);
    return {};
}

} // namespace faultline
