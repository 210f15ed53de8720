// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/casedatabase.h"

#include "models/core/translate.h"
#include "models/store/sqlfunctions.h"
#include "models/store/sqlguard.h"
#include "models/store/sqliteconnection.h"
#include "models/store/sqlitemodule.h"
#include "models/store/tables.h"
#include "models/store/views.h"

#include <QThread>

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

struct Finalize {
    void operator()(sqlite3_stmt *statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

/// Line and column, from 1, of a byte of a statement.
Position positionIn(const QByteArray &sql, int byteOffset)
{
    if (byteOffset < 0 || byteOffset > sql.size())
        return {};
    const QByteArrayView before = QByteArrayView(sql).first(byteOffset);
    const qsizetype lineStart = before.lastIndexOf('\n') + 1;
    return {before.count('\n') + 1, QString::fromUtf8(before.sliced(lineStart)).size() + 1, byteOffset};
}

void bindValue(sqlite3_stmt *statement, int index, const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::UnknownType:
    case QMetaType::Nullptr: sqlite3_bind_null(statement, index); return;
    case QMetaType::Bool:
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::Long:
    case QMetaType::ULong:
    case QMetaType::LongLong:
    case QMetaType::ULongLong: sqlite3_bind_int64(statement, index, value.toLongLong()); return;
    case QMetaType::Double:
    case QMetaType::Float: sqlite3_bind_double(statement, index, value.toDouble()); return;
    default: break;
    }
    const QByteArray text = value.typeId() == QMetaType::QByteArray ? value.toByteArray() : value.toString().toUtf8();
    sqlite3_bind_text64(statement, index, text.isNull() ? "" : text.constData(),
                        static_cast<sqlite3_uint64>(text.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
}

QVariant columnOf(sqlite3_stmt *statement, int column)
{
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER: return QVariant(qlonglong{sqlite3_column_int64(statement, column)});
    case SQLITE_FLOAT: return QVariant(sqlite3_column_double(statement, column));
    case SQLITE_NULL: return {};
    default: break;
    }
    const bool blob = sqlite3_column_type(statement, column) == SQLITE_BLOB;
    const QByteArray bytes(static_cast<const char *>(sqlite3_column_blob(statement, column)),
                           sqlite3_column_bytes(statement, column));
    return blob ? QString::fromLatin1(bytes.toHex()) : QString::fromUtf8(bytes);
}

} // namespace

struct CaseDatabase::Private {
    QueryLimits limits;
    std::vector<TablePointer> tables; ///< Before the connection, whose virtual tables point at them.
    std::unique_ptr<SqlGuard> guard;
    SqliteConnection connection;
    sqlite3 *handle = nullptr;
    QThread *thread = nullptr;

