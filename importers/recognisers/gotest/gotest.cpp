// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/recognisers/gotest/gotest.h"

#include "importers/core/facts.h"
#include "importers/core/spantree.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <charconv>

namespace faultline {

namespace {

constexpr bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

// Not by find_first_of(), which calls memchr() for each byte: a log may hold millions of these lines.
std::string_view withoutIndent(std::string_view text)
{
    const auto from = std::ranges::find_if_not(text, isBlank);
    return text.substr(static_cast<size_t>(from - text.begin()));
}

QByteArrayView viewOf(std::string_view text)
{
    constexpr size_t MostNameBytes = 512;
    return QByteArrayView(text.data(), static_cast<qsizetype>(std::min(text.size(), MostNameBytes)));
}

std::string_view firstWord(std::string_view text)
{
    text = withoutIndent(text);
    const auto end = std::ranges::find_if(text, isBlank);
    return text.substr(0, static_cast<size_t>(end - text.begin()));
}

/// Seconds out of "0.31s", "(0.31s)", "(0.06 seconds)"; nullopt for "(cached)" and the like.
std::optional<DurationNs> durationOf(std::string_view text)
{
    text = withoutIndent(text);
    if (text.starts_with('('))
        text.remove_prefix(1);
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    const std::string_view unit = withoutIndent(text.substr(static_cast<size_t>(end - text.data())));
    if (error != std::errc() || !unit.starts_with('s') || seconds < 0 || seconds > 1e7)
        return std::nullopt;
    return fromSeconds(seconds);
}

class GoTestSession final : public RecogniserSession
{
    enum Trigger { Begin, Result, Package, TimedOut };

public:
    void trigger(int trigger, const TextLine &line, LineReader &lines, TextSink &sink) override
    {
        switch (trigger) {
        case Begin: begin(line, sink); break;
        case Result: result(line, sink); break;
        case Package: package(line, sink); break;
        case TimedOut: timedOut(line, lines, sink); break;
        default: break;
        }
    }

    void finish(LineReader &lines, TextSink &sink) override
    {
        if (m_tests.empty() || lines.lineCount() < 1)
            return;
        // The binary ran by itself, or the log breaks off: what had no result was running at the last thing a test said.
        TextLine last;
        last.number = m_lastLine;
        last.time = m_lastTime;
        for (const QByteArray &name : openTests()) {
            const Test &test = *m_tests.constFind(name);
            if (!test.isPaused)
                addRunning(name, "true", last, sink);
            if (Span *span = SpanTree::at(sink, test.span))
                span->lastLine = std::max(span->lastLine, m_lastLine);
        }
    }

private:
    struct Test {
        int span = -1;
        bool isPaused = false;
        bool isParallel = false; ///< It was paused before; others run beside it.
        bool isOver = false;     ///< Its result comes with its parent's, but a sibling has begun since.
        QByteArray lastChild{};  ///< The subtest that began last.
    };

    /// Without a result and, as far as one can tell, not over; in order of their names.
    QList<QByteArray> openTests() const
    {
        QList<QByteArray> names;
        for (auto test = m_tests.cbegin(); test != m_tests.cend(); ++test) {
            if (!test->isOver)
                names.push_back(test.key());
        }
        std::ranges::sort(names);
        return names;
    }

    void said(const TextLine &line)
    {
        m_lastLine = line.number;
        m_lastTime = line.time;
        if (m_firstLine == 0) {
            m_firstLine = line.number;
            m_firstTime = line.time;
        }
    }

    /// testing.go: "=== RUN   TestX", "=== PAUSE TestX", "=== CONT  TestX", "=== NAME  TestX"
    void begin(const TextLine &line, TextSink &sink)
    {
        if (!line.payload.starts_with("=== "))
            return;
        said(line);
        const std::string_view word = firstWord(line.payload.substr(4));
        const QByteArrayView name =
            viewOf(firstWord(line.payload.substr(std::min(line.payload.size(), 4 + word.size()))));
        if (name.isEmpty())
            return;
        if (word == "RUN") {
            run(name, line, sink);
            return;
        }
        const auto known = m_tests.find(name);
        if (known == m_tests.end() || word == "NAME")
            return;
        known->isPaused = word == "PAUSE";
        known->isParallel = true;
    }

