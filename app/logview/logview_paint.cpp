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
#include <utility>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int TabCharacters = 8;
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
        const QString text = m_document->isNull() ? tr("No text to show for this source") : tr("This file is empty");
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, text);
        return;
    }
    if (m_rows.count() == 0) {
        painter.setPen(colors.faint);
        painter.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap, tr("The filters hide every line"));
        return;
    }
    if (std::exchange(m_centresWhenShown, false))
        setTop(m_rows.rowOf(m_caret.line) - visibleLines() / 3);
    painter.fillRect(QRect(0, event->rect().top(), m_columns.stripe, event->rect().height()),
                     palette().color(QPalette::AlternateBase));
    const int firstRow = event->rect().top() / m_rowHeight;
    const int lastRow = event->rect().bottom() / m_rowHeight;
    const int widestBefore = m_widest;
    int row = firstRow;
    for (const qint64 line : m_rows.lines(m_top + firstRow, lastRow - firstRow + 1))
        paintLine(painter, line, row++ * m_rowHeight);
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

void LogView::paintLine(QPainter &painter, qint64 number, int y) const
{
    const ThemeColors &colors = themeColors(palette());
    const LogLine &line = m_document->line(number);
    const LineMark *mark = m_marks.at(number);
    const int width = viewport()->width();
    if (const QColor ground = groundOf(mark, number); ground.isValid())
        painter.fillRect(0, y, width, m_rowHeight, ground);
    if (number == m_caret.line)
        painter.fillRect(0, y, 3, m_rowHeight,
                         mark && mark->kind >= MarkKind::Failing ? colors.failure : colors.accent);

    QTextLayout layout;
    prepareLayout(layout, line, number);
    const int lineWidth = static_cast<int>(layout.lineAt(0).naturalTextWidth());
    const_cast<LogView *>(this)->m_widest = std::max(m_widest, std::min(lineWidth, 1'000'000));
    const QPointF at(m_columns.text - horizontalScrollBar()->value(),
                     y + (m_rowHeight - layout.lineAt(0).height()) / 2);
    painter.save();
    painter.setClipRect(m_columns.text, y, width - m_columns.text, m_rowHeight);
    painter.setPen(palette().color(QPalette::Text));
    QList<QTextLayout::FormatRange> selections;
    const auto [from, to] = ordered();
    if (from != to && number >= from.line && number <= to.line) {
        QTextLayout::FormatRange range;
        range.start = number == from.line ? from.column : 0;
        range.length = (number == to.line ? to.column : static_cast<int>(line.text.size())) - range.start;
        QColor ground = palette().color(QPalette::Highlight);
        range.format.setBackground(ground);
        range.format.setForeground(palette().color(QPalette::HighlightedText));
        if (range.length > 0)
            selections.append(range);
        if (number < to.line) {
            // The line's end is selected too: a stub shows it, also on empty lines.
            painter.fillRect(QRectF(at.x() + lineWidth, y, m_charWidth / 2.0, m_rowHeight), ground);
        }
    }
    layout.draw(&painter, at, selections);
    if (hasFocus() && number == m_caret.line)
        layout.drawCursor(&painter, at, std::min(m_caret.column, static_cast<int>(line.text.size())), 1);
    painter.restore();

    painter.setPen(number == m_caret.line ? palette().color(QPalette::Text) : colors.faint);
    const auto align = Qt::AlignVCenter | Qt::TextSingleLine;
    painter.drawText(QRect(0, y, m_columns.numberRight, m_rowHeight), Qt::AlignRight | align, QString::number(number));
    if (m_columns.timeWidth > 0) {
        if (!line.carried && line.time) {
            painter.setPen(palette().color(QPalette::Text));
        } else {
            QColor weak = colors.faint;
            weak.setAlphaF(0.75F);
            painter.setPen(weak);
        }
        painter.drawText(QRect(m_columns.time, y, m_columns.timeWidth, m_rowHeight), Qt::AlignRight | align,
                         timeText(line));
    }
    const QColor stripe = line.level >= Severity::Error     ? colors.failure
                          : line.level == Severity::Warning ? colors.warning
                                                            : QColor();
    if (stripe.isValid())
        painter.fillRect(m_columns.stripe, y, 3, m_rowHeight, stripe);
    if (mark)
        paintMark(painter, *mark, number, y);
    paintNote(painter, number, y);
    if (m_bookmarks.contains(number)) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.warning);
        const double top = y + 2.0;
        painter.drawPolygon(QPolygonF({{2, top}, {8, top}, {8, top + 9}, {5, top + 6.5}, {2, top + 9}}));
    }
    paintFold(painter, number, y, at.x() + lineWidth);
    if (m_newFrom > 0 && number >= m_newFrom) {
        painter.fillRect(width - 3, y, 3, m_rowHeight, colors.good);
        if (number == m_newFrom)
            painter.fillRect(0, y, width, 1, colors.good);
    }
}

