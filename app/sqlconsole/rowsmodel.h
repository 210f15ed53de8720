// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/rows.h"
#include "models/views/texts.h"

#include <QAbstractTableModel>

namespace faultline {

/// The answer to a query as a table. Columns called time, start, end, first, last, from, to, peak … show moments; `source` shows names.
class RowsModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        SourceRole = Qt::UserRole, ///< Index of the row's source; -1 without one.
        LineRole,                  ///< The row's line; 0 without one.
        TimeRole,                  ///< The row's moment, ns; invalid without one.
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(Rows rows, const QStringList &sourceNames);
    void setZone(ZoneShown zone);
    const Rows &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    bool isTime(int column) const;
    QString text(const QVariant &value, int column) const;

    Rows m_rows;
    QStringList m_sources;
    ZoneShown m_zone = ZoneShown::Utc;
};

} // namespace faultline
