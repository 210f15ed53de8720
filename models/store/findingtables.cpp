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
Column<Numbered<Thing>> memberColumn(const char *name, CellType type, Member Thing::*member, bool indexed = false)
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
                                     memberColumn("source", CellType::Integer, &Failure::source, true),
                                     memberColumn("line", CellType::Integer, &Failure::line),
                                     memberColumn("last_line", CellType::Integer, &Failure::lastLine)};
    addTimeColumns<Row>(columns, [](const Row &r) { return r.thing->time; });
    columns.push_back(memberColumn("exit_code", CellType::Integer, &Failure::exitCode));
    columns.push_back(knownColumn("signal", CellType::Text, &Failure::signal));
    columns.push_back(memberColumn("what", CellType::Text, &Failure::what));
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
        memberColumn("series", CellType::Integer, &Spike::series, true),
        {"kind", CellType::Text, [](const Row &r) { return Cell(spikeKindName(r.thing->kind)); }, true},
        {"failure", CellType::Integer, [](const Row &r) { return Cell::known(qint64{r.thing->failure}); }, true},
        momentColumn("start", &Spike::start),
        momentColumn("peak", &Spike::peak),
        momentColumn("end", &Spike::end),
        memberColumn("value", CellType::Real, &Spike::value),
        memberColumn("baseline", CellType::Real, &Spike::baseline),
        memberColumn("score", CellType::Real, &Spike::score),
        memberColumn("until_limit_ns", CellType::Integer, &Spike::untilLimitNs),
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
        memberColumn("rank", CellType::Integer, &Change::rank),
        memberColumn("series", CellType::Integer, &Change::series, true),
        memberColumn("score", CellType::Real, &Change::score),
    };
    return std::make_unique<RowTable<Row>>("changes", std::move(columns), [findings = analysis.findings] {
        return findings ? numbered(findings->changes) : std::vector<Row>();
    });
}

TablePointer answersTable(const Analysis &analysis)
{
    using Row = Numbered<HandAnswered>;
    std::vector<Column<Row>> columns{
        memberColumn("failure", CellType::Integer, &HandAnswered::failure),
        memberColumn("playbook", CellType::Text, &HandAnswered::playbook),
        memberColumn("node", CellType::Text, &HandAnswered::node),
        memberColumn("answer", CellType::Text, &HandAnswered::answer),
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
        memberColumn("cause", CellType::Text, &Verdict::cause, true),
        memberColumn("title", CellType::Text, &Verdict::title),
        {"status", CellType::Text, [](const Row &r) { return Cell(verdictStatusName(r.thing->status)); }},
        memberColumn("confidence", CellType::Real, &Verdict::confidence),
        memberColumn("playbook", CellType::Text, &Verdict::playbook),
        {"path", CellType::Text,
         [](const Row &r) {
             return Cell(QJsonDocument(QJsonArray::fromStringList(r.thing->path)).toJson(QJsonDocument::Compact));
         }},
        memberColumn("coincident", CellType::Integer, &Verdict::coincident),
        memberColumn("explanation", CellType::Text, &Verdict::explanation),
        memberColumn("remedy", CellType::Text, &Verdict::remedy),
    };
    return std::make_unique<RowTable<Row>>("verdicts", std::move(columns),
                                           [diagnosis = analysis.diagnosis] { return numbered(diagnosis->verdicts); });
}

} // namespace faultline
