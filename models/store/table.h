// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <span>

namespace faultline {

enum class CellType { Null, Integer, Real, Text };

/// One value of the SQL surface. Text is bytes as they stand in the source; SQLite takes them as UTF-8.
struct Cell {
    CellType type = CellType::Null;
    qint64 integer = 0;
    double real = 0;
    QByteArray text;

    Cell() = default;
    Cell(qint64 value)
        : type(CellType::Integer)
        , integer(value)
    {
    }
    Cell(int value)
        : Cell(qint64{value})
    {
    }
    Cell(bool value)
        : Cell(qint64{value ? 1 : 0})
    {
    }
    Cell(double value)
        : type(CellType::Real)
        , real(value)
    {
    }
    Cell(QByteArray value)
        : type(CellType::Text)
        , text(std::move(value))
    {
    }
    Cell(const QString &value)
        : Cell(value.toUtf8())
    {
    }
    Cell(QLatin1StringView value)
        : Cell(QByteArray(value.data(), value.size()))
    {
    }
    Cell(const std::optional<TimeNs> &time)
    {
        if (time)
            *this = Cell(time->ns);
    }
    Cell(const std::optional<qint64> &value)
    {
        if (value)
            *this = Cell(*value);
    }

    /// Null where the text is empty or the number negative: for what may be unknown.
    static Cell known(const QByteArray &value) { return value.isEmpty() ? Cell() : Cell(value); }
    static Cell known(qint64 value) { return value < 0 ? Cell() : Cell(value); }
};

/// The last three are SQLite's operators on texts.
enum class Comparison { Equal, Less, LessOrEqual, Greater, GreaterOrEqual, Like, Glob, Regexp };

/// A condition that SQLite hands down. It checks each row again itself, so that a table may answer with more rows than asked.
struct Constraint {
    int column = 0;
    Comparison comparison = Comparison::Equal;
    Cell value;
};

/// Rows begin <= row < end.
struct RowRange {
    qint64 begin = 0;
    qint64 end = 0;
    bool operator==(const RowRange &) const = default;
};
using RowRanges = std::vector<RowRange>;

struct ColumnInfo {
    QByteArray name;
    CellType type = CellType::Text;
};

/// A table of the SQL surface: rows by number over the evidence, never copied. Used by one thread.
class Table
{
public:
    Table(QByteArray name, std::vector<ColumnInfo> columns)
        : m_name(std::move(name))
        , m_columns(std::move(columns))
    {
    }
    virtual ~Table() = default;
    Q_DISABLE_COPY_MOVE(Table)

    const QByteArray &name() const { return m_name; }
    const std::vector<ColumnInfo> &columns() const { return m_columns; }

    virtual qint64 rowCount() const = 0;
    virtual Cell value(qint64 row, int column) const = 0;
    /// Whether rows() makes use of such a condition.
    virtual bool narrows(int column, Comparison comparison) const = 0;
    /// A superset of the rows for which all conditions hold, in ascending order.
    virtual RowRanges rows(std::span<const Constraint> constraints) const = 0;

private:
    QByteArray m_name;
    std::vector<ColumnInfo> m_columns;
};

/// The range of integers that conditions on one column leave; nothing where they contradict each other or compare with NULL.
struct IntegerBounds {
    qint64 least = std::numeric_limits<qint64>::min();
    qint64 most = std::numeric_limits<qint64>::max();
    bool bounded = false; ///< Some condition was taken in: NULL cannot fulfil it.

    bool isEmpty() const { return least > most; }
};
/// Conditions that compare with text are passed over (SQLite's affinity decides those); fractions are rounded to the wider side.
IntegerBounds boundsOf(std::span<const Constraint> constraints, int column);

/// What a column of a RowTable is: a name, a type, and how its value comes out of a row.
template<typename Row>
struct Column {
    QByteArray name;
    CellType type = CellType::Text;
    std::function<Cell(const Row &)> value;
    bool indexed = false; ///< Equality is looked up, not searched.
    bool ranged = false;  ///< An integer whose bounds are looked up, not searched.
    bool costly = false;  ///< Made anew each time: kept for the row at hand, which a statement may ask for many times.
};

/// Rows of the same kind: handles into the evidence, made when the table is first read, with a hash index for each indexed column.
template<typename Row>
class RowTable final : public Table
{
public:
    RowTable(QByteArray name, std::vector<Column<Row>> columns, std::function<std::vector<Row>()> makeRows)
        : Table(std::move(name), infos(columns))
        , m_columnsOfRow(std::move(columns))
        , m_makeRows(std::move(makeRows))
        , m_indexes(m_columnsOfRow.size())
        , m_ordered(m_columnsOfRow.size())
        , m_kept(m_columnsOfRow.size())
    {
    }

