// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/placement/axiserror.h"
#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;

namespace {

constexpr double Boot = -5000; // The machine booted this long before Noon.
constexpr DurationNs Near = 2 * NsPerSecond;

HandmadeSource ciLog(double skew = 0)
{
    HandmadeSource log(SourceKind::CiLog, TimeBasis::Utc, Noon + seconds(skew), 100);
    log.line(0, "go test ./...");
    log.line(50, "=== RUN TestReplay");
    return log;
}
HandmadeSource rawKernel()
{
    return HandmadeSource(SourceKind::KernelLog, TimeBasis::Boot, 0, NsPerMicrosecond);
}
/// dmesg --time-format iso: cut to whole seconds of boot time, so early by up to 1.5 s.
HandmadeSource isoKernel(double early = 0.4)
{
    return HandmadeSource(SourceKind::KernelLog, TimeBasis::Utc, Noon - seconds(early), 1500 * NsPerMillisecond);
}
void addKill(HandmadeSource &kernel, double at, int pid, const QByteArray &comm, const QByteArray &cgroup)
{
    kernel.event(at, oomConstraint(pid, comm, cgroup), "kernel.oom_kill_constraint");
    kernel.event(at + 0.00001, oomKill(pid, comm), "kernel.oom_kill");
}
HandmadeSource describe(double finished, const QByteArray &reason = "OOMKilled", const QByteArray &code = "137")
{
    HandmadeSource source(SourceKind::KubeDescribe, TimeBasis::Zoned, Noon, NsPerSecond);
    source.evidence->identity.pod = "api-1";
    source.event(std::floor(finished), "Finished", "kube.container_terminated",
                 {{"container", "api"}, {"reason", reason}, {"exit_code", code}});
    return source;
}
HandmadeSource memory(double killed, const QByteArray &cgroup)
{
    HandmadeSource source(SourceKind::Metrics, TimeBasis::Utc, Noon, NsPerMillisecond);
    std::vector<double> values;
    const double from = killed - 30.3;
    for (int i = 0; i < 40; ++i)
        values.push_back(from + i < killed ? 10.0 + i * 3 : 1.0);
    source.series("container_memory_working_set_bytes", {{"id", cgroup}, {"pod", "api-1"}, {"container", "api"}}, from,
                  values);
    return source;
}
double offsetSeconds(const Placement &placement, size_t source)
{
    return placement.sources[source].isPlaced() ? toSeconds(placement.sources[source].firstPlaced()->offsetNs)
                                                : std::nan("");
}

} // namespace

