// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sqliteconnection.h"

#include "models/core/translate.h"

#include <QSqlDriver>
#include <QSqlError>
#include <QSqlQuery>

#include <sqlite3.h>

#include <atomic>

using namespace Qt::StringLiterals;

namespace faultline {

SqliteConnection::SqliteConnection()
{
    static std::atomic<quint64> count{0};
    m_name = u"faultline-case-%1"_s.arg(++count);
}

SqliteConnection::~SqliteConnection()
{
    QSqlDatabase::removeDatabase(m_name);
}

Result<sqlite3 *> SqliteConnection::open(const QString &file, const QString &options)
{
    QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name);
    if (!database.isValid())
        return failure(Code::Unsupported, tr("Qt's SQLite driver is missing"),
                       tr("Install Qt's SQLite plugin (Debian: libqt6sql6-sqlite)."));
    database.setDatabaseName(file);
    database.setConnectOptions(options);
    if (!database.open())
        return failure(Code::Sql, database.lastError().text(), {}, file);
    // The handle may only be used by the library that made it: a bundled SQLite in the driver would crash here.
    QSqlQuery query(database);
    const bool asked = query.exec(u"SELECT sqlite_source_id()"_s) && query.next();
    const QVariant handle = database.driver()->handle();
    if (!asked || query.value(0).toString() != QLatin1StringView(sqlite3_sourceid())
        || qstrcmp(handle.typeName(), "sqlite3*") != 0)
        return failure(Code::Unsupported, tr("Qt's SQLite driver uses another SQLite than this program"),
                       tr("Use the Qt of your distribution, whose driver is linked with the system's SQLite."));
    return *static_cast<sqlite3 *const *>(handle.constData());
}

} // namespace faultline
