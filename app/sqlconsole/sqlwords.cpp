// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sqlconsole/sqlwords.h"

#include "app/settings/theme.h"
#include "charts/core/theme.h"
#include "models/store/casedatabase.h"
#include "models/store/tables.h"
#include "models/store/views.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString typeName(CellType type)
{
    return type == CellType::Integer ? u"INTEGER"_s : type == CellType::Real ? u"REAL"_s : u"TEXT"_s;
}

} // namespace

QList<SqlTable> sqlTables(const Analysis &analysis)
{
    QList<SqlTable> tables;
    if (!analysis.evidence || !analysis.placement)
        return tables;
    for (const auto &table : makeTables(analysis)) {
        SqlTable &made = tables.emplace_back();
        made.name = QString::fromUtf8(table->name());
        for (const ColumnInfo &column : table->columns()) {
            made.columns.append(QString::fromUtf8(column.name));
            made.types.append(typeName(column.type));
        }
    }
    if (const auto database = CaseDatabase::open(analysis)) {
        for (const QString &view : viewNames()) {
            const QStringList columns =
                (*database)->query(u"SELECT * FROM %1 LIMIT 0"_s.arg(view)).value_or(Rows{}).columns;
            tables.append({view, columns, QStringList(columns.size(), QString())});
        }
    }
    std::ranges::sort(tables, {}, &SqlTable::name);
    return tables;
}

const QStringList &sqlKeywords()
{
    static const QStringList words =
        u"SELECT FROM WHERE AND OR NOT IN IS NULL LIKE GLOB REGEXP BETWEEN EXISTS CASE WHEN THEN ELSE END AS DISTINCT "
        "JOIN LEFT INNER CROSS ON USING GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET UNION ALL EXCEPT INTERSECT WITH "
        "RECURSIVE OVER PARTITION CAST COLLATE NOCASE ESCAPE VALUES FILTER"_s.split(u' ');
    return words;
}

const QStringList &sqlFunctions()
{
    static const QStringList words =
        u"count sum min max avg group_concat overlaps near substr instr lower upper length replace trim coalesce "
        u"ifnull "
        "iif abs round printf json_extract lag lead row_number rank first_value last_value"_s.split(u' ');
    return words;
}

SqlHighlighter::SqlHighlighter(QTextDocument *document)
    : QSyntaxHighlighter(document)
{
}

void SqlHighlighter::setTables(const QList<SqlTable> &tables)
{
    m_tables.clear();
    m_columns.clear();
    for (const SqlTable &table : tables) {
        m_tables.insert(table.name);
        m_columns.unite(QSet<QString>(table.columns.begin(), table.columns.end()));
    }
    rehighlight();
}

void SqlHighlighter::setDark(bool dark)
{
    m_dark = dark;
    rehighlight();
}

void SqlHighlighter::highlightBlock(const QString &text)
{
    static const QRegularExpression token(
        uR"((--.*$)|('(?:[^']|'')*'?)|("[^"]*"?)|([:@$]\w+)|(\b\d+(?:\.\d+)?\b)|(\b[A-Za-z_]\w*\b))"_s);
    enum Group { Comment = 1, Text, Quoted, Parameter, Number, Word };
    const Theme theme = Theme::plain(m_dark);
    const ThemeColors &colors = themeColors(m_dark);
    auto matches = token.globalMatch(text);
    while (matches.hasNext()) {
        const auto match = matches.next();
        QTextCharFormat format;
        if (match.hasCaptured(Comment)) {
            format.setForeground(colors.faint);
            format.setFontItalic(true);
        } else if (match.hasCaptured(Text)) {
            format.setForeground(colors.good);
        } else if (match.hasCaptured(Parameter)) {
            format.setForeground(colors.warning);
        } else if (match.hasCaptured(Number)) {
            format.setForeground(theme.series(4));
        } else if (match.hasCaptured(Word)) {
            const QString word = match.captured(Word);
            if (sqlKeywords().contains(word.toUpper())) {
                format.setForeground(colors.accent);
                format.setFontWeight(QFont::DemiBold);
            } else if (m_tables.contains(word.toLower())) {
                format.setFontWeight(QFont::DemiBold);
            } else if (!m_columns.contains(word.toLower()) && !sqlFunctions().contains(word.toLower())) {
                continue;
            } else {
                format.setForeground(theme.series(0));
            }
        } else {
            continue;
        }
        setFormat(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()), format);
    }
}

} // namespace faultline
