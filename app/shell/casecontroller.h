// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/caseedits.h"
#include "app/logview/logdocument.h"

#include <QFutureWatcher>
#include <QHash>
#include <QMutex>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <functional>

namespace faultline {

struct CaseRequest {
    QStringList paths;
    AnalyzeOptions options;
    QStringList baseline;                     ///< A run that passed, to compare with; empty: none.
    quint64 knowledgeRevision = 0;            ///< Another than before: signatures and playbooks are read anew.
    std::shared_ptr<const Evidence> evidence; ///< What was read of them already; null: read them.
};
/// Where a case comes from: the program's is caseLoader(), tests give their own. Called in a worker thread.
using CaseLoader = std::function<Result<Analysis>(const CaseRequest &request)>;
/// Reads signatures and playbooks at the first case and where their revision changes, then analyses. Folders that are not there are
/// left out; what cannot be read anew leaves the knowledge as it was.
CaseLoader caseLoader(const QStringList &signatureFolders, const QStringList &playbookFolders);

/// How far one file of a case is read, in bytes.
struct FileProgress {
    QString path;
    qint64 done = 0;
    qint64 size = 0;
};

/// Opens cases in a worker under a generation number: the result of an older one is dropped.
class CaseController final : public QObject
{
    Q_OBJECT

public:
    enum class State { Empty, Loading, Failed, NothingFailed, Ready };
    Q_ENUM(State)

    /// A log of at least so many bytes is shown while it is read.
    static constexpr qint64 LeastPreviewed = qint64(64) * 1024 * 1024;

    explicit CaseController(CaseLoader loader, QObject *parent = nullptr);
    /// Cancels what runs and waits for it: the worker may use what the caller owns.
    ~CaseController() override;

    State state() const { return m_state; }
    const Analysis &analysis() const { return m_analysis; }
    const Error &error() const { return m_error; }
    /// What is open, or being opened.
    QStringList paths() const { return m_paths; }

    /// Reads files and folders; what is open stays until the new case is there. Ignores an empty list.
    void open(const QStringList &paths);
    /// Reads the files of a saved case with what a person said of it; `asSaved` says which failure is which, see renumbered().
    void openSaved(const QStringList &paths, const CaseEdits &edits, const Analysis &asSaved);
    /// Reads the same paths again, as a person said they are to be read.
    void reload() { start(m_paths, nullptr); }
    /// Playbooks or causes have changed, or signatures, for which the files are read again.
    void renewKnowledge(bool signaturesToo);
    /// Empty where nothing was said of that source.
    SourceOverride overrideOf(const QString &path) const;
    /// Analyses the case anew; another format means that its files are read again. An empty override takes back what was said.
    void setOverride(const QString &path, const SourceOverride &said);
    /// Reads more files into the open case: what a person said of it stays.
    void add(const QStringList &paths);
    /// What a person knows of a question that the evidence leaves open; an empty label takes it back. False where that changes nothing.
    bool answer(int failure, const QString &playbook, const QString &node, const QString &label);
    const HandAnswers &answers() const { return m_edits.answers; }
    const Annotations &annotations() const { return m_edits.annotations; }
    const CaseEdits &edits() const { return m_edits; }
    /// The note of that id; null where there is none.
    const Annotation *annotation(qint64 id) const;
    /// Adds the note, or puts it in the place of the one with its id; an id of 0 gets a new one. Texts are cut to what a note may hold.
    /// Returns the note's id; 0 where there are too many.
    qint64 putAnnotation(Annotation note);
    void removeAnnotation(qint64 id);
    /// Compares with a run that passed; an empty list with none.
    void setBaseline(const QStringList &paths);
    /// What a person writes of it all; cut to what a case may hold.
    void setPostmortem(const QString &text);
    bool canUndoAnswer() const { return !m_undo.empty(); }
    bool canRedoAnswer() const { return !m_redo.empty(); }
    void undoAnswer();
    void redoAnswer();
    /// Stops opening and goes back to what was open before.
    void cancel();
    void close();
    /// After a failure: back to what was open before.
    void dismissError();

Q_SIGNALS:
    void stateChanged(faultline::CaseController::State state);
    void analysisChanged(const faultline::Analysis &analysis);
    void answersChanged();
    /// The notes are others; the analysis has them already.
    void annotationsChanged();
    /// The postmortem is another; the analysis has it already.
    void postmortemChanged();
    /// Bytes done and in all; total 0 while it is not known. While loading only.
    void progressChanged(qint64 done, qint64 total);
    /// The files begun so far, in the order they were begun. While loading only.
    void filesChanged(const QList<faultline::FileProgress> &files);
    /// The beginning of the largest log, to be looked at meanwhile. While loading only, and only for cases that take their time.
    void previewReady(const faultline::LogPart &part);

private:
    /// Written by workers, read by the window's timer.
    struct Progress {
        std::atomic<qint64> done = 0;
        std::atomic<qint64> total = 0;
        QMutex mutex;
        std::vector<FileProgress> files;
        QHash<QString, size_t> rows;
    };
    struct Task {
        quint64 generation = 0;
        CancelToken cancel;
        std::shared_ptr<Progress> progress;
    };

    enum class Shown { AsLoading, Quietly }; ///< Quietly: what is open stays in sight meanwhile.
    void start(const QStringList &paths, std::shared_ptr<const Evidence> evidence, Shown shown = Shown::AsLoading);
    void startPreview();
    void setAnswers(HandAnswers answers);
    void forgetEdits();
    /// Failures may be numbered anew where files were added. True where the walk has to be told.
    bool renumber(const Analysis &before);
    void keepEdits();
    void goBackToOpen();
    void tellAnnotations();
    void tellProgress();
    void setState(State state);
    void finish(quint64 generation, const Result<Analysis> &result);
    State restingState() const;

    CaseLoader m_loader;
    State m_state = State::Empty;
    Analysis m_analysis;
    Error m_error;
    QStringList m_paths;
    QStringList m_openPaths; ///< Of the analysis that is shown.
    CaseEdits m_edits;
    std::optional<CaseEdits> m_editsBefore; ///< Of what is open, while another case is being read.
    std::optional<Analysis> m_asSaved;      ///< Of a saved case that is being read.
    std::vector<HandAnswers> m_undo;
    std::vector<HandAnswers> m_redo;
    Task m_task;
    quint64 m_generation = 0;
    quint64 m_knowledgeRevision = 0;
    QTimer m_progressTimer;
    QList<QFutureWatcher<Result<Analysis>> *> m_running;
    QThreadPool m_previews; ///< Its own: what is shown at once must not wait.
};

} // namespace faultline
