// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelineview.h"
#include "tests/charts/support/incident.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

#include <QSignalSpy>

using namespace faultline;

class TestTimelineView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void looks_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void looks()
    {
        QFETCH(bool, dark);
        TimelineView view;
        view.setPalette(Theme::palette(dark));
        view.resize(1280, 760);
        view.setAnalysis(test::oomIncident());
        const QString name = dark ? QStringLiteral("dark") : QStringLiteral("light");
        QVERIFY(test::screenshot(view, QStringLiteral("timeline-") + name));
        view.showFailure(0);
        QVERIFY(test::screenshot(view, QStringLiteral("timeline-failure-") + name));
        view.axis()->zoom(test::KillTime, 0.04);
        QTest::mouseMove(view.viewport(), QPoint(800, 300));
        QVERIFY(test::screenshot(view, QStringLiteral("timeline-close-") + name));
        QVERIFY(test::colorCount(view) > 20);
    }
    void emptyStatesSaySomething()
    {
        TimelineView view;
        view.setPalette(Theme::palette(false));
        view.resize(640, 240);
        QVERIFY(test::screenshot(view, QStringLiteral("timeline-empty")));
        QVERIFY(test::colorCount(view) > 4);
    }
};

FAULTLINE_TEST(TestTimelineView)
#include "tst_timelineview.moc"
