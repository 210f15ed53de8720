// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/names.h"
#include "charts/core/theme.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelineview.h"
#include "tests/charts/support/incident.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QWheelEvent>

#include <set>

using namespace faultline;

class TestTimelineView : public QObject
{
    Q_OBJECT

    static TimeScale scaleOf(const TimelineView &view)
    {
        const double titles = std::clamp(view.viewport()->width() / 4, 110, 260);
        return view.axis()->scale(titles, view.viewport()->width() - titles);
    }

    /// Of the first track, in the titles: where the pointer becomes one that sizes.
    static int lowerEdge(const TimelineView &view)
    {
        for (int y = 80; y < view.viewport()->height(); ++y) {
            const QPoint at(40, y);
            QMouseEvent move(QEvent::MouseMove, at, view.viewport()->mapToGlobal(at), Qt::NoButton, Qt::NoButton, {});
            QCoreApplication::sendEvent(view.viewport(), &move);
            if (view.viewport()->cursor().shape() == Qt::SizeVerCursor)
                return y + 2;
        }
        return -1;
    }

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
    void aPictureHoldsTheFailureAndAllTracks()
    {
        QVERIFY(TimelineView::renderSvg({}, 0, 800, false).isEmpty());
        const QByteArray svg = TimelineView::renderSvg(test::oomIncident(), 0, 960, false);
        QVERIFY(svg.contains("width=\"") && svg.contains("viewBox=\"0 0 960 "));
        // Words stay words, the last track is in it, and the same case gives the same bytes.
        QVERIFY(svg.contains("Coverage"));
        QCOMPARE(TimelineView::renderSvg(test::oomIncident(), 0, 960, false), svg);
    }
    void aClickMovesTheCursorAndActivates()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        QSignalSpy activated(&view, &TimelineView::itemActivated);
        QSignalSpy cursor(&view, &TimelineView::cursorMoved);
        const TimeScale scale = scaleOf(view);
        // A click on the line of the first failure, in the empty part of a lane.
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(static_cast<int>(scale.x(test::KillTime)), 100));
        QCOMPARE(cursor.count(), 1);
        QCOMPARE(activated.count(), 1);
        const auto item = activated.takeFirst().first().value<TrackItem>();
        QVERIFY(item.kind == TrackItem::Kind::Failure);
        QCOMPARE(item.failure, 0);
        QCOMPARE(item.line, 642);
        QCOMPARE(view.timeCursor(), std::optional(test::KillTime));
        // Where nothing is, only the cursor moves.
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(270, 100));
        QCOMPARE(cursor.count(), 2);
        QCOMPARE(activated.count(), 0);
    }
    void keysZoomPanAndFindFailures()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        const TimeRange home = view.axis()->visible();
        QSignalSpy activated(&view, &TimelineView::itemActivated);
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(view.selectedItem().failure, 0);
        QTest::keyClick(&view, Qt::Key_F);
        QCOMPARE(view.selectedItem().failure, 1);
        QTest::keyClick(&view, Qt::Key_F, Qt::ShiftModifier);
        QCOMPARE(view.selectedItem().failure, 0);
        QCOMPARE(activated.count(), 3);
        const TimeRange near = view.axis()->visible();
        QVERIFY(near.length() < home.length());
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.axis()->visible().length() < near.length());
        const TimeRange zoomed = view.axis()->visible();
        QTest::keyClick(&view, Qt::Key_Left);
        QVERIFY(view.axis()->visible().lo < zoomed.lo);
        QCOMPARE(view.axis()->visible().length(), zoomed.length());
        QTest::keyClick(&view, Qt::Key_D);
        QVERIFY(view.axis()->visible() == zoomed);
        QTest::keyClick(&view, Qt::Key_W);
        QVERIFY(view.axis()->visible().length() < zoomed.length());
        QTest::keyClick(&view, Qt::Key_S);
        QTest::keyClick(&view, Qt::Key_A);
        QVERIFY(view.axis()->visible().lo < zoomed.lo);
        QTest::keyClick(&view, Qt::Key_Home);
        QVERIFY(view.axis()->visible() == home);
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(view.selectedItem().isNull());
    }
    void keysStepThroughAndActivateItems()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        QSignalSpy activated(&view, &TimelineView::itemActivated);
        view.setTimeCursor(view.axis()->full().lo);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(&view, Qt::Key_Down); // steps, tests, states, events of the CI log
        QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
        QVERIFY(view.selectedItem().kind == TrackItem::Kind::Event);
        QCOMPARE(view.selectedItem().line, 61);
        QTest::keyClick(&view, Qt::Key_Right, Qt::ControlModifier);
        QCOMPARE(view.selectedItem().line, 212);
        QCOMPARE(activated.count(), 0);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
    }
    void selectsALineOfAnotherView()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        QSignalSpy activated(&view, &TimelineView::itemActivated);
        TrackItem item;
        item.source = 1;
        item.line = 642;
        view.select(item);
        QVERIFY(view.selectedItem().kind == TrackItem::Kind::Event);
        QCOMPARE(activated.count(), 0);
        item = {};
        item.kind = TrackItem::Kind::Sample;
        item.series = 10; // one of those that are folded away
        item.source = 3;
        view.select(item);
        QCOMPARE(view.selectedItem().series, 10);
    }
    void wheelZoomsAroundThePointer()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        const QPointF at(700, 300);
        const TimeNs before = scaleOf(view).time(at.x());
        const DurationNs length = view.axis()->visible().length();
        QWheelEvent zoom(at, view.viewport()->mapToGlobal(at), {}, {0, 120}, Qt::NoButton, Qt::ControlModifier,
                         Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view.viewport(), &zoom);
        QVERIFY(view.axis()->visible().length() < length);
        QVERIFY(qAbs(scaleOf(view).time(at.x()) - before) < NsPerMillisecond);
    }
    void theWheelScrollsOrZoomsWhereNothingIsToScroll()
    {
        TimelineView view;
        view.resize(1280, 300);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setAnalysis(test::oomIncident());
        const QPointF at(700, 200);
        const auto wheel = [&] {
            QWheelEvent event(at, view.viewport()->mapToGlobal(at), {}, {0, -120}, Qt::NoButton, Qt::NoModifier,
                              Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(view.viewport(), &event);
        };
        view.axis()->zoom(test::KillTime, 0.3);
        DurationNs length = view.axis()->visible().length();
        QVERIFY(view.verticalScrollBar()->maximum() > 0);
        wheel();
        QVERIFY(view.verticalScrollBar()->value() > 0);
        QCOMPARE(view.axis()->visible().length(), length);
        view.resize(1280, 2000);
        QTRY_COMPARE(view.verticalScrollBar()->maximum(), 0);
        wheel();
        QVERIFY(view.axis()->visible().length() > length);
    }
    void picturesEndWithATrack()
    {
        TimelineView view;
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.setAnalysis(test::oomIncident());
        std::set<int> heights;
        for (int height = 300; height < 340; height += 3) {
            view.resize(1280, height);
            QCoreApplication::processEvents();
            heights.insert(view.renderShownImage(false, 1).height());
            QVERIFY(*heights.rbegin() >= view.viewport()->height() - 1);
        }
        QVERIFY2(heights.size() <= 3, qPrintable(QString::number(heights.size())));
    }
    void draggingPansMeasuresAndZooms()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        view.axis()->zoom(test::KillTime - 60 * NsPerSecond, 0.3);
        const auto drag = [&](QPoint from, QPoint to, Qt::KeyboardModifiers modifiers) {
            QTest::mousePress(view.viewport(), Qt::LeftButton, modifiers, from);
            for (const QPoint at : {(from + to) / 2, to}) {
                QMouseEvent move(QEvent::MouseMove, at, view.viewport()->mapToGlobal(at), Qt::NoButton, Qt::LeftButton,
                                 modifiers);
                QCoreApplication::sendEvent(view.viewport(), &move);
            }
            QTest::mouseRelease(view.viewport(), Qt::LeftButton, modifiers, to);
        };
        QSignalSpy ranges(&view, &TimelineView::rangeSelected);
        const TimeRange before = view.axis()->visible();
        drag({700, 100}, {800, 100}, {});
        QVERIFY(view.axis()->visible().lo < before.lo);
        QCOMPARE(view.axis()->visible().length(), before.length());
        drag({500, 300}, {700, 300}, Qt::ShiftModifier);
        QVERIFY(view.axis()->selection());
        QCOMPARE(view.axis()->visible().length(), before.length()); // measured, not zoomed
        QCOMPARE(ranges.count(), 1);
        const DurationNs measured = view.axis()->selection()->length();
        QVERIFY(std::abs(static_cast<double>(measured) / (200 * scaleOf(view).nsPerPixel()) - 1) < 0.01);
        QTest::keyClick(&view, Qt::Key_Z);
        QCOMPARE(view.axis()->visible().length(), measured);
        QTest::keyClick(&view, Qt::Key_Backspace);
        QCOMPARE(view.axis()->visible().length(), before.length());
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!view.axis()->selection());
        QCOMPARE(ranges.count(), 2);
        drag({500, 52}, {700, 52}, {}); // in the header
        QVERIFY(view.axis()->visible().length() < before.length() / 4);
        QVERIFY(!view.axis()->selection());
    }
    void tracksArePinnedHiddenMovedSizedAndFiltered()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        const QStringList before = view.trackTitles();
        QVERIFY(before.size() > 4);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_P);
        QCOMPARE(view.trackTitles().first(), before.at(2));
        view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(40, 75)); // it has not scrolled away
        QTest::keyClick(&view, Qt::Key_P);
        view.verticalScrollBar()->setValue(0);
        QCOMPARE(view.trackTitles(), before);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, QPoint(40, 75));
        QTest::keyClick(&view, Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(view.trackTitles().first(), before.at(1));
        QCOMPARE(view.trackTitles().at(1), before.at(0));
        QTest::keyClick(&view, Qt::Key_H);
        QCOMPARE(view.trackTitles().size(), before.size() - 1);
        auto *filter = view.findChild<QLineEdit *>(QStringLiteral("trackFilter"));
        QVERIFY(!filter->accessibleName().isEmpty());
        filter->setText(QStringLiteral("memory"));
        QVERIFY(!view.trackTitles().isEmpty());
        for (const QString &title : view.trackTitles())
            QVERIFY2(title.contains(QStringLiteral("memory"), Qt::CaseInsensitive), qPrintable(title));
        // What another view asks for is shown whatever the filter says.
        TrackItem item;
        item.source = 1;
        item.line = 642;
        view.select(item);
        QVERIFY(filter->text().isEmpty());
        const int scrolled = view.verticalScrollBar()->maximum();
        view.verticalScrollBar()->setValue(0);
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, QPoint(40, lowerEdge(view)));
        const QPoint to(40, lowerEdge(view) + 80);
        QMouseEvent move(QEvent::MouseMove, to, view.viewport()->mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
        QCoreApplication::sendEvent(view.viewport(), &move);
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, to);
        QVERIFY(view.verticalScrollBar()->maximum() > scrolled + 60 || scrolled == 0);
    }
    void theAxisTellsTheTimeSinceTheFailure()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        view.setAnalysis(test::oomIncident());
        QVERIFY(!view.axis()->origin());
        view.setShowsSinceFailure(true);
        QVERIFY(view.axis()->origin() == test::KillTime);
        view.showFailure(1);
        QVERIFY(view.axis()->origin() != test::KillTime); // it is another failure's now
        QVERIFY(test::screenshot(view, QStringLiteral("timeline-since")));
        view.setShowsSinceFailure(false);
        QVERIFY(!view.axis()->origin());
    }
    void whatIsShownIsAPicture()
    {
        TimelineView view;
        view.resize(1000, 600);
        QVERIFY(view.renderShownImage(false).isNull());
        view.setAnalysis(test::oomIncident());
        const QImage light = view.renderShownImage(false);
        QCOMPARE(light.width(), view.viewport()->width() * 2);
        QVERIFY(light.height() >= view.viewport()->height() * 2 - 2); // the last track is whole
        QVERIFY(test::screenshot(light, QStringLiteral("timeline-picture")));
        QVERIFY(light != view.renderShownImage(true));
        QVERIFY(view.renderShownSvg(true).contains("<svg"));
    }
    void reanalysingKeepsThePlace()
    {
        TimelineView view;
        view.resize(1280, 760);
        view.show();
        const Analysis analysis = test::oomIncident();
        view.setAnalysis(analysis);
        view.showFailure(0);
        const TimeRange shown = view.axis()->visible();
        view.setAnalysis(analysis);
        QVERIFY(view.axis()->visible() == shown);
        QCOMPARE(view.selectedItem().failure, 0);
        view.setAnalysis({});
        QVERIFY(view.selectedItem().isNull());
    }
    void paintsAMillionSamples() // how fast is benchwindow's to tell
    {
        TimelineView view;
        view.setPalette(Theme::palette(false));
        view.resize(1600, 900);
        QImage empty(view.size(), QImage::Format_ARGB32_Premultiplied);
        view.setAnalysis(test::longSeries(2, 500'000));
        view.viewport()->render(&empty);
        view.setAnalysis(test::longSeries(1'000'000, 500'000));
        QImage image(view.size(), QImage::Format_ARGB32_Premultiplied);
        view.viewport()->render(&image);
        QVERIFY(image != empty);
        view.axis()->zoom(view.axis()->full().middle(), 0.01);
        QImage zoomed(view.size(), QImage::Format_ARGB32_Premultiplied);
        view.viewport()->render(&zoomed);
        QVERIFY(zoomed != image);
        QVERIFY(test::screenshot(view, QStringLiteral("timeline-million")));
    }
    void longNamesTakeTwoLinesBeforeTheyLoseTheirMiddle()
    {
        const QByteArray svg = TimelineView::renderSvg(test::oomIncident(), 0, 845, false);
        QVERIFY(svg.contains(">container_memory_"));
        QVERIFY(svg.contains("set_bytes<") && !svg.contains("\u2026_set_bytes"));

        const QFontMetricsF metrics(Theme::plain(false).boldFont);
        const QString name = QStringLiteral("container_memory_working_set_bytes");
        const double whole = metrics.horizontalAdvance(name);
        QCOMPARE(nameLines(name, metrics, whole + 1, 0), QStringList{name});
        const QStringList two = nameLines(name, metrics, whole * 0.7, whole * 0.7);
        QCOMPARE(two.size(), 2);
        QCOMPARE(two.join(QString()), name);
        QVERIFY(two.first().endsWith(QLatin1Char('_')));
        const QStringList one = nameLines(name, metrics, whole * 0.7, 0);
        QCOMPARE(one.size(), 1);
        QVERIFY(one.first().contains(QChar(0x2026)));
    }
};

FAULTLINE_TEST(TestTimelineView)
#include "tst_timelineview.moc"
