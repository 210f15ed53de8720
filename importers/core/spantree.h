// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Spans of a source while they are being read: opens, closes, caps them.
class SpanTree
{
public:
    static constexpr size_t MostSpans = 100'000;
    static constexpr size_t MostNameBytes = 512; ///< Longer names are cut.
    static constexpr size_t MostWithFailures = 120'000;
    /// Sections within sections; what is opened deeper down is not kept.
    static constexpr size_t MostDepth = 100;

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

/// Steps that follow one another, as most CI systems write them: a new one ends the one before.
class StepList
{
public:
    explicit StepList(SpanTree &spans)
        : m_spans(spans)
    {
    }

    void begin(TextSink &sink, std::string_view name, const TextLine &line);
    /// The open step ends with this line; Unknown is Passed unless something said otherwise.
    void end(TextSink &sink, const TextLine &line, Outcome outcome = Outcome::Unknown);
    /// The same with the line before.
    void endBefore(TextSink &sink, const TextLine &line);
    /// The open step ended like that (the worst word counts) and, where stated, with that exit code: a fact of the step. Where none is
    /// open, the text begins inside one whose name is not known.
    void judge(TextSink &sink, const TextLine &line, Outcome outcome, const QByteArray &exitCode = {});
    /// The log stops: the open step has its last line, but an end only where an outcome was told.
    void stop(TextSink &sink, const TextLine &end);
    int current() const { return m_step; }
    /// The worst of all so far.
    Outcome worst() const { return m_worst; }

private:
    SpanTree &m_spans;
    int m_step = -1;
    Outcome m_worst = Outcome::Unknown;
};

/// A failure weighs more than a cancellation, which weighs more than success.
Outcome worse(Outcome a, Outcome b);

/// The job that holds all of a text up to `end`. Where its outcome is not known, the log stops without telling and the job has no end.
/// Gives its index, or -1.
int addJob(SpanTree &spans, TextSink &sink, const QByteArray &name, const TextLine &end, Outcome outcome);

/// The last line of a text with a time, for ending what is still open.
TextLine endOfText(LineReader &lines, const SourceEvidence &evidence);

} // namespace faultline
