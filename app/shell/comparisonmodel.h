// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <QAbstractItemModel>

namespace faultline {

/// How a run differs from one that passed: sections (steps and tests, lines, series, profiles, caches) with a row for each difference.
class ComparisonModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { WhatColumn, DifferenceColumn, BeforeColumn, HereColumn, ColumnCount };
    enum class Section { Spans, NewLines, GoneLines, MovedLines, Series, Profiles, Caches };
    enum Roles {
        SectionRole = Qt::UserRole + 1, ///< int of Section.
        SourceRole,                     ///< Of the failed run; -1 where the row leads nowhere.
        LineRole,                       ///< 0 without one.
        SeriesRole,                     ///< Index into Evidence::allSeries(); -1 without one.
        TimeRole,                       ///< qint64 nanoseconds UTC of the sample.
        ProfileRole,                    ///< Index into the source's profiles; -1 without one.
        DifferenceRole,                 ///< int of Difference; of rows of Section::Spans.
    };

    using QAbstractItemModel::QAbstractItemModel;

    void setAnalysis(const Analysis &analysis);
    /// Leaves out steps and tests that came out the same.
    void setOnlyDifferences(bool only);
    const RunComparison *comparison() const { return m_analysis.comparison.get(); }
    QModelIndex sectionIndex(Section section) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    QHash<int, QByteArray> roleNames() const override;

private:
    struct Row {
        std::array<QString, ColumnCount> texts;
        Difference difference = Difference::Changed;
        bool isHarmless = false; ///< It went well here: its difference is no alarm.
        int source = -1;
        qint64 line = 0;
        int series = -1;
        qint64 timeNs = 0;
        int profile = -1;
    };
    struct Part {
        Section section = Section::Spans;
        QString title;
        std::vector<Row> rows;
        qint64 all = 0; ///< How many there are, where not all of them are rows; else 0.
    };
    void rebuild();
    void addSpans();
    void addLines();
    void addSeries();
    void addProfiles();
    void addCaches();
    Row lineRow(const LineDifference &line) const;
    QString hereText(int source, qint64 line) const;
    QString beforeText(int source, qint64 line) const;
    void add(Section section, const QString &title, std::vector<Row> rows, qint64 all = 0);

    Analysis m_analysis;
    bool m_onlyDifferences = true;
    QStringList m_names;
    std::vector<Part> m_parts;
};

} // namespace faultline
