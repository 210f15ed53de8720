// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/junitreader.h"

#include "models/core/saturate.h"

#include "importers/core/facts.h"
#include "importers/core/stamps.h"
#include "importers/core/wallclock.h"

#include <QCoreApplication>

#include <simdjson.h>

#include <algorithm>
#include <charconv>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 FeedBytes = 256 * 1024;
constexpr size_t MostDepth = 100;
constexpr size_t MostFailures = 10'000;
constexpr qint64 MostFailureLines = 60;
constexpr qsizetype MostMessageBytes = 1000;

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::JunitXml", text);
}

/// Seconds as written: "0.012", "1,234.5" (Surefire writes thousands apart); nullopt for anything else.
std::optional<DurationNs> durationOf(QByteArray text)
{
    text.removeIf([](char c) { return c == ','; });
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.constData(), text.constData() + text.size(), seconds);
    if (error != std::errc() || end != text.constData() + text.size() || !(seconds >= 0) || seconds > 1e7)
        return std::nullopt;
    return fromSeconds(seconds);
}

bool hasControls(const QByteArray &bytes)
{
    return std::ranges::any_of(
        bytes, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
}

/// XML 1.0 allows no control characters; reports hold them all the same, where a test printed them.
void replaceControls(QString &text)
{
    for (QChar &c : text) {
        const char16_t code = c.unicode();
        if ((code < 0x20 && code != '\n' && code != '\r' && code != '\t') || code == 0xFFFE || code == 0xFFFF)
            c = QChar::ReplacementCharacter;
    }
}

/// The first line that is not go test's own word about the test.
QByteArray firstLine(QStringView text)
{
    for (const QStringView part : qTokenize(text, u'\n')) {
        const QStringView line = part.trimmed();
        if (line.isEmpty() || line.startsWith("=== "_L1) || line.startsWith("--- "_L1))
            continue;
        return line.toUtf8().left(MostMessageBytes);
    }
    return {};
}

/// gotestsum, CTest and others have one message for all.
bool saysNothing(const QByteArray &message)
{
    return message.isEmpty() || message == "Failed" || message == "failed" || message == "Failure"
           || message == "No test result found";
}

} // namespace

JunitReader::JunitReader(LineReader &lines, TextSink &sink)
    : m_lines(lines)
    , m_sink(sink)
{
}

void JunitReader::note(Severity severity, Code code, const QString &text)
{
    m_sink.note(severity, code, here(), text);
}

TextLine JunitReader::here() const
{
    TextLine line;
    line.number = std::clamp<qint64>(m_xml.lineNumber(), 1, std::max<qint64>(1, m_lines.lineCount()));
    return line;
}

/// What is legal UTF-8 and XML goes in as it stands; else bytes and characters that are not are replaced.
bool JunitReader::feed()
{
    auto bytes = m_sink.evidence.text->bytes().bytes(m_offset, FeedBytes);
    if (!bytes || bytes->isEmpty())
        return false;
    if (m_offset == 0) {
        // The declaration's word counts for one-byte encodings only; the wide ones were made UTF-8 before.
        const QByteArray declaration = bytes->first(bytes->indexOf('>') + 1).toLower();
        m_isLatin1 = declaration.contains("iso-8859-1") || declaration.contains("windows-1252");
    }
    if (bytes->size() == FeedBytes && !m_isLatin1) {
        // Not through a character; where there is no ASCII at all it is no text.
        const auto last = std::find_if(bytes->rbegin(), bytes->rend(), [](char c) { return c >= 0; });
        if (last != bytes->rend())
            bytes->chop(last - bytes->rbegin());
    }
    m_offset += bytes->size();
    if (m_isLatin1 || hasControls(*bytes)
        || !simdjson::validate_utf8(bytes->constData(), static_cast<size_t>(bytes->size()))) {
        QString text = m_isLatin1 ? QString::fromLatin1(*bytes) : QString::fromUtf8(*bytes);
        replaceControls(text);
        bytes = text.toUtf8();
    }
    m_xml.addData(QUtf8StringView(*bytes));
    return true;
}

