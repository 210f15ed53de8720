// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/savedcase.h"

#include <QFuture>

class QLockFile;

namespace faultline {

/// Keeps a case that was never saved in a folder of the user's own, until it is saved or given up: what is found there at the next start
/// was left by a program that did not end by itself.
class CaseRecovery
{
    Q_DISABLE_COPY_MOVE(CaseRecovery)

public:
    explicit CaseRecovery(const QString &folder);
    /// As drop().
    ~CaseRecovery();

    /// Writes the case there in a worker, over what it wrote before; skipped while the last one is still being written.
    void keep(const CaseSnapshot &snapshot);
    /// Goes on with a file that was left: it is this case's from now on. False where it is not one of the folder.
    bool take(const QString &file);
    /// Removes what was kept.
    void drop();

    /// What was left in a folder, the latest first. What another window is working on is no such thing.
    static QStringList left(const QString &folder);
    static void remove(const QString &file);

private:
    QString m_folder;
    QString m_file; ///< Empty: nothing is kept.
    std::unique_ptr<QLockFile> m_lock;
    QFuture<void> m_writing;
};

/// Reads a case that CaseRecovery kept: its files may be read wherever they are, since this program named them.
Result<OpenedCase> openRecovered(const QString &file, const CancelToken &cancel);

} // namespace faultline
