// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logfolds.h"
#include "app/logview/logsearch.h"
#include "app/logview/logview.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace faultline {

class FileNotice;
class FindBar;
class LogFilters;

/// A log with its head (which source, how times are shown), filters and find bar.
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
    LogFilters *filters() const { return m_filters; }
    SavedSearches *savedSearches() const { return m_saved; }
    void setZone(ZoneShown zone);

public Q_SLOTS:
    void find();
    void findNext();
    void findPrevious();
    void toggleTimeShown();
    void toggleColours();
    void foldAll();
    void openAllFolds();
    /// Sets a bookmark at the line, or takes it away.
    void toggleBookmark(qint64 line);
    void goToBookmark(bool forward);
    /// Opens a window with all of a line, however long.
    void showWholeLine(qint64 line);

Q_SIGNALS:
    void lineActivated(int source, qint64 line);
    void message(const QString &text);
    /// The file is no longer what was read, and a person wants it as it is now.
    void readAgainWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    void buildHead(QWidget *head);
    void setSource(int source);
    void updateMarks();
    void updateButtons();
    void connectView();
    void search();
    void searchChanged();
    void showFound();
    void updateRows();
    void fillFilterMenu(QMenu *menu);
    void addLineActions(QMenu *menu, qint64 line);
    void filterBySearch(bool hide);
    std::optional<TimeNs> timeOfLine(qint64 line) const;
    /// The hits that are shown of the source in hand.
    LineSet visibleHits() const;
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
    SavedSearches *m_saved;
    LogFilters *m_filters;
    LogFolds m_folds;
    QToolButton *m_filterButton = nullptr;
    QToolButton *m_foldButton = nullptr;
    std::map<QString, LineSet> m_bookmarks; ///< By the source's path: they outlive reading it again.
    std::optional<TimeNs> m_reference;
    FileNotice *m_notice;
    std::map<QString, qint64> m_lineCounts; ///< By path, when the case was last read.
    std::map<QString, qint64> m_newFrom;    ///< By path: the first line that was not there before.
    bool m_wantsFirstHit = false;           ///< Jump as soon as one comes.
    qint64 m_searchedFrom = 1;
};

} // namespace faultline
