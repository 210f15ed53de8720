// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/mainwindow.h"

#include "app/logview/logpane.h"
#include "app/settings/icons.h"
#include "app/shell/casedocument.h"
#include "app/shell/commandpalette.h"
#include "app/shell/flowpanel.h"
#include "app/shell/knowledgewatcher.h"
#include "app/shell/playbookeditor.h"
#include "app/shell/postmortemeditor.h"
#include "app/shell/selection.h"
#include "app/shell/sourcedialog.h"
#include "app/shell/startpage.h"
#include "app/shell/statuspage.h"
#include "app/shell/stylesheet.h"
#include "app/shell/workspace.h"
#include "app/sqlconsole/sqlconsole.h"
#include "charts/flow/flowview.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QScreen>
#include <QStackedWidget>
#include <QStatusBar>
#include <QStyleHints>
#include <QToolBar>
#include <QUndoStack>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MessageMs = 4000;

/// Files and folders of a drag; empty where there are none.
QStringList droppedPaths(const QMimeData *data)
{
    QStringList paths;
    const auto urls = data->urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    return paths;
}

/// Files go on with the open case, as the output of a command that was asked for does; a folder is another case.
bool isMore(const QStringList &paths, const CaseController &controller, Qt::KeyboardModifiers modifiers)
{
    using State = CaseController::State;
    const bool hasCase = controller.state() == State::Ready || controller.state() == State::NothingFailed;
    return hasCase && !(modifiers & Qt::ShiftModifier) && std::ranges::all_of(paths, [](const QString &path) {
               return QFileInfo(path).isFile() && !isCaseFile(path);
           });
}

} // namespace

MainWindow::MainWindow(CaseLoader loader, const QString &settingsFile, const QString &sample, QWidget *parent)
    : QMainWindow(parent)
    , m_settings(settingsFile)
    , m_sample(sample)
    , m_controller(new CaseController(std::move(loader), this))
    , m_undo(new QUndoStack(this))
{
    setObjectName(u"mainWindow"_s);
    setWindowIcon(QIcon(u":/faultline/icons/faultline.svg"_s));
    setAcceptDrops(true);
    applyTheme(*qApp, m_settings.theme());
    buildPages();
    connectCase();
    connectMarks();
    m_palette = new CommandPalette(this);
    buildMenus();
    buildToolBar();
    buildStatusBar();
    updateStyle();
    restore();

    connect(m_controller, &CaseController::stateChanged, this, &MainWindow::showState);
    connect(m_controller, &CaseController::analysisChanged, this, &MainWindow::showAnalysis);
    connect(m_controller, &CaseController::progressChanged, m_loading, &LoadingPage::setProgress);
    connect(m_controller, &CaseController::filesChanged, m_loading, &LoadingPage::setFiles);
    connect(m_controller, &CaseController::previewReady, m_loading,
            [this](const LogPart &part) { m_loading->setPreview(part, m_zone); });
    connect(m_workspace, &Workspace::message, this,
            [this](const QString &text) { statusBar()->showMessage(text, MessageMs); });
    connect(m_workspace, &Workspace::overruleWanted, this, &MainWindow::overrule);
    connect(m_workspace, &Workspace::zoneWanted, this, &MainWindow::setZone);
    connect(m_workspace, &Workspace::answerWanted, this, &MainWindow::answer);
    connect(m_workspace->selection(), &Selection::lineChanged, this, &MainWindow::showStatus);
    connect(m_workspace->selection(), &Selection::cursorChanged, this, &MainWindow::showStatus);
    // Queued: the palette follows first.
    connect(qApp->styleHints(), &QStyleHints::colorSchemeChanged, this, &MainWindow::updateStyle, Qt::QueuedConnection);
    showState(m_controller->state());
}

MainWindow::~MainWindow()
{
    delete m_document; // before what it looks at
}

