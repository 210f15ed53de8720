// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/logview/logfolds.h"
#include "app/logview/logindex.h"
#include "app/logview/logsearch.h"
#include "app/logview/logview.h"
#include "charts/core/timescale.h"

#include <QFutureWatcher>
#include <QWidget>

class QComboBox;
class QLabel;
class QToolButton;

namespace faultline {

class FileNotice;
class FindBar;
class LogFilters;
class LogFollower;

/// A log with its head (which source, how times are shown), filters and find bar; or all logs that have a place in time, merged into one.
class LogPane final : public QWidget
{
    Q_OBJECT

public:
    explicit LogPane(QWidget *parent = nullptr);
    ~LogPane() override;

    void setAnalysis(const Analysis &analysis);
    /// Whose evidence is marked and what times count from; -1 for none.
    void setFailure(int failure);
    /// Shows a line of a source; line 0 leaves the line where it is. Emits no signal. Sources without text are shown as such. All logs in
    /// one stay so, unless the line has no place in time.
    void showLine(int source, qint64 line);
    /// The source that is shown; of several, that of the current line. -1 for none.
    int source() const;
    /// The current line, as its source counts.
    qint64 currentLine() const;
    /// First and last line of what is selected, where all of it is of that source.
    std::optional<std::pair<qint64, qint64>> selectedLinesOf(int source) const;
    /// Whether all logs are shown in order of time.
    bool isMerged() const { return m_source == MergedLogs; }
    /// The last line shown that is not after the moment; a null place where there is none.
    LinePlace placeAt(TimeNs time) const;
    /// Shows only what lies in the range, which a person chose elsewhere; nullopt: all.
    void setRange(std::optional<TimeRange> range);
    /// A person's notes, those on lines of the source in hand are marked.
    void setAnnotations(std::shared_ptr<const Annotations> annotations);
    LogView *view() const { return m_view; }
    LogFilters *filters() const { return m_filters; }
    SavedSearches *savedSearches() const { return m_saved; }
    void setZone(ZoneShown zone);

    /// Lines with a bookmark, by the source's path.
    std::map<QString, std::vector<qint64>> bookmarks() const;
    void setBookmarks(const std::map<QString, std::vector<qint64>> &bookmarks);
    /// Sets a bookmark at a line of any source, or takes it away; emits no signal.
    void flipBookmark(const QString &path, qint64 line);

public Q_SLOTS:
    void find();
    void findNext();
    void findPrevious();
    /// Times of day, since the failure, since the line before.
    void toggleTimeShown();
    void toggleColours();
    void toggleWrapped();
    /// All logs in one, or the log of the current line.
    void toggleMerged();
    /// Asks for a moment to go to.
    void goToTime();
    void foldAll();
    void openAllFolds();
    /// Sets a bookmark at the line (by its number in the document), or takes it away.
    void toggleBookmark(qint64 number);
    void goToBookmark(bool forward);
    /// Opens a window with all of a line (by its number in the document), however long.
    void showWholeLine(qint64 number);

Q_SIGNALS:
    void lineActivated(int source, qint64 line);
    /// A person typed a moment to go to.
    void timeActivated(faultline::TimeNs time);
    void timeShownChanged(faultline::LogView::TimeShown shown);
    /// A person took away the filter of the range.
    void rangeDropped();
    /// A log has grown: the evidence with what is new in it.
    void evidenceGrown(std::shared_ptr<const faultline::Evidence> evidence);
    void message(const QString &text);
    /// A person set a bookmark or took it away.
    void bookmarkToggled(const QString &path, qint64 line);
    /// The file is no longer what was read, and a person wants it as it is now.
    void readAgainWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    static constexpr int MergedLogs = -2; ///< In place of a source: all of them.

    void buildHead(QWidget *head);
    void buildColumnMenu(QToolButton *button);
    void fillSources();
    void setSource(int source);
    void showMerged();
    void updateAbout();
    std::vector<LogPart> mergeableParts() const;
    const SourceEvidence *evidenceOf(int source) const;
    void activate(qint64 number);
    void follow();
    void takeGrown(int source, const std::shared_ptr<const SourceEvidence> &evidence, qint64 firstChanged);
    void updateNewLines();
    void updateMarks();
    void updateBookmarks();
    void updateLevels();
    void updateButtons();
    void connectView();
    void filtersChanged();
    void search();
    void searchChanged();
    void updateHits();
    void hitsChanged();
    void showFound();
    void updateRows();
    void setFoldsOf(const std::vector<LogPart> &parts);
    void foldsChanged();
    bool hasFolds() const;
    void fillFilterMenu(QMenu *menu);
    void addLineActions(QMenu *menu, qint64 number);
    void filterBySearch(bool hide);
    /// The hits that are shown, by number.
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
    QToolButton *m_wrap;
    LogView *m_view;
    FindBar *m_find;
    LogSearch *m_search;
    SavedSearches *m_saved;
    LogFilters *m_filters;
    LogIndex *m_index;
    std::map<int, LogFolds> m_folds;     ///< By source, of those that are shown.
    std::map<int, LogMarks> m_partMarks; ///< The same.
    QToolButton *m_filterButton = nullptr;
    QToolButton *m_foldButton = nullptr;
    std::map<QString, LineSet> m_bookmarks; ///< By the source's path: they outlive reading it again.
    std::optional<TimeNs> m_reference;
    ZoneShown m_zone = ZoneShown::Utc;
    bool m_hasRange = false;
    LinePlace m_wantedPlace; ///< To be shown as soon as it has its place among the merged lines.
    LogFollower *m_follower;
    FileNotice *m_notice;
    std::map<QString, qint64> m_lineCounts; ///< By path, when the case was last read.
    std::map<QString, LineSet> m_newLines;  ///< By path: those that were not there before.
    bool m_wantsFirstHit = false;           ///< Jump as soon as one comes.
    qint64 m_searchedFrom = 1;
    LineSet m_hits; ///< By number in the document.
    QFutureWatcher<LineSet> m_hitsWatcher;
    CancelToken m_hitsCancel;
    bool m_hitsAreStale = false;
};

} // namespace faultline
