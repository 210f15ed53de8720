// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/runends.h"

#include <algorithm>

namespace faultline {

namespace {

const Span *failedSpan(const SourceEvidence &evidence)
{
    std::vector<const Span *> passedJobs;
    for (const Span &span : evidence.spans) {
        if (span.kind == SpanKind::Job && span.outcome == Outcome::Passed)
            passedJobs.push_back(&span);
    }
    constexpr size_t MostJobs = 1000; // of one file; more are not worth the look
    if (passedJobs.size() > MostJobs)
        return nullptr;
    const auto isInPassedJob = [&passedJobs](const Span &step) {
        return std::ranges::any_of(
            passedJobs, [&step](const Span *job) { return job->line <= step.line && job->lastLine >= step.line; });
    };
    for (const SpanKind kind : {SpanKind::Step, SpanKind::Job}) {
        for (const Outcome outcome : {Outcome::Failed, Outcome::Cancelled}) {
            const Span *first = nullptr;
            for (const Span &span : evidence.spans) {
                if (span.kind == kind && span.outcome == outcome && (!first || span.line < first->line)
                    && !isInPassedJob(span))
                    first = &span;
            }
            if (first)
                return first;
        }
    }
    return nullptr;
}

/// The last line of the step that its CI system or program calls an error; else its last line.
TimedLine lineThatSaysSo(const SourceEvidence &evidence, const Span &span)
{
    constexpr qint64 LookBack = 200;
    const qint64 last = std::max(span.line, span.lastLine);
    const qint64 first = std::max(span.line, last - LookBack + 1);
    std::vector<TimedLine> lines = decodeLines(evidence, first, last - first + 1);
    const auto error =
        std::find_if(lines.rbegin(), lines.rend(), [](const TimedLine &line) { return line.level >= Severity::Error; });
    if (error != lines.rend())
        return std::move(*error);
    return lines.empty() ? TimedLine{} : std::move(lines.back());
}

} // namespace

std::optional<ToldEnd> endToldBySpans(const SourceEvidence &evidence)
{
    const Span *span = failedSpan(evidence);
    if (!span || !evidence.text)
        return std::nullopt;
    ToldEnd end;
    end.cancelled = span->outcome == Outcome::Cancelled;
    end.firstLine = span->line;
    TimedLine line;
    for (const Fact &fact : evidence.facts) {
        const bool isStep =
            fact.subject == (span->kind == SpanKind::Job ? QByteArray("job") : QByteArray("step/" + span->name));
        if (fact.key != "exitCode" || !isStep || fact.value == "0" || fact.line < span->line)
            continue;
        end.exitCode = fact.value.toLongLong();
        if (auto lines = decodeLines(evidence, fact.line, 1); !lines.empty())
            line = std::move(lines.front());
    }
    if (!end.exitCode)
        line = lineThatSaysSo(evidence, *span);
    end.event.line = std::max<qint64>(1, line.raw.number);
    end.event.lastLine = end.event.line;
    end.event.text = line.text;
    end.event.role = Role::End;
    end.event.severity = Severity::Error;
    if (line.time)
        end.event.time = SourceInterval{*line.time, *line.time};
    else if (span->end)
        end.event.time = SourceInterval{*span->end, *span->end};
    return end;
}

LastWords lastWordsBefore(const SourceEvidence &evidence, qint64 first, qint64 end)
{
    constexpr qint64 LookBack = 60;
    constexpr qint64 MostLines = 5;
    LastWords words;
    qint64 last = end - 1;
    first = std::max({first, end - LookBack, qint64{1}});
    if (last < first)
        return words;
    const std::vector<TimedLine> lines = decodeLines(evidence, first, last - first + 1);
    const auto isBlank = [](const TimedLine &line) { return line.text.trimmed().isEmpty(); };
    // A CI system's own words are none; a command of several lines is quoted whole before its exit code (Travis).
    const auto isOwn = [](const TimedLine &line) {
        return line.text.startsWith("##[") || line.text.startsWith("[Pipeline]");
    };
    const auto text = [&](qint64 number) -> const TimedLine & { return lines[static_cast<size_t>(number - first)]; };
    if (std::cmp_not_equal(lines.size(), last - first + 1))
        return words;
    for (qint64 quote = last; quote >= first; --quote) {
        if (text(quote).text.startsWith("The command \"") && text(quote).text.count('"') == 1)
            last = quote - 1;
    }
    while (last >= first && (isBlank(text(last)) || isOwn(text(last))))
        --last;
    if (last < first)
        return words;
    words.lastLine = last;
    for (words.line = last; words.line > first && last - words.line + 1 < MostLines; --words.line) {
        if (isBlank(text(words.line - 1)) || isOwn(text(words.line - 1)))
            break;
    }
    words.time = text(words.line).time;
    for (qint64 number = words.line; number <= last; ++number)
        words.text += (words.text.isEmpty() ? QByteArray() : QByteArray("\n")) + text(number).text;
    return words;
}

} // namespace faultline
