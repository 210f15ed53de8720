// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"
#include "app/shell/mainwindow.h"
#include "app/shell/runwindow.h"
#include "app/shell/workspace.h"
#include "app/sqlconsole/queryplot.h"
#include "app/sqlconsole/sqlconsole.h"
#include "app/sqlconsole/sqleditor.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelineview.h"
#include "models/views/sourcesmodel.h"
#include "tests/app/shell/windowpictures.h"
#include "tests/support/test.h"

#include <QDialog>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace faultline;
using namespace Qt::StringLiterals;
using State = CaseController::State;

/// The log among the other parts of the window, over a real case.
class LogWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_window = std::make_unique<MainWindow>(caseLoader({}, {}), m_folder->filePath(u"settings.ini"_s), QString());
        m_window->resize(1600, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void allLogsFollowTheTimeline()
    {
        openShipped();
        const int source = selection()->source();
        const qint64 line = selection()->line();
        merge();
        QTRY_COMPARE(log()->source(), source); // the failure stays in sight
        QCOMPARE(log()->currentLine(), line);
        save(u"merged"_s);
        const TimeNs moment = *selection()->cursor() - 10 * NsPerSecond;
        Q_EMIT workspace()->timeline()->cursorMoved(moment);
        QVERIFY(log()->isMerged());
        QCOMPARE(selection()->cursor(), moment);
        const LogDocument &document = log()->view()->document();
        const qint64 number = log()->view()->currentLine();
        QVERIFY(*document.line(number).time <= moment);
        QVERIFY(number == document.lineCount() || *document.line(number + 1).time > moment);
        action(u"nextEvidence"_s)->trigger();
        QCOMPARE(log()->source(), selection()->source());
        action(u"toggleTime"_s)->trigger();
        QVERIFY(workspace()->timeline()->showsSinceFailure());
        action(u"toggleTime"_s)->trigger();
        QVERIFY(!workspace()->timeline()->showsSinceFailure());
        save(u"merged-since-line"_s);
        action(u"mergeLogs"_s)->trigger();
        QVERIFY(!log()->isMerged());
    }

    void theTimelinesRangeFiltersTheLog()
    {
        openShipped();
        merge();
        const TimeNs failed = *selection()->cursor();
        const qint64 all = log()->view()->rows().count();
        selection()->selectRange(TimeRange{failed - 5 * NsPerSecond, failed});
        QTRY_VERIFY(log()->view()->rows().count() < all && !log()->filters()->isRunning());
        QVERIFY(log()->view()->rows().count() > 0);
        QVERIFY(log()->filters()->add({LevelFilter{Severity::Debug}, false, u"all levels"_s}));
        QTRY_VERIFY(!log()->filters()->isRunning());
        save(u"range"_s);
        QToolButton *chip = log()->findChildren<QToolButton *>(u"filterChip"_s).at(0);
        chip->click();
        QTRY_VERIFY(!selection()->range());
        QVERIFY(!workspace()->timeline()->axis()->selection());
        log()->filters()->clear();
        QTRY_COMPARE(log()->view()->rows().count(), all);
    }

    void goesToTheTypedTime()
    {
        openShipped();
        const TimeNs failed = *selection()->cursor();
        action(u"goToTime"_s)->trigger();
        auto *dialog = log()->findChild<QDialog *>(u"timeDialog"_s);
        QVERIFY(dialog);
        dialog->findChild<QLineEdit *>(u"timeEdit"_s)->setText(u"T-10s"_s);
        save(u"go-to-time"_s, dialog);
        QTest::keyClick(dialog->findChild<QLineEdit *>(u"timeEdit"_s), Qt::Key_Return);
        QCOMPARE(*selection()->cursor(), failed - 10 * NsPerSecond);
        QCOMPARE(workspace()->timeline()->timeCursor(), failed - 10 * NsPerSecond);
    }

    void aQueryIsPlottedOnTheTimeline()
    {
        openShipped();
        QDockWidget *dock = m_window->findChild<QDockWidget *>(u"sqlDock"_s);
        dock->show();
        QTRY_VERIFY(!log()->view()->lineRect(log()->view()->currentLine()).isNull()); // the log keeps its line in sight
        QTRY_VERIFY2(dock->height() <= m_window->height() * 32 / 100, qPrintable(QString::number(dock->height())));
        SqlConsole *sql = workspace()->sql();
        auto *button = sql->findChild<QToolButton *>(u"sqlPlot"_s);
        QVERIFY(!button->isEnabled());
        const auto run = [&](const QString &statement) {
            sql->editor()->setPlainText(statement);
            sql->run();
            QTRY_VERIFY(!sql->isRunning() && sql->status() != u"Running…"_s);
        };
        const TimeRange seen = workspace()->timeline()->axis()->visible();
        const qsizetype tracks = workspace()->timeline()->trackTitles().size();
        run(u"SELECT time / 1000000000 * 1000000000 AS time, count(*) AS lines FROM lines WHERE time NOT NULL GROUP BY 1"_s);
        QVERIFY(button->isEnabled());
        button->click();
        QCOMPARE(workspace()->timeline()->trackTitles().size(), tracks + 1);
        QVERIFY2(workspace()->timeline()->trackTitles().first().contains(u"lines"_s),
                 qPrintable(workspace()->timeline()->trackTitles().first()));
        QVERIFY(workspace()->timeline()->axis()->visible() == seen);
        save(u"plot"_s);
        run(u"SELECT source, line, time, text FROM events WHERE time NOT NULL AND level = 'error'"_s);
        QCOMPARE(workspace()->timeline()->trackTitles().size(), tracks + 1); // in place of the one before
        const auto plot = sql->plot();
        QVERIFY(plot && !plot->places.empty());
        TrackItem item;
        item.kind = TrackItem::Kind::Event;
        item.source = static_cast<int>(selection()->analysis().evidence->sources.size());
        item.event = 0;
        item.line = 1;
        item.time = TimeNs{plot->source->events[0].time->lo.ns};
        Q_EMIT workspace()->timeline()->itemActivated(item);
        QCOMPARE(selection()->source(), plot->places[0].source);
        QCOMPARE(selection()->line(), plot->places[0].line);
        save(u"plot-events"_s);
        button->click();
        QCOMPARE(workspace()->timeline()->trackTitles().size(), tracks);
        run(u"SELECT 1 AS line"_s);
        QVERIFY(!button->isEnabled());
    }

    void aRightClickChoosesTheSource()
    {
        openShipped();
        auto *view = m_window->findChild<QTreeView *>(u"sourcesView"_s);
        const auto sourceAt = [view](int row) {
            return view->model()->index(row, 0).data(SourcesModel::SourceRole).toInt();
        };
        const int other = sourceAt(0) == selection()->source() ? 1 : 0;
        const QModelIndex index = view->model()->index(other, 0);
        Q_EMIT view->customContextMenuRequested(view->visualRect(index).center());
        QPointer menu = m_window->findChild<QMenu *>(u"sourceMenu"_s);
        QVERIFY(menu);
        QCOMPARE(view->currentIndex(), index);
        QCOMPARE(selection()->source(), sourceAt(other));
        menu->close();
        QTRY_VERIFY(!menu);
        // The command of the Go menu is about what is highlighted, too.
        view->setCurrentIndex(view->model()->index(1 - other, 0));
        QCOMPARE(workspace()->chosenSource(), sourceAt(1 - other));
    }

    void fitsTheScreenWithItsFrame()
    {
        const MainWindow fresh(caseLoader({}, {}), m_folder->filePath(u"fresh.ini"_s), QString());
        QVERIFY(fresh.height() < fresh.screen()->availableSize().height());
        QVERIFY(fresh.width() < fresh.screen()->availableSize().width() || fresh.width() == 1600);
    }

    /// For a person to look at.
    void chipsFindBarWrapAndColumns()
    {
        openShipped();
        log()->view()->setColumnShown(LogView::Column::Level, true);
        log()->find();
        log()->findChild<QLineEdit *>(u"findEdit"_s)->setText(u"test"_s);
        QTRY_VERIFY(log()->findChild<QLabel *>(u"findStatus"_s)->text().contains(u"lines"_s));
        QVERIFY(log()->filters()->add({LevelFilter{Severity::Warning}, false, u"warnings and errors"_s}));
        QVERIFY(log()->filters()->add({SearchQuery{u"harmless"_s}, true, u"“harmless”"_s}));
        log()->filters()->setContext(10);
        QTRY_VERIFY(!log()->filters()->isRunning());
        save(u"filters"_s);
        log()->filters()->clear();
        log()->toggleWrapped();
        m_window->resize(1100, 800);
        save(u"wrapped"_s);
        merge();
        save(u"merged-narrow"_s);
        QVERIFY(log()->view()->isWrapped());
    }

private:
    void openShipped()
    {
        m_window->open({samplePath()});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->controller()->state() != State::Loading, 60'000);
        QCOMPARE(m_window->controller()->state(), State::Ready);
    }
    void merge()
    {
        action(u"mergeLogs"_s)->trigger();
        QVERIFY(log()->isMerged());
        QTRY_VERIFY(!log()->findChild<QLabel *>(u"logAbout"_s)->text().contains(u"order"_s));
        QVERIFY(log()->view()->document().lineCount() > 100);
    }
    QAction *action(const QString &name) const
    {
        return m_window->findChild<QAction *>(name, Qt::FindDirectChildrenOnly);
    }
    Workspace *workspace() const { return m_window->workspace(); }
    LogPane *log() const { return workspace()->log(); }
    Selection *selection() const { return workspace()->selection(); }
    void save(const QString &name, QWidget *widget = nullptr)
    {
        test::saveWindowPictures(*m_window, u"log-"_s + name, widget);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
};

FAULTLINE_TEST(LogWindowTest)
#include "tst_logwindow.moc"
