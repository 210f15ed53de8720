// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QAbstractItemModel>
#include <QStringList>

#include <map>

namespace faultline {

/// All sources of a case; below each its series, then its notes.
class SourcesModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum class Item { Source, Series, Note };
    Q_ENUM(Item)
    enum Roles {
        ItemRole = Qt::UserRole + 1, ///< Item as int.
        SourceRole,                  ///< Index of the source.
        LineRole,                    ///< Where a note or series stands; 0 unknown.
        SeriesRole,                  ///< Index into Evidence::allSeries(); -1 for others.
        PathRole,
        KindRole,   ///< SourceKind as int.
        DetailRole, ///< The second line: "GitHub Actions log · 412 lines · UTC".
        FormatReasonRole,
        LinesRole,
        ClockRole,
        ClockReasonRole,
        ClockHowRole, ///< PlacementHow as int.
        PlacedRole,   ///< Whether it stands on the axis.
        NotesRole,    ///< How many notes a source has.
        SeverityRole, ///< Severity as int: a note's, or the worst of a source's notes (-1 without).
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setAnalysis(const Analysis &analysis);
    /// What importers are called, by format id; ids without a title are shown as they are.
    void setFormatTitles(std::map<QByteArray, QString> titles);
    QModelIndex sourceIndex(int source) const { return index(source, 0); }

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    QVariant sourceData(int source, int role) const;
    QVariant seriesData(int source, int series, int role) const;
    QVariant noteData(int source, int note, int role) const;
    QString detail(const SourceEvidence &source, int index) const;
    QString toolTip(const SourceEvidence &source, int index) const;
    QString formatTitle(const SourceEvidence &source) const;
    const SourcePlacement &placement(int source) const;
    static int noteCount(const SourceEvidence &source);

    Analysis m_analysis;
    QStringList m_names;
    std::vector<int> m_firstSeries; ///< Index of each source's first series among all.
    std::map<QByteArray, QString> m_titles;
};

} // namespace faultline
