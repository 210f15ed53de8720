// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/failures.h"

#include "models/core/translate.h"
#include "models/findings/runends.h"
#include "models/findings/runsegments.h"
#include "models/findings/spanfinder.h"
#include "models/findings/testnames.h"

#include <QSet>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostTestFailures = 10; ///< Further failed tests of one step; the rest is told in the first one's text.
constexpr size_t MostFailingPlaces = 4;
constexpr size_t MostSamePlaces = 7; ///< Where they are of the same kind, one after another.
constexpr int LessPrecise = 10;      ///< Weight by which a file or class with failed tests stands below its tests.
constexpr qint64 NearLines = 12;     ///< Lines around the origin whose failing lines belong to it.

/// `{name}` replaced by the field's value. Where there is none it vanishes with what led to it: the blank, a colon or comma, brackets.
QString filled(QString text, const Fields &fields)
{
    constexpr QStringView Leading = u":,";
    for (qsizetype open = text.indexOf(u'{'); open >= 0; open = text.indexOf(u'{', open)) {
        const qsizetype close = text.indexOf(u'}', open);
        if (close < 0)
            break;
        const QString value =
            QString::fromUtf8(fieldValue(fields, text.sliced(open + 1, close - open - 1).toUtf8())).left(200);
        qsizetype end = close + 1;
        if (value.isEmpty()) {
            if (open > 0 && text[open - 1] == u'(' && end < text.size() && text[end] == u')') {
                --open;
                ++end;
            }
            while (open > 0 && text[open - 1].isSpace())
                --open;
            if (open > 0 && Leading.contains(text[open - 1]))
                --open;
        }
        text.replace(open, end - open, value);
        open += value.size();
    }
    return text.simplified();
}

EvidenceRef refTo(int source, const Event &event, EvidenceRole role, const SourcePlacement &placement)
{
    EvidenceRef ref;
    ref.source = source;
    ref.line = event.line;
    ref.lastLine = event.lastLine;
    ref.text = event.text;
    ref.role = role;
    if (event.time)
        ref.time = placement.place(*event.time);
    return ref;
}

/// A fetch or login that failed while the build went on to compile and test was not needed; and what is stopped after a failure
/// is no failure of its own.
bool isNoOrigin(const Failing &failing, const RunSegment &segment)
{
    constexpr qint64 WentOn = 30;
    constexpr int Telling = 70;
    const QByteArray &id = failing.event->signature;
    // What is asked to end when something else has failed only follows from it.
    if (id == "shell.terminated")
        return std::ranges::any_of(segment.failing, [&](const Failing &earlier) {
            return earlier.event->line < failing.event->line && earlier.signature->weight >= Telling;
        });
    if (!id.startsWith("ssh.") && id != "ci.checkout_failed")
        return false;
    return std::ranges::any_of(segment.failing, [&](const Failing &later) {
        const QByteArray &other = later.event->signature;
        return later.event->line > failing.event->line + WentOn && later.signature->weight >= Telling
               && (isTestFailure(later) || other.startsWith("build.") || other.contains("compile")
                   || other.contains("javac"));
    });
}

/// Of several failing lines the one that says most precisely what broke; the first of equals.
const Failing *originOf(const RunSegment &segment)
{
    const Failing *best = nullptr;
    for (const Failing &failing : segment.failing)
        if (!isNoOrigin(failing, segment) && (!best || failing.signature->weight > best->signature->weight))
            best = &failing;
    return best;
}

class RunFailures
{
public:
    RunFailures(int source, const SourceEvidence &evidence, const SpanFinder &spans, const SourcePlacement &placement)
        : m_source(source)
        , m_evidence(evidence)
        , m_spans(spans)
        , m_placement(placement)
    {
    }

