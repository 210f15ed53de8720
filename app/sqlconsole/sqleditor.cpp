// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sqlconsole/sqleditor.h"

#include "app/settings/theme.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QFontDatabase>
#include <QKeyEvent>
#include <QRegularExpression>
#include <QScrollBar>
#include <QStringListModel>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr qsizetype FewestTyped = 2; ///< Letters before words are offered unasked.
}

SqlEditor::SqlEditor(QWidget *parent)
    : QPlainTextEdit(parent)
    , m_highlighter(new SqlHighlighter(document()))
    , m_completer(new QCompleter(this))
    , m_words(new QStringListModel(this))
{
    setObjectName(u"sqlEditor"_s);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setAccessibleName(tr("SQL statement"));
    setPlaceholderText(tr("SELECT time, source, line, text FROM lines WHERE text LIKE '%error%' LIMIT 100"));
    m_completer->setWidget(this);
    m_completer->setModel(m_words);
    m_completer->setCaseSensitivity(Qt::CaseInsensitive);
    m_completer->setCompletionMode(QCompleter::PopupCompletion);
    connect(m_completer, qOverload<const QString &>(&QCompleter::activated), this, &SqlEditor::insert);
    m_highlighter->setDark(isDark(palette()));
}

void SqlEditor::setTables(const QList<SqlTable> &tables)
{
    m_tables = tables;
    m_highlighter->setTables(tables);
}

QString SqlEditor::wordBefore() const
{
    static const QRegularExpression word(u"[A-Za-z_0-9.]*$"_s);
    const QTextCursor cursor = textCursor();
    return word.match(cursor.block().text().left(cursor.positionInBlock())).captured();
}

QStringList SqlEditor::completions() const
{
    const QString word = wordBefore();
    const qsizetype dot = word.lastIndexOf(u'.');
    QStringList words;
    if (dot >= 0) {
        // "f.": the table itself, or what the statement calls so.
        QString table = word.left(dot).toLower();
        const QRegularExpression alias(u"\\b(\\w+)\\s+(?:AS\\s+)?%1\\b"_s.arg(QRegularExpression::escape(table)),
                                       QRegularExpression::CaseInsensitiveOption);
        QStringList candidates{table};
        auto matches = alias.globalMatch(toPlainText());
        while (matches.hasNext())
            candidates.append(matches.next().captured(1).toLower());
        for (const SqlTable &known : m_tables) {
            if (candidates.contains(known.name))
                words += known.columns;
        }
    } else {
        for (const SqlTable &known : m_tables)
            words += known.name;
        // Columns of the tables that the statement names come with them.
        const QString text = toPlainText();
        for (const SqlTable &known : m_tables) {
            if (text.contains(
                    QRegularExpression(u"\\b%1\\b"_s.arg(known.name), QRegularExpression::CaseInsensitiveOption)))
                words += known.columns;
        }
        words += sqlKeywords();
        words += sqlFunctions();
    }
    words.removeDuplicates();
    const QString prefix = word.mid(dot + 1);
    words.removeIf([&](const QString &w) {
        return !w.startsWith(prefix, Qt::CaseInsensitive) || w.compare(prefix, Qt::CaseInsensitive) == 0;
    });
    words.sort(Qt::CaseInsensitive);
    return words;
}

void SqlEditor::offer(bool isAsked)
{
    const QString word = wordBefore();
    const QString prefix = word.mid(word.lastIndexOf(u'.') + 1);
    const bool isWorth = isAsked || word.contains(u'.') || prefix.size() >= FewestTyped;
    const QStringList words = isWorth ? completions() : QStringList();
    if (words.isEmpty()) {
        m_completer->popup()->hide();
        return;
    }
    m_words->setStringList(words);
    m_completer->setCompletionPrefix(prefix);
    QRect at = cursorRect();
    at.setWidth(m_completer->popup()->sizeHintForColumn(0)
                + m_completer->popup()->verticalScrollBar()->sizeHint().width() + 12);
    m_completer->complete(at);
    m_completer->popup()->setCurrentIndex(m_completer->completionModel()->index(0, 0));
}

void SqlEditor::insert(const QString &word)
{
    const QString before = wordBefore();
    QTextCursor cursor = textCursor();
    cursor.movePosition(QTextCursor::Left, QTextCursor::KeepAnchor,
                        static_cast<int>(before.size() - before.lastIndexOf(u'.') - 1));
    cursor.insertText(word);
    setTextCursor(cursor);
}

void SqlEditor::keyPressEvent(QKeyEvent *event)
{
    const bool isControl = event->modifiers().testFlag(Qt::ControlModifier);
    const bool isAlt = event->modifiers().testFlag(Qt::AltModifier);
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && isControl) {
        m_completer->popup()->hide();
        Q_EMIT runWanted();
        return;
    }
    if (m_completer->popup()->isVisible()
        && (isEnter || event->key() == Qt::Key_Tab || event->key() == Qt::Key_Escape)) {
        event->ignore(); // the list takes them
        return;
    }
    if (isAlt && (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)) {
        Q_EMIT historyWanted(event->key() == Qt::Key_Up ? -1 : 1);
        return;
    }
    if (isControl && event->key() == Qt::Key_Space) {
        offer(true);
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
    const QString typed = event->text();
    if (!typed.isEmpty() && (typed.at(0).isLetterOrNumber() || typed == u"_" || typed == u"."))
        offer(false);
    else
        m_completer->popup()->hide();
}

void SqlEditor::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_highlighter->setDark(isDark(palette()));
}

} // namespace faultline
