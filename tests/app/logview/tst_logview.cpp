// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/loghighlighter.h"
#include "app/logview/logpane.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>

using namespace faultline;
using namespace Qt::StringLiterals;

class LogViewTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_analysis = test::sampleAnalysis();
        m_pane = std::make_unique<LogPane>();
        m_pane->resize(900, 500);
        m_pane->setAnalysis(m_analysis);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }
    void cleanup() { m_pane.reset(); }

    void listsTheSourcesThatHaveText()
    {
        const auto *combo = m_pane->findChild<QComboBox *>(u"sourceCombo"_s);
        QCOMPARE(combo->count(), 2);
        QCOMPARE(combo->itemText(1), u"dmesg.txt"_s);
    }

    void goesToALineWithoutTellingAnyone()
    {
        const QSignalSpy spy(m_pane.get(), &LogPane::lineActivated);
        m_pane->showLine(0, 1500);
        QCOMPARE(view()->currentLine(), 1500);
        QVERIFY(!view()->lineRect(1500).isNull());
        QCOMPARE(spy.count(), 0);
    }

    void marksEvidenceOfTheFailure()
    {
        m_pane->setFailure(0);
        m_pane->showLine(0, 1500);
        QCOMPARE(view()->marks().at(1500)->kind, MarkKind::Failure);
        QVERIFY(!view()->marks().at(1501));
        m_pane->showLine(1, 40);
        QCOMPARE(view()->marks().at(40)->kind, MarkKind::Supporting);
        QCOMPARE(view()->marks().nextEvidence(1, true), 40);
        QCOMPARE(view()->marks().nextEvidence(40, true), 0);
    }

    void aClickChoosesTheLine()
    {
        m_pane->showLine(0, 1000);
        QSignalSpy spy(m_pane.get(), &LogPane::lineActivated);
        const QRect line = view()->lineRect(1002);
        QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, QPoint(400, line.center().y()));
        QCOMPARE(spy.count(), 1);
        QCOMPARE(spy[0][0].toInt(), 0);
        QCOMPARE(spy[0][1].toLongLong(), 1002);
    }

    void keysMoveAndSelect()
    {
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(view()->currentLine(), 2);
        QTest::keyClick(view(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(view()->currentLine(), 2000);
        QTest::keyClick(view(), Qt::Key_Home, Qt::ControlModifier);
        QTest::keyClick(view(), Qt::Key_Down, Qt::ShiftModifier);
        QVERIFY(view()->hasSelection());
        QCOMPARE(view()->selectedText(), u"building package 1\n"_s);
    }

    void copiesWithSourceAndLine()
    {
        m_pane->showLine(0, 1500);
        view()->copyWithPlace();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"ci.log:1500: E Process completed with exit code 137"_s);
        view()->copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"E Process completed with exit code 137"_s);
    }

    void findsAndStepsThroughHits()
    {
        m_pane->find();
        auto *edit = m_pane->findChild<QLineEdit *>(u"findEdit"_s);
        QVERIFY(edit->isVisible());
        QTest::keyClicks(edit, u"PACKAGE 100"_s);
        QTRY_COMPARE(view()->currentLine(), 100);
        const auto *status = m_pane->findChild<QLabel *>(u"findStatus"_s);
        QTRY_VERIFY(status->text().contains(u"11"_s)); // 100 and 1000 to 1009
        QTest::keyClick(edit, Qt::Key_Return);
        QCOMPARE(view()->currentLine(), 1000);
        QTest::keyClick(edit, Qt::Key_Return, Qt::ShiftModifier);
        QCOMPARE(view()->currentLine(), 100);
        QTest::keyClick(edit, Qt::Key_Escape);
        QVERIFY(!edit->isVisible());
    }

    void searchKnowsRegularExpressionsAndCase()
    {
        LogSearch search;
        search.start(m_analysis.evidence->sources[0], {u"package 1[0-9]{2}$"_s, true, false});
        QTRY_VERIFY(!search.isRunning());
        QCOMPARE(search.hits().size(), size_t(100));
        search.start(m_analysis.evidence->sources[0], {u"process COMPLETED"_s, false, false});
        QTRY_VERIFY(!search.isRunning());
        QCOMPARE(search.hits(), std::vector<qint64>{1500});
        search.start(m_analysis.evidence->sources[0], {u"process COMPLETED"_s, false, true});
        QTRY_VERIFY(!search.isRunning());
        QVERIFY(search.hits().empty());
        QCOMPARE(search.next(1, true, true), 0);
    }

    void aBrokenExpressionIsTold()
    {
        LogSearch search;
        search.start(m_analysis.evidence->sources[0], {u"("_s, true, false});
        QVERIFY(!search.isRunning());
        QVERIFY(search.hits().empty());
    }

    void aStoppedSearchHandsNothingOver()
    {
        LogSearch search;
        search.start(m_analysis.evidence->sources[0], {u"package"_s, false, false});
        search.stop();
        QSignalSpy spy(&search, &LogSearch::changed);
        QVERIFY(!spy.wait(150));
        QVERIFY(search.hits().empty());
    }

    void highlightsByKind_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("line");
        QTest::newRow("ci") << static_cast<int>(SourceKind::CiLog) << u"Faultline CI Log"_s
                            << u"##[error]Process completed with exit code 137."_s;
        QTest::newRow("kernel") << static_cast<int>(SourceKind::KernelLog) << u"Faultline Kernel Log"_s
                                << u"[ 12.5] Memory cgroup out of memory: Killed process 42 (api)"_s;
        QTest::newRow("describe") << static_cast<int>(SourceKind::KubeDescribe) << u"Faultline kubectl describe"_s
                                  << u"      Reason:       OOMKilled"_s;
        QTest::newRow("go test") << static_cast<int>(SourceKind::TestOutput) << u"Faultline go test"_s
                                 << u"--- FAIL: TestPay (0.01s)"_s;
    }
    void highlightsByKind()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, line);
        LogHighlighter highlighter;
        highlighter.setKind(static_cast<SourceKind>(kind));
        QTEST(highlighter.definitionName(), "name");
        for (const bool dark : {false, true}) {
            highlighter.setDark(dark);
            QVERIFY(!highlighter.formats(line).isEmpty());
        }
        QVERIFY(highlighter.formats(QString()).isEmpty());
    }

    void longLinesAreCutForShowingOnly()
    {
        auto evidence = std::make_shared<Evidence>();
        evidence->sources.push_back(test::textSource(u"/x/long.log"_s, "1 " + QByteArray(200'000, 'y') + "\n2 end\n"));
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        QVERIFY(view()->document().line(1).isCut);
        QCOMPARE(view()->document().line(1).text.size(), LogDocument::MostShown + 1);
        view()->selectAll();
        QVERIFY(view()->selectedText().size() > 200'000);
        view()->grab();
        QVERIFY(view()->horizontalScrollBar()->maximum() >= 0);
    }

    void tenMillionLinesScrollAtOnce()
    {
        // Every line is the same and the blocks are made by arithmetic: nothing of it is stored.
        constexpr qint64 Lines = 10'000'000;
        constexpr qint64 LineBytes = 8;
        constexpr qint64 BlockLines = 8192;
        class Repeated final : public ByteSource
        {
        public:
            QString name() const override { return u"big.log"_s; }
            qint64 size() const override { return Lines * LineBytes; }
            std::optional<TimeNs> modified() const override { return {}; }
            Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
            {
                static constexpr std::string_view Text = "1 hello\n";
                const auto count = std::clamp<qint64>(size() - byteOffset, 0, static_cast<qint64>(into.size()));
                for (qint64 i = 0; i < count; ++i)
                    into[static_cast<size_t>(i)] = Text[static_cast<size_t>((byteOffset + i) % LineBytes)];
                return count;
            }
        };
        std::vector<TextBlock> blocks;
        for (qint64 line = 0; line < Lines; line += BlockLines)
            blocks.push_back({line * LineBytes, line + 1});
        auto source = test::textSource(u"/x/big.log"_s, "1 x\n");
        source->text = std::make_shared<TextStore>(std::make_shared<Repeated>(), blocks, Lines);
        auto evidence = std::make_shared<Evidence>();
        evidence->sources.push_back(source);
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 50; ++i) {
            view()->verticalScrollBar()->setValue(view()->verticalScrollBar()->maximum() / 50 * i);
            view()->grab();
        }
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
        view()->setCurrentLine(Lines);
        QVERIFY(!view()->lineRect(Lines).isNull());
    }

    void toggleShowsTimesSinceTheFailure()
    {
        m_pane->setFailure(0);
        m_pane->showLine(0, 1490);
        const QImage before = view()->grab().toImage();
        m_pane->toggleTimeShown();
        QCOMPARE(view()->timeShown(), LogView::TimeShown::SinceFailure);
        QVERIFY(view()->grab().toImage() != before);
    }

private:
    LogView *view() const { return m_pane->view(); }

    Analysis m_analysis;
    std::unique_ptr<LogPane> m_pane;
};

FAULTLINE_TEST(LogViewTest)
#include "tst_logview.moc"
