// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "charts/core/timescale.h"
#include "models/views/texts.h"

#include <QAbstractTableModel>
#include <QFutureWatcher>

namespace faultline {

/// What stood out in metrics around one failure: when it peaked, how far from normal, how long before or after, and what that may mean.
class CorrelationModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column {
        SeriesColumn,
        PeakColumn,
        LagColumn,
        MeaningColumn,
        NormalColumn,
        ScoreColumn,
        TimeColumn,
        ColumnCount
    };
    enum Roles {
        SeriesRole = Qt::UserRole + 1, ///< Index into Evidence::allSeries().
        TimeRole,                      ///< qint64 nanoseconds UTC of the peak.
        SortRole,                      ///< A number or text to sort the column by.
    };

    explicit CorrelationModel(QObject *parent = nullptr);

    void setAnalysis(const Analysis &analysis);
    void setFailure(int failure);
    /// Only what stood out in a range, or all.
    void setRange(std::optional<TimeRange> range);
    void setZone(ZoneShown zone);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    QHash<int, QByteArray> roleNames() const override;

    /// The series that show nothing around the failure, though they may have reached their limit between two samples; few of many.
    QStringList unseen() const;

    /// All rows with their header as CSV (RFC 4180) and as a Markdown table; `order` are rows of this model.
    QString toCsv(const std::vector<int> &order) const;
    QString toMarkdown(const std::vector<int> &order) const;

Q_SIGNALS:
    /// Series beyond the known spikes were added: rows have changed.
    void rankingAdded();

private:
    static constexpr size_t MostRanked = 60;

    struct Row {
        Spike spike;
        QString series;   ///< Its name with all its labels.
        QString distinct; ///< Its name with those labels only that tell it from the other rows of that name.
        QByteArray unit;
        DurationNs step = 0; ///< Of its samples; 0 where unknown.
        std::optional<double> limit;
        std::optional<TimeNs> failure;         ///< When it failed; none where no clock tells.
        std::optional<DurationNs> lag() const; ///< From the failure to the peak; negative before it.
    };
    QString display(const Row &row, int column) const;
    QVariant sortKey(const Row &row, int column) const;
    QString meaning(const Row &row) const;
    void rebuild();
    void nameRows();
    bool isInRange(const Spike &spike) const;

    Analysis m_analysis;
    int m_failure = -1;
    std::optional<TimeRange> m_range;
    std::vector<Spike> m_ranked; ///< Of series beyond those that Findings::spikes names.
    QFutureWatcher<std::vector<Spike>> m_ranking;
    ZoneShown m_zone = ZoneShown::Utc;
    std::vector<Row> m_rows;
};

} // namespace faultline
