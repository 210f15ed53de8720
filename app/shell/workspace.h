// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/savedcase.h"
#include "app/shell/annotationdialog.h"
#include "app/shell/picturedialog.h"
#include "app/shell/selection.h"
#include "charts/core/trackitem.h"
#include "models/views/texts.h"

#include <QMainWindow>

class QDockWidget;
class QTreeView;
class QTableView;
class QSplitter;

namespace faultline {

class AnnotationsPanel;
class ComparisonPanel;
class CorrelationPanel;
class DiagnosisPanel;
class FlowPanel;
class FocusChart;
class LogPane;
class NotesModel;
class ProfilePanel;
struct QueryPlot;
class SqlConsole;
class SourcesModel;
class TimelineView;

/// A case laid out: timeline over log, with sources, diagnosis, flowchart, focus and notes around; all follow one Selection.
class Workspace final : public QMainWindow
{
    Q_OBJECT

public:
    explicit Workspace(QWidget *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    void setFormatTitles(std::map<QByteArray, QString> titles);
    void setZone(ZoneShown zone);

    Selection *selection() const { return m_selection; }
    /// The source that is highlighted among the sources; that of the line looked at where none is.
    int chosenSource() const;
    TimelineView *timeline() const { return m_timeline; }
    LogPane *log() const { return m_log; }
    DiagnosisPanel *diagnosis() const { return m_diagnosis; }
    FlowPanel *flow() const { return m_flow; }
    FocusChart *focus() const { return m_focus; }
    CorrelationPanel *correlation() const { return m_correlation; }
    ProfilePanel *profile() const { return m_profile; }
    AnnotationsPanel *annotations() const { return m_annotations; }
    ComparisonPanel *comparison() const { return m_comparison; }
    /// Shows the comparison, or how to make one.
    void showComparison();
    SqlConsole *sql() const { return m_sql; }
    SourcesModel *sources() const { return m_sources; }
    QTreeView *sourcesView() const { return m_sourcesView; }
    /// Docks in the order of the View menu.
    QList<QDockWidget *> docks() const { return m_docks; }

    /// What can be copied or saved as a picture, in the order of the views.
    std::vector<Picture> pictures() const;
    /// The notes of the analysis, which else is the one that is shown.
    void setAnnotations(const Analysis &analysis);
    /// Goes to what a note is on.
    void showAnnotation(const PlacedAnnotation &note);
    /// What a note at the cursor can be on, the likeliest first: by where the keyboard is. `remembered` begins a range to the cursor.
    std::vector<AnnotationChoice> annotationChoices(std::optional<TimeNs> remembered) const;
    /// Where a person looks and what is marked there.
    SavedView caseView() const;
    /// Looks there again, as far as it is there.
    void restoreView(const SavedView &saved);

    QByteArray layoutState() const;
    bool restoreLayout(const QByteArray &state);
    void resetLayout();

public Q_SLOTS:
    /// Offers all pictures, that of `first` ("timeline", "focus", "flames", "flowchart") at first.
    void offerPictures(const QString &first);
    void stepFailure(int by);
    void stepEvidence(int by);

Q_SIGNALS:
    void message(const QString &text);
    /// A person answers a question; an empty label takes it back.
    void answerWanted(int failure, const QString &playbook, const QString &node, const QString &label);
    /// A person wants times in the local zone, or in UTC.
    void zoneWanted(faultline::ZoneShown zone);
    /// A person wants to say what a source is or how its clock is off.
    void overruleWanted(int source);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QDockWidget *addDock(const QString &name, const QString &title, QWidget *content);
    void buildCentre();
    void buildSources();
    void buildNotes();
    void buildDocks();
    void connectSelection();
    void connectViews();
    void activateItem(const TrackItem &item);
    void activateSource(const QModelIndex &index);
    void showSourceMenu(QPoint position);
    void showLine(int source, qint64 line);
    void goToMoment(TimeNs time);
    bool activatePlotted(const QueryPlot &plot, const TrackItem &item);
    void showNode(const QString &playbook, const QString &node);
    AnnotationChoice lineChoice() const;
    std::optional<AnnotationChoice> sampleChoice() const;
    TrackItem itemOfLine(int source, qint64 line) const;
    void updateTitleBars();
    void sizeDocks();

    Selection *m_selection;
    SourcesModel *m_sources;
    NotesModel *m_notes;
    QSplitter *m_splitter = nullptr;
    TimelineView *m_timeline = nullptr;
    LogPane *m_log = nullptr;
    QTreeView *m_sourcesView = nullptr;
    QTableView *m_notesView = nullptr;
    DiagnosisPanel *m_diagnosis = nullptr;
    FlowPanel *m_flow = nullptr;
    FocusChart *m_focus = nullptr;
    CorrelationPanel *m_correlation = nullptr;
    ProfilePanel *m_profile = nullptr;
    AnnotationsPanel *m_annotations = nullptr;
    ComparisonPanel *m_comparison = nullptr;
    SqlConsole *m_sql = nullptr;
    QList<QDockWidget *> m_docks;
    QDockWidget *m_sourcesDock = nullptr;
    QDockWidget *m_diagnosisDock = nullptr;
    QDockWidget *m_flowDock = nullptr;
    QDockWidget *m_focusDock = nullptr;
    QDockWidget *m_correlationDock = nullptr;
    QDockWidget *m_profileDock = nullptr;
    QDockWidget *m_notesDock = nullptr;
    QDockWidget *m_annotationsDock = nullptr;
    QDockWidget *m_comparisonDock = nullptr;
    bool m_hadAnnotations = false;
    QDockWidget *m_sqlDock = nullptr;
    bool m_isSized = false;
    bool m_isQuerySized = false; ///< It was shown before: its height is a person\'s.
};

} // namespace faultline
