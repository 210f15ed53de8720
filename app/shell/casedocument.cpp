// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/casedocument.h"

#include <QFileInfo>
#include <QTemporaryDir>
#include <QUndoStack>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {
constexpr int AutosaveMs = 5'000;
} // namespace

CaseDocument::CaseDocument(CaseController *controller, QUndoStack *undo, ViewFunction view, QObject *parent)
    : QObject(parent)
    , m_controller(controller)
    , m_undo(undo)
    , m_viewOf(std::move(view))
{
    m_autosave.setSingleShot(true);
    m_autosave.setInterval(AutosaveMs);
    connect(&m_autosave, &QTimer::timeout, this, [this] {
        if (isModified() && !m_file.isEmpty() && m_readOnly.isEmpty() && !isBusy())
            save(m_file, m_embed);
        else
            planAutosave();
    });
    connect(m_undo, &QUndoStack::indexChanged, this, &CaseDocument::planAutosave);
    connect(m_undo, &QUndoStack::cleanChanged, this, &CaseDocument::changed);
    connect(m_controller, &CaseController::analysisChanged, this, [this] {
        m_isOpening = false;
        planAutosave();
        Q_EMIT changed();
    });
    connect(m_controller, &CaseController::stateChanged, this, [this](CaseController::State state) {
        const bool isBack = state != CaseController::State::Loading && state != CaseController::State::Failed;
        if (m_isOpening && isBack) // cancelled, or given up after an error: what was open before is shown
            leave();
    });
}

CaseDocument::~CaseDocument()
{
    m_readCancel.cancel();
    if (m_reading) {
        m_reading->disconnect(this);
        m_reading->waitForFinished();
    }
    if (m_writing) {
        m_writing->disconnect(this);
        m_writing->waitForFinished();
    }
}

bool CaseDocument::isModified() const
{
    if (m_controller->state() == CaseController::State::Empty)
        return false;
    return !m_undo->isClean() || (!m_file.isEmpty() && m_controller->paths() != m_savedPaths);
}

void CaseDocument::planAutosave()
{
    if (isModified() && !m_file.isEmpty() && m_readOnly.isEmpty())
        m_autosave.start();
}

void CaseDocument::read(const QString &file, const QStringList &folders)
{
    m_readCancel.cancel();
    m_readCancel = CancelToken();
    auto *watcher = new QFutureWatcher<Result<OpenedCase>>(this);
    m_reading = watcher;
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher] {
        watcher->deleteLater();
        if (m_reading != watcher)
            return;
        m_reading = nullptr;
        const Result<OpenedCase> result = watcher->result();
        if (result)
            Q_EMIT opened(*result);
        else if (result.error().code != Code::Cancelled)
            Q_EMIT failed(result.error());
    });
    watcher->setFuture(
        QtConcurrent::run([file, folders, cancel = m_readCancel] { return openCase(file, folders, cancel); }));
}

void CaseDocument::take(const OpenedCase &opened)
{
    leave();
    m_file = opened.file;
    if (opened.isNewer)
        m_readOnly = tr("It was saved by a newer Faultline; saving it here would lose what that added.");
    else
        lock(m_file);
    m_id = opened.content.id;
    m_unpacked = opened.unpacked;
    for (size_t i = 0; i < opened.found.size(); ++i) {
        const CaseSource &source = opened.content.sources[i];
        if (opened.found[i] == SourceFound::Missing)
            m_missing.push_back(source);
        else if (opened.found[i] == SourceFound::AsSaved)
            m_known.push_back(source);
        m_embed = m_embed || source.embedded;
    }
    m_savedPaths = opened.paths();
    m_isOpening = true;
    m_view = {opened.content.view, opened.content.pathOf(opened.content.view.place)};
    m_controller->openSaved(opened.paths(), opened.edits(), opened.failuresAsSaved());
    Q_EMIT changed();
}

