// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of all sources that have text, decoded as they are read.
#include "models/core/views.h"
#include "models/search/lineset.h"
#include "models/search/searchlines.h"
#include "models/store/tables.h"
#include "models/store/textconditions.h"

#include <array>
#include <utility>

namespace faultline {

namespace {

class LinesTable final : public Table
{
public:
    enum ColumnIndex { SourceColumn, LineColumn, TimeColumn, LevelColumn, TextColumn };

    LinesTable(const Analysis &analysis, CancelToken cancel)
        : Table("lines", {{"source", CellType::Integer},
                          {"line", CellType::Integer},
                          {"time", CellType::Integer},
                          {"level", CellType::Text},
                          {"text", CellType::Text}})
        , m_analysis(analysis)
        , m_cancel(std::move(cancel))
        , m_stamps(analysis.evidence->sources.size())
    {
        m_firstRow.push_back(0);
        for (const auto &source : analysis.evidence->sources)
            m_firstRow.push_back(m_firstRow.back() + source->lineCount());
    }

    qint64 rowCount() const override { return m_firstRow.back(); }
    Cell value(qint64 row, int column) const override;
    bool narrows(int column, Comparison comparison) const override
    {
        if (column == TextColumn)
            return comparison == Comparison::Equal || comparison >= Comparison::Like;
        return comparison < Comparison::Like
               && (column == LineColumn || column == TimeColumn
                   || (column == SourceColumn && comparison == Comparison::Equal));
    }
    RowRanges rows(std::span<const Constraint> constraints) const override;

private:
    static constexpr qint64 ChunkLines = 256; ///< Lines decoded at once.
    static constexpr qint64 StrideLines =
        1024; ///< Distance of the lines whose stamps are looked at for a range of time.

    static constexpr qint64 StampBytes = 4096; ///< Of a line, in which its stamp is looked for.

    /// Fewer lines are decoded sooner than searched.
    static constexpr qint64 FewestSearched = 4096;
    static constexpr size_t MostSearches = 16;

    /// What one condition on the text left, by source, as far as it was asked.
    struct Search {
        SearchQuery query;
        std::shared_ptr<const LineMatcher> matcher; ///< None: the query cannot be searched for.
        struct Lines {
            LineRange lookedAt;
            LineSet found;
        };
        std::map<int, Lines> lines;
    };
    struct Chunk {
        int source = -1;
        qint64 firstLine = 0;
        std::vector<TimedLine> lines;
    };
    /// Own stamps of lines that blocks begin with, StrideLines apart or a block, on the axis. Not usable where they do not go one way, as in
    /// logs of jobs put one after another.
    struct Stamps {
        struct Stamp {
            qint64 line = 1;
            TimeNs time;
        };
        bool ascending = false;
        std::vector<Stamp> found;
    };

    const SourceEvidence &evidence(int source) const
    {
        return *m_analysis.evidence->sources[static_cast<size_t>(source)];
    }
    const TimedLine *decoded(int source, qint64 line) const;
    const Stamps &stamps(int source) const;
    RowRange narrowedByTime(int source, RowRange range, const IntegerBounds &time) const;
    Search &search(const SearchQuery &query) const;
    const LineSet *candidates(int source, const SearchQuery &query, LineRange range) const;
    void addMatching(int source, RowRange range, std::span<const SearchQuery> queries, RowRanges &ranges) const;