    void add(const RunSegment &segment)
    {
        const Failing *origin = originOf(segment);
        const Event *place = origin ? origin->event : segment.end;
        if (!place)
            return;
        Failure failure = at(*place, segment);
        if (origin) {
            failure.signal = origin->signature->signal;
            failure.what =
                filled(origin->signature->failure.isEmpty() ? origin->signature->title : origin->signature->failure,
                       place->fields);
            addFailingPlaces(failure, *origin, segment);
        } else {
            failure.what = describeEnd(segment, failure);
            addLastWords(failure, *place);
        }
        if (failure.signal.isEmpty() && failure.exitCode)
            failure.signal = signalOfExitCode(*failure.exitCode);
        const bool isSaidThere = segment.end && segment.end->line >= place->line
                                 && segment.end->line <= std::max(place->line, place->lastLine);
        if (segment.end && !isSaidThere)
            failure.evidence.push_back(refTo(m_source, *segment.end, EvidenceRole::Supporting, m_placement));
        const bool processDied = !failure.signal.isEmpty();
        const int first = static_cast<int>(failures.size());
        QSet<QByteArray> seen{testKey(failure.test)};
        failures.push_back(std::move(failure));
        addFurtherTests(segment, origin, seen, processDied ? first : -1);
    }

    std::vector<Failure> failures;

private:
    Failure at(const Event &event, const RunSegment &segment) const
    {
        Failure failure;
        failure.source = m_source;
        failure.line = event.line;
        failure.lastLine = std::max(event.line, event.lastLine);
        failure.exitCode = segment.exitCode;
        failure.identity = event.identity;
        failure.time = event.time ? placeLate(*event.time, event, segment) : placedByNext(event);
        if (const Span *job = m_spans.innermost(SpanKind::Job, event.line))
            failure.job = job->name;
        const bool isEndsLine = segment.end && event.line == segment.end->line;
        if (const Span *step = isEndsLine ? stepOfEnd(event) : m_spans.innermost(SpanKind::Step, event.line))
            failure.step = step->name;
        else if (const Span *section = m_spans.innermost(SpanKind::Section, event.line))
            failure.step = section->name;
        failure.test = fieldValue(event.fields, "test");
        if (failure.test.isEmpty())
            failure.test = testAround(event, segment);
        failure.test = fullName(failure.test, segment);
        if (failure.test.isEmpty())
            if (const Span *test = m_spans.innermost(SpanKind::Test, event.line))
                failure.test = test->name;
        if (const Event *mark = firstMark(failure.test, event, segment))
            failure.time = m_placement.place(*mark->time);
        return failure;
    }

    /// Runners of JavaScript mark a test as it fails ("× rounds half up 9ms") and tell of it once all have run: it failed then.
    static const Event *firstMark(const QByteArray &test, const Event &event, const RunSegment &segment)
    {
        for (const Failing &failing : segment.failing) {
            if (failing.event->line >= event.line)
                return nullptr;
            const QByteArray marked = fieldValue(failing.event->fields, "test").trimmed();
            if (failing.event->signature == "test.fail.check_mark" && failing.event->time && marked.size() > 3
                && test.endsWith(marked))
                return failing.event;
        }
        return nullptr;
    }

    /// How a job ended is often said after its last step, which went well: then the step that failed is meant.
    const Span *stepOfEnd(const Event &end) const
    {
        const Span *step = m_spans.innermost(SpanKind::Step, end.line);
        if (step && step->outcome != Outcome::Passed)
            return step;
        const Span *bad = m_spans.failedBefore(end.line);
        return bad ? bad : step;
    }

    /// The test whose report of its failure holds the line.
    static QByteArray testAround(const Event &event, const RunSegment &segment)
    {
        QByteArray test;
        for (const Failing &failing : segment.failing) {
            if (failing.event->line > event.line)
                break;
            if (isTestFailure(failing) && failing.event->lastLine >= event.line)
                if (const QByteArray name = fieldValue(failing.event->fields, "test"); !name.isEmpty())
                    test = name;
        }
        return test;
    }

    /// The longest way in which the runner wrote the test's name.
    static QByteArray fullName(const QByteArray &name, const RunSegment &segment)
    {
        QByteArray full = name;
        for (const Failing &failing : segment.failing) {
            const QByteArray other = isTestFailure(failing) ? fieldValue(failing.event->fields, "test") : QByteArray();
            if (other.size() > full.size() && other.endsWith(name.right(1)) && testKey(other) == testKey(name))
                full = other;
        }
        return full;
    }

