// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/search/searchquery.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QMenu;
class QToolButton;

namespace faultline {

class SavedSearches;

/// The line under a log in which a person types what to find.
class FindBar final : public QWidget
{
    Q_OBJECT

public:
    explicit FindBar(SavedSearches *saved, QWidget *parent = nullptr);

    SearchQuery query() const;
    void setQuery(const SearchQuery &query);
    void setText(const QString &text);
    /// Whether all logs are searched, not only the one that is shown.
    bool searchesAll() const;
    /// Whether one of several logs is shown, so that a person can choose to search the others too.
    void setSearchesOne(bool one);
    /// Shows the bar with its text chosen.
    void open();
    /// "12 of 3,408", "no matches" …; an error is shown in its colour. `details` are shown under the pointer.
    void setStatus(const QString &status, bool isError, const QString &details = {});
    /// Gives way: the bar comes and goes, and must not widen the window for it.
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    /// What to look for, or where, is another.
    void queryChanged();
    void nextWanted(bool forward);
    /// Show only lines that match, or hide them.
    void filterWanted(bool hide);
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QToolButton *addButton(const QString &icon, const QString &text, const QString &toolTip, bool isCheckable);
    void addMenuButton(const QString &icon, const QString &name, const QString &toolTip, QMenu *menu);
    void fillSaved(QMenu *menu);
    void updateHint();
    void makeRoom();

    SavedSearches *m_saved;
    QLineEdit *m_edit;
    QToolButton *m_case;
    QToolButton *m_word;
    QToolButton *m_regex;
    QToolButton *m_combined;
    QToolButton *m_all;
    QLabel *m_status;
};

} // namespace faultline
