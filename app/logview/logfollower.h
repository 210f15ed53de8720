// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/growntext.h"
#include "models/evidence/evidence.h"

#include <QFileSystemWatcher>
#include <QFuture>
#include <QObject>
#include <QThreadPool>
#include <QTimer>

namespace faultline {

/// Watches the files of logs that are shown. What is added to one is indexed in the background from where the index stopped; that a file
/// shrank, was written anew or is gone is told. Archives' members and converted files are not watched.
class LogFollower final : public QObject
{
    Q_OBJECT

public:
    enum class State { AsRead, Grown, Shrunk, Changed, Gone };
    Q_ENUM(State)
    static constexpr size_t MostWatched = 64; ///< Logs beyond are not followed.

    struct Watched {
        int source = -1;
        std::shared_ptr<const SourceEvidence> evidence; ///< With what was added.
        QString path;
        std::optional<FileMark> mark;
        State state = State::AsRead;
        qint64 addedLines = 0;
        qint64 missingBytes = 0; ///< Of a file that shrank.
        bool isBusy = false;
        bool isDue = false; ///< It changed while it was looked at.
    };

    explicit LogFollower(QObject *parent = nullptr);
    ~LogFollower() override;

    /// Watches these, by their index among the sources of the case, and no others.
    void setSources(const std::vector<std::pair<int, std::shared_ptr<const SourceEvidence>>> &sources);
    const std::vector<Watched> &watched() const { return m_watched; }

Q_SIGNALS:
    /// The source has more lines; those from `firstChanged` on are new, or were not whole.
    void grown(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged);
    void stateChanged();

private:
    struct Look {
        std::optional<FileMark> mark;
        State state = State::AsRead;
        std::shared_ptr<const SourceEvidence> evidence; ///< Null: not grown.
        qint64 firstChanged = 0;
        qint64 missingBytes = 0;
    };
    static Look lookAt(const Watched &watched, const CancelToken &cancel);
    void lookAtAll();
    void look(size_t index);
    void take(size_t index, const Look &look);

    std::vector<Watched> m_watched;
    QFileSystemWatcher m_watcher;
    QTimer m_settle; ///< A log that is being written changes many times a second.
    QTimer m_poll;   ///< Not every file system tells of changes.
    QThreadPool m_pool;
    CancelToken m_cancel;
    quint64 m_generation = 0;
};

} // namespace faultline
