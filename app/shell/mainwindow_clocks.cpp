// SPDX-License-Identifier: GPL-3.0-or-later
// What a person says of sources, clocks and open questions, and taking it back.
#include "app/shell/mainwindow.h"

#include "app/shell/sourcedialog.h"
#include "app/shell/workspace.h"
#include "models/placement/zones.h"

#include <QFileInfo>
#include <QStatusBar>
#include <QUndoStack>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int ClockMessageMs = 10'000;

/// What was said of one source, before and after.
class OverrideCommand final : public QUndoCommand
{
public:
    OverrideCommand(CaseController *controller, const QString &path, const SourceOverride &said)
        : QUndoCommand(MainWindow::tr("what was said of %1").arg(QFileInfo(path).fileName()))
        , m_controller(controller)
        , m_path(path)
        , m_before(controller->overrideOf(path))
        , m_after(said)
    {
    }

    void redo() override { m_controller->setOverride(m_path, m_after); }
    void undo() override { m_controller->setOverride(m_path, m_before); }

private:
    CaseController *m_controller;
    QString m_path;
    SourceOverride m_before;
    SourceOverride m_after;
};

/// An answer by hand, given already; the controller keeps the answers themselves, since failures may get other numbers.
class AnswerCommand final : public QUndoCommand
{
public:
    explicit AnswerCommand(CaseController *controller)
        : QUndoCommand(MainWindow::tr("an answer"))
        , m_controller(controller)
    {
    }

    void redo() override
    {
        if (std::exchange(m_isDone, false))
            return; // pushing it calls redo() at once
        m_controller->redoAnswer();
    }
    void undo() override { m_controller->undoAnswer(); }

private:
    CaseController *m_controller;
    bool m_isDone = true;
};

} // namespace

void MainWindow::answer(int failure, const QString &playbook, const QString &node, const QString &label)
{
    if (m_controller->answer(failure, playbook, node, label))
        m_undo->push(new AnswerCommand(m_controller));
}

void MainWindow::say(const QString &path, const SourceOverride &said)
{
    m_undo->push(new OverrideCommand(m_controller, path, said));
}

void MainWindow::overrule(int source)
{
    const Analysis &analysis = m_controller->analysis();
    if (!analysis.evidence || source < 0 || std::cmp_greater_equal(source, analysis.evidence->sources.size()))
        return;
    const SourceEvidence &evidence = *analysis.evidence->sources[static_cast<size_t>(source)];
    const SourcePlacement &placement = analysis.placement->sources[static_cast<size_t>(source)];
    auto *dialog =
        new SourceDialog(evidence, placement.reason.isEmpty() ? clockText(evidence, placement) : placement.reason,
                         m_formatTitles, m_controller->overrideOf(evidence.path), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, path = evidence.path] { say(path, dialog->said()); });
    dialog->open();
}

void MainWindow::rememberMoment()
{
    m_moment = m_workspace->selection()->cursor();
    const QString text =
        m_moment ? tr("Remembered %1. Now go to the line of another source that was written at that moment, and choose "
                      "“This line is the remembered moment”.")
                       .arg(dateTimeText(*m_moment, m_zone))
                 : tr("Put the cursor on a line, a marker or a spike first.");
    statusBar()->showMessage(text, ClockMessageMs);
}

void MainWindow::alignLine()
{
    const auto tell = [this](const QString &text) { statusBar()->showMessage(text, ClockMessageMs); };
    const Selection &selection = *m_workspace->selection();
    const Analysis &analysis = m_controller->analysis();
    if (!m_moment)
        return tell(tr("Remember a moment first: put the cursor on it, then choose “Remember this moment”."));
    if (!analysis.evidence || selection.source() < 0 || selection.line() < 1)
        return tell(tr("Go to a line of the log first."));
    const SourceEvidence &evidence = *analysis.evidence->sources[static_cast<size_t>(selection.source())];
    const auto lines = decodeLines(evidence, selection.line(), 1);
    if (lines.empty() || !lines.front().time)
        return tell(tr("This line has no time of its own and none before it, so its clock cannot be set by it."));
    // Boots after the first count from where their part of the log begins.
    const qint64 start = evidence.clockStarts.size() > 1 ? evidence.clockStarts.back().ns : 0;
    if (lines.front().time->ns < start)
        return tell(tr("This line is of an earlier boot; choose a line of the last one."));
    SourceOverride said = m_controller->overrideOf(evidence.path);
    const SourceTime written = *lines.front().time;
    const auto stretches = zoneStretches(said.clock.zone, written, written);
    const DurationNs east = stretches.empty() ? said.clock.zoneOffsetNs.value_or(0) : stretches.back().eastNs;
    said.clock.offsetNs = m_moment->ns - written.ns + east + start;
    say(evidence.path, said);
    tell(tr("%1: line %2 is now at %3. Edit > Undo takes it back.")
             .arg(QFileInfo(evidence.path).fileName(), QLocale().toString(selection.line()),
                  dateTimeText(*m_moment, m_zone)));
}

} // namespace faultline
