// SPDX-License-Identifier: GPL-3.0-or-later
// What is handed on of a case and what it is held against, in the real window: sharing with a look at what is taken out, comparing, the
// postmortem, and what outlives a program that ends too early.
#include "app/logview/logpane.h"
#include "app/settings/theme.h"
#include "app/shell/caserecovery.h"
#include "app/shell/comparisonpanel.h"
#include "app/shell/postmortemeditor.h"
#include "app/shell/redactionmodel.h"
#include "app/shell/runwindow.h"
#include "app/shell/sharedialog.h"
#include "charts/timeline/timelineview.h"
#include "tests/app/shell/windowdriver.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QCompleter>
#include <QJsonDocument>
#include <QLabel>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QTextBrowser>
#include <QTreeView>

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;
using Section = ComparisonModel::Section;

namespace {

const QByteArray Passed = R"(2026-03-02T10:00:00.1000000Z ##[group]Run make test
2026-03-02T10:00:01.1000000Z Cache restored from key: Linux-go-1
2026-03-02T10:00:02.1000000Z === RUN   TestPay
2026-03-02T10:00:03.1000000Z --- PASS: TestPay (0.50s)
2026-03-02T10:00:04.1000000Z all accounts were settled
2026-03-02T10:00:05.1000000Z PASS
)";
const QByteArray Failed = R"(2026-03-03T10:00:00.1000000Z ##[group]Run make test
2026-03-03T10:00:01.1000000Z Cache not found for input keys: Linux-go-1
2026-03-03T10:00:02.1000000Z === RUN   TestPay
2026-03-03T10:00:03.1000000Z     pay_test.go:31: got 3, want 4 for ann@example.org
2026-03-03T10:00:10.1000000Z --- FAIL: TestPay (7.50s)
2026-03-03T10:00:11.1000000Z FAIL
2026-03-03T10:00:12.1000000Z ##[error]Process completed with exit code 2.
)";

/// A tar archive of one file.
QByteArray tarOf(const QByteArray &name, const QByteArray &bytes)
{
    QByteArray header = name.leftJustified(100, '\0') + QByteArray("0000644\0000000000\0000000000\0", 24)
                        + QByteArray::number(bytes.size(), 8).rightJustified(11, '0') + '\0' + "00000000000" + '\0'
                        + QByteArray(8, ' ') + '0' + QByteArray(100, '\0') + QByteArray("ustar\00000", 8);
    header = header.leftJustified(512, '\0');
    unsigned sum = 0;
    for (const char byte : std::as_const(header))
        sum += static_cast<unsigned char>(byte);
    const QByteArray check = QByteArray::number(sum, 8).rightJustified(6, '0') + QByteArray("\0 ", 2);
    header.replace(148, 8, check);
    const qsizetype padded = (bytes.size() + 511) / 512 * 512;
    return header + bytes.leftJustified(padded, '\0') + QByteArray(1024, '\0');
}

/// The index of the first row below whose text in a column contains the words.
QModelIndex found(const QAbstractItemModel &model, const QModelIndex &parent, int column, const QString &words)
{
    for (int row = 0; row < model.rowCount(parent); ++row)
        if (model.index(row, column, parent).data().toString().contains(words))
            return model.index(row, 0, parent);
    return {};
}

} // namespace

class HandoverTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_driver = std::make_unique<WindowDriver>();
        writeFile(m_driver->inFolder(u"passed/ci.log"_s), Passed);
        writeFile(m_driver->inFolder(u"failed/ci.log"_s), Failed);
    }
    void cleanup() { m_driver.reset(); }

    void comparesWithARunThatPassed()
    {
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        ComparisonPanel *panel = m_driver->workspace().comparison();
        const QAbstractItemModelTester tester(panel->model());
        QVERIFY(!panel->isVisible());
        compare(u"passed"_s);
        QVERIFY(panel->isVisible());
        QVERIFY(m_driver->window().isWindowModified());
        const ComparisonModel &model = *panel->model();

        const QModelIndex spans = model.sectionIndex(Section::Spans);
        const QModelIndex test = found(model, spans, ComparisonModel::WhatColumn, u"TestPay"_s);
        QVERIFY(test.isValid());
        QVERIFY(test.siblingAtColumn(ComparisonModel::BeforeColumn).data().toString().contains(u"passed"));
        QVERIFY(test.siblingAtColumn(ComparisonModel::HereColumn).data().toString().contains(u"failed"));
        const QModelIndex fresh =
            found(model, model.sectionIndex(Section::NewLines), ComparisonModel::WhatColumn, u"got 3"_s);
        QVERIFY(fresh.isValid());
        m_driver->selection().selectLine(0, 1);
        Q_EMIT panel->view()->activated(fresh);
        QCOMPARE(m_driver->selection().line(), 4);
        const QModelIndex gone =
            found(model, model.sectionIndex(Section::GoneLines), ComparisonModel::WhatColumn, u"settled"_s);
        QVERIFY(gone.isValid());
        QVERIFY(gone.siblingAtColumn(ComparisonModel::BeforeColumn).data().toString().endsWith(u"ci.log:5"));
        Q_EMIT panel->view()->activated(gone);
        QCOMPARE(m_driver->selection().line(), 3); // what both have before it
        const QModelIndex caches = model.sectionIndex(Section::Caches);
        QVERIFY(caches.isValid());
        QCOMPARE(model.index(0, ComparisonModel::HereColumn, caches).data().toString(), u"0 of 1 hit"_s);
        // Everything, in the order of this run.
        const int before = model.rowCount(model.sectionIndex(Section::Spans));
        panel->findChild<QCheckBox *>(u"alsoTheSame"_s)->setChecked(true);
        QVERIFY(model.rowCount(model.sectionIndex(Section::Spans)) >= before);
        m_driver->picture(u"comparison"_s);

        m_driver->action(u"undo"_s)->trigger();
        QTRY_VERIFY(!m_driver->controller().analysis().comparison);
        QTRY_COMPARE(m_driver->controller().state(), CaseController::State::Ready);
        m_driver->action(u"redo"_s)->trigger();
        QTRY_VERIFY(m_driver->controller().analysis().comparison);
    }

    void theComparisonSaysWhatItShows()
    {
        auto comparison = std::make_shared<RunComparison>();
        comparison->baselinePaths = {u"/runs/passed/ci.log"_s, u"/runs/passed/metrics/app.csv"_s,
                                     u"/runs/passed/dmesg.txt"_s};
        SpanDifference span;
        span.kind = Difference::New;
        for (const auto &[name, outcome] :
             {std::pair("TestNew", Outcome::Passed), std::pair("TestPay", Outcome::Failed)}) {
            span.name = name;
            span.after = outcome;
            comparison->spans.push_back(span);
        }
        LineDifference line;
        line.kind = Difference::Gone;
        line.source = 0;
        comparison->lines = {line, line};
        comparison->goneLines = 196;
        Analysis analysis = test::sampleAnalysis();
        analysis.comparison = comparison;
        ComparisonPanel panel;
        panel.resize(900, 400);
        panel.setAnalysis(analysis);
        const ComparisonModel &model = *panel.model();
        const QModelIndex spans = model.sectionIndex(Section::Spans);
        const auto colour = [&](int row) {
            return model.index(row, ComparisonModel::DifferenceColumn, spans).data(Qt::ForegroundRole).value<QColor>();
        };
        const ThemeColors &colors = themeColors(isDark(QGuiApplication::palette()));
        QCOMPARE(colour(0), colors.faint); // it passed: no alarm
        QCOMPARE(colour(1), colors.failure);
        QCOMPARE(model.sectionIndex(Section::GoneLines).data().toString(),
                 u"Lines only in the run that passed (the first 2 of 196)"_s);
        const auto *title = panel.findChild<QLabel *>(u"comparisonTitle"_s);
        panel.show();
        QTRY_COMPARE(title->text(), u"Compared with passed (3 files)"_s);
        panel.resize(300, 400);
        QTRY_VERIFY(title->text().endsWith(QChar(0x2026)));
    }

    void theComparisonIsKeptWithTheCase()
    {
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        compare(u"passed"_s);
        const QString file = m_driver->inFolder(u"case.faultline"_s); // above both
        m_driver->saveTo(file);
        m_driver->openRun(file);
        QCOMPARE(m_driver->controller().paths(), QStringList{m_driver->inFolder(u"failed/ci.log"_s)});
        QVERIFY(m_driver->controller().analysis().comparison);
        QVERIFY(m_driver->controller().analysis().comparison->newLines > 0);
        QVERIFY(!m_driver->window().isWindowModified());
    }

    void aRunThatCannotBeReadIsTold()
    {
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        m_driver->window().compareWith({m_driver->inFolder(u"nowhere"_s)});
        auto *warnings = m_driver->workspace().comparison()->findChild<QLabel *>(u"comparisonWarnings"_s);
        QTRY_VERIFY2(warnings->text().contains(u"could not be read"), qPrintable(warnings->text()));
        QCOMPARE(m_driver->controller().state(), CaseController::State::Ready);
    }

    void sharingShowsWhatIsTakenOut()
    {
        const QByteArray secret = "hunter2-" + QByteArray::number(4711);
        QByteArray log = Failed;
        log.replace("got 3, want 4", QByteArray("got 3, want 4: password=" + secret));
        log.replace("Process completed", "account customer-4217: Process completed");
        writeFile(m_driver->inFolder(u"failed/ci.log"_s), log);
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        m_driver->action(u"shareReport"_s)->trigger();
        QPointer dialog = m_driver->window().findChild<ShareDialog *>();
        QVERIFY(dialog);
        const QAbstractItemModelTester tester(dialog->model());
        QTRY_VERIFY(dialog->isReady());
        RedactionModel &model = *dialog->model();
        const auto valueOf = [&](const QString &value) {
            for (int rule = 0; rule < model.rowCount(); ++rule)
                if (const QModelIndex hit = found(model, model.index(rule, 0), RedactionModel::FoundColumn, value);
                    hit.isValid())
                    return hit;
            return QModelIndex();
        };
        const QModelIndex hit = valueOf(QString::fromLatin1(secret));
        QVERIFY(hit.isValid());
        QCOMPARE(hit.data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Checked));
        QCOMPARE(hit.siblingAtColumn(RedactionModel::BecomesColumn).data().toString(), u"[assigned-1]"_s);
        const QModelIndex place = model.index(0, 0, hit);
        QVERIFY(place.data().toString().contains(QString::fromLatin1(secret)));
        QVERIFY(
            place.siblingAtColumn(RedactionModel::BecomesColumn).data().toString().contains(u"password=[assigned-1]"));
        QVERIFY(found(model, hit, RedactionModel::WhereColumn, u"ci.log:4"_s).isValid());
        // A name is shown, and stays.
        const QModelIndex name = valueOf(u"ann@example.org"_s);
        QVERIFY(name.isValid());
        QCOMPARE(name.data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Unchecked));
        m_driver->picture(u"share-preview"_s, dialog);
        QVERIFY(exported(*dialog, u"a.json"_s, u"JSON"_s).contains("ann@example.org"));
        QVERIFY(!exportedAgain(u"b.json"_s, u"JSON"_s, {}).contains(secret));
        // One value may stay, another name goes, a pattern of one's own is added.
        const QByteArray chosen = exportedAgain(u"c.csv"_s, u"CSV"_s, [&](ShareDialog &again) {
            RedactionModel &choices = *again.model();
            for (int rule = 0; rule < choices.rowCount(); ++rule)
                for (const auto &[value, state] : {std::pair(QString::fromLatin1(secret), Qt::Unchecked),
                                                   std::pair(u"ann@example.org"_s, Qt::Checked)})
                    if (const QModelIndex index =
                            found(choices, choices.index(rule, 0), RedactionModel::FoundColumn, value);
                        index.isValid())
                        choices.setData(index, state, Qt::CheckStateRole);
            again.findChild<QLineEdit *>(u"sharePattern"_s)->setText(u"customer-("_s);
            again.findChild<QPushButton *>(u"shareAddPattern"_s)->click();
            QVERIFY(again.findChild<QLabel *>(u"sharePatternProblem"_s)->isVisible());
            again.findChild<QLineEdit *>(u"sharePattern"_s)->setText(u"customer-\\d+"_s);
            again.findChild<QPushButton *>(u"shareAddPattern"_s)->click();
            QVERIFY(!again.findChild<QLabel *>(u"sharePatternProblem"_s)->isVisible());
        });
        QVERIFY(chosen.contains(secret));
        QVERIFY(!chosen.contains("ann@example.org") && chosen.contains("[email-1]"));
        QVERIFY(!chosen.contains("customer-4217") && chosen.contains("[pattern-1]"));
        // The pattern is remembered.
        QCOMPARE(m_driver->window().shareReport(false)->patterns(), QStringList{u"customer-\\d+"_s});
    }

    void aCaseIsHandedOnWithItsFilesGoneOver()
    {
        const QByteArray secret = "hunter2-" + QByteArray::number(4711);
        QByteArray log = Failed;
        log.replace("got 3, want 4", QByteArray("got 3, want 4: password=" + secret));
        writeFile(m_driver->inFolder(u"failed/ci.log"_s), log);
        writeFile(m_driver->inFolder(u"failed/core.bin"_s), QByteArray("\0\1binary ", 9) + secret);
        writeFile(m_driver->inFolder(u"failed/node.tar"_s),
                  tarOf("var/agent.log", "2026-03-03T10:00:03Z agent: token=" + secret + " accepted\n"));
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        m_driver->selection().selectLine(0, 4);
        m_driver->workspace().log()->view()->setFocus();
        m_driver->write(u"It is "_s + QString::fromLatin1("password=" + secret), {});
        const QString file = m_driver->inFolder(u"shared/case.faultline"_s);
        QDir().mkpath(QFileInfo(file).path());
        QPointer dialog = m_driver->window().shareReport(false);
        QTRY_VERIFY(dialog->isReady());
        auto *what = dialog->findChild<QComboBox *>(u"shareWhat"_s);
        what->setCurrentIndex(what->findData(u"case"_s));
        QSignalSpy shared(dialog, &ShareDialog::shared);
        dialog->exportTo(file);
        QTRY_COMPARE(shared.count(), 1);
        QVERIFY(!bytesOf(file).contains(secret));
        m_driver->openRun(file);
        QCOMPARE(m_driver->controller().annotations().size(), 1);
        QCOMPARE(m_driver->controller().annotations()[0].text, u"It is password=[assigned-1]"_s);
        const auto &evidence = *m_driver->controller().analysis().evidence;
        QCOMPARE(evidence.sources.size(), 2u);
        QVERIFY(evidence.sources[1]->path.endsWith(u"/node.tar/var/agent.log"));
        QCOMPARE(decodeLines(*evidence.sources[1], 1, 1)[0].text, "agent: token=[assigned-1] accepted");
        const auto lines = decodeLines(*evidence.sources[0], 1, 100);
        QCOMPARE(lines.size(), 7u);
        QVERIFY2(lines[3].text.contains("password=[assigned-1] for ann@example.org"), lines[3].text.constData());
        QCOMPARE(m_driver->controller().annotations()[0].source, evidence.sources[0]->path); // the note is on its line
    }

    void aReportInOnesOwnTemplate()
    {
        writeFile(m_driver->inFolder(u"own/templates/short.html"_s),
                  "<h1>{{ headline }}</h1>\n{% for failure in failures %}<p>{{ failure.what }}</p>{% endfor %}\n");
        writeFile(m_driver->inFolder(u"own/templates/broken.html"_s),
                  "<h1>{{ headline }}</h1>\n{% for x in failures %}\n");
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        const auto with = [](const QString &title) {
            return [title](ShareDialog &dialog) {
                auto *templates = dialog.findChild<QComboBox *>(u"shareTemplate"_s);
                templates->setCurrentIndex(templates->findText(title));
                QVERIFY(templates->currentIndex() > 0);
            };
        };
        const QByteArray html = exportedAgain(u"own.html"_s, u"HTML"_s, with(u"short"_s));
        QVERIFY2(html.startsWith("<h1>") && html.contains("<p>"), html.constData());
        QPointer dialog = m_driver->window().shareReport(false);
        QTRY_VERIFY(dialog->isReady());
        with(u"broken"_s)(*dialog);
        QSignalSpy failed(dialog, &ShareDialog::failed);
        dialog->exportTo(m_driver->inFolder(u"out.html"_s));
        QTRY_COMPARE(failed.count(), 1);
        QCOMPARE(failed[0][0].value<Error>().position.line, 2);
        QVERIFY(!QFileInfo::exists(m_driver->inFolder(u"out.html"_s)));
    }

    void thePostmortemIsWrittenBesideItsPreview()
    {
        writeFile(m_driver->inFolder(u"own/templates/ours.md"_s), "# Ours: {{ headline }}\n\n[[timeline]]\n");
        writeFile(m_driver->inFolder(u"own/templates/wrong.md"_s), "# {{ headlin }}\n");
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        PostmortemEditor *editor = m_driver->window().editPostmortem();
        QVERIFY(QTest::qWaitForWindowExposed(editor));
        const auto templates = postmortemTemplates(m_driver->inFolder(u"own"_s));
        QCOMPARE(templates.size(), 3u);
        editor->begin(templates[2]);
        QCOMPARE(editor->problems()->count(), 1);
        QVERIFY2(editor->problems()->item(0)->text().contains(u"headlin"),
                 qPrintable(editor->problems()->item(0)->text()));
        QVERIFY(editor->text()->toPlainText().isEmpty());
        editor->begin(templates[1]);
        QTRY_VERIFY(editor->preview()->toPlainText().contains(u"Ours: "));
        QTRY_VERIFY(editor->preview()->toPlainText().contains(u"ci.log:"));
        QVERIFY(m_driver->window().isWindowModified());

        // Completion: "[[cl", Enter.
        editor->text()->setFocus();
        QTest::keyClick(editor->text(), Qt::Key_End, Qt::ControlModifier);
        QTest::keyClick(editor->text(), Qt::Key_Return);
        QTest::keyClicks(editor->text(), u"[[clo"_s);
        auto *completer = editor->findChild<QCompleter *>();
        QTRY_VERIFY(completer->popup()->isVisible());
        QTest::keyClick(completer->popup(), Qt::Key_Return);
        QVERIFY2(editor->text()->toPlainText().endsWith(u"\n[[clocks]]"), qPrintable(editor->text()->toPlainText()));
        QTRY_VERIFY(editor->preview()->toPlainText().contains(u"Clock"));

        // What there is not is told at its line.
        editor->text()->insertPlainText(u"\n\nA [[timelin]] and `[[code]]`\n\n```\n[[too]]\n```\n"_s);
        QTRY_COMPARE(editor->problems()->count(), 1);
        const qint64 line = editor->text()->toPlainText().section(u"[[timelin]]"_s, 0, 0).count(u'\n') + 1;
        QCOMPARE(editor->problems()->item(0)->data(Qt::UserRole).toLongLong(), line);

        // It follows the case: a note that is written later.
        editor->text()->setPlainText(u"# P\n\n[[note 1]]\n"_s);
        QTRY_COMPARE(editor->problems()->count(), 1);
        Annotation note;
        note.from = TimeNs{5};
        note.text = u"added *later*"_s;
        m_driver->controller().putAnnotation(note);
        QTRY_VERIFY(editor->problems()->count() == 0 && editor->preview()->toPlainText().contains(u"added later"));
        // Another case, another text.
        m_driver->controller().close();
        QTRY_VERIFY(editor->text()->toPlainText().isEmpty());
    }

    void bookmarksAndPinsAreKept()
    {
        const QString run = m_driver->inFolder(u"run"_s);
        copyFolder(samplePath(), run);
        m_driver->openRun(run);
        const QString path = m_driver->controller().analysis().evidence->sources[0]->path;
        m_driver->selection().selectLine(0, 7);
        m_driver->action(u"toggleBookmark"_s)->trigger();
        TimelineView *timeline = m_driver->workspace().timeline();
        timeline->setFocus();
        QTest::keyClick(timeline, Qt::Key_Down);
        QTest::keyClick(timeline, Qt::Key_P);
        QCOMPARE(timeline->pins().size(), 1);
        const std::map<QString, std::vector<qint64>> marked{{path, {7}}};
        QCOMPARE(m_driver->workspace().log()->bookmarks(), marked);
        for (int i = 0; i < 2; ++i)
            m_driver->action(u"undo"_s)->trigger();
        QVERIFY(timeline->pins().isEmpty() && m_driver->workspace().log()->bookmarks().empty());
        QVERIFY(!m_driver->window().isWindowModified());
        for (int i = 0; i < 2; ++i)
            m_driver->action(u"redo"_s)->trigger();
        const QStringList pins = timeline->pins();
        m_driver->saveTo(run + u"/case.faultline"_s);
        m_driver->openRun(run + u"/case.faultline"_s);
        QCOMPARE(m_driver->workspace().timeline()->pins(), pins);
        QCOMPARE(m_driver->workspace().log()->bookmarks(), marked);
        QVERIFY(!m_driver->window().isWindowModified());
    }

    void whatWasNeverSavedIsOfferedAtTheNextStart()
    {
        const QString folder = m_driver->inFolder(u"recovery"_s);
        m_driver->openRun(m_driver->inFolder(u"failed"_s));
        m_driver->window().setRecoveryFolder(folder);
        m_driver->window().document()->setAutosaveDelay(1);
        m_driver->selection().selectLine(0, 4);
        m_driver->workspace().log()->view()->setFocus();
        m_driver->write(u"worth keeping"_s, {});
        const auto kept = [&folder] { return QDir(folder).entryInfoList({u"*.faultline"_s}, QDir::Files); };
        QTRY_VERIFY(!kept().isEmpty() && isCaseFile(kept().front().filePath()));
        QVERIFY(m_driver->window().isWindowModified()); // it was not saved by this
        QVERIFY(CaseRecovery::left(folder).isEmpty());  // a window works on it

        // The program ends without a word: its file stays, its lock does not.
        const QString file = kept().front().filePath();
        QTRY_COMPARE(readCaseFile(file)
                         .transform([](const ReadCase &read) { return read.content.annotations.size(); })
                         .value_or(0),
                     1u);
        const QByteArray bytes = bytesOf(file);
        m_driver->closeWindow();
        QVERIFY(kept().isEmpty()); // one that ends by itself leaves nothing
        writeFile(file, bytes);

        m_driver->makeWindow();
        m_driver->window().setRecoveryFolder(folder);
        auto *question = m_driver->window().findChild<QMessageBox *>(u"recoveryQuestion"_s);
        QVERIFY(question);
        QCOMPARE(m_driver->controller().state(), CaseController::State::Empty); // nothing by itself
        QVERIFY2(question->informativeText().contains(u"with 1 note."_s), qPrintable(question->informativeText()));
        m_driver->picture(u"recovery"_s, question);
        QTest::mouseClick(question->findChild<QPushButton *>(u"openRecovered"_s), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(m_driver->controller().state(), CaseController::State::Ready, 60'000);
        QCOMPARE(m_driver->controller().annotations().size(), 1);
        QVERIFY(m_driver->window().document()->file().isEmpty()); // it still has no name of its own
        QVERIFY(m_driver->window().isWindowModified());
        m_driver->saveTo(m_driver->inFolder(u"saved.faultline"_s));
        QVERIFY(!m_driver->window().isWindowModified());
        QVERIFY(kept().isEmpty());

        // Thrown away where a person says so.
        writeFile(file, bytes);
        m_driver->makeWindow();
        m_driver->window().setRecoveryFolder(folder);
        question = m_driver->window().findChild<QMessageBox *>(u"recoveryQuestion"_s);
        QVERIFY(question);
        QTest::mouseClick(question->findChild<QPushButton *>(u"discardRecovered"_s), Qt::LeftButton);
        QVERIFY(kept().isEmpty());

        // It is said what there is to lose, and nothing of what there is not.
        writeFile(file, bytes);
        CaseContent content = readCaseFile(file)->content;
        content.annotations.clear();
        content.postmortem = u"# What happened"_s;
        QVERIFY(QFile::remove(file));
        QVERIFY(createCaseFile(file, content).has_value());
        m_driver->makeWindow();
        m_driver->window().setRecoveryFolder(folder);
        question = m_driver->window().findChild<QMessageBox *>(u"recoveryQuestion"_s);
        QVERIFY(question);
        QVERIFY2(question->informativeText().endsWith(u"with a postmortem."_s),
                 qPrintable(question->informativeText()));
    }

private:
    void compare(const QString &folder)
    {
        m_driver->window().compareWith({m_driver->inFolder(folder)});
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->controller().analysis().comparison, 60'000);
        QTRY_COMPARE(m_driver->controller().state(), CaseController::State::Ready);
    }

    /// What the dialog writes as a format; empty where it does not.
    QByteArray exported(ShareDialog &dialog, const QString &name, const QString &format)
    {
        auto *formats = dialog.findChild<QComboBox *>(u"shareFormat"_s);
        formats->setCurrentIndex(formats->findText(format, Qt::MatchStartsWith));
        QSignalSpy shared(&dialog, &ShareDialog::shared);
        dialog.exportTo(m_driver->inFolder(name));
        return QTest::qWaitFor([&shared] { return shared.count() == 1; }, 20'000) ? bytesOf(m_driver->inFolder(name))
                                                                                  : QByteArray();
    }

    /// The same from a dialog of its own, after what is chosen in it.
    QByteArray exportedAgain(const QString &name, const QString &format,
                             const std::function<void(ShareDialog &)> &choose)
    {
        QPointer dialog = m_driver->window().shareReport(false);
        const auto isReady = [&dialog] { return dialog->isReady(); };
        if (!QTest::qWaitFor(isReady, 20'000))
            return {};
        if (choose)
            choose(*dialog);
        return QTest::qWaitFor(isReady, 20'000) ? exported(*dialog, name, format) : QByteArray();
    }

    std::unique_ptr<WindowDriver> m_driver;
};

FAULTLINE_TEST(HandoverTest)
#include "tst_handover.moc"
