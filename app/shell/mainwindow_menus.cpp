// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/mainwindow.h"

#include "app/logview/logpane.h"
#include "app/settings/icons.h"
#include "app/shell/workspace.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelineview.h"

#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>
#include <QUndoStack>

using namespace Qt::StringLiterals;

namespace faultline {

QAction *MainWindow::addAction(QMenu *menu, const QString &name, const QString &text, const QString &iconName,
                               const QList<QKeySequence> &keys, std::function<void()> run, bool needsCase)
{
    // The window owns its actions: the command palette lists its children.
    auto *action = new QAction(text, this);
    action->setObjectName(name);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, [run = std::move(run)] { run(); });
    menu->addAction(action);
    if (needsCase)
        m_caseActions.append(action);
    return action;
}

void MainWindow::buildMenus()
{
    buildFileMenu();
    buildEditMenu();
    buildGoMenu();
    buildViewMenu();
    buildHelpMenu();
}

void MainWindow::buildFileMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&File"));
    addAction(
        menu, u"openFolder"_s, tr("Open &folder…"), u"open-folder"_s, {QKeySequence(Qt::CTRL | Qt::Key_O)},
        [this] { openFolder(); }, false);
    addAction(
        menu, u"openFiles"_s, tr("Open f&iles…"), u"open-file"_s, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O)},
        [this] { openFiles(); }, false);
    addAction(menu, u"addFiles"_s, tr("&Add files to this case…"), u"open-file"_s, {}, [this] { addFiles(); });
    if (!m_sample.isEmpty())
        addAction(menu, u"openSample"_s, tr("Open the &sample"), u"sample"_s, {}, [this] { open({m_sample}); }, false);
    buildCompareMenu(menu);
    menu->addSeparator();
    addAction(menu, u"saveCase"_s, tr("&Save case"), u"save"_s, {QKeySequence(QKeySequence::Save)},
              [this] { saveCase(); });
    addAction(menu, u"saveCaseAs"_s, tr("Save case &as…"), {}, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S)},
              [this] { saveCaseAs(false); });
    addAction(menu, u"saveCaseWithFiles"_s, tr("Save case &with its files…"), {}, {}, [this] { saveCaseAs(true); });
    menu->addSeparator();
    addAction(menu, u"editPostmortem"_s, tr("Post&mortem…"), u"note"_s,
              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)}, [this] { editPostmortem(); });
    addAction(menu, u"shareReport"_s, tr("Share or e&xport the report…"), {},
              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_R)}, [this] { shareReport(false); });
    menu->addSeparator();
    m_recentMenu = menu->addMenu(icon(u"recent"_s), tr("Open &recent"));
    addAction(
        menu, u"editPlaybooks"_s, tr("&Playbooks and causes…"), u"flow"_s, {QKeySequence(Qt::CTRL | Qt::Key_E)},
        [this] { editPlaybook({}); }, false);
    menu->addSeparator();
    addAction(menu, u"reload"_s, tr("Read &again"), u"reload"_s, {QKeySequence(Qt::Key_F5)},
              [this] { m_controller->reload(); });
    addAction(menu, u"closeCase"_s, tr("&Close case"), u"close"_s, {QKeySequence(Qt::CTRL | Qt::Key_W)}, [this] {
        if (mayLeave())
            m_controller->close();
    });
    QAction *cancel = addAction(
        menu, u"cancel"_s, tr("Stop reading"), {}, {QKeySequence(Qt::Key_Escape)}, [this] { m_controller->cancel(); },
        false);
    cancel->setEnabled(false);
    connect(m_controller, &CaseController::stateChanged, cancel,
            [cancel](CaseController::State state) { cancel->setEnabled(state == CaseController::State::Loading); });
    menu->addSeparator();
    QAction *quit =
        addAction(menu, u"quit"_s, tr("&Quit"), {}, {QKeySequence(Qt::CTRL | Qt::Key_Q)}, [this] { close(); }, false);
    quit->setMenuRole(QAction::QuitRole);
}

