// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/linewalker.h"
#include "models/merge/mergedlines.h"

#include <QElapsedTimer>

#include <algorithm>
#include <functional>
#include <map>
#include <queue>

namespace faultline {

namespace {

constexpr int FirstHandOverMs = 60; ///< Doubles: a copy of what is there takes longer the more there is.
constexpr int MostHandOverMs = 2000;

void writeNumber(std::vector<quint8> &into, qint64 value)
{
    while (value >= 0x80) {
        into.push_back(static_cast<quint8>(value | 0x80));
        value >>= 7;
    }
    into.push_back(static_cast<quint8>(value));
}

/// A piece on the axis; those of a run ascend.
struct PlacedPiece {
    qint64 firstLine = 0;
    qint64 lastLine = 0;
    TimeNs lo;
    TimeNs hi;
};

/// Lines of one source that ascend, in the middle of being merged.
struct MergeRun {
    int source = 0;
    size_t index = 0; ///< Among the runs of its source.
    std::vector<PlacedPiece> pieces;
    size_t piece = 0;
    std::vector<TimeNs> keys; ///< Of the lines of the piece in hand where it was opened.
    qint64 next = 0;          ///< The line that comes next.

    bool isOpen() const { return !keys.empty(); }
    TimeNs key() const
    {
        return isOpen() ? keys[static_cast<size_t>(next - pieces[piece].firstLine)] : pieces[piece].lo;
    }
};

std::vector<MergeRun> runsOf(const MergeInput &input, int source)
{
    std::vector<MergeRun> runs;
    if (!input.source || !input.summary)
        return runs;
    bool goesOn = false;
    const auto &pieces = input.summary->pieces;
    for (size_t i = 0; i < pieces.size(); ++i) {
        const auto first = input.placement.place(pieces[i].first);
        const auto most = input.placement.place(pieces[i].most);
        if (!first || !most) {
            goesOn = false; // a boot that nothing places
            continue;
        }
        PlacedPiece placed{pieces[i].firstLine,
                           i + 1 < pieces.size() ? pieces[i + 1].firstLine - 1 : input.summary->lineCount, first->time,
                           std::max(first->time, most->time)};
        if (!goesOn || placed.lo < runs.back().pieces.back().hi - SmallDisorderNs) {
            runs.push_back({source, runs.size(), {}, 0, {}, placed.firstLine});
            goesOn = true;
        } else {
            placed.lo = std::max(placed.lo, runs.back().pieces.back().hi);
            placed.hi = std::max(placed.hi, placed.lo);
        }
        runs.back().pieces.push_back(placed);
    }
    return runs;
}

} // namespace

class LineMerger
{
public:
    using Grown = std::function<void(std::shared_ptr<const MergedLines>)>;

    LineMerger(std::span<const MergeInput> inputs, const CancelToken &cancel, const Grown &grown)
        : m_inputs(inputs)
        , m_cancel(cancel)
        , m_grown(grown)
        , m_merged(std::make_shared<MergedLines>())
    {
        m_merged->m_runs.resize(inputs.size());
        for (size_t source = 0; source < inputs.size(); ++source) {
            for (MergeRun &run : runsOf(inputs[source], static_cast<int>(source))) {
                m_merged->m_runs[source].push_back({run.pieces.front().firstLine, run.pieces.back().lastLine, {}});
                m_runs.push_back(std::move(run));
            }
        }
    }

    std::shared_ptr<const MergedLines> run()
    {
        // By time, then by source, then by line: equal times keep one order, however the merge goes.
        const auto isLater = [this](size_t a, size_t b) {
            return order(b, m_runs[b].key()) < order(a, m_runs[a].key());
        };
        std::priority_queue<size_t, std::vector<size_t>, decltype(isLater)> heap(isLater);
        for (size_t i = 0; i < m_runs.size(); ++i)
            heap.push(i);
        m_sinceHandOver.start();
        while (!heap.empty() && !m_cancel.isCancelled()) {
            const size_t first = heap.top();
            heap.pop();
            if (heap.empty())
                advance(first, {});
            else
                advance(first, order(heap.top(), m_runs[heap.top()].key()));
            if (m_runs[first].piece < m_runs[first].pieces.size())
                heap.push(first);
        }
        closeChunk();
        return m_merged;
    }

private:
    using Order = std::pair<TimeNs, size_t>; ///< m_runs stand in order of source and line.
    Order order(size_t run, TimeNs key) const { return {key, run}; }

