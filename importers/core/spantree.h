// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Spans of a source while they are being read: opens, closes, caps them.
class SpanTree
{
public:
    static constexpr size_t MostSpans = 100'000;
    static constexpr size_t MostWithFailures = 120'000;

    /// Opens a span at the line; its index in evidence.spans, or -1 past the cap (said by a note). What failed (`mustKeep`) has a cap of
    /// its own.
    int open(TextSink &sink, SpanKind kind, std::string_view name, const TextLine &line, int parent = -1,
             bool mustKeep = false);
    /// Ends it at the line, which belongs to it; -1 is let pass. Outcome Unknown leaves the span's own.
    static void close(TextSink &sink, int span, const TextLine &line, Outcome outcome = Outcome::Unknown);
    /// Ends it with the line before `line`.
    static void closeBefore(TextSink &sink, int span, const TextLine &line, Outcome outcome = Outcome::Unknown);
    static Span *at(TextSink &sink, int span);

private:
    bool m_isFull = false;
};

/// The last line of a text with a time, for ending what is still open.
TextLine endOfText(LineReader &lines, const SourceEvidence &evidence);

} // namespace faultline
