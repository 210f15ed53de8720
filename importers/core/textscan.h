// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/textstore.h"
#include "models/core/task.h"
#include "models/signatures/scanner.h"

#include <functional>

namespace faultline {

/// A line that patterns matched. Places are relative to its chunk.
struct ScannedLine {
    qint64 line = 0; ///< From 0, in the chunk.
    qint64 byteOffset = 0;
    qint64 fullLength = 0;
    qsizetype textFrom = 0;   ///< Of its bytes in the chunk's `text`.
    qsizetype textLength = 0; ///< Capped.
    size_t firstPattern = 0;  ///< Of its patterns in the chunk's `patterns`.
    size_t patternCount = 0;
};

/// What the scan of one stretch of whole lines found.
struct ScannedChunk {
    qint64 byteOffset = 0;
    qint64 byteCount = 0;
    qint64 lineCount = 0;
    std::vector<TextBlock> blocks; ///< firstLine from 0, in the chunk.
    std::vector<ScannedLine> lines;
    std::vector<int> patterns;
    QByteArray text;     ///< The lines as they stand, and a few bytes before them.
    qint64 cutLine = -1; ///< A line longer than TextStore::MostLineBytes: scanned up to there only.
    qint64 firstNulLine = -1;
    qint64 firstBadUtf8Line = -1;

    /// Its lines as they stand, each capped.
    std::string_view lineBytes() const
    {
        return std::string_view(text.constData(), static_cast<size_t>(text.size()))
            .substr(static_cast<size_t>(text.size() - byteCount));
    }
    /// Empty, with the memory that it has: what a system hands out anew costs more than the scan of it.
    void clear();
};

struct TextScan {
    static constexpr qint64 ChunkBytes =
        256 * 1024; ///< Fits a core's cache, so that the copy out of the system's is read from there.

    const ByteSource &bytes;
    const Scanner *scanner = nullptr; ///< None: lines are indexed only.
    /// Carrier::scanText, or empty.
    std::function<bool(std::string_view lines, QByteArray &into)> rewrite;
    int threads = 1;
    CancelToken cancel;
    ProgressFunction progress;

    /// Gets every chunk in order, one call at a time, from the scanning threads. A few chunks are in memory at any time.
    using Consumer = std::function<void(const ScannedChunk &)>;
    /// Passes over the bytes once. Fails where they cannot be read, or with Code::Cancelled.
    Result<void> run(const Consumer &consume) const;
};

} // namespace faultline
