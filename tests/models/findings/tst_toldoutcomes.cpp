// SPDX-License-Identifier: GPL-3.0-or-later
// A step that may fail: what its log alone leaves open, and what the CI's own word settles.
#include "models/findings/borne.h"
#include "models/findings/stepsafter.h"
#include "models/findings/toldoutcomes.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

struct Step {
    QByteArray name;
    Outcome outcome = Outcome::Passed;
    std::optional<double> began = {}; ///< In seconds.
};

/// A job with a step every ten lines; a failed one has an error on its fifth line and ends on its ninth.
std::shared_ptr<SourceEvidence> jobOf(const QByteArray &format, const QByteArray &name, Outcome outcome,
                                      const std::vector<Step> &steps)
{
    auto source = std::make_shared<SourceEvidence>();
    source->kind = format == "github-run" ? SourceKind::Other : SourceKind::CiLog;
    source->format = format;
    Span job;
    job.kind = SpanKind::Job;
    job.name = name;
    job.outcome = outcome;
    job.line = 1;
    source->spans.push_back(job);
    qint64 line = 1;
    for (const Step &step : steps) {
        Span span;
        span.kind = SpanKind::Step;
        span.parent = 0;
        span.name = step.name;
        span.outcome = step.outcome;
        span.line = line;
        span.lastLine = line + 9;
        if (step.began)
            span.start = SourceTime{fromSeconds(*step.began)};
        source->spans.push_back(span);
        if (step.outcome == Outcome::Failed) {
            Event event;
            event.line = event.lastLine = line + 4;
            event.signature = "test.fail.any";
            event.role = Role::Symptom;
            event.severity = Severity::Error;
            source->events.push_back(event);
            event.line = event.lastLine = line + 8;
            event.signature = "ci.exit_code";
            event.role = Role::End;
            source->events.push_back(event);
        }
        line += 10;
    }
    return source;
}

/// What is left of the log's trouble: the lines of the events that are not borne.
QList<qint64> leftOf(const std::shared_ptr<const SourceEvidence> &log,
                     const std::shared_ptr<const SourceEvidence> &page)
{
    auto evidence = std::make_shared<Evidence>();
    evidence->sources = {log, page};
    const auto marked = withOutcomesTold(evidence);
    QList<qint64> lines;
    for (const Event &event : marked->sources[0]->events)
        if (event.signature != BorneSignature)
            lines << event.line;
    return lines;
}

const std::vector<Step> TwoFailed{{"Run checkout"}, {"Run nightly", Outcome::Failed}, {"Run test", Outcome::Failed}};

} // namespace

