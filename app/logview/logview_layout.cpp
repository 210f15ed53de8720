// SPDX-License-Identifier: GPL-3.0-or-later
// Where columns and rows stand, and what of them is visible.
#include "app/logview/levelmap.h"
#include "app/logview/logview.h"
#include "app/logview/markscrollbar.h"
#include "app/settings/theme.h"
#include "charts/core/theme.h"

#include <QScrollBar>
#include <QTextLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int MostSourceCharacters = 22;
constexpr int LevelCharacters = 5;
constexpr qsizetype MostHeightsKept = 20'000;
} // namespace

void LogView::updateMetrics()
{
    const QFontMetrics metrics(font());
    m_charWidth = std::max(1, metrics.horizontalAdvance(u'0'));
    m_rowHeight = std::max(1, metrics.height() + metrics.height() / 5);
    qint64 mostLines = 100;
    bool hasTimes = false;
    int widestName = 0;
    const Theme theme = Theme::of(palette(), font());
    m_sourceColors.clear();
    for (const LogPart &part : m_document->parts()) {
        mostLines = std::max(mostLines, part.evidence->lineCount());
        hasTimes = hasTimes || part.evidence->basis != TimeBasis::None;
        widestName = std::max(widestName, metrics.horizontalAdvance(part.name));
        m_sourceColors[part.source] = theme.series(static_cast<int>(m_sourceColors.size()));
    }
    const QString widestTime = m_timeShown == TimeShown::Absolute ? u"00:00:00.000"_s : u"\u22120:00:00.000"_s;
    int x = 20 + static_cast<int>(QString::number(mostLines).size()) * m_charWidth;
    const auto place = [&](int &left, int &width, int wanted) {
        left = x;
        width = wanted;
        x += wanted > 0 ? wanted + m_charWidth + m_charWidth / 2 : 0;
    };
    m_columns.mark = 5;
    m_columns.numberRight = x;
    x += 2 * m_charWidth;
    place(m_columns.time, m_columns.timeWidth, hasTimes ? metrics.horizontalAdvance(widestTime) : 0);
    place(m_columns.source, m_columns.sourceWidth,
          isColumnShown(Column::Source) ? std::min(widestName, MostSourceCharacters * m_charWidth) + m_charWidth : 0);
    place(m_columns.level, m_columns.levelWidth, isColumnShown(Column::Level) ? LevelCharacters * m_charWidth : 0);
    m_columns.stripe = x - (hasTimes || m_columns.sourceWidth > 0 || m_columns.levelWidth > 0 ? m_charWidth / 2 : 0);
    m_columns.fold = m_columns.stripe + 3;
    m_columns.text = m_columns.fold + (m_foldAt ? 2 * m_charWidth : m_charWidth);
    m_textLines.clear();
    updateBars();
    viewport()->update();
}

int LogView::visibleLines() const
{
    if (!m_isWrapped)
        return std::max(1, viewport()->height() / m_rowHeight);
    const auto whole = std::ranges::count_if(
        shownRows(), [this](const ShownRow &row) { return row.y >= 0 && row.y + row.height <= viewport()->height(); });
    return std::max(1, static_cast<int>(whole));
}

/// How many lines of text a line takes.
int LogView::textLines(qint64 number) const
{
    if (!m_isWrapped)
        return 1;
    if (const auto known = m_textLines.constFind(number); known != m_textLines.constEnd())
        return *known;
    if (m_textLines.size() >= MostHeightsKept)
        m_textLines.clear();
    return *m_textLines.insert(number, std::max(1, layoutOf(number, m_document->line(number)).lineCount()));
}

std::vector<LogView::ShownRow> LogView::shownRows() const
{
    std::vector<ShownRow> shown;
    const int height = viewport()->height();
    int y = -m_topTextLine * m_rowHeight;
    qint64 row = m_top;
    for (const qint64 number : m_rows.lines(m_top, height / m_rowHeight + 1 + m_topTextLine)) {
        if (y >= height)
            break;
        shown.push_back({row++, number, y, textLines(number) * m_rowHeight});
        y += shown.back().height;
    }
    return shown;
}

QRect LogView::lineRect(qint64 line) const
{
    for (const ShownRow &row : shownRows()) {
        if (row.number == line)
            return {0, row.y, viewport()->width(), row.height};
    }
    return {};
}

/// The first row to show so that `row` ends within `space` pixels below the top.
qint64 LogView::topFor(qint64 row, int space) const
{
    if (!m_isWrapped)
        return row - std::max(1, space / m_rowHeight) + 1;
    qint64 top = row;
    for (int used = textLines(m_rows.lineAt(row)) * m_rowHeight; top > 0; --top) {
        used += textLines(m_rows.lineAt(top - 1)) * m_rowHeight;
        if (used > space)
            break;
    }
    return top;
}

