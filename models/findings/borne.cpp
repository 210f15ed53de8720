// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/borne.h"

#include "models/bytes/linewalker.h"
#include "models/core/sidebyside.h"
#include "models/core/views.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <cstring>
#include <ranges>
#include <set>
#include <span>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isTrouble(const Event &event)
{
    return (event.role == Role::Symptom || event.role == Role::Cause) && event.severity >= Severity::Error;
}

/// A verdict, and what ends the process or its test whatever the test's own lines say.
bool isVerdict(const Event &event)
{
    const QByteArray &id = event.signature;
    return id.startsWith("test.") || id.startsWith("go.test") || id.startsWith("go.fail") || id.startsWith("go.race")
           || id.startsWith("go.data_race") || id.startsWith("go.goleak") || id.startsWith("build.")
           || id == "crash.sanitizer" || id.startsWith("cov.");
}

/// Tests that passed and the rest, each by their first line.
class TestSpans
{
public:
    explicit TestSpans(const SourceEvidence &source)
    {
        for (const Span &span : source.spans)
            if (span.kind == SpanKind::Test && span.line > 0 && span.lastLine > span.line)
                (span.outcome == Outcome::Passed ? m_passed : m_others).push_back({span.line, span.lastLine});
        for (const Span &span : source.spans)
            if (span.kind == SpanKind::Test && isUnique(span.name))
                noteLast(span);
        notePassedSections(source);
        std::ranges::sort(m_passed);
        std::ranges::sort(m_others);
    }

    bool isEmpty() const { return m_passed.empty(); }

    /// Inside a test that passed and, since tests that run side by side mix their lines, of no other.
    bool holdsOnlyPassed(qint64 line) const { return holds(m_passed, line) && !holds(m_others, line); }

    /// Whether the test's last try passed, and this line is of an earlier one.
    bool passedLater(const QByteArray &test, qint64 line) const
    {
        const auto last = isUnique(test) ? m_last.constFind(bareName(test)) : m_last.constEnd();
        return last != m_last.constEnd() && last->outcome == Outcome::Passed && last->line >= line;
    }

private:
    using Range = std::pair<qint64, qint64>;
    struct LastTry {
        qint64 line = 0;
        Outcome outcome = Outcome::Unknown;
    };

    /// What a test runner itself says went well, with all that it printed between its tests and below them.
    void notePassedSections(const SourceEvidence &source)
    {
        std::set<int> withTests;
        for (const Span &span : source.spans)
            if (span.kind == SpanKind::Test && span.parent >= 0)
                withTests.insert(span.parent);
        for (const int index : withTests) {
            const Span &section = source.spans[static_cast<size_t>(index)];
            if (section.kind == SpanKind::Section && section.outcome == Outcome::Passed
                && section.lastLine > section.line)
                m_passed.push_back({section.line, section.lastLine});
        }
    }

    /// A name with its class or file: "TestNew" alone is a test of many packages.
    static bool isUnique(const QByteArray &name)
    {
        return name.contains(' ') || name.contains('/') || name.contains("::") || name.contains('.');
    }

    /// XCTest writes "-[Class test]" where its assertions say "Class test".
    static QByteArray bareName(const QByteArray &name)
    {
        const bool isObjC = name.startsWith("-[") && name.endsWith(']');
        return isObjC ? name.sliced(2).chopped(1) : name;
    }

    void noteLast(const Span &span)
    {
        LastTry &last = m_last[bareName(span.name)];
        const qint64 line = std::max(span.line, span.lastLine);
        if (line >= last.line)
            last = {line, span.outcome};
    }

    static bool holds(const std::vector<Range> &ranges, qint64 line)
    {
        constexpr int MostSteps = 200;
        auto it =
            std::ranges::upper_bound(ranges, Range{line, 0}, {}, [](const Range &r) { return Range{r.first, 0}; });
        for (int step = 0; it != ranges.begin() && step < MostSteps; ++step)
            if ((--it)->second >= line)
                return true;
        return false;
    }

    std::vector<Range> m_passed;
    std::vector<Range> m_others;
    QHash<QByteArray, LastTry> m_last; ///< Of tests with unique names.
};

QString headOf(const Event &event, qsizetype most)
{
    return QString::fromUtf8(event.text.first(std::min(event.text.size(), most)));
}

