// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logview.h"

#include "app/logview/markscrollbar.h"
#include "app/settings/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QScrollBar>
#include <QTextLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int LeastPointSize = 6;
constexpr int MostPointSize = 32;
constexpr qsizetype MostCopiedCharacters = 64 * 1024 * 1024;
constexpr size_t CopiedAtOnce = 1024;
} // namespace

LogView::LogView(QWidget *parent)
    : QAbstractScrollArea(parent)
    , m_document(std::make_unique<LogDocument>())
    , m_bar(new MarkScrollBar(this))
{
    setObjectName(u"logView"_s);
    setVerticalScrollBar(m_bar);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Log"));
    viewport()->setBackgroundRole(QPalette::Base);
    viewport()->setAutoFillBackground(true);
    viewport()->setCursor(Qt::IBeamCursor);
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setFixedPitch(true);
    font.setStyleHint(QFont::Monospace);
    setFont(font);
    m_highlighter.setDark(isDark(palette()));
    updateMetrics();
}

LogView::~LogView() = default;

void LogView::setSource(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement,
                        const QString &name)
{
    m_highlighter.setKind(source ? source->kind : SourceKind::Other);
    m_document = std::make_unique<LogDocument>(std::move(source), placement);
    m_rows = LogRows(m_document->lineCount());
    m_name = name;
    m_marks = {};
    m_hits.clear();
    m_bookmarks.clear();
    m_newFrom = 0;
    m_folds.clear();
    m_top = 0;
    m_widest = 0;
    m_anchor = m_caret = {};
    horizontalScrollBar()->setValue(0);
    updateMetrics();
    updateScrollMarks();
}

void LogView::setMarks(LogMarks marks)
{
    m_marks = std::move(marks);
    updateScrollMarks();
    viewport()->update();
}

void LogView::setCurrentLine(qint64 line)
{
    if (m_document->isNull())
        return;
    line = m_rows.nearest(std::clamp<qint64>(line, 1, std::max<qint64>(1, m_document->lineCount())));
    m_anchor = m_caret = {line, 0};
    m_centresWhenShown = !isVisible();
    showLine(line, true);
    viewport()->update();
}

int LogView::visibleLines() const
{
    return std::max(1, viewport()->height() / m_rowHeight);
}

QRect LogView::lineRect(qint64 line) const
{
    const qint64 row = m_rows.rowOf(line) - m_top;
    if (row < 0 || row > visibleLines() || !m_rows.shows(line))
        return {};
    return {0, static_cast<int>(row) * m_rowHeight, viewport()->width(), m_rowHeight};
}

void LogView::setTimeShown(TimeShown shown)
{
    m_timeShown = shown;
    updateMetrics();
}

void LogView::setZone(ZoneShown zone)
{
    m_zone = zone;
    viewport()->update();
}

void LogView::setReference(std::optional<TimeNs> time)
{
    m_reference = time;
    viewport()->update();
}

void LogView::setColoursShown(bool shown)
{
    m_coloursShown = shown;
    viewport()->update();
}

void LogView::setFound(std::vector<QRegularExpression> expressions, const LineSet &hits)
{
    m_found = std::move(expressions);
    m_hits = hits;
    updateScrollMarks();
    viewport()->update();
}

void LogView::setTextMarks(std::vector<TextMark> marks)
{
    m_textMarks = std::move(marks);
    viewport()->update();
}

void LogView::setRows(LogRows rows)
{
    // The line in hand stays where it is on the screen; without it, the first visible one.
    const bool isSeen = !lineRect(m_caret.line).isNull();
    const qint64 kept = isSeen ? m_caret.line : firstVisibleLine();
    const qint64 offset = m_rows.rowOf(kept) - m_top;
    m_rows = std::move(rows);
    m_caret = m_anchor = {m_rows.nearest(m_caret.line), 0};
    updateBars();
    setTop(m_rows.rowOf(m_rows.nearest(kept)) - offset);
    updateScrollMarks();
    viewport()->update();
}

void LogView::setBookmarks(LineSet bookmarks)
{
    m_bookmarks = std::move(bookmarks);
    viewport()->update();
}

void LogView::setNewFrom(qint64 line)
{
    m_newFrom = line;
    viewport()->update();
}

void LogView::setFolds(std::map<qint64, qint64> folds)
{
    m_folds = std::move(folds);
    updateMetrics();
}

void LogView::changeFontSize(int steps)
{
    QFont changed = font();
    changed.setPointSize(std::clamp(changed.pointSize() + steps, LeastPointSize, MostPointSize));
    setFont(changed);
}