    /// A line without a stamp lies between two marks. What ends a step stands close to its end, so the later mark is the better guess.
    std::optional<PlacedTime> placeLate(SourceInterval interval, const Event &event, const RunSegment &segment) const
    {
        auto placed = m_placement.place(interval);
        constexpr qint64 CloseToEnd = 60;
        if (placed && interval.hi.ns - interval.lo.ns > 2 * NsPerSecond && segment.end
            && segment.end->line - event.line <= CloseToEnd)
            placed->time = TimeNs{std::max(placed->lo.ns, placed->hi.ns - NsPerSecond)};
        return placed;
    }

    /// A line before the first stamp: at the next stamp at the latest.
    std::optional<PlacedTime> placedByNext(const Event &event) const
    {
        constexpr DurationNs Unknown = 30 * NsPerSecond;
        for (const Event &other : m_evidence.events) {
            if (other.line < event.line || !other.time)
                continue;
            auto placed = m_placement.place(*other.time);
            if (placed)
                placed->lo = TimeNs{placed->lo.ns - Unknown};
            return placed;
        }
        return std::nullopt;
    }

    /// No line is known to say why: then what the step wrote last is what a reader looks at.
    void addLastWords(Failure &failure, const Event &end) const
    {
        const Span *step = stepOfEnd(end);
        qint64 before = end.line;
        if (step && step->lastLine < end.line) {
            const Span *section = m_spans.innermost(SpanKind::Section, step->lastLine - 1);
            before =
                std::max(section && section->line >= step->line ? section->lastLine : step->lastLine, step->line) + 1;
        }
        const LastWords words =
            step && m_evidence.text ? lastWordsBefore(m_evidence, step->line + 1, before) : LastWords{};
        EvidenceRef ref =
            refTo(m_source, end, words.line > 0 ? EvidenceRole::Supporting : EvidenceRole::Failing, m_placement);
        if (words.line > 0) {
            EvidenceRef last = ref;
            last.line = words.line;
            last.lastLine = words.lastLine;
            last.text = words.text;
            last.role = EvidenceRole::Failing;
            last.isGuess = true;
            if (words.time)
                last.time = m_placement.place(SourceInterval{*words.time, *words.time});
            failure.evidence.push_back(std::move(last));
        }
        failure.evidence.push_back(std::move(ref));
    }

    /// Lines between a line and the nearest cited place.
    static qint64 distanceTo(const std::vector<EvidenceRef> &places, qint64 line)
    {
        qint64 nearest = std::numeric_limits<qint64>::max();
        for (const EvidenceRef &place : places)
            nearest =
                std::min(nearest, line < place.line ? place.line - line
                                                    : std::max<qint64>(0, line - std::max(place.line, place.lastLine)));
        return nearest;
    }

    void addFailingPlaces(Failure &failure, const Failing &origin, const RunSegment &segment) const
    {
        failure.evidence.push_back(refTo(m_source, *origin.event, EvidenceRole::Failing, m_placement));
        for (const Failing &other : segment.failing) {
            // A compiler that goes on says the same of more places.
            const bool isSame = other.signature == origin.signature;
            if (failure.evidence.size() >= (isSame ? MostSamePlaces : MostFailingPlaces))
                continue;
            const qint64 distance = isSame ? distanceTo(failure.evidence, other.event->line)
                                           : std::abs(other.event->line - origin.event->line);
            const bool covered = std::ranges::any_of(failure.evidence, [&](const EvidenceRef &ref) {
                return other.event->line >= ref.line && other.event->line <= std::max(ref.line, ref.lastLine);
            });
            const QByteArray test = isTestFailure(other) ? fieldValue(other.event->fields, "test") : QByteArray();
            const bool isOtherTest = other.signature->weight + LessPrecise > origin.signature->weight && !test.isEmpty()
                                     && !failure.test.isEmpty() && testKey(test) != testKey(failure.test)
                                     && !holdsTest(test, failure.test) && !holdsTest(failure.test, test)
                                     && !failure.test.endsWith(test);
            if (!covered && !isOtherTest && distance <= NearLines
                && other.signature->weight + 20 >= origin.signature->weight)
                failure.evidence.push_back(refTo(m_source, *other.event, EvidenceRole::Failing, m_placement));
        }
        std::ranges::sort(failure.evidence, {}, &EvidenceRef::line);
    }

