// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/merge/linesummary.h"

#include "models/bytes/linewalker.h"
#include "models/core/translate.h"
#include "models/evidence/statedlevel.h"

#include <algorithm>
#include <map>
#include <mutex>

namespace faultline {

namespace {

/// Where times go to and fro all the time, more pieces would tell nothing.
constexpr size_t MostPiecesInChunk = 256;

/// What a worker found in one chunk.
struct ChunkSummary {
    struct Piece {
        qint64 firstLine = 0;
        std::optional<SourceTime> first; ///< None: its first lines have no stamp of their own.
        SourceTime most;
        SourceTime least;
    };
    std::vector<Piece> pieces;
    std::vector<qint64> warnings;
    std::vector<qint64> errors;
    std::optional<SourceTime> last;
};

class ChunkReader
{
public:
    ChunkReader(const SourceEvidence &source, LineRange range)
        : m_source(source)
        , m_range(range)
    {
    }

    Result<ChunkSummary> look(const TextChunk &chunk)
    {
        ChunkSummary found;
        LineWalker walker(m_source.text->bytes(), chunk.byteOffset, chunk.lines.first, TextStore::BlockBytes);
        const qint64 last = std::min(chunk.lines.last, m_range.last);
        qint64 pieceEnd = 0; // offset from which on a new piece begins
        while (walker.number() < last && walker.next()) {
            if (walker.number() < m_range.first)
                continue;
            const DecodedLine line = m_source.decoder->decode(walker.bytes(), walker.byteOffset());
            const Severity level = levelOf(line);
            if (level >= Severity::Error)
                found.errors.push_back(walker.number());
            else if (level == Severity::Warning)
                found.warnings.push_back(walker.number());
            const bool beginsAnew = line.time && found.last && found.pieces.size() < MostPiecesInChunk
                                    && (*line.time < found.pieces.back().most - SmallDisorderNs
                                        || clockOf(*line.time) != clockOf(*found.last));
            if (found.pieces.empty() || beginsAnew || walker.byteOffset() >= pieceEnd) {
                // Until a chunk's first stamp nothing is known: it may lie behind what the chunk before ended with.
                found.pieces.push_back({walker.number(), line.time ? line.time : found.last, {}, {}});
                pieceEnd = walker.byteOffset() + TextStore::BlockBytes;
                if (found.pieces.back().first)
                    found.pieces.back().most = found.pieces.back().least = *found.pieces.back().first;
            }
            if (!line.time)
                continue;
            ChunkSummary::Piece &piece = found.pieces.back();
            if (!found.last && piece.firstLine < walker.number()) {
                // The stamp that ends a chunk's head without one may fall back too: it gets a piece of its own.
                found.pieces.push_back({walker.number(), line.time, *line.time, *line.time});
            } else {
                piece.most = std::max(piece.most, *line.time);
                piece.least = std::min(piece.least, *line.time);
            }
            found.last = line.time;
        }
        if (walker.number() < last)
            return failure(Code::NotReadable, tr("The file has changed since it was read"), {},
                           m_source.text->bytes().name(), {walker.number(), 0, -1});
        return found;
    }

private:
    /// Which boot a time is of.
    std::ptrdiff_t clockOf(SourceTime time) const
    {
        return std::ranges::upper_bound(m_source.clockStarts, time) - m_source.clockStarts.begin();
    }

    const SourceEvidence &m_source;
    LineRange m_range;
};

void append(LineSummary &summary, const ChunkSummary &chunk, qint64 lastLine)
{
    for (const ChunkSummary::Piece &piece : chunk.pieces) {
        const auto first = piece.first ? piece.first : summary.lastTime;
        if (!first)
            continue; // lines before the first stamp: they go with it
        TimePiece next{piece.firstLine, *first, piece.first ? piece.most : *first, piece.first ? piece.least : *first};
        if (summary.pieces.empty())
            next.firstLine = 1;
        summary.pieces.push_back(next);
    }
    if (chunk.last)
        summary.lastTime = chunk.last;
    summary.warnings.addSorted(chunk.warnings);
    summary.errors.addSorted(chunk.errors);
    summary.lineCount = lastLine;
}

} // namespace

void LineSummary::forgetFrom(qint64 line)
{
    if (line > lineCount)
        return;
    std::erase_if(pieces, [line](const TimePiece &piece) { return piece.firstLine >= line; });
    const LineSet gone = LineSet::range(line, lineCount);
    warnings = warnings - gone;
    errors = errors - gone;
    lineCount = std::max<qint64>(0, line - 1);
    if (pieces.empty())
        lastTime.reset();
}

std::vector<LineRange> linesWithin(const LineSummary &summary, const SourcePlacement &placement, TimeNs from, TimeNs to,
                                   LineRange range)
{
    std::vector<LineRange> found;
    const auto add = [&](qint64 first, qint64 last) {
        first = std::max(first, range.first);
        last = std::min(last, range.last);
        if (first > last)
            return;
        if (!found.empty() && found.back().last + 1 == first)
            found.back().last = last;
        else
            found.push_back({first, last});
    };
    for (size_t i = 0; i < summary.pieces.size(); ++i) {
        const TimePiece &piece = summary.pieces[i];
        const auto least = placement.place(piece.least);
        const auto most = placement.place(piece.most);
        // Where the clock is set within a piece, its times may stand anywhere.
        const bool isOneClock = std::ranges::none_of(placement.segments, [&piece](const Segment &segment) {
            return segment.from > piece.least && segment.from <= piece.most;
        });
        if (!isOneClock || !least || !most || (most->time >= from && least->time <= to))
            add(piece.firstLine,
                i + 1 < summary.pieces.size() ? summary.pieces[i + 1].firstLine - 1 : summary.lineCount);
    }
    add(summary.lineCount + 1, range.last);
    return found;
}

PassEnd summarizeLines(const SourceEvidence &source, LineSummary &summary, int threads, const CancelToken &cancel,
                       const std::function<void(const LineSummary &)> &grown)
{
    if (!source.text || !source.decoder || summary.lineCount >= source.lineCount())
        return {};
    const LineRange range{summary.lineCount + 1, source.lineCount()};
    std::mutex mutex;
    std::map<qint64, ChunkSummary> done; // by first line
    const ChunkWorker worker = [&](const TextChunk &chunk, std::vector<qint64> &) -> Result<void> {
        auto found = ChunkReader(source, range).look(chunk);
        if (!found)
            return std::unexpected(found.error());
        const std::lock_guard lock(mutex);
        done.emplace(chunk.lines.first, std::move(*found));
        return {};
    };
    return passOverChunks(
        *source.text, range, threads, cancel, [&] { return worker; },
        [&](const std::vector<qint64> &, qint64 lookedAtTo) {
            {
                const std::lock_guard lock(mutex);
                // A chunk that could not be read is told too, and is not among them.
                while (!done.empty() && done.begin()->first <= lookedAtTo) {
                    append(summary, done.begin()->second, lookedAtTo);
                    done.erase(done.begin());
                }
            }
            if (grown)
                grown(summary);
        });
}

} // namespace faultline