void MainWindow::buildPages()
{
    m_pages = new QStackedWidget(this);
    m_start = new StartPage(m_pages);
    m_loading = new LoadingPage(m_pages);
    m_failed = new FailedPage(m_pages);
    m_workspace = new Workspace(m_pages);
    for (QWidget *page : std::initializer_list<QWidget *>{m_start, m_loading, m_failed, m_workspace})
        m_pages->addWidget(page);
    setCentralWidget(m_pages);
    m_start->setHasSample(!m_sample.isEmpty());
    connect(m_start, &StartPage::openFolderWanted, this, &MainWindow::openFolder);
    connect(m_start, &StartPage::openFilesWanted, this, &MainWindow::openFiles);
    connect(m_start, &StartPage::openSampleWanted, this, [this] { open({m_sample}); });
    connect(m_start, &StartPage::openWanted, this, &MainWindow::open);
    connect(m_loading, &LoadingPage::cancelWanted, m_controller, &CaseController::cancel);
    connect(m_failed, &FailedPage::retryWanted, m_controller, &CaseController::reload);
    connect(m_failed, &FailedPage::openFolderWanted, this, &MainWindow::openFolder);
    connect(m_failed, &FailedPage::backWanted, m_controller, &CaseController::dismissError);
}

void MainWindow::restore()
{
    m_zone = m_settings.zone();
    m_workspace->setZone(m_zone);
    // The frame has its size only once it is there: room for a common one.
    constexpr QSize Frame(16, 48);
    if (!restoreGeometry(m_settings.bytes(u"geometry"_s)))
        resize(QSize(1600, 1000).boundedTo(screen()->availableSize() - Frame));
    if (const QByteArray layout = m_settings.bytes(u"layout"_s); !layout.isEmpty())
        m_workspace->restoreLayout(layout);
    SavedSearches *searches = m_workspace->log()->savedSearches();
    searches->restore(m_settings.bytes(u"searches"_s));
    connect(searches, &SavedSearches::changed, this,
            [this, searches] { m_settings.setBytes(u"searches"_s, searches->toJson()); });
    connect(m_workspace->log(), &LogPane::readAgainWanted, m_controller, &CaseController::reload);
    SqlConsole *sql = m_workspace->sql();
    sql->setHistory(QString::fromUtf8(m_settings.bytes(u"queries"_s)).split(u'\0', Qt::SkipEmptyParts));
    connect(sql, &SqlConsole::historyChanged, this,
            [this, sql] { m_settings.setBytes(u"queries"_s, sql->history().join(QChar(u'\0')).toUtf8()); });
    connect(sql, &SqlConsole::questionWanted, this, [this](const QString &markdown) {
        PlaybookEditor *editor = m_editor && m_editor->isVisible() ? m_editor : editPlaybook({});
        editor->raise();
        QPlainTextEdit *text = editor->text();
        text->moveCursor(QTextCursor::End);
        text->insertPlainText(markdown);
    });
    updateRecent();
}

void MainWindow::open(const QStringList &paths)
{
    QStringList absolute;
    for (const QString &path : paths)
        absolute.append(QFileInfo(path).absoluteFilePath());
    const bool isCase = absolute.size() == 1 && isCaseFile(absolute.first());
    const bool isAnother = isCase || absolute != m_controller->paths();
    if (isAnother && !mayLeave())
        return;
    if (isCase)
        return openCaseFile(absolute.first());
    if (isAnother) {
        m_document->leave();
        m_moment.reset();
    }
    m_loading->start(absolute);
    m_controller->open(absolute);
}

void MainWindow::add(const QStringList &paths)
{
    QStringList absolute;
    for (const QString &path : paths)
        absolute.append(QFileInfo(path).absoluteFilePath());
    m_loading->start(m_controller->paths() + absolute);
    m_controller->add(absolute);
}

void MainWindow::showState(CaseController::State state)
{
    using State = CaseController::State;
    if (state != State::Loading)
        m_loading->setPreview({}, m_zone);
    switch (state) {
    case State::Empty:
        m_document->leave();
        m_pages->setCurrentWidget(m_start);
        break;
    case State::Loading: m_pages->setCurrentWidget(m_loading); break;
    case State::Failed:
        m_failed->setError(m_controller->error());
        m_pages->setCurrentWidget(m_failed);
        break;
    case State::NothingFailed:
    case State::Ready: m_pages->setCurrentWidget(m_workspace); break;
    }
    const bool hasCase = state == State::Ready || state == State::NothingFailed;
    for (QAction *action : std::as_const(m_caseActions))
        action->setEnabled(hasCase);
    m_toolBar->setVisible(hasCase);
    for (QLabel *label : {m_timeLabel, m_placeLabel, m_reasonLabel})
        label->setVisible(hasCase);
    if (hasCase)
        m_workspace->log()->view()->setFocus();
    else
        m_pages->currentWidget()->setFocus();
    updateTitle();
}

