// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever one source's clock is off by: the others put it right, or it says how unsure it is.
#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;

namespace {

constexpr double Killed = 60;

enum Which { Log, Kernel, Pod, Memory };

/// One kill as four sources tell it; the clock of one is off.
std::shared_ptr<const SourceEvidence> told(Which which, double off, bool hasZone = true)
{
    if (which == Log) {
        HandmadeSource log(SourceKind::CiLog, hasZone ? TimeBasis::Utc : TimeBasis::Local, Noon + seconds(off),
                           hasZone ? 100 : NsPerSecond);
        log.line(0, "go test ./...");
        log.event(Killed + 0.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed",
                  {{"pid", "4711"}});
        return log.done();
    }
    if (which == Kernel) {
        HandmadeSource kernel(SourceKind::KernelLog, hasZone ? TimeBasis::Utc : TimeBasis::Local,
                              Noon + seconds(off - 0.4), 1500 * NsPerMillisecond);
        kernel.event(Killed, oomConstraint(4711, "replay", "/ci"), "kernel.oom_kill_constraint");
        kernel.event(Killed + 0.00001, oomKill(4711, "replay"), "kernel.oom_kill");
        return kernel.done();
    }
    if (which == Pod) {
        HandmadeSource pod(SourceKind::KubeDescribe, TimeBasis::Zoned, Noon + seconds(off), NsPerSecond);
        pod.evidence->identity.pod = "api-1";
        pod.event(Killed, "Finished", "kube.container_terminated",
                  {{"container", "api"}, {"reason", "OOMKilled"}, {"exit_code", "137"}});
        return pod.done();
    }
    HandmadeSource memory(SourceKind::Metrics, TimeBasis::Utc, Noon + seconds(off), NsPerMillisecond);
    std::vector<double> values;
    const double from = Killed - 30.3;
    for (int i = 0; i < 40; ++i)
        values.push_back(from + i < Killed ? 10.0 + i * 3 : 1.0);
    memory.series("container_memory_working_set_bytes", {{"id", "/ci"}, {"pod", "api-1"}, {"container", "api"}}, from,
                  values);
    return memory.done();
}

void addOffsets()
{
    for (const double off : {10.0, 47.0, 600.0, 3600.0, 19'800.0, 25'981.5, 43'200.0})
        for (const double sign : {-1.0, 1.0})
            QTest::addRow("%+.1f s", sign * off) << sign * off;
}

/// Where a source puts the kill, if its clock is off.
PlacedTime kill(const SourcePlacement &placement, double off)
{
    return placement.place(SourceTime{Noon + seconds(off + Killed)}).value_or(PlacedTime{});
}

} // namespace

class TestShiftedClocks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void threeOthersPutAnyClockRight_data()
    {
        QTest::addColumn<double>("off");
        addOffsets();
    }
    void threeOthersPutAnyClockRight()
    {
        QFETCH(double, off);
        for (const Which shifted : {Log, Kernel, Pod, Memory}) {
            Evidence evidence;
            for (const Which which : {Log, Kernel, Pod, Memory})
                evidence.sources.push_back(told(which, which == shifted ? off : 0));
            const Placement placement = computePlacement(evidence, {});
            for (const Which which : {Log, Kernel, Pod, Memory}) {
                const PlacedTime placed = kill(placement.sources[which], which == shifted ? off : 0);
                QVERIFY2(std::abs(placed.time.ns - Noon - seconds(Killed)) <= 3 * NsPerSecond,
                         qPrintable(QStringLiteral("shifted %1, source %2: %3 (%4)")
                                        .arg(shifted)
                                        .arg(which)
                                        .arg(toSeconds(placed.time.ns - Noon))
                                        .arg(placement.sources[which].reason)));
            }
            QCOMPARE(placement.sources[shifted].how, PlacementHow::Derived);
            QVERIFY(placement.sources[shifted].reason.startsWith(QStringLiteral("shifted ")));
        }
    }

    void withoutAMajorityTheyAreUnsure_data()
    {
        QTest::addColumn<double>("off");
        addOffsets();
    }
    void withoutAMajorityTheyAreUnsure()
    {
        QFETCH(double, off);
        for (const auto &[a, b] : {std::pair{Log, Kernel}, {Kernel, Memory}, {Pod, Memory}, {Log, Memory}}) {
            for (const Which shifted : {a, b}) {
                if (b == Memory && a == Log && std::abs(off) < 3 * 60)
                    continue; // Nothing that both tell of, and they still meet: no one could know.
                const Evidence evidence{{told(a, shifted == a ? off : 0), told(b, shifted == b ? off : 0)}};
                const Placement placement = computePlacement(evidence, {});
                const SourcePlacement &off1 = placement.sources[shifted == a ? 0 : 1];
                const PlacedTime placed = kill(off1, off);
                QVERIFY2(placed.lo.ns <= Noon + seconds(Killed + 0.5) && placed.hi.ns >= Noon + seconds(Killed - 0.5),
                         qPrintable(
                             QStringLiteral("%1 and %2, shifted %3: %4").arg(a).arg(b).arg(shifted).arg(off1.reason)));
                QVERIFY2(off1.reason.contains(QStringLiteral("unsure by")), qPrintable(off1.reason));
            }
        }
    }

    void aLogWithoutItsZoneIsPutRightByAnIdentity_data()
    {
        QTest::addColumn<double>("off");
        for (double hours = -12; hours <= 12; hours += 1.5)
            QTest::addRow("%+.1f h", hours) << hours * 3600;
    }
    void aLogWithoutItsZoneIsPutRightByAnIdentity()
    {
        QFETCH(double, off);
        const Evidence evidence{{told(Log, off, false), told(Kernel, 0)}};
        const Placement placement = computePlacement(evidence, {});
        QVERIFY(std::abs(kill(placement.sources[0], off).time.ns - Noon - seconds(Killed)) <= 2 * NsPerSecond);
        QCOMPARE(placement.sources[0].how, PlacementHow::Derived);
    }
};

FAULTLINE_TEST(TestShiftedClocks)
#include "tst_shiftedclocks.moc"
