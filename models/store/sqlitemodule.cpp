// SPDX-License-Identifier: GPL-3.0-or-later
// https://sqlite.org/vtab.html: the C interface of virtual tables, mapped to Table.
#include "models/store/sqlitemodule.h"

#include <sqlite3.h>

#include <charconv>
#include <cmath>
#include <new>

namespace faultline {

namespace {

struct VirtualTable : sqlite3_vtab {
    const Table *table = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
    RowRanges ranges;
    size_t range = 0;
    qint64 row = 0;
};

const Table &tableOf(const sqlite3_vtab *base)
{
    return *static_cast<const VirtualTable *>(base)->table;
}

QByteArray declaration(const Table &table)
{
    QByteArray sql = "CREATE TABLE x(";
    for (const ColumnInfo &column : table.columns()) {
        const char *type = column.type == CellType::Integer ? "INTEGER"
                           : column.type == CellType::Real  ? "REAL"
                                                            : "TEXT";
        sql += (sql.endsWith('(') ? "\"" : ", \"") + column.name + "\" " + type;
    }
    return sql + ')';
}

int connectTable(sqlite3 *connection, void *aux, int, const char *const *, sqlite3_vtab **result, char **)
{
    const auto *table = static_cast<const Table *>(aux);
    if (const int status = sqlite3_declare_vtab(connection, declaration(*table).constData()); status != SQLITE_OK)
        return status;
    auto *made = new (std::nothrow) VirtualTable;
    if (!made)
        return SQLITE_NOMEM;
    static_cast<sqlite3_vtab &>(*made) = {};
    made->table = table;
    *result = made;
    return SQLITE_OK;
}

int disconnectTable(sqlite3_vtab *base)
{
    delete static_cast<VirtualTable *>(base);
    return SQLITE_OK;
}

std::optional<Comparison> comparisonOf(unsigned char op)
{
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ: return Comparison::Equal;
    case SQLITE_INDEX_CONSTRAINT_LT: return Comparison::Less;
    case SQLITE_INDEX_CONSTRAINT_LE: return Comparison::LessOrEqual;
    case SQLITE_INDEX_CONSTRAINT_GT: return Comparison::Greater;
    case SQLITE_INDEX_CONSTRAINT_GE: return Comparison::GreaterOrEqual;
    case SQLITE_INDEX_CONSTRAINT_LIKE: return Comparison::Like;
    case SQLITE_INDEX_CONSTRAINT_GLOB: return Comparison::Glob;
    case SQLITE_INDEX_CONSTRAINT_REGEXP: return Comparison::Regexp;
    default: return std::nullopt;
    }
}

/// Says which conditions the table makes use of: "column:comparison;" each, in the order of the arguments of filterCursor.
int bestIndex(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const Table &table = tableOf(base);
    QByteArray plan;
    int arguments = 0;
    double rows = static_cast<double>(std::max<qint64>(table.rowCount(), 1));
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto &constraint = info->aConstraint[i];
        const std::optional<Comparison> comparison = comparisonOf(constraint.op);
        if (!constraint.usable || constraint.iColumn < 0 || !comparison
            || !table.narrows(constraint.iColumn, *comparison))
            continue;
        if (table.columns()[static_cast<size_t>(constraint.iColumn)].type == CellType::Text
            && qstricmp(sqlite3_vtab_collation(info, i), "BINARY") != 0)
            continue;
        info->aConstraintUsage[i].argvIndex = ++arguments;
        plan += QByteArray::number(constraint.iColumn) + ':' + QByteArray::number(static_cast<int>(*comparison)) + ';';
        rows /= *comparison == Comparison::Equal ? 20 : 4;
    }
    info->estimatedRows = static_cast<sqlite3_int64>(std::max(rows, 1.0));
    info->estimatedCost = std::max(rows, 1.0) + 10;
    info->idxNum = arguments;
    info->idxStr = sqlite3_mprintf("%s", plan.constData());
    info->needToFreeIdxStr = 1;
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

int openCursor(sqlite3_vtab *, sqlite3_vtab_cursor **result)
{
    auto *cursor = new (std::nothrow) Cursor;
    if (!cursor)
        return SQLITE_NOMEM;
    static_cast<sqlite3_vtab_cursor &>(*cursor) = {};
    *result = cursor;
    return SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor *base)
{
    delete static_cast<Cursor *>(base);
    return SQLITE_OK;
}

Cell cellOf(sqlite3_value *value)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return Cell(qint64{sqlite3_value_int64(value)});
    case SQLITE_FLOAT: return Cell(sqlite3_value_double(value));
    case SQLITE_NULL: return {};
    default: { // A blob equals no text; as text it narrows to a superset of nothing.
        const auto *bytes = static_cast<const char *>(sqlite3_value_blob(value));
        return Cell(QByteArray(bytes, sqlite3_value_bytes(value)));
    }
    }
}