/// What a line itself says that makes it no failure's, in its first characters.
constexpr qsizetype MostHarmlessHead = 600;
struct HarmlessWords {
    qsizetype within; ///< At most MostHarmlessHead.
    QRegularExpression words;
};

const std::vector<HarmlessWords> &harmlessWords()
{
    static const std::vector<HarmlessWords> all{
        // Quoted: a commit's message, a command that is echoed.
        {80,
         QRegularExpression(
             u"^(?:HEAD is now at [0-9a-f]{3,}|Commit message: |##\\[group\\]|(?:\\+ )?(?:if )?(?:echo|printf|grep|egrep|rg) |Checking out [0-9a-f]{7,})"_s)},
        // A runner's mark or word that this very test passed: its name may be of any trouble.
        {500,
         QRegularExpression(
             u"^\\s*(?:[✓✔√] |\\[ +OK +\\]|ok \\d+\\b|PASS(?:ED)?\\b)|(?:\\.\\.\\. ok|\\bPASSED(?: +\\[ *\\d+%\\])?)\\s*$"_s)},
        // A test that failed, as list reporters name it: what its name speaks of is not why.
        {300,
         QRegularExpression(u"^\\s*(?:[✘✖✗×] +(?:\\d+ )?\\[?[\\w-]+\\]? › |not ok \\d+ |\\[ +FAILED +\\] |● .+ › )"_s)},
        // What an assertion holds against each other, and code that hopes for an error.
        {500,
         QRegularExpression(
             u"^\\s*(?:left|right|[Ee]xpected|[Aa]ctual|[Gg]ot|[Ww]ant|Received):\\s|\\b(?:raise_error|pytest\\.raises|assertRaises\\w*|assert_raises|toThrow\\w*|assertThrows)\\b"_s)},
        // Python's warnings ("a.py:6: RuntimeWarning: …") go on, and so does webpack without its watcher.
        {300, QRegularExpression(u"^\\s*\\S+\\.py:\\d+: \\w*Warning: |\\bWatchpack Error \\(watcher\\)"_s)},
        // Trouble that says of itself that it is made for a test.
        {MostHarmlessHead,
         QRegularExpression(
             u"\\((?:simulated|expected|injected|mocked|faked?|intentional(?:ly)?|on purpose)\\)|\\bsimulated\\b|\\binjected (?:error|failure|fault|crash|outage)\\b"_s,
             QRegularExpression::CaseInsensitiveOption)},
        // "2026-01-02 WARN …", "WARNING  store:store.py:88 …", "level=info …"; not "WARNING: DATA RACE", which is a heading.
        {200,
         QRegularExpression(
             u"^(?:[\\d:.,TZ/+-]+ ){0,2}(?:\\[?(?:WARN|WARNING|INFO|DEBUG|TRACE)\\]?(?: +\\S|\\s*\\[)|\\[(?:warn|warning|notice|info|debug|trace)\\] )|\\blevel=\"?(?:warn|warning|info|debug|trace)\\b"_s)},
    };
    return all;
}

bool saysThatItIsHarmless(const Event &event)
{
    const QString head = headOf(event, MostHarmlessHead);
    return std::ranges::any_of(harmlessWords(), [&head](const HarmlessWords &one) {
        QStringView part = QStringView(head).left(one.within);
        if (!part.isEmpty() && part.back().isHighSurrogate())
            part.chop(1); // half a character is no text to match
        return one.words.matchView(part).hasMatch();
    });
}

/// The texts of those of up to `count` lines from line `first` on whose bytes hold `word`; the others, which are many, are not decoded.
std::vector<QByteArray> textsWith(std::string_view word, const SourceEvidence &source, qint64 first, qint64 count)
{
    std::vector<QByteArray> texts;
    if (!source.text || !source.decoder)
        return texts;
    const qint64 last = std::min(first + count - 1, source.lineCount()); // the file may have grown since
    const TextBlock from = source.text->blockOf(first);
    LineWalker walker(source.text->bytes(), from.byteOffset, from.firstLine, TextStore::MostLineBytes);
    while (walker.number() < last && walker.next()) {
        const std::string_view bytes = walker.bytes();
        if (walker.number() >= first && ::memmem(bytes.data(), bytes.size(), word.data(), word.size()))
            texts.push_back(withoutTerminalControl(source.decoder->decode(bytes, walker.byteOffset()).payload));
    }
    return texts;
}