void JunitReader::read()
{
    while (!m_xml.atEnd() || m_xml.error() == QXmlStreamReader::PrematureEndOfDocumentError) {
        const auto token = m_xml.readNext();
        if (m_xml.error() == QXmlStreamReader::PrematureEndOfDocumentError) {
            if (feed())
                continue;
            note(Severity::Warning, Code::BadSyntax, tr("The report breaks off here; the rest is missing"));
            break;
        }
        if (m_xml.hasError()) {
            note(Severity::Error, Code::BadSyntax,
                 tr("This is no well-formed XML, the rest was not read: %1").arg(m_xml.errorString()));
            break;
        }
        if (token == QXmlStreamReader::DTD && !m_xml.entityDeclarations().isEmpty()) {
            note(Severity::Error, Code::LimitReached,
                 tr("The report defines entities, which is refused: they may blow up"));
            break;
        }
        if (token == QXmlStreamReader::StartElement)
            startElement();
        else if (token == QXmlStreamReader::EndElement)
            endElement();
        else if (token == QXmlStreamReader::Characters)
            text(m_xml.text());
        if (m_open.size() > MostDepth) {
            note(Severity::Error, Code::LimitReached, tr("Elements are nested deeper than %1").arg(MostDepth));
            break;
        }
    }
    finishSpans();
    addEvents();
    keepWhatFailed();
    describe();
}

QByteArray JunitReader::attribute(const char *name) const
{
    return m_xml.attributes().value(QLatin1StringView(name)).toUtf8();
}

JunitReader::Open *JunitReader::innermost(What what)
{
    const auto found = std::find_if(m_open.rbegin(), m_open.rend(), [what](const Open &o) { return o.what == what; });
    return found == m_open.rend() ? nullptr : &*found;
}

std::optional<SourceTime> JunitReader::timestamp()
{
    const QByteArray written = attribute("timestamp");
    const std::string_view view(written.constData(), static_cast<size_t>(written.size()));
    const auto stamp = readIsoStamp(view);
    if (!stamp)
        return std::nullopt;
    if (stamp->zoneSeconds && !m_zone)
        m_zone = stamp->zoneSeconds;
    DurationNs &resolution = m_sink.evidence.resolutionNs;
    resolution = resolution == 0 ? stamp->resolutionNs : std::min(resolution, stamp->resolutionNs);
    return stamp->time;
}

void JunitReader::startElement()
{
    const QStringView name = m_xml.name();
    Open open;
    if (name == "testsuite"_L1 || name == "testsuites"_L1)
        startSuite(open);
    else if (name == "testcase"_L1)
        startCase(open);
    else if (name == "failure"_L1 || name == "error"_L1)
        startProblem(open, name == "error"_L1);
    else if (name == "skipped"_L1)
        if (Open *test = innermost(What::Case))
            setOutcome(test->span, Outcome::Skipped);
    m_open.push_back(std::move(open));
}

void JunitReader::startSuite(Open &open)
{
    open.what = What::Suite;
    open.start = timestamp();
    open.time = durationOf(attribute("time"));
    open.statesFailures = attribute("failures").toLongLong() > 0 || attribute("errors").toLongLong() > 0;
    const bool isRoot = m_xml.name() == "testsuites"_L1;
    QByteArray name = attribute("name");
    if (isRoot && name.isEmpty() && !open.start)
        return; // only holds the suites together
    if (name.isEmpty())
        name = attribute("package");
    TextLine line = here();
    line.time = open.start;
    const Open *around = innermost(What::Suite);
    open.span =
        m_spans.open(m_sink, SpanKind::Section, std::string_view(name.constData(), static_cast<size_t>(name.size())),
                     line, around ? around->span : -1);
}

void JunitReader::startCase(Open &open)
{
    open.what = What::Case;
    open.start = timestamp();
    open.time = durationOf(attribute("time"));
    ++m_tests;
    const QByteArray name = attribute("name");
    open.name = name.left(MostMessageBytes);
    const Open *suite = innermost(What::Suite);
    open.span =
        m_spans.open(m_sink, SpanKind::Test, std::string_view(name.constData(), static_cast<size_t>(name.size())),
                     here(), suite ? suite->span : -1);
    // Google Test: status="notrun"; CTest: status="fail", "notrun", "disabled".
    const QByteArray status = attribute("status");
    const QByteArray result = attribute("result");
    const bool isSkipped = status == "notrun" || status == "disabled" || status == "skipped" || result == "skipped"
                           || result == "suppressed";
    setOutcome(open.span, isSkipped ? Outcome::Skipped : Outcome::Unknown);
}

void JunitReader::setOutcome(int span, Outcome outcome)
{
    if (Span *test = SpanTree::at(m_sink, span))
        test->outcome = outcome;
}

