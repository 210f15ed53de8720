// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/casedocument.h"

#include "app/shell/caserecovery.h"

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
    connect(&m_autosave, &QTimer::timeout, this, &CaseDocument::autosave);
    connect(m_undo, &QUndoStack::indexChanged, this, &CaseDocument::planAutosave);
    connect(m_undo, &QUndoStack::cleanChanged, this, &CaseDocument::changed);
    connect(m_controller, &CaseController::postmortemChanged, this, [this] {
        planAutosave();
        Q_EMIT changed();
    });
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
    return m_isRecovered || !m_undo->isClean() || m_controller->edits().postmortem != m_savedPostmortem
           || (!m_file.isEmpty() && m_controller->paths() != m_savedPaths);
}

void CaseDocument::planAutosave()
{
    if (isModified() && m_readOnly.isEmpty() && (!m_file.isEmpty() || m_recovery))
        m_autosave.start();
}

void CaseDocument::autosave()
{
    if (!isModified() || !m_readOnly.isEmpty() || isBusy() || m_isOpening)
        return planAutosave();
    if (!m_file.isEmpty())
        save(m_file, m_embed);
    else if (m_recovery && m_controller->analysis().evidence)
        m_recovery->keep(snapshot(false));
}

void CaseDocument::setRecoveryFolder(const QString &folder)
{
    m_recovery = std::make_unique<CaseRecovery>(folder);
}

void CaseDocument::read(const QString &file, const QStringList &folders)
{
    start([file, folders](const CancelToken &cancel) { return openCase(file, folders, cancel); });
}

void CaseDocument::readRecovered(const QString &file)
{
    start([file](const CancelToken &cancel) { return openRecovered(file, cancel); });
}

void CaseDocument::start(std::function<Result<OpenedCase>(const CancelToken &)> read)
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
    watcher->setFuture(QtConcurrent::run([read = std::move(read), cancel = m_readCancel] { return read(cancel); }));
}

void CaseDocument::take(const OpenedCase &opened)
{
    leave();
    if (m_recovery && m_recovery->take(opened.file))
        m_isRecovered = true;
    else
        m_file = opened.file;
    if (m_isRecovered)
        m_readOnly.clear();
    else if (opened.isNewer)
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
    m_savedPostmortem = opened.content.postmortem;
    m_isOpening = true;
    m_view = opened.view();
    m_controller->openSaved(opened.paths(), opened.edits(), opened.failuresAsSaved());
    Q_EMIT changed();
}

void CaseDocument::leave()
{
    m_autosave.stop();
    if (m_writing)
        m_writing->waitForFinished(); // into the file that is left
    if (m_recovery)
        m_recovery->drop();
    m_isRecovered = false;
    m_savedPostmortem.clear();
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
    snapshot.view = m_viewOf();
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
    m_savedPostmortem = content.postmortem;
    m_isRecovered = false;
    if (m_recovery)
        m_recovery->drop();
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
