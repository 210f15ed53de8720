// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/settings/settings.h"
#include "app/shell/casecontroller.h"

#include <QMainWindow>

class QActionGroup;
class QLabel;
class QStackedWidget;
class QUndoStack;

namespace faultline {

struct AnnotationChoice;
class CaseDocument;
class CommandPalette;
class FailedPage;
class KnowledgeWatcher;
class LoadingPage;
struct OpenedCase;
class PlaybookEditor;
class PostmortemEditor;
class ShareDialog;
class StartPage;
class Workspace;

/// The window: what is open or being opened, menus, what is remembered.
class MainWindow final : public QMainWindow
{
    Q_OBJECT

public:
    /// `settingsFile` is where to remember; empty: the user's own place. `sample` is the folder that "Open the sample" opens; may be empty.
    MainWindow(CaseLoader loader, const QString &settingsFile, const QString &sample, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Opens files and folders, or a saved case; asks before what is open is lost.
    void open(const QStringList &paths);
    /// Reads more files into the open case.
    void add(const QStringList &paths);
    CaseController *controller() const { return m_controller; }
    Workspace *workspace() const { return m_workspace; }
    CaseDocument *document() const { return m_document; }
    CommandPalette *commandPalette() const { return m_palette; }
    void setFormatTitles(std::map<QByteArray, QString> titles);
    /// A person's own playbooks, causes and signatures: edited here, and read anew when they change.
    void setKnowledgeFolder(const QString &folder);
    /// Opens the editor on a page, or on the playbook that the flowchart shows.
    PlaybookEditor *editPlaybook(const QString &name);
    /// Opens the editor of the case's postmortem.
    PostmortemEditor *editPostmortem();
    /// Offers the report, or the postmortem, for others; null where no case is open.
    ShareDialog *shareReport(bool isPostmortem);
    /// Compares with a run that passed; an empty list with none. Can be undone.
    void compareWith(const QStringList &paths);
    /// Where cases that were never saved outlive the program; what was left there is offered.
    void setRecoveryFolder(const QString &folder);

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dragLeaveEvent(QDragLeaveEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void buildPages();
    void buildMenus();
    void buildFileMenu();
    void buildEditMenu();
    void buildViewMenu();
    void buildThemeMenu(QMenu *view);
    void buildZoneMenu(QMenu *view);
    void buildGoMenu();
    void buildHelpMenu();
    void buildToolBar();
    void buildStatusBar();
    QAction *addAction(QMenu *menu, const QString &name, const QString &text, const QString &icon,
                       const QList<QKeySequence> &keys, std::function<void()> run, bool needsCase = true);
    void restore();
    void showState(CaseController::State state);
    void showAnalysis(const Analysis &analysis);
    void showStatus();
    void updateTitle();
    /// What a person knows of an open question; can be undone.
    void answer(int failure, const QString &playbook, const QString &node, const QString &label);
    void connectCase();
    void connectMarks();
    void buildCompareMenu(QMenu *file);
    void compareWithFolder();
    void compareWithFiles();
    void offerRecovered(const QStringList &files);
    QString templateFolder() const;
    void openCaseFile(const QString &file);
    /// A case that was read: asks where its sources are not as they were.
    void takeCase(const OpenedCase &opened);
    void startCase(const OpenedCase &opened);
    void trustFolders(const QString &file, const QStringList &chosen);
    void saveCase();
    void saveCaseAs(bool embed);
    /// Saves what is to be saved, or asks; false where what is open stays open.
    bool mayLeave();
    void addNote();
    void editNote(qint64 id);
    void removeNote(qint64 id);
    void showNoteDialog(std::vector<AnnotationChoice> choices);
    void addFiles();
    void tellEditor();
    void tellPostmortem();
    void updateRecent();
    void updateStyle();
    void openFolder();
    void openFiles();
    void goToLine();
    /// Asks what the source is and how its clock is off.
    void overrule(int source);
    /// Sets what is said of a source; can be undone.
    void say(const QString &path, const SourceOverride &said);
    /// Keeps the cursor's moment for alignLine().
    void rememberMoment();
    /// The line in hand was written at the remembered moment: shifts its source's clock.
    void alignLine();
    void setTheme(ThemeMode mode);
    void setZone(ZoneShown zone);
    void showPalette();
    void showAbout();

    Settings m_settings;
    QString m_sample;
    CaseController *m_controller;
    QStackedWidget *m_pages = nullptr;
    StartPage *m_start = nullptr;
    LoadingPage *m_loading = nullptr;
    FailedPage *m_failed = nullptr;
    Workspace *m_workspace = nullptr;
    CommandPalette *m_palette = nullptr;
    PlaybookEditor *m_editor = nullptr;
    PostmortemEditor *m_postmortem = nullptr;
    KnowledgeWatcher *m_knowledge = nullptr;
    QMenu *m_recentMenu = nullptr;
    QToolBar *m_toolBar = nullptr;
    QLabel *m_timeLabel = nullptr;
    QLabel *m_placeLabel = nullptr;
    QLabel *m_reasonLabel = nullptr;
    std::map<QByteArray, QString> m_formatTitles;
    QList<QAction *> m_caseActions; ///< Of use only while a case is shown.
    ZoneShown m_zone = ZoneShown::Utc;
    QUndoStack *m_undo;
    CaseDocument *m_document = nullptr;
    std::optional<TimeNs> m_moment; ///< Remembered, to set a clock by.
};

} // namespace faultline
