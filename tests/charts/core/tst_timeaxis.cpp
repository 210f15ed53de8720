// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/timeaxis.h"
#include "tests/support/test.h"

#include <QSignalSpy>

using namespace faultline;

class TestTimeAxis : public QObject
{
    Q_OBJECT

    static TimeRange seconds(qint64 lo, qint64 hi) { return {TimeNs{lo * NsPerSecond}, TimeNs{hi * NsPerSecond}}; }

private Q_SLOTS:
    void jumpsAreSteppedThroughBothWays()
    {
        TimeAxis axis;
        axis.setFull(seconds(0, 1000));
        axis.setVisible(seconds(0, 1000));
        axis.forgetHistory();
        QVERIFY(!axis.canGoBack());
        axis.setVisible(seconds(100, 200));
        axis.setVisible(seconds(110, 120));
        QSignalSpy changed(&axis, &TimeAxis::visibleChanged);
        axis.back();
        QVERIFY(axis.visible() == seconds(100, 200));
        axis.back();
        QVERIFY(axis.visible() == seconds(0, 1000));
        axis.back(); // there is nothing before
        QVERIFY(axis.visible() == seconds(0, 1000));
        axis.forward();
        QVERIFY(axis.visible() == seconds(100, 200));
        QCOMPARE(changed.count(), 3);
        axis.setVisible(seconds(300, 400)); // what would have come next is gone
        QVERIFY(!axis.canGoForward());
    }
    void aMovementIsOneStep()
    {
        TimeAxis axis;
        axis.setFull(seconds(0, 1000));
        axis.setVisible(seconds(400, 600));
        for (int turn = 0; turn < 10; ++turn)
            axis.zoom(TimeNs{500 * NsPerSecond}, 0.8);
        axis.pan(3 * NsPerSecond);
        axis.back();
        QVERIFY(axis.visible() == seconds(400, 600));
    }
};

FAULTLINE_TEST(TestTimeAxis)
#include "tst_timeaxis.moc"
