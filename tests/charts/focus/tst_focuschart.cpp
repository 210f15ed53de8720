// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "charts/focus/focuschart.h"
#include "tests/charts/support/incident.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

#include <QGraphicsView>
#include <QSignalSpy>

using namespace faultline;

class TestFocusChart : public QObject
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
        const QImage image = FocusChart::renderImage(test::oomIncident(), 0, {720, 480}, dark, 1.5);
        QCOMPARE(image.size(), QSize(1080, 720));
        QVERIFY(test::colorCount(image) > 20);
        QVERIFY(test::screenshot(image, dark ? QStringLiteral("focus-dark") : QStringLiteral("focus-light")));
    }
    void picksMemoryAndCpuAmongTheMostTelling()
    {
        FocusChart chart;
        chart.setAnalysis(test::oomIncident());
        chart.setFailure(0);
        const auto shown = chart.shownSeries();
        QVERIFY(shown.size() >= 2 && shown.size() <= 4);
        QCOMPARE(shown[0], 0);
        QVERIFY(std::ranges::contains(shown, 2));
        QVERIFY2(!std::ranges::contains(shown, 1), "a limit is a line, not a panel");
    }
    void saysWhenThereIsNothing()
    {
        FocusChart chart;
        chart.setAnalysis(test::oomIncident());
        chart.setFailure(99);
        QVERIFY(chart.shownSeries().empty());
        QVERIFY(FocusChart::renderImage({}, 0, {100, 100}, false).isNull());
        QVERIFY(FocusChart::renderSvg({}, 0, {100, 100}, false).isEmpty());
    }
    void writesSvg()
    {
        const QByteArray svg = FocusChart::renderSvg(test::oomIncident(), 0, {720, 480}, false);
        QVERIFY(svg.contains("<svg"));
        QVERIFY(svg.contains("container_memory_working_set_bytes"));
    }
    void aMillionSamplesMakeAFewThousandPoints()
    {
        QElapsedTimer timer;
        const Analysis analysis = test::longSeries(1'000'000, 500'000);
        timer.start();
        const QByteArray svg = FocusChart::renderSvg(analysis, -1, {720, 480}, false);
        QVERIFY(!svg.isEmpty());
        QVERIFY2(svg.size() < 400'000, qPrintable(QString::number(svg.size())));
    }
    void aClickTellsTheMoment()
    {
        FocusChart chart;
        chart.resize(720, 480);
        chart.setAnalysis(test::oomIncident());
        chart.setFailure(0);
        chart.show();
        QVERIFY(QTest::qWaitForWindowExposed(&chart));
        QSignalSpy cursor(&chart, &FocusChart::cursorMoved);
        QSignalSpy item(&chart, &FocusChart::itemActivated);
        auto *view = chart.findChild<QGraphicsView *>();
        QVERIFY(view);
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(200, 80));
        QCOMPARE(cursor.count(), 1);
        QCOMPARE(item.count(), 1);
        QTest::keyClick(&chart, Qt::Key_Right);
        QCOMPARE(cursor.count(), 2);
    }
};

FAULTLINE_TEST(TestFocusChart)
#include "tst_focuschart.moc"
