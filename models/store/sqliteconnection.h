// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"

#include <QSqlDatabase>

struct sqlite3;

namespace faultline {

/// A Qt Sql connection of its own name, taken off Qt's list when it goes. For the thread that opened it.
class SqliteConnection
{
public:
    SqliteConnection();
    ~SqliteConnection();
    Q_DISABLE_COPY_MOVE(SqliteConnection)

    /// `options` are those of the QSQLITE driver. Fails where Qt's driver is missing or is not the SQLite that the program is linked
    /// with, and where the file cannot be opened.
    Result<sqlite3 *> open(const QString &file, const QString &options = {});
    QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }

private:
    QString m_name;
};

} // namespace faultline
