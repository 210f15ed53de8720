// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QDialog>
#include <QSet>

class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStandardItemModel;
class QTreeView;

namespace faultline {

/// All series of a case, grouped by the pod (else host, else source) and the resource that they measure, to be searched and ticked.
class SeriesPicker final : public QDialog
{
    Q_OBJECT

public:
    /// `shown`: the series that have a track, as indexes into Evidence::allSeries().
    SeriesPicker(const Analysis &analysis, const QSet<int> &shown, QWidget *parent = nullptr);

    void setSearch(const QString &text);
    /// How many series match the search.
    int matches() const;
    QTreeView *tree() const { return m_tree; }

Q_SIGNALS:
    void shownChanged(int series, bool shown);

private:
    void fill(const Analysis &analysis, const QSet<int> &shown);
    void search(const QString &text);

    QStandardItemModel *m_model;
    QSortFilterProxyModel *m_found;
    QLineEdit *m_search;
    QLabel *m_count;
    QTreeView *m_tree;
};

} // namespace faultline