void MainWindow::buildEditMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Edit"));
    LogPane *log = m_workspace->log();
    const auto stack = [this, menu](const QString &name, QAction *action, QKeySequence::StandardKey keys) {
        action->setObjectName(name);
        action->setShortcuts(keys);
        menu->addAction(action);
    };
    stack(u"undo"_s, m_undo->createUndoAction(this, tr("&Undo")), QKeySequence::Undo);
    stack(u"redo"_s, m_undo->createRedoAction(this, tr("&Redo")), QKeySequence::Redo);
    menu->addSeparator();
    // Ctrl+C itself is left to whichever view has the focus.
    addAction(menu, u"copyWithPlace"_s, tr("Copy with &source and line"), u"copy"_s,
              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)}, [log] { log->view()->copyWithPlace(); });
    addAction(menu, u"pictures"_s, tr("Copy or save a &picture…"), {}, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_E)},
              [this] { m_workspace->offerPictures(u"timeline"_s); });
    menu->addSeparator();
    addAction(menu, u"addNote"_s, tr("Write a &note here…"), u"note"_s, {QKeySequence(Qt::Key_N)},
              [this] { addNote(); });
    menu->addSeparator();
    addAction(menu, u"find"_s, tr("&Find in log"), u"search"_s, {QKeySequence(Qt::CTRL | Qt::Key_F)},
              [log] { log->find(); });
    addAction(menu, u"findNext"_s, tr("Find &next"), u"down"_s, {QKeySequence(Qt::Key_F3)}, [log] { log->findNext(); });
    addAction(menu, u"findPrevious"_s, tr("Find &previous"), u"up"_s, {QKeySequence(Qt::SHIFT | Qt::Key_F3)},
              [log] { log->findPrevious(); });
    menu->addSeparator();
    addAction(menu, u"toggleBookmark"_s, tr("Set or clear a &bookmark"), {}, {QKeySequence(Qt::CTRL | Qt::Key_B)},
              [log] { log->toggleBookmark(log->view()->currentLine()); });
    addAction(menu, u"nextBookmark"_s, tr("Next bookmark"), {}, {QKeySequence(Qt::Key_F2)},
              [log] { log->goToBookmark(true); });
    addAction(menu, u"previousBookmark"_s, tr("Previous bookmark"), {}, {QKeySequence(Qt::SHIFT | Qt::Key_F2)},
              [log] { log->goToBookmark(false); });
}

void MainWindow::buildGoMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Go"));
    addAction(menu, u"nextFailure"_s, tr("&Next failure"), u"failure"_s, {QKeySequence(Qt::Key_F8)},
              [this] { m_workspace->stepFailure(1); });
    addAction(menu, u"previousFailure"_s, tr("&Previous failure"), {}, {QKeySequence(Qt::SHIFT | Qt::Key_F8)},
              [this] { m_workspace->stepFailure(-1); });
    menu->addSeparator();
    addAction(menu, u"nextEvidence"_s, tr("Next &evidence"), u"evidence"_s, {QKeySequence(Qt::Key_F7)},
              [this] { m_workspace->stepEvidence(1); });
    addAction(menu, u"previousEvidence"_s, tr("Previous e&vidence"), {}, {QKeySequence(Qt::SHIFT | Qt::Key_F7)},
              [this] { m_workspace->stepEvidence(-1); });
    menu->addSeparator();
    addAction(menu, u"overrule"_s, tr("&Format and clock of this source…"), u"clock"_s, {},
              [this] { overrule(m_workspace->chosenSource()); });
    addAction(menu, u"rememberMoment"_s, tr("&Remember this moment"), {}, {QKeySequence(Qt::CTRL | Qt::Key_M)},
              [this] { rememberMoment(); });
    addAction(menu, u"alignLine"_s, tr("This line is the remembered &moment"), {},
              {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_M)}, [this] { alignLine(); });
    menu->addSeparator();
    addAction(menu, u"goToLine"_s, tr("Go to &line…"), {}, {QKeySequence(Qt::CTRL | Qt::Key_G)},
              [this] { goToLine(); });
    addAction(menu, u"goToTime"_s, tr("Go to &time…"), u"clock"_s, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_G)},
              [this] { m_workspace->log()->goToTime(); });
    menu->addSeparator();
    const auto docks = m_workspace->docks();
    for (qsizetype i = 0; i < docks.size(); ++i) {
        QDockWidget *dock = docks.at(i);
        addAction(menu, u"focus-"_s + dock->objectName(), tr("Go to %1").arg(dock->windowTitle()), {},
                  {QKeySequence(QKeyCombination(Qt::ALT, Qt::Key(Qt::Key_0 + static_cast<int>(i + 1) % 10)))}, [dock] {
                      dock->show();
                      dock->raise();
                      dock->widget()->setFocus();
                  });
    }
    addAction(menu, u"focusLog"_s, tr("Go to the log"), u"log"_s, {QKeySequence(Qt::ALT | Qt::Key_L)},
              [this] { m_workspace->log()->view()->setFocus(); });
    addAction(menu, u"focusTimeline"_s, tr("Go to the timeline"), {}, {QKeySequence(Qt::ALT | Qt::Key_T)},
              [this] { m_workspace->timeline()->setFocus(); });
}

