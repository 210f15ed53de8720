// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QAbstractTableModel>
#include <QStringList>

namespace faultline {

/// What could not be read, of all sources; and the playbooks that could not be walked.
class NotesModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { SeverityColumn, PlaceColumn, TextColumn, ColumnCount };
    enum Roles {
        SourceRole = Qt::UserRole + 1, ///< -1 for notes on playbooks.
        LineRole,
        SeverityRole, ///< Severity as int.
        CodeRole,
        CountRole,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setAnalysis(const Analysis &analysis);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    struct Row {
        int source = -1;
        QString place;
        Note note;
    };
    QString display(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace faultline
