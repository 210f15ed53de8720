// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/redaction/redactor.h"

#include <QAbstractItemModel>

namespace faultline {

/// What redaction rules find: a rule, below it the values that it found, below each where it stands, before and after. Rules and values are
/// switched on and off by their boxes.
class RedactionModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { FoundColumn, BecomesColumn, WhereColumn, ColumnCount };

    using QAbstractItemModel::QAbstractItemModel;

    /// Which rules are used, and which values may stay.
    const std::vector<RedactionRule> &rules() const { return m_rules; }
    QStringList kept() const { return {m_kept.cbegin(), m_kept.cend()}; }
    /// Other rules; what they find is not known yet.
    void setRules(std::vector<RedactionRule> rules);
    /// What the rules found, one list for each.
    void setHits(std::vector<std::vector<RedactionHit>> hits);
    /// Switches all rules of a group.
    void setGroup(bool secrets, bool on);
    /// On, off, or some of both.
    Qt::CheckState group(bool secrets) const;
    /// "3 values", "1 place"
    static QString valuesText(qint64 count);
    static QString placesText(qint64 count);
    /// How many values are replaced, and in how many places.
    std::pair<qint64, qint64> replaced() const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    /// A person switched a rule or a value.
    void choicesChanged();

private:
    struct Place {
        int rule = -1;
        int hit = -1;   ///< -1: the index is a rule's.
        int place = -1; ///< -1: the index is a value's.
    };
    Place placeOf(const QModelIndex &index) const;
    const RedactionHit &hitOf(const Place &place) const;
    QVariant ruleData(int rule, int column, int role) const;
    QVariant hitData(const RedactionHit &hit, int column, int role) const;
    bool isKept(int rule, const RedactionHit &hit) const;

    std::vector<RedactionRule> m_rules;
    std::vector<std::vector<RedactionHit>> m_hits; ///< By rule.
    QSet<QString> m_kept;
};

} // namespace faultline
