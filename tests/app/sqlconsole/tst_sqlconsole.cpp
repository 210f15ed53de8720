// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sqlconsole/queryplot.h"
#include "app/sqlconsole/rowsmodel.h"
#include "app/sqlconsole/sqlconsole.h"
#include "app/sqlconsole/sqleditor.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <QTreeWidget>

using namespace faultline;
using namespace Qt::StringLiterals;

class SqlConsoleTest : public QObject
{
    Q_OBJECT

private:
    SqlEditor *editor() const { return m_console->editor(); }
    QString cell(int row, int column) const
    {
        const auto *model = m_console->table()->model();
        return model->index(row, column).data().toString();
    }
    int rows() const { return m_console->table()->model()->rowCount(); }
    void run(const QString &sql)
    {
        editor()->setPlainText(sql);
        m_console->run();
        QTRY_VERIFY(!m_console->isRunning() && m_console->status() != u"Running…"_s);
    }

    std::unique_ptr<SqlConsole> m_console;

private Q_SLOTS:
    void init()
    {
        m_console = std::make_unique<SqlConsole>();
        m_console->resize(900, 500);
        m_console->setAnalysis(test::sampleAnalysis());
        m_console->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_console.get()));
    }
    void cleanup() { m_console.reset(); }

    void runsAndShowsRows()
    {
        run(u"SELECT source, line, text FROM lines WHERE text LIKE '%exit code%'"_s);
        QCOMPARE(rows(), 1);
        QCOMPARE(cell(0, 0), u"ci.log"_s); // not "0"
        QCOMPARE(cell(0, 1), u"1500"_s);
        QVERIFY(m_console->status().startsWith(u"1 row in"_s));
        QVERIFY(!m_console->grab().isNull());
    }

    void showsMoments()
    {
        run(u"SELECT 1777888999123456789 AS time, 5 AS line, NULL AS x"_s);
        QCOMPARE(cell(0, 0), u"2026-05-04 10:03:19.123456 UTC"_s);
        QCOMPARE(cell(0, 1), u"5"_s);
        QCOMPARE(cell(0, 2), u"NULL"_s);
    }

    void plotsColumnsOfNumbersByText()
    {
        run(u"SELECT * FROM (VALUES (30, 'a', 3.5, 7), (10, 'a', 1, 7), (20, 'b', 2, 7), (NULL, 'b', 9, 7))"_s);
        QVERIFY(!QueryPlot::of(static_cast<const RowsModel *>(m_console->table()->model())->rows(), u"q"_s)); // no time
        run(u"SELECT column1 AS time, column2 AS host, column3 AS load, column4 AS line FROM "
            u"(VALUES (30, 'a', 3.5, 7), (10, 'a', 1, 7), (20, 'b', 2, 7), (NULL, 'b', 9, 7))"_s);
        QSignalSpy spy(m_console.get(), &SqlConsole::plotChanged);
        m_console->findChild<QToolButton *>(u"sqlPlot"_s)->click();
        QCOMPARE(spy.count(), 1);
        const auto plot = m_console->plot();
        QVERIFY(plot && !plot->isCut);
        QCOMPARE(plot->source->series.size(), size_t(2)); // line numbers are none
        QCOMPARE(plot->source->series[0].id(), QByteArray("load{host=\"a\"}"));
        QCOMPARE(plot->source->series[0].times, (SampleTimes{{10}, {30}})); // in order of time
        QCOMPARE(plot->source->series[0].values, (std::vector<double>{1, 3.5}));
        QCOMPARE(plot->source->series[1].values, std::vector<double>{2});
        run(u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
            u"SELECT i AS time, 'host ' || i AS host, i * 2 AS load FROM n"_s);
        QCOMPARE(spy.count(), 2); // the new rows in place of the old ones
        QVERIFY(m_console->plot()->isCut);
        QCOMPARE(m_console->plot()->source->series.size(), QueryPlot::MostSeries);
        m_console->setAnalysis(test::sampleAnalysis());
        QVERIFY(!m_console->plot());
    }

    void plotsRowsWithoutNumbersAsEvents()
    {
        run(u"SELECT source, line, time, text, 'error' AS level FROM lines WHERE text LIKE '%exit code%' OR line = 3"_s);
        m_console->findChild<QToolButton *>(u"sqlPlot"_s)->click();
        const auto plot = m_console->plot();
        QVERIFY(plot);
        QVERIFY(plot->source->series.empty());
        QCOMPARE(plot->source->events.size(), plot->places.size());
        const auto found = std::ranges::find(plot->places, 1500, &QueryPlot::Place::line);
        QVERIFY(found != plot->places.end() && found->source == 0);
        const Event &event = plot->source->events[static_cast<size_t>(found - plot->places.begin())];
        QCOMPARE(event.time->lo.ns, 1500 * NsPerSecond);
        QCOMPARE(event.severity, Severity::Error);
        QVERIFY(event.text.contains("exit code 137"));
        run(u"SELECT 5 AS line"_s); // nothing to plot: it goes
        QVERIFY(!m_console->plot());
    }

    void aRowLeadsToItsLine()
    {
        run(u"SELECT source, line FROM lines WHERE source = 1 AND line = 40"_s);
        QSignalSpy lines(m_console.get(), &SqlConsole::lineActivated);
        Q_EMIT m_console->table()->clicked(m_console->table()->model()->index(0, 1));
        QCOMPARE(lines.count(), 1);
        QCOMPARE(lines[0][0].toInt(), 1);
        QCOMPARE(lines[0][1].toLongLong(), 40);
        run(u"SELECT 99 AS source, 3 AS line, 17 AS time"_s); // no such source: its time at least
        QSignalSpy times(m_console.get(), &SqlConsole::timeActivated);
        Q_EMIT m_console->table()->clicked(m_console->table()->model()->index(0, 0));
        QCOMPARE(lines.count(), 1);
        QCOMPARE(times.count(), 1);
    }

    void errorsAreToldAndMarked()
    {
        run(u"SELECT line\nFROM nowhere"_s);
        QVERIFY2(m_console->status().contains(u"nowhere"_s), qPrintable(m_console->status()));
        QCOMPARE(rows(), 0);
        run(u"SELECT nothing FROM lines"_s);
        QCOMPARE(editor()->extraSelections().size(), 1);
        QCOMPARE(editor()->extraSelections().constFirst().cursor.selectedText(), u"nothing"_s);
        run(u"DELETE FROM lines"_s);
        QVERIFY2(!m_console->status().contains(u"row in"_s), qPrintable(m_console->status()));
    }

    void bindsTheFailure()
    {
        m_console->setFailure(0);
        run(u"SELECT :failure, :source, :line, :exit_code, :to - :from"_s);
        QCOMPARE(cell(0, 0), u"0"_s);
        QCOMPARE(cell(0, 2), u"1500"_s);
        QCOMPARE(cell(0, 3), u"137"_s);
        QCOMPARE(cell(0, 4), QString::number(67 * NsPerSecond)); // 60 before, 5 after, and what is not known
    }

    void runsTheSelectedPart()
    {
        editor()->setPlainText(u"SELECT 1;\nSELECT 2 AS two"_s);
        QTextCursor cursor = editor()->textCursor();
        cursor.setPosition(10);
        cursor.movePosition(QTextCursor::End, QTextCursor::KeepAnchor);
        editor()->setTextCursor(cursor);
        QTest::keyClick(editor(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE(cell(0, 0), u"2"_s);
    }

    void stopsALongQuery()
    {
        editor()->setPlainText(
            u"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"_s);
        m_console->run();
        QVERIFY(m_console->isRunning());
        m_console->stop();
        QTRY_VERIFY(!m_console->isRunning());
        QCOMPARE(rows(), 0);
    }

    void remembersWhatWasRun()
    {
        run(u"SELECT 1"_s);
        run(u"SELECT 2"_s);
        run(u"SELECT 1"_s);
        QCOMPARE(m_console->history(), (QStringList{u"SELECT 2"_s, u"SELECT 1"_s}));
        editor()->setPlainText(u"a draft"_s);
        QTest::keyClick(editor(), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(editor()->toPlainText(), u"SELECT 1"_s);
        QTest::keyClick(editor(), Qt::Key_Up, Qt::AltModifier);
        QTest::keyClick(editor(), Qt::Key_Up, Qt::AltModifier);
        QCOMPARE(editor()->toPlainText(), u"SELECT 2"_s);
        QTest::keyClick(editor(), Qt::Key_Down, Qt::AltModifier);
        QTest::keyClick(editor(), Qt::Key_Down, Qt::AltModifier);
        QCOMPARE(editor()->toPlainText(), u"a draft"_s);
    }

    void completes_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QStringList>("some");
        QTest::addColumn<QStringList>("none");
        QTest::newRow("tables and words")
            << u"SELECT * FROM fa"_s << QStringList{u"facts"_s, u"failures"_s} << QStringList{u"lines"_s};
        QTest::newRow("columns of a table") << u"SELECT lines.te"_s << QStringList{u"text"_s} << QStringList{u"time"_s};
        QTest::newRow("columns of an alias")
            << u"SELECT * FROM failures f WHERE f.exit"_s << QStringList{u"exit_code"_s} << QStringList{u"EXISTS"_s};
        QTest::newRow("columns of what is named")
            << u"SELECT * FROM failures WHERE exi"_s << QStringList{u"exit_code"_s, u"EXISTS"_s} << QStringList();
        QTest::newRow("nothing") << u"SELECT zzz"_s << QStringList() << QStringList{u"lines"_s};
    }
    void completes()
    {
        QFETCH(const QString, typed);
        QFETCH(const QStringList, some);
        QFETCH(const QStringList, none);
        editor()->setPlainText(typed);
        editor()->moveCursor(QTextCursor::End);
        const QStringList offered = editor()->completions();
        for (const QString &word : some)
            QVERIFY2(offered.contains(word), qPrintable(word + u" in "_s + offered.join(u' ')));
        for (const QString &word : none)
            QVERIFY2(!offered.contains(word), qPrintable(word));
    }

    void listsTheTables()
    {
        const auto tables = m_console->schema()->findItems(u"lines"_s, Qt::MatchExactly);
        QCOMPARE(tables.size(), 1);
        QCOMPARE(tables.constFirst()->childCount(), 5);
        QCOMPARE(tables.constFirst()->child(4)->text(0), u"text"_s);
    }

    void becomesAQuestion()
    {
        QSignalSpy spy(m_console.get(), &SqlConsole::questionWanted);
        editor()->setPlainText(u"SELECT 1 AS line"_s);
        m_console->findChild<QToolButton *>(u"sqlQuestion"_s)->click();
        QCOMPARE(spy.count(), 1);
        QVERIFY(spy[0][0].toString().contains(u"```sql\nSELECT 1 AS line\n```"_s));
    }

    void modelIsSound()
    {
        RowsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(
            {{u"a"_s, u"b"_s}, {{QVariant(1LL), QVariant(u"\x1b[2J<b>"_s)}, {QVariant(), QVariant(2.5)}}, false}, {});
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(!model.index(0, 1).data().toString().contains(QChar(0x1b)));
        QVERIFY(model.index(0, 1).data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;"_s));
        QCOMPARE(model.index(0, 0).data(RowsModel::SourceRole).toInt(), -1);
        model.setZone(ZoneShown::Local);
        model.setRows({}, {});
    }
};

FAULTLINE_TEST(SqlConsoleTest)
#include "tst_sqlconsole.moc"
