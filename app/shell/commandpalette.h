// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPointer>

class QAction;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace faultline {

/// How well a text answers to what was typed: letters in order, better at the starts of words and in a row; -1 where it does not.
int fuzzyScore(const QString &typed, const QString &text);

/// All that the window can do, found by typing.
class CommandPalette final : public QDialog
{
    Q_OBJECT

public:
    explicit CommandPalette(QWidget *parent);
    /// Shows the actions over the parent; disabled ones and those without text are left out.
    void open(const QList<QAction *> &actions);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void fill();
    void runCurrent();

    QList<QPointer<QAction>> m_actions;
    QLineEdit *m_edit;
    QListView *m_list;
    QStandardItemModel *m_model;
};

} // namespace faultline