    /// Takes lines of a run up to where another one comes first.
    void advance(size_t index, const std::optional<Order> &other)
    {
        MergeRun &run = m_runs[index];
        const auto isBefore = [&](TimeNs key) { return !other || order(index, key) < *other; };
        while (run.piece < run.pieces.size() && isBefore(run.key())) {
            const PlacedPiece &piece = run.pieces[run.piece];
            qint64 end = piece.lastLine + 1;
            if (!run.isOpen() && !isBefore(piece.hi))
                open(run);
            if (run.isOpen()) {
                const auto from = run.keys.begin() + (run.next - piece.firstLine);
                end = run.next + (std::partition_point(from, run.keys.end(), isBefore) - from);
            }
            add(run, end - run.next);
            run.next = end;
            if (end > piece.lastLine) {
                ++run.piece;
                run.keys.clear();
            }
        }
    }

    /// Decodes the times of the piece in hand. They are kept between its ends, so that they ascend from piece to piece.
    void open(MergeRun &run)
    {
        const PlacedPiece &piece = run.pieces[run.piece];
        const MergeInput &input = m_inputs[static_cast<size_t>(run.source)];
        const TextBlock block = input.source->text->blockOf(piece.firstLine);
        LineWalker walker(input.source->text->bytes(), block.byteOffset, block.firstLine, TextStore::BlockBytes);
        TimeNs latest = piece.lo;
        while (walker.number() < piece.lastLine && walker.next()) {
            if (walker.number() < piece.firstLine)
                continue;
            const auto time = input.source->decoder->decode(walker.bytes(), walker.byteOffset()).time;
            if (const auto placed = time ? input.placement.place(*time) : std::nullopt)
                latest = std::clamp(placed->time, latest, piece.hi);
            run.keys.push_back(latest);
        }
        // The file shrank meanwhile: its lines keep their places.
        run.keys.resize(static_cast<size_t>(piece.lastLine - piece.firstLine + 1), piece.hi);
    }

    void add(const MergeRun &run, qint64 count)
    {
        for (qint64 line = run.next; count > 0;) {
            const qint64 here = std::min(count, MergedLines::ChunkLines - m_inChunk);
            if (m_lastRun == &run) {
                m_pending += here;
            } else {
                flush();
                m_lastRun = &run;
                m_pending = here;
                m_slot = slotOf(run, line);
            }
            m_chunk.slots[m_slot].count += here;
            m_inChunk += here;
            line += here;
            count -= here;
            if (m_inChunk == MergedLines::ChunkLines)
                closeChunk();
        }
    }

    size_t slotOf(const MergeRun &run, qint64 line)
    {
        const auto [at, isNew] = m_slots.try_emplace(&run, m_chunk.slots.size());
        if (isNew) {
            m_chunk.slots.push_back({run.source, line, 0});
            m_merged->m_runs[static_cast<size_t>(run.source)][run.index].chunks.emplace_back(
                line, static_cast<qint64>(m_merged->m_chunks.size()));
        }
        return at->second;
    }

    void flush()
    {
        if (m_pending == 0)
            return;
        writeNumber(m_chunk.codes, static_cast<qint64>(m_slot));
        writeNumber(m_chunk.codes, std::exchange(m_pending, 0));
    }

    void closeChunk()
    {
        flush();
        m_lastRun = nullptr;
        m_slots.clear();
        if (m_inChunk == 0)
            return;
        m_chunk.codes.shrink_to_fit();
        m_chunk.slots.shrink_to_fit();
        m_merged->m_chunks.push_back(std::make_shared<const MergedLines::Chunk>(std::exchange(m_chunk, {})));
        m_merged->m_size += std::exchange(m_inChunk, 0);
        if (m_grown && m_sinceHandOver.hasExpired(m_handOverMs)) {
            m_grown(std::make_shared<const MergedLines>(*m_merged));
            m_handOverMs = std::min(2 * m_handOverMs, MostHandOverMs);
            m_sinceHandOver.restart();
        }
    }

    std::span<const MergeInput> m_inputs;
    const CancelToken &m_cancel;
    const Grown &m_grown;
    std::shared_ptr<MergedLines> m_merged;
    std::vector<MergeRun> m_runs;
    MergedLines::Chunk m_chunk;
    qint64 m_inChunk = 0;
    std::map<const MergeRun *, size_t> m_slots;
    const MergeRun *m_lastRun = nullptr;
    size_t m_slot = 0;
    qint64 m_pending = 0; ///< Lines of m_slot that are not in the codes yet.
    QElapsedTimer m_sinceHandOver;
    int m_handOverMs = FirstHandOverMs;
};

std::shared_ptr<const MergedLines> mergeLines(std::span<const MergeInput> inputs, const CancelToken &cancel,
                                              const std::function<void(std::shared_ptr<const MergedLines>)> &grown)
{
    return LineMerger(inputs, cancel, grown).run();
}

qint64 linesWithoutTime(const MergeInput &input)
{
    if (!input.source || !input.source->text)
        return 0;
    qint64 placed = 0;
    for (const MergeRun &run : runsOf(input, 0))
        placed += run.pieces.back().lastLine - run.pieces.front().firstLine + 1;
    return input.source->lineCount() - placed;
}

} // namespace faultline
