// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logsearch.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QToolButton;

namespace faultline {

/// The line under a log in which a person types what to find.
class FindBar final : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(QWidget *parent = nullptr);

    SearchQuery query() const;
    void setText(const QString &text);
    /// Shows the bar with its text chosen.
    void open();
    /// "12 of 3,408", "no matches" …; an error is shown in its colour.
    void setStatus(const QString &status, bool isError);

Q_SIGNALS:
    void queryChanged(const faultline::SearchQuery &query);
    void nextWanted(bool forward);
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QToolButton *addButton(const QString &icon, const QString &text, const QString &toolTip, bool isCheckable);

    QLineEdit *m_edit;
    QToolButton *m_case;
    QToolButton *m_regex;
    QLabel *m_status;
};

} // namespace faultline
