// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/merge/linesummary.h"
#include "models/placement/placement.h"

#include <span>

namespace faultline {

/// A line of one of several sources.
struct LinePlace {
    int source = -1; ///< Index into Evidence::sources.
    qint64 line = 0; ///< From 1.
    auto operator<=>(const LinePlace &) const = default;
};

/// The lines of several sources in order of time, by place: about two bytes a line at the worst, next to none where one source speaks for
/// long. Lines of a source that ascend in time stay in their order. A snapshot: reading from several threads is safe.
class MergedLines
{
public:
    qint64 size() const { return m_size; }
    /// The line at an index from 0 on; a null place outside.
    LinePlace at(qint64 index) const;
    /// Up to `count` lines from the index on.
    std::vector<LinePlace> places(qint64 index, qint64 count) const;
    /// Where a line stands; -1 where it is not in it (yet).
    qint64 indexOf(LinePlace place) const;
    /// The positions (index + 1) of all lines that are in the sets of their sources; a set for each source, none where there are fewer.
    LineSet positionsOf(std::span<const LineSet> lines, const CancelToken &cancel) const;
    /// Memory held, about.
    qint64 byteCount() const;

private:
    friend class LineMerger;
    static constexpr qint64 ChunkLines = 4096;
    /// Lines of one run that stand in a chunk.
    struct Slot {
        int source = -1;
        qint64 firstLine = 0;
        qint64 count = 0;
    };
    struct Chunk {
        std::vector<Slot> slots;
        std::vector<quint8> codes; ///< In order: which slot goes on with how many lines, both as base-128 numbers.
        template<typename Visit>
        void visit(const Visit &visit) const;
    };
    /// Lines of a source that ascend in time.
    struct Run {
        qint64 firstLine = 0;
        qint64 lastLine = 0;
        std::vector<std::pair<qint64, qint64>> chunks; ///< First line there, index of the chunk.
    };

    std::vector<std::shared_ptr<const Chunk>> m_chunks; ///< Each of ChunkLines lines but the last.
    std::vector<std::vector<Run>> m_runs;               ///< Per source, in order of lines.
    qint64 m_size = 0;
};

/// A source to be merged; sources without text, clock or stamps have no lines that could be.
struct MergeInput {
    std::shared_ptr<const SourceEvidence> source; ///< Null: left out.
    SourcePlacement placement;
    std::shared_ptr<const LineSummary> summary; ///< Of all its lines.
};

/// Merges the lines of all inputs by k-way merge of their runs; an input's place in `inputs` is the source's index. Blocks of lines that no
/// other source speaks in go over whole; others are decoded, one block a run at a time. `grown` gets what is there so far, now and then.
std::shared_ptr<const MergedLines>
mergeLines(std::span<const MergeInput> inputs, const CancelToken &cancel,
           const std::function<void(std::shared_ptr<const MergedLines>)> &grown = {});

/// Lines of the input that have no place in time.
qint64 linesWithoutTime(const MergeInput &input);

} // namespace faultline
