// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/filterbar.h"
#include "app/logview/levelmap.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"
#include "app/logview/moment.h"
#include "app/settings/theme.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>

using namespace faultline;
using namespace Qt::StringLiterals;

/// All logs in one, columns, wrapping, the map of levels, moments, the timeline's range.
class MergedLogTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_analysis = test::sampleAnalysis();
        m_pane = std::make_unique<LogPane>();
        m_pane->resize(1000, 500);
        m_pane->setAnalysis(m_analysis);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }
    void cleanup() { m_pane.reset(); }

    void allLogsInOneByTime()
    {
        m_pane->setFailure(0);
        m_pane->showLine(1, 40); // at 1500 s, as line 1500 of the other
        merge();
        QCOMPARE(view()->document().lineCount(), 2100);
        QCOMPARE(m_pane->source(), 1);
        QCOMPARE(m_pane->currentLine(), 40);
        const qint64 number = view()->currentLine();
        QCOMPARE(view()->document().placeOf(number - 1), (LinePlace{0, 1500}));
        QCOMPARE(view()->document().placeOf(number + 1), (LinePlace{0, 1501}));
        QCOMPARE(view()->marks().at(number)->kind, MarkKind::Supporting);
        QCOMPARE(view()->marks().at(number - 1)->kind, MarkKind::Failure);
        for (qint64 line = 2; line <= 2100; ++line)
            QVERIFY(*view()->document().line(line - 1).time <= *view()->document().line(line).time);
        QVERIFY(view()->isColumnShown(LogView::Column::Source));
        m_pane->toggleMerged();
        QVERIFY(!m_pane->isMerged());
        QCOMPARE(m_pane->source(), 1);
        QCOMPARE(view()->currentLine(), 40);
    }

    void foldsOfOneLogLeaveTheOthersInSight()
    {
        auto evidence = std::make_shared<Evidence>(*m_analysis.evidence);
        auto source = std::make_shared<SourceEvidence>(*evidence->sources[0]);
        source->spans.clear();
        source->events.clear();
        Span step;
        step.line = 1465;
        step.lastLine = 1500; // lines 5 to 40 of the other log stand between these
        source->spans.push_back(step);
        evidence->sources[0] = source;
        m_analysis.evidence = evidence;
        m_pane->setAnalysis(m_analysis);
        merge();
        const auto number = [this](int of, qint64 line) { return view()->document().numberOf({of, line}); };
        QVERIFY(m_pane->findChild<QToolButton *>(u"foldButton"_s)->isEnabled());
        m_pane->showLine(0, 1480);
        QTest::keyClick(view(), Qt::Key_Z);
        QCOMPARE(m_pane->currentLine(), 1465);
        QTRY_COMPARE(view()->rows().count(), 2065);
        QVERIFY(view()->rows().shows(number(0, 1465)));
        QVERIFY(!view()->rows().shows(number(0, 1466)) && !view()->rows().shows(number(0, 1500)));
        QVERIFY(view()->rows().shows(number(0, 1501)));
        for (qint64 line = 5; line <= 40; ++line)
            QVERIFY(view()->rows().shows(number(1, line)));
        view()->grab();
        m_pane->showLine(0, 1490); // what is looked for is never left hidden
        QTRY_COMPARE(m_pane->currentLine(), 1490);
        QTRY_COMPARE(view()->rows().count(), 2100);
        m_pane->foldAll();
        QTRY_COMPARE(view()->rows().count(), 2065);
        QVERIFY(m_pane->filters()->add({PlaceFilter{1466, 1470}, true, u"place"_s}));
        m_pane->openAllFolds();
        QTRY_VERIFY(!m_pane->filters()->isRunning());
        QVERIFY(view()->rows().count() < 2100 && view()->rows().count() > 2065); // filters go on
    }

    void linesAreToldByTheirOwnSource()
    {
        merge();
        m_pane->showLine(0, 1470);
        QCOMPARE(m_pane->currentLine(), 1470);
        QSignalSpy spy(m_pane.get(), &LogPane::lineActivated);
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy[0][0].toInt(), 1);
        QCOMPARE(spy[0][1].toLongLong(), 10);
        QTest::keyClick(view(), Qt::Key_Up, Qt::ShiftModifier);
        view()->copyWithPlace();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"ci.log:1470: building package 1470\ndmesg.txt:10: message"_s);
        QVERIFY(!m_pane->selectedLinesOf(0));
        QCOMPARE(m_pane->placeAt(TimeNs{1470 * NsPerSecond}), (LinePlace{1, 10}));
    }

    void searchesAndFiltersAllOfThem()
    {
        merge();
        m_pane->find();
        m_pane->findChild<QLineEdit *>(u"findEdit"_s)->setText(u"E "_s);
        m_pane->findChild<QToolButton *>(u"findCase"_s)->click();
        QTRY_COMPARE(m_pane->currentLine(), 1500);
        const auto *status = m_pane->findChild<QLabel *>(u"findStatus"_s);
        QTRY_VERIFY2(status->text().contains(u"1 of 2 lines"_s), qPrintable(status->text()));
        m_pane->findNext();
        QCOMPARE(m_pane->source(), 1);
        QCOMPARE(m_pane->currentLine(), 40);
        m_pane->findNext();
        QCOMPARE(m_pane->source(), 0);
        LogFilters *filters = m_pane->filters();
        QVERIFY(filters->add({LevelFilter{Severity::Error}, false, u"errors"_s}));
        QTRY_COMPARE(view()->rows().count(), 2);
        filters->setContext(1);
        QTRY_COMPARE(view()->rows().count(), 4);
        view()->grab();
        filters->clear();
        filters->setContext(0);
        QTRY_COMPARE(view()->rows().count(), 2100);
        QVERIFY(filters->add({TimeFilter{TimeNs{1470 * NsPerSecond}, TimeNs{1471 * NsPerSecond}}, false, u"t"_s}));
        QTRY_COMPARE(view()->rows().count(), 4);
    }

    void bookmarksAndNotesAreOfTheLine()
    {
        m_pane->showLine(1, 40);
        QTest::keyClick(view(), Qt::Key_M);
        auto notes = std::make_shared<Annotations>();
        Annotation note;
        note.target = AnnotationTarget::Line;
        note.source = u"/runs/17/ci.log"_s;
        note.line = note.lastLine = 3;
        notes->push_back(note);
        m_pane->setAnnotations(notes);
        merge();
        QTRY_COMPARE(view()->bookmarks().size(), 1);
        QCOMPARE(view()->document().placeOf(view()->bookmarks().at(0)), (LinePlace{1, 40}));
        view()->grab();
        m_pane->showLine(0, 1);
        m_pane->goToBookmark(true);
        QCOMPARE(m_pane->source(), 1);
    }

    void whatHasNoClockIsLeftOutAndSaid()
    {
        auto evidence = std::make_shared<Evidence>(*m_analysis.evidence);
        evidence->sources.push_back(test::textSource(u"/runs/17/notes.txt"_s, "a\nb\n"));
        auto placement = std::make_shared<Placement>(*m_analysis.placement);
        placement->sources.push_back({});
        m_analysis.evidence = evidence;
        m_analysis.placement = placement;
        m_pane->setAnalysis(m_analysis);
        merge();
        const auto *about = m_pane->findChild<QLabel *>(u"logAbout"_s);
        QTRY_VERIFY2(about->text().endsWith(u"· 1 left out"_s), qPrintable(about->text()));
        QVERIFY(about->toolTip().startsWith(u"Left out"_s) && about->toolTip().endsWith(u"notes.txt"_s));
        QSignalSpy spy(m_pane.get(), &LogPane::message);
        m_pane->showLine(3, 2); // shown by itself, and said
        QVERIFY(!m_pane->isMerged());
        QCOMPARE(m_pane->source(), 3);
        QCOMPARE(spy.count(), 1);
    }

    void timesHaveThreeForms()
    {
        m_pane->setFailure(0);
        QSignalSpy spy(m_pane.get(), &LogPane::timeShownChanged);
        const QImage before = view()->grab().toImage();
        m_pane->toggleTimeShown();
        const QImage since = view()->grab().toImage();
        m_pane->toggleTimeShown();
        QCOMPARE(view()->timeShown(), LogView::TimeShown::SinceLine);
        const QImage delta = view()->grab().toImage();
        QVERIFY(before != since && since != delta);
        m_pane->toggleTimeShown();
        QVERIFY(view()->grab().toImage() == before);
        QCOMPARE(spy.count(), 3);
    }

    void columnsAreChosenForOneAndForAll()
    {
        QVERIFY(!view()->isColumnShown(LogView::Column::Level));
        view()->setColumnShown(LogView::Column::Level, true);
        merge();
        view()->setColumnShown(LogView::Column::Source, false);
        m_pane->toggleMerged();
        QVERIFY(view()->isColumnShown(LogView::Column::Level));
        QVERIFY(!view()->isColumnShown(LogView::Column::Source));
    }

    void longLinesWrap()
    {
        auto evidence = std::make_shared<Evidence>();
        QByteArray bytes;
        for (int i = 1; i <= 100; ++i)
            bytes += QByteArray::number(i) + ' ' + QByteArray("word ").repeated(i % 10 == 0 ? 900 : 3) + '\n';
        evidence->sources.push_back(test::textSource(u"/x/wide.log"_s, bytes));
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        view()->grab();
        QTRY_VERIFY(view()->horizontalScrollBar()->maximum() > 0 || view()->lineRect(10).isNull());
        const int one = view()->lineRect(1).height();
        QTest::keyClicks(view(), u"w"_s);
        QVERIFY(view()->isWrapped());
        QCOMPARE(view()->horizontalScrollBar()->maximum(), 0);
        QCOMPARE(view()->lineRect(1).height(), one);
        m_pane->showLine(0, 10);
        QVERIFY(view()->lineRect(10).height() > 10 * one);
        view()->grab();
        // Each wheel step moves by lines of text, not past the whole of a long line.
        const QRect before = view()->lineRect(10);
        QWheelEvent wheel({200, 200}, view()->mapToGlobal(QPointF(200, 200)), {}, {0, -120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(view()->viewport(), &wheel);
        QCOMPARE(view()->lineRect(10).top(), before.top() - 3 * one);
        // A click in the middle of a wrapped line finds the column there.
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {},
                          QPoint(300, std::max(0, view()->lineRect(10).top()) + 4 * one + one / 2));
        QCOMPARE(view()->currentLine(), 10);
        QTest::keyClick(view(), Qt::Key_Home, Qt::ShiftModifier);
        QVERIFY(view()->selectedText().size() > 200);
        QTest::keyClick(view(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(view()->currentLine(), 100);
        QVERIFY(view()->lineRect(100).bottom() < view()->viewport()->height() || view()->lineRect(100).top() <= 0);
        for (int i = 0; i < 300 && view()->currentLine() > 1; ++i)
            QTest::keyClick(view(), Qt::Key_PageUp);
        QCOMPARE(view()->currentLine(), 1);
        QTest::keyClicks(view(), u"w"_s);
        QVERIFY(!view()->isWrapped());
    }

    void aMapShowsWhereErrorsAre()
    {
        auto *map = m_pane->findChild<LevelMap *>();
        QVERIFY(map->isVisible());
        const auto redAt = [&] {
            const QImage image = map->grab().toImage();
            const QRgb red = themeColors(map->palette()).failure.rgb();
            for (int y = 0; y < image.height(); ++y) {
                if (image.pixel(image.width() - 3, y) == red)
                    return static_cast<double>(y) / image.height();
            }
            return -1.0;
        };
        QTRY_VERIFY(redAt() >= 0); // line 1500 of 2000, once the pass in the background has found it
        QVERIFY(std::abs(redAt() - 0.75) < 0.02);
        QTest::mouseClick(map, Qt::LeftButton, {}, QPoint(5, map->height() * 3 / 4));
        QVERIFY(!view()->lineRect(1500).isNull());
        QVERIFY(m_pane->filters()->add({PlaceFilter{1001, 2000}, false, u"half"_s}));
        QTRY_VERIFY(std::abs(redAt() - 0.5) < 0.02);
        m_pane->filters()->clear();
        merge();
        QTRY_VERIFY(redAt() > 0.6);
    }

    void theTimelinesRangeFilters()
    {
        const TimeRange range{TimeNs{100 * NsPerSecond}, TimeNs{120 * NsPerSecond}};
        m_pane->setRange(range);
        QTRY_COMPARE(view()->rows().count(), 21);
        m_pane->setRange(TimeRange{range.lo, TimeNs{110 * NsPerSecond}}); // in place of the one before
        QTRY_COMPARE(view()->rows().count(), 11);
        auto chips = m_pane->findChildren<QToolButton *>(u"filterChip"_s);
        QCOMPARE(chips.size(), 1);
        QVERIFY2(chips[0]->toolTip().contains(u"00:01:40.000"_s), qPrintable(chips[0]->toolTip()));
        QSignalSpy spy(m_pane.get(), &LogPane::rangeDropped);
        chips[0]->click();
        QTRY_COMPARE(spy.count(), 1);
        QCOMPARE(view()->rows().count(), 2000);
        m_pane->setRange(range);
        QTRY_COMPARE(view()->rows().count(), 21);
        m_pane->setRange(std::nullopt); // dropped elsewhere: nobody needs to be told
        QCOMPARE(view()->rows().count(), 2000);
        QCOMPARE(spy.count(), 1);
    }

    void goesToTheMomentThatIsTyped()
    {
        m_pane->setFailure(0);
        QTest::keyClicks(view(), u"t"_s);
        auto *dialog = m_pane->findChild<QDialog *>(u"timeDialog"_s);
        QVERIFY(dialog);
        auto *edit = dialog->findChild<QLineEdit *>(u"timeEdit"_s);
        QSignalSpy spy(m_pane.get(), &LogPane::timeActivated);
        edit->setText(u"nonsense"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        edit->setText(u"T-38s"_s);
        QVERIFY(dialog->findChild<QLabel *>(u"timeMeaning"_s)->text().contains(u"00:24:22"_s));
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy[0][0].value<TimeNs>().ns, 1462 * NsPerSecond);
        QCOMPARE(m_pane->placeAt(TimeNs{1462 * NsPerSecond}), (LinePlace{0, 1462}));
    }

    void understandsMoments_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QByteArray>("moment"); // empty: not understood
        QTest::newRow("time of day") << u"10:03:11"_s << QByteArray("2026-05-04T10:03:11Z");
        QTest::newRow("without seconds") << u" 9:05 "_s << QByteArray("2026-05-04T09:05:00Z");
        QTest::newRow("decimals") << u"10:03:11,25"_s << QByteArray("2026-05-04T10:03:11.25Z");
        QTest::newRow("after midnight") << u"00:10"_s
                                        << QByteArray("2026-05-05T00:10:00Z"); // nearer than that of the day
        QTest::newRow("date and time") << u"2026-05-03 23:59:58.5"_s << QByteArray("2026-05-03T23:59:58.5Z");
        QTest::newRow("with a zone") << u"2026-05-04T12:03:11+02:00"_s << QByteArray("2026-05-04T10:03:11Z");
        QTest::newRow("as shown") << u"2026-05-04 10:03:11.700 UTC"_s << QByteArray("2026-05-04T10:03:11.7Z");
        QTest::newRow("date") << u"2026-05-04"_s << QByteArray("2026-05-04T00:00:00Z");
        QTest::newRow("before the failure") << u"T-38s"_s << QByteArray("2026-05-04T19:59:22Z");
        QTest::newRow("real minus") << u"t \u2212 1:00:02"_s << QByteArray("2026-05-04T18:59:58Z");
        QTest::newRow("after it") << u"+1m30s"_s << QByteArray("2026-05-04T20:01:30Z");
        QTest::newRow("parts") << u"T-1h 2min 500ms"_s << QByteArray("2026-05-04T18:57:59.5Z");
        QTest::newRow("itself") << u"T"_s << QByteArray("2026-05-04T20:00:00Z");
        QTest::newRow("seconds") << u"1777888991"_s << QByteArray("2026-05-04T10:03:11Z");
        QTest::newRow("milliseconds") << u"1777888991250"_s << QByteArray("2026-05-04T10:03:11.25Z");
        QTest::newRow("nanoseconds") << u"1777888991000000001"_s << QByteArray("2026-05-04T10:03:11.000000001Z");
        for (const char *broken :
             {"", "25:00", "10:61", "T-", "T-1m30", "T-s", "2026-13-01", "yesterday", "10:03:11 CEST", "12"})
            QTest::newRow(broken) << QString::fromUtf8(broken) << QByteArray();
    }
    void understandsMoments()
    {
        QFETCH(const QString, typed);
        const auto moment =
            momentOf(typed, {ZoneShown::Utc, fromRfc3339("2026-05-04T20:00:00Z"), fromRfc3339("2026-05-04T21:00:00Z")});
        const QByteArray text = moment ? toRfc3339(*moment) : QByteArray();
        QTEST(text, "moment");
        QVERIFY(!momentOf(u"T-1s"_s, {}));
        QVERIFY(!momentOf(u"10:00"_s, {}));
    }

private:
    LogView *view() const { return m_pane->view(); }
    void merge()
    {
        m_pane->toggleMerged();
        QVERIFY(m_pane->isMerged());
        QTRY_COMPARE(view()->document().lineCount(), 2100);
        QTRY_VERIFY(!m_pane->findChild<QLabel *>(u"logAbout"_s)->text().contains(u"order"_s));
    }

    Analysis m_analysis;
    std::unique_ptr<LogPane> m_pane;
};

FAULTLINE_TEST(MergedLogTest)
#include "tst_mergedlog.moc"