void LogView::updateBars()
{
    m_scale.lastTop = std::max<qint64>(0, m_rows.count() == 0 ? 0 : topFor(m_rows.count() - 1, viewport()->height()));
    if (m_top > m_scale.lastTop) {
        m_top = m_scale.lastTop;
        m_topTextLine = 0;
    }
    m_movesBar = true;
    verticalScrollBar()->setRange(0, m_scale.maximum());
    verticalScrollBar()->setPageStep(std::max(1, viewport()->height() / m_rowHeight));
    verticalScrollBar()->setValue(m_scale.toBar(m_top));
    m_movesBar = false;
    const int space = viewport()->width() - m_columns.text;
    horizontalScrollBar()->setRange(0, m_isWrapped ? 0 : std::max(0, m_widest - space + 4 * m_charWidth));
    horizontalScrollBar()->setPageStep(std::max(1, space));
    horizontalScrollBar()->setSingleStep(4 * m_charWidth);
    placeLevelMap();
}

void LogView::placeLevelMap()
{
    const QRect text = viewport()->geometry();
    if (const QRect place(text.right() + 1, text.top(), LevelMap::Width, text.height());
        place != m_levelMap->geometry()) {
        m_levelMap->setGeometry(place);
        updateLevelMap();
    }
    const auto rows = static_cast<double>(std::max<qint64>(1, m_rows.count()));
    const auto bottom = static_cast<double>(m_top + viewport()->height() / m_rowHeight);
    m_levelMap->setVisiblePart(static_cast<double>(m_top) / rows, std::min(1.0, bottom / rows));
}

void LogView::updateLevelMap()
{
    const qint64 rows = m_rows.count();
    const LineSet warnings = m_rows.shownOf(m_warnings);
    const LineSet errors = m_rows.shownOf(m_errors);
    const auto count = static_cast<size_t>(std::min<qint64>(rows, m_levelMap->mostStretches()));
    std::vector<LevelMap::Stretch> stretches(count);
    for (size_t i = 0; i < count && !(warnings.isEmpty() && errors.isEmpty()); ++i) {
        const auto part = static_cast<qint64>(count);
        const qint64 first = m_rows.lineAt(static_cast<qint64>(i) * rows / part);
        const qint64 last = m_rows.lineAt(static_cast<qint64>(i + 1) * rows / part - 1);
        const auto lines = static_cast<double>(std::max<qint64>(1, rows / part));
        const auto share = [&](const LineSet &set) {
            return static_cast<double>(set.countBefore(last + 1) - set.countBefore(first)) / lines;
        };
        stretches[i] = {share(warnings), share(errors)};
    }
    m_levelMap->setStretches(std::move(stretches));
}

void LogView::updateScrollMarks()
{
    const ThemeColors &colors = themeColors(palette());
    const double rows = std::max<double>(1, static_cast<double>(m_rows.count()));
    const auto at = [this, rows](qint64 line) { return static_cast<double>(m_rows.rowOf(line)) / rows; };
    std::vector<MarkScrollBar::Mark> marks;
    // At most one mark a place that can be told apart, however many hits there are.
    constexpr qint64 Places = 2000;
    const qint64 stride = std::max<qint64>(1, m_document->lineCount() / Places);
    for (qint64 line = m_hits.next(1); line > 0; line = m_hits.next(line - line % stride + stride))
        marks.push_back({at(line), colors.warning, false});
    for (const LineMark &mark : m_marks.all()) {
        if (mark.kind == MarkKind::Supporting)
            marks.push_back({at(mark.line), colors.accent, true});
        else if (mark.kind == MarkKind::Failing)
            marks.push_back({at(mark.line), colors.failure, true});
    }
    for (const LineMark &mark : m_marks.all()) {
        if (mark.kind == MarkKind::Failure)
            marks.push_back({at(mark.line), colors.failure, true});
    }
    m_bar->setMarks(std::move(marks));
    updateLevelMap();
}

void LogView::setTop(qint64 top, int textLine)
{
    top = std::clamp<qint64>(top, 0, m_scale.lastTop);
    if (top == m_top && textLine == m_topTextLine)
        return;
    m_top = top;
    m_topTextLine = textLine;
    m_movesBar = true;
    verticalScrollBar()->setValue(m_scale.toBar(top));
    m_movesBar = false;
    placeLevelMap();
    viewport()->update();
}