/// The triangle before a line that a fold begins with, and how much it hides behind the line.
void LogView::paintFold(QPainter &painter, qint64 number, int y, double textEnd) const
{
    const auto fold = m_folds.find(number);
    if (fold == m_folds.end())
        return;
    const ThemeColors &colors = themeColors(palette());
    const double x = m_columns.fold + m_charWidth;
    const double middle = y + m_rowHeight / 2.0;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(colors.faint);
    if (fold->second > 0)
        painter.drawPolygon(QPolygonF({{x - 2.5, middle - 4}, {x + 2.5, middle}, {x - 2.5, middle + 4}}));
    else
        painter.drawPolygon(QPolygonF({{x - 4, middle - 2.5}, {x + 4, middle - 2.5}, {x, middle + 2.5}}));
    if (fold->second > 0) {
        const QString text = fold->second == 1 ? tr("1 line") : tr("%1 lines").arg(QLocale().toString(fold->second));
        const int width = painter.fontMetrics().horizontalAdvance(text) + 2 * m_charWidth;
        const QRectF chip(std::max<double>(textEnd + m_charWidth, m_columns.text), y + 2, width, m_rowHeight - 4);
        painter.setBrush(colors.quietGround);
        painter.drawRoundedRect(chip, 4, 4);
        painter.setPen(colors.faint);
        painter.drawText(chip, Qt::AlignCenter | Qt::TextSingleLine, text);
    }
    painter.restore();
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

void LogView::prepareLayout(QTextLayout &layout, const LogLine &line, qint64) const
{
    QTextOption option;
    option.setWrapMode(QTextOption::NoWrap);
    option.setTextDirection(Qt::LeftToRight);
    option.setTabStopDistance(TabCharacters * m_charWidth);
    layout.setTextOption(option);
    layout.setFont(font());
    layout.setText(line.text);
    layout.setFormats(formats(line));
    layout.setCacheEnabled(false);
    layout.beginLayout();
    QTextLine only = layout.createLine();
    if (only.isValid())
        only.setPosition({0, 0});
    layout.endLayout();
}

QList<QTextLayout::FormatRange> LogView::formats(const LogLine &line) const
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
        ranges = m_highlighter.formats(line.text);
    }
    for (const TextMark &mark : m_textMarks)
        addFound(ranges, line.text, mark.expression, mark.ground);
    for (const QRegularExpression &expression : m_found)
        addFound(ranges, line.text, expression, themeColors(palette()).findGround);
    return ranges;
}

QString LogView::timeText(const LogLine &line) const
{
    if (line.time) {
        if (m_timeShown == TimeShown::SinceFailure && m_reference) {
            QString text = sinceText(*line.time - *m_reference);
            if (text.endsWith(u" s"))
                text.chop(2);
            return text;
        }
        return timeOfDayText(*line.time, m_zone);
    }
    // Not on the axis: what the source says itself, where that is a count from its own start.
    if (line.sourceTime && m_document->source()->basis == TimeBasis::Boot)
        return QString::number(toSeconds(DurationNs(line.sourceTime->ns)), 'f', 3);
    return {};
}

} // namespace faultline