void JunitReader::startProblem(Open &open, bool isError)
{
    open.what = What::Problem;
    Open *test = innermost(What::Case);
    Open *suite = innermost(What::Suite);
    if (m_failures.size() >= MostFailures) {
        if (!std::exchange(m_isFull, true))
            note(Severity::Warning, Code::LimitReached, tr("More failures than %1 are not kept").arg(MostFailures));
        if (test)
            setOutcome(test->span, Outcome::Failed);
        return;
    }
    Problem problem;
    problem.line = problem.lastLine = here().number;
    problem.type = attribute("type").left(MostMessageBytes);
    problem.message = firstLine(m_xml.attributes().value("message"_L1));
    if (problem.message.isEmpty() && isError)
        problem.message = problem.type;
    if (test) {
        // One in a suite outside its cases tells that the suite itself broke.
        setOutcome(test->span, Outcome::Failed);
        problem.span = test->span;
        problem.test = test->name;
        test->failures.push_back(m_failures.size());
    }
    if (const Span *span = SpanTree::at(m_sink, suite ? suite->span : -1))
        problem.suite = span->name;
    open.span = static_cast<int>(m_failures.size());
    m_failures.push_back(std::move(problem));
}

void JunitReader::text(QStringView characters)
{
    if (m_open.empty() || m_open.back().what != What::Problem || m_open.back().span < 0)
        return;
    Problem &problem = m_failures[static_cast<size_t>(m_open.back().span)];
    if (saysNothing(problem.message))
        if (const QByteArray line = firstLine(characters); !line.isEmpty())
            problem.message = line;
}

void JunitReader::endElement()
{
    if (m_open.empty())
        return;
    const Open open = std::move(m_open.back());
    m_open.pop_back();
    if (open.what == What::Problem && open.span >= 0) {
        Problem &problem = m_failures[static_cast<size_t>(open.span)];
        problem.lastLine = std::clamp(here().number, problem.line, problem.line + MostFailureLines);
    } else if (open.what == What::Case) {
        endCase(open);
    } else if (open.what == What::Suite) {
        endSuite(open);
    }
}

void JunitReader::endCase(const Open &open)
{
    TextLine line = here();
    if (open.start)
        line.time = *open.start + open.time.value_or(0);
    SpanTree::close(m_sink, open.span, line);
    if (Span *span = SpanTree::at(m_sink, open.span)) {
        if (span->outcome == Outcome::Unknown)
            span->outcome = Outcome::Passed;
        span->start = open.start;
        m_skipped += span->outcome == Outcome::Skipped ? 1 : 0;
        m_failed += span->outcome == Outcome::Failed ? 1 : 0;
    }
    for (const size_t failure : open.failures) {
        if (line.time)
            m_failures[failure].time = SourceInterval{*line.time, *line.time};
    }
    if (Open *suite = innermost(What::Suite); suite && m_cases.size() < SpanTree::MostSpans) {
        suite->casesNs = saturatedAdd(suite->casesNs, open.time.value_or(0));
        suite->cases.push_back(m_cases.size());
        m_cases.push_back({open.span, open.start, open.time.value_or(0), open.failures});
    }
}

/// Cases mostly tell how long they took, not when. Where together they took as long as their suite they ran one after another, and each
/// began where the one before ended, up to what the suite took on top; else all that is known is the suite's time.
void JunitReader::endSuite(const Open &open)
{
    TextLine line = here();
    if (open.start && open.time)
        line.time = *open.start + *open.time;
    bool failed = false;
    DurationNs before = 0;
    const DurationNs all = open.time.value_or(0);
    const bool isSequence = open.time && open.casesNs <= all + all / 50 && open.casesNs >= all - all / 10;
    const DurationNs slack = std::max<DurationNs>(0, all - open.casesNs);
    for (const size_t index : open.cases) {
        const Case &test = m_cases[index];
        Span *span = SpanTree::at(m_sink, test.span);
        failed = failed || (span && span->outcome == Outcome::Failed);
        if (open.start && !test.start) {
            SourceInterval ended{*open.start, *open.start + all};
            if (isSequence) {
                ended = {*open.start + before + test.time, *open.start + before + test.time + slack};
                if (span) {
                    span->start = *open.start + before;
                    span->end = ended.lo;
                }
            }
            for (const size_t failure : test.failures)
                m_failures[failure].time = ended;
        }
        before = saturatedAdd(before, test.time);
    }
    SpanTree::close(m_sink, open.span, line);
    Span *suite = SpanTree::at(m_sink, open.span);
    if (!suite)
        return;
    failed = failed || open.statesFailures;
    suite->outcome = failed || suite->outcome == Outcome::Failed ? Outcome::Failed : Outcome::Passed;
    if (Span *around = failed ? SpanTree::at(m_sink, suite->parent) : nullptr)
        around->outcome = Outcome::Failed;
}

/// What the report broke off in was not finished.
void JunitReader::finishSpans()
{
    for (const Open &open : m_open) {
        if (Span *span = open.what == What::Problem ? nullptr : SpanTree::at(m_sink, open.span))
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
