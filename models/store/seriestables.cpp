// SPDX-License-Identifier: GPL-3.0-or-later
// series and samples.
#include "models/findings/metricrules.h"
#include "models/store/tables.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace faultline {

namespace {

struct SeriesRow {
    qint64 id = 0;
    int source = 0;
    const Series *series = nullptr;
};

std::vector<SeriesRow> seriesRows(const Evidence &evidence)
{
    std::vector<SeriesRow> rows;
    for (const SourceRow<Series> &row : rowsOf(evidence, &SourceEvidence::series))
        rows.push_back({row.id, row.source, row.thing});
    return rows;
}

QByteArray labelsJson(const Series &series)
{
    QJsonObject object;
    for (const auto &[name, value] : series.labels)
        object.insert(QString::fromUtf8(name), QString::fromUtf8(value));
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

/// The first of the labels that the series has.
QByteArray firstLabel(const Series &series, std::initializer_list<QByteArrayView> names)
{
    for (const QByteArrayView wanted : names)
        for (const auto &[name, value] : series.labels)
            if (name == wanted && !value.isEmpty())
                return value;
    return {};
}

Identity seriesIdentity(const SeriesRow &row, const Evidence &evidence)
{
    // Label names of cAdvisor, kubelet, kube-state-metrics and node_exporter, in old and new dress.
    Identity own;
    own.host = firstLabel(*row.series, {"node", "host", "nodename", "kubernetes_node"});
    own.pod = firstLabel(*row.series, {"pod", "pod_name", "exported_pod"});
    own.container = firstLabel(*row.series, {"container", "container_name", "exported_container"});
    own.cgroup = firstLabel(*row.series, {"cgroup"});
    if (own.cgroup.isEmpty() && row.series->name.startsWith("container_"))
        own.cgroup = firstLabel(*row.series, {"id"});
    return mergedIdentity(own, evidence.sources[static_cast<size_t>(row.source)]->identity);
}

/// The families of series, each name looked at once. Lives in a connection's table, which one thread uses at a time.
class Families
{
public:
    const MetricFamily *of(const Series &series)
    {
        auto known = m_families.find(series.name);
        if (known == m_families.end())
            known = m_families.insert(series.name, MetricRules::shipped().familyOf(series));
        return *known;
    }

private:
    QHash<QByteArray, const MetricFamily *> m_families;
};

/// Samples of all series one after another; row numbers are cumulative.
class SamplesTable final : public Table
{
public:
    enum ColumnIndex { SeriesColumn, TimeColumn, ValueColumn };

    explicit SamplesTable(const Analysis &analysis)
        : Table("samples", {{"series", CellType::Integer}, {"time", CellType::Integer}, {"value", CellType::Real}})
        , m_analysis(analysis)
        , m_series(seriesRows(*analysis.evidence))
    {
        m_firstRow.push_back(0);
        for (const SeriesRow &row : m_series)
            m_firstRow.push_back(m_firstRow.back() + static_cast<qint64>(sampleCount(*row.series)));
    }

    qint64 rowCount() const override { return m_firstRow.back(); }

    Cell value(qint64 row, int column) const override
    {
        const auto after = std::upper_bound(m_firstRow.begin(), m_firstRow.end(), row);
        const auto series = static_cast<size_t>(after - m_firstRow.begin()) - 1;
        const auto sample = static_cast<size_t>(row - m_firstRow[series]);
        const SeriesRow &owner = m_series[series];
        if (column == SeriesColumn)
            return owner.id;
        if (column == TimeColumn)
            return placedCell(*m_analysis.placement, owner.source, owner.series->times[sample]);
        const double value = owner.series->values[sample];
        return std::isnan(value) ? Cell() : Cell(value);
    }

    bool narrows(int column, Comparison comparison) const override
    {
        return column == TimeColumn || (column == SeriesColumn && comparison == Comparison::Equal);
    }

    RowRanges rows(std::span<const Constraint> constraints) const override
    {
        const IntegerBounds series = boundsOf(constraints, SeriesColumn);
        const IntegerBounds time = boundsOf(constraints, TimeColumn);
        RowRanges ranges;
        if (series.isEmpty() || time.isEmpty())
            return ranges;
        const qint64 first = std::max<qint64>(series.least, 0);
        const qint64 last = std::min<qint64>(series.most, static_cast<qint64>(m_series.size()) - 1);
        for (qint64 i = first; i <= last; ++i) {
            const RowRange range = rowsOfSeries(static_cast<size_t>(i), time);
            if (range.begin < range.end)
                ranges.push_back(range);
        }
        return ranges;
    }

private:
    static size_t sampleCount(const Series &series) { return std::min(series.times.size(), series.values.size()); }

    RowRange rowsOfSeries(size_t index, const IntegerBounds &time) const
    {
        const SeriesRow &row = m_series[index];
        const RowRange whole{m_firstRow[index], m_firstRow[index + 1]};
        if (!time.bounded)
            return whole;
        const SourcePlacement &placement = m_analysis.placement->sources[static_cast<size_t>(row.source)];
        if (!placement.isPlaced())
            return {};
        if (placement.segments.size() > 1) // Several clocks need not go one way.
            return whole;
        const auto placed = [&](qint64 sample) {
            const std::optional<PlacedTime> at = placement.place(row.series->times[static_cast<size_t>(sample)]);
            return at ? at->time.ns : 0;
        };
        const qint64 count = whole.end - whole.begin;
        return {whole.begin + firstSample(count, [&](qint64 sample) { return placed(sample) >= time.least; }),
                whole.begin + firstSample(count, [&](qint64 sample) { return placed(sample) > time.most; })};
    }

    /// The first of `count` samples, which are in order of time, for which `holds`; `count` where there is none.
    template<typename Predicate>
    static qint64 firstSample(qint64 count, Predicate holds)
    {
        qint64 low = 0;
        qint64 high = count;
        while (low < high) {
            const qint64 middle = low + (high - low) / 2;
            if (holds(middle))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }

    Analysis m_analysis;
    std::vector<SeriesRow> m_series;
    std::vector<qint64> m_firstRow; ///< One more than series: the last is the number of all.
};

} // namespace

TablePointer seriesTable(const Analysis &analysis)
{
    using Row = SeriesRow;
    const auto placed = [analysis](const Row &r, bool last) {
        const SampleTimes &times = r.series->times;
        return times.empty() ? Cell() : placedCell(*analysis.placement, r.source, last ? times.back() : times.front());
    };
    const auto families = std::make_shared<Families>();
    std::vector<Column<Row>> columns{
        {"id", CellType::Integer, [](const Row &r) { return Cell(r.id); }, true},
        {"source", CellType::Integer, [](const Row &r) { return Cell(r.source); }, true},
        {"name", CellType::Text, [](const Row &r) { return Cell(r.series->name); }, true},
        {"labels", CellType::Text, [](const Row &r) { return Cell(labelsJson(*r.series)); }},
        {"kind", CellType::Text, [](const Row &r) { return Cell(seriesKindName(r.series->kind)); }},
        {"unit", CellType::Text, [](const Row &r) { return Cell(r.series->unit); }},
        {"first", CellType::Integer, [placed](const Row &r) { return placed(r, false); }},
        {"last", CellType::Integer, [placed](const Row &r) { return placed(r, true); }},
        {"step_ns", CellType::Integer,
         [](const Row &r) { return r.series->stepNs > 0 ? Cell(r.series->stepNs) : Cell(); }},
        {"limit_series", CellType::Integer,
         [findings = analysis.findings](const Row &r) {
             const auto index = static_cast<size_t>(r.id);
             return findings && index < findings->limitSeries.size() ? Cell::known(qint64{findings->limitSeries[index]})
                                                                     : Cell();
         }},
        {"resource", CellType::Text,
         [families](const Row &r) {
             const MetricFamily *family = families->of(*r.series);
             return family ? Cell(family->resource) : Cell();
         }},
        {"is_free", CellType::Integer,
         [families](const Row &r) {
             const MetricFamily *family = families->of(*r.series);
             return Cell(qint64{family && family->low ? 1 : 0});
         }},
        {"line", CellType::Integer, [](const Row &r) { return Cell(r.series->line); }},
    };
    addIdentityColumns<Row>(columns, [analysis](const Row &r) { return seriesIdentity(r, *analysis.evidence); });
    return std::make_unique<RowTable<Row>>("series", std::move(columns),
                                           [analysis] { return seriesRows(*analysis.evidence); });
}

TablePointer samplesTable(const Analysis &analysis)
{
    return std::make_unique<SamplesTable>(analysis);
}

} // namespace faultline
