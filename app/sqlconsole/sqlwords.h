// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QStringList>
#include <QSyntaxHighlighter>

namespace faultline {

/// A table of the SQL surface.
struct SqlTable {
    QString name;
    QStringList columns;
    QStringList types; ///< As the columns.
};

/// The tables that queries on the case may read.
QList<SqlTable> sqlTables(const Analysis &analysis);
/// SQLite's words for reading, upper case.
const QStringList &sqlKeywords();
/// Functions worth offering.
const QStringList &sqlFunctions();

/// Colours a statement: words of SQL, tables and columns, texts, numbers, parameters, comments.
class SqlHighlighter final : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit SqlHighlighter(QTextDocument *document);
    void setTables(const QList<SqlTable> &tables);
    void setDark(bool dark);

protected:
    void highlightBlock(const QString &text) override;

private:
    QSet<QString> m_tables;
    QSet<QString> m_columns;
    bool m_dark = false;
};

} // namespace faultline
