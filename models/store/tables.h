// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/store/table.h"

namespace faultline {

using TablePointer = std::unique_ptr<Table>;

/// All tables of the SQL surface over one Analysis, as DESIGN lists them. `verdicts` is not among them while there is no diagnosis.
/// `from`, `to` and `order`-like words need double quotes in SQL: SELECT "from" FROM coverage.
std::vector<TablePointer> makeTables(const Analysis &analysis, const CancelToken &cancel = {});

// One function a table; each holds its own share of the snapshots.
TablePointer sourcesTable(const Analysis &analysis);
TablePointer segmentsTable(const Analysis &analysis);
TablePointer anchorsTable(const Analysis &analysis);
TablePointer coverageTable(const Analysis &analysis);
/// `cancel` ends a search for text in the lines; what it would have left out is then given too.
TablePointer linesTable(const Analysis &analysis, const CancelToken &cancel);
TablePointer eventsTable(const Analysis &analysis);
TablePointer spansTable(const Analysis &analysis);
TablePointer factsTable(const Analysis &analysis);
TablePointer seriesTable(const Analysis &analysis);
TablePointer samplesTable(const Analysis &analysis);
TablePointer profilesTable(const Analysis &analysis);
TablePointer framesTable(const Analysis &analysis);
TablePointer threadsTable(const Analysis &analysis);
TablePointer failuresTable(const Analysis &analysis);
TablePointer spikesTable(const Analysis &analysis);
TablePointer changesTable(const Analysis &analysis);
TablePointer notesTable(const Analysis &analysis);
TablePointer annotationsTable(const Analysis &analysis);
TablePointer answersTable(const Analysis &analysis);
TablePointer verdictsTable(const Analysis &analysis);

/// JSON text of what a row is about: only what is known, {} where nothing is.
QByteArray identityJson(const Identity &identity);
/// The more precise of both: each part of `own`, or of `whole` where `own` has none.
Identity mergedIdentity(const Identity &own, const Identity &whole);
/// JSON object of fields in their order; values are text. A name that comes twice keeps its first value.
QByteArray fieldsJson(const Fields &fields);

/// Columns host, pod, container, cgroup, pid, job (left out where the row has a job column of its own) and identity (JSON).
template<typename Row>
void addIdentityColumns(std::vector<Column<Row>> &columns, const std::function<Identity(const Row &)> &identity,
                        bool withJob = true)
{
    const auto text = [&](const char *name, QByteArray Identity::*member) {
        columns.push_back(
            {name, CellType::Text, [identity, member](const Row &row) { return Cell::known(identity(row).*member); }});
    };
    text("host", &Identity::host);
    text("pod", &Identity::pod);
    text("container", &Identity::container);
    text("cgroup", &Identity::cgroup);
    columns.push_back(
        {"pid", CellType::Integer, [identity](const Row &row) { return Cell::known(identity(row).pid); }});
    if (withJob)
        text("job", &Identity::job);
    columns.push_back(
        {"identity", CellType::Text, [identity](const Row &row) { return Cell(identityJson(identity(row))); }});
}

/// Columns time, time_lo and time_hi, NULL where unplaced.
template<typename Row>
void addTimeColumns(std::vector<Column<Row>> &columns,
                    const std::function<std::optional<PlacedTime>(const Row &)> &placed)
{
    const auto moment = [&](const char *name, TimeNs PlacedTime::*member) {
        columns.push_back({name, CellType::Integer, [placed, member](const Row &row) {
                               const std::optional<PlacedTime> time = placed(row);
                               return time ? Cell(((*time).*member).ns) : Cell();
                           }});
    };
    moment("time", &PlacedTime::time);
    moment("time_lo", &PlacedTime::lo);
    moment("time_hi", &PlacedTime::hi);
}

/// A moment of a source on the axis; NULL where there is none or the source is unplaced.
Cell placedCell(const Placement &placement, int source, const std::optional<SourceTime> &time);

/// One thing of one source: which source, the thing, and its number over all sources.
template<typename Thing>
struct SourceRow {
    qint64 id = 0;
    int source = -1;
    int index = 0;   ///< Within its source.
    qint64 base = 0; ///< Number of the source's first.
    const Thing *thing = nullptr;
};

/// All things of a kind over all sources, in order. The Evidence must outlive the rows.
template<typename Thing>
std::vector<SourceRow<Thing>> rowsOf(const Evidence &evidence, std::vector<Thing> SourceEvidence::*member)
{
    std::vector<SourceRow<Thing>> rows;
    for (size_t source = 0; source < evidence.sources.size(); ++source) {
        const std::vector<Thing> &things = (*evidence.sources[source]).*member;
        const auto base = static_cast<qint64>(rows.size());
        for (size_t index = 0; index < things.size(); ++index)
            rows.push_back({static_cast<qint64>(rows.size()), static_cast<int>(source), static_cast<int>(index), base,
                            &things[index]});
    }
    return rows;
}

} // namespace faultline