    Error sqlError(const QByteArray &sql) const;
    Result<Statement> prepare(const QByteArray &sql) const;
    Result<void> bind(sqlite3_stmt *statement, const std::map<QString, QVariant> &bindings) const;
};

/// SQLite's own words, and ours where the guard stopped the statement.
Error CaseDatabase::Private::sqlError(const QByteArray &sql) const
{
    Error error{
        Code::Sql, QString::fromUtf8(sqlite3_errmsg(handle)), {}, {}, positionIn(sql, sqlite3_error_offset(handle))};
    const int code = sqlite3_errcode(handle) & 0xff;
    if (code == SQLITE_AUTH) {
        error.message = tr("%1: %2").arg(error.message, guard->refused());
        error.hint = tr("Queries read the tables of the case and nothing else.");
    } else if (code == SQLITE_INTERRUPT && guard->isCancelled()) {
        error.code = Code::Cancelled;
        error.message = tr("The query was cancelled");
    } else if (code == SQLITE_INTERRUPT) {
        error.code = Code::LimitReached;
        error.message = tr("The query took longer than %1 s").arg(toSeconds(limits.mostTime));
        error.hint = tr("Narrow it by source, signature or time.");
    }
    return error;
}

Result<Statement> CaseDatabase::Private::prepare(const QByteArray &sql) const
{
    if (QThread::currentThread() != thread)
        return failure(Code::Internal, tr("A case's database is used by the thread that opened it"));
    guard->begin();
    sqlite3_stmt *raw = nullptr;
    const char *rest = nullptr;
    const int status = sqlite3_prepare_v3(
        handle, sql.constData(), static_cast<int>(std::min<qsizetype>(sql.size() + 1, INT_MAX)), 0, &raw, &rest);
    Statement statement(raw);
    if (status != SQLITE_OK)
        return std::unexpected(sqlError(sql));
    if (!statement)
        return failure(Code::Sql, tr("There is no statement"));
    // What follows may be blanks, semicolons and comments: then it compiles to nothing.
    sqlite3_stmt *second = nullptr;
    const int more = sqlite3_prepare_v3(handle, rest, -1, 0, &second, nullptr);
    const Statement following(second);
    if (more != SQLITE_OK || following)
        return failure(Code::Sql, tr("There is more than one statement"), {}, {},
                       positionIn(sql, static_cast<int>(rest - sql.constData())));
    if (!sqlite3_stmt_readonly(statement.get()) || sqlite3_column_count(statement.get()) == 0)
        return failure(Code::Sql, tr("The statement gives no rows"), tr("Only SELECT and WITH … SELECT are run."));
    return statement;
}

Result<void> CaseDatabase::Private::bind(sqlite3_stmt *statement, const std::map<QString, QVariant> &bindings) const
{
    for (int index = 1; index <= sqlite3_bind_parameter_count(statement); ++index) {
        const char *name = sqlite3_bind_parameter_name(statement, index);
        const auto found = name ? bindings.find(QString::fromUtf8(name + 1)) : bindings.end();
        if (found == bindings.end())
            return failure(Code::Sql, tr("No value for the parameter %1").arg(name ? QString::fromUtf8(name) : u"?"_s));
        bindValue(statement, index, found->second);
    }
    return {};
}

CaseDatabase::CaseDatabase(std::unique_ptr<Private> made)
    : d(std::move(made))
{
}
CaseDatabase::~CaseDatabase() = default;

Result<std::unique_ptr<CaseDatabase>> CaseDatabase::open(const Analysis &analysis, const QueryLimits &limits)
{
    Q_ASSERT(analysis.evidence && analysis.placement
             && analysis.placement->sources.size() == analysis.evidence->sources.size());
    auto d = std::make_unique<Private>();
    d->limits = limits;
    d->thread = QThread::currentThread();
    d->tables = makeTables(analysis, limits.cancel);
    const Result<sqlite3 *> handle = d->connection.open(u":memory:"_s);
    if (!handle)
        return std::unexpected(handle.error());
    d->handle = *handle;

    std::set<QByteArray> names{"json_each", "json_tree"};
    for (const TablePointer &table : d->tables) {
        if (const Result<void> registered = registerTable(d->handle, *table); !registered)
            return std::unexpected(registered.error());
        names.insert(table->name());
    }
    if (const Result<void> registered = registerFunctions(d->handle); !registered)
        return std::unexpected(registered.error());
    if (const Result<void> made = createViews(d->handle); !made)
        return std::unexpected(made.error());
    for (const QString &view : viewNames())
        names.insert(view.toUtf8());
    d->guard = std::make_unique<SqlGuard>(std::move(names), limits.mostTime, limits.cancel);
    d->guard->install(d->handle);
    return std::unique_ptr<CaseDatabase>(new CaseDatabase(std::move(d)));
}

Result<Rows> CaseDatabase::query(const QString &sql, const std::map<QString, QVariant> &bindings)
{
    const QByteArray text = sql.toUtf8();
    const Result<Statement> prepared = d->prepare(text);
    if (!prepared)
        return std::unexpected(prepared.error());
    sqlite3_stmt *statement = prepared->get();
    if (const Result<void> bound = d->bind(statement, bindings); !bound)
        return std::unexpected(bound.error());

    Rows result;
    const int columns = sqlite3_column_count(statement);
    for (int i = 0; i < columns; ++i)
        result.columns.append(QString::fromUtf8(sqlite3_column_name(statement, i)));
    qint64 bytes = 0;
    while (true) {
        const int status = sqlite3_step(statement);
        if (status == SQLITE_DONE)
            return result;
        if (status != SQLITE_ROW)
            return std::unexpected(d->sqlError(text));
        if (static_cast<qint64>(result.rows.size()) >= d->limits.mostRows || bytes > d->limits.mostBytes) {
            result.truncated = true;
            return result;
        }
        std::vector<QVariant> &row = result.rows.emplace_back();
        for (int i = 0; i < columns; ++i) {
            row.push_back(columnOf(statement, i));
            bytes += sqlite3_column_bytes(statement, i);
        }
    }
}

Result<void> CaseDatabase::check(const QString &sql)
{
    const Result<Statement> prepared = d->prepare(sql.toUtf8());
    if (!prepared)
        return std::unexpected(prepared.error());
    return {};
}

QVariant Rows::value(size_t row, QStringView column) const
{
    const qsizetype index = columns.indexOf(column);
    if (row >= rows.size() || index < 0)
        return {};
    return rows[row][static_cast<size_t>(index)];
}

} // namespace faultline
