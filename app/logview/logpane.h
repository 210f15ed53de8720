// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logview.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace faultline {

class FindBar;

/// A log with its head (which source, how times are shown) and find bar.
class LogPane final : public QWidget
{
    Q_OBJECT

public:
    explicit LogPane(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    /// Whose evidence is marked and what times count from; -1 for none.
    void setFailure(int failure);
    /// Shows a line of a source; line 0 leaves the line where it is. Emits no signal. Sources without text are shown as such.
    void showLine(int source, qint64 line);
    int source() const { return m_source; }
    /// A person's notes, those on lines of the source in hand are marked.
    void setAnnotations(std::shared_ptr<const Annotations> annotations);
    LogView *view() const { return m_view; }
    void setZone(ZoneShown zone);

public Q_SLOTS:
    void find();
    void findNext();
    void findPrevious();
    void toggleTimeShown();
    void toggleColours();

Q_SIGNALS:
    void lineActivated(int source, qint64 line);
    void message(const QString &text);

private:
    void buildHead(QWidget *head);
    void setSource(int source);
    void updateMarks();
    void updateButtons();
    void search(const SearchQuery &query);
    void searchChanged();
    void goToHit(bool forward);
    void updateFindStatus();

    Analysis m_analysis;
    QStringList m_names;
    int m_source = -1;
    int m_failure = -1;
    QComboBox *m_sources;
    QLabel *m_about;
    QToolButton *m_time;
    QToolButton *m_colours;
    LogView *m_view;
    FindBar *m_find;
    LogSearch *m_search;
    bool m_wantsFirstHit = false; ///< Jump as soon as one comes.
    qint64 m_searchedFrom = 1;
};

} // namespace faultline
