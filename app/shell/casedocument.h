// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/savedcase.h"
#include "app/shell/casecontroller.h"

#include <QLockFile>

class QUndoStack;
class QTemporaryDir;

namespace faultline {

class CaseRecovery;

/// The case file of what is open: reads, saves and autosaves it in a worker, keeps other windows from writing it.
class CaseDocument final : public QObject
{
    Q_OBJECT

public:
    /// Where a person looks and what is marked there: asked when the case is saved.
    using ViewFunction = std::function<SavedView()>;

    CaseDocument(CaseController *controller, QUndoStack *undo, ViewFunction view, QObject *parent = nullptr);
    /// Stops what is read, finishes what is written.
    ~CaseDocument() override;

    /// Empty: what is open was never saved.
    const QString &file() const { return m_file; }
    /// Why the case cannot be saved to its file; empty where it can.
    const QString &readOnlyReason() const { return m_readOnly; }
    bool isModified() const;
    /// Its sources are being read: what the window shows is another case still.
    bool isOpening() const { return m_isOpening; }
    bool isBusy() const { return m_reading || m_writing; }

    /// Reads the case; opened() or failed() follows. `folders` are those that the user chose for its sources.
    void read(const QString &file, const QStringList &folders);
    /// Where a case that was never saved is kept meanwhile, so that it outlives the program; by default nowhere.
    void setRecoveryFolder(const QString &folder);
    /// Reads what another run of the program left there; opened() or failed() follows.
    void readRecovered(const QString &file);
    /// Goes on with a case that was read: takes the file's lock and has the controller read the sources.
    void take(const OpenedCase &opened);
    /// Forgets the file: something else is opened.
    void leave();
    /// Writes to `file`, in place where that is the case's own. saved() or failed() follows.
    void save(const QString &file, bool embed);
    /// The same at once; for when the window closes. Hashes of unknown files make it slow.
    Result<void> saveNow();
    /// The view of a case that was just opened, once; nullopt else.
    std::optional<SavedView> takeView() { return std::exchange(m_view, std::nullopt); }
    /// How long after a change the case is saved.
    void setAutosaveDelay(int milliseconds) { m_autosave.setInterval(milliseconds); }

Q_SIGNALS:
    /// File, modified mark or lock are others.
    void changed();
    void opened(const faultline::OpenedCase &opened);
    void saved(const QString &file);
    void failed(const faultline::Error &error);

private:
    CaseSnapshot snapshot(bool embed) const;
    void wrote(const QString &file, const CaseContent &content, int undoIndex, const QStringList &paths);
    void lock(const QString &file);
    void planAutosave();
    void autosave();
    /// In a worker: a case's file, or one that was left behind.
    void start(std::function<Result<OpenedCase>(const CancelToken &)> read);

    CaseController *m_controller;
    QUndoStack *m_undo;
    ViewFunction m_viewOf;
    QString m_file;
    QString m_readOnly;
    std::unique_ptr<QLockFile> m_lock;
    QByteArray m_id;
    std::vector<CaseSource> m_known;
    std::vector<CaseSource> m_missing;
    std::shared_ptr<QTemporaryDir> m_unpacked;
    QStringList m_savedPaths;
    QString m_savedPostmortem;
    std::unique_ptr<CaseRecovery> m_recovery; ///< Null: nowhere.
    bool m_isRecovered = false;               ///< Saved nowhere but there.
    std::optional<SavedView> m_view;
    bool m_embed = false;
    bool m_isOpening = false; ///< Taken, but its sources are not read yet.
    QFutureWatcher<Result<OpenedCase>> *m_reading = nullptr;
    QFutureWatcher<Result<CaseContent>> *m_writing = nullptr;
    CancelToken m_readCancel;
    QTimer m_autosave;
};

} // namespace faultline