    Analysis m_analysis;
    CancelToken m_cancel;
    mutable std::vector<Search> m_searches; ///< The last ones: a join asks the same for every row.
    std::vector<qint64> m_firstRow;
    mutable std::array<Chunk, 4> m_chunks; ///< The last ones read: joins of lines with lines read at several places.
    mutable size_t m_oldest = 0;
    mutable std::vector<std::optional<Stamps>> m_stamps;
};

const TimedLine *LinesTable::decoded(int source, qint64 line) const
{
    const qint64 firstLine = (line - 1) / ChunkLines * ChunkLines + 1;
    auto chunk = std::find_if(m_chunks.begin(), m_chunks.end(),
                              [&](const Chunk &c) { return c.source == source && c.firstLine == firstLine; });
    if (chunk == m_chunks.end()) {
        chunk = m_chunks.begin() + static_cast<ptrdiff_t>(m_oldest);
        m_oldest = (m_oldest + 1) % m_chunks.size();
        *chunk = {source, firstLine, decodeLines(evidence(source), firstLine, ChunkLines)};
    }
    const auto index = static_cast<size_t>(line - firstLine);
    return index < chunk->lines.size() ? &chunk->lines[index] : nullptr;
}

Cell LinesTable::value(qint64 row, int column) const
{
    const auto after = std::upper_bound(m_firstRow.begin(), m_firstRow.end(), row);
    const auto source = static_cast<int>(after - m_firstRow.begin()) - 1;
    const qint64 number = row - m_firstRow[static_cast<size_t>(source)] + 1;
    if (column == SourceColumn)
        return source;
    if (column == LineColumn)
        return number;
    const TimedLine *line = decoded(source, number);
    if (!line) // The file shrank or cannot be read any more.
        return {};
    if (column == TimeColumn)
        return placedCell(*m_analysis.placement, source, line->time);
    return column == LevelColumn ? Cell(severityName(line->level)) : Cell(line->text);
}

const LinesTable::Stamps &LinesTable::stamps(int source) const
{
    std::optional<Stamps> &stamps = m_stamps[static_cast<size_t>(source)];
    if (stamps)
        return *stamps;
    stamps.emplace();
    stamps->ascending = m_analysis.placement->sources[static_cast<size_t>(source)].segments.size() == 1;
    const SourceEvidence &of = evidence(source);
    qint64 lastBlock = 0;
    for (qint64 line = 1; stamps->ascending && of.decoder && line <= of.lineCount(); line += StrideLines) {
        const TextBlock block = of.text->blockOf(line);
        if (std::exchange(lastBlock, block.firstLine) == block.firstLine)
            continue;
        const QByteArray head = of.text->bytes().bytes(block.byteOffset, StampBytes).value_or(QByteArray());
        const std::string_view bytes = viewOf(head).substr(0, viewOf(head).find('\n'));
        auto stamp = of.decoder->decode(bytes, block.byteOffset).time;
        if (!stamp)
            stamp = of.decoder->timeBefore(block.byteOffset);
        const auto placed = stamp ? m_analysis.placement->place(source, *stamp) : std::nullopt;
        if (!placed)
            continue;
        stamps->ascending = stamps->found.empty() || stamps->found.back().time <= placed->time;
        stamps->found.push_back({block.firstLine, placed->time});
    }
    return *stamps;
}

RowRange LinesTable::narrowedByTime(int source, RowRange range, const IntegerBounds &time) const
{
    const SourceEvidence &of = evidence(source);
    if (!m_analysis.placement->sources[static_cast<size_t>(source)].isPlaced())
        return {};
    // Stamps all over the file are not looked at for a few lines of it.
    if (range.end - range.begin <= 4 * StrideLines || !stamps(source).ascending)
        return range;
    const std::vector<Stamps::Stamp> &found = stamps(source).found;
    const auto nsOf = [](const Stamps::Stamp &stamp) { return stamp.time.ns; };
    // Lines between two looked-at ones may stand a little out of order (two streams merged): one stamp of slack at each end.
    const auto early = std::ranges::lower_bound(found, time.least, {}, nsOf) - found.begin() - 2;
    const auto late = std::ranges::upper_bound(found, time.most, {}, nsOf) - found.begin() + 1;
    const qint64 base = m_firstRow[static_cast<size_t>(source)];
    const qint64 from = base + (early < 0 ? 0 : found[static_cast<size_t>(early)].line - 1);
    const qint64 to =
        base + (std::cmp_less(late, found.size()) ? found[static_cast<size_t>(late)].line - 1 : of.lineCount());
    return {std::max(range.begin, from), std::min(range.end, to)};
}

LinesTable::Search &LinesTable::search(const SearchQuery &query) const
{
    const auto known = std::ranges::find(m_searches, query, &Search::query);
    if (known != m_searches.end())
        return *known;
    if (m_searches.size() >= MostSearches)
        m_searches.erase(m_searches.begin());
    // A broken expression is left to SQLite, which says so.
    m_searches.push_back({query, LineMatcher::of(query).value_or(nullptr), {}});
    return m_searches.back();
}

/// Lines of a source, all of those in the range among them, that may hold the query; null where that cannot be told from the bytes alone.
const LineSet *LinesTable::candidates(int source, const SearchQuery &query, LineRange range) const
{
    Search &asked = search(query);
    const SourceEvidence &of = evidence(source);
    if (!asked.matcher || !asked.matcher->narrows(of))
        return nullptr;
    const auto known = asked.lines.find(source);
    if (known != asked.lines.end()) {
        if (range.first >= known->second.lookedAt.first && range.last <= known->second.lookedAt.last)
            return &known->second.found;
        range = {}; // a join asks for other lines with every row
    }
    Search::Lines lines{range, {}};
    const PassEnd end = searchLines(
        of, *asked.matcher, range, passThreads(), m_cancel,
        [&lines](const std::vector<qint64> &found, qint64) { lines.found.addSorted(found); }, SearchDepth::Candidates);
    if (end.isCancelled || end.error)
        return nullptr;
    return &asked.lines.insert_or_assign(source, std::move(lines)).first->second.found;
}

void LinesTable::addMatching(int source, RowRange range, std::span<const SearchQuery> queries, RowRanges &ranges) const
{
    const qint64 base = m_firstRow[static_cast<size_t>(source)] - 1; // row of line 0
    std::optional<LineSet> lines;
    for (const SearchQuery &query : queries) {
        const bool isWorth = range.end - range.begin >= FewestSearched && evidence(source).decoder;
        const LineRange within{range.begin - base, range.end - 1 - base};
        if (const LineSet *found = isWorth ? candidates(source, query, within) : nullptr)
            lines = lines ? *lines & *found : *found;
    }
    if (!lines) {
        ranges.push_back(range);
        return;
    }
    constexpr qint64 AtOnce = 65'536;
    for (qint64 index = lines->countBefore(range.begin - base); index < lines->size(); index += AtOnce) {
        for (const qint64 line : lines->lines(index, AtOnce)) {
            const qint64 row = base + line;
            if (row >= range.end)
                return;
            if (!ranges.empty() && ranges.back().end == row)
                ++ranges.back().end;
            else
                ranges.push_back({row, row + 1});
        }
    }
}

RowRanges LinesTable::rows(std::span<const Constraint> constraints) const
{
    std::vector<SearchQuery> queries;
    for (const Constraint &constraint : constraints) {
        if (constraint.column != TextColumn)
            continue;
        if (const auto query = searchForCondition(constraint))
            queries.push_back(*query);
    }
    const IntegerBounds source = boundsOf(constraints, SourceColumn);
    const IntegerBounds line = boundsOf(constraints, LineColumn);
    const IntegerBounds time = boundsOf(constraints, TimeColumn);
    RowRanges ranges;
    if (source.isEmpty() || line.isEmpty() || time.isEmpty())
        return ranges;
    const qint64 first = std::max<qint64>(source.least, 0);
    const qint64 last = std::min<qint64>(source.most, static_cast<qint64>(m_stamps.size()) - 1);
    for (qint64 i = first; i <= last; ++i) {
        const qint64 base = m_firstRow[static_cast<size_t>(i)];
        const qint64 count = m_firstRow[static_cast<size_t>(i) + 1] - base;
        RowRange range{base + std::clamp<qint64>(line.least, 1, count + 1) - 1,
                       base + std::clamp<qint64>(line.most, 0, count)};
        if (time.bounded)
            range = narrowedByTime(static_cast<int>(i), range, time);
        if (range.begin < range.end)
            addMatching(static_cast<int>(i), range, queries, ranges);
    }
    return ranges;
}

} // namespace

TablePointer linesTable(const Analysis &analysis, const CancelToken &cancel)
{
    return std::make_unique<LinesTable>(analysis, cancel);
}

} // namespace faultline