void MainWindow::buildViewMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&View"));
    addAction(
        menu, u"commandPalette"_s, tr("&Commands…"), u"command"_s,
        {QKeySequence(Qt::CTRL | Qt::Key_K), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)}, [this] { showPalette(); },
        false);
    menu->addSeparator();
    for (QDockWidget *dock : m_workspace->docks()) {
        QAction *toggle = dock->toggleViewAction();
        menu->addAction(toggle);
        m_caseActions.append(toggle);
    }
    addAction(menu, u"resetLayout"_s, tr("&Reset layout"), {}, {}, [this] { m_workspace->resetLayout(); });
    menu->addSeparator();
    TimelineView *timeline = m_workspace->timeline();
    addAction(menu, u"zoomIn"_s, tr("Zoom in on the timeline"), u"zoom-in"_s,
              {QKeySequence(Qt::CTRL | Qt::Key_Plus), QKeySequence(Qt::CTRL | Qt::Key_Equal)},
              [timeline] { timeline->zoomIn(); });
    addAction(menu, u"zoomOut"_s, tr("Zoom out of the timeline"), u"zoom-out"_s,
              {QKeySequence(Qt::CTRL | Qt::Key_Minus)}, [timeline] { timeline->zoomOut(); });
    addAction(menu, u"fit"_s, tr("Show the whole timeline"), u"fit"_s, {QKeySequence(Qt::CTRL | Qt::Key_0)},
              [timeline] { timeline->fit(); });
    addAction(menu, u"zoomBack"_s, tr("Back to what the timeline showed"), {},
              {QKeySequence(Qt::CTRL | Qt::Key_BracketLeft)}, [timeline] { timeline->axis()->back(); });
    addAction(menu, u"zoomForward"_s, tr("Forward on the timeline"), {},
              {QKeySequence(Qt::CTRL | Qt::Key_BracketRight)}, [timeline] { timeline->axis()->forward(); });
    menu->addSeparator();
    LogPane *log = m_workspace->log();
    addAction(menu, u"mergeLogs"_s, tr("All logs by time, or one"), u"merge"_s, {QKeySequence(Qt::CTRL | Qt::Key_L)},
              [log] { log->toggleMerged(); });
    addAction(menu, u"toggleTime"_s, tr("Times of day, since the failure, or since the line before"), u"clock"_s,
              {QKeySequence(Qt::CTRL | Qt::Key_T)}, [log] { log->toggleTimeShown(); });
    addAction(menu, u"wrapLines"_s, tr("Wrap long lines"), u"wrap"_s, {QKeySequence(Qt::ALT | Qt::Key_W)},
              [log] { log->toggleWrapped(); });
    addAction(menu, u"stayAtEnd"_s, tr("Stay at the end of a growing log"), {}, {QKeySequence(Qt::ALT | Qt::Key_End)},
              [log] { log->view()->setFollowsEnd(!log->view()->followsEnd()); });
    addAction(menu, u"toggleColours"_s, tr("Show or hide terminal colours"), u"palette"_s, {},
              [log] { log->toggleColours(); });
    addAction(menu, u"foldAll"_s, tr("Fold steps, groups and stack traces"), u"fold"_s,
              {QKeySequence(Qt::CTRL | Qt::Key_J)}, [log] { log->foldAll(); });
    addAction(menu, u"openFolds"_s, tr("Open all folds"), {}, {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_J)},
              [log] { log->openAllFolds(); });
    addAction(menu, u"largerFont"_s, tr("Larger log text"), {}, {QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Plus)},
              [log] { log->view()->changeFontSize(1); });
    addAction(menu, u"smallerFont"_s, tr("Smaller log text"), {}, {QKeySequence(Qt::CTRL | Qt::ALT | Qt::Key_Minus)},
              [log] { log->view()->changeFontSize(-1); });
    menu->addSeparator();
    buildZoneMenu(menu);
    buildThemeMenu(menu);
}

void MainWindow::buildThemeMenu(QMenu *view)
{
    QMenu *menu = view->addMenu(icon(u"theme"_s), tr("&Theme"));
    auto *group = new QActionGroup(this);
    const auto add = [&](const QString &name, const QString &text, ThemeMode mode) {
        QAction *action = addAction(menu, name, text, {}, {}, [this, mode] { setTheme(mode); }, false);
        action->setCheckable(true);
        action->setChecked(m_settings.theme() == mode);
        group->addAction(action);
    };
    add(u"themeSystem"_s, tr("As the &system"), ThemeMode::System);
    add(u"themeLight"_s, tr("&Light"), ThemeMode::Light);
    add(u"themeDark"_s, tr("&Dark"), ThemeMode::Dark);
}