    void addFurtherTests(const RunSegment &segment, const Failing *origin, QSet<QByteArray> &seen, int follows)
    {
        size_t added = 0;
        int best = 0;
        for (const Failing &failing : segment.failing) {
            if (isTestFailure(failing) && !fieldValue(failing.event->fields, "test").isEmpty())
                best = std::max(best, failing.signature->weight);
        }
        for (const Failing &failing : segment.failing) {
            if (added >= MostTestFailures)
                break;
            if (!isTestFailure(failing) || &failing == origin || failing.signature->weight + LessPrecise <= best)
                continue;
            const QByteArray test = fieldValue(failing.event->fields, "test");
            const auto key = testKey(test); // of the full name too
            if (test.isEmpty() || seen.contains(key))
                continue;
            // "TestA" fails because "TestA/case" did: one failure.
            if (std::ranges::any_of(seen, [&key](const QByteArray &other) { return holdsTest(key, other); }))
                continue;
            seen.insert(key);
            ++added;
            Failure failure = at(*failing.event, segment);
            failure.test = fullName(test, segment);
            failure.what =
                filled(failing.signature->failure.isEmpty() ? failing.signature->title : failing.signature->failure,
                       failing.event->fields);
            failure.follows = follows;
            failure.evidence.push_back(refTo(m_source, *failing.event, EvidenceRole::Failing, m_placement));
            failures.push_back(std::move(failure));
        }
    }

    static QString describeEnd(const RunSegment &segment, const Failure &failure)
    {
        if (segment.cancelled)
            return tr("The job was cancelled");
        if (!segment.exitCode)
            return tr("The job failed");
        return failure.step.isEmpty() ? tr("The job ended with exit code %1").arg(*segment.exitCode)
                                      : tr("Step '%1' ended with exit code %2")
                                            .arg(QString::fromUtf8(failure.step))
                                            .arg(*segment.exitCode);
    }

    int m_source;
    const SourceEvidence &m_evidence;
    const SpanFinder &m_spans;
    const SourcePlacement &m_placement;
};

} // namespace

QByteArray signalOfExitCode(qint64 exitCode)
{
    switch (exitCode) {
    case 129: return "SIGHUP";
    case 130: return "SIGINT";
    case 131: return "SIGQUIT";
    case 132: return "SIGILL";
    case 134: return "SIGABRT";
    case 135: return "SIGBUS";
    case 136: return "SIGFPE";
    case 137: return "SIGKILL";
    case 139: return "SIGSEGV";
    case 141: return "SIGPIPE";
    case 143: return "SIGTERM";
    case 153: return "SIGXFSZ";
    default: return {};
    }
}

std::vector<Failure> failuresOfRun(int source, const SourceEvidence &evidence, const SourcePlacement &placement,
                                   const SignatureSet &signatures)
{
    const SpanFinder spans(evidence);
    RunFailures result(source, evidence, spans, placement);
    const RunSegments segments = cutRun(evidence, spans, signatures);
    for (const RunSegment &segment : segments.failed)
        result.add(segment);
    return result.failures;
}

std::vector<Failure> failuresOfHost(int source, const SourceEvidence &evidence, const SourcePlacement &placement,
                                    const SignatureSet &signatures)
{
    constexpr size_t Most = 20;
    std::vector<Failure> failures;
    for (const Event &event : evidence.events) {
        const int index = signatures.indexOf(event.signature);
        if (index < 0 || event.severity < Severity::Error)
            continue;
        const Signature &signature = signatures.signatures()[static_cast<size_t>(index)];
        if (signature.failure.isEmpty())
            continue;
        Failure failure;
        failure.source = source;
        failure.line = event.line;
        failure.lastLine = std::max(event.line, event.lastLine);
        failure.signal = signature.signal;
        failure.identity = event.identity;
        failure.what = filled(signature.failure, event.fields);
        if (event.time)
            failure.time = placement.place(*event.time);
        failure.evidence.push_back(refTo(source, event, EvidenceRole::Failing, placement));
        failures.push_back(std::move(failure));
        if (failures.size() > Most)
            failures.erase(failures.begin()); // The last ones are what a reader came for.
    }
    return failures;
}

} // namespace faultline
