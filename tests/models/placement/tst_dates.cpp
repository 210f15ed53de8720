// SPDX-License-Identifier: GPL-3.0-or-later
// Logs that tell the time of day but not the day, or no year: the file's time stands for it until something else tells.
#include "models/placement/axiserror.h"
#include "models/placement/dates.h"
#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;

namespace {

constexpr double Killed = 60;
constexpr double Day = 86'400;

/// A job's log whose stamps are off by `off` seconds, as when a copy's time dates it.
std::shared_ptr<const SourceEvidence> jobLog(double off, DateBasis date, TimeBasis basis = TimeBasis::Local)
{
    HandmadeSource log(SourceKind::CiLog, basis, Noon + seconds(off), NsPerSecond);
    log.evidence->date = date;
    log.line(0, "go test ./...");
    log.event(Killed + 0.02, "build.sh: line 3: 4711 Killed                  ./replay", "shell.killed",
              {{"pid", "4711"}});
    return log.done();
}
std::shared_ptr<const SourceEvidence> kernelLog(TimeBasis basis, int pid = 4711, DateBasis date = DateBasis::Stated)
{
    HandmadeSource kernel(SourceKind::KernelLog, basis, Noon, NsPerSecond);
    kernel.evidence->date = date;
    kernel.event(-3000, "Linux version 6.12.0", "kernel.boot");
    kernel.event(Killed, oomConstraint(pid, "replay", "/ci"), "kernel.oom_kill_constraint");
    kernel.event(Killed + 0.00001, oomKill(pid, "replay"), "kernel.oom_kill");
    return kernel.done();
}
std::shared_ptr<const SourceEvidence> samples(double from, double to)
{
    HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon, NsPerMillisecond);
    metrics.range(from, to);
    return metrics.done();
}
double killedAt(const Placement &placement, size_t source, double off)
{
    const auto placed = placement.sources[source].place(SourceTime{Noon + seconds(off + Killed)});
    return placed ? toSeconds(placed->time.ns - Noon) : std::nan("");
}

} // namespace