void MainWindow::buildZoneMenu(QMenu *view)
{
    QMenu *menu = view->addMenu(icon(u"clock"_s), tr("Times &in"));
    auto *group = new QActionGroup(this);
    const auto add = [&](const QString &name, const QString &text, ZoneShown zone) {
        QAction *action = addAction(menu, name, text, {}, {}, [this, zone] { setZone(zone); }, false);
        action->setCheckable(true);
        action->setChecked(m_settings.zone() == zone);
        group->addAction(action);
    };
    add(u"zoneUtc"_s, tr("&UTC"), ZoneShown::Utc);
    add(u"zoneLocal"_s, tr("&Local time"), ZoneShown::Local);
}

void MainWindow::buildHelpMenu()
{
    QMenu *menu = menuBar()->addMenu(tr("&Help"));
    QAction *about = addAction(menu, u"about"_s, tr("&About Faultline"), u"info"_s, {}, [this] { showAbout(); }, false);
    about->setMenuRole(QAction::AboutRole);
}

void MainWindow::buildToolBar()
{
    m_toolBar = addToolBar(tr("Tools"));
    m_toolBar->setObjectName(u"toolBar"_s);
    m_toolBar->setMovable(false);
    m_toolBar->setFloatable(false);
    m_toolBar->setIconSize({18, 18});
    m_toolBar->setContextMenuPolicy(Qt::PreventContextMenu);
    const auto action = [this](const QString &name) { return findChild<QAction *>(name, Qt::FindDirectChildrenOnly); };
    m_toolBar->addAction(action(u"openFolder"_s));
    m_toolBar->addAction(action(u"reload"_s));
    m_toolBar->addSeparator();
    m_toolBar->addAction(action(u"nextFailure"_s));
    m_toolBar->addAction(action(u"nextEvidence"_s));
    m_toolBar->addSeparator();
    m_toolBar->addAction(action(u"zoomIn"_s));
    m_toolBar->addAction(action(u"zoomOut"_s));
    m_toolBar->addAction(action(u"fit"_s));
    m_toolBar->addSeparator();
    m_toolBar->addAction(action(u"find"_s));
    for (const QString &name : {u"openFolder"_s, u"nextFailure"_s, u"nextEvidence"_s}) {
        auto *button = qobject_cast<QToolButton *>(m_toolBar->widgetForAction(action(name)));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    }
    auto *space = new QWidget(m_toolBar);
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    auto *commands = new QToolButton(m_toolBar);
    commands->setObjectName(u"commandButton"_s);
    commands->setText(tr("Commands   %1").arg(QKeySequence(Qt::CTRL | Qt::Key_K).toString(QKeySequence::NativeText)));
    commands->setIcon(icon(u"command"_s));
    commands->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    connect(commands, &QToolButton::clicked, this, &MainWindow::showPalette);
    m_toolBar->addWidget(commands);
}

void MainWindow::buildStatusBar()
{
    const auto add = [this](const QString &name, const QString &toolTip, int stretch) {
        auto *label = new QLabel(this);
        label->setObjectName(name);
        label->setTextFormat(Qt::PlainText);
        label->setToolTip(toolTip);
        label->setContentsMargins(6, 0, 6, 0);
        if (stretch > 0)
            label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        statusBar()->addWidget(label, stretch);
        return label;
    };
    m_timeLabel = add(u"timeLabel"_s, tr("The time cursor"), 0);
    m_placeLabel = add(u"placeLabel"_s, tr("Source and line"), 0);
    m_reasonLabel = add(u"reasonLabel"_s, tr("How this source's clock was placed"), 1);
    m_reasonLabel->setForegroundRole(QPalette::PlaceholderText);
    statusBar()->setSizeGripEnabled(false);
}

void MainWindow::showAbout()
{
    QMessageBox::about(this, tr("About Faultline"),
                       tr("<h3>Faultline %1</h3><p>Reads what a failed run left behind, puts it on one time axis, and "
                          "shows what happened, when, and why.</p>"
                          "<p>Free software under the GNU General Public License, version 3 or later.</p>")
                           .arg(QApplication::applicationVersion().toHtmlEscaped()));
}

} // namespace faultline
