// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/timeaxis.h"
#include "charts/core/timescale.h"
#include "tests/support/test.h"

#include <QSignalSpy>

using namespace faultline;

class TestTimeScale : public QObject
{
    Q_OBJECT

    static constexpr TimeRange Full{TimeNs{0}, TimeNs{1000 * NsPerSecond}};

private Q_SLOTS:
    void goesFromPixelsToTimeAndBack()
    {
        const TimeScale scale{{TimeNs{1'700'000'000 * NsPerSecond}, TimeNs{1'700'000'100 * NsPerSecond}}, 200, 1000};
        QCOMPARE(scale.x(scale.range.lo), 200.0);
        QCOMPARE(scale.x(scale.range.hi), 1200.0);
        QCOMPARE(scale.time(700), TimeNs{1'700'000'050 * NsPerSecond});
        QCOMPARE(scale.x(scale.time(345)), 345.0);
    }
    void staysExactAtNanoseconds()
    {
        const TimeNs lo{1'777'889'591'700'000'000};
        const TimeScale scale{{lo, lo + 100}, 0, 1000};
        QCOMPARE(scale.x(lo + 1), 10.0);
        QCOMPARE(scale.time(10), lo + 1);
    }
    void survivesTheEndsOfTime()
    {
        const TimeRange all{TimeNs{std::numeric_limits<qint64>::min()}, TimeNs{std::numeric_limits<qint64>::max()}};
        QCOMPARE(all.length(), std::numeric_limits<qint64>::max());
        const TimeScale scale{all, 0, 1000};
        QVERIFY(std::isfinite(scale.x(TimeNs{0})));
        QVERIFY(scale.time(1e12).ns > 0);
        const TimeRange kept = TimeScale::kept(all, all);
        QVERIFY(kept.length() <= TimeScale::MostLength);
        QVERIFY(TimeScale::panned(all, std::numeric_limits<qint64>::max(), all).lo <= all.hi);
    }
    void zoomKeepsThePointedMomentInPlace()
    {
        const TimeRange range{TimeNs{200 * NsPerSecond}, TimeNs{600 * NsPerSecond}};
        const TimeNs around{300 * NsPerSecond};
        const TimeRange zoomed = TimeScale::zoomed(range, around, 0.5, Full);
        QCOMPARE(zoomed.length(), 200 * NsPerSecond);
        const TimeScale before{range, 0, 1000};
        const TimeScale after{zoomed, 0, 1000};
        QCOMPARE(after.x(around), before.x(around));
    }
    void zoomEndsAtTheLimits()
    {
        TimeRange range = Full;
        for (int i = 0; i < 500; ++i)
            range = TimeScale::zoomed(range, TimeNs{500 * NsPerSecond}, 0.5, Full);
        QCOMPARE(range.length(), TimeScale::LeastLength);
        for (int i = 0; i < 500; ++i)
            range = TimeScale::zoomed(range, TimeNs{500 * NsPerSecond}, 2, Full);
        QCOMPARE(range, Full);
    }
    void panStopsAtTheEnds()
    {
        const TimeRange range{TimeNs{0}, TimeNs{100 * NsPerSecond}};
        QCOMPARE(TimeScale::panned(range, -50 * NsPerSecond, Full), range);
        const TimeRange last = TimeScale::panned(range, 5000 * NsPerSecond, Full);
        QCOMPARE(last.hi, Full.hi);
        QCOMPARE(last.length(), range.length());
    }
    void axisTellsChangesOnce()
    {
        TimeAxis axis;
        QSignalSpy visible(&axis, &TimeAxis::visibleChanged);
        QSignalSpy cursor(&axis, &TimeAxis::cursorChanged);
        axis.setFull(Full);
        axis.fit();
        QVERIFY(axis.visible() == Full);
        const auto count = visible.count();
        axis.fit();
        QCOMPARE(visible.count(), count);
        axis.setCursor(TimeNs{5});
        axis.setCursor(TimeNs{5});
        QCOMPARE(cursor.count(), 1);
    }
    void axisZoomsToAFailureAndRevealsMoments()
    {
        TimeAxis axis;
        axis.setFull(Full);
        const TimeNs failure{500 * NsPerSecond};
        axis.zoomTo({failure, failure}, 60 * NsPerSecond, 10 * NsPerSecond);
        QCOMPARE(axis.visible().lo, failure - 60 * NsPerSecond);
        QCOMPARE(axis.visible().hi, failure + 10 * NsPerSecond);
        axis.reveal(TimeNs{100 * NsPerSecond});
        QVERIFY(axis.visible().contains(TimeNs{100 * NsPerSecond}));
        QCOMPARE(axis.visible().length(), 70 * NsPerSecond);
    }
};

FAULTLINE_TEST(TestTimeScale)
#include "tst_timescale.moc"
