// SPDX-License-Identifier: GPL-3.0-or-later
// The path of who writes a postmortem, as a person goes it: a failed run, a clock, five notes, an answer, saved, opened elsewhere, redacted
// and handed on.
#include "app/logview/logpane.h"
#include "app/shell/postmortemeditor.h"
#include "app/shell/redactionmodel.h"
#include "app/shell/runwindow.h"
#include "app/shell/sharedialog.h"
#include "app/shell/sourcedialog.h"
#include "charts/timeline/timelineview.h"
#include "tests/app/shell/windowdriver.h"
#include "tests/support/test.h"

#include <QDialogButtonBox>
#include <QListWidget>
#include <QPushButton>
#include <QTextBrowser>

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;

namespace {

/// Made when the test runs: a file that holds what looks like a key alarms whoever scans repositories.
QByteArray secret()
{
    return "hunter2-" + QByteArray::number(471100 + 47);
}

} // namespace

class PostmortemAuthorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fromAFailedRunToAPostmortem()
    {
        const QString run = m_driver.inFolder(u"here/run"_s);
        copyFolder(samplePath(), run, {u"dmesg.txt"_s}); // without it a question stays open
        plantSecret(run + u"/ci.log"_s);
        m_driver.openRun(run);

        correctTheClock();
        writeFiveNotes();
        answerAQuestion();
        const auto notes = m_driver.controller().annotations().size();
        const HandAnswers answers = m_driver.controller().answers();
        m_driver.saveTo(run + u"/case.faultline"_s);
        QVERIFY(m_driver.window().close());
        m_driver.closeWindow();

        const QString moved = m_driver.inFolder(u"there/copied"_s);
        copyFolder(run, moved);
        QVERIFY(QDir(m_driver.inFolder(u"here"_s)).removeRecursively());
        m_driver.openRun(moved + u"/case.faultline"_s);
        QCOMPARE(m_driver.controller().annotations().size(), notes);
        QCOMPARE(m_driver.controller().answers(), answers);
        QCOMPARE(m_driver.controller().edits().overrides.size(), 1);

        writeThePostmortem();
        handOn(false);
        handOn(true);
        // The text is part of the case.
        m_driver.saveTo(moved + u"/case.faultline"_s);
        m_driver.openRun(moved + u"/case.faultline"_s);
        QVERIFY(m_driver.controller().edits().postmortem.contains(u"[[picture timeline]]"));
        QVERIFY(!m_driver.window().isWindowModified());
    }