void MainWindow::showAnalysis(const Analysis &analysis)
{
    m_workspace->setAnalysis(analysis);
    tellEditor();
    if (!analysis.evidence)
        return;
    if (const auto view = m_document->takeView())
        m_workspace->restoreView(*view);
    m_settings.addRecentCase(m_document->file().isEmpty() ? m_controller->paths() : QStringList{m_document->file()});
    updateRecent();
    showStatus();
}

void MainWindow::showStatus()
{
    const Selection *selection = m_workspace->selection();
    const auto cursor = selection->cursor();
    m_timeLabel->setText(cursor ? dateTimeText(*cursor, m_zone) : tr("no time"));
    const Analysis &analysis = selection->analysis();
    const int source = selection->source();
    if (!analysis.evidence || source < 0) {
        m_placeLabel->clear();
        m_reasonLabel->clear();
        return;
    }
    const QString name = sourceNames(*analysis.evidence).value(source);
    m_placeLabel->setText(selection->line() > 0 ? QString(name % u':' % QString::number(selection->line())) : name);
    const auto index = static_cast<size_t>(source);
    if (!analysis.placement || index >= analysis.placement->sources.size())
        return m_reasonLabel->clear();
    const SourcePlacement &placement = analysis.placement->sources[index];
    m_reasonLabel->setText(placement.reason.isEmpty() ? clockText(*analysis.evidence->sources[index], placement)
                                                      : placement.reason);
    m_reasonLabel->setToolTip(m_reasonLabel->text());
}

void MainWindow::updateTitle()
{
    const QString file = m_document->file();
    const QString path = file.isEmpty() ? m_controller->paths().value(0) : file;
    QString name = QFileInfo(path).fileName().replace(u"[*]"_s, u"[*][*]"_s); // twice it is no place for the mark
    if (!file.isEmpty() && !m_document->readOnlyReason().isEmpty())
        name = tr("%1 (only to be looked at)").arg(name);
    setWindowTitle(path.isEmpty() ? tr("Faultline") : tr("%1[*] \u2013 Faultline").arg(name));
    setWindowModified(m_document->isModified());
}

void MainWindow::updateRecent()
{
    const auto cases = m_settings.recentCases();
    m_start->setRecentCases(cases);
    m_recentMenu->clear();
    m_recentMenu->setEnabled(!cases.isEmpty());
    for (const QStringList &paths : cases) {
        QString text = paths.first();
        if (paths.size() > 1)
            text = tr("%1 and %Ln more", nullptr, static_cast<int>(paths.size()) - 1).arg(text);
        text.replace(u"&"_s, u"&&"_s);
        QAction *action = m_recentMenu->addAction(text);
        connect(action, &QAction::triggered, this, [this, paths] { open(paths); });
    }
    m_recentMenu->addSeparator();
    QAction *clear = m_recentMenu->addAction(tr("Clear the list"));
    connect(clear, &QAction::triggered, this, [this] {
        m_settings.clearRecentCases();
        updateRecent();
    });
}

void MainWindow::setFormatTitles(std::map<QByteArray, QString> titles)
{
    m_formatTitles = titles;
    m_workspace->setFormatTitles(std::move(titles));
}

void MainWindow::setKnowledgeFolder(const QString &folder)
{
    delete m_knowledge;
    m_knowledge = new KnowledgeWatcher(folder, this);
    connect(m_knowledge, &KnowledgeWatcher::changed, this, [this](bool signaturesToo) {
        m_controller->renewKnowledge(signaturesToo);
        statusBar()->showMessage(tr("Your playbooks, causes and signatures were read anew"), MessageMs);
        if (m_editor)
            m_editor->refreshPages();
    });
}

