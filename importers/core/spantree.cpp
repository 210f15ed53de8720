// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/spantree.h"

#include <QCoreApplication>

namespace faultline {

namespace {
constexpr size_t MostNameBytes = 512;
}

int SpanTree::open(TextSink &sink, SpanKind kind, std::string_view name, const TextLine &line, int parent,
                   bool mustKeep)
{
    auto &spans = sink.evidence.spans;
    if (spans.size() >= (mustKeep ? MostWithFailures : MostSpans)) {
        if (!std::exchange(m_isFull, true))
            sink.note(Severity::Warning, Code::LimitReached, line,
                      QCoreApplication::translate("faultline::SpanTree",
                                                  "More than %1 steps and tests; from here on they are not kept")
                          .arg(MostSpans));
        return -1;
    }
    Span span;
    span.kind = kind;
    span.parent = parent;
    span.name = QByteArray(name.data(), static_cast<qsizetype>(std::min(name.size(), MostNameBytes)));
    span.start = line.time;
    span.line = line.number;
    span.lastLine = line.number;
    spans.push_back(std::move(span));
    return static_cast<int>(spans.size()) - 1;
}

Span *SpanTree::at(TextSink &sink, int span)
{
    return span < 0 || std::cmp_greater_equal(span, sink.evidence.spans.size())
               ? nullptr
               : &sink.evidence.spans[static_cast<size_t>(span)];
}

void SpanTree::close(TextSink &sink, int span, const TextLine &line, Outcome outcome)
{
    Span *open = at(sink, span);
    if (!open)
        return;
    open->end = line.time;
    open->lastLine = std::max(open->line, line.number);
    if (outcome != Outcome::Unknown)
        open->outcome = outcome;
}

void SpanTree::closeBefore(TextSink &sink, int span, const TextLine &line, Outcome outcome)
{
    close(sink, span, line, outcome);
    if (Span *closed = at(sink, span))
        closed->lastLine = std::max(closed->line, line.number - 1);
}

TextLine endOfText(LineReader &lines, const SourceEvidence &evidence)
{
    TextLine end;
    end.number = std::max<qint64>(1, lines.lineCount());
    if (const auto line = lines.line(lines.lineCount())) {
        end.byteOffset = line->byteOffset;
        end.time = line->time;
    }
    if (!end.time)
        end.time = evidence.last;
    return end;
}

} // namespace faultline