    void run(QByteArrayView name, const TextLine &line, TextSink &sink)
    {
        constexpr qsizetype MostOpen = 200'000;
        if (m_tests.size() >= MostOpen)
            m_tests.clear(); // hardly a log of go test
        const QByteArray key = name.toByteArray();
        int parent = -1;
        if (const auto slash = name.lastIndexOf('/'); slash >= 0) {
            const auto above = m_tests.find(name.first(slash));
            if (above != m_tests.end()) {
                parent = above->span;
                // Subtests run one after another unless they are parallel; the one before has ended, though its result is not told yet.
                const QByteArray before = std::exchange(above->lastChild, key);
                if (const auto sibling = m_tests.find(before); sibling != m_tests.end() && !sibling->isParallel) {
                    sibling->isOver = true;
                    SpanTree::closeBefore(sink, sibling->span, line);
                }
            }
        }
        m_tests.insert(key, {openTest(name, parent, line, sink)});
    }

    int openTest(QByteArrayView name, int parent, const TextLine &line, TextSink &sink, bool mustKeep = false)
    {
        const int span =
            m_spans.open(sink, SpanKind::Test, std::string_view(name.data(), static_cast<size_t>(name.size())), line,
                         parent, mustKeep);
        if (span >= 0)
            m_inPackage.push_back(span);
        return span;
    }

    int parentOf(QByteArrayView name) const
    {
        const auto slash = name.lastIndexOf('/');
        const auto above = slash < 0 ? m_tests.end() : m_tests.find(name.first(slash));
        return above == m_tests.end() ? -1 : above->span;
    }

    /// testing.go: "    --- FAIL: TestX/sub (0.31s)", before Go 1.4 "(0.06 seconds)"
    void result(const TextLine &line, TextSink &sink)
    {
        const std::string_view text = withoutIndent(line.payload);
        if (!text.starts_with("--- ") || text.size() < 11)
            return;
        const std::string_view word = text.substr(4, 4);
        const Outcome outcome = word == "PASS"   ? Outcome::Passed
                                : word == "FAIL" ? Outcome::Failed
                                : word == "SKIP" ? Outcome::Skipped
                                                 : Outcome::Unknown;
        if (outcome == Outcome::Unknown || text.substr(8, 2) != ": ")
            return;
        said(line);
        const std::string_view rest = text.substr(10);
        const size_t paren = rest.rfind(" (");
        const QByteArrayView name = viewOf(withoutIndent(rest.substr(0, paren)));
        if (name.isEmpty())
            return;
        const auto known = m_tests.find(name);
        const bool isKnown = known != m_tests.end();
        int span = isKnown ? known->span : -1;
        if (span < 0)
            span = openTest(name, parentOf(name), line, sink, outcome == Outcome::Failed);
        const Span *before = SpanTree::at(sink, span);
        const auto ended = isKnown && known->isOver && before ? before->end : std::nullopt;
        SpanTree::close(sink, span, line, outcome);
        if (ended)
            SpanTree::at(sink, span)->end = ended;
        else if (const auto elapsed =
                     paren == std::string_view::npos ? std::nullopt : durationOf(rest.substr(paren + 1)))
            startBefore(span, *elapsed, sink);
        if (isKnown)
            m_tests.erase(known);
    }

    /// Output may come all at once when a package ends; the duration tells the start better than the line of the start then.
    static void startBefore(int index, DurationNs elapsed, TextSink &sink)
    {
        Span *span = SpanTree::at(sink, index);
        if (!span || !span->end)
            return;
        const SourceTime start = *span->end - elapsed;
        if (!span->start || start < *span->start)
            span->start = start;
    }