int filterCursor(sqlite3_vtab_cursor *base, int, const char *plan, int count, sqlite3_value **values)
{
    auto *cursor = static_cast<Cursor *>(base);
    std::vector<Constraint> constraints;
    const char *at = plan;
    const char *end = plan + qstrlen(plan);
    for (int i = 0; i < count; ++i) {
        int column = 0;
        int comparison = 0;
        at = std::from_chars(at, end, column).ptr + 1;
        at = std::from_chars(at, end, comparison).ptr + 1;
        constraints.push_back({column, static_cast<Comparison>(comparison), cellOf(values[i])});
    }
    cursor->ranges = tableOf(base->pVtab).rows(constraints);
    cursor->range = 0;
    cursor->row = cursor->ranges.empty() ? 0 : cursor->ranges.front().begin;
    return SQLITE_OK;
}

int nextRow(sqlite3_vtab_cursor *base)
{
    auto *cursor = static_cast<Cursor *>(base);
    if (++cursor->row >= cursor->ranges[cursor->range].end && ++cursor->range < cursor->ranges.size())
        cursor->row = cursor->ranges[cursor->range].begin;
    return SQLITE_OK;
}

int atEnd(sqlite3_vtab_cursor *base)
{
    const auto *cursor = static_cast<Cursor *>(base);
    return cursor->range >= cursor->ranges.size() || cursor->row >= cursor->ranges[cursor->range].end;
}

int columnValue(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const Cell cell = tableOf(base->pVtab).value(static_cast<Cursor *>(base)->row, column);
    switch (cell.type) {
    case CellType::Null: sqlite3_result_null(context); break;
    case CellType::Integer: sqlite3_result_int64(context, cell.integer); break;
    case CellType::Real: sqlite3_result_double(context, cell.real); break;
    case CellType::Text:
        sqlite3_result_text64(context, cell.text.isNull() ? "" : cell.text.constData(),
                              static_cast<sqlite3_uint64>(cell.text.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
        break;
    }
    return SQLITE_OK;
}

int rowNumber(sqlite3_vtab_cursor *base, sqlite3_int64 *row)
{
    *row = static_cast<Cursor *>(base)->row;
    return SQLITE_OK;
}

/// Without xCreate: the table exists by its module's name alone and cannot be made by a statement.
sqlite3_module makeModule()
{
    sqlite3_module module{};
    module.iVersion = 0;
    module.xConnect = connectTable;
    module.xBestIndex = bestIndex;
    module.xDisconnect = disconnectTable;
    module.xDestroy = disconnectTable;
    module.xOpen = openCursor;
    module.xClose = closeCursor;
    module.xFilter = filterCursor;
    module.xNext = nextRow;
    module.xEof = atEnd;
    module.xColumn = columnValue;
    module.xRowid = rowNumber;
    return module;
}
const sqlite3_module Module = makeModule();

} // namespace

Result<void> registerTable(sqlite3 *connection, const Table &table)
{
    const int status =
        sqlite3_create_module_v2(connection, table.name().constData(), &Module, const_cast<Table *>(&table), nullptr);
    if (status != SQLITE_OK)
        return failure(Code::Sql, QString::fromUtf8(sqlite3_errmsg(connection)));
    return {};
}

} // namespace faultline