void CaseDocument::leave()
{
    m_autosave.stop();
    if (m_writing)
        m_writing->waitForFinished(); // into the file that is left
    m_undo->clear();
    m_file.clear();
    m_readOnly.clear();
    m_lock.reset();
    m_id.clear();
    m_known.clear();
    m_missing.clear();
    m_savedPaths.clear();
    m_view.reset();
    m_embed = false;
    m_isOpening = false;
    m_unpacked.reset();
    Q_EMIT changed();
}

void CaseDocument::lock(const QString &file)
{
    m_readOnly.clear();
    m_lock = std::make_unique<QLockFile>(file + u".lock"_s);
    m_lock->setStaleLockTime(0); // only the end of its program ends a lock
    if (m_lock->tryLock(0)) {
        if (!QFileInfo(file).isWritable())
            m_readOnly = tr("You may not write to the file.");
        return;
    }
    qint64 pid = 0;
    QString host;
    QString program;
    if (m_lock->error() != QLockFile::LockFailedError)
        m_readOnly = tr("You may not write to its folder.");
    else if (m_lock->getLockInfo(&pid, &host, &program))
        m_readOnly = tr("It is open in another window (process %1 on %2).").arg(pid).arg(host);
    else
        m_readOnly = tr("It is open in another window.");
    m_lock.reset();
}

CaseSnapshot CaseDocument::snapshot(bool embed) const
{
    CaseSnapshot snapshot;
    snapshot.analysis = m_controller->analysis();
    snapshot.edits = m_controller->edits();
    const auto [view, source] = m_viewOf();
    snapshot.view = view;
    if (!source.isEmpty())
        snapshot.lookedAtSource = {source};
    snapshot.id = m_id;
    snapshot.known = m_known;
    snapshot.missing = m_missing;
    snapshot.embed = embed;
    return snapshot;
}

void CaseDocument::wrote(const QString &file, const CaseContent &content, int undoIndex, const QStringList &paths)
{
    if (file != m_file) {
        m_file = file;
        lock(file);
    }
    m_id = content.id;
    m_known.clear();
    for (const CaseSource &source : content.sources)
        if (std::ranges::find(m_missing, source) == m_missing.end())
            m_known.push_back(source);
    m_savedPaths = paths;
    if (m_undo->index() == undoIndex) // else something was changed meanwhile
        m_undo->setClean();
    else
        planAutosave();
    Q_EMIT changed();
    Q_EMIT saved(file);
}

void CaseDocument::save(const QString &file, bool embed)
{
    if (m_writing || m_isOpening || !m_controller->analysis().evidence)
        return;
    const bool update = file == m_file;
    if (!update && QFileInfo::exists(file)) {
        QLockFile others(file + u".lock"_s);
        others.setStaleLockTime(0);
        if (!others.tryLock(0) && others.error() == QLockFile::LockFailedError) {
            Q_EMIT failed({Code::NotReadable,
                           tr("This case is open in another window"),
                           tr("Close it there, or choose another name."),
                           file,
                           {}});
            return;
        }
    }
    m_embed = embed || (update && m_embed);
    auto *watcher = new QFutureWatcher<Result<CaseContent>>(this);
    m_writing = watcher;
    const QByteArray id = m_id;
    connect(watcher, &QFutureWatcherBase::finished, this,
            [this, watcher, file, id, before = m_file, index = m_undo->index(), paths = m_controller->paths()] {
                watcher->deleteLater();
                m_writing = nullptr;
                const Result<CaseContent> result = watcher->result();
                if (before != m_file || id != m_id)
                    return; // another case is open by now
                if (result)
                    wrote(file, *result, index, paths);
                else
                    Q_EMIT failed(result.error());
            });
    watcher->setFuture(
        QtConcurrent::run([file, update, snapshot = snapshot(m_embed)] { return saveCase(file, snapshot, update); }));
}

Result<void> CaseDocument::saveNow()
{
    if (m_writing)
        m_writing->waitForFinished();
    const auto content = saveCase(m_file, snapshot(m_embed), true);
    if (!content)
        return std::unexpected(content.error());
    wrote(m_file, *content, m_undo->index(), m_controller->paths());
    return {};
}

} // namespace faultline
