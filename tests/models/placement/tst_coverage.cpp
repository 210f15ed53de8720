// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/coverage.h"

#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;

namespace {

TimeNs after(double value)
{
    return {Noon + seconds(value)};
}

} // namespace

class TestCoverage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coversSamplesToOneStepPastTheLast()
    {
        HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon);
        metrics.series("a", {}, 0, std::vector<double>(10, 1.0));
        metrics.series("b", {}, 5, std::vector<double>(10, 1.0));
        const Evidence evidence = evidenceOf({metrics.done()});
        const auto coverage = placedCoverage(evidence, computePlacement(evidence, {}), 0);
        QVERIFY(coverage);
        QCOMPARE(coverage->from, after(0));
        QCOMPARE(coverage->to, after(15));
        QCOMPARE(coverage->how, CoverageHow::Derived);
        QVERIFY(coverage->contains(after(1), after(15)));
        QVERIFY(!coverage->contains(after(-1), after(15)));
        QVERIFY(!coverage->contains(after(1), after(16)));
    }

    void coversKernelLogsUntilTheyWereCaptured()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Utc, Noon);
        log.range(0, 60);
        HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Utc, Noon);
        kernel.line(-100, "usb 1-1: new device");
        kernel.evidence->coverage.push_back({{}, kernel.time(-100), {}, CoverageHow::Stated});
        const auto coverageFor = [&](std::optional<TimeNs> modified) {
            kernel.evidence->modified = modified;
            const Evidence evidence = evidenceOf({log.done(), kernel.done()});
            return *placedCoverage(evidence, computePlacement(evidence, {}), 1);
        };
        // Written a minute after the last line of the case.
        QCOMPARE(coverageFor(after(120)).to, after(120));
        QCOMPARE(coverageFor(after(120)).how, CoverageHow::Assumed);
        // No word of it, before the end of the case, days later: only what was read.
        for (const std::optional<TimeNs> &modified :
             {std::optional<TimeNs>(), std::optional(after(30)), std::optional(after(86400 * 3))}) {
            QCOMPARE(coverageFor(modified).to, after(-100));
            QCOMPARE(coverageFor(modified).how, CoverageHow::Derived);
        }
    }

    void takesTheCaptureOfAnotherSource()
    {
        HandmadeSource pod(SourceKind::KubeDescribe, TimeBasis::Utc, Noon, NsPerSecond);
        pod.range(0, 50);
        pod.evidence->coverage.push_back({{}, pod.time(0), pod.time(90), CoverageHow::Derived});
        HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Utc, Noon);
        kernel.line(10, "usb 1-1: new device");
        kernel.evidence->modified = after(5 * 3600);
        const Evidence evidence = evidenceOf({pod.done(), kernel.done()});
        const auto coverage = placedCoverage(evidence, computePlacement(evidence, {}), 1);
        QCOMPARE(coverage->to, after(90));
        QCOMPARE(coverage->how, CoverageHow::Assumed);
    }

    void knowsNothingOfUnplacedSources()
    {
        HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Boot, 0);
        kernel.line(10, "usb 1-1: new device");
        const Evidence evidence = evidenceOf({kernel.done()});
        QVERIFY(!placedCoverage(evidence, computePlacement(evidence, {}), 0));
    }

    void prefersTheSubjectsOwnEntry()
    {
        HandmadeSource pod(SourceKind::KubeDescribe, TimeBasis::Utc, Noon, NsPerSecond);
        pod.range(0, 50);
        pod.evidence->coverage.push_back({{}, pod.time(0), pod.time(90), CoverageHow::Stated});
        pod.evidence->coverage.push_back({"events", pod.time(20), pod.time(90), CoverageHow::Stated});
        const Evidence evidence = evidenceOf({pod.done()});
        const Placement placement = computePlacement(evidence, {});
        QCOMPARE(placedCoverage(evidence, placement, 0, "events")->from, after(20));
        QCOMPARE(placedCoverage(evidence, placement, 0, "other")->from, after(0));
        QCOMPARE(placedCoverages(evidence, placement).size(), size_t(2));
    }
};

FAULTLINE_TEST(TestCoverage)
#include "tst_coverage.moc"