class TestToldOutcomes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsToldToPassIsBorne_data()
    {
        QTest::addColumn<QByteArray>("job");
        QTest::addColumn<int>("jobEnded");
        QTest::addColumn<QByteArrayList>(
            "steps"); // of the page; "X " before one that failed, "- " before one that did not run
        QTest::addColumn<QList<qint64>>("left");
        const QList<qint64> all{15, 19, 25, 29};
        const QList<qint64> second{25, 29};
        QTest::newRow("by name") << "t"_ba << int(Outcome::Failed) << QByteArrayList{"Run nightly", "X Run test"}
                                 << second;
        QTest::newRow("by order") << "t"_ba << int(Outcome::Failed)
                                  << QByteArrayList{"Checkout", "Nightly", "- Skipped", "X Test"} << second;
        QTest::newRow("another number of steps")
            << "t"_ba << int(Outcome::Failed) << QByteArrayList{"Nightly", "X Test"} << all;
        QTest::newRow("the whole job passed") << "t"_ba << int(Outcome::Passed) << QByteArrayList{} << QList<qint64>{};
        QTest::newRow("another job") << "u"_ba << int(Outcome::Passed) << QByteArrayList{} << all;
        QTest::newRow("still running") << "t"_ba << int(Outcome::Unknown) << QByteArrayList{} << all;
    }
    void whatIsToldToPassIsBorne()
    {
        QFETCH(const QByteArray, job);
        QFETCH(const int, jobEnded);
        QFETCH(const QByteArrayList, steps);
        QFETCH(const QList<qint64>, left);
        std::vector<Step> told;
        for (const QByteArray &step : steps)
            told.push_back(step.startsWith("X ")   ? Step{step.sliced(2), Outcome::Failed}
                           : step.startsWith("- ") ? Step{step.sliced(2), Outcome::Skipped}
                                                   : Step{step});
        const auto page = jobOf("github-run", job, static_cast<Outcome>(jobEnded), told);
        QCOMPARE(leftOf(jobOf("github-actions", "t", Outcome::Failed, TwoFailed), page), left);
    }

    void stepsAreToldApartByTheirTimes()
    {
        const auto log = jobOf("github-actions", {}, Outcome::Failed,
                               {{"Run a", Outcome::Failed, 10.4}, {"Run b", Outcome::Failed, 30.1}});
        const auto page =
            jobOf("github-run", "t", Outcome::Failed,
                  {{"Containers", Outcome::Passed, 5}, {"A", Outcome::Passed, 10}, {"B", Outcome::Failed, 30}});
        QCOMPARE(leftOf(log, page), (QList<qint64>{15, 19}));
    }

    void anotherAttemptTellsNothing()
    {
        const auto log = jobOf("github-actions", "t", Outcome::Failed, TwoFailed);
        log->spans[0].start = SourceTime{fromSeconds(1000)};
        log->spans[0].end = SourceTime{fromSeconds(1100)};
        const auto page = jobOf("github-run", "t", Outcome::Passed, {});
        page->spans[0].start = SourceTime{fromSeconds(999)};
        page->spans[0].end = SourceTime{fromSeconds(1101)};
        QCOMPARE(leftOf(log, page), QList<qint64>{});
        page->spans[0].start = SourceTime{fromSeconds(4999)};
        page->spans[0].end = SourceTime{fromSeconds(5101)};
        QCOMPARE(leftOf(log, page).size(), 4); // it was run once more, and passed then
    }

    void aStepNamedAsToleratedIsBorneWhereOthersRanAfterIt()
    {
        const auto marked = [](const std::vector<Step> &steps) {
            return leftOf(jobOf("github-actions", "t", Outcome::Failed, steps), std::make_shared<SourceEvidence>());
        };
        QCOMPARE(marked({{"Lint (advisory)", Outcome::Failed}, {"Test", Outcome::Failed}}), (QList<qint64>{15, 19}));
        QCOMPARE(marked({{"Lint (advisory)", Outcome::Failed}, {"Post Run checkout"}}), (QList<qint64>{5, 9}));
        QCOMPARE(marked({{"Lint", Outcome::Failed}, {"Test"}}), (QList<qint64>{5, 9}));
    }

    void nothingToldChangesNothing()
    {
        auto evidence = std::make_shared<Evidence>();
        evidence->sources = {jobOf("github-actions", "t", Outcome::Failed, TwoFailed)};
        const std::shared_ptr<const Evidence> before = evidence;
        QCOMPARE(withOutcomesTold(before), before);
    }

    void aLaterStepLeavesOpenWhichEndedTheJob_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QByteArray>("next");
        QTest::addColumn<bool>("isOpen");
        QTest::newRow("another build") << "github-actions"_ba << "Run cargo clippy"_ba << true;
        QTest::newRow("as gh prints it") << "gh-run-log"_ba << "Clippy"_ba << true;
        QTest::newRow("an upload") << "github-actions"_ba << "Run actions/upload-artifact@v4"_ba << false;
        QTest::newRow("cleaning up") << "github-actions"_ba << "Run docker compose down"_ba << false;
        QTest::newRow("the runner's own") << "github-actions"_ba << "Post Run actions/checkout@v5"_ba << false;
        QTest::newRow("another CI") << "azure-pipelines"_ba << "Clippy"_ba << false;
    }
    void aLaterStepLeavesOpenWhichEndedTheJob()
    {
        QFETCH(const QByteArray, format);
        QFETCH(const QByteArray, next);
        QFETCH(const bool, isOpen);
        const auto log = jobOf(format, "t", Outcome::Failed, {{"Run test", Outcome::Failed}, {next}});
        const Span *open = stepThatLeavesOpen(*log, 5);
        QCOMPARE(open != nullptr, isOpen);
        QVERIFY(!open || open->name == next);
        QVERIFY(!stepThatLeavesOpen(*log, 15)); // in the one that went well
    }

    void anEarlierFailureLeavesItOpenToo()
    {
        const auto log = jobOf("github-actions", "t", Outcome::Failed, TwoFailed);
        QCOMPARE(stepThatLeavesOpen(*log, 25)->name, "Run nightly");
        QVERIFY(!stepThatLeavesOpen(
            *jobOf("github-actions", "t", Outcome::Failed, {{"Run a"}, {"Run b", Outcome::Failed}}), 15));
    }
};

FAULTLINE_TEST(TestToldOutcomes)
#include "tst_toldoutcomes.moc"
