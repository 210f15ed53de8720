// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logview.h"

#include "app/logview/markscrollbar.h"

#include <QContextMenuEvent>
#include <QHelpEvent>
#include <QLocale>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QToolTip>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int LinesAWheelStep = 3;
constexpr int WheelStep = 120;
constexpr int DragScrollMs = 40;
} // namespace

void LogView::moveCaret(TextPlace place, bool select, bool activate)
{
    const qint64 before = m_caret.line;
    if (place.line != before && place.line != stepped(m_document->lineCount(), 0))
        setFollowsEnd(false);
    m_caret = place;
    if (!select)
        m_anchor = place;
    showLine(place.line, false);
    viewport()->update();
    if (activate && (place.line != before || !select))
        Q_EMIT lineActivated(place.line);
}

void LogView::wheelEvent(QWheelEvent *event)
{
    if (event->modifiers().testFlag(Qt::ControlModifier)) {
        changeFontSize(event->angleDelta().y() > 0 ? 1 : -1);
        event->accept();
        return;
    }
    const bool sideways = event->modifiers().testFlag(Qt::ShiftModifier)
                          || std::abs(event->angleDelta().x()) > std::abs(event->angleDelta().y());
    if (sideways) {
        const int delta = event->angleDelta().x() != 0 ? event->angleDelta().x() : event->angleDelta().y();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - delta * m_charWidth * 8 / WheelStep);
        event->accept();
        return;
    }
    // Lines are scrolled here, not through the bar: its steps are wider than a line where there are very many.
    m_wheelRest += event->angleDelta().y() * LinesAWheelStep;
    const int lines = m_wheelRest / WheelStep;
    m_wheelRest -= lines * WheelStep;
    scrollBy(-lines);
    event->accept();
}

void LogView::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_document->isNull()) {
        QAbstractScrollArea::mousePressEvent(event);
        return;
    }
    if (const qint64 line = placeAt(event->position().toPoint()).line; m_foldAt && m_foldAt(line)
                                                                       && event->position().x() >= m_columns.fold
                                                                       && event->position().x() < m_columns.text) {
        Q_EMIT foldWanted(line);
        event->accept();
        return;
    }
    const bool select = event->modifiers().testFlag(Qt::ShiftModifier);
    m_dragsLines = event->position().x() < m_columns.stripe;
    m_isDragging = true;
    moveCaret(placeAt(event->position().toPoint()), select, true);
    event->accept();
}

void LogView::mouseMoveEvent(QMouseEvent *event)
{
    if (!m_isDragging) {
        viewport()->setCursor(event->position().x() < m_columns.stripe ? Qt::ArrowCursor : Qt::IBeamCursor);
        return;
    }
    const QPoint at = event->position().toPoint();
    const bool outside = at.y() < 0 || at.y() >= viewport()->height();
    if (outside && m_dragTimer == 0)
        m_dragTimer = startTimer(DragScrollMs);
    TextPlace place = placeAt(at);
    if (m_dragsLines) {
        if (place.line >= m_anchor.line)
            place.column = static_cast<int>(m_document->line(place.line).text.size());
        else
            place.column = 0;
    }
    moveCaret(place, true, false);
}

void LogView::mouseReleaseEvent(QMouseEvent *event)
{
    m_isDragging = false;
    if (m_dragTimer != 0)
        killTimer(std::exchange(m_dragTimer, 0));
    QAbstractScrollArea::mouseReleaseEvent(event);
}

void LogView::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_dragTimer)
        return QAbstractScrollArea::timerEvent(event);
    const QPoint at = viewport()->mapFromGlobal(QCursor::pos());
    if (at.y() < 0)
        scrollBy(-1 + at.y() / m_rowHeight);
    else if (at.y() >= viewport()->height())
        scrollBy(1 + (at.y() - viewport()->height()) / m_rowHeight);
    else
        killTimer(std::exchange(m_dragTimer, 0));
    moveCaret(placeAt(at), true, false);
}