private:
    static void plantSecret(const QString &file)
    {
        QByteArray log = bytesOf(file);
        const qsizetype at = log.indexOf('\n') + 1;
        const QByteArray stamp = log.first(log.indexOf(' ') + 1);
        log.insert(at, stamp + "##[warning]login as deploy with password=" + secret() + " from 10.20.30.40\n");
        writeFile(file, log);
    }

    void correctTheClock()
    {
        Selection &selection = m_driver.selection();
        const int source = selection.analysis().findings->failures[0].source;
        selection.selectLine(source, 4);
        const TimeNs before = selection.timeOfLine(source, 4)->time;
        m_driver.action(u"overrule"_s)->trigger();
        QPointer dialog = m_driver.window().findChild<SourceDialog *>();
        dialog->findChild<QLineEdit *>(u"offset"_s)->setText(u"+30"_s);
        QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
        QTRY_VERIFY(!dialog && m_driver.controller().state() == CaseController::State::Ready
                    && selection.timeOfLine(source, 4)->time == before + 30 * NsPerSecond);
    }

    void writeFiveNotes()
    {
        Selection &selection = m_driver.selection();
        Workspace &workspace = m_driver.workspace();
        const int source = selection.analysis().findings->failures[0].source;
        selection.selectLine(source, 2);
        workspace.log()->view()->setFocus();
        m_driver.write(u"It is in the log: " + QString::fromLatin1(secret()), u"security"_s);
        selection.selectLine(source, 4);
        workspace.log()->view()->setFocus();
        QTest::keyClick(workspace.log()->view(), Qt::Key_Down, Qt::ShiftModifier);
        m_driver.write(u"These belong **together** <img src=x onerror=alert(1)>"_s, u"ci"_s);
        selection.selectTime(*selection.cursor() + 2 * NsPerSecond);
        workspace.timeline()->setFocus();
        workspace.timeline()->select({});
        m_driver.write(u"Somebody called"_s, {});
        m_driver.action(u"rememberMoment"_s)->trigger();
        selection.selectTime(*selection.cursor() + 20 * NsPerSecond);
        workspace.timeline()->setFocus();
        m_driver.write(u"All was slow"_s, {}, u"Range"_s);
        const Spike spike = selection.analysis().findings->spikes[0];
        TrackItem item;
        item.kind = TrackItem::Kind::Sample;
        item.series = spike.series;
        item.time = spike.peak;
        selection.selectSeries(spike.series, spike.peak);
        workspace.timeline()->setFocus();
        workspace.timeline()->select(item);
        m_driver.write(u"It ran out here"_s, {}, u"Spike"_s);
        QCOMPARE(m_driver.controller().annotations().size(), 5);
    }

    void answerAQuestion()
    {
        const WalkedFlowchart chart = m_driver.controller().analysis().diagnosis->flowcharts.front();
        const auto open = std::ranges::find_if(chart.edges, [&chart](const WalkedEdge &edge) {
            const WalkedNode &node = chart.nodes[static_cast<size_t>(edge.from)];
            return node.isDecision && node.state == NodeState::Open && !edge.label.isEmpty();
        });
        QVERIFY(open != chart.edges.end());
        Q_EMIT m_driver.workspace().answerWanted(chart.failure, chart.playbook,
                                                 chart.nodes[static_cast<size_t>(open->from)].id, open->label);
        QTRY_COMPARE(m_driver.controller().answers().size(), 1);
    }

    void writeThePostmortem()
    {
        m_driver.action(u"editPostmortem"_s)->trigger();
        auto *editor = m_driver.window().findChild<PostmortemEditor *>();
        QVERIFY(editor && editor->isVisible());
        editor->begin(postmortemTemplates({}).front());
        QTRY_VERIFY(editor->preview()->toPlainText().contains(u"Postmortem"));
        QTest::keyClick(editor->text(), Qt::Key_End, Qt::ControlModifier);
        editor->text()->insertPlainText(u"\n[[note 1]]\n\n[[note 99]]\n"_s);
        QTRY_COMPARE(editor->problems()->count(), 1);
        QVERIFY(editor->problems()->item(0)->text().contains(u"There is no note 99"));
        m_driver.picture(u"postmortem-problem"_s, editor);
        editor->text()->setPlainText(editor->text()->toPlainText().replace(u"[[note 99]]"_s, u"[[notes ci]]"_s));
        QTRY_VERIFY2(editor->problems()->count() == 0 && editor->status().startsWith(u"No problems"),
                     qPrintable(editor->status()));
        QVERIFY(m_driver.window().isWindowModified());
        m_driver.picture(u"postmortem"_s, editor);
        QCOMPARE(editor->preview()->horizontalScrollBarPolicy(), Qt::ScrollBarAlwaysOff); // all of it fits
        // It closes as a window does, and comes back as it was.
        const QString written = editor->text()->toPlainText();
        editor->activateWindow();
        QTRY_VERIFY(editor->isActiveWindow());
        QTest::keyClick(editor->text(), Qt::Key_Escape);
        QVERIFY(!editor->isVisible());
        m_driver.action(u"editPostmortem"_s)->trigger();
        QVERIFY(editor->isVisible());
        QCOMPARE(editor->text()->toPlainText(), written);
    }

    /// As HTML, PDF and Markdown, with names taken out too.
    void handOn(bool isPostmortem)
    {
        const QString folder = qEnvironmentVariable("FAULTLINE_SCREENSHOT", m_driver.inFolder(u"out"_s));
        QVERIFY(QDir().mkpath(folder));
        const QString stem = folder + (isPostmortem ? u"/postmortem"_s : u"/report"_s);
        for (const QString &suffix : {u"html"_s, u"pdf"_s, u"md"_s}) {
            QPointer dialog = m_driver.window().shareReport(isPostmortem);
            QVERIFY(dialog);
            QTRY_VERIFY(dialog->isReady());
            // Secrets are on by themselves, names are not.
            QCOMPARE(dialog->model()->group(true), Qt::Checked);
            QCOMPARE(dialog->model()->group(false), Qt::Unchecked);
            dialog->model()->setGroup(false, true);
            QTRY_VERIFY(dialog->isReady() && dialog->model()->group(false) == Qt::Checked);
            auto *format = dialog->findChild<QComboBox *>(u"shareFormat"_s);
            format->setCurrentIndex(
                format->findText(suffix == u"md" ? u"Markdown"_s : suffix.toUpper(), Qt::MatchStartsWith));
            if (suffix == u"html")
                m_driver.picture(isPostmortem ? u"share-postmortem"_s : u"share"_s, dialog);
            QSignalSpy shared(dialog, &ShareDialog::shared);
            QSignalSpy failed(dialog, &ShareDialog::failed);
            dialog->exportTo(stem + u'.' + suffix);
            QTRY_COMPARE_WITH_TIMEOUT(shared.count() + failed.count(), 1, 20'000);
            QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed[0][0].value<Error>().toString()));
            QTRY_VERIFY(!dialog);
        }
        const QByteArray html = bytesOf(stem + u".html"_s);
        const QByteArray markdown = bytesOf(stem + u".md"_s);
        const QByteArray pdf = bytesOf(stem + u".pdf"_s);
        for (const QByteArray &bytes : {html, markdown}) {
            QVERIFY(!bytes.contains(secret()));
            QVERIFY(!bytes.contains("10.20.30.40"));
            QVERIFY(bytes.contains("[assigned-1]") || bytes.contains("\\[assigned-1\\]"));
            QVERIFY(bytes.contains("It ran out here"));
            QVERIFY(!bytes.contains("<img src=x"));
        }
        QVERIFY(html.contains("<svg") && !html.contains("<script"));
        QVERIFY(pdf.startsWith("%PDF-") && pdf.size() > 20'000);
        qInfo("%s: HTML %lld KB, PDF %lld KB, Markdown %lld KB", qPrintable(stem.section(u'/', -1)),
              static_cast<long long>(html.size() / 1024), static_cast<long long>(pdf.size() / 1024),
              static_cast<long long>(markdown.size() / 1024));
        if (isPostmortem) {
            QVERIFY(QFileInfo::exists(folder + u"/postmortem-timeline.svg"_s));
            QVERIFY(markdown.contains("](<postmortem-timeline.svg>)"));
        }
    }

    WindowDriver m_driver;
};

FAULTLINE_TEST(PostmortemAuthorTest)
#include "tst_postmortemauthor.moc"
