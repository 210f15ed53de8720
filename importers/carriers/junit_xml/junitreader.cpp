// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/junit_xml/junitreader.h"

#include "models/core/saturate.h"

#include "importers/core/headlines.h"
#include "importers/core/stamps.h"
#include "models/core/translate.h"
#include "models/core/views.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 FeedBytes = 256 * 1024;
/// As long as one text goes on, each part is twice as long as the one before: the parser looks for its end from the start each time.
constexpr qint64 MostFeedBytes = 64 * 1024 * 1024;
constexpr qsizetype MostProblemText = 8 * 1024;
constexpr size_t MostDepth = 100;
constexpr size_t MostFailures = 10'000;
constexpr qint64 MostFailureLines = 60;
constexpr qsizetype MostMessageBytes = 1000;

/// "0.012", "1,234.5" (Surefire writes thousands apart), "00:01:30.25"; nullopt for anything else.
std::optional<DurationNs> durationOf(std::string_view text)
{
    std::string plain;
    if (text.contains(',')) {
        std::ranges::remove_copy(text, std::back_inserter(plain), ',');
        text = plain;
    }
    double seconds = 0;
    for (int part = 0; part < 3; ++part) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || !(value >= 0))
            return std::nullopt;
        text.remove_prefix(static_cast<size_t>(end - text.data()));
        seconds = seconds * 60 + value;
        if (!text.starts_with(':'))
            break;
        text.remove_prefix(1);
    }
    return text.empty() && seconds <= 1e7 ? std::optional(fromSeconds(seconds)) : std::nullopt;
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
QByteArray firstLine(QByteArrayView text)
{
    for (qsizetype from = 0; from < text.size();) {
        qsizetype end = text.indexOf('\n', from);
        end = end < 0 ? text.size() : end;
        const QByteArrayView line = text.sliced(from, end - from).trimmed();
        if (!line.isEmpty() && !line.startsWith("=== ") && !line.startsWith("--- "))
            return line.first(std::min(line.size(), MostMessageBytes)).toByteArray();
        from = end + 1;
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

JunitReader::JunitReader(const ReportDialect &dialect, LineReader &lines, TextSink &sink)
    : m_dialect(dialect)
    , m_lines(lines)
    , m_sink(sink)
    , m_xml(*this)
{
}

void JunitReader::note(Severity severity, Code code, const QString &text)
{
    m_sink.note(severity, code, here(), text);
}

TextLine JunitReader::here() const
{
    TextLine line;
    line.number = std::clamp<qint64>(m_xml.line(), 1, std::max<qint64>(1, m_lines.lineCount()));
    return line;
}

/// The next part of the text. What is legal UTF-8 and XML stays as it stands; else bytes and characters that are not are replaced.
QByteArray JunitReader::nextPart(qint64 most)
{
    auto bytes = m_sink.evidence.text->bytes().bytes(m_offset, most);
    if (!bytes || bytes->isEmpty())
        return {};
    const bool isFirst = m_offset == 0;
    if (isFirst) {
        // The declaration's word counts for one-byte encodings only; the wide ones were made UTF-8 before.
        const QByteArray declaration = bytes->first(bytes->indexOf('>') + 1).toLower();
        m_isLatin1 = declaration.contains("iso-8859-1") || declaration.contains("windows-1252");
    }
    if (bytes->size() == most && !m_isLatin1) {
        // Not through a character; where there is no ASCII at all it is no text.
        const auto last = std::find_if(bytes->rbegin(), bytes->rend(), [](char c) { return c >= 0; });
        if (last != bytes->rend())
            bytes->chop(last - bytes->rbegin());
    }
    m_offset += bytes->size();
    if (isFirst && bytes->startsWith(Utf8Bom))
        bytes->remove(0, static_cast<qsizetype>(Utf8Bom.size()));
    if (m_isLatin1 || hasControls(*bytes)
        || !simdjson::validate_utf8(bytes->constData(), static_cast<size_t>(bytes->size()))) {
        QString text = m_isLatin1 ? QString::fromLatin1(*bytes) : QString::fromUtf8(*bytes);
        replaceControls(text);
        bytes = text.toUtf8();
    }
    return *bytes;
}

void JunitReader::parse()
{
    qint64 most = FeedBytes;
    for (;;) {
        if (m_sink.cancel.isCancelled())
            return;
        const qint64 elements = m_elements;
        const QByteArray part = nextPart(most);
        if (part.isEmpty())
            break;
        if (!m_xml.feed(part)) {
            if (m_xml.definesEntities())
                note(Severity::Error, Code::LimitReached,
                     tr("The report defines entities, which is refused: they may blow up"));
            else if (!m_xml.error().isEmpty())
                note(Severity::Error, Code::BadSyntax,
                     tr("This is no well-formed XML, the rest was not read: %1").arg(m_xml.error()));
            return;
        }
        most = m_elements == elements ? std::min(2 * most, MostFeedBytes) : FeedBytes;
    }
    if (!m_xml.finish())
        note(Severity::Warning, Code::BadSyntax, tr("The report breaks off here; the rest is missing"));
}

void JunitReader::read()
{
    parse();
    if (m_sink.cancel.isCancelled())
        return;
    finishSpans();
    addEvents();
    keepWhatFailed();
    describe();
}

JunitReader::Open *JunitReader::innermost(ReportElement what)
{
    const auto found = std::find_if(m_open.rbegin(), m_open.rend(), [what](const Open &o) { return o.what == what; });
    return found == m_open.rend() ? nullptr : &*found;
}

std::optional<SourceTime> JunitReader::stampOf(std::string_view written)
{
    const auto stamp = written.empty() ? std::nullopt : readIsoStamp(written);
    if (!stamp)
        return std::nullopt;
    if (stamp->zoneSeconds && !m_zone)
        m_zone = stamp->zoneSeconds;
    DurationNs &resolution = m_sink.evidence.resolutionNs;
    resolution = resolution == 0 ? stamp->resolutionNs : std::min(resolution, stamp->resolutionNs);
    return stamp->time;
}

/// When it began and how long it took, as far as the element states it.
void JunitReader::readTimes(Open &open, const XmlAttributes &attributes)
{
    open.time = durationOf(attributes.value(m_dialect.time));
    open.start = stampOf(attributes.value(m_dialect.start));
    if (const std::string_view date = attributes.value("run-date"); !open.start && !date.empty()) // xUnit: apart
        open.start = stampOf(std::string(date) + 'T' + std::string(attributes.value("run-time")));
    if (const auto end = open.start ? stampOf(attributes.value(m_dialect.end)) : std::nullopt;
        end && !open.time && *end >= *open.start)
        open.time = saturatedSub(end->ns, open.start->ns);
}

void JunitReader::startElement(std::string_view name, const XmlAttributes &attributes)
{
    ++m_elements;
    Open open;
    open.what = m_dialect.elementOf(name);
    if (open.what == ReportElement::Suite)
        startSuite(open, name, attributes);
    else if (open.what == ReportElement::Case)
        startCase(open, attributes);
    else if (open.what == ReportElement::Problem)
        startProblem(open, name == "error", attributes);
    else if (open.what == ReportElement::Skipped)
        if (Open *test = innermost(ReportElement::Case))
            setOutcome(test->span, Outcome::Skipped);
    m_open.push_back(std::move(open));
    if (m_open.size() > MostDepth) {
        note(Severity::Error, Code::LimitReached, tr("Elements are nested deeper than %1").arg(MostDepth));
        m_xml.stop();
    }
}

void JunitReader::startSuite(Open &open, std::string_view element, const XmlAttributes &attributes)
{
    readTimes(open, attributes);
    for (const std::string_view key : {"failures", "errors", "failed"}) {
        const std::string_view count = attributes.value(key);
        open.statesFailures = open.statesFailures || count.find_first_of("123456789") != std::string_view::npos;
    }
    const bool isRoot = element == "testsuites" || element == "assemblies";
    std::string_view name = attributes.value("name");
    if (isRoot && name.empty() && !open.start)
        return; // only holds the suites together
    if (name.empty())
        name = attributes.value("package");
    TextLine line = here();
    line.time = open.start;
    const Open *around = innermost(ReportElement::Suite);
    open.span = m_spans.open(m_sink, SpanKind::Section, name, line, around ? around->span : -1);
}

void JunitReader::startCase(Open &open, const XmlAttributes &attributes)
{
    readTimes(open, attributes);
    ++m_tests;
    std::string_view name = attributes.value(m_dialect.caseName);
    if (name.empty())
        name = attributes.value("name");
    open.name = bytesOf(name.substr(0, MostMessageBytes));
    const Open *suite = innermost(ReportElement::Suite);
    open.span = m_spans.open(m_sink, SpanKind::Test, name, here(), suite ? suite->span : -1);
    open.stated = m_dialect.outcomeOf(attributes.value(m_dialect.outcome));
    if (open.stated == Outcome::Unknown)
        open.stated = m_dialect.outcomeOf(attributes.value("result"));
    setOutcome(open.span, open.stated);
}

void JunitReader::setOutcome(int span, Outcome outcome)
{
    if (Span *test = SpanTree::at(m_sink, span))
        test->outcome = outcome;
}

void JunitReader::startProblem(Open &open, bool isError, const XmlAttributes &attributes)
{
    // What a run of tests says of itself may be a warning.
    if (const std::string_view outcome = attributes.value("outcome"); !outcome.empty() && outcome != "Error") {
        open.what = ReportElement::Other;
        return;
    }
    Problem problem;
    problem.line = problem.lastLine = here().number;
    problem.type = bytesOf(attributes.value(m_dialect.problemType).substr(0, MostMessageBytes));
    const std::string_view message = attributes.value("message");
    problem.message = firstLine(QByteArrayView(message.data(), static_cast<qsizetype>(message.size())));
    if (problem.message.isEmpty() && isError)
        problem.message = problem.type;
    open.span = addProblem(std::move(problem));
}

/// Its index; -1 past the cap. One in a suite outside its cases tells that the suite itself broke.
int JunitReader::addProblem(Problem problem)
{
    Open *test = innermost(ReportElement::Case);
    if (test)
        setOutcome(test->span, Outcome::Failed);
    if (m_failures.size() >= MostFailures) {
        if (!std::exchange(m_isFull, true))
            note(Severity::Warning, Code::LimitReached, tr("More failures than %1 are not kept").arg(MostFailures));
        return -1;
    }
    if (test) {
        problem.span = test->span;
        problem.test = test->name;
        test->failures.push_back(m_failures.size());
    }
    const Open *suite = innermost(ReportElement::Suite);
    if (const Span *span = SpanTree::at(m_sink, suite ? suite->span : -1))
        problem.suite = span->name;
    m_failures.push_back(std::move(problem));
    return static_cast<int>(m_failures.size()) - 1;
}

void JunitReader::text(std::string_view part)
{
    const ReportElement holder = m_dialect.hasMessages ? ReportElement::Message : ReportElement::Problem;
    if (m_open.empty() || m_open.back().what != holder)
        return;
    if (Open *problem = innermost(ReportElement::Problem); problem && problem->span >= 0)
        problem->name.append(part.data(), std::min(static_cast<qsizetype>(part.size()),
                                                   std::max<qsizetype>(0, MostProblemText - problem->name.size())));
}

void JunitReader::endElement()
{
    ++m_elements;
    if (m_open.empty())
        return;
    const Open open = std::move(m_open.back());
    m_open.pop_back();
    if (open.what == ReportElement::Problem && open.span >= 0)
        endProblem(open);
    else if (open.what == ReportElement::Case)
        endCase(open);
    else if (open.what == ReportElement::Suite)
        endSuite(open);
}

void JunitReader::endProblem(const Open &open)
{
    Problem &problem = m_failures[static_cast<size_t>(open.span)];
    problem.lastLine = std::clamp(here().number, problem.line, problem.line + MostFailureLines);
    if (saysNothing(problem.message))
        if (const QByteArray line = firstLine(open.name); !line.isEmpty())
            problem.message = line;
    // NUnit says so of every suite around a failed test.
    if (problem.test.isEmpty() && problem.message.startsWith("One or more child tests had ")
        && static_cast<size_t>(open.span) + 1 == m_failures.size())
        m_failures.pop_back();
}

void JunitReader::endCase(const Open &open)
{
    TextLine line = here();
    if (open.start)
        line.time = *open.start + open.time.value_or(0);
    SpanTree::close(m_sink, open.span, line);
    std::vector<size_t> failures = open.failures;
    if (open.stated == Outcome::Failed && failures.empty()) {
        Problem problem;
        problem.line = problem.lastLine = line.number;
        problem.test = open.name;
        problem.span = open.span;
        if (const int index = addProblem(std::move(problem)); index >= 0)
            failures.push_back(static_cast<size_t>(index));
    }
    if (Span *span = SpanTree::at(m_sink, open.span)) {
        if (span->outcome == Outcome::Unknown)
            span->outcome = Outcome::Passed;
        span->start = open.start;
        m_skipped += span->outcome == Outcome::Skipped ? 1 : 0;
        m_failed += span->outcome == Outcome::Failed ? 1 : 0;
    }
    for (const size_t failure : failures) {
        if (line.time)
            m_failures[failure].time = SourceInterval{*line.time, *line.time};
    }
    if (Open *suite = innermost(ReportElement::Suite); suite && m_cases.size() < SpanTree::MostSpans) {
        suite->casesNs = saturatedAdd(suite->casesNs, open.time.value_or(0));
        suite->cases.push_back(m_cases.size());
        m_cases.push_back({open.span, open.start, open.time.value_or(0), std::move(failures)});
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

} // namespace faultline
