// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logview.h"

#include "app/logview/levelmap.h"
#include "app/logview/markscrollbar.h"
#include "app/settings/theme.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QLocale>
#include <QScrollBar>

#include <algorithm>
#include <utility>

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
    , m_levelMap(new LevelMap(this))
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
    setViewportMargins(0, 0, LevelMap::Width, 0);
    connect(m_levelMap, &LevelMap::placeWanted, this, [this](double at) {
        setTop(static_cast<qint64>(at * static_cast<double>(m_rows.count())) - visibleLines() / 2);
    });
    updateMetrics();
}

LogView::~LogView() = default;

void LogView::setDocument(std::unique_ptr<LogDocument> document)
{
    m_document = std::move(document);
    m_rows = LogRows(m_document->lineCount());
    m_marks = {};
    m_notes.clear();
    m_hits.clear();
    m_bookmarks.clear();
    m_newLines.clear();
    m_warnings.clear();
    m_errors.clear();
    m_foldAt = {};
    m_textLines.clear();
    m_top = 0;
    m_topTextLine = 0;
    m_widest = 0;
    m_anchor = m_caret = {};
    m_centresWhenShown = false;
    horizontalScrollBar()->setValue(0);
    updateMetrics();
    updateScrollMarks();
}

void LogView::setOrder(std::shared_ptr<const MergedLines> order)
{
    // What a person looks at stays: in another order it may have another number.
    const LinePlace caret = m_document->placeOf(m_caret.line);
    const LinePlace anchor = m_document->placeOf(m_anchor.line);
    m_document->setOrder(std::move(order));
    m_caret.line = std::max<qint64>(1, m_document->numberOf(caret));
    m_anchor.line = std::max<qint64>(1, m_document->numberOf(anchor));
    updateMetrics();
}

void LogView::setGrown(int source, std::shared_ptr<const SourceEvidence> evidence)
{
    m_document->setGrown(source, std::move(evidence));
    m_textLines.clear();
    updateMetrics();
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
    if (line != m_caret.line)
        setFollowsEnd(false);
    m_anchor = m_caret = {line, 0};
    m_centresWhenShown = !isVisible();
    showLine(line, true);
    viewport()->update();
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
    if (!m_rows.shows(m_caret.line) || !m_rows.shows(m_anchor.line))
        m_caret = m_anchor = {m_rows.nearest(m_caret.line), 0};
    updateBars();
    if (m_followsEnd) {
        m_caret = m_anchor = {stepped(m_document->lineCount(), 0), 0};
        showLine(m_caret.line, false);
    } else if (const qint64 top = m_rows.rowOf(m_rows.nearest(kept)) - offset; top != m_top) {
        setTop(top);
    }
    updateScrollMarks();
    viewport()->update();
}

void LogView::setBookmarks(LineSet bookmarks)
{
    m_bookmarks = std::move(bookmarks);
    viewport()->update();
}

void LogView::setNewLines(LineSet lines)
{
    m_newLines = std::move(lines);
    viewport()->update();
}

void LogView::setLevels(LineSet warnings, LineSet errors)
{
    m_warnings = std::move(warnings);
    m_errors = std::move(errors);
    updateLevelMap();
}

void LogView::setColumnShown(Column column, bool shown)
{
    (column == Column::Source ? m_showsSource : m_showsLevel)[m_document->isMerged()] = shown;
    updateMetrics();
}

bool LogView::isColumnShown(Column column) const
{
    return (column == Column::Source ? m_showsSource : m_showsLevel)[m_document->isMerged()];
}

void LogView::setWrapped(bool wrapped)
{
    if (wrapped == m_isWrapped)
        return;
    m_isWrapped = wrapped;
    m_topTextLine = 0;
    updateMetrics();
    showLine(m_caret.line, false);
    Q_EMIT wrapChanged(wrapped);
}

void LogView::setFollowsEnd(bool follows)
{
    if (follows)
        moveCaret({stepped(m_document->lineCount(), 0), 0}, false, true);
    if (std::exchange(m_followsEnd, follows) == follows)
        return;
    Q_EMIT followChanged(follows);
}

void LogView::setFolds(FoldAt foldAt)
{
    m_foldAt = std::move(foldAt);
    updateMetrics();
}

void LogView::changeFontSize(int steps)
{
    QFont changed = font();
    changed.setPointSize(std::clamp(changed.pointSize() + steps, LeastPointSize, MostPointSize));
    setFont(changed);
}

QString LogView::copied(bool withPlace, bool *isCut) const
{
    auto [from, to] = ordered();
    const bool whole = from == to;
    if (whole)
        to.line = from.line = m_caret.line;
    const std::vector<qint64> numbers = m_rows.lines(m_rows.rowOf(from.line), MostCopiedLines);
    QString text;
    QStringList lines; // from the number `firstRead` on
    size_t firstRead = 0;
    size_t i = 0;
    for (; i < numbers.size() && numbers[i] <= to.line && text.size() < MostCopiedCharacters; ++i) {
        const qint64 number = numbers[i];
        if (i == firstRead + static_cast<size_t>(lines.size())) {
            const auto end = std::ranges::upper_bound(numbers, to.line) - numbers.begin();
            firstRead = i;
            lines =
                m_document->texts(std::span(numbers).subspan(i, std::min(CopiedAtOnce, static_cast<size_t>(end) - i)));
            if (lines.isEmpty())
                break;
        }
        QString line = lines.at(static_cast<qsizetype>(i - firstRead));
        if (!withPlace && !whole) {
            if (number == to.line)
                line.truncate(to.column);
            if (number == from.line)
                line = line.mid(from.column);
        }
        if (i > 0)
            text += u'\n';
        if (withPlace) {
            const LinePlace place = m_document->placeOf(number);
            const LogPart *part = m_document->part(place.source);
            text += (part ? part->name : QString()) % u':' % QString::number(place.line) % u": ";
        }
        text += line;
    }
    if (isCut) {
        const qint64 next = m_rows.lineAt(m_rows.rowOf(from.line) + static_cast<qint64>(i));
        *isCut = next > 0 && next <= to.line;
    }
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
