// SPDX-License-Identifier: GPL-3.0-or-later
// A clock that counts from the boot stands still while its machine sleeps.
#include "models/placement/bootpairs.h"
#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;

namespace {

constexpr double Killed = 60;
constexpr double Hour = 3'600;

/// A kernel log that begins at 100 s, sleeps at 200 s, and kills a process at `killed`.
HandmadeSource kernelLog(double killed, const QByteArray &told, double ranOn = 0)
{
    HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Boot, 0, NsPerMicrosecond);
    const auto kill = [&] {
        kernel.event(killed, oomConstraint(4711, "replay", "/ci"), "kernel.oom_kill_constraint");
        kernel.event(killed + 0.00001, oomKill(4711, "replay"), "kernel.oom_kill");
    };
    kernel.line(100, "usb 1-1: new device");
    if (killed < 200)
        kill();
    kernel.event(200, "PM: suspend entry (deep)", "kernel.suspend");
    kernel.line(200.5, "ACPI: EC: interrupt blocked");
    if (!told.isEmpty())
        kernel.event(200.6 + ranOn, "Timekeeping suspended for " + told + " seconds", "kernel.slept",
                     {{"seconds", told}});
    kernel.event(201 + ranOn, "PM: suspend exit", "kernel.suspend");
    if (killed >= 200)
        kill();
    kernel.line(400 + ranOn, "usb 1-1: gone");
    return kernel;
}
std::shared_ptr<const SourceEvidence> jobLog()
{
    HandmadeSource log(SourceKind::CiLog, TimeBasis::Utc, Noon);
    log.line(0, "make test");
    log.event(Killed, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed", {{"pid", "4711"}});
    return log.done();
}
/// Where a stamp of the kernel log stands, in seconds since noon; not a number where it is not placed.
double placedAt(const Placement &placement, double stamp)
{
    const auto placed = placement.sources[1].place(SourceTime{seconds(stamp)});
    return placed ? toSeconds(placed->time.ns - Noon) : std::nan("");
}

} // namespace

class TestSleeps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatASleepIsBetweenIsMovedByIt_data()
    {
        QTest::addColumn<double>("killed");
        QTest::addColumn<QByteArray>("told");
        QTest::addColumn<double>("ranOn"); // how far the clock went on during the sleep
        QTest::addColumn<double>("first"); // where the line at 100 s stands
        QTest::addColumn<double>("last");  // where the line 199 s after the sleep stands
        QTest::newRow("the kill after it") << 250.0 << "3600.000"_ba << 0.0 << Killed - 150 - Hour << Killed + 150;
        QTest::newRow("the kill before it") << 150.0 << "3600.000"_ba << 0.0 << Killed - 50 << Killed + 250 + Hour;
        QTest::newRow("a clock that ran on") << 150.0 << "3600.000"_ba << Hour << Killed - 50 << Killed + 250 + Hour;
        QTest::newRow("of untold length, before") << 250.0 << QByteArray() << 0.0 << std::nan("") << Killed + 150;
        QTest::newRow("of untold length, behind") << 150.0 << QByteArray() << 0.0 << Killed - 50 << std::nan("");
    }
    void whatASleepIsBetweenIsMovedByIt()
    {
        QFETCH(const double, killed);
        QFETCH(const QByteArray, told);
        QFETCH(const double, ranOn);
        QFETCH(const double, first);
        QFETCH(const double, last);
        HandmadeSource kernel = kernelLog(killed, told, ranOn);
        const Placement placement = computePlacement(evidenceOf({jobLog(), kernel.done()}), {});
        const auto isAt = [](double at, double expected) {
            return std::isnan(expected) ? std::isnan(at) : std::abs(at - expected) < 0.1;
        };
        const double begins = placedAt(placement, 100);
        const double ends = placedAt(placement, 400 + ranOn);
        QVERIFY2(isAt(begins, first), QByteArray::number(begins, 'f', 3).constData());
        QVERIFY2(isAt(ends, last), QByteArray::number(ends, 'f', 3).constData());
        QVERIFY(isAt(placedAt(placement, killed), Killed));
        const bool isUntold = std::isnan(first) || std::isnan(last);
        QCOMPARE(placement.sources[1].reason.contains(u"untold length"_s), isUntold);
        const QString began = QString::fromLatin1(toRfc3339(TimeNs{Noon + seconds(first - 100)}).first(18));
        QVERIFY2(std::isnan(first) || placement.sources[1].reason.contains(began),
                 qPrintable(placement.sources[1].reason));
    }

    void aClockOfTheWallRunsOn()
    {
        HandmadeSource log(SourceKind::Log, TimeBasis::Utc, Noon);
        log.line(0, "up");
        log.event(10, "PM: suspend entry (deep)", "kernel.suspend");
        log.event(20, "PM: suspend exit", "kernel.suspend");
        QVERIFY(findSleeps(*log.done()).empty());
    }

    void dmesgCountsFromTheBoot()
    {
        HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Local, Noon, 1500 * NsPerMillisecond);
        kernel.line(0, "up");
        kernel.event(10, "PM: suspend entry (deep)", "kernel.suspend");
        kernel.event(20, "PM: suspend exit", "kernel.suspend");
        const std::vector<Sleep> sleeps = findSleeps(*kernel.done());
        QCOMPARE(sleeps.size(), 1U);
        QVERIFY(!sleeps.front().lasted);
        QCOMPARE(sleeps.front().until, kernel.time(20));
    }

    void nonsenseIsNoSleep()
    {
        for (const char *told : {"1e300", "nan", "-", "", "99999999999999999999.5"}) {
            HandmadeSource kernel(SourceKind::KernelLog, TimeBasis::Boot, 0);
            kernel.event(10, "Timekeeping suspended", "kernel.slept", {{"seconds", told}});
            QVERIFY2(findSleeps(*kernel.done()).empty(), told);
        }
    }
};

FAULTLINE_TEST(TestSleeps)
#include "tst_sleeps.moc"
