// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/casecontroller.h"

#include "importers/core/importhead.h"
#include "models/casefile/casecontent.h"
#include "models/placement/placement.h"

#include <QFileInfo>
#include <QtConcurrent/QtConcurrentRun>

namespace faultline {

namespace {
constexpr int ProgressIntervalMs = 60;

/// Knowledge is read at the first case and shared by all later ones.
struct SharedKnowledge {
    QMutex mutex;
    std::shared_ptr<const Knowledge> knowledge;
    quint64 revision = 0;
    QStringList baselinePaths; ///< The run that passed was read from these.
    std::shared_ptr<const Baseline> baseline;
};

/// Reads the run that passed, once for all analyses that follow.
Result<std::shared_ptr<const Baseline>> sharedBaseline(SharedKnowledge &shared, const Knowledge &knowledge,
                                                       const CaseRequest &request)
{
    {
        const QMutexLocker lock(&shared.mutex);
        if (shared.baseline && shared.baselinePaths == request.baseline)
            return shared.baseline;
    }
    ImportOptions options;
    options.cancel = request.options.import.cancel;
    auto baseline = loadBaseline(request.baseline, knowledge, options);
    if (!baseline || options.cancel.isCancelled())
        return baseline;
    const QMutexLocker lock(&shared.mutex);
    shared.baseline = *baseline;
    shared.baselinePaths = request.baseline;
    return baseline;
}

/// In place of a comparison where the other run cannot be read: why.
std::shared_ptr<const RunComparison> noComparison(const QStringList &paths, const Error &error)
{
    RunComparison comparison;
    comparison.baselinePaths = paths;
    comparison.warnings = {CaseController::tr("The run to compare with could not be read: %1").arg(error.toString())};
    return std::make_shared<const RunComparison>(std::move(comparison));
}

QStringList thoseThere(const QStringList &folders)
{
    QStringList there;
    for (const QString &folder : folders) {
        if (QFileInfo(folder).isDir())
            there.append(folder);
    }
    return there;
}

/// The largest file of at least `least` bytes among the paths and right below folders among them; empty where there is none.
QString largestFile(const QStringList &paths, qint64 least)
{
    QString largest;
    const auto look = [&](const QFileInfo &file) {
        if (file.isFile() && file.size() >= least) {
            least = file.size();
            largest = file.filePath();
        }
    };
    for (const QString &path : paths) {
        look(QFileInfo(path));
        const QFileInfoList below = QDir(path).entryInfoList(QDir::Files, QDir::NoSort);
        std::ranges::for_each(below, look);
    }
    return largest;
}

/// In a worker; null where there is nothing to show.
std::optional<LogPart> previewOf(const QStringList &paths)
{
    constexpr qint64 MostBytes = 1024 * 1024;
    const QString path = largestFile(paths, CaseController::LeastPreviewed);
    Evidence evidence;
    if (!path.isEmpty())
        evidence.sources.push_back(importHead(Registry(), path, MostBytes));
    if (evidence.sources.empty() || !evidence.sources.front())
        return std::nullopt;
    const Placement placement = computePlacement(evidence, {});
    return LogPart{0, evidence.sources.front(), placement.sources.at(0), QFileInfo(path).fileName()};
}
} // namespace

CaseLoader caseLoader(const QStringList &signatureFolders, const QStringList &playbookFolders)
{
    auto shared = std::make_shared<SharedKnowledge>();
    return [shared, signatureFolders, playbookFolders](const CaseRequest &request) -> Result<Analysis> {
        std::shared_ptr<const Knowledge> knowledge;
        {
            const QMutexLocker lock(&shared->mutex);
            if (!shared->knowledge || shared->revision != request.knowledgeRevision) {
                auto loaded = loadKnowledge(thoseThere(signatureFolders), thoseThere(playbookFolders));
                if (!loaded && !shared->knowledge)
                    return std::unexpected(loaded.error());
                if (loaded)
                    shared->knowledge = *loaded;
                shared->baseline.reset(); // its lines were marked by what is no longer known
                shared->revision = request.knowledgeRevision;
            }
            knowledge = shared->knowledge;
        }
        AnalyzeOptions options = request.options;
        std::optional<Error> problem;
        if (!request.baseline.isEmpty()) {
            if (auto baseline = sharedBaseline(*shared, *knowledge, request))
                options.baseline = std::move(*baseline);
            else
                problem = baseline.error();
        }
        auto analysis = request.evidence ? reanalyze(request.evidence, *knowledge, options)
                                         : analyze(request.paths, *knowledge, options);
        if (analysis && problem)
            analysis->comparison = noComparison(request.baseline, *problem);
        return analysis;
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
    m_previews.waitForDone();
    for (auto *watcher : std::as_const(m_running)) {
        watcher->disconnect(this);
        watcher->waitForFinished();
    }
}

void CaseController::open(const QStringList &paths)
{
    if (paths.isEmpty())
        return;
    if (paths != m_openPaths) {
        keepEdits();
        forgetEdits();
    }
    m_asSaved.reset();
    start(paths, nullptr);
}

void CaseController::openSaved(const QStringList &paths, const CaseEdits &edits, const Analysis &asSaved)
{
    keepEdits();
    forgetEdits();
    m_edits = edits;
    m_asSaved = asSaved;
    Q_EMIT answersChanged();
    start(paths, nullptr);
}

void CaseController::add(const QStringList &paths)
{
    QStringList all = m_openPaths;
    for (const QString &path : paths) {
        if (!all.contains(path))
            all.append(path);
    }
    start(all, nullptr);
}

bool CaseController::answer(int failure, const QString &playbook, const QString &node, const QString &label)
{
    HandAnswers next = m_edits.answers;
    if (label.isEmpty())
        next.erase({failure, playbook, node});
    else
        next[{failure, playbook, node}] = label;
    if (next == m_edits.answers || !m_analysis.evidence)
        return false;
    m_undo.push_back(m_edits.answers);
    m_redo.clear();
    setAnswers(std::move(next));
    return true;
}

void CaseController::renewKnowledge(bool signaturesToo)
{
    ++m_knowledgeRevision;
    if (m_state == State::Loading)
        start(m_paths, nullptr);
    else if (m_analysis.evidence)
        start(m_openPaths, signaturesToo ? nullptr : m_analysis.evidence,
              signaturesToo ? Shown::AsLoading : Shown::Quietly);
}

void CaseController::undoAnswer()
{
    if (m_undo.empty())
        return;
    m_redo.push_back(m_edits.answers);
    HandAnswers previous = std::move(m_undo.back());
    m_undo.pop_back();
    setAnswers(std::move(previous));
}

void CaseController::redoAnswer()
{
    if (m_redo.empty())
        return;
    m_undo.push_back(m_edits.answers);
    HandAnswers next = std::move(m_redo.back());
    m_redo.pop_back();
    setAnswers(std::move(next));
}

void CaseController::setAnswers(HandAnswers answers)
{
    m_edits.answers = std::move(answers);
    Q_EMIT answersChanged();
    if (m_state == State::Loading) // its result will know
        start(m_paths, nullptr);
    else
        start(m_openPaths, m_analysis.evidence, Shown::Quietly);
}

void CaseController::keepEdits()
{
    if (!m_editsBefore)
        m_editsBefore = m_edits;
}

void CaseController::goBackToOpen()
{
    m_paths = m_openPaths;
    m_asSaved.reset();
    if (m_editsBefore) {
        m_edits = *std::exchange(m_editsBefore, std::nullopt);
        Q_EMIT answersChanged();
        tellAnnotations();
        Q_EMIT postmortemChanged();
    }
    setState(restingState());
}

void CaseController::forgetEdits()
{
    m_edits = {};
    m_undo.clear();
    m_redo.clear();
    Q_EMIT answersChanged();
}

bool CaseController::renumber(const Analysis &before)
{
    for (auto *history : {&m_undo, &m_redo})
        for (HandAnswers &answers : *history)
            answers = renumbered({{}, answers, {}, {}, {}}, before, m_analysis).answers;
    CaseEdits next = renumbered(m_edits, before, m_analysis);
    const bool isAnswered = next.answers != m_edits.answers;
    m_edits = std::move(next);
    if (isAnswered)
        Q_EMIT answersChanged();
    return isAnswered;
}

const Annotation *CaseController::annotation(qint64 id) const
{
    const auto found = std::ranges::find(m_edits.annotations, id, &Annotation::id);
    return found == m_edits.annotations.end() ? nullptr : &*found;
}

qint64 CaseController::putAnnotation(Annotation note)
{
    Annotations &notes = m_edits.annotations;
    note.text.truncate(Annotation::MostText);
    note.quote.truncate(Annotation::MostQuote);
    for (QString *name : {&note.author, &note.playbook, &note.node})
        name->truncate(Annotation::MostName);
    note.tags = note.tags.first(std::min(note.tags.size(), Annotation::MostTags));
    for (QString &tag : note.tags)
        tag.truncate(Annotation::MostName);
    const auto found = std::ranges::find(notes, note.id, &Annotation::id);
    if (found == notes.end() && notes.size() >= Annotation::MostInCase)
        return 0;
    if (note.id <= 0)
        note.id = notes.empty() ? 1 : std::ranges::max(notes, {}, &Annotation::id).id + 1;
    const qint64 id = note.id;
    if (found == notes.end())
        notes.push_back(std::move(note));
    else
        *found = std::move(note);
    tellAnnotations();
    return id;
}

void CaseController::removeAnnotation(qint64 id)
{
    if (std::erase_if(m_edits.annotations, [id](const Annotation &note) { return note.id == id; }) > 0)
        tellAnnotations();
}

void CaseController::setBaseline(const QStringList &paths)
{
    if (paths == m_edits.baseline)
        return;
    m_edits.baseline = paths;
    start(m_openPaths, nullptr);
}

void CaseController::setPostmortem(const QString &text)
{
    const QString kept = text.left(CaseContent::MostPostmortem);
    if (kept == m_edits.postmortem)
        return;
    m_edits.postmortem = kept;
    m_analysis.postmortem = kept;
    Q_EMIT postmortemChanged();
}

void CaseController::tellAnnotations()
{
    m_analysis.annotations = std::make_shared<const Annotations>(m_edits.annotations);
    Q_EMIT annotationsChanged();
}

SourceOverride CaseController::overrideOf(const QString &path) const
{
    const auto found = m_edits.overrides.find(path);
    return found == m_edits.overrides.end() ? SourceOverride() : found->second;
}

void CaseController::setOverride(const QString &path, const SourceOverride &said)
{
    const bool isReadOtherwise = said.format != overrideOf(path).format;
    if (said.isEmpty())
        m_edits.overrides.erase(path);
    else
        m_edits.overrides[path] = said;
    start(m_openPaths, isReadOtherwise ? nullptr : m_analysis.evidence);
}

void CaseController::start(const QStringList &paths, std::shared_ptr<const Evidence> evidence, Shown shown)
{
    if (paths.isEmpty())
        return;
    m_task.cancel.cancel();
    m_task = Task{++m_generation, CancelToken(), std::make_shared<Progress>()};
    m_paths = paths;

    CaseRequest request{paths, m_edits.options(), m_edits.baseline, m_knowledgeRevision, std::move(evidence)};
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
            progress->files.push_back({path, done, size});
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
    if (shown == Shown::Quietly)
        return;
    m_progressTimer.start();
    setState(State::Loading);
    if (!request.evidence)
        startPreview();
}

void CaseController::startPreview()
{
    m_previews.start([this, paths = m_paths, generation = m_generation] {
        const auto part = previewOf(paths);
        if (!part)
            return;
        QMetaObject::invokeMethod(
            this,
            [this, part = *part, generation] {
                if (generation == m_generation && m_state == State::Loading)
                    Q_EMIT previewReady(part);
            },
            Qt::QueuedConnection);
    });
}

void CaseController::tellProgress()
{
    if (!m_task.progress)
        return;
    Q_EMIT progressChanged(m_task.progress->done.load(), m_task.progress->total.load());
    QList<FileProgress> files;
    {
        const QMutexLocker lock(&m_task.progress->mutex);
        files = {m_task.progress->files.begin(), m_task.progress->files.end()};
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
    goBackToOpen();
}

void CaseController::close()
{
    m_task.cancel.cancel();
    ++m_generation;
    m_progressTimer.stop();
    m_analysis = {};
    m_paths.clear();
    m_openPaths.clear();
    forgetEdits();
    m_editsBefore.reset();
    m_asSaved.reset();
    Q_EMIT analysisChanged(m_analysis);
    Q_EMIT annotationsChanged();
    Q_EMIT postmortemChanged();
    setState(State::Empty);
}

void CaseController::dismissError()
{
    if (m_state == State::Failed)
        goBackToOpen();
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
    Analysis before = std::exchange(m_analysis, *result);
    m_openPaths = m_paths;
    m_editsBefore.reset();
    const bool isRenumbered = renumber(m_asSaved ? *std::exchange(m_asSaved, std::nullopt) : before);
    m_analysis.annotations = std::make_shared<const Annotations>(m_edits.annotations); // written meanwhile
    m_analysis.postmortem = m_edits.postmortem;
    Q_EMIT analysisChanged(m_analysis);
    Q_EMIT annotationsChanged();
    Q_EMIT postmortemChanged();
    setState(restingState());
    if (isRenumbered)
        start(m_openPaths, m_analysis.evidence, Shown::Quietly);
}

CaseController::State CaseController::restingState() const
{
    if (!m_analysis.evidence)
        return State::Empty;
    return m_analysis.findings && !m_analysis.findings->failures.empty() ? State::Ready : State::NothingFailed;
}

} // namespace faultline