void LogView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton || m_document->isNull())
        return;
    const TextPlace place = placeAt(event->position().toPoint());
    const QString &text = m_document->line(place.line).text;
    QTextBoundaryFinder words(QTextBoundaryFinder::Word, text);
    words.setPosition(std::min<qsizetype>(place.column + 1, text.size()));
    const auto start = std::max<qsizetype>(0, words.toPreviousBoundary());
    const auto end = words.toNextBoundary();
    m_anchor = {place.line, static_cast<int>(start)};
    m_caret = {place.line, static_cast<int>(end < 0 ? text.size() : end)};
    viewport()->update();
}

void LogView::keyPressEvent(QKeyEvent *event)
{
    if (m_document->isNull()) {
        QAbstractScrollArea::keyPressEvent(event);
        return;
    }
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->matches(QKeySequence::SelectAll))
        selectAll();
    else if (!moveByKey(*event) && !actByKey(*event))
        return QAbstractScrollArea::keyPressEvent(event);
    event->accept();
}

/// The shown line so many rows after (before) the line; the first or last where there are not so many.
qint64 LogView::stepped(qint64 line, qint64 rows) const
{
    const qint64 row = m_rows.rowOf(line) + rows;
    return std::max<qint64>(1, m_rows.lineAt(std::clamp<qint64>(row, 0, std::max<qint64>(0, m_rows.count() - 1))));
}

/// The letters of less and klogg; they are told by what they type, since '/' and '[' lie elsewhere on other keyboards.
bool LogView::actByKey(const QKeyEvent &event)
{
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return false;
    const QString typed = event.text();
    const auto goTo = [this](qint64 line) { moveCaret({line, 0}, false, true); };
    const qint64 page = std::max(1, visibleLines() - 1);
    const auto scroll = [this](int steps) {
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() + steps * horizontalScrollBar()->singleStep());
    };
    if (typed == u"j")
        goTo(stepped(m_caret.line, 1));
    else if (typed == u"k")
        goTo(stepped(m_caret.line, -1));
    else if (typed == u"h")
        scroll(-1);
    else if (typed == u"l")
        scroll(1);
    else if (typed == u" ")
        goTo(stepped(m_caret.line, page));
    else if (typed == u"b")
        goTo(stepped(m_caret.line, -page));
    else if (typed == u"d")
        goTo(stepped(m_caret.line, page / 2));
    else if (typed == u"u")
        goTo(stepped(m_caret.line, -page / 2));
    else if (typed == u"g")
        goTo(stepped(1, 0));
    else if (typed == u"G")
        goTo(stepped(m_document->lineCount(), 0));
    else if (typed == u"/")
        Q_EMIT findWanted();
    else if (typed == u"n")
        Q_EMIT nextHitWanted(true);
    else if (typed == u"N")
        Q_EMIT nextHitWanted(false);
    else if (typed == u"&")
        Q_EMIT filterWanted();
    else if (typed == u"m")
        Q_EMIT bookmarkWanted(m_caret.line);
    else if (typed == u"[")
        Q_EMIT nextBookmarkWanted(false);
    else if (typed == u"]")
        Q_EMIT nextBookmarkWanted(true);
    else if (typed == u"z")
        Q_EMIT foldWanted(m_caret.line);
    else if (typed == u"w")
        setWrapped(!m_isWrapped);
    else if (typed == u"t")
        Q_EMIT timeWanted();
    else if (typed == u"F")
        setFollowsEnd(!m_followsEnd);
    else if (typed == u"\r")
        Q_EMIT wholeLineWanted(m_caret.line);
    else
        return false;
    return true;
}

