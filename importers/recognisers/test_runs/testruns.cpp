// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/test_runs/testruns.h"

#include "importers/core/facts.h"
#include "importers/core/spantree.h"
#include "importers/recognisers/test_runs/testrunrules.h"
#include "models/core/views.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <array>
#include <charconv>

namespace faultline {

namespace {

constexpr size_t MostMarks = 20'000;

std::optional<double> numberOf(QByteArray text)
{
    text.removeIf([](char c) { return c == ','; }); // Surefire writes thousands apart
    double value = 0;
    const auto [end, error] = std::from_chars(text.constData(), text.constData() + text.size(), value);
    return error == std::errc() && end != text.constData() && value >= 0 && value < 1e10 ? std::optional(value)
                                                                                         : std::nullopt;
}

/// Out of the groups min, s and ms; nullopt where none took part.
std::optional<DurationNs> durationOf(const Fields &fields)
{
    std::optional<DurationNs> sum;
    const auto add = [&](QByteArrayView name, double unit) {
        if (const auto value = numberOf(fieldValue(fields, name)); value && *value * unit < 1e7)
            sum = sum.value_or(0) + fromSeconds(*value * unit);
    };
    add("min", 60);
    add("s", 1);
    add("ms", 0.001);
    return sum;
}

/// What runners call an outcome; a line that only what failed gets has no word for it.
Outcome outcomeOf(const Fields &fields)
{
    static constexpr std::array<std::string_view, 12> Passed{"PASSED", "passed", "Passed", "PASS", "ok", "OK",
                                                             "LEAK",   "bench",  ".",      "✓",    "✔",  "√"};
    static constexpr std::array<std::string_view, 14> Skipped{
        "SKIPPED", "Skipped", "skipped", "SKIP",     "XFAIL", "ignored", "expected failure",
        "S",       "○",       "Not Run", "Disabled", "RERUN", "XPASS",   "todo"};
    const QByteArray how = fieldValue(fields, "how");
    if (!fieldValue(fields, "skip").isEmpty() || std::ranges::find(Skipped, viewOf(how)) != Skipped.end())
        return Outcome::Skipped;
    return std::ranges::find(Passed, viewOf(how)) != Passed.end() ? Outcome::Passed : Outcome::Failed;
}

class TestRunsSession final : public RecogniserSession
{
public:
    explicit TestRunsSession(const std::deque<LazyCapturePattern> &patterns)
        : m_patterns(patterns)
    {
    }

    void trigger(int trigger, const TextLine &line, LineReader &, TextSink &sink) override
    {
        const auto index = static_cast<size_t>(trigger);
        const auto fields = m_patterns[index].get().match(
            QByteArrayView(line.payload.data(), static_cast<qsizetype>(line.payload.size())));
        if (!fields)
            return;
        const TestRunRule &rule = testRunRules()[index];
        Run &run = m_runs[static_cast<size_t>(rule.runner)];
        switch (rule.says) {
        case TestRunSays::RunBegins: beginRun(run, rule, *fields, line, sink); break;
        case TestRunSays::Closes:
            SpanTree::closeBefore(sink, run.section, line);
            run.section = -1;
            break;
        case TestRunSays::RunEnds: endRun(run, *fields, line, sink); break;
        case TestRunSays::Begins: begin(run, fieldValue(*fields, "test"), line, sink); break;
        case TestRunSays::Ends: end(run, rule.runner, *fields, line, sink); break;
        case TestRunSays::Marked: mark(*fields, line); break;
        case TestRunSays::Summary: believeMarks(run, line, sink); break;
        }
    }

    /// A log that breaks off: what had begun and not ended was running.
    void finish(LineReader &lines, TextSink &sink) override
    {
        if (lines.lineCount() < 1)
            return;
        for (Run &run : m_runs) {
            Span *span = SpanTree::at(sink, run.running);
            if (!span || !run.isOpen)
                continue;
            TextLine last;
            last.number = lines.lineCount();
            last.time = sink.evidence.last;
            addFact(sink, last, "test/" + span->name, "running", "true");
            span->lastLine = last.number;
        }
    }

private:
    /// Tests of one runner since its last run began.
    struct Run {
        int section = -1;
        int running = -1;    ///< The test that began last,
        bool isOpen = false; ///< and whether it has not ended.
        QHash<QByteArray, int> tests;
        QSet<QByteArray> numbers; ///< Of a runner that counts its tests.
    };
    struct Mark {
        QByteArray name;
        Outcome outcome = Outcome::Unknown;
        std::optional<DurationNs> took;
        qint64 line = 0;
        std::optional<SourceTime> time;
    };

    void beginRun(Run &run, const TestRunRule &rule, const Fields &fields, const TextLine &line, TextSink &sink)
    {
        const QByteArray stated = fieldValue(fields, "name");
        const bool hasFailed = !fieldValue(fields, "bad").isEmpty();
        if (const Span *open = SpanTree::at(sink, run.section); open && !stated.isEmpty() && open->name == stated) {
            // Gradle heads a task's output again to say that it failed.
            SpanTree::close(sink, run.section, line, hasFailed ? Outcome::Failed : Outcome::Unknown);
            return;
        }
        SpanTree::closeBefore(sink, run.section, line);
        run = {};
        run.section = m_spans.open(sink, SpanKind::Section, rule.name ? rule.name : viewOf(stated), line);
        if (Span *section = SpanTree::at(sink, run.section)) {
            section->outcome = hasFailed                              ? Outcome::Failed
                               : fieldValue(fields, "good").isEmpty() ? Outcome::Unknown
                                                                      : Outcome::Passed;
        }
        if (const auto took = durationOf(fields))
            startBefore(run.section, *took, line, sink);
    }

