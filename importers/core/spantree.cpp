// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/spantree.h"

#include "importers/core/facts.h"
#include "models/bytes/largepages.h"
#include "models/core/translate.h"

namespace faultline {

namespace {

/// So many spans, and there will be many more: room for all, of which only what is filled takes memory.
constexpr size_t ManySpans = 4096;

void growAtOnce(std::vector<Span> &spans)
{
    if (spans.size() < ManySpans || spans.capacity() >= SpanTree::MostWithFailures)
        return;
    spans.reserve(SpanTree::MostWithFailures);
    preferLargePages(spans.data() + spans.size(), (spans.capacity() - spans.size()) * sizeof(Span));
}

} // namespace

int SpanTree::open(TextSink &sink, SpanKind kind, std::string_view name, const TextLine &line, int parent,
                   bool mustKeep)
{
    auto &spans = sink.evidence.spans;
    if (spans.size() >= (mustKeep ? MostWithFailures : MostSpans)) {
        if (!std::exchange(m_isFull, true))
            sink.note(Severity::Warning, Code::LimitReached, line,
                      tr("More than %1 steps and tests; from here on they are not kept").arg(MostSpans));
        return -1;
    }
    Span span;
    span.kind = kind;
    span.parent = parent;
    span.name = QByteArray(name.data(), static_cast<qsizetype>(std::min(name.size(), MostNameBytes)));
    span.start = line.time;
    span.line = line.number;
    span.lastLine = line.number;
    growAtOnce(spans);
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

void StepList::begin(TextSink &sink, std::string_view name, const TextLine &line)
{
    endBefore(sink, line);
    m_step = m_spans.open(sink, SpanKind::Step, name, line);
}

void StepList::end(TextSink &sink, const TextLine &line, Outcome outcome)
{
    if (Span *step = SpanTree::at(sink, m_step)) {
        step->outcome = worse(step->outcome, outcome == Outcome::Unknown ? Outcome::Passed : outcome);
        m_worst = worse(m_worst, step->outcome);
    }
    SpanTree::close(sink, std::exchange(m_step, -1), line);
}

void StepList::endBefore(TextSink &sink, const TextLine &line)
{
    const int step = m_step;
    end(sink, line);
    if (Span *ended = SpanTree::at(sink, step))
        ended->lastLine = std::max(ended->line, line.number - 1);
}

void StepList::judge(TextSink &sink, const TextLine &line, Outcome outcome, const QByteArray &exitCode)
{
    if (m_step < 0)
        m_step = m_spans.open(sink, SpanKind::Step, {}, line);
    m_worst = worse(m_worst, outcome);
    Span *step = SpanTree::at(sink, m_step);
    if (!step)
        return;
    step->outcome = worse(step->outcome, outcome);
    if (!exitCode.isEmpty())
        addFact(sink, line, "step/" + step->name, "exitCode", exitCode);
}

void StepList::stop(TextSink &sink, const TextLine &end)
{
    Span *step = SpanTree::at(sink, std::exchange(m_step, -1));
    if (!step)
        return;
    step->lastLine = std::max(step->line, end.number);
    if (step->outcome != Outcome::Unknown)
        step->end = end.time;
}

Outcome worse(Outcome a, Outcome b)
{
    const auto rank = [](Outcome outcome) {
        return outcome == Outcome::Failed ? 3 : outcome == Outcome::Cancelled ? 2 : outcome == Outcome::Passed ? 1 : 0;
    };
    return rank(a) >= rank(b) ? a : b;
}

int addJob(SpanTree &spans, TextSink &sink, const QByteArray &name, const TextLine &end, Outcome outcome)
{
    TextLine first;
    first.number = 1;
    first.time = sink.evidence.first;
    const int job =
        spans.open(sink, SpanKind::Job, std::string_view(name.constData(), static_cast<size_t>(name.size())), first);
    SpanTree::close(sink, job, end, outcome);
    if (Span *span = SpanTree::at(sink, job); span && outcome == Outcome::Unknown)
        span->end.reset();
    return job;
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
