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

/// What of a person's work a case holds, in words; what there is none of is not named.
QStringList keptParts(const CaseContent &content)
{
    QStringList parts;
    const auto add = [&parts](size_t count, const QString &one, const QString &many) {
        if (count > 0)
            parts.append(count == 1 ? one : many.arg(count));
    };
    add(content.annotations.size(), MainWindow::tr("1 note"), MainWindow::tr("%L1 notes"));
    if (!content.postmortem.trimmed().isEmpty())
        parts.append(MainWindow::tr("a postmortem"));
    add(content.answers.size(), MainWindow::tr("1 answer"), MainWindow::tr("%L1 answers"));
    add(content.clocks.size(), MainWindow::tr("1 clock set"), MainWindow::tr("%L1 clocks set"));
    add(content.bookmarks.size(), MainWindow::tr("1 bookmark"), MainWindow::tr("%L1 bookmarks"));
    add(static_cast<size_t>(content.view.pins.size()), MainWindow::tr("1 pinned track"),
        MainWindow::tr("%L1 pinned tracks"));
    return parts;
}

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
    const QStringList kept = read ? keptParts(read->content) : QStringList();
    const QString what =
        kept.isEmpty() ? tr("Kept at %1.").arg(when) : tr("Kept at %1, with %2.").arg(when, kept.join(u", "_s));
    box->setInformativeText(u"%1\n%2"_s.arg(run, what).trimmed());
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
