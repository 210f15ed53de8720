// SPDX-License-Identifier: GPL-3.0-or-later
// What is handed on of a case: the report, the postmortem.
#include "app/shell/mainwindow.h"

#include "app/shell/knowledgewatcher.h"
#include "app/shell/postmortemeditor.h"
#include "app/shell/sharedialog.h"
#include "app/shell/workspace.h"

#include <QApplication>
#include <QMessageBox>
#include <QStatusBar>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int MessageMs = 10'000;
} // namespace

QString MainWindow::templateFolder() const
{
    return m_knowledge ? m_knowledge->folder() : userKnowledgeFolder();
}

PostmortemEditor *MainWindow::editPostmortem()
{
    if (!m_postmortem) {
        m_postmortem = new PostmortemEditor(templateFolder(), this);
        m_postmortem->setDark(isDark(qApp->palette()));
        connect(m_postmortem, &PostmortemEditor::edited, m_controller, &CaseController::setPostmortem);
        connect(m_postmortem, &PostmortemEditor::exportWanted, this, [this] { shareReport(true); });
    }
    tellPostmortem();
    m_postmortem->show();
    m_postmortem->raise();
    m_postmortem->activateWindow();
    return m_postmortem;
}

ShareDialog *MainWindow::shareReport(bool isPostmortem)
{
    const Analysis &analysis = m_controller->analysis();
    if (!analysis.evidence || !analysis.diagnosis)
        return nullptr;
    const QStringList patterns =
        QString::fromUtf8(m_settings.bytes(u"redactionPatterns"_s)).split(u'\n', Qt::SkipEmptyParts);
    QWidget *parent = isPostmortem && m_postmortem ? static_cast<QWidget *>(m_postmortem) : this;
    auto *dialog = new ShareDialog(analysis, m_controller->edits(), m_workspace->caseView(),
                                   reportTemplates(templateFolder()), patterns, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (isPostmortem)
        dialog->setPostmortem();
    connect(dialog, &ShareDialog::patternsChanged, this,
            [this](const QStringList &own) { m_settings.setBytes(u"redactionPatterns"_s, own.join(u'\n').toUtf8()); });
    connect(dialog, &ShareDialog::shared, this, [this, dialog](const QStringList &files, const QStringList &leftOut) {
        QString text = tr("Written: %1").arg(files.join(u", "_s));
        if (!leftOut.isEmpty())
            text += tr(". Left out, since they are no text: %1").arg(leftOut.join(u", "_s));
        statusBar()->showMessage(text, MessageMs);
        dialog->accept();
    });
    connect(dialog, &ShareDialog::failed, dialog, [dialog](const Error &error) {
        auto *box =
            new QMessageBox(QMessageBox::Warning, tr("Share the report"), error.message, QMessageBox::Ok, dialog);
        box->setTextFormat(Qt::PlainText);
        QString where = error.source;
        if (error.position.line > 0)
            where = tr("%1, line %2").arg(where).arg(error.position.line);
        box->setInformativeText(QStringList{error.hint, where}.join(u'\n').trimmed());
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    dialog->open();
    return dialog;
}

} // namespace faultline