/// Scrolls by lines of text, which in a wrapped view are less than rows.
void LogView::scrollBy(int lines)
{
    if (!m_isWrapped)
        return setTop(m_top + lines);
    qint64 top = m_top;
    int textLine = m_topTextLine + lines;
    while (textLine < 0 && top > 0)
        textLine += textLines(m_rows.lineAt(--top));
    for (int here = textLines(m_rows.lineAt(top)); textLine >= here && top < m_scale.lastTop;
         here = textLines(m_rows.lineAt(top))) {
        textLine -= here;
        ++top;
    }
    // The very last row may be higher than the view.
    const int most =
        top < m_scale.lastTop ? textLine : textLines(m_rows.lineAt(top)) - viewport()->height() / m_rowHeight;
    setTop(top, std::clamp(textLine, 0, std::max(0, most)));
}

void LogView::showLine(qint64 line, bool centre)
{
    const qint64 row = m_rows.rowOf(line);
    const QRect rect = lineRect(line);
    const int height = viewport()->height();
    if (!centre) {
        if (row < m_top || (row == m_top && m_topTextLine > 0))
            setTop(row);
        else if (rect.isNull() || rect.bottom() >= height)
            setTop(std::min(row, topFor(row, height)));
        return;
    }
    const int margin = std::min(3, height / m_rowHeight / 4) * m_rowHeight;
    if (rect.isNull() || rect.top() < margin || rect.bottom() >= height - margin)
        setTop(topFor(row, height / 3));
}

void LogView::scrollContentsBy(int, int dy)
{
    if (dy != 0 && !m_movesBar) {
        m_top = m_scale.fromBar(verticalScrollBar()->value());
        m_topTextLine = 0;
        placeLevelMap();
    }
    viewport()->update();
}

void LogView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    // The line that is looked at stays in sight, whatever takes the room.
    const bool wasInSight = isCaretWithin(event->oldSize().height());
    m_textLines.clear();
    updateBars();
    if (wasInSight)
        showLine(m_caret.line, false);
}

bool LogView::isCaretWithin(int height) const
{
    int y = -m_topTextLine * m_rowHeight;
    for (const qint64 number : m_rows.lines(m_top, std::max(0, height / m_rowHeight + 1 + m_topTextLine))) {
        if (number == m_caret.line)
            return y >= 0 && y + m_rowHeight <= height;
        y += textLines(number) * m_rowHeight;
    }
    return false;
}

void LogView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        m_highlighter.setDark(isDark(palette()));
        updateScrollMarks();
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        updateMetrics();
}

LogView::TextPlace LogView::placeAt(QPoint position) const
{
    TextPlace place;
    const auto rows = shownRows();
    if (rows.empty())
        return place;
    ShownRow at = rows.back();
    for (const ShownRow &row : rows) {
        if (position.y() < row.y + row.height) {
            at = row;
            break;
        }
    }
    place.line = at.number;
    if (position.x() < m_columns.stripe)
        return place;
    const QTextLayout &layout = layoutOf(place.line, m_document->line(place.line));
    const int textLine = std::clamp((position.y() - at.y) / m_rowHeight, 0, std::max(0, layout.lineCount() - 1));
    place.column = layout.lineAt(textLine).xToCursor(position.x() - m_columns.text + horizontalScrollBar()->value());
    return place;
}

const QTextLayout &LogView::layoutOf(qint64 number, const LogLine &line) const
{
    constexpr int TabCharacters = 8;
    auto [place, isNew] = m_laidOut.try_emplace(number);
    QTextLayout &layout = place->second.layout;
    const int width = m_isWrapped ? std::max(8 * m_charWidth, viewport()->width() - m_columns.text - m_charWidth) : 0;
    const QList<QTextLayout::FormatRange> ranges = formats(line, number);
    if (!isNew && place->second.width == width && layout.text() == line.text && layout.font() == font()
        && layout.formats() == ranges)
        return layout;
    place->second.width = width;
    QTextOption option;
    option.setWrapMode(m_isWrapped ? QTextOption::WrapAtWordBoundaryOrAnywhere : QTextOption::NoWrap);
    option.setTextDirection(Qt::LeftToRight);
    option.setTabStopDistance(TabCharacters * m_charWidth);
    layout.setTextOption(option);
    layout.setFont(font());
    layout.setText(line.text);
    layout.setFormats(ranges);
    layout.setCacheEnabled(true); // or draw() shapes the text once more
    layout.beginLayout();
    for (QTextLine next = layout.createLine(); m_isWrapped && next.isValid(); next = layout.createLine())
        next.setLineWidth(width);
    layout.endLayout();
    for (int i = 0; i < layout.lineCount(); ++i) {
        QTextLine placed = layout.lineAt(i);
        placed.setPosition({0, i * m_rowHeight + (m_rowHeight - placed.height()) / 2});
    }
    return layout;
}

} // namespace faultline
