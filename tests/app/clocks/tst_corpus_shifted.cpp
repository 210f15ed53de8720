// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever clock of a run is off, or has lost its zone: the others put it right, or the program says how unsure it is.
#include "app/analysis/analyze.h"
#include "models/placement/axiserror.h"
#include "models/placement/clockedges.h"
#include "models/placement/consensus.h"
#include "models/placement/zones.h"
#include "tests/support/paths.h"
#include "tests/support/test.h"

#include <QDir>

#include <cmath>
#include <set>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr DurationNs Tolerance = 5 * NsPerSecond / 2; ///< Two sources tell of one moment up to so far apart.

class ShiftedDecoder final : public LineDecoder
{
public:
    ShiftedDecoder(std::shared_ptr<const LineDecoder> decoder, DurationNs by)
        : m_decoder(std::move(decoder))
        , m_by(by)
    {
    }
    DecodedLine decode(std::string_view line, qint64 byteOffset) const override
    {
        DecodedLine decoded = m_decoder->decode(line, byteOffset);
        decoded.time = moved(decoded.time);
        return decoded;
    }
    std::optional<SourceTime> timeBefore(qint64 byteOffset) const override
    {
        return moved(m_decoder->timeBefore(byteOffset));
    }
    bool hasStamps() const override { return m_decoder->hasStamps(); }

private:
    std::optional<SourceTime> moved(std::optional<SourceTime> time) const
    {
        return time ? std::optional(*time + m_by) : std::nullopt;
    }

    std::shared_ptr<const LineDecoder> m_decoder;
    DurationNs m_by;
};

/// The source as a clock that is off by so much would have written it.
std::shared_ptr<const SourceEvidence> shifted(const SourceEvidence &source, DurationNs by, bool withoutZone)
{
    auto result = std::make_shared<SourceEvidence>(source);
    const auto move = [by](auto &time) {
        if (time)
            *time = *time + by;
    };
    const auto moveInterval = [by](std::optional<SourceInterval> &time) {
        if (time)
            *time = {time->lo + by, time->hi + by};
    };
    move(result->first);
    move(result->last);
    for (SourceTime &start : result->clockStarts)
        start = start + by;
    for (Event &event : result->events)
        moveInterval(event.time);
    for (Fact &fact : result->facts)
        moveInterval(fact.time);
    for (Span &span : result->spans) {
        move(span.start);
        move(span.end);
    }
    for (Profile &profile : result->profiles)
        move(profile.time);
    for (Coverage &coverage : result->coverage) {
        move(coverage.from);
        move(coverage.captured);
    }
    for (Series &series : result->series)
        for (SourceTime &time : series.times.own())
            time = time + by;
    if (result->decoder)
        result->decoder = std::make_shared<ShiftedDecoder>(result->decoder, by);
    if (withoutZone) {
        result->basis = TimeBasis::Local;
        result->zone.clear();
    }
    return result;
}

/// Whether the source tells the time by a clock of its own that may be off.
bool hasClock(const SourceEvidence &source)
{
    const bool isWall =
        source.basis == TimeBasis::Utc || source.basis == TimeBasis::Zoned || source.basis == TimeBasis::Local;
    const bool isFileTime = source.modified && source.first && source.first->ns == source.modified->ns;
    return isWall && source.first && source.kind != SourceKind::HostState && !isFileTime;
}

SourceTime middleOf(const SourceEvidence &source)
{
    return *source.first + (*source.last - *source.first) / 2;
}

/// What joins a source to others, as its own times have it.
struct Ties {
    bool isNamed = false;               ///< By an anchor that names a process, cgroup or text.
    std::set<ClockKeeper> otherKeepers; ///< Of all that it is joined to, directly or through others.
};

Ties tiesOf(const Evidence &evidence, int source)
{
    const std::vector<Clock> clocks = clocksOf(evidence);
    const std::vector<ClockEdge> edges = findEdges(evidence, clocks);
    const auto sourceOf = [&](int clock) { return clocks[static_cast<size_t>(clock)].source; };
    const auto keeper = [&](int of) {
        const ClockKeeper found = keeperOf(*evidence.sources[static_cast<size_t>(of)]);
        return found == ClockKeeper::Journal ? ClockKeeper::Host : found; // one machine's clock
    };
    Ties ties;
    std::set<int> joined{source};
    for (bool grows = true; grows;) {
        grows = false;
        for (const ClockEdge &edge : edges) {
            if (!edge.isClear || edge.weight < 8)
                continue;
            const int a = sourceOf(edge.a);
            const int b = sourceOf(edge.b);
            if (edge.kinship < Kinship::Named)
                continue;
            ties.isNamed = ties.isNamed || a == source || b == source;
            if (joined.contains(a) != joined.contains(b)) {
                joined.insert(a);
                joined.insert(b);
                grows = true;
            }
        }
    }
    for (const int other : joined)
        if (const SourceEvidence &of = *evidence.sources[static_cast<size_t>(other)];
            keeper(other) != keeper(source) && (of.basis == TimeBasis::Utc || of.basis == TimeBasis::Zoned))
            ties.otherKeepers.insert(keeper(other));
    return ties;
}

