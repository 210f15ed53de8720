// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QAbstractListModel>

namespace faultline {

/// The causes that the evidence speaks for, of one failure, best first.
class VerdictsModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Roles {
        CauseRole = Qt::UserRole + 1,
        TitleRole,
        StatusRole, ///< VerdictStatus as int.
        StatusTextRole,
        ConfidenceRole, ///< 0..1
        ExplanationRole,
        RemedyRole,
        PreventionRole,
        PlaybookRole,
        CoincidentRole,
        VerdictRole, ///< Index into Diagnosis::verdicts.
    };

    using QAbstractListModel::QAbstractListModel;

    void setAnalysis(const Analysis &analysis, int failure);
    /// The verdict of a row; null where there is none. Valid until the next setAnalysis().
    const Verdict *verdict(int row) const;
    /// Row of a cause; -1 where it is not among them.
    int rowOf(const QString &cause) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    Analysis m_analysis;
    std::vector<int> m_rows;
};

} // namespace faultline
