// SPDX-License-Identifier: GPL-3.0-or-later
// Bookmarks, pins, and what was left of cases that were never saved.
#include "app/shell/mainwindow.h"

#include "app/logview/logpane.h"
#include "app/shell/casedocument.h"
#include "app/shell/caserecovery.h"
#include "app/shell/startpage.h"
#include "app/shell/statuspage.h"
#include "app/shell/workspace.h"
#include "charts/timeline/timelineview.h"

#include <QFileInfo>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QUndoStack>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Something that is done already when it is pushed, as what a person did in a view.
class DoneCommand final : public QUndoCommand
{
public:
    DoneCommand(const QString &text, std::function<void()> redo, std::function<void()> undo)
        : QUndoCommand(text)
        , m_redo(std::move(redo))
        , m_undo(std::move(undo))
    {
    }

    void redo() override
    {
        if (!std::exchange(m_isDone, false))
            m_redo();
    }
    void undo() override { m_undo(); }

private:
    std::function<void()> m_redo;
    std::function<void()> m_undo;
    bool m_isDone = true;
};

} // namespace

void MainWindow::connectMarks()
{
    LogPane *log = m_workspace->log();
    connect(log, &LogPane::bookmarkToggled, this, [this, log](const QString &path, qint64 line) {
        const auto flip = [log, path, line] { log->flipBookmark(path, line); };
        m_undo->push(new DoneCommand(tr("a bookmark"), flip, flip));
    });
    TimelineView *timeline = m_workspace->timeline();
    connect(timeline, &TimelineView::pinsChanged, this,
            [this, timeline](const QStringList &before, const QStringList &after) {
                m_undo->push(new DoneCommand(
                    tr("a pinned track"), [timeline, after] { timeline->setPins(after); },
                    [timeline, before] { timeline->setPins(before); }));
            });
}

void MainWindow::setRecoveryFolder(const QString &folder)
{
    m_document->setRecoveryFolder(folder);
    offerRecovered(CaseRecovery::left(folder));
}

/// One after the other, the latest first; nothing happens by itself.
void MainWindow::offerRecovered(const QStringList &files)
{
    if (files.isEmpty())
        return;
    const QString file = files.first();
    auto *box = new QMessageBox(QMessageBox::Question, tr("Work that was not saved"),
                                tr("Faultline ended before this case was saved."), QMessageBox::NoButton, this);
    box->setObjectName(u"recoveryQuestion"_s);
    box->setTextFormat(Qt::PlainText);
    const auto read = readCaseFile(file);
    const QString when = QLocale().toString(QFileInfo(file).lastModified(), QLocale::ShortFormat);
    const QString run = read && !read->content.sources.empty()
                            ? QFileInfo(read->content.sources.front().absolute).absolutePath()
                            : QString();
    const size_t notes = read ? read->content.annotations.size() : 0;
    box->setInformativeText(tr("%1\nKept at %2, with %3.")
                                .arg(run, when, notes == 1 ? tr("1 note") : tr("%L1 notes").arg(notes))
                                .trimmed());
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *open = box->addButton(tr("&Open it"), QMessageBox::AcceptRole);
    open->setObjectName(u"openRecovered"_s);
    QPushButton *discard = box->addButton(tr("&Discard it"), QMessageBox::DestructiveRole);
    discard->setObjectName(u"discardRecovered"_s);
    box->setEscapeButton(box->addButton(tr("&Later"), QMessageBox::RejectRole));
    connect(box, &QMessageBox::buttonClicked, this, [this, file, files, open, discard](QAbstractButton *button) {
        if (button == open) {
            if (!mayLeave())
                return;
            m_loading->start({file});
            m_pages->setCurrentWidget(m_loading);
            m_document->readRecovered(file);
            return;
        }
        if (button == discard)
            CaseRecovery::remove(file);
        offerRecovered(files.sliced(1));
    });
    box->open();
}

} // namespace faultline