enum class Standing { Same, Said, Silent };

constexpr double Sure = 0.8;

/// What an analysis comes to: the first failure, and the cause named for it.
struct Conclusion {
    int source = -1;
    qint64 line = 0;
    std::optional<PlacedTime> time;
    QByteArray cause;
    bool isSure = false;

    explicit Conclusion(const Analysis &analysis)
    {
        if (!analysis.findings->failures.empty()) {
            const Failure &first = analysis.findings->failures.front();
            source = first.source;
            line = first.line;
            time = first.time;
        }
        if (!analysis.diagnosis->verdicts.empty()) {
            const Verdict &verdict = analysis.diagnosis->verdicts.front();
            cause = verdict.cause.toUtf8();
            isSure = verdict.status == VerdictStatus::Confirmed || verdict.confidence >= Sure;
        }
    }
    QString text() const
    {
        return u"%1%2 at %3:%4, %5"_s.arg(QString::fromUtf8(cause), isSure ? u" (sure)"_s : QString())
            .arg(source)
            .arg(line)
            .arg(time ? QString::fromLatin1(toRfc3339(time->time)) : u"no time"_s);
    }
};

/// Empty where a diagnosis holds though a clock was off. `isHeld`: others put the clock right, so nothing may have changed; else the
/// program may be less sure, but not sure of something else, and the time of the failure needs to be within what it says.
QString broken(const Conclusion &was, const Conclusion &is, bool isHeld, DurationNs axisError)
{
    if (isHeld && is.cause != was.cause)
        return u"another cause"_s;
    if (isHeld && was.isSure && !is.isSure)
        return u"less sure"_s;
    if (is.isSure && is.cause != was.cause)
        return u"sure of another cause"_s;
    if (!was.time || was.source != is.source || was.line != is.line)
        return isHeld && (was.source != is.source || was.line != is.line) ? u"another failure"_s : QString();
    if (!is.time)
        return isHeld ? u"the failure lost its time"_s : QString();
    if (std::abs(is.time->time - was.time->time) <= Tolerance + was.time->uncertaintyNs())
        return {};
    if (isHeld)
        return u"another time"_s;
    const bool isWithin =
        is.time->lo - axisError <= was.time->hi + Tolerance && was.time->lo - Tolerance <= is.time->hi + axisError;
    return isWithin ? QString() : u"another time, and not said to be unsure"_s;
}

} // namespace

class TestCorpusShifted : public QObject
{
    Q_OBJECT

private:
    std::shared_ptr<const Knowledge> m_knowledge;