class TestComputePlacement : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void leavesStatedClocksAlone()
    {
        HandmadeSource log = ciLog();
        const Placement placement = computePlacement(evidenceOf({log.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), 0.0);
        QCOMPARE(placement.sources[0].how, PlacementHow::Stated);
        QCOMPARE(placement.sources[0].place(log.time(0))->time.ns, Noon);
        QVERIFY(placement.sources[0].reason.contains(QStringLiteral("UTC")));
    }

    void leavesAKernelLogWithoutAnchorUnplaced()
    {
        HandmadeSource log = ciLog();
        HandmadeSource kernel = rawKernel();
        kernel.line(100, "usb 1-1: new high-speed USB device number 2 using xhci_hcd");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QVERIFY(!placement.sources[1].isPlaced());
        QVERIFY(!placement.sources[1].reason.isEmpty());
    }

    void placesByProcessId()
    {
        HandmadeSource log = ciLog();
        log.event(60.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot - 900, 333, "replay", "/other"); // Another job's, earlier, of the same name.
        addKill(kernel, 60 - Boot, 4711, "replay", "/ci");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QVERIFY(qAbs(placement.sources[1].firstPlaced()->offsetNs - (Noon + seconds(Boot))) < Near);
        QCOMPARE(placement.sources[1].how, PlacementHow::Derived);
        QVERIFY(placement.sources[1].anchors.front().taken);
        QCOMPARE(placement.sources[1].anchors.front().otherSource, 0);
        QVERIFY(placement.sources[1].reason.contains(QStringLiteral("2023-11-15T10:36:4")));
    }

    void placesByNameOfAGoTest()
    {
        HandmadeSource log = ciLog();
        log.event(60.02, "signal: killed", "go.signal_killed");
        log.line(60.03, "FAIL\tgithub.com/acme/ledger/replay\t13.5s");
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot - 900, 333, "thumb.test", "/other");
        addKill(kernel, 60 - Boot, 4711, "replay.test", "/ci");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QVERIFY(placement.sources[1].isPlaced());
        QVERIFY(qAbs(placement.sources[1].firstPlaced()->offsetNs - (Noon + seconds(Boot))) < Near);
    }

    void doesNotTakeAnotherProcessOfTheSameName()
    {
        HandmadeSource log = ciLog();
        log.event(60.02, "build.sh: line 3: 4711 Killed                  python3 train.py", "shell.killed",
                  {{"pid", "4711"}});
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 1000, 3333, "python3", "/other");
        QVERIFY(!computePlacement(evidenceOf({log.done(), kernel.done()}), {}).sources[1].isPlaced());
    }

    void placesByNameWhereAContainerCountsItsOwnProcesses()
    {
        HandmadeSource log = ciLog();
        log.event(60.02, "build.sh: line 3: 17 Killed                  python3 train.py", "shell.killed",
                  {{"pid", "17"}});
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot, 3333, "python3", "/kubepods/pod1");
        QVERIFY(computePlacement(evidenceOf({log.done(), kernel.done()}), {}).sources[1].isPlaced());
    }

    void placesByCgroupOfASeries()
    {
        HandmadeSource log = ciLog(); // Says nothing of a kill.
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot - 1000, 333, "python3", "/ci-other");
        addKill(kernel, 60 - Boot, 4711, "python3", "/ci-search");
        HandmadeSource metrics = memory(60, "/ci-search");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done(), metrics.done()}), {});
        QVERIFY(placement.sources[1].isPlaced());
        QVERIFY(qAbs(placement.sources[1].firstPlaced()->offsetNs - (Noon + seconds(Boot))) < Near);
    }

    void doesNotTakeAnotherJobsKill()
    {
        HandmadeSource log = ciLog();
        log.event(60, "Process completed with exit code 137.", "ci.exit_code");
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 1000, 333, "python3", "/ci-other");
        HandmadeSource metrics = memory(60, "/ci-search");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done(), metrics.done()}), {});
        // Only "a kill" each: taken alone it might be right, and nothing says so.
        QVERIFY(!placement.sources[1].isPlaced() || placement.sources[1].how == PlacementHow::Derived);
    }

    void offersWhatIsAmbiguous()
    {
        HandmadeSource log = ciLog();
        log.event(60, "Process completed with exit code 137.", "ci.exit_code");
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 1000, 333, "python3", "/a");
        addKill(kernel, 2000, 444, "python3", "/b");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QVERIFY(!placement.sources[1].isPlaced());
        QVERIFY(!placement.sources[1].anchors.empty());
        QVERIFY(!placement.sources[1].anchors.front().taken);
    }

    void placesByTheJournalsEqualText()
    {
        HandmadeSource journal(SourceKind::Journal, TimeBasis::Utc, Noon, NsPerMicrosecond);
        HandmadeSource kernel = rawKernel();
        for (int i = 0; i < 20; ++i) {
            const QByteArray text = "device veth" + QByteArray::number(i * 7919) + " entered promiscuous mode";
            journal.line(i * 3 + 0.002, text);
            kernel.line(i * 3 - Boot, text);
        }
        const Placement placement = computePlacement(evidenceOf({journal.done(), kernel.done()}), {});
        QVERIFY(placement.sources[1].isPlaced());
        QVERIFY(qAbs(placement.sources[1].firstPlaced()->offsetNs - (Noon + seconds(Boot))) < 10 * NsPerMillisecond);
        QVERIFY(placement.sources[1].residualNs < 10 * NsPerMillisecond);
    }

    void placesByAuditRecords()
    {
        HandmadeSource kernel = rawKernel();
        kernel.line(0.5, "rtc_cmos 00:04: setting system clock to 2023-11-15T10:30:00 UTC (1700044200)");
        kernel.line(100, "audit: type=1400 audit(1700044700.123:45): apparmor=\"STATUS\"");
        const Placement placement = computePlacement(evidenceOf({kernel.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), 1700044700.123 - 100);
        QCOMPARE(placement.sources[0].how, PlacementHow::Derived);
        QVERIFY(placement.sources[0].reason.contains(QStringLiteral("line 2")));
    }

    void shiftsALogThatTwoOthersContradict_data()
    {
        QTest::addColumn<double>("skew");
        QTest::newRow("47 s behind") << -47.0;
        QTest::newRow("2 min ahead") << 120.0;
        QTest::newRow("10 s behind") << -10.0;
        QTest::newRow("an hour ahead") << 3600.0;
    }
    void shiftsALogThatTwoOthersContradict()
    {
        QFETCH(double, skew);
        HandmadeSource log = ciLog(skew);
        log.event(60.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = isoKernel();
        addKill(kernel, 60, 4711, "replay", "/ci");
        HandmadeSource pod = describe(60.4);
        HandmadeSource metrics = memory(60, "/ci");
        const Placement placement =
            computePlacement(evidenceOf({log.done(), kernel.done(), pod.done(), metrics.done()}), {});
        QVERIFY2(qAbs(offsetSeconds(placement, 0) + skew) < 1.5,
                 qPrintable(QString::number(offsetSeconds(placement, 0))));
        QCOMPARE(placement.sources[0].how, PlacementHow::Derived);
        QVERIFY2(placement.sources[0].reason.startsWith(QStringLiteral("shifted ")),
                 qPrintable(placement.sources[0].reason));
        for (size_t i = 1; i < 4; ++i)
            QCOMPARE(offsetSeconds(placement, i), 0.0);
    }

    void placesARawKernelLogBesideASkewedLog()
    {
        HandmadeSource log = ciLog(-47);
        log.event(60.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot, 4711, "replay", "/ci");
        HandmadeSource pod = describe(60.4);
        HandmadeSource metrics = memory(60, "/ci");
        const Placement placement =
            computePlacement(evidenceOf({log.done(), kernel.done(), pod.done(), metrics.done()}), {});
        QVERIFY(qAbs(placement.sources[1].firstPlaced()->offsetNs - (Noon + seconds(Boot))) < Near);
        QVERIFY(qAbs(offsetSeconds(placement, 0) - 47) < 2);
    }

    void doesNotShiftAgainstOneOther()
    {
        HandmadeSource log = ciLog(-47);
        log.event(60.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = isoKernel();
        addKill(kernel, 60, 4711, "replay", "/ci");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), 0.0);
        QCOMPARE(offsetSeconds(placement, 1), 0.0);
        // One against one: both stay, both say so, and each reaches to where the other tells of the kill.
        for (size_t i = 0; i < 2; ++i) {
            QCOMPARE(placement.sources[i].how, PlacementHow::Stated);
            QVERIFY(!placement.sources[i].anchors.empty());
            QVERIFY(!placement.sources[i].anchors.front().taken);
            QVERIFY(placement.sources[i].segments.front().errorNs >= seconds(46));
            QVERIFY2(placement.sources[i].reason.contains(QStringLiteral("not shifted")),
                     qPrintable(placement.sources[i].reason));
        }
        const auto killed = placement.sources[0].place(log.time(60.02));
        QVERIFY(killed->lo.ns <= Noon + seconds(60) && killed->hi.ns >= Noon + seconds(60));
    }

    void saysThatALogMeetsNothingElse()
    {
        HandmadeSource log = ciLog(5 * 3600);
        HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon);
        metrics.series("http_latency", {}, -5, std::vector<double>(90, 1.0));
        const Placement placement = computePlacement(evidenceOf({log.done(), metrics.done()}), {});
        const auto began = placement.sources[0].place(log.time(0));
        QCOMPARE(offsetSeconds(placement, 0), 0.0);
        QVERIFY(began->lo.ns <= Noon && placement.sources[0].reason.contains(QStringLiteral("unsure by")));
        // A day away is another run.
        HandmadeSource old = ciLog(-26 * 3600);
        const Placement far = computePlacement(evidenceOf({old.done(), metrics.done()}), {});
        QVERIFY(far.sources[0].segments.front().errorNs < NsPerSecond);
    }

    void aGuessedZoneIsAsUnsureAsTheZonesThatFit()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon + seconds(3600), NsPerSecond);
        log.range(0, 20);
        HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon);
        metrics.series("http_latency", {}, -2 * 3600, std::vector<double>(4 * 3600, 1.0));
        const Placement placement = computePlacement(evidenceOf({log.done(), metrics.done()}), {});
        QCOMPARE(placement.sources[0].how, PlacementHow::Assumed);
        const auto began = placement.sources[0].place(log.time(0));
        QVERIFY(began->lo.ns <= Noon && began->hi.ns >= Noon);
    }

    void fitsDriftAndLeavesOutWrongPairs()
    {
        constexpr double Drift = 2e-4; // 1.4 s in two hours
        HandmadeSource journal(SourceKind::Journal, TimeBasis::Utc, Noon, NsPerMicrosecond);
        HandmadeSource kernel = rawKernel();
        for (int i = 0; i < 24; ++i) {
            const QByteArray text = "device veth" + QByteArray::number(i * 7919) + " entered promiscuous mode";
            const double since = i * 300;
            journal.line(i % 6 == 5 ? since * 0.7 + 11 : since * (1 + Drift), text);
            kernel.line(since - Boot, text);
        }
        kernel.line(7200 - Boot, "told by the kernel alone");
        const Placement placement = computePlacement(evidenceOf({journal.done(), kernel.done()}), {});
        QVERIFY(placement.sources[1].isPlaced());
        QVERIFY(std::abs(placement.sources[1].segments.front().drift - Drift) < 1e-6);
        for (const double since : {0.0, 3600.0, 7200.0}) {
            const auto at = placement.sources[1].place(SourceTime{seconds(since - Boot)});
            const qint64 truth = Noon + seconds(since * (1 + Drift));
            QVERIFY(at->lo.ns <= truth && truth <= at->hi.ns);
            QVERIFY(at->uncertaintyNs() < NsPerSecond / 5);
        }
        QVERIFY(std::ranges::any_of(placement.sources[1].anchors, [](const Anchor &a) { return !a.taken; }));
        QVERIFY2(placement.sources[1].reason.contains(QStringLiteral("drift")),
                 qPrintable(placement.sources[1].reason));
    }

    void placesAKernelLogByTheClocksOfABoot_data()
    {
        QTest::addColumn<QByteArray>("host");
        QTest::addColumn<int>("boots");
        QTest::addColumn<bool>("placed");
        QTest::addColumn<int>("how");
        QTest::newRow("host unknown") << QByteArray() << 1 << true << int(PlacementHow::Assumed);
        QTest::newRow("the same host") << QByteArray("node-1") << 1 << true << int(PlacementHow::Derived);
        QTest::newRow("another host") << QByteArray("node-2") << 1 << false << 0;
        QTest::newRow("two boots") << QByteArray("node-1") << 2 << false << 0;
    }
    void placesAKernelLogByTheClocksOfABoot()
    {
        QFETCH(QByteArray, host);
        QFETCH(int, boots);
        QFETCH(bool, placed);
        QFETCH(int, how);
        HandmadeSource journal(SourceKind::Journal, TimeBasis::Utc, Noon, NsPerMicrosecond);
        journal.line(0, "kubelet started");
        journal.line(90, "kubelet stopped");
        for (int boot = 0; boot < boots; ++boot) {
            Fact pair;
            pair.line = 1;
            pair.time = SourceInterval{{Noon}, {Noon}};
            pair.subject = "boot/" + QByteArray::number(boot);
            pair.key = "realtime_minus_monotonic_ns";
            pair.value = QByteArray::number(Noon + seconds(Boot - boot * 900));
            pair.identity = Identity::ofHost("node-1");
            journal.evidence->facts.push_back(pair);
        }
        HandmadeSource kernel = rawKernel();
        kernel.evidence->identity.host = host;
        kernel.line(60 - Boot, "usb 1-1: new high-speed USB device number 2 using xhci_hcd");
        const Placement placement = computePlacement(evidenceOf({journal.done(), kernel.done()}), {});
        QCOMPARE(placement.sources[1].isPlaced(), placed);
        if (!placed)
            return;
        QCOMPARE(placement.sources[1].firstPlaced()->offsetNs, Noon + seconds(Boot));
        QCOMPARE(int(placement.sources[1].how), how);
    }

    void isUnsureBeforeAClockWasSet()
    {
        HandmadeSource journal(SourceKind::Journal, TimeBasis::Utc, Noon, NsPerMicrosecond);
        journal.range(0, 200);
        Fact step;
        step.time = SourceInterval{{Noon + seconds(100)}, {Noon + seconds(100)}};
        step.subject = "boot/1";
        step.key = "clock_step_ns";
        step.value = QByteArray::number(seconds(-30));
        journal.evidence->facts.push_back(step);
        const Placement placement = computePlacement(evidenceOf({journal.done()}), {});
        const auto unsure = [&](double at) {
            return toSeconds(placement.sources[0].place(journal.time(at))->uncertaintyNs());
        };
        QVERIFY(unsure(50) >= 30);
        QVERIFY(unsure(110) >= 30); // Told twice: before and after it was set back.
        QVERIFY(unsure(140) < 0.01);
    }

    void takesANamedZoneAsItStoodThen()
    {
        // 2023-10-29, Berlin: at 03:00 of summer time clocks were set back by an hour.
        constexpr qint64 Midnight = 1'698'537'600 * NsPerSecond; // 2023-10-29T00:00:00 as written
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Midnight, NsPerSecond);
        log.range(0, 6 * 3600);
        ClockOverride zone;
        zone.zone = QStringLiteral("Europe/Berlin");
        const Placement placement = computePlacement(evidenceOf({log.done()}), {{0, zone}});
        const auto at = [&](double hours) { return *placement.sources[0].place(log.time(hours * 3600)); };
        QCOMPARE(at(1).time.ns, Midnight + seconds(3600 - 7200));
        QCOMPARE(at(5).time.ns, Midnight + seconds(5 * 3600 - 3600));
        QCOMPARE(at(1).uncertaintyNs(), NsPerSecond);
        QVERIFY(at(2.5).lo.ns <= Midnight + seconds(0.5 * 3600)); // 02:30 comes twice.
        QVERIFY(at(2.5).hi.ns >= Midnight + seconds(1.5 * 3600));
    }

    void doesNotShiftForWhatAnEarlyStampExplains()
    {
        HandmadeSource log = ciLog();
        log.event(60.9, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = isoKernel(1.4);
        addKill(kernel, 60, 4711, "replay", "/ci");
        HandmadeSource pod = describe(60.4);
        HandmadeSource metrics = memory(60, "/ci");
        const Placement placement =
            computePlacement(evidenceOf({log.done(), kernel.done(), pod.done(), metrics.done()}), {});
        for (size_t i = 0; i < 4; ++i) {
            QCOMPARE(offsetSeconds(placement, i), 0.0);
            QCOMPARE(placement.sources[i].how, PlacementHow::Stated);
        }
    }

    void doesNotShiftForAnEarlierKillOfASidecar()
    {
        // The describe and the series tell of a kill five minutes before; the log tells of its own.
        HandmadeSource log = ciLog();
        log.event(360, "Process completed with exit code 137.", "ci.exit_code");
        HandmadeSource pod = describe(60.4);
        HandmadeSource metrics = memory(60, "/ci");
        const Placement placement = computePlacement(evidenceOf({log.done(), pod.done(), metrics.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), 0.0);
    }

    void findsTheZoneByAnchor_data()
    {
        QTest::addColumn<double>("zone");
        QTest::newRow("+08:00") << 8.0;
        QTest::newRow("-05:00") << -5.0;
        QTest::newRow("+05:30") << 5.5;
        QTest::newRow("UTC") << 0.0;
    }
    void findsTheZoneByAnchor()
    {
        QFETCH(double, zone);
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon + seconds(zone * 3600), NsPerSecond);
        log.line(0, "start");
        log.event(60, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = isoKernel();
        addKill(kernel, 60, 4711, "replay", "/ci");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), -zone * 3600);
        QCOMPARE(placement.sources[0].how, PlacementHow::Derived);
    }

    void findsTheZoneByOverlap()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon + seconds(8 * 3600), NsPerSecond);
        log.range(0, 20);
        HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon);
        metrics.series("http_latency", {}, -5, std::vector<double>(30, 1.0));
        const Placement placement = computePlacement(evidenceOf({log.done(), metrics.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), -8 * 3600.0);
        QVERIFY(placement.sources[0].reason.contains(QStringLiteral("+08:00")));
    }

    void assumesUtcWithoutAnythingToGoBy()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon, NsPerSecond);
        log.range(0, 20);
        const Placement placement = computePlacement(evidenceOf({log.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), 0.0);
        QCOMPARE(placement.sources[0].how, PlacementHow::Assumed);
    }

    void whatOnlyItsFileDatesIsAssumed()
    {
        HandmadeSource stated(SourceKind::Profile, TimeBasis::Utc, Noon);
        stated.range(0, 0);
        auto dump = std::make_shared<SourceEvidence>(*stated.done());
        dump->modified = TimeNs{dump->first->ns};
        const Placement placement = computePlacement(evidenceOf({stated.done(), dump}), {});
        QCOMPARE(placement.sources[0].how, PlacementHow::Stated);
        QCOMPARE(placement.sources[1].how, PlacementHow::Assumed);
        QVERIFY2(placement.sources[1].reason.contains(QStringLiteral("file was written")),
                 qPrintable(placement.sources[1].reason));
    }

    void aLogWithoutAZoneIsAsUnsureAsZonesDiffer()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon, NsPerSecond);
        log.line(0, "start");
        log.event(60, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        // Alone, what it tells is sure among itself; the whole axis may be another zone's.
        const Evidence alone = evidenceOf({log.done()});
        const Placement aloneAs = computePlacement(alone, {});
        QVERIFY(aloneAs.sources[0].place(log.time(60))->uncertaintyNs() <= NsPerSecond);
        QCOMPARE(axisErrorNs(alone, aloneAs), 14 * NsPerHour);
        QVERIFY2(aloneAs.sources[0].reason.contains(QStringLiteral("unsure by 14 h")),
                 qPrintable(aloneAs.sources[0].reason));
        // So may what has its place from it.
        HandmadeSource raw = rawKernel();
        addKill(raw, 60 - Boot, 4711, "replay", "/ci");
        const Evidence both = evidenceOf({log.done(), raw.done()});
        const Placement bothAs = computePlacement(both, {});
        QVERIFY(bothAs.sources[1].isPlaced());
        QVERIFY(bothAs.sources[1].place(raw.time(60 - Boot))->uncertaintyNs() <= 5 * NsPerSecond);
        QCOMPARE(axisErrorNs(both, bothAs), 14 * NsPerHour);
        // A person's word settles it.
        ClockOverride zone;
        zone.zoneOffsetNs = 0;
        QCOMPARE(axisErrorNs(alone, computePlacement(alone, {{0, zone}})), 0);
        // Beside a clock that tells UTC, and to which nothing joins it, it is the log that is unsure.
        HandmadeSource kernel = isoKernel();
        kernel.line(-4000, "eth0: link up");
        const Evidence apart = evidenceOf({log.done(), kernel.done()});
        const Placement apartAs = computePlacement(apart, {});
        QCOMPARE(axisErrorNs(apart, apartAs), 0);
        QCOMPARE(apartAs.sources[0].place(log.time(60))->uncertaintyNs(), 14 * NsPerHour);
        QVERIFY(apartAs.sources[0].reason.contains(QStringLiteral("unsure by 14 h")));
        // And where it meets the others in no zone at all.
        HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon + 40 * NsPerHour);
        metrics.series("http_latency", {}, 0, std::vector<double>(30, 1.0));
        const Placement missed = computePlacement(evidenceOf({log.done(), metrics.done()}), {});
        QCOMPARE(missed.sources[0].place(log.time(60))->uncertaintyNs(), 14 * NsPerHour);
        QVERIFY(missed.sources[0].reason.contains(QStringLiteral("unsure by 14 h")));
    }

    void placesAKernelLogBesideAZonelessLog()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon + seconds(8 * 3600), NsPerSecond);
        log.line(0, "start");
        log.event(60, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon);
        metrics.series("http_latency", {}, -5, std::vector<double>(90, 1.0));
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot, 4711, "replay", "/ci");
        const Placement placement = computePlacement(evidenceOf({log.done(), metrics.done(), kernel.done()}), {});
        QCOMPARE(offsetSeconds(placement, 0), -8 * 3600.0);
        QVERIFY(placement.sources[2].isPlaced());
        QVERIFY(qAbs(placement.sources[2].firstPlaced()->offsetNs - (Noon + seconds(Boot))) < Near);
    }

    void obeysTheUser()
    {
        HandmadeSource log(SourceKind::CiLog, TimeBasis::Local, Noon, NsPerSecond);
        log.line(0, "start");
        log.event(60, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = rawKernel();
        addKill(kernel, 60 - Boot, 4711, "replay", "/ci");
        ClockOverride zone;
        zone.zoneOffsetNs = 2 * NsPerHour;
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {{0, zone}});
        QCOMPARE(offsetSeconds(placement, 0), -7200.0);
        QCOMPARE(placement.sources[0].how, PlacementHow::User);
        QVERIFY(qAbs(placement.sources[1].firstPlaced()->offsetNs - (Noon + seconds(Boot - 7200))) < Near);
        ClockOverride offset;
        offset.offsetNs = seconds(12.5);
        HandmadeSource stated = ciLog();
        QCOMPARE(offsetSeconds(computePlacement(evidenceOf({stated.done()}), {{0, offset}}), 0), 12.5);
    }

    void placesOnlyTheBootThatHasAnAnchor()
    {
        HandmadeSource log = ciLog();
        log.event(60.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
        HandmadeSource kernel = rawKernel();
        const double second = 100'000; // Source time at which the second boot begins.
        kernel.line(50, "something of the first boot");
        addKill(kernel, second + 60 - Boot, 4711, "replay", "/ci");
        kernel.evidence->clockStarts = {SourceTime{0}, SourceTime{seconds(second)}};
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QVERIFY(placement.sources[1].isPlaced());
        QVERIFY(!placement.sources[1].place(SourceTime{seconds(50)}));
        const std::optional<PlacedTime> killed = placement.sources[1].place(SourceTime{seconds(second + 60 - Boot)});
        QVERIFY(killed && qAbs(killed->time.ns - (Noon + seconds(60))) < Near);
    }

    void standsHostileNumbers()
    {
        HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Boot, 0, NsPerMicrosecond);
        Event &event = kernel.event(1, oomKill(2'000'000'000, "x"), "kernel.oom_kill");
        event.time = SourceInterval{{std::numeric_limits<qint64>::max()}, {std::numeric_limits<qint64>::max()}};
        HandmadeSource log = ciLog();
        for (int i = 0; i < 3000; ++i)
            log.event(60 + i, "1 Killed ./x", "shell.killed");
        const Placement placement = computePlacement(evidenceOf({log.done(), kernel.done()}), {});
        QCOMPARE(placement.sources.size(), size_t(2));
    }
};

FAULTLINE_TEST(TestComputePlacement)
#include "tst_computeplacement.moc"
