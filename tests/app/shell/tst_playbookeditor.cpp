// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/playbookeditor.h"

#include "app/shell/casecontroller.h"
#include "app/shell/knowledgewatcher.h"
#include "charts/flow/flowview.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QListWidget>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTextBlock>

using namespace faultline;
using namespace Qt::StringLiterals;

class PlaybookEditorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_editor = std::make_unique<PlaybookEditor>(m_folder->path());
        m_editor->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_editor.get()));
    }
    void cleanup() { m_editor.reset(); }

    void shippedPlaybooksHaveNoProblems()
    {
        m_editor->openPage(u"killed.md"_s);
        QTRY_VERIFY(m_editor->status().startsWith(u"No problems"));
        QVERIFY(!m_editor->preview()->flowchart().nodes.empty());
    }

    void problemsStandAtTheirLine()
    {
        m_editor->openPage(u"killed.md"_s);
        QString text = m_editor->text()->toPlainText();
        const qsizetype at = text.indexOf(u"SELECT"_s);
        text.replace(at, 6, u"SELEKT"_s);
        m_editor->text()->setPlainText(text);
        const qint64 line = text.left(at).count(u'\n') + 1;
        QTRY_VERIFY(m_editor->problems()->count() > 0);
        QCOMPARE(m_editor->problems()->item(0)->data(Qt::UserRole).toLongLong(), line);
        QCOMPARE(m_editor->text()->extraSelections().at(0).cursor.block().blockNumber() + 1, static_cast<int>(line));
        Q_EMIT m_editor->problems()->itemActivated(m_editor->problems()->item(0));
        QCOMPARE(m_editor->text()->textCursor().blockNumber() + 1, static_cast<int>(line));
    }

    void thePreviewIsWalkedOnTheOpenCase()
    {
        m_editor->openPage(u"killed.md"_s);
        m_editor->setCase(test::sampleAnalysis(), 0, {});
        QTRY_VERIFY2(m_editor->status().contains(u"Walked"), qPrintable(m_editor->status()));
        const auto &nodes = m_editor->preview()->flowchart().nodes;
        QVERIFY(std::ranges::any_of(nodes, [](const WalkedNode &n) { return n.state != NodeState::NotReached; }));
        if (const QString folder = qEnvironmentVariable("FAULTLINE_SCREENSHOT"); !folder.isEmpty()) {
            QTRY_VERIFY(m_editor->preview()->isLaidOut());
            QVERIFY(m_editor->grab().save(folder + u"/playbook-editor.png"_s));
        }
    }

    void savesToThePersonsFolderWhichIsReadAnew()
    {
        KnowledgeWatcher watcher(m_folder->path());
        QSignalSpy changed(&watcher, &KnowledgeWatcher::changed);
        m_editor->openPage(u"killed.md"_s);
        m_editor->text()->appendPlainText(u"\n"_s);
        QVERIFY(m_editor->isModified());
        QVERIFY(m_editor->save());
        QVERIFY(!m_editor->isModified());
        QVERIFY(QFileInfo::exists(m_folder->filePath(u"playbooks/killed.md"_s)));
        QVERIFY(changed.wait());
        QCOMPARE(changed.last()[0].toBool(), false);
        QFile signatures(m_folder->filePath(u"signatures/own.yaml"_s));
        QVERIFY(signatures.open(QIODevice::WriteOnly) && signatures.write("[]\n") > 0);
        signatures.close();
        QVERIFY(changed.wait());
        QCOMPARE(changed.last()[0].toBool(), true);
    }

    void aChangedPlaybookWalksTheOpenCaseAnew()
    {
        QTemporaryDir run;
        QFile log(run.filePath(u"ci.log"_s));
        QVERIFY(log.open(QIODevice::WriteOnly));
        log.write("2026-05-04T10:00:00.0000000Z ##[group]Run make\n2026-05-04T10:00:01.0000000Z Killed\n"
                  "2026-05-04T10:00:02.0000000Z ##[error]Process completed with exit code 137.\n");
        log.close();
        CaseController controller(caseLoader({}, {m_folder->path()}));
        controller.open({run.path()});
        QTRY_COMPARE_WITH_TIMEOUT(controller.state(), CaseController::State::Ready, 30'000);
        const auto hasOwn = [&] {
            return std::ranges::any_of(controller.analysis().diagnosis->flowcharts,
                                       [](const WalkedFlowchart &chart) { return chart.playbook == u"own"; });
        };
        QVERIFY(!hasOwn());
        QDir().mkpath(m_folder->filePath(u"playbooks"_s));
        QFile own(m_folder->filePath(u"playbooks/own.md"_s));
        QVERIFY(own.open(QIODevice::WriteOnly));
        own.write("# Own\nStarts when\n```sql\nSELECT 1 AS source\n```\n```mermaid\nflowchart TD\n"
                  "    s([It failed]) --> kill.unknown_sender[Nobody knows]\n```\n");
        own.close();
        QSignalSpy changed(&controller, &CaseController::analysisChanged);
        controller.renewKnowledge(false);
        QVERIFY(changed.wait(30'000));
        QVERIFY(hasOwn());
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<PlaybookEditor> m_editor;
};

FAULTLINE_TEST(PlaybookEditorTest)
#include "tst_playbookeditor.moc"
