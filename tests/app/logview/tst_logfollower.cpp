// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/filenotice.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"
#include "tests/support/followload.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

#include <thread>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Logs that are written to while they are open.
class LogFollowerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_pane = std::make_unique<LogPane>();
        m_pane->resize(900, 500);
        m_pane->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_pane.get()));
    }
    void cleanup()
    {
        m_pane.reset();
        m_folder.reset();
    }

    void losesNoLineUnderLoad()
    {
        const test::FollowOutcome outcome = test::followUnderLoad(m_folder->filePath(u"flood.log"_s), 40'000'000, 2.0);
        QVERIFY(outcome.linesWritten > 1000);
        QVERIFY(outcome.tellings > 1); // told while it was written, not only at the end
        QCOMPARE(outcome.linesSeen, outcome.linesWritten);
        QCOMPARE(outcome.linesWrong, 0);
        QCOMPARE(outcome.stretchesMissed, 0);
    }

    void newLinesAreShownAndMarked()
    {
        write(u"a.log"_s, "1 one\n2 two");
        open({u"a.log"_s});
        QCOMPARE(view()->document().lineCount(), 2);
        QTest::keyClicks(view(), u"F"_s); // stays at the end
        QSignalSpy spy(m_pane.get(), &LogPane::evidenceGrown);
        append(u"a.log"_s, " goes on\n3 E three\n4 four\n");
        QTRY_COMPARE(view()->document().lineCount(), 4);
        QCOMPARE(view()->document().line(2).text, u"two goes on"_s);
        QCOMPARE(view()->document().line(3).level, Severity::Error);
        QCOMPARE(view()->newLines().lines(0, 9), (std::vector<qint64>{3, 4}));
        QCOMPARE(view()->currentLine(), 4);
        QCOMPARE(spy.count(), 1);
        const auto evidence = spy[0][0].value<std::shared_ptr<const Evidence>>();
        QCOMPARE(evidence->sources[0]->lineCount(), 4);
        QCOMPARE(evidence->sources[0]->last->ns, 4 * NsPerSecond);
        const auto *notice = m_pane->findChild<FileNotice *>();
        QVERIFY(notice->isVisible());
        QVERIFY(notice->findChild<QLabel *>(u"fileNoticeText"_s)->text().startsWith(u"2 new lines"_s));
        m_pane->showLine(0, 1); // lets go of the end
        append(u"a.log"_s, "5 five\n");
        QTRY_COMPARE(view()->document().lineCount(), 5);
        QCOMPARE(view()->currentLine(), 1);
    }

    void searchesAndFiltersGoOn()
    {
        write(u"a.log"_s, "1 hit\n2 E miss\n3 hi");
        open({u"a.log"_s});
        m_pane->find();
        m_pane->findChild<QLineEdit *>(u"findEdit"_s)->setText(u"hit"_s);
        const auto *status = m_pane->findChild<QLabel *>(u"findStatus"_s);
        QTRY_COMPARE(status->text(), u"1 of 1 lines"_s);
        QVERIFY(m_pane->filters()->add({LevelFilter{Severity::Error}, true, u"errors"_s}));
        QTRY_COMPARE(view()->rows().count(), 2);
        append(u"a.log"_s, "t\n4 E hit\n5 hit\n");
        QTRY_COMPARE(view()->rows().lines(0, 9), (std::vector<qint64>{1, 3, 5}));
        QTRY_VERIFY2(status->text().startsWith(u"1 of 3 lines"_s), qPrintable(status->text()));
    }

    void mergedLogsGrowToo()
    {
        write(u"a.log"_s, "1 a\n5 a\n");
        write(u"b.log"_s, "2 b\n");
        open({u"a.log"_s, u"b.log"_s});
        m_pane->toggleMerged();
        QTRY_COMPARE(view()->document().lineCount(), 3);
        m_pane->showLine(0, 2);
        append(u"b.log"_s, "3 b\n9 b\n");
        QTRY_COMPARE(view()->document().lineCount(), 5);
        QCOMPARE(m_pane->source(), 0); // what was looked at stays, though it has another number
        QCOMPARE(m_pane->currentLine(), 2);
        QCOMPARE(view()->document().placeOf(3), (LinePlace{1, 2}));
        QCOMPARE(view()->document().placeOf(5), (LinePlace{1, 3}));
        QTRY_COMPARE(view()->newLines().lines(0, 9), (std::vector<qint64>{3, 5}));
    }

    void aLogThatIsRotatedIsTold()
    {
        write(u"a.log"_s, QByteArray("1 line\n").repeated(100));
        open({u"a.log"_s});
        QVERIFY(QFile::rename(path(u"a.log"_s), path(u"a.log.1"_s)));
        const auto *notice = m_pane->findChild<FileNotice *>();
        QTRY_COMPARE(notice->state(), FileNotice::State::Gone);
        write(u"a.log"_s, QByteArray("2 other\n").repeated(200));
        QTRY_COMPARE(notice->state(), FileNotice::State::Changed);
        QCOMPARE(view()->document().lineCount(), 100);
        QCOMPARE(view()->document().line(100).text, u"line"_s); // the old file is still read
    }

    /// Another thread appends as fast as it can, cut anywhere.
    void noLineIsLost()
    {
        constexpr int Lines = 400'000;
        write(u"a.log"_s, "0 line 0 of the first\n");
        open({u"a.log"_s});
        QByteArray bytes;
        for (int i = 1; i <= Lines; ++i)
            bytes += QByteArray::number(i) + " line " + QByteArray::number(i) + " some more text of a log\n";
        std::jthread writer([&] {
            QFile file(path(u"a.log"_s));
            if (!file.open(QIODevice::Append | QIODevice::Unbuffered))
                return;
            qint64 step = 1;
            for (qint64 at = 0; at < bytes.size(); at += step) {
                step = 1 + (at * 7919 + 13) % 90'001;
                file.write(bytes.constData() + at, std::min(step, bytes.size() - at));
                std::this_thread::yield();
            }
        });
        QTRY_COMPARE_WITH_TIMEOUT(view()->document().lineCount(), Lines + 1, 60'000);
        writer.join();
        const auto &evidence = *view()->document().source();
        qint64 number = 0;
        for (qint64 line = 1; line <= Lines + 1;) {
            const auto some = decodeLines(evidence, line, 5000);
            QVERIFY(!some.empty());
            for (const TimedLine &one : some) {
                QVERIFY2(one.text.startsWith(QByteArray("line " + QByteArray::number(number) + ' ')),
                         one.text.constData());
                QCOMPARE(one.time->ns, number * NsPerSecond);
                ++number;
            }
            line += static_cast<qint64>(some.size());
        }
        QCOMPARE(number, Lines + 1);
        QCOMPARE(view()->newLines().size(), Lines);
    }

private:
    LogView *view() const { return m_pane->view(); }
    QString path(const QString &name) const { return m_folder->filePath(name); }
    void put(const QString &name, const QByteArray &bytes, QIODevice::OpenMode mode)
    {
        QFile file(path(name));
        QVERIFY(file.open(mode) && file.write(bytes) == bytes.size());
    }
    void write(const QString &name, const QByteArray &bytes) { put(name, bytes, QIODevice::WriteOnly); }
    void append(const QString &name, const QByteArray &bytes) { put(name, bytes, QIODevice::Append); }

    /// Shows the files as they are now.
    void open(const QStringList &names)
    {
        auto evidence = std::make_shared<Evidence>();
        auto placement = std::make_shared<Placement>();
        for (const QString &name : names) {
            QFile file(path(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            auto source = test::textSource(path(name), bytes);
            source->text = std::make_shared<TextStore>(*openFile(path(name)), std::vector<TextBlock>(),
                                                       bytes.count('\n') + (bytes.endsWith('\n') ? 0 : 1));
            evidence->sources.push_back(source);
            placement->sources.push_back(test::placedBy(0, PlacementHow::Stated, {}));
        }
        m_pane->setAnalysis({evidence, placement, nullptr, nullptr});
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<LogPane> m_pane;
};

FAULTLINE_TEST(LogFollowerTest)
#include "tst_logfollower.moc"
