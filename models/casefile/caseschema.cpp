// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/casefile/caseschema.h"

#include "models/core/translate.h"
#include "models/store/sqliteconnection.h"

#include <QFile>
#include <QSqlError>
#include <QSqlQuery>
#include <QtEndian>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Places are (file, member): file counts in `sources`, NULL where there is none.
const std::vector<CaseSchemaStep> &steps()
{
    static const std::vector<CaseSchemaStep> all{
        {
            u"CREATE TABLE about(key TEXT PRIMARY KEY, value) WITHOUT ROWID"_s,
            u"CREATE TABLE sources(id INTEGER PRIMARY KEY, path TEXT NOT NULL, absolute TEXT NOT NULL, "
            "size INTEGER NOT NULL, modified INTEGER, sha256 BLOB NOT NULL, embedded INTEGER NOT NULL)"_s,
            u"CREATE TABLE chunks(sha256 BLOB NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, "
            "UNIQUE(sha256, number))"_s,
            u"CREATE TABLE clocks(file INTEGER NOT NULL, member TEXT NOT NULL, format TEXT NOT NULL, "
            "offset_ns INTEGER, zone_offset_ns INTEGER)"_s,
            u"CREATE TABLE failures(id INTEGER PRIMARY KEY, file INTEGER, member TEXT NOT NULL, line INTEGER NOT NULL, "
            "what TEXT NOT NULL, job TEXT NOT NULL, step TEXT NOT NULL, test TEXT NOT NULL)"_s,
            u"CREATE TABLE answers(failure INTEGER NOT NULL, playbook TEXT NOT NULL, node TEXT NOT NULL, "
            "answer TEXT NOT NULL)"_s,
            u"CREATE TABLE annotations(id INTEGER PRIMARY KEY, target TEXT NOT NULL, file INTEGER, "
            "member TEXT NOT NULL, line INTEGER NOT NULL, last_line INTEGER NOT NULL, series TEXT NOT NULL, "
            "source_time INTEGER, from_ns INTEGER, to_ns INTEGER, failure INTEGER NOT NULL, playbook TEXT NOT NULL, "
            "node TEXT NOT NULL, quote TEXT NOT NULL, text TEXT NOT NULL, author TEXT NOT NULL, tags TEXT NOT NULL, "
            "colour TEXT NOT NULL, written INTEGER NOT NULL)"_s,
            u"CREATE TABLE verdicts(failure INTEGER NOT NULL, cause TEXT NOT NULL, title TEXT NOT NULL, "
            "status TEXT NOT NULL, confidence REAL NOT NULL)"_s,
            u"CREATE TABLE view(failure INTEGER NOT NULL, file INTEGER, member TEXT NOT NULL, line INTEGER NOT NULL, "
            "playbook TEXT NOT NULL, node TEXT NOT NULL, from_ns INTEGER, to_ns INTEGER)"_s,
        },
        {
            u"ALTER TABLE clocks ADD COLUMN zone TEXT NOT NULL DEFAULT ''"_s,
            u"ALTER TABLE sources ADD COLUMN baseline INTEGER NOT NULL DEFAULT 0"_s,
            u"CREATE TABLE bookmarks(file INTEGER NOT NULL, member TEXT NOT NULL, line INTEGER NOT NULL)"_s,
            u"CREATE TABLE pins(position INTEGER PRIMARY KEY, track TEXT NOT NULL)"_s,
            u"CREATE TABLE postmortem(text TEXT NOT NULL)"_s,
        },
    };
    return all;
}

struct Defined {
    QString type;
    QString name;
    QString table;
    QString sql;
    bool operator==(const Defined &) const = default;
};

Result<std::vector<Defined>> defined(const QSqlDatabase &database)
{
    constexpr size_t MostDefined = 200;
    QSqlQuery query(database);
    query.setForwardOnly(true);
    if (!query.exec(u"SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"_s))
        return failure(Code::Sql, query.lastError().text());
    std::vector<Defined> result;
    while (query.next() && result.size() <= MostDefined)
        result.push_back({query.value(0).toString(), query.value(1).toString(), query.value(2).toString(),
                          query.value(3).toString()});
    if (query.lastError().isValid())
        return failure(Code::Sql, query.lastError().text());
    return result;
}

} // namespace

std::span<const CaseSchemaStep> caseSchemaSteps()
{
    return steps();
}

CaseHeader caseHeader(const QString &path)
{
    constexpr qsizetype HeaderBytes = 100;
    constexpr qsizetype WriteVersionAt = 18;
    constexpr qsizetype UserVersionAt = 60;
    constexpr qsizetype ApplicationIdAt = 68;
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray head = file.read(HeaderBytes);
    if (head.size() < HeaderBytes || !head.startsWith(QByteArrayView("SQLite format 3\0", 16)))
        return {};
    const auto number = [&head](qsizetype at) { return qFromBigEndian<quint32>(head.constData() + at); };
    constexpr quint32 MostVersion = 1'000'000;
    const quint32 version = number(UserVersionAt);
    const bool hasNoWal = head[WriteVersionAt] == 1 && head[WriteVersionAt + 1] == 1;
    if (number(ApplicationIdAt) != CaseApplicationId || !hasNoWal || version > MostVersion)
        return {};
    return {true, static_cast<int>(version)};
}

Result<void> checkCaseSchema(const QSqlDatabase &database, int version, std::span<const CaseSchemaStep> all)
{
    const auto foreign = [](const QString &name) {
        return failure(Code::BadValue, tr("The case file defines something that no case has: %1").arg(name.left(80)),
                       tr("It was not written by Faultline, or was tampered with."));
    };
    const auto found = defined(database);
    if (!found)
        return std::unexpected(found.error());
    if (std::cmp_greater(version, all.size())) {
        for (const Defined &item : *found)
            if (item.type != u"table" && !(item.type == u"index" && item.sql.isEmpty()))
                return foreign(item.type + u' ' + item.name);
            else if (item.sql.contains(u"VIRTUAL"_s, Qt::CaseInsensitive)
                     || item.sql.contains(u"GENERATED"_s, Qt::CaseInsensitive)
                     || item.sql.contains(QRegularExpression(u"\\bAS\\b"_s, QRegularExpression::CaseInsensitiveOption)))
                return foreign(item.type + u' ' + item.name);
        return {};
    }
    SqliteConnection reference;
    if (const auto opened = reference.open(u":memory:"_s); !opened)
        return std::unexpected(opened.error());
    if (const auto made = migrateCase(reference.database(), 0, all.first(static_cast<size_t>(version))); !made)
        return made;
    const auto expected = defined(reference.database());
    if (!expected)
        return std::unexpected(expected.error());
    for (const Defined &item : *found)
        if (std::ranges::find(*expected, item) == expected->end())
            return foreign(item.type + u' ' + item.name);
    if (found->size() != expected->size())
        return failure(Code::BadValue, tr("The case file is not complete"), tr("Use a copy that is."));
    return {};
}

Result<void> migrateCase(const QSqlDatabase &database, int version, std::span<const CaseSchemaStep> all)
{
    QSqlQuery query(database);
    QStringList statements;
    for (const CaseSchemaStep &step : all.subspan(static_cast<size_t>(version)))
        statements += step;
    statements.append(u"PRAGMA user_version = %1"_s.arg(all.size()));
    statements.append(u"PRAGMA application_id = %1"_s.arg(CaseApplicationId));
    for (const QString &statement : std::as_const(statements))
        if (!query.exec(statement))
            return failure(Code::Sql, query.lastError().text());
    return {};
}

} // namespace faultline
