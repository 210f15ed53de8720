// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/filenotice.h"
#include "app/logview/linewindow.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"
#include "app/settings/theme.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

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
        QCOMPARE(combo->count(), 4); // all of them, a line between, and each
        QCOMPARE(combo->itemText(3), u"dmesg.txt"_s);
        QCOMPARE(combo->currentText(), u"ci.log"_s);
    }

    void goesToALineWithoutTellingAnyone()
    {
        const QSignalSpy spy(m_pane.get(), &LogPane::lineActivated);
        m_pane->showLine(0, 1500);
        QCOMPARE(view()->currentLine(), 1500);
        QVERIFY(!view()->lineRect(1500).isNull());
        QCOMPARE(spy.count(), 0);
    }

    void theCurrentLineStaysInSightWhenTheViewShrinks_data()
    {
        QTest::addColumn<bool>("wrapped");
        QTest::newRow("plain") << false;
        QTest::newRow("wrapped") << true;
    }
    void theCurrentLineStaysInSightWhenTheViewShrinks()
    {
        QFETCH(const bool, wrapped);
        view()->setWrapped(wrapped);
        m_pane->showLine(0, 1500);
        QVERIFY(!view()->lineRect(1500).isNull());
        m_pane->resize(900, 180);
        QTRY_VERIFY(view()->viewport()->height() < 180);
        const QRect line = view()->lineRect(1500);
        QVERIFY(!line.isNull() && line.bottom() <= view()->viewport()->height());
        // One that was scrolled away from does not come back.
        m_pane->resize(900, 500);
        view()->verticalScrollBar()->setValue(0);
        m_pane->resize(900, 180);
        QCOMPARE(view()->firstVisibleLine(), 1);
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
        QCOMPARE(search.hits().size(), 100);
        search.start(m_analysis.evidence->sources[0], {u"process COMPLETED"_s, false, false});
        QTRY_VERIFY(!search.isRunning());
        QCOMPARE(search.hits().lines(0, 9), std::vector<qint64>{1500});
        search.start(m_analysis.evidence->sources[0], {u"process COMPLETED"_s, false, true});
        QTRY_VERIFY(!search.isRunning());
        QVERIFY(search.hits().isEmpty());
        QCOMPARE(search.next(0, 1, true, true), 0);
    }

    void pointsAtAndOr()
    {
        m_pane->find();
        auto *edit = m_pane->findChild<QLineEdit *>(u"findEdit"_s);
        const auto *status = m_pane->findChild<QLabel *>(u"findStatus"_s);
        edit->setText(u"building and nothing"_s);
        QTRY_VERIFY(status->text().contains(u"and/or"_s));
        edit->setText(u"nothing of the sort"_s);
        QTRY_COMPARE(status->text(), u"No matches"_s);
    }

    void aBrokenExpressionIsTold()
    {
        LogSearch search;
        search.start(m_analysis.evidence->sources[0], {u"("_s, true, false});
        QVERIFY(!search.isRunning());
        QVERIFY(search.hits().isEmpty());
        QCOMPARE(search.problems().size(), 1);
        search.start(m_analysis.evidence->sources[0], {u"a or"_s, false, false, false, true});
        QVERIFY(search.problems().value(0).contains(u"Column 5"_s));
    }

    void searchesSeveralLogsTheFirstOneFirst()
    {
        LogSearch search;
        LogSearch::Sources sources(m_analysis.evidence->sources.begin(), m_analysis.evidence->sources.end());
        search.start(sources, 1, {u"E "_s, false, true});
        QTRY_VERIFY(!search.isRunning());
        QCOMPARE(search.hits(0).lines(0, 9), std::vector<qint64>{1500});
        QCOMPARE(search.hits(1).lines(0, 9), std::vector<qint64>{40});
        QCOMPARE(search.count(), 2);
        QCOMPARE(search.sourceCount(), 2);
        QVERIFY(search.problems().isEmpty());
    }

    void stepsFromOneLogIntoTheNext()
    {
        m_pane->find();
        auto *edit = m_pane->findChild<QLineEdit *>(u"findEdit"_s);
        m_pane->findChild<QToolButton *>(u"findAll"_s)->click();
        m_pane->findChild<QToolButton *>(u"findCombined"_s)->click();
        edit->setText(u"\"E Process\" or \"of memory\""_s);
        QTRY_COMPARE(view()->currentLine(), 1500);
        const auto *status = m_pane->findChild<QLabel *>(u"findStatus"_s);
        QTRY_VERIFY2(status->text().contains(u"2 in 2 logs"_s), qPrintable(status->text()));
        m_pane->findNext();
        QCOMPARE(m_pane->source(), 1);
        QCOMPARE(view()->currentLine(), 40);
        m_pane->findPrevious();
        QCOMPARE(m_pane->source(), 0);
        QCOMPARE(view()->currentLine(), 1500);
    }

    void wholeWordsOnly()
    {
        m_pane->find();
        m_pane->findChild<QToolButton *>(u"findWord"_s)->click();
        m_pane->findChild<QLineEdit *>(u"findEdit"_s)->setText(u"100"_s);
        const auto *status = m_pane->findChild<QLabel *>(u"findStatus"_s);
        QTRY_COMPARE(status->text(), u"1 of 1 lines"_s);
    }

    void filtersShowSomeLines()
    {
        m_pane->showLine(0, 1500);
        LogFilters *filters = m_pane->filters();
        QVERIFY(filters->add({SearchQuery{u"package 15"_s, false, true}, false, u"15"_s}));
        QTRY_VERIFY(!filters->isRunning());
        QCOMPARE(view()->rows().count(), 1 + 10 + 99); // 15, 150 to 159, 1500 to 1599 without 1500 itself
        QCOMPARE(view()->currentLine(), 159);          // the nearest before
        QTest::keyClick(view(), Qt::Key_Down);
        QCOMPARE(view()->currentLine(), 1501);
        QVERIFY(!filters->add({SearchQuery{u"package 15"_s, false, true}, false, u"again"_s}));
        QVERIFY(filters->add({SearchQuery{u"9$"_s, true, true}, true, u"9"_s}));
        QTRY_VERIFY(!filters->isRunning());
        QCOMPARE(view()->rows().count(), 110 - 11);
        QVERIFY(!view()->rows().shows(159));
        QVERIFY(filters->add({PlaceFilter{1500, 1510}, false, u"place"_s}));
        QTRY_VERIFY(!filters->isRunning());
        QCOMPARE(view()->rows().lines(0, 99),
                 (std::vector<qint64>{1501, 1502, 1503, 1504, 1505, 1506, 1507, 1508, 1510}));
        filters->setContext(1);
        QCOMPARE(view()->rows().lines(0, 99).size(), size_t(12));
        QCOMPARE(m_pane->findChildren<QToolButton *>(u"filterChip"_s).size(), 3);
        QVERIFY(!view()->grab().isNull());
        filters->setContext(0);
        view()->selectAll();
        QCOMPARE(view()->selectedText().count(u'\n'), 8);
        view()->copyWithPlace();
        QVERIFY(QGuiApplication::clipboard()->text().endsWith(u"ci.log:1510: building package 1510"_s));
        m_pane->findChild<QToolButton *>(u"clearFilters"_s)->click();
        QVERIFY(view()->rows().showsAll());
    }

    void filtersByLevelAndTime()
    {
        LogFilters *filters = m_pane->filters();
        QVERIFY(filters->add({LevelFilter{Severity::Error}, false, u"errors"_s}));
        QTRY_VERIFY(!filters->isRunning());
        QCOMPARE(view()->rows().lines(0, 9), std::vector<qint64>{1500});
        m_pane->showLine(1, 40); // the filter holds for the other log too
        QTRY_VERIFY(!filters->isRunning());
        QCOMPARE(view()->rows().lines(0, 9), std::vector<qint64>{40});
        filters->clear();
        QVERIFY(filters->add({TimeFilter{TimeNs{1470 * NsPerSecond}, TimeNs{1472 * NsPerSecond}}, false, u"t"_s}));
        QTRY_VERIFY(!filters->isRunning());
        QCOMPARE(view()->rows().lines(0, 9), (std::vector<qint64>{10, 11, 12}));
    }

    void whatFiltersHideIsSaid()
    {
        QVERIFY(m_pane->filters()->add({PlaceFilter{1, 10}, false, u"place"_s}));
        QTRY_VERIFY(!m_pane->filters()->isRunning());
        const QSignalSpy spy(m_pane.get(), &LogPane::message);
        m_pane->showLine(0, 1500);
        QCOMPARE(spy.count(), 1);
        QCOMPARE(view()->currentLine(), 10);
    }

    void foldsHideAllButTheirFirstLine()
    {
        auto evidence = std::make_shared<Evidence>();
        auto source = test::textSource(u"/x/a.log"_s, QByteArray("1 line\n").repeated(100));
        Span step;
        step.line = 10;
        step.lastLine = 50;
        source->spans.push_back(step);
        Event trace;
        trace.line = 20;
        trace.lastLine = 25;
        source->events.push_back(trace);
        evidence->sources.push_back(source);
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        m_pane->showLine(0, 22);
        QTest::keyClick(view(), Qt::Key_Z);
        QCOMPARE(view()->currentLine(), 20);
        QCOMPARE(view()->rows().count(), 95);
        QVERIFY(!view()->rows().shows(21));
        m_pane->foldAll();
        QCOMPARE(view()->rows().count(), 60);
        view()->grab();
        m_pane->showLine(0, 23); // what is looked for is never left hidden
        QCOMPARE(view()->currentLine(), 23);
        QVERIFY(view()->rows().shows(23));
        m_pane->foldAll();
        m_pane->openAllFolds();
        QCOMPARE(view()->rows().count(), 100);
    }

    void aFoldTellsTheWorstThatItHides()
    {
        auto evidence = std::make_shared<Evidence>();
        auto source = test::textSource(u"/x/a.log"_s, QByteArray("1 line\n").repeated(100));
        for (const auto &[first, last] : {std::pair(10, 20), std::pair(30, 60), std::pair(40, 50), std::pair(70, 80)}) {
            Span step;
            step.line = first;
            step.lastLine = last;
            source->spans.push_back(step);
        }
        Event warning;
        warning.line = warning.lastLine = 15;
        warning.severity = Severity::Warning;
        source->events.push_back(warning);
        evidence->sources.push_back(source);
        auto findings = std::make_shared<Findings>();
        for (const qint64 line : {45, 75}) {
            Failure failure;
            failure.id = static_cast<int>(findings->failures.size());
            failure.source = 0;
            failure.line = line;
            findings->failures.push_back(failure);
        }
        Analysis analysis;
        analysis.evidence = evidence;
        analysis.findings = findings;
        m_pane->setAnalysis(analysis);
        m_pane->setFailure(0);
        m_pane->foldAll();
        // The failure in hand is never folded away; the other one leaves its mark.
        QVERIFY(view()->rows().shows(45));
        QCOMPARE(view()->foldAt(30)->hidden, 0);
        QVERIFY(!view()->rows().shows(75));
        QCOMPARE(view()->foldAt(70)->strongest, MarkKind::Failure);
        QCOMPARE(view()->foldAt(10)->strongest, MarkKind::Warning);
        QVERIFY(!view()->foldAt(11));
        const auto marked = [this](qint64 line) {
            const QImage shown = view()->viewport()->grab(view()->lineRect(line)).toImage();
            const QRgb failure = themeColors(view()->palette()).failureGround.rgb();
            for (int x = 0; x < shown.width(); ++x)
                if (shown.pixel(x, shown.height() / 4) == failure)
                    return true;
            return false;
        };
        m_pane->showLine(0, 65);
        QVERIFY(marked(70));
        QVERIFY(!marked(10) || view()->lineRect(10).isNull());
    }

    void aClickOnTheTriangleFolds()
    {
        auto evidence = std::make_shared<Evidence>();
        auto source = test::textSource(u"/x/a.log"_s, QByteArray("1 line\n").repeated(100));
        Span step;
        step.line = 10;
        step.lastLine = 12;
        source->spans.push_back(step);
        evidence->sources.push_back(source);
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        view()->grab();
        const QRect line = view()->lineRect(10);
        bool folded = false;
        for (int x = 0; x < line.width() && !folded; x += 2) {
            QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, QPoint(x, line.center().y()));
            folded = !view()->rows().shows(11);
        }
        QVERIFY(folded);
        QCOMPARE(view()->rows().count(), 98);
    }

    void bookmarksAreSetAndGoneTo()
    {
        m_pane->showLine(0, 100);
        QTest::keyClick(view(), Qt::Key_M);
        m_pane->showLine(0, 200);
        QTest::keyClick(view(), Qt::Key_M);
        m_pane->showLine(0, 1);
        QTest::keyClick(view(), Qt::Key_BracketRight);
        QCOMPARE(view()->currentLine(), 100);
        m_pane->goToBookmark(false); // round about
        QCOMPARE(view()->currentLine(), 200);
        m_pane->setAnalysis(m_analysis); // they outlive reading the case again
        m_pane->goToBookmark(true);
        QCOMPARE(view()->currentLine(), 100);
        m_pane->toggleBookmark(100);
        m_pane->toggleBookmark(200);
        const QSignalSpy spy(m_pane.get(), &LogPane::message);
        m_pane->goToBookmark(true);
        QCOMPARE(spy.count(), 1);
    }

    void movesAsLessDoes()
    {
        QTest::keyClicks(view(), u"G"_s);
        QCOMPARE(view()->currentLine(), 2000);
        QTest::keyClicks(view(), u"g"_s);
        QTest::keyClicks(view(), u"jjjk"_s);
        QCOMPARE(view()->currentLine(), 3);
        QTest::keyClick(view(), Qt::Key_Space);
        QVERIFY(view()->currentLine() > 10);
        QTest::keyClicks(view(), u"b"_s);
        QCOMPARE(view()->currentLine(), 3);
        QTest::keyClicks(view(), u"/"_s);
        QVERIFY(m_pane->findChild<QLineEdit *>(u"findEdit"_s)->isVisible());
    }

    void tellsWhenTheFileIsAnother()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(u"a.log"_s);
        const auto write = [&](const QByteArray &bytes) {
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        };
        const auto show = [&](qint64 lines) {
            auto source = test::textSource(path, QByteArray("1 line\n").repeated(lines));
            source->text = std::make_shared<TextStore>(*openFile(path), std::vector<TextBlock>(), lines);
            auto evidence = std::make_shared<Evidence>();
            evidence->sources.push_back(source);
            m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        };
        write(QByteArray("1 line\n").repeated(100));
        show(100);
        auto *notice = m_pane->findChild<FileNotice *>();
        QVERIFY(!notice->isVisible());
        QCOMPARE(view()->newLines().size(), 0);
        write(QByteArray("1 line\n").repeated(120));
        QTRY_COMPARE(notice->state(), FileNotice::State::Grown);
        QVERIFY(notice->isVisible());
        QSignalSpy spy(m_pane.get(), &LogPane::readAgainWanted);
        notice->findChild<QToolButton *>(u"readAgain"_s)->click();
        QCOMPARE(spy.count(), 1);
        show(120); // as reading again does
        QVERIFY(!notice->isVisible());
        QCOMPARE(view()->newLines().at(0), 101);
        view()->grab();
        write("1 line\n");
        QTRY_COMPARE(notice->state(), FileNotice::State::Shrunk);
        view()->setCurrentLine(110); // gone, and no harm done
        view()->grab();
        QVERIFY(QFile::remove(path));
        QTRY_COMPARE(notice->state(), FileNotice::State::Gone);
        write(QByteArray("2 line\n").repeated(120)); // rotated: another under its name
        QTRY_VERIFY(notice->state() == FileNotice::State::Changed || notice->state() == FileNotice::State::AsRead);
    }

    void savedSearchesAreColouredAndKept()
    {
        SavedSearches *saved = m_pane->savedSearches();
        view()->grab();
        const QImage before = view()->grab().toImage();
        QVERIFY(saved->add({u"package \\d+"_s, true}));
        QVERIFY(!saved->add({u"package \\d+"_s, true}));
        QVERIFY(!saved->add({}));
        QVERIFY(saved->add({u"E or not W"_s, false, false, false, true}));
        QCOMPARE(saved->marks(false).size(), size_t(2)); // of the second only what is wanted
        QVERIFY(view()->grab().toImage() != before);
        SavedSearches other;
        other.restore(saved->toJson());
        QCOMPARE(other.all(), saved->all());
        QVERIFY(other.all().at(0).color != other.all().at(1).color);
        other.restore("no JSON");
        QVERIFY(other.all().isEmpty());
        saved->setMarked(0, false);
        saved->remove(1);
        QVERIFY(saved->marks(false).empty());
        QVERIFY(view()->grab().toImage() == before);
    }

    void aStoppedSearchHandsNothingOver()
    {
        LogSearch search;
        search.start(m_analysis.evidence->sources[0], {u"package"_s, false, false});
        search.stop();
        QSignalSpy spy(&search, &LogSearch::changed);
        QVERIFY(!spy.wait(150));
        QVERIFY(search.hits().isEmpty());
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

    void aLineCanBeSeenInFull()
    {
        QByteArray line = "2 " + QByteArray(300'000, 'y');
        line.replace(250'000, 6, "needle");
        auto evidence = std::make_shared<Evidence>();
        evidence->sources.push_back(
            test::textSource(u"/x/long.log"_s, "1 {\"a\": [1, {\"b\": \"c\"}]} end\n" + line + "\n3 plain\n"));
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        const auto window = [&](qint64 number) {
            qDeleteAll(m_pane->findChildren<LineWindow *>());
            m_pane->showLine(0, number);
            QTest::keyClick(view(), Qt::Key_Return);
            return m_pane->findChild<LineWindow *>();
        };
        LineWindow *shown = window(2);
        QVERIFY(shown);
        QCOMPARE(shown->partCount(), 5);
        QVERIFY(!shown->shown().contains(u"needle"_s));
        shown->showPart(4);
        QVERIFY(shown->shown().contains(u"needle"_s));
        QVERIFY(shown->prettyJson().isEmpty());
        shown = window(1);
        QCOMPARE(shown->partCount(), 1);
        QVERIFY(shown->prettyJson().contains(u"\n    \"a\": ["_s));
        shown->findChild<QCheckBox *>(u"prettyJson"_s)->click();
        QVERIFY(shown->shown().startsWith(u"{\n"_s));
        QVERIFY(window(3)->prettyJson().isEmpty());
    }

    void aHugeLineDoesNotStall()
    {
        auto evidence = std::make_shared<Evidence>();
        evidence->sources.push_back(
            test::textSource(u"/x/huge.log"_s, "1 a\n2 " + QByteArray(100'000'000, 'y') + "\n3 end\n"));
        m_pane->setAnalysis({evidence, nullptr, nullptr, nullptr});
        QElapsedTimer timer;
        timer.start();
        view()->grab();
        m_pane->showLine(0, 3);
        view()->grab();
        m_pane->showWholeLine(2);
        QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
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

    void lettersOfASearchGoBeforeShortcuts()
    {
        LogView *view = m_pane->findChild<LogView *>();
        QVERIFY(view);
        const auto takes = [&](Qt::KeyboardModifiers modifiers) {
            QKeyEvent event(QEvent::ShortcutOverride, Qt::Key_N, modifiers, u"n"_s);
            event.ignore();
            QCoreApplication::sendEvent(view, &event);
            return event.isAccepted();
        };
        QVERIFY(!takes({}));
        LineSet hits;
        hits.add(2);
        view->setFound({QRegularExpression(u"x"_s)}, hits);
        QVERIFY(takes({}));
        QVERIFY(takes(Qt::ShiftModifier));
        QVERIFY(!takes(Qt::ControlModifier));
    }

private:
    LogView *view() const { return m_pane->view(); }

    Analysis m_analysis;
    std::unique_ptr<LogPane> m_pane;
};

FAULTLINE_TEST(LogViewTest)
#include "tst_logview.moc"
