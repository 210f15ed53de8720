// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/sqlguard.h"

#include <sqlite3.h>

#include <string_view>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Functions of SQLite that only compute on their arguments, and our own. All else (load_extension, fts3_tokenizer, readfile …) is refused.
const std::set<std::string_view> &harmlessFunctions()
{
    static const std::set<std::string_view> functions{
        "regexp", "overlaps", "near",
        // https://sqlite.org/lang_corefunc.html
        "abs", "char", "coalesce", "concat", "concat_ws", "format", "glob", "hex", "if", "ifnull", "iif", "instr",
        "length", "like", "likelihood", "likely", "lower", "ltrim", "max", "min", "nullif", "octet_length", "printf",
        "quote", "replace", "round", "rtrim", "sign", "soundex", "sqlite_version", "substr", "substring", "trim",
        "typeof", "unhex", "unicode", "unlikely", "upper",
        // lang_aggfunc.html, windowfunctions.html
        "avg", "count", "group_concat", "string_agg", "sum", "total", "median", "percentile", "row_number", "rank",
        "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead", "first_value", "last_value", "nth_value",
        // lang_datefunc.html
        "date", "time", "datetime", "julianday", "unixepoch", "strftime", "timediff",
        // lang_mathfunc.html
        "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "ceil", "ceiling", "cos", "cosh", "degrees", "exp",
        "floor", "ln", "log", "log10", "log2", "mod", "pi", "pow", "power", "radians", "sin", "sinh", "sqrt", "tan",
        "tanh", "trunc",
        // json1.html
        "->", "->>", "json", "json_array", "json_array_length", "json_extract", "json_group_array", "json_group_object",
        "json_insert", "json_object", "json_patch", "json_pretty", "json_quote", "json_remove", "json_replace",
        "json_set", "json_type", "json_valid"};
    return functions;
}

QString actionName(int action)
{
    switch (action) {
    case SQLITE_ATTACH: return u"ATTACH"_s;
    case SQLITE_DETACH: return u"DETACH"_s;
    case SQLITE_PRAGMA: return u"PRAGMA"_s;
    case SQLITE_INSERT: return u"INSERT"_s;
    case SQLITE_UPDATE: return u"UPDATE"_s;
    case SQLITE_DELETE: return u"DELETE"_s;
    case SQLITE_TRANSACTION: return u"BEGIN, COMMIT, ROLLBACK"_s;
    case SQLITE_SAVEPOINT: return u"SAVEPOINT"_s;
    default: return u"CREATE, DROP, ALTER"_s;
    }
}

constexpr int ProgressSteps = 2'000; ///< Instructions of SQLite's machine between looks at clock and cancel.

struct Limit {
    int id;
    int value;
};
/// https://sqlite.org/limits.html, far above what a question needs.
constexpr Limit Limits[] = {
    {SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 100'000},
    {SQLITE_LIMIT_COLUMN, 500},
    {SQLITE_LIMIT_EXPR_DEPTH, 200},
    {SQLITE_LIMIT_COMPOUND_SELECT, 100},
    {SQLITE_LIMIT_VDBE_OP, 1'000'000},
    {SQLITE_LIMIT_FUNCTION_ARG, 64},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 5'000},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 200},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

} // namespace

SqlGuard::SqlGuard(std::set<QByteArray> tables, DurationNs mostTime, CancelToken cancel)
    : m_tables(std::move(tables))
    , m_mostTime(mostTime)
    , m_cancel(std::move(cancel))
{
}

void SqlGuard::install(sqlite3 *connection)
{
    for (const Limit &limit : Limits)
        sqlite3_limit(connection, limit.id, limit.value);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DQS_DML, 0,
                      nullptr); // "text" in double quotes is a column or an error, never a text.
    sqlite3_set_authorizer(
        connection,
        [](void *self, int action, const char *first, const char *second, const char *, const char *) {
            return static_cast<SqlGuard *>(self)->authorize(action, first, second);
        },
        this);
    sqlite3_progress_handler(
        connection, ProgressSteps,
        [](void *self) {
            const auto *guard = static_cast<SqlGuard *>(self);
            return guard->isCancelled() || guard->isTimeUp() ? 1 : 0;
        },
        this);
}

void SqlGuard::begin()
{
    m_refused.clear();
    m_elapsed.start();
}

int SqlGuard::authorize(int action, const char *first, const char *second)
{
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return SQLITE_OK;
    case SQLITE_READ: {
        // A table of which no column is read comes with an empty column; so do the names of WITH, which are harmless.
        const QByteArray table = QByteArray(first).toLower();
        if (m_tables.contains(table)
            || (second && *second == '\0' && !table.startsWith("pragma_") && !table.startsWith("sqlite_")))
            return SQLITE_OK;
        m_refused = u"table %1"_s.arg(QString::fromUtf8(first));
        return SQLITE_DENY;
    }
    case SQLITE_FUNCTION:
        if (harmlessFunctions().contains(QByteArray(second).toLower().toStdString()))
            return SQLITE_OK;
        m_refused = u"function %1"_s.arg(QString::fromUtf8(second));
        return SQLITE_DENY;
    default: m_refused = actionName(action); return SQLITE_DENY;
    }
}

} // namespace faultline
