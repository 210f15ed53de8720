// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/casefile/casefile.h"

#include "models/casefile/casechunks.h"
#include "models/casefile/caserows.h"
#include "models/core/translate.h"
#include "models/store/sqlguard.h"
#include "models/store/sqliteconnection.h"

#include <QCryptographicHash>
#include <QScopeGuard>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryFile>
#include <QUuid>

#include <sqlite3.h>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostFileBytes = 2 * MostEmbeddedBytes;
constexpr DurationNs MostReadTime = 600 * NsPerSecond;

/// Before any statement: nothing that the file defines may run.
void harden(sqlite3 *handle)
{
    for (const auto &[option, value] :
         std::initializer_list<std::pair<int, int>>{{SQLITE_DBCONFIG_DEFENSIVE, 1},
                                                    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
                                                    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
                                                    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
                                                    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
                                                    {SQLITE_DBCONFIG_DQS_DDL, 0},
                                                    {SQLITE_DBCONFIG_DQS_DML, 0}})
        sqlite3_db_config(handle, option, value, nullptr);
}

Result<void> run(const QSqlDatabase &database, const QString &sql)
{
    QSqlQuery query(database);
    if (!query.exec(sql))
        return failure(Code::Sql, query.lastError().text());
    return {};
}

/// What a save that was cut off has left is taken back, as SQLite does when a file is opened for writing.
void takeBackUnfinished(const QString &path)
{
    if (QFileInfo(path + u"-journal"_s).size() == 0)
        return;
    SqliteConnection connection;
    if (const auto handle = connection.open(path, u"QSQLITE_BUSY_TIMEOUT=5000"_s)) {
        harden(*handle);
        (void)run(connection.database(), u"SELECT count(*) FROM sqlite_schema"_s);
    }
}

Result<void> checkHealth(const QSqlDatabase &database)
{
    QSqlQuery query(database);
    if (!query.exec(u"PRAGMA quick_check(1)"_s) || !query.next() || query.value(0).toString() != u"ok")
        return failure(Code::BadValue, tr("The case file is damaged"), tr("Use an earlier copy of it."));
    return {};
}

std::unexpected<Error> noCase(const QString &path)
{
    return failure(Code::NotThisFormat, tr("This is no case of Faultline"), {}, path);
}

Result<void> writeAll(const QSqlDatabase &database, const CaseContent &content, const CaseFileOptions &options)
{
    if (const auto written = writeCaseRows(database, content); !written)
        return written;
    return writeChunks(database, content, options.cancel);
}

