// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/correlationmodel.h"

#include "app/report/csvfield.h"
#include "app/report/reportdata.h"
#include "app/shell/correlationranking.h"
#include "charts/core/format.h"
#include "charts/core/telling.h"
#include "charts/tracks/metrictrack.h"

#include <QLocale>
#include <QtConcurrentRun>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace faultline {

std::optional<DurationNs> CorrelationModel::Row::lag() const
{
    return failure ? std::optional(spike.peak - *failure) : std::nullopt;
}

CorrelationModel::CorrelationModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    connect(&m_ranking, &QFutureWatcherBase::finished, this, [this] {
        std::vector<Spike> ranked = m_ranking.isCanceled() ? std::vector<Spike>() : m_ranking.result();
        if (ranked.empty())
            return;
        m_ranked = std::move(ranked);
        rebuild();
        Q_EMIT rankingAdded();
    });
}

void CorrelationModel::setAnalysis(const Analysis &analysis)
{
    m_analysis = analysis;
    m_failure = -1;
    m_ranked.clear();
    m_ranking.setFuture({}); // one of the analysis before is not heard any more
    rebuild();
}

void CorrelationModel::setFailure(int failure)
{
    m_failure = failure;
    m_ranked.clear();
    rebuild();
    // The window goes on with the spikes that are known while the other series are gone through.
    const auto work = [analysis = m_analysis, failure] { return rankedBeyondSpikes(analysis, failure, MostRanked); };
    m_ranking.setFuture(QtConcurrent::run(work));
}

void CorrelationModel::setRange(std::optional<TimeRange> range)
{
    m_range = range;
    rebuild();
}

bool CorrelationModel::isInRange(const Spike &spike) const
{
    return !m_range || (spike.start <= m_range->hi && std::max(spike.end, spike.peak) >= m_range->lo);
}

void CorrelationModel::setZone(ZoneShown zone)
{
    if (m_zone == zone)
        return;
    m_zone = zone;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, TimeColumn), index(rowCount() - 1, TimeColumn));
}

void CorrelationModel::rebuild()
{
    beginResetModel();
    m_rows.clear();
    const auto &findings = m_analysis.findings;
    if (findings && m_analysis.evidence && m_failure >= 0 && std::cmp_less(m_failure, findings->failures.size())) {
        const auto all = m_analysis.evidence->allSeries();
        const Failure &failure = findings->failures[static_cast<size_t>(m_failure)];
        std::vector<Spike> spikes = findings->spikes;
        spikes.insert(spikes.end(), m_ranked.begin(), m_ranked.end());
        for (const Spike &spike : spikes) {
            if ((spike.failure >= 0 && spike.failure != m_failure) || spike.series < 0 || !isInRange(spike))
                continue;
            const Series &series = m_analysis.evidence->series(all[static_cast<size_t>(spike.series)]);
            m_rows.push_back({spike, seriesTitle(series), shownText(series.name, 120), series.unit, series.stepNs,
                              limitAt(m_analysis, spike.series, spike.peak),
                              failure.time ? std::optional(failure.time->time) : std::nullopt});
        }
        nameRows();
    }
    endResetModel();
}

void CorrelationModel::nameRows()
{
    const auto all = m_analysis.evidence->allSeries();
    const auto seriesOf = [&](const Row &row) -> const Series & {
        return m_analysis.evidence->series(all[static_cast<size_t>(row.spike.series)]);
    };
    const auto sourceOf = [&](const Row &row) {
        const int source = all[static_cast<size_t>(row.spike.series)].source;
        return m_analysis.evidence->sources[static_cast<size_t>(source)]->path;
    };
    for (Row &row : m_rows) {
        const Series &own = seriesOf(row);
        std::vector<const Series *> alike; // not yet told from this one
        for (const Row &other : m_rows)
            if (other.spike.series != row.spike.series && seriesOf(other).name == own.name)
                alike.push_back(&seriesOf(other));
        QStringList telling;
        for (const auto &label : own.labels) {
            Series one;
            one.labels = {label};
            const QString text = seriesLabels(one); // empty for those that are never shown
            if (!text.isEmpty() && std::erase_if(alike, [&](const Series *other) {
                                       return other->label(label.first) != label.second;
                                   }) > 0)
                telling.append(text);
        }
        if (!telling.isEmpty())
            row.distinct += u" {"_s % telling.join(u", "_s) % u'}';
        if (!alike.empty()) // the same, told by another file
            row.distinct += u" ("_s % sourceOf(row).section(u'/', -1) % u')';
    }
}

QStringList CorrelationModel::unseen() const
{
    constexpr qsizetype Most = 3;
    QStringList titles;
    if (!m_analysis.findings)
        return titles;
    const auto all = m_analysis.evidence->allSeries();
    for (const Unseen &item : m_analysis.findings->unseen)
        if (item.failure == m_failure && titles.size() < Most)
            titles.append(seriesTitle(m_analysis.evidence->series(all[static_cast<size_t>(item.series)])));
    return titles;
}

int CorrelationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int CorrelationModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString CorrelationModel::meaning(const Row &row) const
{
    constexpr double NearlyFull = 0.95;
    if (row.spike.kind == SpikeKind::Saturation)
        return tr("Its limit was reached");
    if (row.limit && *row.limit > 0 && row.spike.value >= NearlyFull * *row.limit)
        return tr("At %1 % of its limit: it may have run into it")
            .arg(QLocale().toString(100 * row.spike.value / *row.limit, 'f', 0));
    switch (row.spike.kind) {
    case SpikeKind::Reset: return tr("Began anew: its process was restarted");
    case SpikeKind::Trend: return tr("Grew all the while: a leak, or work that piles up");
    case SpikeKind::Saturation:
    case SpikeKind::Shift:
    case SpikeKind::Spike: break;
    }
    const bool fell = row.spike.value < row.spike.baseline;
    if (!row.failure)
        return fell ? tr("Fell; before or after the failure is not known")
                    : tr("Rose; before or after the failure is not known");
    // A sample tells of all that happened since the one before it.
    if (row.spike.start > *row.failure && row.spike.start - row.step < *row.failure)
        return fell ? tr("Fell between the samples around the failure: either may have come first")
                    : tr("Rose between the samples around the failure: either may have come first");
    if (row.spike.start > *row.failure)
        return fell ? tr("Fell after the failure: it may follow from it")
                    : tr("Rose after the failure: it may follow from it");
    if (row.spike.peak > *row.failure)
        return fell ? tr("Began to fall before the failure: what it counts went away")
                    : tr("Began to rise before the failure: it may be why");
    return fell ? tr("Fell before the failure: what it counts went away")
                : tr("Rose before the failure: it may be why");
}

QString CorrelationModel::display(const Row &row, int column) const
{
    switch (column) {
    case SeriesColumn: return row.distinct;
    case PeakColumn: return valueText(row.spike.value, row.unit);
    case NormalColumn: return valueText(row.spike.baseline, row.unit);
    case ScoreColumn: return std::isfinite(row.spike.score) ? QLocale().toString(row.spike.score, 'f', 1) : u"∞"_s;
    case TimeColumn: return timeOfDayText(row.spike.peak, m_zone, 1);
    case LagColumn: return row.lag() ? sinceText(*row.lag()) : u"–"_s;
    case MeaningColumn: return meaning(row);
    default: return {};
    }
}

QVariant CorrelationModel::sortKey(const Row &row, int column) const
{
    switch (column) {
    case PeakColumn: return row.spike.value;
    case NormalColumn: return row.spike.baseline;
    case ScoreColumn: return row.spike.score;
    case TimeColumn: return row.spike.peak.ns;
    case LagColumn: return static_cast<qint64>(row.lag().value_or(0));
    default: return display(row, column);
    }
}

QVariant CorrelationModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return display(row, index.column());
    case Qt::ToolTipRole:
        return QString(row.series % u'\n' % meaning(row)
                       % (row.limit ? u'\n' % tr("Limit %1").arg(valueText(*row.limit, row.unit)) : QString()));
    case Qt::TextAlignmentRole:
        return index.column() == SeriesColumn || index.column() == MeaningColumn
                   ? QVariant()
                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case SeriesRole: return row.spike.series;
    case TimeRole: return row.spike.peak.ns;
    case SortRole: return sortKey(row, index.column());
    default: return {};
    }
}

QVariant CorrelationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::ToolTipRole && section == ScoreColumn)
        return tr("Distance from the median before, in interquartile ranges");
    if (role == Qt::ToolTipRole && section == LagColumn)
        return tr("From the failure to the peak");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case SeriesColumn: return tr("Series");
    case PeakColumn: return tr("Peak");
    case NormalColumn: return tr("Normal");
    case ScoreColumn: return tr("From normal");
    case TimeColumn: return tr("Time");
    case LagColumn: return tr("Lag");
    case MeaningColumn: return tr("What it may mean");
    default: return {};
    }
}

QHash<int, QByteArray> CorrelationModel::roleNames() const
{
    auto names = QAbstractTableModel::roleNames();
    names.insert({{SeriesRole, "series"}, {TimeRole, "time"}, {SortRole, "sort"}});
    return names;
}

QString CorrelationModel::toCsv(const std::vector<int> &order) const
{
    QString text;
    const auto line = [&text](const QStringList &fields) { text += fields.join(u',') % u"\r\n"_s; };
    line({u"series"_s, u"peak"_s, u"normal"_s, u"score"_s, u"time"_s, u"lag_seconds"_s, u"meaning"_s});
    const auto number = [](double value) { return QString::number(value, 'g', 15); };
    for (const int index : order) {
        const Row &row = m_rows[static_cast<size_t>(index)];
        line({csvField(row.series), number(row.spike.value), number(row.spike.baseline), number(row.spike.score),
              QString::fromLatin1(toRfc3339(row.spike.peak)), row.lag() ? number(toSeconds(*row.lag())) : QString(),
              csvField(meaning(row))});
    }
    return text;
}

QString CorrelationModel::toMarkdown(const std::vector<int> &order) const
{
    QString text = u"|"_s;
    for (int column = 0; column < ColumnCount; ++column)
        text += u' ' % headerData(column, Qt::Horizontal, Qt::DisplayRole).toString() % u" |"_s;
    text += u"\n|"_s % QString(u" --- |"_s).repeated(ColumnCount) % u'\n';
    for (const int index : order) {
        const Row &row = m_rows[static_cast<size_t>(index)];
        text += u'|';
        for (int column = 0; column < ColumnCount; ++column)
            text += u' ' % markdownEscaped(column == SeriesColumn ? row.series : display(row, column)) % u" |"_s;
        text += u'\n';
    }
    return text;
}

} // namespace faultline
