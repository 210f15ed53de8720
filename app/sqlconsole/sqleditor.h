// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/sqlconsole/sqlwords.h"

#include <QPlainTextEdit>

class QCompleter;
class QStringListModel;

namespace faultline {

/// Where a statement is written. Words are completed as they are typed, or by Ctrl+Space: after "table." its columns alone.
/// Ctrl+Enter runs; Alt+Up and Alt+Down go through what was run before.
class SqlEditor final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit SqlEditor(QWidget *parent = nullptr);

    void setTables(const QList<SqlTable> &tables);
    QCompleter *completer() const { return m_completer; }
    /// What is offered for the word before the cursor.
    QStringList completions() const;

Q_SIGNALS:
    void runWanted();
    void historyWanted(int step);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void offer(bool isAsked);
    void insert(const QString &word);
    QString wordBefore() const;

    SqlHighlighter *m_highlighter;
    QCompleter *m_completer;
    QStringListModel *m_words;
    QList<SqlTable> m_tables;
};

} // namespace faultline