    qint64 rowCount() const override { return static_cast<qint64>(rowList().size()); }
    Cell value(qint64 row, int column) const override
    {
        const Column<Row> &asked = m_columnsOfRow[static_cast<size_t>(column)];
        if (!asked.costly)
            return asked.value(rowList()[static_cast<size_t>(row)]);
        Kept &kept = m_kept[static_cast<size_t>(column)];
        if (kept.row != row)
            kept = {row, asked.value(rowList()[static_cast<size_t>(row)])};
        return kept.cell;
    }
    bool narrows(int column, Comparison comparison) const override
    {
        const Column<Row> &asked = m_columnsOfRow[static_cast<size_t>(column)];
        return asked.ranged || (comparison == Comparison::Equal && asked.indexed);
    }
    RowRanges rows(std::span<const Constraint> constraints) const override
    {
        const std::vector<qint64> *best = nullptr;
        static const std::vector<qint64> None;
        for (const Constraint &constraint : constraints) {
            const Column<Row> &asked = m_columnsOfRow[static_cast<size_t>(constraint.column)];
            if (!asked.indexed || constraint.comparison != Comparison::Equal || constraint.value.type != asked.type)
                continue; // Another type compares by SQLite's rules of affinity: leave it to SQLite.
            const auto &index = indexOf(constraint.column);
            const auto found = index.find(keyOf(constraint.value));
            const std::vector<qint64> *rowsOfKey = found == index.end() ? &None : &found->second;
            if (!best || rowsOfKey->size() < best->size())
                best = rowsOfKey;
        }
        std::vector<qint64> between;
        for (size_t column = 0; column < m_columnsOfRow.size(); ++column) {
            const IntegerBounds bounds =
                m_columnsOfRow[column].ranged ? boundsOf(constraints, static_cast<int>(column)) : IntegerBounds();
            if (!bounds.bounded)
                continue;
            const auto [first, last] = within(static_cast<int>(column), bounds);
            if (last - first >= (best ? static_cast<qint64>(best->size()) : rowCount()))
                continue;
            between.clear();
            std::ranges::transform(first, last, std::back_inserter(between), &Placed::row);
            std::ranges::sort(between);
            best = &between;
        }
        if (!best)
            return {{0, rowCount()}};
        RowRanges ranges;
        for (const qint64 row : *best) {
            if (!ranges.empty() && ranges.back().end == row)
                ++ranges.back().end;
            else
                ranges.push_back({row, row + 1});
        }
        return ranges;
    }

private:
    struct Kept {
        qint64 row = -1;
        Cell cell;
    };
    struct Placed {
        qint64 value = 0;
        qint64 row = 0;
    };
    /// The rows whose value lies within the bounds, in the order of their values.
    auto within(int column, const IntegerBounds &bounds) const
    {
        std::optional<std::vector<Placed>> &ordered = m_ordered[static_cast<size_t>(column)];
        if (!ordered) {
            ordered.emplace();
            for (qint64 row = 0; row < rowCount(); ++row)
                if (const Cell cell = value(row, column); cell.type == CellType::Integer)
                    ordered->push_back({cell.integer, row});
            std::ranges::stable_sort(*ordered, {}, &Placed::value);
        }
        const auto first = std::ranges::lower_bound(*ordered, bounds.least, {}, &Placed::value);
        const auto last =
            bounds.isEmpty() ? first : std::ranges::upper_bound(*ordered, bounds.most, {}, &Placed::value);
        return std::pair(first, last);
    }
    using Index = std::map<QByteArray, std::vector<qint64>>;

    static std::vector<ColumnInfo> infos(const std::vector<Column<Row>> &columns)
    {
        std::vector<ColumnInfo> result;
        for (const Column<Row> &column : columns)
            result.push_back({column.name, column.type});
        return result;
    }
    static QByteArray keyOf(const Cell &cell)
    {
        return cell.type == CellType::Integer ? QByteArray::number(cell.integer) : cell.text;
    }
    const std::vector<Row> &rowList() const
    {
        if (!m_rows)
            m_rows = m_makeRows();
        return *m_rows;
    }
    const Index &indexOf(int column) const
    {
        std::optional<Index> &index = m_indexes[static_cast<size_t>(column)];
        if (!index) {
            index.emplace();
            for (qint64 row = 0; row < rowCount(); ++row)
                if (const Cell cell = value(row, column); cell.type != CellType::Null)
                    (*index)[keyOf(cell)].push_back(row);
        }
        return *index;
    }

    std::vector<Column<Row>> m_columnsOfRow;
    std::function<std::vector<Row>()> m_makeRows;
    mutable std::optional<std::vector<Row>> m_rows;
    mutable std::vector<std::optional<Index>> m_indexes;
    mutable std::vector<std::optional<std::vector<Placed>>> m_ordered;
    mutable std::vector<Kept> m_kept;
};

} // namespace faultline
