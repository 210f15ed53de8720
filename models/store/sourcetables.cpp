// SPDX-License-Identifier: GPL-3.0-or-later
// Tables about the sources themselves: what they are, how they stand on the axis, what they cover, what could not be read.
#include "models/placement/coverage.h"
#include "models/store/tables.h"

namespace faultline {

namespace {

struct SourceHandle {
    int id = 0;
    const SourceEvidence *evidence = nullptr;
    const SourcePlacement *placement = nullptr;
};

std::vector<SourceHandle> sourceHandles(const Analysis &analysis)
{
    std::vector<SourceHandle> handles;
    for (size_t i = 0; i < analysis.evidence->sources.size(); ++i)
        handles.push_back({static_cast<int>(i), analysis.evidence->sources[i].get(), &analysis.placement->sources[i]});
    return handles;
}

struct SegmentRow {
    int source = 0;
    std::optional<TimeNs> from;
    std::optional<TimeNs> to;
    Segment segment;
};

std::vector<SegmentRow> segmentRows(const Analysis &analysis)
{
    std::vector<SegmentRow> rows;
    for (const SourceHandle &source : sourceHandles(analysis)) {
        const std::vector<Segment> &segments = source.placement->segments;
        for (size_t i = 0; i < segments.size(); ++i) {
            if (!segments[i].isPlaced)
                continue;
            SegmentRow row{source.id, {}, {}, segments[i]};
            const bool always = segments[i].from.ns == std::numeric_limits<qint64>::min();
            if (const std::optional<PlacedTime> from = source.placement->place(segments[i].from); from && !always)
                row.from = from->time;
            if (i + 1 < segments.size())
                if (const std::optional<PlacedTime> to = source.placement->place(segments[i + 1].from + (-1)))
                    row.to = to->time;
            rows.push_back(row);
        }
    }
    return rows;
}

struct AnchorRow {
    int source = 0;
    const SourcePlacement *placement = nullptr;
    const Anchor *anchor = nullptr;
};

struct NoteRow {
    int source = 0;
    const Note *note = nullptr;
};

} // namespace

TablePointer sourcesTable(const Analysis &analysis)
{
    using Row = SourceHandle;
    const auto placed = [analysis](const Row &row, const std::optional<SourceTime> &time) {
        return placedCell(*analysis.placement, row.id, time);
    };
    std::vector<Column<Row>> columns{
        {"id", CellType::Integer, [](const Row &r) { return Cell(r.id); }, true},
        {"path", CellType::Text, [](const Row &r) { return Cell(r.evidence->path); }},
        {"kind", CellType::Text, [](const Row &r) { return Cell(sourceKindName(r.evidence->kind)); }, true},
        {"format", CellType::Text, [](const Row &r) { return Cell(r.evidence->format); }},
        {"lines", CellType::Integer, [](const Row &r) { return Cell(r.evidence->lineCount()); }},
        {"first", CellType::Integer, [placed](const Row &r) { return placed(r, r.evidence->first); }},
        {"last", CellType::Integer, [placed](const Row &r) { return placed(r, r.evidence->last); }},
        {"basis", CellType::Text, [](const Row &r) { return Cell(timeBasisName(r.evidence->basis)); }},
        {"zone", CellType::Text, [](const Row &r) { return Cell::known(r.evidence->zone); }},
        {"date", CellType::Text, [](const Row &r) { return Cell(dateBasisName(r.evidence->date)); }},
        {"offset_ns", CellType::Integer,
         [](const Row &r) { return r.placement->isPlaced() ? Cell(r.placement->firstPlaced()->offsetNs) : Cell(); }},
        {"offset_how", CellType::Text,
         [](const Row &r) { return r.placement->isPlaced() ? Cell(placementHowName(r.placement->how)) : Cell(); }},
        {"residual_ns", CellType::Integer,
         [](const Row &r) { return r.placement->isPlaced() ? Cell(r.placement->residualNs) : Cell(); }},
        {"resolution_ns", CellType::Integer, [](const Row &r) { return Cell(r.evidence->resolutionNs); }},
        {"reason", CellType::Text, [](const Row &r) { return Cell(r.placement->reason); }},
    };
    addIdentityColumns<Row>(columns, [](const Row &r) { return r.evidence->identity; });
    return std::make_unique<RowTable<Row>>("sources", std::move(columns),
                                           [analysis] { return sourceHandles(analysis); });
}

TablePointer segmentsTable(const Analysis &analysis)
{
    using Row = SegmentRow;
    return std::make_unique<RowTable<Row>>(
        "segments",
        std::vector<Column<Row>>{
            {"source", CellType::Integer, [](const Row &r) { return Cell(r.source); }, true},
            {"from", CellType::Integer, [](const Row &r) { return Cell(r.from); }},
            {"to", CellType::Integer, [](const Row &r) { return Cell(r.to); }},
            {"offset_ns", CellType::Integer, [](const Row &r) { return Cell(r.segment.offsetNs); }},
            {"drift", CellType::Real, [](const Row &r) { return Cell(r.segment.drift); }},
            {"error_ns", CellType::Integer, [](const Row &r) { return Cell(r.segment.errorNs); }},
        },
        [analysis] { return segmentRows(analysis); });
}

TablePointer anchorsTable(const Analysis &analysis)
{
    using Row = AnchorRow;
    return std::make_unique<RowTable<Row>>(
        "anchors",
        std::vector<Column<Row>>{
            {"source", CellType::Integer, [](const Row &r) { return Cell(r.source); }, true},
            {"line", CellType::Integer, [](const Row &r) { return Cell(r.anchor->line); }},
            {"here_ns", CellType::Integer, [](const Row &r) { return Cell(r.anchor->here.ns); }},
            {"time", CellType::Integer,
             [](const Row &r) {
                 const std::optional<PlacedTime> placed = r.placement->place(r.anchor->here);
                 return placed ? Cell(placed->time.ns) : Cell();
             }},
            {"other_source", CellType::Integer,
             [](const Row &r) { return Cell::known(qint64{r.anchor->otherSource}); }},
            {"other_line", CellType::Integer, [](const Row &r) { return Cell(r.anchor->otherLine); }},
            {"other_time", CellType::Integer, [](const Row &r) { return Cell(r.anchor->there.ns); }},
            {"what", CellType::Text, [](const Row &r) { return Cell(r.anchor->what); }},
            {"residual_ns", CellType::Integer, [](const Row &r) { return Cell(r.anchor->residualNs); }},
            {"taken", CellType::Integer, [](const Row &r) { return Cell(r.anchor->taken); }},
        },
        [analysis] {
            std::vector<Row> rows;
            for (const SourceHandle &source : sourceHandles(analysis))
                for (const Anchor &anchor : source.placement->anchors)
                    rows.push_back({source.id, source.placement, &anchor});
            return rows;
        });
}

TablePointer coverageTable(const Analysis &analysis)
{
    using Row = PlacedCoverage;
    return std::make_unique<RowTable<Row>>(
        "coverage",
        std::vector<Column<Row>>{
            {"source", CellType::Integer, [](const Row &r) { return Cell(r.source); }, true},
            {"subject", CellType::Text, [](const Row &r) { return Cell(r.subject); }},
            {"from", CellType::Integer, [](const Row &r) { return Cell(r.from); }},
            {"to", CellType::Integer, [](const Row &r) { return Cell(r.to); }},
            {"how", CellType::Text, [](const Row &r) { return Cell(coverageHowName(r.how)); }},
        },
        [analysis] { return placedCoverages(*analysis.evidence, *analysis.placement); });
}

TablePointer notesTable(const Analysis &analysis)
{
    using Row = NoteRow;
    return std::make_unique<RowTable<Row>>(
        "notes",
        std::vector<Column<Row>>{
            {"source", CellType::Integer, [](const Row &r) { return Cell(r.source); }, true},
            {"line", CellType::Integer, [](const Row &r) { return Cell(r.note->position.line); }},
            {"column", CellType::Integer, [](const Row &r) { return Cell(r.note->position.column); }},
            {"byte_offset", CellType::Integer, [](const Row &r) { return Cell::known(r.note->position.byteOffset); }},
            {"severity", CellType::Text, [](const Row &r) { return Cell(severityName(r.note->severity)); }},
            {"code", CellType::Text, [](const Row &r) { return Cell(codeName(r.note->code)); }},
            {"text", CellType::Text, [](const Row &r) { return Cell(r.note->text); }},
            {"count", CellType::Integer, [](const Row &r) { return Cell(r.note->count); }},
        },
        [analysis] {
            std::vector<Row> rows;
            for (const SourceHandle &source : sourceHandles(analysis))
                for (const Note &note : source.evidence->notes)
                    rows.push_back({source.id, &note});
            return rows;
        });
}

} // namespace faultline
