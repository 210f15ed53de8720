// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/runcomparison.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

struct Run {
    Evidence evidence;
    Placement placement;
    Findings findings;
};

/// A word for each line, so that its mask is its own.
QByteArray wordOf(int index)
{
    QByteArray word;
    for (int rest = index + 26; rest > 0; rest /= 26)
        word += static_cast<char>('a' + rest % 26);
    return "step " + word + " is done";
}

Run runOf(const QByteArrayList &lines)
{
    QByteArray log;
    for (qsizetype i = 0; i < lines.size(); ++i)
        log += QByteArray::number(100 + i) + ' ' + lines[i] + '\n';
    Run run;
    run.evidence.sources = {test::textSource(u"/run/ci.log"_s, log)};
    run.placement.sources = {test::placedBy(0, PlacementHow::Stated, {})};
    return run;
}

RunComparison compared(const Run &failed, const Run &passed)
{
    const LineTally here(failed.evidence, {});
    const LineTally there(passed.evidence, {});
    return compareRuns({failed.evidence, failed.placement, failed.findings, here},
                       {passed.evidence, passed.placement, passed.findings, there}, {});
}

Profile heap(const std::vector<std::pair<QByteArray, double>> &weights)
{
    Profile profile;
    profile.type = "heap";
    profile.unit = "bytes";
    for (const auto &[function, weight] : weights)
        profile.frames.push_back({function, {}, 0, weight, weight, 1});
    return profile;
}

} // namespace

class ComparedRunsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesThatMovedAreTold()
    {
        QByteArrayList passed;
        for (int i = 0; i < 40; ++i)
            passed << wordOf(i);
        QByteArrayList failed = passed;
        // Three lines from near the start go to near the end.
        for (int i = 0; i < 3; ++i)
            failed.insert(32, failed.takeAt(5));
        const RunComparison comparison = compared(runOf(failed), runOf(passed));
        QVERIFY(comparison.lines.empty());
        QCOMPARE(comparison.movedLines, 3);
        QCOMPARE(comparison.moved.size(), 1u);
        const LineDifference &block = comparison.moved.front();
        QCOMPARE(block.kind, Difference::Moved);
        QCOMPARE(block.count, 3);
        QCOMPARE(block.text, wordOf(5));
        QCOMPARE(block.otherLine, 6);
        QCOMPARE(block.line, failed.indexOf(wordOf(5)) + 1);
        QVERIFY(block.time);
    }

    void whatComesInAnotherOrderNearbyHasNotMoved()
    {
        QByteArrayList passed;
        for (int i = 0; i < 40; ++i)
            passed << wordOf(i);
        QByteArrayList failed = passed;
        for (int i = 0; i + 1 < 40; i += 2)
            failed.swapItemsAt(i, i + 1);
        QCOMPARE(compared(runOf(failed), runOf(passed)).movedLines, 0);
    }

    void aGoneLineLeadsToWhereItWouldStand()
    {
        QByteArrayList passed;
        for (int i = 0; i < 10; ++i)
            passed << wordOf(i);
        QByteArrayList failed = passed;
        failed.removeAt(4);
        const RunComparison comparison = compared(runOf(failed), runOf(passed));
        QCOMPARE(comparison.lines.size(), 1u);
        QCOMPARE(comparison.lines[0].kind, Difference::Gone);
        QCOMPARE(comparison.lines[0].line, 5);
        QCOMPARE(comparison.lines[0].otherSource, 0);
        QCOMPARE(comparison.lines[0].otherLine, 4);
    }

    void functionsThatWeighMoreAreTold()
    {
        Run failed = runOf({"one"});
        Run passed = runOf({"one"});
        const auto with = [](Run &run, Profile profile) {
            auto source = std::make_shared<SourceEvidence>();
            source->path = u"/run/heap.pb.gz"_s;
            source->kind = SourceKind::Profile;
            source->profiles = {std::move(profile)};
            run.evidence.sources.push_back(std::move(source));
            run.placement.sources.emplace_back();
        };
        with(failed, heap({{"cache.(*LRU).Add", 900}, {"main.main", 100}, {"json.Decode", 11}}));
        with(passed, heap({{"cache.(*LRU).Add", 100}, {"main.main", 100}, {"json.Decode", 10}, {"old.Work", 300}}));
        const auto &profiles = compared(failed, passed).profiles;
        QCOMPARE(profiles.size(), 2u);
        QCOMPARE(profiles[0].function, "cache.(*LRU).Add");
        QCOMPARE(profiles[0].before, 100.0);
        QCOMPARE(profiles[0].after, 900.0);
        QCOMPARE(profiles[0].source, 1);
        QCOMPARE(profiles[0].profile, 0);
        QCOMPARE(profiles[1].function, "old.Work");
        QCOMPARE(profiles[1].after, 0.0);
    }

    void allStepsAreAlignedInTheOrderOfTheFailedRun()
    {
        Run failed = runOf({"one", "two", "three"});
        Run passed = runOf({"one", "two", "three"});
        const auto step = [](const char *name, qint64 line, qint64 from, qint64 to, Outcome outcome) {
            Span span;
            span.kind = SpanKind::Step;
            span.name = name;
            span.line = line;
            span.start = SourceTime{from * NsPerSecond};
            span.end = SourceTime{to * NsPerSecond};
            span.outcome = outcome;
            return span;
        };
        auto here = std::make_shared<SourceEvidence>(*failed.evidence.sources[0]);
        here->spans = {step("zip", 1, 0, 10, Outcome::Passed), step("build", 2, 10, 70, Outcome::Passed),
                       step("lint", 3, 70, 71, Outcome::Failed)};
        auto there = std::make_shared<SourceEvidence>(*passed.evidence.sources[0]);
        there->spans = {step("build", 1, 10, 20, Outcome::Passed), step("zip", 2, 0, 10, Outcome::Passed),
                        step("lint", 3, 70, 71, Outcome::Unknown), step("deploy", 4, 71, 72, Outcome::Passed)};
        failed.evidence.sources = {here};
        passed.evidence.sources = {there};
        const RunComparison comparison = compared(failed, passed);
        QByteArrayList names;
        for (const SpanDifference &span : comparison.aligned)
            names << span.name + ' ' + QByteArray(differenceName(span.kind).data());
        QCOMPARE(names, (QByteArrayList{"zip same", "build slower", "lint changed", "deploy gone"}));
        QCOMPARE(comparison.spans.size(), 3u); // only what differs
    }
};

FAULTLINE_TEST(ComparedRunsTest)
#include "tst_comparedruns.moc"