/// A line that a diff takes out or puts in, as `--diff` and `git diff` print them.
bool isOfDiff(const SourceEvidence &source, const Event &event)
{
    constexpr qint64 LookBack = 60;
    if (event.text.size() < 2 || (event.text[0] != '+' && event.text[0] != '-') || event.text[1] == ' ')
        return false;
    const qint64 first = std::max<qint64>(1, event.line - LookBack);
    return std::ranges::any_of(textsWith("@@ -", source, first, event.line - first),
                               [](const QByteArray &text) { return text.startsWith("@@ -"); });
}

/// RSpec's documentation names the examples that passed, indented and unmarked; those that failed bear a mark.
bool isNameOfExample(const SourceEvidence &source, const Event &event)
{
    constexpr qint64 MostLines = 400;
    static const QRegularExpression name(u"^ {2,}\\w[^:;()\"=/]*$"_s);
    static const QRegularExpression summary(u"^\\d+ examples?, \\d+ failures?"_s);
    if (!name.match(headOf(event, 200)).hasMatch())
        return false;
    return std::ranges::any_of(textsWith(" example", source, event.line + 1, MostLines), [](const QByteArray &text) {
        return summary.match(QString::fromUtf8(text.left(80))).hasMatch();
    });
}

/// The lines before an event and behind it, read once for all that asks for them.
class Surroundings
{
public:
    static constexpr qint64 LinesBefore = 12;
    static constexpr qint64 LinesAfter = 4;

    Surroundings(const SourceEvidence &source, const Event &event)
    {
        constexpr qint64 LongBlock = 16;
        const qint64 first = std::max<qint64>(1, event.line - LinesBefore);
        const qint64 last = event.lastLine + LinesAfter;
        if (event.lastLine - event.line > LongBlock) {
            m_before = decodeLines(source, first, event.line - first);
            m_after = decodeLines(source, event.lastLine + 1, LinesAfter);
            return;
        }
        for (TimedLine &line : decodeLines(source, first, last - first + 1)) {
            if (line.raw.number < event.line)
                m_before.push_back(std::move(line));
            else if (line.raw.number > event.lastLine)
                m_after.push_back(std::move(line));
        }
    }

    std::span<const TimedLine> before(size_t most = LinesBefore) const
    {
        return std::span(m_before).last(std::min(most, m_before.size()));
    }
    std::span<const TimedLine> after() const { return m_after; }

private:
    std::vector<TimedLine> m_before;
    std::vector<TimedLine> m_after;
};

/// The command whose output the line is lets failures pass: "check.sh || echo skipped".
bool isForgiven(const Surroundings &around)
{
    static const QRegularExpression forgives(
        uR"(\|\|\s*(?:(?:/bin/)?true|:|(?:echo|printf)\s[^|&;]*|exit 0)\s*\)?\s*$)"_s);
    const auto before = around.before();
    const auto command = std::find_if(before.rbegin(), before.rend(), [](const TimedLine &line) {
        return line.text.startsWith("+ ") || line.text.startsWith("$ ");
    });
    return command != before.rend() && forgives.match(QString::fromUtf8(command->text.left(2000))).hasMatch();
}

/// The line itself, or one of the next few, says that it is tried once more or let pass.
bool isTriedAgain(const Event &event, const Surroundings &around)
{
    static const QRegularExpression here(
        u", trying \\S|\\btrying another\\b|\\bwill (?:be )?retr(?:y|ied)\\b|, retrying\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression next(
        u"^(?:Will be retried in |\\.\\.\\.ignoring\\b|(?:\\[[^\\]]{1,60}\\] )?(?:\\S+ > )?[Rr]etrying\\b)"_s);
    return here.match(headOf(event, 500)).hasMatch() || std::ranges::any_of(around.after(), [](const TimedLine &line) {
               return next.match(QString::fromUtf8(line.text.left(80))).hasMatch();
           });
}

