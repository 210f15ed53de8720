// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/textstore.h"
#include "models/core/task.h"

#include <functional>

namespace faultline {

/// Lines `first` to `last`, both inclusive.
struct LineRange {
    qint64 first = 1;
    qint64 last = std::numeric_limits<qint64>::max();
};

/// How a pass over the lines of a source ended.
struct PassEnd {
    bool isCancelled = false;
    /// Lines counted as not matching because an expression was too costly on them.
    qint64 gaveUp = 0;
    /// Why lines could not be looked at, from which line on: the file shrank, or cannot be read any more.
    std::optional<Error> error;
};

/// A run of whole blocks of a text.
struct TextChunk {
    qint64 byteOffset = 0;
    qint64 byteCount = 0;
    LineRange lines;
};

/// Lines found, ascending and later than those told before, and the last line looked at so far. Never called at the same time twice.
using FoundLines = std::function<void(std::vector<qint64> lines, qint64 lookedAtTo)>;

/// Looks at one chunk and appends lines of it, ascending. An error ends the pass there.
using ChunkWorker = std::function<Result<void>(const TextChunk &chunk, std::vector<qint64> &found)>;

/// Passes over the blocks that hold the range on `threads` threads (at least one: the caller's), each with a worker of its own, and tells
/// what they find in order. Returns when all is done.
PassEnd passOverChunks(const TextStore &text, LineRange range, int threads, const CancelToken &cancel,
                       const std::function<ChunkWorker()> &makeWorker, const FoundLines &found);

/// How many threads a pass should have on this machine.
int passThreads();

} // namespace faultline