PlaybookEditor *MainWindow::editPlaybook(const QString &name)
{
    if (!m_editor) {
        m_editor = new PlaybookEditor(m_knowledge ? m_knowledge->folder() : userKnowledgeFolder(), this);
        m_editor->setDark(isDark(qApp->palette()));
    }
    const WalkedFlowchart &chart = m_workspace->flow()->view()->flowchart();
    m_editor->openPage(!name.isEmpty()            ? name
                       : chart.playbook.isEmpty() ? u"killed.md"_s
                                                  : QString(chart.playbook % u".md"));
    tellEditor();
    m_editor->show();
    m_editor->raise();
    m_editor->activateWindow();
    return m_editor;
}

void MainWindow::tellEditor()
{
    if (m_editor)
        m_editor->setCase(m_controller->analysis(), m_workspace->selection()->failure(), m_controller->answers());
    tellPostmortem();
}

void MainWindow::tellPostmortem()
{
    if (m_postmortem)
        m_postmortem->setCase(m_controller->analysis());
}

void MainWindow::openFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Open a folder"));
    if (!folder.isEmpty())
        open({folder});
}

void MainWindow::openFiles()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Open files"));
    if (!files.isEmpty())
        open(files);
}

void MainWindow::addFiles()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Add files to this case"));
    if (!files.isEmpty())
        add(files);
}

void MainWindow::goToLine()
{
    const LogPane *log = m_workspace->log();
    const LogPart *part = log->view()->document().part(log->source());
    if (!part)
        return;
    const qint64 last = part->evidence->lineCount();
    bool isChosen = false;
    // A double holds every line number exactly that a file can have; the int dialog would stop at two thousand millions.
    const double line = QInputDialog::getDouble(
        this, tr("Go to line"), tr("Line of %1, 1 to %2:").arg(part->name, QLocale().toString(last)),
        static_cast<double>(log->currentLine()), 1, static_cast<double>(last), 0, &isChosen);
    if (isChosen)
        m_workspace->selection()->selectLine(log->source(), static_cast<qint64>(line));
}

void MainWindow::setTheme(ThemeMode mode)
{
    m_settings.setTheme(mode);
    applyTheme(*qApp, mode);
    updateStyle();
}

void MainWindow::setZone(ZoneShown zone)
{
    m_zone = zone;
    m_settings.setZone(zone);
    m_workspace->setZone(zone);
    showStatus();
}

void MainWindow::showPalette()
{
    QList<QAction *> actions = findChildren<QAction *>(Qt::FindDirectChildrenOnly);
    for (const QDockWidget *dock : m_workspace->docks())
        actions.append(dock->toggleViewAction());
    m_palette->open(actions + m_recentMenu->actions());
}

void MainWindow::updateStyle()
{
    setStyleSheet(windowStyleSheet(qApp->palette()));
    if (m_editor)
        m_editor->setDark(isDark(qApp->palette()));
    if (m_postmortem)
        m_postmortem->setDark(isDark(qApp->palette()));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (!mayLeave())
        return event->ignore();
    m_settings.setBytes(u"geometry"_s, saveGeometry());
    m_settings.setBytes(u"layout"_s, m_workspace->layoutState());
    m_controller->cancel();
    event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (droppedPaths(event->mimeData()).isEmpty())
        return;
    event->acceptProposedAction();
    m_start->setDropWanted(true);
    statusBar()->showMessage(isMore(droppedPaths(event->mimeData()), *m_controller, event->modifiers())
                                 ? tr("Drop to add to this case; with Shift to open as another one")
                                 : tr("Drop to open"));
}

void MainWindow::dragLeaveEvent(QDragLeaveEvent *event)
{
    m_start->setDropWanted(false);
    statusBar()->clearMessage();
    QMainWindow::dragLeaveEvent(event);
}

void MainWindow::dropEvent(QDropEvent *event)
{
    m_start->setDropWanted(false);
    statusBar()->clearMessage();
    const QStringList paths = droppedPaths(event->mimeData());
    if (paths.isEmpty())
        return;
    event->acceptProposedAction();
    if (isMore(paths, *m_controller, event->modifiers()))
        add(paths);
    else
        open(paths);
}

} // namespace faultline
