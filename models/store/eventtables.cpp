// SPDX-License-Identifier: GPL-3.0-or-later
// Tables about what sources tell: events, spans, facts, profiles, threads.
#include "models/store/tables.h"

namespace faultline {

namespace {

template<typename Thing>
using Columns = std::vector<Column<SourceRow<Thing>>>;

template<typename Thing>
Column<SourceRow<Thing>> idColumn()
{
    return {"id", CellType::Integer, [](const SourceRow<Thing> &row) { return Cell(row.id); }};
}
template<typename Thing>
Column<SourceRow<Thing>> sourceColumn()
{
    return {"source", CellType::Integer, [](const SourceRow<Thing> &row) { return Cell(row.source); }, true};
}
template<typename Thing, typename Member>
Column<SourceRow<Thing>> memberColumn(const char *name, CellType type, Member Thing::*member, bool indexed = false)
{
    return {name, type, [member](const SourceRow<Thing> &row) { return Cell((*row.thing).*member); }, indexed};
}
template<typename Thing>
Column<SourceRow<Thing>> lineColumn()
{
    return {"line", CellType::Integer, [](const SourceRow<Thing> &row) { return Cell(row.thing->line); }, false, true};
}
template<typename Thing>
void addIdentity(Columns<Thing> &columns, const Analysis &analysis)
{
    addIdentityColumns<SourceRow<Thing>>(columns, [analysis](const SourceRow<Thing> &row) {
        return mergedIdentity(row.thing->identity,
                              analysis.evidence->sources[static_cast<size_t>(row.source)]->identity);
    });
}
template<typename Thing>
void addTimes(Columns<Thing> &columns, const Analysis &analysis)
{
    addTimeColumns<SourceRow<Thing>>(columns, [analysis](const SourceRow<Thing> &row) {
        return analysis.placement->place(row.source, row.thing->time);
    });
}
template<typename Thing>
TablePointer table(const char *name, Columns<Thing> columns, const Analysis &analysis,
                   std::vector<Thing> SourceEvidence::*member)
{
    return std::make_unique<RowTable<SourceRow<Thing>>>(
        name, std::move(columns), [analysis, member] { return rowsOf(*analysis.evidence, member); });
}

struct FrameRow {
    qint64 profile = 0;
    int source = 0;
    const ProfileFrame *frame = nullptr;
};

} // namespace

TablePointer eventsTable(const Analysis &analysis)
{
    using Row = SourceRow<Event>;
    Columns<Event> columns{idColumn<Event>(), sourceColumn<Event>(), lineColumn<Event>(),
                           memberColumn("last_line", CellType::Integer, &Event::lastLine)};
    addTimes(columns, analysis);
    columns.push_back(memberColumn("signature", CellType::Text, &Event::signature, true));
    columns.push_back({"role", CellType::Text, [](const Row &r) { return Cell(roleName(r.thing->role)); }});
    columns.push_back({"level", CellType::Text, [](const Row &r) { return Cell(severityName(r.thing->severity)); }});
    columns.push_back(memberColumn("text", CellType::Text, &Event::text));
    columns.push_back({.name = "fields",
                       .type = CellType::Text,
                       .value = [](const Row &r) { return Cell(fieldsJson(r.thing->fields)); },
                       .costly = true});
    addIdentity(columns, analysis);
    return table("events", std::move(columns), analysis, &SourceEvidence::events);
}

TablePointer spansTable(const Analysis &analysis)
{
    using Row = SourceRow<Span>;
    const auto placed = [analysis](const Row &r, const std::optional<SourceTime> &time) {
        return placedCell(*analysis.placement, r.source, time);
    };
    Columns<Span> columns{idColumn<Span>(),
                          {"parent", CellType::Integer,
                           [](const Row &r) { return r.thing->parent < 0 ? Cell() : Cell(r.base + r.thing->parent); }},
                          sourceColumn<Span>(),
                          {"kind", CellType::Text, [](const Row &r) { return Cell(spanKindName(r.thing->kind)); }},
                          memberColumn("name", CellType::Text, &Span::name),
                          {"start", CellType::Integer, [placed](const Row &r) { return placed(r, r.thing->start); }},
                          {"end", CellType::Integer, [placed](const Row &r) { return placed(r, r.thing->end); }},
                          {"outcome", CellType::Text, [](const Row &r) { return Cell(outcomeName(r.thing->outcome)); }},
                          memberColumn("line", CellType::Integer, &Span::line),
                          memberColumn("last_line", CellType::Integer, &Span::lastLine)};
    addIdentity(columns, analysis);
    return table("spans", std::move(columns), analysis, &SourceEvidence::spans);
}

TablePointer factsTable(const Analysis &analysis)
{
    Columns<Fact> columns{sourceColumn<Fact>(), lineColumn<Fact>()};
    addTimes(columns, analysis);
    columns.push_back(memberColumn("subject", CellType::Text, &Fact::subject, true));
    columns.push_back(memberColumn("key", CellType::Text, &Fact::key, true));
    columns.push_back(memberColumn("value", CellType::Text, &Fact::value));
    addIdentity(columns, analysis);
    return table("facts", std::move(columns), analysis, &SourceEvidence::facts);
}

TablePointer profilesTable(const Analysis &analysis)
{
    using Row = SourceRow<Profile>;
    Columns<Profile> columns{
        idColumn<Profile>(),
        sourceColumn<Profile>(),
        memberColumn("type", CellType::Text, &Profile::type),
        memberColumn("unit", CellType::Text, &Profile::unit),
        {"time", CellType::Integer,
         [analysis](const Row &r) { return placedCell(*analysis.placement, r.source, r.thing->time); }},
        memberColumn("duration", CellType::Integer, &Profile::durationNs)};
    return table("profiles", std::move(columns), analysis, &SourceEvidence::profiles);
}

TablePointer framesTable(const Analysis &analysis)
{
    using Row = FrameRow;
    return std::make_unique<RowTable<Row>>(
        "frames",
        std::vector<Column<Row>>{
            {"profile", CellType::Integer, [](const Row &r) { return Cell(r.profile); }, true},
            {"source", CellType::Integer, [](const Row &r) { return Cell(r.source); }, true},
            {"function", CellType::Text, [](const Row &r) { return Cell(r.frame->function); }, true},
            {"file", CellType::Text, [](const Row &r) { return Cell(r.frame->file); }},
            {"line", CellType::Integer, [](const Row &r) { return Cell(r.frame->line); }},
            {"flat", CellType::Real, [](const Row &r) { return Cell(r.frame->flat); }},
            {"cum", CellType::Real, [](const Row &r) { return Cell(r.frame->cum); }},
            {"count", CellType::Integer, [](const Row &r) { return Cell(r.frame->count); }},
        },
        [analysis] {
            std::vector<Row> rows;
            for (const SourceRow<Profile> &profile : rowsOf(*analysis.evidence, &SourceEvidence::profiles))
                for (const ProfileFrame &frame : profile.thing->frames)
                    rows.push_back({profile.id, profile.source, &frame});
            return rows;
        });
}

TablePointer threadsTable(const Analysis &analysis)
{
    Columns<Thread> columns{{"id", CellType::Integer, [](const SourceRow<Thread> &r) { return Cell(r.thing->id); }},
                            sourceColumn<Thread>(),
                            memberColumn("line", CellType::Integer, &Thread::line),
                            memberColumn("state", CellType::Text, &Thread::state),
                            memberColumn("wait_ns", CellType::Integer, &Thread::waitNs),
                            memberColumn("stack", CellType::Text, &Thread::stack),
                            memberColumn("count", CellType::Integer, &Thread::count)};
    return table("threads", std::move(columns), analysis, &SourceEvidence::threads);
}

} // namespace faultline
