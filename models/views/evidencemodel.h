// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/views/texts.h"

#include <QAbstractListModel>

namespace faultline {

/// Places that prove something: lines, samples, and spans that were looked through in vain.
class EvidenceModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum class Item { Lines, Sample, Covered };
    Q_ENUM(Item)
    enum Roles {
        ItemRole = Qt::UserRole + 1, ///< Item as int.
        PlaceRole,                   ///< "ci.log:398", the series' name, or the source looked through.
        TextRole,
        FailingRole, ///< Says what failed, rather than supporting it.
        AgainstRole, ///< Speaks against the cause.
        SourceRole,
        LineRole,
        LastLineRole,
        SeriesRole,
        TimeRole, ///< qint64 nanoseconds UTC; invalid where unknown.
        TimeTextRole,
        ValueRole,
    };

    using QAbstractListModel::QAbstractListModel;

    /// `against` follow after `rows`.
    void setRows(const Analysis &analysis, std::vector<EvidenceRef> rows, std::vector<EvidenceRef> against = {});
    void setZone(ZoneShown zone);
    const std::vector<EvidenceRef> &rows() const { return m_rows; }
    /// The row that cites the line; -1 where none does.
    int rowOf(int source, qint64 line) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    Item item(const EvidenceRef &ref) const;
    QString place(const EvidenceRef &ref) const;
    QString text(const EvidenceRef &ref) const;
    QString timeText(const EvidenceRef &ref) const;

    Analysis m_analysis;
    QStringList m_names;
    std::vector<SeriesRef> m_series;
    std::vector<EvidenceRef> m_rows;
    size_t m_firstAgainst = 0;
    ZoneShown m_zone = ZoneShown::Utc;
};

} // namespace faultline
