// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sqlconsole/rowsmodel.h"

#include "app/sqlconsole/queryplot.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostShown = 500;
/// Times since 1970 that are written in ns are above it from 1973 on; counts and line numbers are below.
constexpr qint64 LeastMoment = 100'000'000'000'000'000;

} // namespace

void RowsModel::setRows(Rows rows, const QStringList &sourceNames)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_sources = sourceNames;
    endResetModel();
}

void RowsModel::setZone(ZoneShown zone)
{
    beginResetModel();
    m_zone = zone;
    endResetModel();
}

int RowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.rows.size());
}

int RowsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.columns.size());
}

bool RowsModel::isTime(int column) const
{
    return isTimeColumn(m_rows.columns.at(column));
}

QString RowsModel::text(const QVariant &value, int column) const
{
    if (value.typeId() == QMetaType::LongLong) {
        const qint64 number = value.toLongLong();
        if (isTime(column) && std::abs(number) >= LeastMoment)
            return dateTimeText(TimeNs{number}, m_zone, 6);
        if (m_rows.columns.at(column).compare(u"source"_s, Qt::CaseInsensitive) == 0 && number >= 0
            && number < m_sources.size())
            return m_sources.at(number);
        return QString::number(number);
    }
    if (value.typeId() == QMetaType::Double)
        return QLocale().toString(value.toDouble(), 'g', 12);
    return shownText(value.toString().toUtf8(), MostShown);
}

QVariant RowsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto row = static_cast<size_t>(index.row());
    const QVariant &value = m_rows.rows[row][static_cast<size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole: return value.isValid() ? text(value, index.column()) : u"NULL"_s;
    case Qt::ToolTipRole:
        return value.typeId() == QMetaType::QString
                   ? QVariant(u"<p style='white-space:pre-wrap'>"_s
                              % shownText(value.toString().toUtf8(), 4 * MostShown).toHtmlEscaped() % u"</p>"_s)
                   : QVariant();
    case Qt::TextAlignmentRole:
        if ((value.typeId() == QMetaType::LongLong
             && text(value, index.column()) == QString::number(value.toLongLong()))
            || value.typeId() == QMetaType::Double)
            return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case SourceRole: return m_rows.value(row, u"source").isValid() ? m_rows.value(row, u"source").toInt() : -1;
    case LineRole: return m_rows.value(row, u"line").toLongLong();
    case TimeRole: return m_rows.value(row, u"time");
    default: return {};
    }
}

QVariant RowsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (role != Qt::DisplayRole || section < 0)
        return {};
    if (orientation == Qt::Horizontal)
        return section < m_rows.columns.size() ? m_rows.columns.at(section) : QString();
    return section + 1;
}

} // namespace faultline