/// Jest prints what a test writes to the console below such a heading, whether the test passes or not.
bool isOfConsole(const Event &event, const Surroundings &around)
{
    constexpr size_t LinesBefore = 3;
    static const QRegularExpression heading(u"^\\s*console\\.(?:log|info|warn|error|debug|trace)\\s*$"_s);
    return event.text.startsWith(' ') && std::ranges::any_of(around.before(LinesBefore), [](const TimedLine &line) {
               return heading.match(QString::fromUtf8(line.text.left(80))).hasMatch();
           });
}

/// "Connection refused (falling back to memory)": whoever logs it says that it goes on.
bool isMadeUpFor(const Event &event)
{
    static const QRegularExpression goesOn(
        u"\\b(?:fall(?:s|ing)? ?back (?:to|on)|continuing (?:anyway|without|with)|using (?:the )?(?:cached|stale|fallback|default|last known))\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    return event.signature.startsWith("net.") && goesOn.match(QString::fromUtf8(event.text.left(400))).hasMatch();
}

/// "err = nil, want context deadline exceeded": the trouble is what the test hoped for.
bool isWanted(const Event &event)
{
    static const QRegularExpression wanted(
        u"\\b(?:want|wanted|expected)\\b[^,;]{0,80}(?:deadline exceeded|refused|timed? ?out|no such host|reset by peer|\\bEOF\\b|no space left)"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (!event.signature.startsWith("net.") && !event.signature.startsWith("disk."))
        return false;
    return wanted.match(QString::fromUtf8(event.text.first(std::min<qsizetype>(event.text.size(), 400)))).hasMatch();
}

/// Maven prints what a class writes before its verdict: "Tests run: 4, Failures: 0, Errors: 0 … -- in org.acme.GuardTest".
bool isOfPassedClass(const SourceEvidence &source, const Event &event)
{
    constexpr qint64 MostLines = 300;
    static const QRegularExpression verdict(
        u"\\bTests run: \\d+, Failures: (\\d+), Errors: (\\d+).*(?:-- in| - in) "_s);
    if (!event.signature.startsWith("jvm."))
        return false;
    for (const QByteArray &text : textsWith("Tests run: ", source, event.line, MostLines))
        if (const auto match = verdict.match(QString::fromUtf8(text.left(500))); match.hasMatch())
            return match.captured(1) == u"0" && match.captured(2) == u"0";
    return false;
}

/// What stands below the headings of tests that passed at a later try: a test a line.
std::vector<QByteArray> flakyTests(const SourceEvidence &source)
{
    constexpr qint64 MostTests = 100;
    constexpr size_t MostInAll = 500;
    static const QRegularExpression end(u"^\\s*(?:$|\\d+ \\w|(?:\\[\\w+\\] )?Tests run:)"_s);
    std::vector<QByteArray> tests;
    for (const Event &event : source.events) {
        if (event.signature != "test.flaky")
            continue;
        if (tests.size() >= MostInAll)
            break;
        for (const TimedLine &line : decodeLines(source, event.lastLine + 1, MostTests)) {
            if (end.match(QString::fromUtf8(line.text.left(200))).hasMatch())
                break;
            tests.push_back(line.text);
        }
    }
    return tests;
}

/// The last line that says that RSpec runs once more what failed, where then none failed of at least one; 0 where there is none.
qint64 rerunThatPassed(const SourceEvidence &source)
{
    constexpr qint64 MostLines = 500;
    constexpr int MostReruns = 50;
    static const QRegularExpression summary(u"^(\\d+) examples?, (\\d+) failures?\\b"_s);
    int reruns = 0;
    for (const Event &event : source.events | std::views::reverse) {
        if (event.signature != "test.rerun_of_failed")
            continue;
        if (++reruns > MostReruns)
            break;
        for (const QByteArray &text : textsWith(" example", source, event.lastLine + 1, MostLines)) {
            const auto match = summary.match(QString::fromUtf8(text.left(200)));
            if (!match.hasMatch())
                continue;
            if (match.captured(1) != u"0" && match.captured(2) == u"0")
                return event.line;
            break;
        }
    }
    return 0;
}

/// A log that no CI system's marks tell from a program's own, but that shows how tests or builds went.
bool isOfJob(const SourceEvidence &source)
{
    return source.kind == SourceKind::Log
           && (std::ranges::any_of(source.spans, [](const Span &span) { return span.kind == SpanKind::Test; })
               || std::ranges::any_of(source.events, [](const Event &event) {
                      return event.signature.startsWith("test.fail") || event.signature.startsWith("docker.build");
                  }));
}

bool isOfRspec(const Event &event)
{
    return event.signature.startsWith("test.fail.rspec")
           || (event.signature == "test.fail.failed_summary" && event.text.contains(" example"));
}

bool isBorneByNeighbours(const SourceEvidence &source, const Event &event)
{
    const Surroundings around(source, event);
    return isOfDiff(source, event) || isTriedAgain(event, around) || isForgiven(around)
           || isNameOfExample(source, event) || isOfConsole(event, around);
}

/// An event that its own words and its neighbours decide on.
struct Judged {
    size_t event = 0;
    bool looksAhead = false; ///< For the verdict on its class.
    bool isBorne = false;
};

template<typename Judge>
void eachInThreads(std::vector<Judged> &events, int threads, const Judge &judge)
{
    constexpr size_t LeastAThread = 32; // to start one takes as long as a few dozen events
    const auto useful = static_cast<int>(std::min(events.size() / LeastAThread + 1, size_t(threads)));
    sideBySide(events.size(), useful, [&](size_t i) { judge(events[i]); });
}

} // namespace

std::shared_ptr<const SourceEvidence> withBorne(std::shared_ptr<const SourceEvidence> source,
                                                const std::vector<size_t> &events)
{
    if (events.empty())
        return source;
    auto marked = std::make_shared<SourceEvidence>(*source);
    for (const size_t i : events) {
        Event &event = marked->events[i];
        event.fields.emplace_back("signature", event.signature);
        event.signature = BorneSignature.toByteArray();
        event.role = Role::Context;
        event.severity = Severity::Info;
    }
    return marked;
}

std::shared_ptr<const SourceEvidence> withBorneMarked(std::shared_ptr<const SourceEvidence> source, int threads)
{
    if (source->kind != SourceKind::CiLog && source->kind != SourceKind::TestOutput && !isOfJob(*source))
        return source;
    const TestSpans tests(*source);
    constexpr int MostLookedAhead = 200;
    int lookedAhead = 0;
    const std::vector<QByteArray> flaky = flakyTests(*source);
    const qint64 rerun = rerunThatPassed(*source);
    qint64 rerunUpTo = 0; // what RSpec says of an example that passed at the rerun
    std::vector<size_t> borne;
    std::vector<Judged> others;
    for (size_t i = 0; i < source->events.size(); ++i) {
        const Event &event = source->events[i];
        if (!isTrouble(event))
            continue;
        const QByteArray test = flaky.empty() ? QByteArray() : fieldValue(event.fields, "test");
        if (!test.isEmpty()
            && std::ranges::any_of(flaky, [&test](const QByteArray &line) { return line.contains(test); })) {
            borne.push_back(i);
            continue;
        }
        if (event.line < rerun && (isOfRspec(event) || event.line <= rerunUpTo)) {
            rerunUpTo = std::max(rerunUpTo, event.lastLine);
            borne.push_back(i);
            continue;
        }
        if (isVerdict(event)) {
            if (!event.signature.startsWith("go.") && tests.passedLater(fieldValue(event.fields, "test"), event.line))
                borne.push_back(i);
            continue;
        }
        const bool looksAhead = event.signature.startsWith("jvm.") && ++lookedAhead <= MostLookedAhead;
        others.push_back({i, looksAhead});
    }
    eachInThreads(others, threads, [&](Judged &judged) {
        const Event &event = source->events[judged.event];
        judged.isBorne = tests.holdsOnlyPassed(event.line) || saysThatItIsHarmless(event) || isMadeUpFor(event)
                         || isWanted(event) || (judged.looksAhead && isOfPassedClass(*source, event));
    });
    const auto keep = [&borne](const Judged &judged) {
        if (judged.isBorne)
            borne.push_back(judged.event);
        return judged.isBorne;
    };
    std::erase_if(others, keep);
    others.resize(std::min(others.size(), size_t(MostLookedAhead)));
    eachInThreads(others, threads,
                  [&](Judged &judged) { judged.isBorne = isBorneByNeighbours(*source, source->events[judged.event]); });
    std::ranges::for_each(others, keep);
    return withBorne(std::move(source), borne);
}

} // namespace faultline