    Evidence read(const QString &folder) const
    {
        QStringList files;
        QDir dir(folder);
        for (const QString &name : dir.entryList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot))
            if (name != u"truth.json"_s && !name.startsWith(u"README"))
                files.append(dir.filePath(name));
        auto evidence = importPaths(files, m_knowledge->tools, {});
        if (!evidence)
            qFatal("%s: %s", qPrintable(folder), qPrintable(evidence.error().toString()));
        return std::move(*evidence);
    }

    static void addFolders(const QString &set)
    {
        if (set.isEmpty())
            return;
        const QDir folder(set);
        for (const QString &name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
            QTest::newRow(qPrintable(folder.dirName() + u'/' + name)) << folder.filePath(name);
    }
    static void addRuns()
    {
        QTest::addColumn<QString>("folder");
        addFolders(test::corpusPath(u"incidents"_s));
        addFolders(test::dataPath(u"runs"_s));
    }

    /// How the sources stand after one of them was shifted, against how they did before.
    static Standing outcomeOf(const Evidence &before, const Placement &placedBefore, const Evidence &after,
                              const Placement &placedAfter, int source, DurationNs by, QString &told)
    {
        Standing worst = Standing::Same;
        const DurationNs axisError = axisErrorNs(after, placedAfter);
        for (size_t i = 0; i < before.sources.size(); ++i) {
            const SourceEvidence &of = *before.sources[i];
            if (!of.first || !of.last)
                continue;
            const SourceTime middle = middleOf(of);
            const auto was = placedBefore.sources[i].place(middle);
            const auto is = placedAfter.sources[i].place(std::cmp_equal(i, source) ? middle + by : middle);
            if (!was || (is && std::abs(is->time - was->time) <= Tolerance + was->uncertaintyNs()))
                continue;
            const bool isSaid =
                !is || (is->lo - axisError <= was->hi + Tolerance && was->lo - Tolerance <= is->hi + axisError);
            told += u"\n  %1 (%2 s): %3"_s.arg(of.path.section(u'/', -2),
                                               is ? QString::number(toSeconds(is->time - was->time)) : u"unplaced"_s,
                                               placedAfter.sources[i].reason);
            worst = std::max(worst, isSaid ? Standing::Said : Standing::Silent);
        }
        return worst;
    }

    /// Whether no clock is off as it is: else one more that is off as far makes two that agree.
    static bool agrees(const Placement &placement)
    {
        return std::ranges::none_of(placement.sources, [](const SourcePlacement &source) {
            return source.reason.startsWith(u"shifted"_s) || source.reason.contains(u"unsure by"_s);
        });
    }

    /// Whether nothing that is there could tell: no clock that states its zone is joined to the source by a name, and it still meets
    /// one of those that tell of the run. What only speaks when something happens meets nothing, and says nothing by that.
    static bool isUnknowable(const Evidence &evidence, const Placement &placement, int source, DurationNs by,
                             const Ties &ties)
    {
        const SourceEvidence &own = *evidence.sources[static_cast<size_t>(source)];
        const bool isEventDriven = own.kind == SourceKind::KernelLog || own.kind == SourceKind::Journal
                                   || own.kind == SourceKind::KubeDescribe || own.kind == SourceKind::KubeObject;
        if (ties.isNamed && !ties.otherKeepers.empty())
            return false;
        const auto ownFirst = placement.place(source, *own.first);
        const auto ownLast = placement.place(source, *own.last);
        if (isEventDriven || !ownFirst || !ownLast)
            return true;
        bool hasOthers = false;
        for (size_t i = 0; i < evidence.sources.size(); ++i) {
            const SourceEvidence &of = *evidence.sources[i];
            const bool tellsOfRun = of.kind == SourceKind::CiLog || of.kind == SourceKind::TestOutput
                                    || of.kind == SourceKind::Log || of.kind == SourceKind::Metrics
                                    || of.kind == SourceKind::Profile;
            if (std::cmp_equal(i, source) || !of.first || !tellsOfRun || !statesZone(of)
                || keeperOf(of) == keeperOf(own))
                continue;
            const auto first = placement.place(static_cast<int>(i), *of.first);
            const auto last = placement.place(static_cast<int>(i), *of.last);
            if (!first || !last)
                continue;
            // One that it still meets bears it out, whatever others say.
            if (ownFirst->time + by <= last->time + NsPerMinute && ownLast->time + by >= first->time - NsPerMinute)
                return true;
            hasOthers = true;
        }
        return !hasOthers;
    }

private Q_SLOTS:
    void initTestCase()
    {
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        m_knowledge = *knowledge;
    }

    void aShiftedClockIsPutRightOrSaidToBeUnsure_data() { addRuns(); }
    void aShiftedClockIsPutRightOrSaidToBeUnsure()
    {
        QFETCH(QString, folder);
        const Evidence evidence = read(folder);
        const Placement placement = computePlacement(evidence, {});
        const bool isSettled = agrees(placement);
        for (int source = 0; std::cmp_less(source, evidence.sources.size()); ++source) {
            const SourceEvidence &own = *evidence.sources[static_cast<size_t>(source)];
            if (!hasClock(own) || own.basis == TimeBasis::Local)
                continue;
            const Ties ties = tiesOf(evidence, source);
            for (const double seconds : {-47.0, 93.0, 600.0, -3600.0, 19'800.0, -25'981.5, 43'200.0, -43'200.0}) {
                const DurationNs by = fromSeconds(seconds);
                Evidence moved = evidence;
                moved.sources[static_cast<size_t>(source)] = shifted(own, by, false);
                const Placement placed = computePlacement(moved, {});
                QString told = u"%1 shifted by %2 s"_s.arg(own.path.section(u'/', -2)).arg(seconds);
                const Standing outcome = outcomeOf(evidence, placement, moved, placed, source, by, told);
                QVERIFY2(outcome != Standing::Silent || !isSettled
                             || isUnknowable(evidence, placement, source, by, ties),
                         qPrintable(told));
                QVERIFY2(outcome == Standing::Same || !isSettled || !ties.isNamed || ties.otherKeepers.size() < 2,
                         qPrintable(told));
            }
        }
    }

    void aLogWithoutItsZoneIsPutRightOrSaidToBeUnsure_data() { addRuns(); }
    void aLogWithoutItsZoneIsPutRightOrSaidToBeUnsure()
    {
        QFETCH(QString, folder);
        const Evidence evidence = read(folder);
        const Placement placement = computePlacement(evidence, {});
        const bool isSettled = agrees(placement);
        for (int source = 0; std::cmp_less(source, evidence.sources.size()); ++source) {
            const SourceEvidence &own = *evidence.sources[static_cast<size_t>(source)];
            const bool isLog = own.kind == SourceKind::CiLog || own.kind == SourceKind::Log
                               || own.kind == SourceKind::KernelLog || own.kind == SourceKind::TestOutput;
            if (!hasClock(own) || !isLog || own.basis == TimeBasis::Local)
                continue;
            const Ties ties = tiesOf(evidence, source);
            for (const double hours : {-12.0, -9.5, -5.0, 0.0, 5.5, 8.0, 12.0}) {
                const DurationNs by = fromSeconds(hours * 3600);
                Evidence moved = evidence;
                moved.sources[static_cast<size_t>(source)] = shifted(own, by, true);
                const Placement placed = computePlacement(moved, {});
                QString told = u"%1 in %2 h without its zone"_s.arg(own.path.section(u'/', -2)).arg(hours);
                const Standing outcome = outcomeOf(evidence, placement, moved, placed, source, by, told);
                QVERIFY2(outcome != Standing::Silent, qPrintable(told));
                QVERIFY2(outcome == Standing::Same || !isSettled || !ties.isNamed || ties.otherKeepers.empty(),
                         qPrintable(told));
            }
        }
    }

    void theDiagnosisHoldsThoughAClockIsOff_data() { addRuns(); }
    void theDiagnosisHoldsThoughAClockIsOff()
    {
        QFETCH(QString, folder);
        const auto evidence = std::make_shared<const Evidence>(read(folder));
        const auto before = reanalyze(evidence, *m_knowledge, {});
        QVERIFY(before);
        const Conclusion was(*before);
        const bool isSettled = agrees(*before->placement);
        for (int source = 0; std::cmp_less(source, evidence->sources.size()); ++source) {
            const SourceEvidence &own = *evidence->sources[static_cast<size_t>(source)];
            if (!hasClock(own) || own.basis == TimeBasis::Local)
                continue;
            const Ties ties = tiesOf(*evidence, source);
            const bool isLog = own.kind == SourceKind::CiLog || own.kind == SourceKind::Log
                               || own.kind == SourceKind::KernelLog || own.kind == SourceKind::TestOutput;
            for (const auto &[seconds, withoutZone] : {std::pair{600.0, false},
                                                       {-25'981.5, false},
                                                       {43'200.0, false},
                                                       {19'800.0, true},
                                                       {-28'800.0, true}}) {
                if (withoutZone && !isLog)
                    continue;
                const DurationNs by = fromSeconds(seconds);
                Evidence moved = *evidence;
                moved.sources[static_cast<size_t>(source)] = shifted(own, by, withoutZone);
                const auto after = reanalyze(std::make_shared<const Evidence>(std::move(moved)), *m_knowledge, {});
                QVERIFY(after);
                const bool isHeld = isSettled && ties.isNamed && ties.otherKeepers.size() >= (withoutZone ? 1U : 2U);
                const QString how =
                    broken(was, Conclusion(*after), isHeld, axisErrorNs(*after->evidence, *after->placement));
                const bool mayNotKnow =
                    !isHeld
                    && (!isSettled || (!withoutZone && isUnknowable(*evidence, *before->placement, source, by, ties)));
                if (mayNotKnow && how.startsWith(u"another time"))
                    continue;
                QVERIFY2(how.isEmpty(), qPrintable(u"%1 by %2 s%3: %4\n  was %5\n  is  %6\n  %7"_s.arg(
                                            own.path.section(u'/', -2), QString::number(seconds),
                                            withoutZone ? u", without its zone"_s : QString(), how, was.text(),
                                            Conclusion(*after).text(),
                                            after->placement->sources[static_cast<size_t>(source)].reason)));
            }
        }
    }
};

FAULTLINE_TEST(TestCorpusShifted)
#include "tst_corpus_shifted.moc"
