// SPDX-License-Identifier: GPL-3.0-or-later
// Case files and notes in the window.
#include "app/shell/mainwindow.h"

#include "app/shell/annotationdialog.h"
#include "app/shell/annotationspanel.h"
#include "app/shell/casedocument.h"
#include "app/shell/statuspage.h"
#include "app/shell/workspace.h"

#include <QCryptographicHash>
#include <QEventLoop>
#include <QFileDialog>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QUndoStack>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int CaseMessageMs = 10'000;

/// A note added, changed or removed; done by the first redo().
class AnnotationCommand final : public QUndoCommand
{
public:
    AnnotationCommand(CaseController *controller, std::optional<Annotation> before, std::optional<Annotation> after)
        : QUndoCommand(!before  ? MainWindow::tr("a new note")
                       : !after ? MainWindow::tr("a note that was deleted")
                                : MainWindow::tr("a note"))
        , m_controller(controller)
        , m_before(std::move(before))
        , m_after(std::move(after))
    {
    }

    void redo() override { set(m_after, m_before); }
    void undo() override { set(m_before, m_after); }

private:
    void set(std::optional<Annotation> &wanted, const std::optional<Annotation> &other)
    {
        if (!wanted)
            return m_controller->removeAnnotation(other->id);
        // Failures may have got other numbers since.
        if (const Annotation *current = m_controller->annotation(wanted->id))
            wanted->failure = current->failure;
        wanted->id = m_controller->putAnnotation(*wanted);
    }

    CaseController *m_controller;
    std::optional<Annotation> m_before;
    std::optional<Annotation> m_after;
};

/// Folders in which the user lets a case's sources be read, by the case's place: a stranger's case in another place has none.
QString foldersKey(const QString &file)
{
    const QByteArray path = QFileInfo(file).absoluteFilePath().toUtf8();
    return u"caseFolders/"_s
           + QString::fromLatin1(QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().left(32));
}

} // namespace