    /// cmd/go: "ok  \tpkg\t0.002s", "FAIL\tpkg\t13.513s", "FAIL\tpkg [build failed]", "ok  \tpkg\t(cached)", "?   \tpkg\t[no test files]"
    void package(const TextLine &line, TextSink &sink)
    {
        const std::string_view text = line.payload;
        const bool isOk = text.starts_with("ok ") || text.starts_with("ok\t");
        const bool isFail = text.starts_with("FAIL\t") || text.starts_with("FAIL ");
        if (!isOk && !isFail)
            return;
        const std::string_view rest = withoutIndent(text.substr(isOk ? 2 : 4));
        const std::string_view name = firstWord(rest);
        const std::string_view tail = withoutIndent(rest.substr(std::min(rest.size(), name.size())));
        const auto elapsed = durationOf(tail);
        if (name.empty() || (!elapsed && !tail.starts_with('[') && !tail.starts_with("(cached)")))
            return;
        const int span = m_spans.open(sink, SpanKind::Section, name, line);
        SpanTree::close(sink, span, line, isOk ? Outcome::Passed : Outcome::Failed);
        if (Span *section = SpanTree::at(sink, span)) {
            if (m_firstLine > 0)
                section->line = m_firstLine;
            if (m_firstTime)
                section->start = m_firstTime;
        }
        if (elapsed)
            startBefore(span, *elapsed, sink);
        for (const int test : m_inPackage) {
            if (Span *inner = SpanTree::at(sink, test); inner && inner->parent < 0)
                inner->parent = span;
        }
        for (const QByteArray &test : openTests()) {
            const Test &state = *m_tests.constFind(test);
            if (isFail && !state.isPaused)
                addRunning(test, "true", line, sink);
            SpanTree::close(sink, state.span, line, isFail && !state.isPaused ? Outcome::Failed : Outcome::Unknown);
        }
        m_tests.clear();
        m_running.clear();
        m_inPackage.clear();
        m_firstLine = 0;
        m_firstTime.reset();
    }

    /// testing.go, startAlarm: "panic: test timed out after 20s", "\trunning tests:", "\t\tTestX (20s)"
    void timedOut(const TextLine &line, LineReader &lines, TextSink &sink)
    {
        constexpr int MostRunning = 1000;
        if (!line.payload.starts_with("panic: test timed out after "))
            return;
        said(line);
        TextLine panic = line; // its views end with the next line read
        panic.raw = {};
        panic.payload = {};
        bool isList = false;
        for (qint64 number = line.number + 1; number <= line.number + MostRunning; ++number) {
            const auto next = lines.line(number);
            if (!next)
                return;
            const std::string_view text = withoutIndent(next->payload);
            if (text.starts_with("running tests:")) {
                isList = true;
                continue;
            }
            const size_t paren = text.rfind(" (");
            if (!isList || paren == std::string_view::npos || !text.ends_with(')') || !next->payload.starts_with('\t'))
                return;
            const QByteArray name = toBytes(text.substr(0, paren));
            panic.number = number;
            addRunning(name, toBytes(text.substr(paren + 2, text.size() - paren - 3)), panic, sink);
        }
    }

    void addRunning(const QByteArray &test, const QByteArray &howLong, const TextLine &line, TextSink &sink)
    {
        constexpr size_t MostFacts = 10'000;
        if (sink.evidence.facts.size() >= MostFacts || m_running.contains(test))
            return;
        m_running.insert(test);
        addFact(sink, line, "test/" + test, "running", howLong);
    }

    SpanTree m_spans;
    QHash<QByteArray, Test> m_tests; ///< Begun and without a result.
    QSet<QByteArray> m_running;      ///< Of the package in hand: said to be running.
    std::vector<int> m_inPackage;
    qint64 m_firstLine = 0; ///< Of the package in hand.
    std::optional<SourceTime> m_firstTime;
    qint64 m_lastLine = 0;
    std::optional<SourceTime> m_lastTime;
};

} // namespace

bool GoTestRecogniser::appliesTo(SourceKind kind) const
{
    return kind == SourceKind::CiLog || kind == SourceKind::TestOutput || kind == SourceKind::Log;
}

std::vector<QByteArray> GoTestRecogniser::triggers() const
{
    return {"=== (?:RUN|PAUSE|CONT|NAME) ",
            "--- (?:PASS|FAIL|SKIP): ", "(?:ok|FAIL)[ \\t]+[^ \\t]+[ \\t]+(?:[0-9]+\\.[0-9]+s|\\(cached\\)|\\[)",
            "panic: test timed out after "};
}

std::unique_ptr<RecogniserSession> GoTestRecogniser::open() const
{
    return std::make_unique<GoTestSession>();
}

} // namespace faultline
