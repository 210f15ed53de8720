// SPDX-License-Identifier: GPL-3.0-or-later
// The run that passed, which a case is held against.
#include "app/shell/mainwindow.h"

#include "app/shell/comparisonpanel.h"
#include "app/shell/workspace.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QUndoStack>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// The run that passed, before and after.
class BaselineCommand final : public QUndoCommand
{
public:
    BaselineCommand(CaseController *controller, const QStringList &paths)
        : QUndoCommand(paths.isEmpty() ? MainWindow::tr("comparing no more") : MainWindow::tr("the comparison"))
        , m_controller(controller)
        , m_before(controller->edits().baseline)
        , m_after(paths)
    {
    }

    void redo() override { m_controller->setBaseline(m_after); }
    void undo() override { m_controller->setBaseline(m_before); }

private:
    CaseController *m_controller;
    QStringList m_before;
    QStringList m_after;
};

} // namespace

void MainWindow::buildCompareMenu(QMenu *file)
{
    QMenu *menu = file->addMenu(tr("Compare with a run that &passed"));
    addAction(menu, u"compareFolder"_s, tr("Compare with the &folder of a run that passed…"), u"open-folder"_s, {},
              [this] { compareWithFolder(); });
    addAction(menu, u"compareFiles"_s, tr("Compare with f&iles of a run that passed…"), u"open-file"_s, {},
              [this] { compareWithFiles(); });
    addAction(menu, u"compareNothing"_s, tr("Compare with &nothing"), {}, {}, [this] { compareWith({}); });
    ComparisonPanel *panel = m_workspace->comparison();
    connect(panel, &ComparisonPanel::folderWanted, this, &MainWindow::compareWithFolder);
    connect(panel, &ComparisonPanel::filesWanted, this, &MainWindow::compareWithFiles);
    connect(panel, &ComparisonPanel::nothingWanted, this, [this] { compareWith({}); });
}

void MainWindow::compareWithFolder()
{
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder of a run that passed"));
    if (!folder.isEmpty())
        compareWith({folder});
}

void MainWindow::compareWithFiles()
{
    const QStringList files = QFileDialog::getOpenFileNames(this, tr("Files of a run that passed"));
    if (!files.isEmpty())
        compareWith(files);
}

void MainWindow::compareWith(const QStringList &paths)
{
    QStringList absolute;
    for (const QString &path : paths)
        absolute.append(QFileInfo(path).absoluteFilePath());
    if (!m_controller->analysis().evidence || absolute == m_controller->edits().baseline)
        return;
    m_undo->push(new BaselineCommand(m_controller, absolute));
}

} // namespace faultline
