// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/casecontroller.h"

#include <QtConcurrent/QtConcurrentRun>

namespace faultline {

namespace {
constexpr int ProgressIntervalMs = 60;

/// Knowledge is read at the first case and shared by all later ones.
struct SharedKnowledge {
    QMutex mutex;
    std::shared_ptr<const Knowledge> knowledge;
};
} // namespace

CaseLoader caseLoader(const QStringList &signatureFolders, const QStringList &playbookFolders)
{
    auto shared = std::make_shared<SharedKnowledge>();
    return [shared, signatureFolders, playbookFolders](const CaseRequest &request) -> Result<Analysis> {
        std::shared_ptr<const Knowledge> knowledge;
        {
            const QMutexLocker lock(&shared->mutex);
            if (!shared->knowledge) {
                auto loaded = loadKnowledge(signatureFolders, playbookFolders);
                if (!loaded)
                    return std::unexpected(loaded.error());
                shared->knowledge = *loaded;
            }
            knowledge = shared->knowledge;
        }
        if (request.evidence)
            return reanalyze(request.evidence, *knowledge, request.options);
        return analyze(request.paths, *knowledge, request.options);
    };
}

CaseController::CaseController(CaseLoader loader, QObject *parent)
    : QObject(parent)
    , m_loader(std::move(loader))
{
    m_progressTimer.setInterval(ProgressIntervalMs);
    connect(&m_progressTimer, &QTimer::timeout, this, &CaseController::tellProgress);
}

CaseController::~CaseController()
{
    m_task.cancel.cancel();
    for (auto *watcher : std::as_const(m_running)) {
        watcher->disconnect(this);
        watcher->waitForFinished();
    }
}

void CaseController::open(const QStringList &paths)
{
    if (paths != m_openPaths)
        m_overrides.clear();
    start(paths, nullptr);
}

SourceOverride CaseController::overrideOf(const QString &path) const
{
    const auto found = m_overrides.find(path);
    return found == m_overrides.end() ? SourceOverride() : found->second;
}

void CaseController::setOverride(const QString &path, const SourceOverride &said)
{
    const bool isReadOtherwise = said.format != overrideOf(path).format;
    if (said.isEmpty())
        m_overrides.erase(path);
    else
        m_overrides[path] = said;
    start(m_openPaths, isReadOtherwise ? nullptr : m_analysis.evidence);
}

AnalyzeOptions CaseController::overrides() const
{
    AnalyzeOptions options;
    for (const auto &[path, said] : m_overrides) {
        if (!said.format.isEmpty())
            options.import.formatOf.emplace_back(path, said.format);
        if (said.clock.offsetNs || said.clock.zoneOffsetNs)
            options.clocks.emplace_back(path, said.clock);
    }
    return options;
}

void CaseController::start(const QStringList &paths, std::shared_ptr<const Evidence> evidence)
{
    if (paths.isEmpty())
        return;
    m_task.cancel.cancel();
    m_task = Task{++m_generation, CancelToken(), std::make_shared<Progress>()};
    m_paths = paths;

    CaseRequest request{paths, overrides(), std::move(evidence)};
    ImportOptions &options = request.options.import;
    options.cancel = m_task.cancel;
    options.progress = [progress = m_task.progress](qint64 done, qint64 total) {
        progress->done.store(done, std::memory_order_relaxed);
        progress->total.store(total, std::memory_order_relaxed);
    };
    options.fileProgress = [progress = m_task.progress](const QString &path, qint64 done, qint64 size) {
        const QMutexLocker lock(&progress->mutex);
        auto row = progress->rows.find(path);
        if (row == progress->rows.end()) {
            row = progress->rows.insert(path, progress->files.size());
            progress->files.append({path, done, size});
        }
        progress->files[*row] = {path, done, size};
    };
    auto *watcher = new QFutureWatcher<Result<Analysis>>(this);
    m_running.append(watcher);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, generation = m_generation] {
        m_running.removeOne(watcher);
        watcher->deleteLater();
        finish(generation, watcher->result());
    });
    watcher->setFuture(QtConcurrent::run([loader = m_loader, request] { return loader(request); }));
    m_progressTimer.start();
    setState(State::Loading);
}

void CaseController::tellProgress()
{
    if (!m_task.progress)
        return;
    Q_EMIT progressChanged(m_task.progress->done.load(), m_task.progress->total.load());
    QList<FileProgress> files;
    {
        const QMutexLocker lock(&m_task.progress->mutex);
        files = m_task.progress->files;
    }
    if (!files.isEmpty())
        Q_EMIT filesChanged(files);
}

void CaseController::cancel()
{
    if (m_state != State::Loading)
        return;
    m_task.cancel.cancel();
    ++m_generation;
    m_progressTimer.stop();
    m_paths = m_openPaths;
    setState(restingState());
}

void CaseController::close()
{
    m_task.cancel.cancel();
    ++m_generation;
    m_progressTimer.stop();
    m_analysis = {};
    m_paths.clear();
    m_openPaths.clear();
    Q_EMIT analysisChanged(m_analysis);
    setState(State::Empty);
}

void CaseController::dismissError()
{
    if (m_state != State::Failed)
        return;
    m_paths = m_openPaths;
    setState(restingState());
}

void CaseController::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void CaseController::finish(quint64 generation, const Result<Analysis> &result)
{
    if (generation != m_generation)
        return;
    m_progressTimer.stop();
    if (!result) {
        m_error = result.error();
        setState(State::Failed);
        return;
    }
    m_analysis = *result;
    m_openPaths = m_paths;
    Q_EMIT analysisChanged(m_analysis);
    setState(restingState());
}

CaseController::State CaseController::restingState() const
{
    if (!m_analysis.evidence)
        return State::Empty;
    return m_analysis.findings && !m_analysis.findings->failures.empty() ? State::Ready : State::NothingFailed;
}

} // namespace faultline
