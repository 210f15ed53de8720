// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <QFileSystemWatcher>
#include <QTimer>
#include <QWidget>

class QLabel;

namespace faultline {

/// Watches the file of the log that is shown, and says when it is no longer what was read: it has grown, shrunk, been written anew, or is gone.
/// Hidden where all is well.
class FileNotice final : public QWidget
{
    Q_OBJECT

public:
    enum class State { AsRead, Grown, Shrunk, Changed, Gone };
    Q_ENUM(State)

    explicit FileNotice(QWidget *parent = nullptr);

    /// Null: nothing to watch. Sources inside of archives are not watched.
    void setSource(const std::shared_ptr<const SourceEvidence> &source);
    State state() const { return m_state; }

Q_SIGNALS:
    void readAgainWanted();
    void stateChanged();

private:
    void look();

    QFileSystemWatcher m_watcher;
    QTimer m_settle; ///< A log that is being written changes many times a second.
    QString m_path;
    qint64 m_size = 0;
    std::optional<TimeNs> m_modified;
    State m_state = State::AsRead;
    QLabel *m_text;
};

} // namespace faultline
