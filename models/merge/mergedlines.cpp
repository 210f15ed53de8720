// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/merge/mergedlines.h"

#include <algorithm>

namespace faultline {

namespace {

qint64 readNumber(const quint8 *&at)
{
    qint64 value = 0;
    for (int shift = 0;; shift += 7) {
        const quint8 byte = *at++;
        value |= static_cast<qint64>(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
}

} // namespace

/// Calls visit(place of the first line, count) for each stretch, in order, until it returns false.
template<typename Visit>
void MergedLines::Chunk::visit(const Visit &visit) const
{
    std::vector<qint64> used(slots.size(), 0);
    const quint8 *at = codes.data();
    const quint8 *const end = at + codes.size();
    while (at < end) {
        const auto slot = static_cast<size_t>(readNumber(at));
        const qint64 count = readNumber(at);
        if (!visit(LinePlace{slots[slot].source, slots[slot].firstLine + used[slot]}, count))
            return;
        used[slot] += count;
    }
}

LinePlace MergedLines::at(qint64 index) const
{
    const auto found = places(index, 1);
    return found.empty() ? LinePlace() : found.front();
}

std::vector<LinePlace> MergedLines::places(qint64 index, qint64 count) const
{
    std::vector<LinePlace> result;
    if (index < 0)
        return result;
    const qint64 end = std::min(m_size, index + std::max<qint64>(0, count));
    while (index < end) {
        const qint64 first = index / ChunkLines * ChunkLines;
        qint64 skip = index - first;
        const qint64 wanted = std::min(end, first + ChunkLines) - index;
        qint64 left = wanted;
        m_chunks[static_cast<size_t>(index / ChunkLines)]->visit([&](LinePlace place, qint64 lines) {
            const qint64 passed = std::min(skip, lines);
            skip -= passed;
            place.line += passed;
            for (qint64 i = passed; i < lines && left > 0; ++i, --left)
                result.push_back({place.source, place.line++});
            return left > 0;
        });
        index += wanted;
    }
    return result;
}

qint64 MergedLines::indexOf(LinePlace place) const
{
    if (place.source < 0 || std::cmp_greater_equal(place.source, m_runs.size()))
        return -1;
    const auto &runs = m_runs[static_cast<size_t>(place.source)];
    const auto after = std::ranges::upper_bound(runs, place.line, {}, &Run::firstLine);
    if (after == runs.begin())
        return -1;
    const Run &run = *std::prev(after);
    const auto next =
        std::ranges::upper_bound(run.chunks, place.line, {}, [](const auto &entry) { return entry.first; });
    if (place.line > run.lastLine || next == run.chunks.begin())
        return -1;
    const qint64 chunk = std::prev(next)->second;
    qint64 index = chunk * ChunkLines;
    bool isFound = false;
    m_chunks[static_cast<size_t>(chunk)]->visit([&](LinePlace first, qint64 count) {
        isFound = first.source == place.source && first.line <= place.line && place.line < first.line + count;
        index += isFound ? place.line - first.line : count;
        return !isFound;
    });
    return isFound ? index : -1;
}

LineSet MergedLines::positionsOf(std::span<const LineSet> lines, const CancelToken &cancel) const
{
    LineSet result;
    std::vector<qint64> found;
    for (size_t i = 0; i < m_chunks.size() && !cancel.isCancelled(); ++i) {
        const Chunk &chunk = *m_chunks[i];
        const auto setOf = [&](int source) {
            return std::cmp_less(source, lines.size()) ? &lines[static_cast<size_t>(source)] : nullptr;
        };
        const bool isAny = std::ranges::any_of(chunk.slots, [&](const Slot &slot) {
            const LineSet *set = setOf(slot.source);
            const qint64 next = set ? set->next(slot.firstLine) : 0;
            return next > 0 && next < slot.firstLine + slot.count;
        });
        if (!isAny)
            continue;
        found.clear();
        qint64 position = static_cast<qint64>(i) * ChunkLines + 1;
        chunk.visit([&](LinePlace first, qint64 count) {
            if (const LineSet *set = setOf(first.source)) {
                const qint64 before = set->countBefore(first.line);
                for (const qint64 line : set->lines(before, set->countBefore(first.line + count) - before))
                    found.push_back(position + line - first.line);
            }
            position += count;
            return true;
        });
        result.addSorted(found);
    }
    return result;
}

qint64 MergedLines::byteCount() const
{
    size_t bytes = 0;
    for (const auto &chunk : m_chunks)
        bytes += sizeof(Chunk) + chunk->slots.capacity() * sizeof(Slot) + chunk->codes.capacity();
    for (const auto &runs : m_runs) {
        for (const Run &run : runs)
            bytes += sizeof(Run) + run.chunks.capacity() * sizeof(run.chunks[0]);
    }
    return static_cast<qint64>(bytes);
}

} // namespace faultline
