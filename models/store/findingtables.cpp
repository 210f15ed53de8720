// SPDX-License-Identifier: GPL-3.0-or-later
// Tables about what was found: failures, spikes, changes, verdicts.
#include "models/store/tables.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace faultline {

namespace {

template<typename Thing>
struct Numbered {
    qint64 id = 0;
    const Thing *thing = nullptr;
};

template<typename Thing>
std::vector<Numbered<Thing>> numbered(const std::vector<Thing> &things)
{
    std::vector<Numbered<Thing>> rows;
    for (const Thing &thing : things)
        rows.push_back({static_cast<qint64>(rows.size()), &thing});
    return rows;
}

template<typename Thing, typename Member>
Column<Numbered<Thing>> numberedColumn(const char *name, CellType type, Member Thing::*member, bool indexed = false)
{
    return {name, type, [member](const Numbered<Thing> &row) { return Cell((*row.thing).*member); }, indexed};
}
/// NULL where a number is negative or a text is empty.
template<typename Thing, typename Member>
Column<Numbered<Thing>> knownColumn(const char *name, CellType type, Member Thing::*member, bool indexed = false)
{
    return {name, type, [member](const Numbered<Thing> &row) { return Cell::known((*row.thing).*member); }, indexed};
}
template<typename Thing>
Column<Numbered<Thing>> momentColumn(const char *name, TimeNs Thing::*member)
{
    return {name, CellType::Integer, [member](const Numbered<Thing> &row) { return Cell(((*row.thing).*member).ns); }};
}

} // namespace

TablePointer failuresTable(const Analysis &analysis)
{
    using Row = Numbered<Failure>;
    const auto identity = [evidence = analysis.evidence](const Row &r) {
        const auto source = static_cast<size_t>(r.thing->source);
        return r.thing->source >= 0 && source < evidence->sources.size()
                   ? mergedIdentity(r.thing->identity, evidence->sources[source]->identity)
                   : r.thing->identity;
    };
    std::vector<Column<Row>> columns{{"id", CellType::Integer, [](const Row &r) { return Cell(r.id); }, true},
                                     numberedColumn("source", CellType::Integer, &Failure::source, true),
                                     numberedColumn("line", CellType::Integer, &Failure::line),
                                     numberedColumn("last_line", CellType::Integer, &Failure::lastLine)};
    addTimeColumns<Row>(columns, [](const Row &r) { return r.thing->time; });
    columns.push_back(numberedColumn("exit_code", CellType::Integer, &Failure::exitCode));
    columns.push_back(knownColumn("signal", CellType::Text, &Failure::signal));
    columns.push_back(numberedColumn("what", CellType::Text, &Failure::what));
    columns.push_back({"job", CellType::Text, [identity](const Row &r) {
                           return Cell::known(r.thing->job.isEmpty() ? identity(r).job : r.thing->job);
                       }});
    columns.push_back(knownColumn("step", CellType::Text, &Failure::step));
    columns.push_back(knownColumn("test", CellType::Text, &Failure::test));
    columns.push_back(
        {"follows", CellType::Integer, [](const Row &r) { return Cell::known(qint64{r.thing->follows}); }});
    addIdentityColumns<Row>(columns, identity, false);
    return std::make_unique<RowTable<Row>>("failures", std::move(columns), [findings = analysis.findings] {
        return findings ? numbered(findings->failures) : std::vector<Row>();
    });
}

TablePointer spikesTable(const Analysis &analysis)
{
    using Row = Numbered<Spike>;
    std::vector<Column<Row>> columns{
        numberedColumn("series", CellType::Integer, &Spike::series, true),
        {"kind", CellType::Text, [](const Row &r) { return Cell(spikeKindName(r.thing->kind)); }, true},
        {"failure", CellType::Integer, [](const Row &r) { return Cell::known(qint64{r.thing->failure}); }, true},
        momentColumn("start", &Spike::start),
        momentColumn("peak", &Spike::peak),
        momentColumn("end", &Spike::end),
        numberedColumn("value", CellType::Real, &Spike::value),
        numberedColumn("baseline", CellType::Real, &Spike::baseline),
        numberedColumn("score", CellType::Real, &Spike::score),
        numberedColumn("until_limit_ns", CellType::Integer, &Spike::untilLimitNs),
    };
    return std::make_unique<RowTable<Row>>("spikes", std::move(columns), [findings = analysis.findings] {
        return findings ? numbered(findings->spikes) : std::vector<Row>();
    });
}

TablePointer changesTable(const Analysis &analysis)
{
    using Row = Numbered<Change>;
    std::vector<Column<Row>> columns{
        {"failure", CellType::Integer, [](const Row &r) { return Cell::known(qint64{r.thing->failure}); }, true},
        numberedColumn("rank", CellType::Integer, &Change::rank),
        numberedColumn("series", CellType::Integer, &Change::series, true),
        numberedColumn("score", CellType::Real, &Change::score),
    };
    return std::make_unique<RowTable<Row>>("changes", std::move(columns), [findings = analysis.findings] {
        return findings ? numbered(findings->changes) : std::vector<Row>();
    });
}

TablePointer answersTable(const Analysis &analysis)
{
    using Row = Numbered<HandAnswered>;
    std::vector<Column<Row>> columns{
        numberedColumn("failure", CellType::Integer, &HandAnswered::failure),
        numberedColumn("playbook", CellType::Text, &HandAnswered::playbook),
        numberedColumn("node", CellType::Text, &HandAnswered::node),
        numberedColumn("answer", CellType::Text, &HandAnswered::answer),
    };
    return std::make_unique<RowTable<Row>>("answers", std::move(columns), [diagnosis = analysis.diagnosis] {
        return diagnosis ? numbered(diagnosis->answers) : std::vector<Row>();
    });
}

TablePointer verdictsTable(const Analysis &analysis)
{
    using Row = Numbered<Verdict>;
    std::vector<Column<Row>> columns{
        {"id", CellType::Integer, [](const Row &r) { return Cell(r.id); }},
        {"failure", CellType::Integer, [](const Row &r) { return Cell::known(qint64{r.thing->failure}); }, true},
        numberedColumn("cause", CellType::Text, &Verdict::cause, true),
        numberedColumn("title", CellType::Text, &Verdict::title),
        {"status", CellType::Text, [](const Row &r) { return Cell(verdictStatusName(r.thing->status)); }},
        numberedColumn("confidence", CellType::Real, &Verdict::confidence),
        numberedColumn("playbook", CellType::Text, &Verdict::playbook),
        {"path", CellType::Text,
         [](const Row &r) {
             return Cell(QJsonDocument(QJsonArray::fromStringList(r.thing->path)).toJson(QJsonDocument::Compact));
         }},
        numberedColumn("coincident", CellType::Integer, &Verdict::coincident),
        numberedColumn("explanation", CellType::Text, &Verdict::explanation),
        numberedColumn("remedy", CellType::Text, &Verdict::remedy),
    };
    return std::make_unique<RowTable<Row>>("verdicts", std::move(columns),
                                           [diagnosis = analysis.diagnosis] { return numbered(diagnosis->verdicts); });
}

} // namespace faultline