Result<void> inTransaction(const QSqlDatabase &database, const std::function<Result<void>()> &work)
{
    if (const auto begun = run(database, u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    if (const auto done = work(); !done) {
        (void)run(database, u"ROLLBACK"_s);
        return done;
    }
    return run(database, u"COMMIT"_s);
}

} // namespace

bool isCaseFile(const QString &path)
{
    return caseHeader(path).isCase;
}

bool isPlainRelativePath(const QString &path)
{
    if (path.isEmpty() || path.size() > CaseContent::MostPath || path.contains(QChar(u'\0')))
        return false;
    const auto parts = QStringView(path).split(u'/');
    return std::ranges::none_of(parts,
                                [](QStringView part) { return part.isEmpty() || part == u"." || part == u".."; });
}

Result<ReadCase> readCaseFile(const QString &path, const CaseFileOptions &options)
{
    if (!QFileInfo(path).isFile())
        return failure(Code::NotFound, tr("There is no such file"), tr("Check the path"), path);
    if (QFileInfo(path).size() > MostFileBytes)
        return failure(Code::LimitReached, tr("The case file is larger than a case may be"), {}, path);
    if (!isCaseFile(path))
        return noCase(path);
    takeBackUnfinished(path);
    const CaseHeader header = caseHeader(path);
    if (!header.isCase || header.version < 1)
        return noCase(path);
    const int present = static_cast<int>(options.steps.size());
    QString file = path;
    QTemporaryFile copy;
    if (header.version < present) { // read as what it would become, without touching it
        QFile original(path);
        if (!copy.open() || !original.open(QIODevice::ReadOnly))
            return failure(Code::NotReadable, original.errorString(), {}, path);
        constexpr qint64 Block = 1024 * 1024;
        while (!original.atEnd())
            if (const QByteArray block = original.read(Block); copy.write(block) != block.size())
                return failure(Code::NotReadable, copy.errorString(), {}, path);
        copy.close();
        file = copy.fileName();
    }
    SqliteConnection connection;
    const auto handle = connection.open(
        file, header.version < present ? QString() : u"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"_s);
    if (!handle)
        return std::unexpected(handle.error());
    harden(*handle);
    const QSqlDatabase database = connection.database();
    const auto told = [&path](Error error) {
        error.source = path;
        return std::unexpected(std::move(error));
    };
    if (const auto checked = checkCaseSchema(database, header.version, options.steps); !checked)
        return told(checked.error());
    if (const auto limited = run(database, u"PRAGMA cell_size_check = ON"_s); !limited)
        return told(limited.error());
    if (header.version <= present)
        if (const auto healthy = checkHealth(database); !healthy)
            return told(healthy.error());
    if (header.version < present) {
        const auto migrated =
            inTransaction(database, [&] { return migrateCase(database, header.version, options.steps); });
        if (!migrated)
            return told(migrated.error());
    }
    SqlGuard guard({"about", "sources", "clocks", "failures", "answers", "annotations", "verdicts", "view", "bookmarks",
                    "pins", "postmortem"},
                   MostReadTime, options.cancel);
    guard.install(*handle);
    guard.begin();
    auto content = readCaseRows(database);
    sqlite3_set_authorizer(*handle, nullptr, nullptr);
    sqlite3_progress_handler(*handle, 0, nullptr, nullptr);
    const bool isNewer = header.version > present;
    if (!content && isNewer)
        return failure(Code::Unsupported, tr("The case was saved by a newer Faultline, which this one cannot read"),
                       tr("Open it with that version."), path);
    if (!content)
        return told(content.error());
    return ReadCase{std::move(*content), isNewer};
}

Result<void> updateCaseFile(const QString &path, const CaseContent &content, const CaseFileOptions &options)
{
    if (!isCaseFile(path))
        return noCase(path);
    SqliteConnection connection;
    const auto handle = connection.open(path, u"QSQLITE_BUSY_TIMEOUT=5000"_s);
    if (!handle)
        return std::unexpected(handle.error());
    harden(*handle);
    const QSqlDatabase database = connection.database();
    return inTransaction(database, [&]() -> Result<void> {
        const int version = caseHeader(path).version;
        if (std::cmp_greater(version, options.steps.size()))
            return failure(Code::Unsupported, tr("The case was saved by a newer Faultline"),
                           tr("Save it under another name."), path);
        if (const auto checked = checkCaseSchema(database, version, options.steps); !checked)
            return checked;
        if (std::cmp_less(version, options.steps.size()))
            if (const auto migrated = migrateCase(database, version, options.steps); !migrated)
                return migrated;
        return writeAll(database, content, options);
    });
}

Result<void> createCaseFile(const QString &path, const CaseContent &content, const CaseFileOptions &options)
{
    const QString part = path + u'.' + QUuid::createUuid().toString(QUuid::Id128) + u".part"_s;
    const auto cleanUp = qScopeGuard([&part] {
        QFile::remove(part);
        QFile::remove(part + u"-journal"_s);
    });
    QFile made(part);
    if (!made.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return failure(Code::NotReadable, made.errorString(), tr("Choose a folder that you may write to."), path);
    made.close();
    {
        SqliteConnection connection;
        const auto handle = connection.open(part);
        if (!handle)
            return std::unexpected(handle.error());
        harden(*handle);
        const QSqlDatabase database = connection.database();
        const auto written = inTransaction(database, [&]() -> Result<void> {
            if (const auto migrated = migrateCase(database, 0, options.steps); !migrated)
                return migrated;
            return writeAll(database, content, options);
        });
        if (!written)
            return written;
    }
    // A journal of the file that goes would be played into the one that comes.
    if (isCaseFile(path))
        takeBackUnfinished(path);
    QFile::remove(path + u"-journal"_s);
    if (std::rename(QFile::encodeName(part).constData(), QFile::encodeName(path).constData()) != 0)
        return failure(Code::NotReadable, tr("The case cannot take the place of this file"),
                       tr("Choose another name or folder."), path);
    return {};
}

Result<void> unpackCaseFile(const QString &path, CaseContent &content, const QString &folder,
                            const CaseFileOptions &options)
{
    SqliteConnection connection;
    const auto handle = connection.open(path, u"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=5000"_s);
    if (!handle)
        return std::unexpected(handle.error());
    harden(*handle);
    if (const auto checked = checkCaseSchema(connection.database(), caseHeader(path).version, options.steps); !checked)
        return checked;
    SqlGuard guard({"chunks"}, MostReadTime, options.cancel);
    guard.install(*handle);
    guard.begin();
    const auto read = readChunks(connection.database(), content, folder, options.cancel);
    sqlite3_set_authorizer(*handle, nullptr, nullptr);
    sqlite3_progress_handler(*handle, 0, nullptr, nullptr);
    return read;
}

} // namespace faultline
