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
#include "tests/app/shell/windowpictures.h"
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
using namespace Qt::StringLiterals;
using State = CaseController::State;

namespace {

void copyFolder(const QString &from, const QString &to, const QStringList &without = {})
{
    QVERIFY(QDir().mkpath(to));
    for (const QFileInfo &entry : QDir(from).entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
        if (without.contains(entry.fileName()))
            continue;
        if (entry.isDir())
            copyFolder(entry.filePath(), to + u'/' + entry.fileName());
        else
            QVERIFY(QFile::copy(entry.filePath(), to + u'/' + entry.fileName()));
    }
}

} // namespace

class CaseWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void cleanup()
    {
        m_window.reset();
        m_folder.reset();
    }

    void aCaseIsWrittenKeptAndOpenedElsewhere()
    {
        const QString run = m_folder->filePath(u"here/run"_s);
        copyFolder(samplePath(), run, {u"dmesg.txt"_s}); // without it a question stays open
        openRun(run);
        const Analysis &analysis = m_window->controller()->analysis();
        Workspace *workspace = m_window->workspace();
        QVERIFY(!m_window->isWindowModified());

        // A clock is corrected.
        const int source = analysis.findings->failures[0].source;
        const QString path = analysis.evidence->sources[static_cast<size_t>(source)]->path;
        selection()->selectLine(source, 3);
        const TimeNs before = selection()->timeOfLine(source, 3)->time;
        action(u"overrule"_s)->trigger();
        QPointer dialog = m_window->findChild<SourceDialog *>();
        dialog->findChild<QLineEdit *>(u"offset"_s)->setText(u"+30"_s);
        QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
        QTRY_VERIFY(!dialog && m_window->controller()->state() == State::Ready
                    && selection()->timeOfLine(source, 3)->time != before);
        QVERIFY(m_window->isWindowModified());

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
        QCOMPARE(m_window->controller()->annotations().size(), 5);
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
        QTRY_COMPARE(m_window->controller()->answers().size(), 1);

        // One step of undo for each, and back.
        for (int i = 0; i < 7; ++i)
            action(u"undo"_s)->trigger();
        QTRY_VERIFY(m_window->controller()->annotations().empty() && m_window->controller()->answers().empty()
                    && m_window->controller()->overrideOf(path).isEmpty());
        QVERIFY(!m_window->isWindowModified());
        for (int i = 0; i < 7; ++i)
            action(u"redo"_s)->trigger();
        QTRY_VERIFY(m_window->controller()->state() == State::Ready
                    && selection()->timeOfLine(source, 3)->time == before + 30 * NsPerSecond);

        // Saved, closed, copied to another place, opened there.
        selection()->selectLine(source, 5);
        const auto visible = workspace->timeline()->axis()->visible();
        const Annotations notes = m_window->controller()->annotations();
        QCOMPARE(notes.size(), 5);
        const HandAnswers answers = m_window->controller()->answers();
        const QString file = run + u"/case.faultline"_s;
        saveTo(file);
        QVERIFY(!m_window->isWindowModified());
        QVERIFY(m_window->windowTitle().startsWith(u"case.faultline[*]"));
        QVERIFY(m_window->close());
        m_window.reset();
        QVERIFY(!QFileInfo::exists(file + u".lock"_s));
        const QString moved = m_folder->filePath(u"there/copied"_s);
        copyFolder(run, moved);
        QVERIFY(QDir(m_folder->filePath(u"here"_s)).removeRecursively());

        openRun(moved + u"/case.faultline"_s);
        QCOMPARE(m_window->document()->readOnlyReason(), QString());
        const auto inMoved = [&](QString name) { return name.replace(run, moved); };
        QCOMPARE(m_window->controller()->overrideOf(inMoved(path)).clock.offsetNs, 30 * NsPerSecond);
        QCOMPARE(m_window->controller()->answers(), answers);
        Annotations expected = notes;
        for (Annotation &note : expected)
            note.source = inMoved(note.source);
        QCOMPARE(m_window->controller()->annotations(), expected);
        QCOMPARE(m_window->workspace()->annotations()->model()->rowCount(), 5);
        QCOMPARE(selection()->line(), 5);
        QCOMPARE(selection()->timeOfLine(selection()->source(), 3)->time, before + 30 * NsPerSecond);
        QCOMPARE(m_window->workspace()->timeline()->axis()->visible().lo, visible.lo);
        QVERIFY(!m_window->isWindowModified());
        save(u"reopened"_s);
    }

    void aNoteFollowsItsClock()
    {
        QFile file(m_folder->filePath(u"a.log"_s));
        QVERIFY(file.open(QIODevice::WriteOnly)
                && file.write("2026-05-04T10:00:00Z start\n2026-05-04T10:00:09Z panic: boom\nexit status 2\n") > 0);
        file.close();
        openRun(file.fileName());
        selection()->selectLine(0, 2);
        m_window->workspace()->log()->view()->setFocus();
        write(u"here"_s, {});
        AnnotationsModel *model = m_window->workspace()->annotations()->model();
        const auto time = [model] { return model->note(model->index(0)).time->time; };
        const TimeNs before = time();
        m_window->controller()->setOverride(file.fileName(), {{}, {60 * NsPerSecond, {}}});
        QTRY_COMPARE(time(), before + 60 * NsPerSecond);
    }

    void theListIsSearchedAndEdited()
    {
        openRun(samplePath());
        AnnotationsPanel *panel = m_window->workspace()->annotations();
        const QAbstractItemModelTester tester(panel->model());
        selection()->selectLine(0, 2);
        m_window->workspace()->log()->view()->setFocus();
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
        QPointer dialog = m_window->findChild<AnnotationDialog *>();
        QVERIFY(dialog);
        save(u"note-dialog"_s, dialog);
        QTRY_VERIFY(dialog->isActiveWindow());
        dialog->findChild<QPlainTextEdit *>()->setPlainText(u"other words"_s);
        QTest::keyClick(dialog->findChild<QPlainTextEdit *>(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!dialog);
        QCOMPARE(m_window->controller()->annotations()[0].text, u"other words"_s);
        QTest::keyClick(panel->view(), Qt::Key_Delete);
        QCOMPARE(m_window->controller()->annotations().size(), 1);
        action(u"undo"_s)->trigger();
        action(u"undo"_s)->trigger();
        QCOMPARE(m_window->controller()->annotation(1)->text, u"first words"_s);
        QCOMPARE(m_window->controller()->annotations().size(), 2);
    }

    void theSecondWindowIsTold()
    {
        const QString run = m_folder->filePath(u"run"_s);
        copyFolder(samplePath(), run);
        openRun(run);
        const QString file = run + u"/case.faultline"_s;
        saveTo(file);
        auto first = std::move(m_window);
        openRun(file);
        auto *notice = m_window->findChild<QMessageBox *>(u"readOnlyNotice"_s);
        QVERIFY(notice && notice->informativeText().contains(u"another window"));
        QVERIFY(m_window->windowTitle().contains(u"only to be looked at"));
        save(u"second-window"_s, notice);
        notice->accept();
        QSignalSpy failed(m_window->document(), &CaseDocument::failed);
        const QByteArray bytes = bytesOf(file);
        first.reset();
        openRun(file);
        QCOMPARE(m_window->document()->readOnlyReason(), QString());
        QCOMPARE(bytesOf(file), bytes);
    }

    void missingFilesAreAskedFor()
    {
        const QString run = m_folder->filePath(u"run"_s);
        copyFolder(samplePath(), run);
        openRun(run);
        const QString file = run + u"/case.faultline"_s;
        saveTo(file);
        m_window.reset();
        QVERIFY(QFile::remove(run + u"/dmesg.txt"_s));
        makeWindow();
        m_window->open({file});
        QTRY_VERIFY(m_window->findChild<QMessageBox *>(u"sourcesQuestion"_s));
        QPointer question = m_window->findChild<QMessageBox *>(u"sourcesQuestion"_s);
        QVERIFY(question->informativeText().contains(u"dmesg.txt"));
        save(u"missing"_s, question);
        QTest::mouseClick(question->findChild<QPushButton *>(u"openAnyway"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_window->controller()->state(), State::Ready, 60'000);
        // What is missing stays in the case.
        saveTo(file);
        m_window.reset();
        QVERIFY(QFile::copy(samplePath() + u"/dmesg.txt"_s, run + u"/dmesg.txt"_s));
        const auto opened = openCase(file, {});
        QVERIFY(opened.has_value() && opened->missing().isEmpty());
    }

    void asksBeforeChangesAreLostAndSavesByItself()
    {
        const QString run = m_folder->filePath(u"run"_s);
        copyFolder(samplePath(), run);
        openRun(run);
        m_window->workspace()->log()->view()->setFocus();
        write(u"worth keeping"_s, {});
        QTimer::singleShot(0, this, [this] {
            auto *box = m_window->findChild<QMessageBox *>(u"saveQuestion"_s);
            save(u"save-question"_s, box);
            QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
        });
        QVERIFY(!m_window->close());
        QVERIFY(m_window->isVisible());
        const QString file = m_folder->filePath(u"case.faultline"_s);
        saveTo(file);
        m_window->document()->setAutosaveDelay(1);
        QSignalSpy saved(m_window->document(), &CaseDocument::saved);
        write(u"saved by itself"_s, {});
        QTRY_VERIFY(saved.count() == 1 && !m_window->isWindowModified());
        QCOMPARE(readCaseFile(file)->content.annotations.size(), 2);
        m_window->document()->setAutosaveDelay(1'000'000);
        write(u"saved on closing"_s, {});
        QVERIFY(m_window->isWindowModified());
        QVERIFY(m_window->close());
        QCOMPARE(readCaseFile(file)->content.annotations.size(), 3);
    }

    void aBrokenCaseIsTold()
    {
        QFile file(m_folder->filePath(u"broken.faultline"_s));
        QVERIFY(createCaseFile(file.fileName(), {}).has_value());
        QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(200));
        file.write(QByteArray(20'000, 'x'));
        file.close();
        makeWindow();
        m_window->open({file.fileName()});
        QTRY_VERIFY(m_window->findChild<QMessageBox *>(u"caseProblem"_s));
        QCOMPARE(m_window->controller()->state(), State::Empty);
    }

private:
    void makeWindow()
    {
        m_window.reset();
        m_window = std::make_unique<MainWindow>(caseLoader({}, {}), m_folder->filePath(u"settings.ini"_s), QString());
        m_window->resize(1600, 1000);
        m_window->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_window.get()));
    }
    void openRun(const QString &path)
    {
        makeWindow();
        QSignalSpy shown(m_window->controller(), &CaseController::analysisChanged);
        m_window->open({path});
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty(), 60'000);
        QTRY_COMPARE(m_window->controller()->state(), State::Ready);
    }
    void saveTo(const QString &file)
    {
        QSignalSpy saved(m_window->document(), &CaseDocument::saved);
        m_window->document()->save(file, false);
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, 20'000);
    }
    /// N, the words, Ctrl+Enter; `place` begins the name of what it is put on, else what is proposed.
    void write(const QString &text, const QString &tags, const QString &place = {})
    {
        const auto count = m_window->controller()->annotations().size();
        m_window->activateWindow();
        QTRY_VERIFY(m_window->isActiveWindow());
        QTest::keyClick(m_window->focusWidget() ? m_window->focusWidget() : m_window.get(), Qt::Key_N);
        QPointer dialog = m_window->findChild<AnnotationDialog *>();
        QVERIFY(dialog);
        QTRY_VERIFY(dialog->isActiveWindow());
        if (!place.isEmpty()) {
            auto *places = dialog->findChild<QComboBox *>(u"notePlace"_s);
            places->setCurrentIndex(places->findText(place, Qt::MatchStartsWith));
            QVERIFY(places->currentIndex() >= 0);
        }
        dialog->findChild<QPlainTextEdit *>()->setPlainText(text);
        dialog->findChild<QLineEdit *>(u"noteTags"_s)->setText(tags);
        QTest::keyClick(dialog->findChild<QPlainTextEdit *>(), Qt::Key_Return, Qt::ControlModifier);
        QTRY_VERIFY(!dialog);
        QCOMPARE(m_window->controller()->annotations().size(), count + 1);
    }
    static QByteArray bytesOf(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QAction *action(const QString &name) const
    {
        return m_window->findChild<QAction *>(name, Qt::FindDirectChildrenOnly);
    }
    Selection *selection() const { return m_window->workspace()->selection(); }

    void save(const QString &name, QWidget *widget = nullptr) { test::saveWindowPictures(*m_window, name, widget); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MainWindow> m_window;
};

FAULTLINE_TEST(CaseWindowTest)
#include "tst_casewindow.moc"