void MainWindow::connectCase()
{
    m_document = new CaseDocument(m_controller, m_undo, [this] { return m_workspace->caseView(); }, this);
    connect(m_document, &CaseDocument::changed, this, &MainWindow::updateTitle);
    connect(m_document, &CaseDocument::opened, this, &MainWindow::takeCase);
    connect(m_document, &CaseDocument::failed, this, [this](const Error &error) {
        showState(m_controller->state());
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Case file"), error.message, QMessageBox::Ok, this);
        box->setObjectName(u"caseProblem"_s);
        box->setTextFormat(Qt::PlainText);
        box->setInformativeText(QStringList{error.hint, error.source}.join(u'\n').trimmed());
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    connect(m_document, &CaseDocument::saved, this, [this](const QString &file) {
        trustFolders(file, {});
        m_settings.addRecentCase({file});
        updateRecent();
        statusBar()->showMessage(tr("Saved %1").arg(QFileInfo(file).fileName()), CaseMessageMs);
    });
    connect(m_controller, &CaseController::annotationsChanged, this, [this] {
        m_workspace->setAnnotations(m_controller->analysis());
        tellPostmortem();
    });
    connect(m_controller, &CaseController::postmortemChanged, this, &MainWindow::tellPostmortem);
    AnnotationsPanel *panel = m_workspace->annotations();
    connect(panel, &AnnotationsPanel::addWanted, this, &MainWindow::addNote);
    connect(panel, &AnnotationsPanel::editWanted, this, &MainWindow::editNote);
    connect(panel, &AnnotationsPanel::removeWanted, this, &MainWindow::removeNote);
}

void MainWindow::openCaseFile(const QString &file)
{
    QStringList folders;
    QDataStream stream(m_settings.bytes(foldersKey(file)));
    stream >> folders;
    m_loading->start({file});
    m_pages->setCurrentWidget(m_loading);
    m_document->read(file, folders);
}

void MainWindow::trustFolders(const QString &file, const QStringList &chosen)
{
    // What a person opened and saved in a case may be read again, where it lies.
    constexpr qsizetype MostFolders = 100;
    QStringList folders;
    QDataStream known(m_settings.bytes(foldersKey(file)));
    known >> folders;
    folders += chosen;
    if (const auto &evidence = m_controller->analysis().evidence; evidence && chosen.isEmpty())
        for (const auto &source : evidence->sources) {
            QString folder = QFileInfo(source->path).absolutePath();
            while (!QFileInfo(folder).isDir() && folder.contains(u'/')) // what was in an archive
                folder.truncate(folder.lastIndexOf(u'/'));
            if (QFileInfo(folder).isDir() && !folders.contains(folder))
                folders += folder;
        }
    folders.removeDuplicates();
    QByteArray bytes;
    QDataStream kept(&bytes, QIODevice::WriteOnly);
    kept << folders.last(std::min(folders.size(), MostFolders));
    m_settings.setBytes(foldersKey(file), bytes);
}

void MainWindow::takeCase(const OpenedCase &opened)
{
    const QString problem = sourcesText(opened);
    if (problem.isEmpty())
        return startCase(opened);
    auto *box = new QMessageBox(QMessageBox::Question, tr("Files of the case"),
                                opened.missing().isEmpty() ? tr("Some files are not as they were.")
                                                           : tr("Some files are not where they were."),
                                QMessageBox::Cancel, this);
    box->setObjectName(u"sourcesQuestion"_s);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(problem);
    box->setAttribute(Qt::WA_DeleteOnClose);
    auto *choose = box->addButton(tr("Choose their &folder…"), QMessageBox::ActionRole);
    choose->setObjectName(u"chooseFolder"_s);
    QAbstractButton *go = nullptr;
    if (!opened.paths().isEmpty()) {
        go = box->addButton(opened.missing().isEmpty() ? tr("&Open as they are") : tr("&Open without them"),
                            QMessageBox::AcceptRole);
        go->setObjectName(u"openAnyway"_s);
    }
    connect(box, &QMessageBox::buttonClicked, this, [this, opened, choose, go](QAbstractButton *button) {
        if (button == go)
            return startCase(opened);
        if (button == choose) {
            const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder with the files of the case"),
                                                                     QFileInfo(opened.file).path());
            if (!folder.isEmpty()) {
                trustFolders(opened.file, {folder});
                return openCaseFile(opened.file);
            }
        }
        showState(m_controller->state());
    });
    box->open();
}

void MainWindow::startCase(const OpenedCase &opened)
{
    m_moment.reset();
    m_loading->start(opened.paths());
    m_document->take(opened);
    if (m_document->readOnlyReason().isEmpty())
        return;
    auto *box = new QMessageBox(QMessageBox::Information, tr("Only to be looked at"),
                                tr("The case cannot be saved under its name."), QMessageBox::Ok, this);
    box->setObjectName(u"readOnlyNotice"_s);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("%1\nWhat you change can be saved under another name.").arg(m_document->readOnlyReason()));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MainWindow::saveCase()
{
    if (m_document->file().isEmpty() || !m_document->readOnlyReason().isEmpty())
        return saveCaseAs(false);
    m_document->save(m_document->file(), false);
}

void MainWindow::saveCaseAs(bool embed)
{
    const QString first = m_document->file().isEmpty() ? m_controller->paths().value(0) : m_document->file();
    const QFileInfo info(first);
    const QString folder = info.isDir() ? first : info.absolutePath();
    const QString suggested = QDir(folder).filePath(info.completeBaseName() + u'.' + CaseSuffix);
    QString file = QFileDialog::getSaveFileName(this, embed ? tr("Save the case with its files") : tr("Save the case"),
                                                suggested, tr("Cases (*.faultline)"));
    if (file.isEmpty())
        return;
    if (QFileInfo(file).suffix().isEmpty())
        file += u'.' + CaseSuffix;
    m_document->save(file, embed);
}

bool MainWindow::mayLeave()
{
    const bool isOwn = !m_document->file().isEmpty() && m_document->readOnlyReason().isEmpty();
    if (m_document->isOpening())
        return true;
    if (isOwn && m_controller->analysis().evidence) { // where one looked is kept too
        const auto saved = m_document->saveNow();
        if (saved)
            return true;
        const auto answer = QMessageBox::warning(
            this, tr("Case file"),
            tr("The case could not be saved: %1\nClose it all the same?").arg(saved.error().message),
            QMessageBox::Discard | QMessageBox::Cancel, QMessageBox::Cancel);
        return answer == QMessageBox::Discard;
    }
    if (!m_document->isModified())
        return true;
    QMessageBox box(QMessageBox::Question, tr("Save the case?"),
                    tr("What you wrote, marked and answered is not saved yet."),
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    box.setObjectName(u"saveQuestion"_s);
    box.setDefaultButton(QMessageBox::Save);
    const int answer = box.exec();
    if (answer != QMessageBox::Save)
        return answer == QMessageBox::Discard;
    QEventLoop loop;
    connect(m_document, &CaseDocument::saved, &loop, &QEventLoop::quit);
    connect(m_document, &CaseDocument::failed, &loop, &QEventLoop::quit);
    saveCaseAs(false);
    if (m_document->isBusy())
        loop.exec();
    return !m_document->isModified();
}

void MainWindow::addNote()
{
    auto choices = m_workspace->annotationChoices(m_moment);
    if (choices.empty())
        return statusBar()->showMessage(tr("Put the cursor on a line or a moment first."), CaseMessageMs);
    showNoteDialog(std::move(choices));
}

void MainWindow::editNote(qint64 id)
{
    const Annotation *note = m_controller->annotation(id);
    if (!note)
        return;
    const QModelIndex index = m_workspace->annotations()->model()->indexOf(id);
    const QString time = index.data(AnnotationsModel::TimeRole).toString();
    QString label = index.data(AnnotationsModel::PlaceRole).toString();
    if (!time.isEmpty())
        label += u" · "_s % time;
    showNoteDialog({{*note, label}});
}

void MainWindow::removeNote(qint64 id)
{
    if (const Annotation *note = m_controller->annotation(id))
        m_undo->push(new AnnotationCommand(m_controller, *note, std::nullopt));
}

void MainWindow::showNoteDialog(std::vector<AnnotationChoice> choices)
{
    const QByteArray known = m_settings.bytes(u"author"_s);
    const QString author = known.isEmpty() ? qEnvironmentVariable("USER") : QString::fromUtf8(known);
    auto *dialog = new AnnotationDialog(std::move(choices), author, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        Annotation note = dialog->note();
        m_settings.setBytes(u"author"_s, note.author.toUtf8());
        const Annotation *existing = m_controller->annotation(note.id);
        const auto before = existing ? std::optional(*existing) : std::nullopt;
        if (!before && m_controller->annotations().size() >= Annotation::MostInCase)
            return statusBar()->showMessage(tr("A case holds at most %1 notes").arg(Annotation::MostInCase),
                                            CaseMessageMs);
        note.written = TimeNs{QDateTime::currentMSecsSinceEpoch() * NsPerMillisecond};
        m_undo->push(new AnnotationCommand(m_controller, before, note));
        m_workspace->annotations()->showNote(before ? note.id : m_controller->annotations().back().id);
    });
    dialog->open();
}

} // namespace faultline