void LogView::updateMetrics()
{
    const QFontMetrics metrics(font());
    m_charWidth = std::max(1, metrics.horizontalAdvance(u'0'));
    m_rowHeight = std::max(1, metrics.height() + metrics.height() / 5);
    const QString widest = m_timeShown == TimeShown::Absolute ? u"00:00:00.000"_s : u"\u22120:00:00.000"_s;
    const auto digits = static_cast<int>(QString::number(std::max<qint64>(m_document->lineCount(), 100)).size());
    m_columns.mark = 5;
    m_columns.numberRight = 20 + digits * m_charWidth;
    m_columns.time = m_columns.numberRight + 2 * m_charWidth;
    const bool hasTimes = m_document->source() && m_document->source()->basis != TimeBasis::None;
    m_columns.timeWidth = hasTimes ? metrics.horizontalAdvance(widest) : 0;
    m_columns.stripe = m_columns.time + m_columns.timeWidth + (hasTimes ? m_charWidth : 0);
    m_columns.fold = m_columns.stripe + 3;
    m_columns.text = m_columns.fold + (m_folds.empty() ? m_charWidth : 2 * m_charWidth);
    updateBars();
    viewport()->update();
}

void LogView::updateBars()
{
    m_scale.lastTop = std::max<qint64>(0, m_rows.count() - visibleLines());
    m_top = std::clamp<qint64>(m_top, 0, m_scale.lastTop);
    m_movesBar = true;
    verticalScrollBar()->setRange(0, m_scale.maximum());
    verticalScrollBar()->setPageStep(visibleLines());
    verticalScrollBar()->setValue(m_scale.toBar(m_top));
    m_movesBar = false;
    const int space = viewport()->width() - m_columns.text;
    horizontalScrollBar()->setRange(0, std::max(0, m_widest - space + 4 * m_charWidth));
    horizontalScrollBar()->setPageStep(std::max(1, space));
    horizontalScrollBar()->setSingleStep(4 * m_charWidth);
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
}

void LogView::setTop(qint64 top)
{
    top = std::clamp<qint64>(top, 0, m_scale.lastTop);
    if (top == m_top)
        return;
    m_top = top;
    m_movesBar = true;
    verticalScrollBar()->setValue(m_scale.toBar(top));
    m_movesBar = false;
    viewport()->update();
}

void LogView::showLine(qint64 line, bool centre)
{
    const qint64 row = m_rows.rowOf(line);
    const int rows = visibleLines();
    if (!centre) {
        if (row < m_top)
            setTop(row);
        else if (row >= m_top + rows)
            setTop(row - rows + 1);
        return;
    }
    const int margin = std::min(3, rows / 4);
    if (row < m_top + margin || row >= m_top + rows - margin)
        setTop(row - rows / 3);
}

void LogView::scrollContentsBy(int, int dy)
{
    if (dy != 0 && !m_movesBar)
        m_top = m_scale.fromBar(verticalScrollBar()->value());
    viewport()->update();
}

void LogView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    updateBars();
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

QString LogView::copied(bool withPlace, bool *isCut) const
{
    auto [from, to] = ordered();
    const bool whole = from == to;
    if (whole)
        to.line = from.line = m_caret.line;
    const std::vector<qint64> numbers = m_rows.lines(m_rows.rowOf(from.line), MostCopiedLines);
    QString text;
    QStringList lines; // from `firstRead` on
    qint64 firstRead = 0;
    size_t i = 0;
    for (; i < numbers.size() && numbers[i] <= to.line && text.size() < MostCopiedCharacters; ++i) {
        const qint64 number = numbers[i];
        if (number >= firstRead + lines.size()) {
            size_t end = i + 1;
            while (end < numbers.size() && end - i < CopiedAtOnce && numbers[end] <= to.line
                   && numbers[end] == numbers[end - 1] + 1)
                ++end;
            firstRead = number;
            lines = m_document->texts(number, numbers[end - 1], MostCopiedLines);
            if (lines.isEmpty())
                break;
        }
        QString line = lines.at(number - firstRead);
        if (!withPlace && !whole) {
            if (number == to.line)
                line.truncate(to.column);
            if (number == from.line)
                line = line.mid(from.column);
        }
        if (i > 0)
            text += u'\n';
        if (withPlace)
            text += m_name % u':' % QString::number(number) % u": ";
        text += line;
    }
    if (isCut)
        *isCut = m_rows.lineAt(m_rows.rowOf(from.line) + static_cast<qint64>(i)) > 0
                 && m_rows.lineAt(m_rows.rowOf(from.line) + static_cast<qint64>(i)) <= to.line;
    return text;
}

QString LogView::selectedText() const
{
    return hasSelection() ? copied(false) : QString();
}

void LogView::copyToClipboard(bool withPlace)
{
    if (m_document->isNull())
        return;
    bool isCut = false;
    const QString text = copied(withPlace, &isCut);
    QGuiApplication::clipboard()->setText(text);
    if (isCut)
        Q_EMIT message(tr("The selection is too long: only its first %1 lines were copied")
                           .arg(QLocale().toString(text.count(u'\n') + 1)));
}

void LogView::copy()
{
    copyToClipboard(false);
}

void LogView::copyWithPlace()
{
    copyToClipboard(true);
}

void LogView::selectAll()
{
    const qint64 last = std::max<qint64>(1, m_rows.lineAt(m_rows.count() - 1));
    m_anchor = {std::max<qint64>(1, m_rows.lineAt(0)), 0};
    m_caret = {last, static_cast<int>(m_document->line(last).text.size())};
    viewport()->update();
}

} // namespace faultline