class TestDates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAssumedDayGivesWayToADate_data()
    {
        QTest::addColumn<double>("days");
        QTest::addColumn<double>("hours");
        QTest::addColumn<bool>("isFirst");
        for (const double days : {168.0, 1.0, -2.0, 4000.0})
            for (const double hours : {0.0, 5.5, -8.0})
                for (const bool isFirst : {true, false})
                    QTest::addRow("%+.0f d %+.1f h, %s", days, hours, isFirst ? "first" : "last")
                        << days << hours << isFirst;
    }
    void anAssumedDayGivesWayToADate()
    {
        QFETCH(double, days);
        QFETCH(double, hours);
        QFETCH(bool, isFirst);
        const double off = days * Day + hours * 3600;
        // dmesg -T: dated, but without a zone.
        const auto log = jobLog(off, DateBasis::DayAssumed);
        const auto kernel = kernelLog(hours == 0 ? TimeBasis::Local : TimeBasis::Utc);
        const Evidence evidence = isFirst ? Evidence{{log, kernel}} : Evidence{{kernel, log}};
        const Placement placement = computePlacement(evidence, {});
        QVERIFY(std::abs(killedAt(placement, isFirst ? 1 : 0, 0) - Killed) < 0.1);
        const SourcePlacement &placed = placement.sources[isFirst ? 0 : 1];
        QVERIFY2(std::abs(killedAt(placement, isFirst ? 0 : 1, off) - Killed) < 2.5, qPrintable(placed.reason));
        QVERIFY2(placed.reason.contains(u"state no date"_s) && placed.reason.contains(u"2023-11-15"_s),
                 qPrintable(placed.reason));
        QVERIFY(placed.segments.front().errorNs <= 3 * NsPerSecond);
    }

    void anAssumedYearGivesWayToADate()
    {
        // 2023 read as 2025 and as 2020: leap days lie between.
        for (const double days : {731.0, -1095.0}) {
            const Evidence evidence{{jobLog(days * Day, DateBasis::YearAssumed), kernelLog(TimeBasis::Utc)}};
            const Placement placement = computePlacement(evidence, {});
            QVERIFY2(std::abs(killedAt(placement, 0, days * Day) - Killed) < 2.5,
                     qPrintable(placement.sources[0].reason));
            QVERIFY(placement.sources[0].reason.contains(u"state no year"_s));
            QVERIFY(std::abs(killedAt(placement, 1, 0) - Killed) < 0.1);
        }
    }

    void anAssumedDayGivesWayToAnAssumedYear()
    {
        // syslog without a year, and a third source that says when all was copied.
        HandmadeSource copied(SourceKind::HostState, TimeBasis::Utc, Noon + seconds(168 * Day), NsPerSecond);
        copied.range(0, 1);
        const Evidence evidence{{jobLog(168 * Day, DateBasis::DayAssumed),
                                 kernelLog(TimeBasis::Local, 4711, DateBasis::YearAssumed), copied.done()}};
        const Placement placement = computePlacement(evidence, {});
        QVERIFY(std::abs(killedAt(placement, 1, 0) - Killed) < 0.1);
        const auto placed = placement.sources[0].place(SourceTime{Noon + seconds(168 * Day + Killed)});
        QVERIFY(placed && std::abs(placed->time.ns - Noon - seconds(Killed)) < 3 * NsPerSecond);
        const DurationNs apart =
            std::abs(placed->uncertaintyNs() - placement.sources[1].place(SourceTime{Noon})->uncertaintyNs());
        QVERIFY2(apart <= 3 * NsPerSecond,
                 qPrintable(placement.sources[0].reason)); // no less sure than the log it is joined to
    }

    void whatOthersTellOfSettlesTheDay()
    {
        const Evidence evidence{{jobLog(168 * Day, DateBasis::DayAssumed), samples(-600, 900)}};
        const Placement placement = computePlacement(evidence, {});
        QVERIFY2(std::abs(killedAt(placement, 0, 168 * Day) - Killed) < 1, qPrintable(placement.sources[0].reason));
        QVERIFY2(placement.sources[0].reason.contains(u"2023-11-15 in UTC"_s), qPrintable(placement.sources[0].reason));
        QVERIFY(placement.sources[0].segments.front().errorNs < NsPerDay);
    }

    void severalDaysThatFitAreToldOf()
    {
        const Evidence evidence{{jobLog(0, DateBasis::DayAssumed), samples(-3 * Day, 2 * Day)}};
        const Placement placement = computePlacement(evidence, {});
        QVERIFY(std::abs(killedAt(placement, 0, 0) - Killed) < 1); // the file's own day is among them
        QVERIFY(placement.sources[0].segments.front().errorNs >= 2 * NsPerDay);
        QVERIFY2(placement.sources[0].reason.contains(u"unsure by"_s), qPrintable(placement.sources[0].reason));
    }

    void aDayThatNothingSettlesIsUnsure()
    {
        // The kernel log tells of another process: nothing joins the two.
        const Evidence evidence{{jobLog(168 * Day, DateBasis::DayAssumed), kernelLog(TimeBasis::Utc, 99)}};
        const Placement placement = computePlacement(evidence, {});
        const auto placed = placement.sources[0].place(SourceTime{Noon + seconds(168 * Day + Killed)});
        QVERIFY(placed && placed->lo.ns <= Noon + seconds(Killed));
        QVERIFY2(placement.sources[0].reason.contains(u"neither zone nor date"_s)
                     && placement.sources[0].reason.contains(u"unsure by 16"_s),
                 qPrintable(placement.sources[0].reason));
        QVERIFY(std::abs(killedAt(placement, 1, 0) - Killed) < 0.1);
    }

    void aFileWrittenRightAfterBearsItsDayOut()
    {
        auto log = std::make_shared<SourceEvidence>(*jobLog(168 * Day, DateBasis::DayAssumed));
        for (const auto &[after, isBorneOut] :
             {std::pair{30.0, true}, {3600.0 * -8 + 2, true}, {2000.0, false}, {-30.0, false}, {40 * Day, false}}) {
            log->modified = TimeNs{log->last->ns + seconds(after)};
            QCOMPARE(isDayBorneOut(*log), isBorneOut);
            const Evidence evidence{{log}};
            QCOMPARE(axisErrorNs(evidence, computePlacement(evidence, {})), isBorneOut ? FarthestZone : FarthestDay);
        }
    }

    void aKnownZoneMovesByWholeDaysOnly()
    {
        const Evidence evidence{{jobLog(7 * Day, DateBasis::DayAssumed, TimeBasis::Utc), samples(-600, 900)}};
        const Placement placement = computePlacement(evidence, {});
        QCOMPARE(killedAt(placement, 0, 7 * Day), Killed);
        QVERIFY2(placement.sources[0].reason.contains(u"state no date"_s), qPrintable(placement.sources[0].reason));
        QCOMPARE(placement.sources[0].segments.front().errorNs, NsPerSecond);
    }

    void leavesDatesAlone()
    {
        QVERIFY(!asDateAndZone(seconds(Day), 0, DateBasis::Stated, {}));
        QCOMPARE(asDateAndZone(seconds(Day), 0, DateBasis::DayAssumed, {}), seconds(Day));
        QVERIFY(!asDateAndZone(seconds(100 * Day), 0, DateBasis::YearAssumed, {}));
        QCOMPARE(dateMoves(DateBasis::Stated, {0}, {1}, {{{0}, {FarthestDay}}}), std::vector<DurationNs>{0});
    }
};

FAULTLINE_TEST(TestDates)
#include "tst_dates.moc"
