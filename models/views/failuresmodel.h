// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/views/texts.h"

#include <QAbstractListModel>

namespace faultline {

/// The failures of a case; a row is a failure's id.
class FailuresModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        WhatRole = Qt::UserRole + 1,
        SourceRole,
        LineRole,
        LastLineRole,
        TimeRole,     ///< qint64 nanoseconds UTC; invalid where not placed.
        TimeTextRole, ///< "10:03:11.700 ±50 ms".
        WhenTextRole, ///< The same with date and zone.
        ExitCodeRole, ///< qint64; invalid where unknown.
        SignalRole,
        PlaceRole,   ///< "ci.log:398"
        ContextRole, ///< "test › Run tests › TestPay", what is known of it.
        FollowsRole, ///< Row of the failure that this one followed from; -1.
    };

    using QAbstractListModel::QAbstractListModel;

    void setAnalysis(const Analysis &analysis);
    void setZone(ZoneShown zone);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    QString tellerOf(const Failure &failure) const;
    QString timeText(const Failure &failure, bool withDate) const;
    QString place(const Failure &failure) const;

    Analysis m_analysis;
    QStringList m_names;
    DurationNs m_axisErrorNs = 0;
    ZoneShown m_zone = ZoneShown::Utc;
};

} // namespace faultline
