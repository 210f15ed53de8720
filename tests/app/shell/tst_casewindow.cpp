// SPDX-License-Identifier: GPL-3.0-or-later
// A case from the first look to its file and back, as a person works on it: the shipped sample in the real window.
#include "app/logview/logpane.h"
#include "app/shell/annotationdialog.h"
#include "app/shell/annotationspanel.h"
#include "app/shell/casedocument.h"
#include "app/shell/mainwindow.h"
#include "app/shell/runwindow.h"
#include "app/shell/sourcedialog.h"
#include "app/shell/workspace.h"
#include "charts/core/timeaxis.h"
#include "charts/timeline/timelineview.h"
#include "tests/app/shell/windowdriver.h"
#include "tests/support/test.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QListView>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;
using State = CaseController::State;

class CaseWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_driver = std::make_unique<WindowDriver>(); }
    void cleanup() { m_driver.reset(); }

    void aCaseIsWrittenKeptAndOpenedElsewhere()
    {
        const QString run = inFolder(u"here/run"_s);
        copyFolder(samplePath(), run, {u"dmesg.txt"_s}); // without it a question stays open
        openRun(run);
        const Analysis &analysis = window()->controller()->analysis();
        Workspace *workspace = window()->workspace();
        QVERIFY(!window()->isWindowModified());

        // A clock is corrected.
        const int source = analysis.findings->failures[0].source;
        const QString path = analysis.evidence->sources[static_cast<size_t>(source)]->path;
        selection()->selectLine(source, 3);
        const TimeNs before = selection()->timeOfLine(source, 3)->time;
        action(u"overrule"_s)->trigger();
        QPointer dialog = window()->findChild<SourceDialog *>();
        dialog->findChild<QLineEdit *>(u"offset"_s)->setText(u"+30"_s);
        QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
        QTRY_VERIFY(!dialog && window()->controller()->state() == State::Ready
                    && selection()->timeOfLine(source, 3)->time != before);
        QVERIFY(window()->isWindowModified());

        // Five notes: a line, several lines, a moment, a range, a spike.
        selection()->selectLine(source, 3);
        workspace->log()->view()->setFocus();
        write(u"The **first** sign"_s, u"memory, ci"_s);
        QTest::keyClick(workspace->log()->view(), Qt::Key_Down, Qt::ShiftModifier);
        QTest::keyClick(workspace->log()->view(), Qt::Key_Down, Qt::ShiftModifier);
        write(u"These three belong together <script>alert(1)</script>"_s, {});
        selection()->selectTime(*selection()->cursor() + 2 * NsPerSecond);
        workspace->timeline()->setFocus();
        workspace->timeline()->select({});
        write(u"Somebody called at this moment"_s, {});
        action(u"rememberMoment"_s)->trigger();
        selection()->selectTime(*selection()->cursor() + 20 * NsPerSecond);
        workspace->timeline()->setFocus();
        write(u"All was slow in between"_s, u"ci"_s, u"Range"_s);
        QVERIFY(!analysis.findings->spikes.empty());
        const Spike spike = analysis.findings->spikes[0];
        TrackItem item;
        item.kind = TrackItem::Kind::Sample;
        item.series = spike.series;
        item.time = spike.peak;
        selection()->selectSeries(spike.series, spike.peak);
        workspace->timeline()->setFocus();
        workspace->timeline()->select(item);
        write(u"It ran out here"_s, {}, u"Spike"_s);
        QCOMPARE(window()->controller()->annotations().size(), 5);
        QCOMPARE(workspace->annotations()->model()->rowCount(), 5);
        QVERIFY(workspace->annotations()->isVisible());
        save(u"notes"_s);

        // A question is answered.
        const WalkedFlowchart chart = analysis.diagnosis->flowcharts.front();
        const auto open = std::ranges::find_if(chart.edges, [&chart](const WalkedEdge &edge) {
            const WalkedNode &node = chart.nodes[static_cast<size_t>(edge.from)];
            return node.isDecision && node.state == NodeState::Open && !edge.label.isEmpty();
        });
        QVERIFY(open != chart.edges.end());
        Q_EMIT workspace->answerWanted(chart.failure, chart.playbook, chart.nodes[static_cast<size_t>(open->from)].id,
                                       open->label);
        QTRY_COMPARE(window()->controller()->answers().size(), 1);

        // One step of undo for each, and back.
        for (int i = 0; i < 7; ++i)
            action(u"undo"_s)->trigger();
        QTRY_VERIFY(window()->controller()->annotations().empty() && window()->controller()->answers().empty()
                    && window()->controller()->overrideOf(path).isEmpty());
        QVERIFY(!window()->isWindowModified());
        for (int i = 0; i < 7; ++i)
            action(u"redo"_s)->trigger();
        QTRY_VERIFY(window()->controller()->state() == State::Ready
                    && selection()->timeOfLine(source, 3)->time == before + 30 * NsPerSecond);

        // Saved, closed, copied to another place, opened there.
        selection()->selectLine(source, 5);
        const auto visible = workspace->timeline()->axis()->visible();
        const Annotations notes = window()->controller()->annotations();
        QCOMPARE(notes.size(), 5);
        const HandAnswers answers = window()->controller()->answers();
        const QString file = run + u"/case.faultline"_s;
        saveTo(file);
        QVERIFY(!window()->isWindowModified());
        QVERIFY(window()->windowTitle().startsWith(u"case.faultline[*]"));
        QVERIFY(window()->close());
        m_driver->closeWindow();
        QVERIFY(!QFileInfo::exists(file + u".lock"_s));
        const QString moved = inFolder(u"there/copied"_s);
        copyFolder(run, moved);
        QVERIFY(QDir(inFolder(u"here"_s)).removeRecursively());

        openRun(moved + u"/case.faultline"_s);
        QCOMPARE(window()->document()->readOnlyReason(), QString());
        const auto inMoved = [&](QString name) { return name.replace(run, moved); };
        QCOMPARE(window()->controller()->overrideOf(inMoved(path)).clock.offsetNs, 30 * NsPerSecond);
        QCOMPARE(window()->controller()->answers(), answers);
        Annotations expected = notes;
        for (Annotation &note : expected)
            note.source = inMoved(note.source);
        QCOMPARE(window()->controller()->annotations(), expected);
        QCOMPARE(window()->workspace()->annotations()->model()->rowCount(), 5);
        QCOMPARE(selection()->line(), 5);
        QCOMPARE(selection()->timeOfLine(selection()->source(), 3)->time, before + 30 * NsPerSecond);
        QCOMPARE(window()->workspace()->timeline()->axis()->visible().lo, visible.lo);
        QVERIFY(!window()->isWindowModified());
        save(u"reopened"_s);
    }

    void aNoteFollowsItsClock()
    {
        QFile file(inFolder(u"a.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly)
                && file.write("2026-05-04T10:00:00Z start\n2026-05-04T10:00:09Z panic: boom\nexit status 2\n") > 0);
        file.close();
        openRun(file.fileName());
        selection()->selectLine(0, 2);
        window()->workspace()->log()->view()->setFocus();
        write(u"here"_s, {});
        AnnotationsModel *model = window()->workspace()->annotations()->model();
        const auto time = [model] { return model->note(model->index(0)).time->time; };
        const TimeNs before = time();
        window()->controller()->setOverride(file.fileName(), {{}, {60 * NsPerSecond, {}}});
        QTRY_COMPARE(time(), before + 60 * NsPerSecond);
    }

    void theListIsSearchedAndEdited()
    {
        openRun(samplePath());
        AnnotationsPanel *panel = window()->workspace()->annotations();
        const QAbstractItemModelTester tester(panel->model());
        selection()->selectLine(0, 2);
        window()->workspace()->log()->view()->setFocus();
        write(u"first words"_s, u"blue"_s);
        selection()->selectLine(0, 9);
        write(u"second words"_s, u"green"_s);
        panel->search()->setText(u"GREEN"_s);
        QCOMPARE(panel->view()->model()->rowCount(), 1);
        selection()->selectLine(0, 1);
        QTest::keyClick(panel->search(), Qt::Key_Return);
        QCOMPARE(selection()->line(), 9);
        panel->search()->setText(u"nowhere"_s);
        QCOMPARE(panel->view()->model()->rowCount(), 0);
        panel->search()->clear();
        panel->view()->setCurrentIndex(panel->view()->model()->index(0, 0));
        panel->view()->setFocus();
        QTest::keyClick(panel->view(), Qt::Key_F2);
        QPointer dialog = window()->findChild<AnnotationDialog *>();
        QVERIFY(dialog);
        save(u"note-dialog"_s, dialog);
        QTRY_VERIFY(dialog->isActiveWindow());
        dialog->findChild<QPlainTextEdit *>()->setPlainText(u"other words"_s);
        QTest::keyClick(dialog->findChild<QPlainTextEdit *>(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!dialog);
        QCOMPARE(window()->controller()->annotations()[0].text, u"other words"_s);
        QTest::keyClick(panel->view(), Qt::Key_Delete);
        QCOMPARE(window()->controller()->annotations().size(), 1);
        action(u"undo"_s)->trigger();
        action(u"undo"_s)->trigger();
        QCOMPARE(window()->controller()->annotation(1)->text, u"first words"_s);
        QCOMPARE(window()->controller()->annotations().size(), 2);
    }

    void theSecondWindowIsTold()
    {
        const QString run = inFolder(u"run"_s);
        copyFolder(samplePath(), run);
        openRun(run);
        const QString file = run + u"/case.faultline"_s;
        saveTo(file);
        auto first = m_driver->takeWindow();
        openRun(file);
        auto *notice = window()->findChild<QMessageBox *>(u"readOnlyNotice"_s);
        QVERIFY(notice && notice->informativeText().contains(u"another window"));
        QVERIFY(window()->windowTitle().contains(u"only to be looked at"));
        save(u"second-window"_s, notice);
        notice->accept();
        QSignalSpy failed(window()->document(), &CaseDocument::failed);
        const QByteArray bytes = bytesOf(file);
        first.reset();
        openRun(file);
        QCOMPARE(window()->document()->readOnlyReason(), QString());
        QCOMPARE(bytesOf(file), bytes);
    }

    void missingFilesAreAskedFor()
    {
        const QString run = inFolder(u"run"_s);
        copyFolder(samplePath(), run);
        openRun(run);
        const QString file = run + u"/case.faultline"_s;
        saveTo(file);
        m_driver->closeWindow();
        QVERIFY(QFile::remove(run + u"/dmesg.txt"_s));
        makeWindow();
        window()->open({file});
        QTRY_VERIFY(window()->findChild<QMessageBox *>(u"sourcesQuestion"_s));
        QPointer question = window()->findChild<QMessageBox *>(u"sourcesQuestion"_s);
        QVERIFY(question->informativeText().contains(u"dmesg.txt"));
        save(u"missing"_s, question);
        QTest::mouseClick(question->findChild<QPushButton *>(u"openAnyway"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(window()->controller()->state(), State::Ready, 60'000);
        // What is missing stays in the case.
        saveTo(file);
        m_driver->closeWindow();
        QVERIFY(QFile::copy(samplePath() + u"/dmesg.txt"_s, run + u"/dmesg.txt"_s));
        const auto opened = openCase(file, {});
        QVERIFY(opened.has_value() && opened->missing().isEmpty());
    }

    void asksBeforeChangesAreLostAndSavesByItself()
    {
        const QString run = inFolder(u"run"_s);
        copyFolder(samplePath(), run);
        openRun(run);
        window()->workspace()->log()->view()->setFocus();
        write(u"worth keeping"_s, {});
        QTimer::singleShot(0, this, [this] {
            auto *box = window()->findChild<QMessageBox *>(u"saveQuestion"_s);
            save(u"save-question"_s, box);
            QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        });
        QVERIFY(!window()->close());
        QVERIFY(window()->isVisible());
        const QString file = inFolder(u"case.faultline"_s);
        saveTo(file);
        window()->document()->setAutosaveDelay(1);
        QSignalSpy saved(window()->document(), &CaseDocument::saved);
        write(u"saved by itself"_s, {});
        QTRY_VERIFY(saved.count() == 1 && !window()->isWindowModified());
        QCOMPARE(readCaseFile(file)->content.annotations.size(), 2);
        window()->document()->setAutosaveDelay(1'000'000);
        write(u"saved on closing"_s, {});
        QVERIFY(window()->isWindowModified());
        QVERIFY(window()->close());
        QCOMPARE(readCaseFile(file)->content.annotations.size(), 3);
    }

    void aBrokenCaseIsTold()
    {
        QFile file(inFolder(u"broken.faultline"_s));
        QVERIFY(createCaseFile(file.fileName(), {}).has_value());
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(200));
        file.write(QByteArray(20'000, 'x'));
        file.close();
        makeWindow();
        window()->open({file.fileName()});
        QTRY_VERIFY(window()->findChild<QMessageBox *>(u"caseProblem"_s));
        QCOMPARE(window()->controller()->state(), State::Empty);
    }

private:
    void makeWindow() { m_driver->makeWindow(); }
    void openRun(const QString &run) { m_driver->openRun(run); }
    void saveTo(const QString &file) { m_driver->saveTo(file); }
    void write(const QString &text, const QString &tags, const QString &place = {})
    {
        m_driver->write(text, tags, place);
    }
    QString inFolder(const QString &name) const { return m_driver->inFolder(name); }
    QAction *action(const QString &name) const { return m_driver->action(name); }
    MainWindow *window() const { return &m_driver->window(); }
    Selection *selection() const { return &m_driver->selection(); }
    void save(const QString &name, QWidget *widget = nullptr) { m_driver->picture(name, widget); }

    std::unique_ptr<WindowDriver> m_driver;
};

FAULTLINE_TEST(CaseWindowTest)
#include "tst_casewindow.moc"
