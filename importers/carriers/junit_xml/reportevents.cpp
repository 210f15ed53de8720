// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/junitreader.h"

#include "importers/core/facts.h"
#include "importers/core/wallclock.h"

#include <algorithm>

namespace faultline {

/// What the report broke off in was not finished.
void JunitReader::finishSpans()
{
    for (const Open &open : m_open) {
        if (Span *span = open.what == ReportElement::Problem ? nullptr : SpanTree::at(m_sink, open.span))
            span->lastLine = std::max(span->line, m_lines.lineCount());
    }
}

void JunitReader::addEvents()
{
    for (Problem &problem : m_failures) {
        TextLine line;
        line.number = problem.line;
        QByteArray payload;
        if (const auto read = m_lines.line(problem.line))
            payload = toBytes(read->payload, Event::MostEventText).trimmed();
        if (payload.isEmpty())
            payload = problem.message;
        line.payload = std::string_view(payload.constData(), static_cast<size_t>(payload.size()));
        Event &event = m_sink.addEvent(line, "test.fail.junit", Role::Symptom, Severity::Error);
        event.lastLine = std::min(problem.lastLine, std::max(problem.line, m_lines.lineCount()));
        event.time = problem.time;
        event.fields = {{"test", problem.test.isEmpty() ? problem.suite : problem.test},
                        {"suite", problem.suite},
                        {"message", problem.message},
                        {"type", problem.type}};
    }
}

/// What a test printed means that something failed only if the test did: a passed one may print any error it likes, and its errors are
/// dropped. Outside of tests only what is fatal counts.
void JunitReader::keepWhatFailed()
{
    struct Range {
        qint64 first;
        qint64 last;
        std::optional<SourceInterval> time;
    };
    std::vector<Range> failed;
    std::vector<std::pair<qint64, qint64>> tests;
    for (const Span &span : m_sink.evidence.spans) {
        if (span.kind == SpanKind::Test)
            tests.emplace_back(span.line, span.lastLine);
    }
    for (const Problem &problem : m_failures) {
        const Span *span = SpanTree::at(m_sink, problem.span);
        failed.push_back({span ? span->line : problem.line, span ? span->lastLine : problem.lastLine, problem.time});
    }
    std::ranges::sort(failed, {}, &Range::first);
    std::ranges::sort(tests);
    std::erase_if(m_sink.evidence.events, [&](Event &event) {
        if (event.signature == "test.fail.junit")
            return false;
        auto range = std::ranges::upper_bound(failed, event.line, {}, &Range::first);
        const bool isIn = range != failed.begin() && std::prev(range)->last >= event.line;
        auto test = std::ranges::upper_bound(tests, event.line, {}, [](const auto &t) { return t.first; });
        const bool isInTest = test != tests.begin() && std::prev(test)->second >= event.line;
        if (isIn && !event.time)
            event.time = std::prev(range)->time;
        if (event.role == Role::End || (!isIn && event.severity != Severity::Fatal))
            event.role = Role::Context;
        return !isIn && isInTest;
    });
}

void JunitReader::describe()
{
    SourceEvidence &evidence = m_sink.evidence;
    for (const Span &span : evidence.spans) {
        if (span.start && (!evidence.first || *span.start < *evidence.first))
            evidence.first = span.start;
        const auto end = span.end ? span.end : span.start;
        if (end && (!evidence.last || *evidence.last < *end))
            evidence.last = end;
    }
    evidence.basis = !evidence.first       ? TimeBasis::None
                     : !m_zone             ? TimeBasis::Local
                     : m_zone.value() == 0 ? TimeBasis::Utc
                                           : TimeBasis::Zoned;
    if (m_zone)
        evidence.zone = zoneText(*m_zone);
    TextLine line;
    line.number = 1;
    const auto add = [&](const char *key, int count) {
        addFact(m_sink, line, "tests", key, QByteArray::number(count));
    };
    add("run", m_tests);
    add("failed", m_failed);
    add("skipped", m_skipped);
}

} // namespace faultline
