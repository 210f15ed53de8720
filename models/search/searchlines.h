// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/search/linematcher.h"
#include "models/search/textchunks.h"

namespace faultline {

enum class SearchDepth {
    Exact,      ///< Lines that match.
    Candidates, ///< Lines that may match; only where the matcher narrows for the source's decoder.
};

/// Lines longer than this are looked at in pieces of this many bytes that overlap by PieceOverlapBytes: a match that is longer than the
/// overlap and lies across an end of a piece is missed.
inline constexpr qint64 MostWholeLineBytes = 16 * 1024 * 1024;
inline constexpr qint64 PieceOverlapBytes = 1024 * 1024;

/// Finds the lines of a source that match, whatever their length. Sources without text have none.
PassEnd searchLines(const SourceEvidence &source, const LineMatcher &matcher, LineRange range, int threads,
                    const CancelToken &cancel, const FoundLines &found, SearchDepth depth = SearchDepth::Exact);

/// Finds the lines of a source for which `takes` holds; it is called from several threads. Lines are decoded as decodeLines() does.
PassEnd filterLines(const SourceEvidence &source, LineRange range, int threads, const CancelToken &cancel,
                    const std::function<bool(const TimedLine &line)> &takes, const FoundLines &found);

} // namespace faultline