    static void endRun(Run &run, const Fields &fields, const TextLine &line, TextSink &sink)
    {
        Span *section = SpanTree::at(sink, run.section);
        const bool hasFailed = !fieldValue(fields, "bad").isEmpty() || (section && section->outcome == Outcome::Failed);
        SpanTree::close(sink, run.section, line, hasFailed ? Outcome::Failed : Outcome::Passed);
        if (const auto took = durationOf(fields))
            startBefore(run.section, *took, line, sink);
        run.section = -1; // the tests are kept: a summary may follow
        run.isOpen = false;
    }

    void begin(Run &run, const QByteArray &name, const TextLine &line, TextSink &sink)
    {
        if (name.isEmpty() || run.tests.contains(name))
            return;
        run.running = m_spans.open(sink, SpanKind::Test, viewOf(name), line, run.section);
        run.isOpen = run.running >= 0;
        remember(run, name, run.running);
    }

    /// Tests are counted from 1, those within another anew: a number out of the blue is another program's "ok 41 files".
    static bool isNextNumber(Run &run, const QByteArray &number)
    {
        constexpr qsizetype MostNumbers = 100'000;
        if (number.isEmpty())
            return true;
        const qint64 value = number.toLongLong();
        if (value != 1 && !run.numbers.contains(QByteArray::number(value - 1)))
            return false;
        if (run.numbers.size() < MostNumbers)
            run.numbers.insert(QByteArray::number(value));
        return true;
    }

    void end(Run &run, TestRunner runner, const Fields &fields, const TextLine &line, TextSink &sink)
    {
        const QByteArray name = fieldValue(fields, "test").trimmed();
        if (name.isEmpty() || !isNextNumber(run, fieldValue(fields, "number"))
            || (runner == TestRunner::Gotestsum && isKnownToGoTest(name, sink)))
            return;
        const Outcome outcome = runner == TestRunner::GoBench ? Outcome::Passed : outcomeOf(fields);
        const auto known = run.tests.constFind(name);
        const bool isNew = known == run.tests.constEnd();
        const int span = isNew ? m_spans.open(sink, SpanKind::Test, viewOf(name), line, run.section) : *known;
        if (isNew)
            remember(run, name, span);
        Span *test = SpanTree::at(sink, span);
        if (!test)
            return;
        const bool wasRunning = run.isOpen && run.running == span;
        if (!isNew && !wasRunning) {
            test->outcome = outcome; // told once more in a summary, or after another try
            return;
        }
        run.isOpen = run.isOpen && !wasRunning;
        SpanTree::close(sink, span, line, outcome);
        if (const auto took = durationOf(fields))
            startBefore(span, *took, line, sink);
        if (Span *section = SpanTree::at(sink, run.section); section && outcome == Outcome::Failed)
            section->outcome = Outcome::Failed;
    }

    /// The duration tells the start better than the line, which may have been held back.
    static void startBefore(int index, DurationNs took, const TextLine &line, TextSink &sink)
    {
        Span *span = SpanTree::at(sink, index);
        if (!span || !line.time)
            return;
        const SourceTime start = *line.time - took;
        if (!span->start || start < *span->start)
            span->start = start;
        if (!span->end)
            span->end = line.time;
    }

    static void remember(Run &run, const QByteArray &name, int span)
    {
        if (span >= 0)
            run.tests.insert(name, span);
    }

    /// gotestsum repeats what go test said of a test whose span is there already.
    static bool isKnownToGoTest(const QByteArray &name, TextSink &sink)
    {
        constexpr size_t MostBack = 2000;
        const auto &spans = sink.evidence.spans;
        const size_t first = spans.size() - std::min(spans.size(), MostBack);
        return std::any_of(spans.begin() + static_cast<std::ptrdiff_t>(first), spans.end(),
                           [&name](const Span &span) { return span.kind == SpanKind::Test && span.name == name; });
    }

    void mark(const Fields &fields, const TextLine &line)
    {
        if (m_marks.size() < MostMarks)
            m_marks.push_back(
                {fieldValue(fields, "test").left(512), outcomeOf(fields), durationOf(fields), line.number, line.time});
    }

    /// Only now is it known that the marks were tests'.
    void believeMarks(Run &run, const TextLine &summary, TextSink &sink)
    {
        for (const Mark &mark : m_marks) {
            TextLine line;
            line.number = mark.line;
            line.time = mark.time;
            const int span = m_spans.open(sink, SpanKind::Test, viewOf(mark.name), line);
            SpanTree::close(sink, span, line, mark.outcome);
            if (mark.took)
                startBefore(span, *mark.took, line, sink);
        }
        m_marks.clear();
        SpanTree::closeBefore(sink, run.section, summary);
        run = {};
    }

    const std::deque<LazyCapturePattern> &m_patterns;
    SpanTree m_spans;
    std::array<Run, TestRunnerCount> m_runs;
    std::vector<Mark> m_marks;
};

} // namespace

TestRunsRecogniser::TestRunsRecogniser()
{
    for (const TestRunRule &rule : testRunRules())
        m_patterns.emplace_back(rule.pattern);
}

bool TestRunsRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

std::vector<QByteArray> TestRunsRecogniser::triggers() const
{
    std::vector<QByteArray> triggers;
    for (const TestRunRule &rule : testRunRules())
        triggers.emplace_back(rule.trigger);
    return triggers;
}

std::unique_ptr<RecogniserSession> TestRunsRecogniser::open() const
{
    return std::make_unique<TestRunsSession>(m_patterns);
}

} // namespace faultline
