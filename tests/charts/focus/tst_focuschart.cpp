// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "charts/focus/focuschart.h"
#include "charts/focus/focusplan.h"
#include "charts/focus/focusscene.h"
#include "tests/charts/support/incident.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

#include <QGraphicsSimpleTextItem>
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
    void showsNoTimeWithoutSamples()
    {
        // Twelve seconds of samples, then the failure.
        Analysis analysis = test::longSeries(13, 10);
        auto findings = std::make_shared<Findings>(*analysis.findings);
        const Series &series = analysis.evidence->sources.front()->series.front();
        const TimeNs last{series.times.back().ns};
        Failure failure;
        failure.time = PlacedTime{last, last, last};
        findings->failures = {failure};
        analysis.findings = findings;
        const FocusPlan plan = FocusPlan::of(analysis, 0);
        QVERIFY(!plan.panels.empty());
        QVERIFY(plan.window.lo < last - 12 * NsPerSecond);
        QVERIFY(plan.window.lo >= last - 14 * NsPerSecond);
        QVERIFY(plan.window.hi > last);
        QVERIFY(plan.window.hi <= last + 2 * NsPerSecond);
        // With more samples than needed, no more than two minutes.
        QVERIFY(FocusPlan::of(test::oomIncident(), 0).window.length() >= 60 * NsPerSecond);
    }
    void everyPanelHasTwoValuesOnItsAxis()
    {
        // Flat at 8 to 9, in a low panel.
        Analysis analysis = test::longSeries(30, 1000);
        auto evidence = std::make_shared<Evidence>(*analysis.evidence);
        auto source = std::make_shared<SourceEvidence>(*evidence->sources.front());
        source->series.front().name = "process_open_fds";
        source->series.front().unit.clear();
        for (double &value : source->series.front().values)
            value = 8.2;
        source->series.front().values.back() = 9.8;
        evidence->sources.front() = source;
        analysis.evidence = evidence;
        const Theme theme = Theme::plain(false);
        const FocusScene scene(analysis, FocusPlan::of(analysis, -1), theme, {720, 90}, QTimeZone(QTimeZone::UTC));
        int values = 0;
        const auto items = scene.items();
        for (const QGraphicsItem *item : items)
            if (const auto *text = qgraphicsitem_cast<const QGraphicsSimpleTextItem *>(item))
                values += text->pos().x() < 60 && text->pos().y() < 50 ? 1 : 0;
        QVERIFY2(values >= 2, qPrintable(QString::number(values)));
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
