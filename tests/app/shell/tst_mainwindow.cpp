// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/mainwindow.h"

#include "app/logview/logpane.h"
#include "app/shell/commandpalette.h"
#include "app/shell/correlationmodel.h"
#include "app/shell/correlationpanel.h"
#include "app/shell/diagnosispanel.h"
#include "app/shell/evidencelist.h"
#include "app/shell/flowpanel.h"
#include "app/shell/picturedialog.h"
#include "app/shell/profilepanel.h"
#include "app/shell/runwindow.h"
#include "app/shell/section.h"
#include "app/shell/sourcedialog.h"
#include "app/shell/startpage.h"
#include "app/shell/statuspage.h"
#include "app/shell/workspace.h"
#include "charts/core/timeaxis.h"
#include "charts/flame/flameview.h"
#include "charts/flow/flowview.h"
#include "charts/timeline/timelineview.h"
#include "models/views/sourcesmodel.h"
#include "tests/app/shell/windowpictures.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QSemaphore>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QTreeView>

using namespace faultline;
using namespace Qt::StringLiterals;
using State = CaseController::State;

class MainWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_loader = [](const CaseRequest &) -> Result<Analysis> { return test::sampleAnalysis(); };
    }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void startsEmptyAndSaysWhatToDo()
    {
        makeWindow();
        QVERIFY(m_window->findChild<StartPage *>()->isVisible());
        QVERIFY(m_window->findChild<QPushButton *>(u"openFolderButton"_s)->isVisible());
        QVERIFY(!m_window->workspace()->isVisible());
        QVERIFY(!action(u"nextFailure"_s)->isEnabled());
    }

    void showsTheFailureFirst()
    {
        openSample();
        QVERIFY(m_window->workspace()->isVisible());
        QCOMPARE(selection()->failure(), 0);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 1500);
        QCOMPARE(m_window->workspace()->timeline()->timeCursor(), TimeNs{1500 * NsPerSecond});
        QCOMPARE(m_window->findChild<QLabel *>(u"placeLabel"_s)->text(), u"ci.log:1500"_s);
        QCOMPARE(m_window->findChild<QLabel *>(u"failureTitle"_s)->text(), u"step 'Run tests' was killed"_s);
    }

    void theNextFailureShowsItsLine()
    {
        openSample();
        action(u"nextFailure"_s)->trigger();
        QCOMPARE(selection()->failure(), 1);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 1800);
        action(u"nextFailure"_s)->trigger();
        QCOMPARE(selection()->failure(), 0);
    }

    void choosingAFailureInThePanelShowsItsLine()
    {
        openSample();
        auto *combo = m_window->findChild<QComboBox *>(u"failureCombo"_s);
        QVERIFY(combo->isVisible());
        combo->setFocus();
        QTest::keyClick(combo, Qt::Key_Down);
        QTRY_COMPARE(m_window->workspace()->log()->view()->currentLine(), 1800);
    }

    void aClickOnAFlowchartNodeSelectsItsEvidence()
    {
        openSample();
        FlowView *flow = m_window->workspace()->flow()->view();
        if (!flow->isLaidOut() && !QSignalSpy(flow, &FlowView::layoutFinished).wait(10'000))
            QSKIP("The flowchart view does not draw yet");
        QVERIFY(flow->isLaidOut());
        flow->fit();
        const QPoint at = flow->nodeRect(1).center().toPoint();
        QTest::mouseClick(flow, Qt::LeftButton, {}, at);
        QCOMPARE(selection()->node(), u"kernel"_s);
        QCOMPARE(m_window->workspace()->log()->source(), 1);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 40);
        const EvidenceList *rows = m_window->workspace()->flow()->rows();
        QCOMPARE(rows->model()->rowCount(), 1);
        QCOMPARE(rows->currentIndex().row(), 0);
    }

    void aClickOnEvidenceGoesThere()
    {
        openSample();
        EvidenceList *list = nullptr;
        for (EvidenceList *candidate : m_window->workspace()->diagnosis()->findChildren<EvidenceList *>()) {
            if (candidate->evidence()->rowOf(1, 40) >= 0)
                list = candidate;
        }
        QVERIFY(list);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->evidence()->index(0)).center());
        QCOMPARE(m_window->workspace()->log()->source(), 1);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 40);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->evidence()->index(1)).center());
        QCOMPARE(selection()->cursor(), TimeNs{1490 * NsPerSecond});
        QCOMPARE(m_window->workspace()->timeline()->timeCursor(), TimeNs{1490 * NsPerSecond});
    }

    void aLineOfTheLogMovesTheTimeline()
    {
        openSample();
        LogView *view = m_window->workspace()->log()->view();
        QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(300, view->lineRect(1503).center().y()));
        QCOMPARE(m_window->workspace()->timeline()->timeCursor(), TimeNs{1503 * NsPerSecond});
    }

    void aSourceOpensAtTheMomentLookedAt()
    {
        openSample();
        QTreeView *tree = m_window->workspace()->sourcesView();
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualRect(tree->model()->index(1, 0)).center());
        QCOMPARE(m_window->workspace()->log()->source(), 1);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 40); // 1500 s
    }

    void evidenceIsSteppedThrough()
    {
        openSample();
        action(u"nextEvidence"_s)->trigger();
        QCOMPARE(m_window->workspace()->log()->source(), 1);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 40);
        action(u"nextEvidence"_s)->trigger();
        QCOMPARE(selection()->series(), 0);
        action(u"nextEvidence"_s)->trigger();
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), 1500);
        action(u"previousEvidence"_s)->trigger();
        QCOMPARE(selection()->cursor(), TimeNs{1490 * NsPerSecond});
    }

    void cancelStopsReading()
    {
        QSemaphore entered;
        m_loader = [&entered](const CaseRequest &request) -> Result<Analysis> {
            entered.release();
            request.options.import.progress(300'000'000, 1'000'000'000);
            request.options.import.fileProgress(u"/runs/17/ci.log"_s, 250'000'000, 950'000'000);
            request.options.import.fileProgress(u"/runs/17/dmesg.txt"_s, 50'000'000, 50'000'000);
            while (!request.options.import.cancel.isCancelled())
                QThread::msleep(1);
            return failure(Code::Cancelled, u"cancelled"_s);
        };
        makeWindow();
        m_window->open({m_folder->path()});
        QVERIFY(m_window->findChild<LoadingPage *>()->isVisible());
        entered.acquire();
        save(u"loading"_s);
        QTest::mouseClick(m_window->findChild<QPushButton *>(u"cancelButton"_s), Qt::LeftButton);
        QCOMPARE(m_window->controller()->state(), State::Empty);
        QVERIFY(m_window->findChild<StartPage *>()->isVisible());
    }

    void theBeginningOfALargeLogIsShownWhileItIsRead()
    {
        QFile log(m_folder->filePath(u"large.log"_s));
        QVERIFY(log.open(QIODevice::WriteOnly));
        for (int i = 1; i <= 60'000; ++i)
            log.write("2026-05-04T10:00:00Z line " + QByteArray::number(i) + '\n');
        QVERIFY(log.resize(CaseController::LeastPreviewed)); // a hole, which takes no room
        log.close();
        m_loader = [](const CaseRequest &request) -> Result<Analysis> {
            while (!request.options.import.cancel.isCancelled())
                QThread::msleep(1);
            return failure(Code::Cancelled, u"cancelled"_s);
        };
        makeWindow();
        auto *preview = m_window->findChild<LogView *>(u"previewLog"_s);
        QVERIFY(!preview->isVisible());
        m_window->open({m_folder->path()});
        QTRY_VERIFY(preview->isVisible());
        QCOMPARE(preview->document().line(1).text, u"line 1"_s);
        QVERIFY(preview->document().line(1).time);
        const qint64 lines = preview->document().lineCount();
        QVERIFY(lines > 10'000 && lines < 60'000); // no more than the beginning
        QCOMPARE(preview->document().line(lines).text, u"line %1"_s.arg(lines));
        QTest::mouseClick(m_window->findChild<QPushButton *>(u"cancelButton"_s), Qt::LeftButton);
        QVERIFY(!preview->isVisible());
        QCOMPARE(preview->document().lineCount(), 0);
        // A small one is read before anyone could look at it.
        QVERIFY(log.resize(CaseController::LeastPreviewed - 1));
        QSignalSpy spy(m_window->controller(), &CaseController::previewReady);
        m_window->open({m_folder->path()});
        QTest::mouseClick(m_window->findChild<QPushButton *>(u"cancelButton"_s), Qt::LeftButton);
        QVERIFY(spy.isEmpty());
    }

    void aFailureToReadIsExplained()
    {
        m_loader = [](const CaseRequest &) -> Result<Analysis> {
            return failure(Code::NotFound, u"No such folder"_s, u"Was it moved?"_s);
        };
        makeWindow();
        m_window->open({u"/nowhere"_s});
        QTRY_COMPARE(m_window->controller()->state(), State::Failed);
        QVERIFY(m_window->findChild<FailedPage *>()->isVisible());
        QCOMPARE(m_window->findChild<QLabel *>(u"errorMessage"_s)->text(), u"No such folder"_s);
        save(u"failed"_s);
    }

    void aRunWithoutFailureSaysSo()
    {
        m_loader = [](const CaseRequest &) -> Result<Analysis> {
            Analysis analysis = test::sampleAnalysis();
            analysis.findings = std::make_shared<Findings>();
            analysis.diagnosis = std::make_shared<Diagnosis>();
            return analysis;
        };
        makeWindow();
        m_window->open({m_folder->path()});
        QTRY_COMPARE(m_window->controller()->state(), State::NothingFailed);
        QVERIFY(m_window->findChild<QLabel *>(u"diagnosisEmpty"_s)->isVisible());
        QVERIFY(!m_window->findChild<QLabel *>(u"flowEmpty"_s)->text().contains(u"this failure"_s));
        save(u"nothing-failed"_s);
    }

    void aDroppedFolderIsOpened()
    {
        makeWindow();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(m_folder->path())});
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window.get(), &drop);
        QTRY_COMPARE(m_window->controller()->state(), State::Ready);
        QCOMPARE(m_window->controller()->paths(), QStringList{m_folder->path()});
    }

    void aFileDroppedOnACaseGoesOnWithIt()
    {
        openSample();
        action(u"nextFailure"_s)->trigger();
        QFile more(m_folder->filePath(u"describe.txt"_s));
        QVERIFY(more.open(QIODevice::WriteOnly) && more.write("Name: api\n") > 0);
        more.close();
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(more.fileName())});
        const auto drop = [&](Qt::KeyboardModifiers modifiers) {
            QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, modifiers);
            QCoreApplication::sendEvent(m_window.get(), &enter);
            QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, modifiers);
            QCoreApplication::sendEvent(m_window.get(), &event);
        };
        drop(Qt::NoModifier);
        QTRY_COMPARE(m_window->controller()->state(), State::Ready);
        QCOMPARE(m_window->controller()->paths(), (QStringList{m_folder->path(), more.fileName()}));
        QCOMPARE(selection()->failure(), 1); // and goes on where it was looked at
        drop(Qt::ShiftModifier);
        QTRY_COMPARE(m_window->controller()->paths(), QStringList{more.fileName()});
    }

    void anOpenQuestionIsAnsweredByHand()
    {
        const auto answered = std::make_shared<std::atomic<int>>(0);
        m_loader = [answered](const CaseRequest &request) -> Result<Analysis> {
            Analysis analysis = test::sampleAnalysis();
            auto diagnosis = std::make_shared<Diagnosis>(*analysis.diagnosis);
            WalkedNode &node = diagnosis->flowcharts[0].nodes[1];
            node.state = NodeState::Open;
            diagnosis->missing[0].playbook = u"killed"_s;
            diagnosis->missing[0].node = u"kernel"_s;
            diagnosis->missing[0].choices = {u"yes"_s, u"no"_s};
            const auto said = request.options.answers.find({0, u"killed"_s, u"kernel"_s});
            *answered = static_cast<int>(request.options.answers.size());
            if (said != request.options.answers.end()) {
                node.byHand = true;
                node.answer = said->second;
                node.state = NodeState::Answered;
                diagnosis->missing.clear();
                diagnosis->answers.push_back({0, u"killed"_s, u"kernel"_s, node.label, node.answer});
            }
            analysis.diagnosis = diagnosis;
            return analysis;
        };
        openSample();
        FlowPanel *flow = m_window->workspace()->flow();
        QCOMPARE(flow->choices(1), (QStringList{u"yes"_s, u"no"_s}));
        QVERIFY(flow->choices(2).isEmpty());
        selection()->selectNode(u"killed"_s, u"kernel"_s);
        const auto buttons = flow->findChildren<QToolButton *>(u"answer"_s);
        QCOMPARE(buttons.size(), 2);
        save(u"open-question"_s);
        buttons[1]->click();
        QTRY_COMPARE(answered->load(), 1);
        Section *said = m_window->findChild<Section *>(u"handAnswers"_s);
        QTRY_VERIFY(said->isVisible());
        QCOMPARE(selection()->node(), u"kernel"_s);
        save(u"answered-by-hand"_s);
        action(u"undo"_s)->trigger();
        QTRY_COMPARE(answered->load(), 0);
        QTRY_VERIFY(!said->isVisible());
        auto *known = m_window->workspace()->diagnosis()->findChild<QToolButton *>(u"answerButton"_s);
        QVERIFY(known);
        known->menu()->actions().at(0)->trigger();
        QTRY_VERIFY(said->isVisible());
        said->findChild<QToolButton *>(u"takeBack"_s)->click();
        QTRY_COMPARE(answered->load(), 0);
    }

    void textThatIsDroppedIsNot()
    {
        makeWindow();
        QMimeData data;
        data.setText(u"text"_s);
        QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        enter.ignore();
        QCoreApplication::sendEvent(m_window.get(), &enter);
        QVERIFY(!enter.isAccepted());
    }

    void remembersCasesAndLayout()
    {
        openSample();
        m_window->workspace()->docks().first()->hide();
        m_window->close();
        makeWindow();
        QCOMPARE(m_window->findChildren<QPushButton *>(u"recentButton"_s).size(), 1);
        m_window->open({m_folder->path()});
        QTRY_COMPARE(m_window->controller()->state(), State::Ready);
        QVERIFY(!m_window->workspace()->docks().first()->isVisible());
        action(u"resetLayout"_s)->trigger();
        QVERIFY(m_window->workspace()->docks().first()->isVisible());
    }

    void aLayoutOfASmallWindowLeavesTheSourcesReadable()
    {
        openSample();
        m_window->resize(700, 600);
        QTest::qWait(20);
        m_window->close();
        makeWindow();
        m_window->open({m_folder->path()});
        QTRY_COMPARE(m_window->controller()->state(), State::Ready);
        for (const QString &name : {u"sourcesDock"_s, u"diagnosisDock"_s})
            QVERIFY2(m_window->findChild<QDockWidget *>(name)->width() >= 180, qPrintable(name));
    }

    void everyCommandIsInThePalette()
    {
        openSample();
        action(u"commandPalette"_s)->trigger();
        auto *edit = m_window->commandPalette()->findChild<QLineEdit *>(u"commandEdit"_s);
        QVERIFY(edit->isVisible());
        save(u"palette"_s, m_window->commandPalette());
        QTest::keyClicks(edit, u"next fail"_s);
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(selection()->failure(), 1);
        QVERIFY(!m_window->commandPalette()->isVisible());
    }

    void shortcutsAreGivenOnce()
    {
        makeWindow();
        QList<QKeySequence> seen;
        for (const QAction *item : m_window->findChildren<QAction *>(Qt::FindDirectChildrenOnly)) {
            for (const QKeySequence &keys : item->shortcuts()) {
                QVERIFY2(!seen.contains(keys), qPrintable(keys.toString() + u' ' + item->text()));
                seen.append(keys);
            }
        }
        QVERIFY(seen.size() > 15);
    }

    void themesAndZonesSwitch()
    {
        openSample();
        action(u"themeDark"_s)->trigger();
        QVERIFY(isDark(qApp->palette()));
        action(u"themeLight"_s)->trigger();
        QVERIFY(!isDark(qApp->palette()));
        action(u"zoneLocal"_s)->trigger();
        action(u"zoneUtc"_s)->trigger();
        QVERIFY(m_window->findChild<QLabel *>(u"timeLabel"_s)->text().endsWith(u"UTC"));
    }

    void closingTheCaseGoesBackToTheStart()
    {
        openSample();
        action(u"closeCase"_s)->trigger();
        QVERIFY(m_window->findChild<StartPage *>()->isVisible());
        QCOMPARE(m_window->workspace()->sources()->rowCount(), 0);
    }

    /// A person overrules what a file was taken for and how its clock is off, and takes both back.
    void aPersonsWordOnASourceRules()
    {
        const QString log = m_folder->filePath(u"job.log"_s);
        QFile file(log);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("2026-05-04 10:00:00 starting\n2026-05-04 10:00:09 panic: runtime error: index out of range [3]\n"
                   "exit status 2\n");
        file.close();
        m_loader = caseLoader({}, {});
        makeWindow();
        m_window->setFormatTitles({{"plain", u"Text"_s}, {"jenkins", u"Jenkins console"_s}});
        m_window->open({log});
        const auto ready = [this] { return m_window->controller()->state() != State::Loading; };
        QTRY_VERIFY_WITH_TIMEOUT(ready(), 60'000);
        const auto source = [this] { return m_window->controller()->analysis().evidence->sources.front(); };
        const auto first = [this, &source] {
            return m_window->controller()->analysis().placement->place(0, *source()->first)->time;
        };
        const TimeNs before = first();
        const auto evidence = source();
        QCOMPARE(evidence->format, "plain");

        const auto say = [this](const QString &format, const QString &zone, const QString &seconds, bool isFine) {
            action(u"overrule"_s)->trigger();
            QPointer dialog = m_window->findChild<SourceDialog *>();
            QVERIFY(dialog);
            dialog->findChild<QComboBox *>(u"format"_s)->setCurrentText(format);
            dialog->findChild<QComboBox *>(u"zone"_s)->setEditText(zone);
            dialog->findChild<QLineEdit *>(u"offset"_s)->setText(seconds);
            auto *ok = dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok);
            QCOMPARE(ok->isEnabled(), isFine);
            save(isFine ? u"source"_s : u"source-problem"_s, dialog);
            QTest::mouseClick(isFine ? ok : dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Cancel),
                              Qt::LeftButton);
            QTRY_VERIFY(!dialog);
        };
        say(u"As recognised"_s, u"Nowhere/Land"_s, {}, false);
        say(u"As recognised"_s, {}, u"soon"_s, false);
        QCOMPARE(source(), evidence);

        say(u"As recognised"_s, u"+02:00"_s, {}, true);
        QTRY_VERIFY(ready() && first() == before - 2 * 3600 * NsPerSecond);
        QCOMPARE(source(), evidence); // only placed anew
        // A zone by its name is the one of the log's own date: in May, two hours in Berlin, whenever this is read.
        say(u"As recognised"_s, {}, {}, true);
        QTRY_VERIFY(ready() && first() == before);
        say(u"As recognised"_s, u"Europe/Berlin"_s, {}, true);
        QTRY_VERIFY(ready() && first() == before - 2 * 3600 * NsPerSecond);
        QCOMPARE(m_window->controller()->overrideOf(log).clock.zone, u"Europe/Berlin"_s);
        action(u"overrule"_s)->trigger();
        QPointer again = m_window->findChild<SourceDialog *>();
        QVERIFY(again);
        QCOMPARE(again->findChild<QComboBox *>(u"zone"_s)->currentText(), u"Europe/Berlin"_s);
        again->reject();
        QTRY_VERIFY(!again);
        say(u"As recognised"_s, {}, u"+47,5"_s, true);
        QTRY_VERIFY(ready() && first() == before + 47'500 * NsPerMillisecond);
        say(u"Jenkins console"_s, {}, {}, true);
        QTRY_COMPARE_WITH_TIMEOUT(source()->format, "jenkins", 60'000);
        say(u"As recognised"_s, {}, {}, true);
        QTRY_COMPARE_WITH_TIMEOUT(source()->format, "plain", 60'000);
        QCOMPARE(first(), before);
    }

    /// The whole way over real files: the shipped sample, or whatever FAULTLINE_SCREENSHOT_CASE names.
    void opensTheSample()
    {
        const QString sample = qEnvironmentVariable("FAULTLINE_SCREENSHOT_CASE", samplePath());
        if (sample.isEmpty())
            QSKIP("No sample is shipped yet");
        m_loader = caseLoader({}, {});
        makeWindow();
        save(u"start"_s);
        m_window->open({sample});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->controller()->state() != State::Loading, 60'000);
        QCOMPARE(m_window->controller()->state(), State::Ready);
        const Failure &first = m_window->controller()->analysis().findings->failures.front();
        QCOMPARE(m_window->workspace()->log()->source(), first.source);
        QCOMPARE(m_window->workspace()->log()->view()->currentLine(), first.line);
        save(u"case"_s);
    }

    /// Two lines that are the same moment set one clock by the other; undo takes it back.
    void twoLinesAreTheSameMoment()
    {
        const auto write = [this](const QString &name, const QByteArray &text) {
            QFile file(m_folder->filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
        };
        write(u"a.log"_s, "2026-05-04T10:00:00Z start\n2026-05-04T10:00:09Z panic: boom\nexit status 2\n");
        write(u"b.log"_s, "2026-05-04 11:20:00 up\n2026-05-04 11:20:30 the other side went away\n");
        m_loader = caseLoader({}, {});
        makeWindow();
        m_window->open({m_folder->filePath(u"a.log"_s), m_folder->filePath(u"b.log"_s)});
        const auto ready = [this] { return m_window->controller()->state() != State::Loading; };
        QTRY_VERIFY_WITH_TIMEOUT(ready(), 60'000);
        const auto timeOf = [this](int source, qint64 line) { return selection()->timeOfLine(source, line)->time; };
        const TimeNs before = timeOf(1, 2);
        QVERIFY(!action(u"undo"_s)->isEnabled());
        action(u"alignLine"_s)->trigger(); // nothing remembered: nothing happens
        QVERIFY(!action(u"undo"_s)->isEnabled());
        selection()->selectLine(0, 2);
        const TimeNs moment = timeOf(0, 2);
        action(u"rememberMoment"_s)->trigger();
        selection()->selectLine(1, 2);
        action(u"alignLine"_s)->trigger();
        QTRY_VERIFY(ready() && timeOf(1, 2) == moment);
        QCOMPARE(timeOf(1, 1), moment - 30 * NsPerSecond);
        action(u"undo"_s)->trigger();
        QTRY_VERIFY(ready() && timeOf(1, 2) == before);
        action(u"redo"_s)->trigger();
        QTRY_VERIFY(ready() && timeOf(1, 2) == moment);
    }

    void aRowOfTheCorrelationTableGoesToItsPeak()
    {
        openShipped();
        QTableView *table = m_window->workspace()->correlation()->view();
        QVERIFY(table->model()->rowCount() > 0);
        m_window->findChild<QDockWidget *>(u"correlationDock"_s)->raise();
        save(u"correlation"_s);
        const QModelIndex first = table->model()->index(0, 0);
        Q_EMIT table->activated(first);
        QCOMPARE(selection()->series(), first.data(CorrelationModel::SeriesRole).toInt());
        QCOMPARE(selection()->cursor()->ns, first.data(CorrelationModel::TimeRole).toLongLong());
        table->sortByColumn(CorrelationModel::LagColumn, Qt::AscendingOrder);
        for (int row = 1; row < table->model()->rowCount(); ++row) {
            const auto lag = [table](int at) {
                return table->model()
                    ->index(at, CorrelationModel::LagColumn)
                    .data(CorrelationModel::SortRole)
                    .toLongLong();
            };
            QVERIFY(lag(row - 1) <= lag(row));
        }
    }

    void aProfileIsShownFromAllSides()
    {
        openShipped();
        ProfilePanel *panel = m_window->workspace()->profile();
        QVERIFY(!panel->isEmpty());
        m_window->findChild<QDockWidget *>(u"profileDock"_s)->raise();
        QTRY_VERIFY(panel->flames()->boxes().size() > 3);
        save(u"profile"_s);
        const double whole = panel->flames()->tree().total();
        auto *views = panel->findChildren<QComboBox *>().at(1);
        for (int view = 0; view < views->count(); ++view) {
            views->setCurrentIndex(view);
            Q_EMIT views->activated(view);
            QTRY_VERIFY(!panel->isBusy());
            save(u"profile-%1"_s.arg(view));
        }
        QVERIFY(panel->functions()->model()->rowCount() > 3);
        views->setCurrentIndex(2);
        Q_EMIT views->activated(2);
        QTRY_VERIFY(!panel->isBusy());
        QVERIFY(panel->below()->isVisible());
        QCOMPARE(panel->below()->tree().total(), panel->flames()->tree().total()); // one function, from both sides
        views->setCurrentIndex(1);
        Q_EMIT views->activated(1);
        QTRY_VERIFY(!panel->isBusy());
        QCOMPARE(panel->flames()->tree().total(), whole);
    }

    void aRangeOfTheTimelineConfinesTheOtherViews()
    {
        openShipped();
        Workspace *workspace = m_window->workspace();
        auto *table = workspace->correlation()->view();
        const int all = table->model()->rowCount();
        QVERIFY(all > 0);
        const TimeNs peak{table->model()->index(0, 0).data(CorrelationModel::TimeRole).toLongLong()};
        selection()->selectRange(TimeRange{peak - 24 * NsPerHour, peak - 23 * NsPerHour});
        QCOMPARE(table->model()->rowCount(), 0);
        QVERIFY(workspace->timeline()->axis()->selection() == selection()->range());
        save(u"range"_s);
        selection()->selectRange(TimeRange{peak - NsPerSecond, peak + NsPerSecond});
        QVERIFY(table->model()->rowCount() > 0);
        selection()->selectRange(std::nullopt);
        QCOMPARE(table->model()->rowCount(), all);
        QVERIFY(!workspace->timeline()->axis()->selection());
    }

    void everyPictureIsSavedFromOnePlace()
    {
        openShipped();
        m_window->findChild<QDockWidget *>(u"profileDock"_s)->raise();
        QTRY_VERIFY(m_window->workspace()->profile()->flames()->boxes().size() > 3);
        m_window->findChild<QDockWidget *>(u"flowDock"_s)->raise();
        QTRY_VERIFY(m_window->workspace()->flow()->view()->isLaidOut());
        const std::vector<Picture> pictures = m_window->workspace()->pictures();
        QCOMPARE(pictures.size(), 4U);
        const QTemporaryDir folder;
        for (const Picture &picture : pictures) {
            const QString png = folder.filePath(picture.id + u".png"_s);
            QVERIFY2(savePicture(png, picture, true), qPrintable(picture.id));
            QVERIFY(QImage(png).width() > 200);
            const QString svg = folder.filePath(picture.id + u".svg"_s);
            QVERIFY2(savePicture(svg, picture, false), qPrintable(picture.id));
            QFile file(svg);
            QVERIFY(file.open(QIODevice::ReadOnly));
            QVERIFY(file.readAll().contains("<svg"));
        }
        QVERIFY(!savePicture(folder.filePath(u"no/such/folder.png"_s), pictures.front(), false));
        m_window->workspace()->offerPictures(u"focus"_s);
        auto *dialog = m_window->findChild<PictureDialog *>();
        QVERIFY(dialog);
        QCOMPARE(dialog->findChild<QComboBox *>(u"pictureChoice"_s)->currentIndex(), 1);
        dialog->findChild<QPushButton *>(u"copyPicture"_s)->click();
        const QMimeData *copied = QGuiApplication::clipboard()->mimeData();
        QVERIFY(copied->hasImage() && copied->hasFormat(u"image/svg+xml"_s));
        save(u"pictures"_s, dialog);
        dialog->close();
    }

private:
    void openShipped()
    {
        m_loader = caseLoader({}, {});
        makeWindow();
        m_window->open({samplePath()});
        QTRY_VERIFY_WITH_TIMEOUT(m_window->controller()->state() != State::Loading, 60'000);
        QCOMPARE(m_window->controller()->state(), State::Ready);
    }
    void makeWindow()
    {
        m_window.reset();
        m_window = std::make_unique<MainWindow>(m_loader, m_folder->filePath(u"settings.ini"_s), QString());
        m_window->resize(1600, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void openSample()
    {
        makeWindow();
        m_window->open({m_folder->path()});
        QTRY_COMPARE(m_window->controller()->state(), State::Ready);
        save(u"ready"_s);
    }
    QAction *action(const QString &name) const
    {
        return m_window->findChild<QAction *>(name, Qt::FindDirectChildrenOnly);
    }
    Selection *selection() const { return m_window->workspace()->selection(); }

    void save(const QString &name, QWidget *widget = nullptr) { test::saveWindowPictures(*m_window, name, widget); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
    CaseLoader m_loader;
};

FAULTLINE_TEST(MainWindowTest)
#include "tst_mainwindow.moc"