bool LogView::moveByKey(const QKeyEvent &event)
{
    const bool select = event.modifiers().testFlag(Qt::ShiftModifier);
    const bool control = event.modifiers().testFlag(Qt::ControlModifier);
    const auto length = [this](qint64 line) { return static_cast<int>(m_document->line(line).text.size()); };
    TextPlace to = m_caret;
    switch (event.key()) {
    case Qt::Key_Up: to.line = stepped(to.line, -1); break;
    case Qt::Key_Down: to.line = stepped(to.line, 1); break;
    case Qt::Key_PageUp: to.line = stepped(to.line, -std::max(1, visibleLines() - 1)); break;
    case Qt::Key_PageDown: to.line = stepped(to.line, std::max(1, visibleLines() - 1)); break;
    case Qt::Key_Left: to.column = std::max(0, to.column - 1); break;
    case Qt::Key_Right: to.column = std::min(length(to.line), to.column + 1); break;
    case Qt::Key_Home:
        to.column = 0;
        if (control)
            to.line = stepped(1, 0);
        break;
    case Qt::Key_End:
        if (control)
            to.line = stepped(m_document->lineCount(), 0);
        to.column = length(to.line);
        break;
    default: return false;
    }
    if (control && (event.key() == Qt::Key_Up || event.key() == Qt::Key_Down)) {
        scrollBy(event.key() == Qt::Key_Up ? -1 : 1); // scrolls without moving, as editors do
        return true;
    }
    moveCaret(to, select, to.line != m_caret.line);
    const int x = std::min(to.column, length(to.line)) * m_charWidth;
    const int space = viewport()->width() - m_columns.text - 2 * m_charWidth;
    if (x < horizontalScrollBar()->value())
        horizontalScrollBar()->setValue(x);
    else if (x > horizontalScrollBar()->value() + space)
        horizontalScrollBar()->setValue(x - space);
    return true;
}

void LogView::contextMenuEvent(QContextMenuEvent *event)
{
    if (m_document->isNull())
        return;
    QMenu menu(this);
    menu.addAction(hasSelection() ? tr("Copy") : tr("Copy line"), QKeySequence::Copy, this, &LogView::copy);
    menu.addAction(tr("Copy with source and line"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C), this,
                   &LogView::copyWithPlace);
    menu.addSeparator();
    menu.addAction(tr("Select all"), QKeySequence::SelectAll, this, &LogView::selectAll);
    Q_EMIT menuWanted(&menu, placeAt(event->pos()).line);
    menu.exec(event->globalPos());
}

/// While something is found, n goes to the next hit and not to a shortcut of the window's.
bool LogView::event(QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && !m_hits.isEmpty()) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_N && !(key->modifiers() & ~Qt::ShiftModifier)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

bool LogView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString text = toolTipAt(help->pos());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

QString LogView::toolTipAt(QPoint position) const
{
    const auto rows = shownRows();
    if (rows.empty() || position.x() >= m_columns.text || position.y() >= rows.back().y + rows.back().height)
        return {};
    const qint64 number = placeAt({0, position.y()}).line;
    const LogLine &line = m_document->line(number);
    const LinePlace place = m_document->placeOf(number);
    QStringList parts{tr("Line %1").arg(QLocale().toString(place.line))};
    if (const LogPart *part = m_document->part(place.source); part && m_document->isMerged())
        parts = {tr("%1, line %2").arg(part->name, QLocale().toString(place.line))};
    if (line.time)
        parts.append(dateTimeText(*line.time, m_zone, 9));
    if (line.time && m_reference)
        parts.append(tr("%1 from the failure").arg(sinceText(*line.time - *m_reference)));
    if (line.carried)
        parts.append(tr("This line has no time of its own; the line before it lends it."));
    if (const LineMark *mark = m_marks.at(number)) {
        switch (mark->kind) {
        case MarkKind::Failure: parts.append(tr("Here it failed")); break;
        case MarkKind::Failing: parts.append(tr("Evidence: says what failed")); break;
        case MarkKind::Supporting: parts.append(tr("Evidence: supports a cause")); break;
        case MarkKind::Error:
        case MarkKind::Warning: break;
        }
    }
    for (auto [note, end] = m_notes.equal_range(number); note != end; ++note)
        parts.append(tr("Note: %1").arg(note->second.text));
    return parts.join(u'\n');
}

} // namespace faultline
