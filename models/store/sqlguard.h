// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/core/time.h"

#include <QElapsedTimer>
#include <QString>

#include <set>

struct sqlite3;

namespace faultline {

/// Keeps statements of files and users harmless: they read the tables given and call the functions listed, within limits of size and time.
/// Must outlive the connection's use; install() once.
class SqlGuard
{
public:
    SqlGuard(std::set<QByteArray> tables, DurationNs mostTime, CancelToken cancel);
    Q_DISABLE_COPY_MOVE(SqlGuard)

    void install(sqlite3 *connection);
    /// The clock of the time limit starts; what was refused before is forgotten.
    void begin();
    /// What the authorizer refused since begin(): "ATTACH", "function load_extension"; empty where nothing was.
    const QString &refused() const { return m_refused; }
    bool isTimeUp() const { return m_elapsed.isValid() && m_elapsed.nsecsElapsed() > m_mostTime; }
    bool isCancelled() const { return m_cancel.isCancelled(); }

private:
    int authorize(int action, const char *first, const char *second);

    std::set<QByteArray> m_tables;
    DurationNs m_mostTime;
    CancelToken m_cancel;
    QElapsedTimer m_elapsed;
    QString m_refused;
};

} // namespace faultline
