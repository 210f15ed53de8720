// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/tablewriter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString cell(const QVariant &value)
{
    if (!value.isValid() || value.isNull())
        return {};
    if (value.typeId() == QMetaType::Double)
        return QLocale::c().toString(value.toDouble(), 'g', 15);
    return value.toString();
}

QString harmless(const QString &value)
{
    QString text = withoutControl(value);
    text.replace(u'\n', u' ');
    constexpr qsizetype Most = 200;
    return text.size() > Most ? QString(text.left(Most) + u'…') : text;
}

} // namespace

QString withoutControl(QString text)
{
    const auto isControl = [](QChar c) { return c.category() == QChar::Other_Control && c != u'\n'; };
    std::ranges::replace_if(text, isControl, QChar(u' '));
    return text;
}

QByteArray asTable(const Rows &rows)
{
    std::vector<qsizetype> widths;
    for (const QString &column : rows.columns)
        widths.push_back(column.size());
    std::vector<QStringList> cells;
    for (const auto &row : rows.rows) {
        QStringList line;
        for (size_t c = 0; c < row.size(); ++c) {
            line << harmless(cell(row[c]));
            widths[c] = std::max(widths[c], line.back().size());
        }
        cells.push_back(std::move(line));
    }
    QString text;
    const auto write = [&](const QStringList &line) {
        QString out;
        for (qsizetype c = 0; c < line.size(); ++c)
            out += line[c].leftJustified(widths[static_cast<size_t>(c)] + 2);
        text += out.trimmed() + u'\n';
    };
    write(rows.columns);
    for (const QStringList &line : cells)
        write(line);
    return text.toUtf8();
}

QByteArray asCsv(const Rows &rows)
{
    QString text;
    const auto write = [&](const QStringList &line) {
        QStringList quoted;
        for (QString value : line) {
            if (value.contains(u'"') || value.contains(u',') || value.contains(u'\n') || value.contains(u'\r'))
                value = u'"' + value.replace(u"\""_s, u"\"\""_s) + u'"';
            quoted << value;
        }
        text += quoted.join(u',') + u"\r\n"_s;
    };
    write(rows.columns);
    for (const auto &row : rows.rows) {
        QStringList line;
        for (const QVariant &value : row)
            line << cell(value);
        write(line);
    }
    return text.toUtf8();
}

QByteArray asJson(const Rows &rows)
{
    QJsonArray array;
    for (const auto &row : rows.rows) {
        QJsonObject object;
        for (size_t c = 0; c < row.size(); ++c)
            object[rows.columns[static_cast<qsizetype>(c)]] =
                row[c].isValid() ? QJsonValue::fromVariant(row[c]) : QJsonValue();
        array.append(object);
    }
    return QJsonDocument(array).toJson(QJsonDocument::Indented);
}

} // namespace faultline
