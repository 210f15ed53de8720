// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/commandpalette.h"
#include "app/shell/selection.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QSignalSpy>

using namespace faultline;
using namespace Qt::StringLiterals;

class SelectionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_selection = std::make_unique<Selection>();
        m_selection->setAnalysis(test::sampleAnalysis());
    }

    void aFailureBringsItsLineAndMoment()
    {
        m_selection->selectFailure(0);
        QCOMPARE(m_selection->source(), 0);
        QCOMPARE(m_selection->line(), 1500);
        QCOMPARE(m_selection->cursor(), TimeNs{1500 * NsPerSecond});
    }

    void aLineMovesTheCursorOnce()
    {
        QSignalSpy lines(m_selection.get(), &Selection::lineChanged);
        QSignalSpy cursors(m_selection.get(), &Selection::cursorChanged);
        m_selection->selectLine(0, 700);
        QCOMPARE(m_selection->cursor(), TimeNs{700 * NsPerSecond});
        m_selection->selectLine(0, 700);
        QCOMPARE(lines.count(), 1);
        QCOMPARE(cursors.count(), 1);
    }

    void aMomentFindsTheLine_data()
    {
        QTest::addColumn<qint64>("ns");
        QTest::addColumn<qint64>("line");
        QTest::newRow("before all") << qint64(0) << qint64(1);
        QTest::newRow("exact") << 700 * NsPerSecond << qint64(700);
        QTest::newRow("between") << 700 * NsPerSecond + 1 << qint64(700);
        QTest::newRow("after all") << 99'999 * NsPerSecond << qint64(2000);
    }
    void aMomentFindsTheLine()
    {
        QFETCH(const qint64, ns);
        m_selection->selectLine(0, 3);
        m_selection->selectTime(TimeNs{ns});
        QTEST(m_selection->line(), "line");
    }

    void followersThatAnswerDoNotLoop()
    {
        int calls = 0;
        connect(m_selection.get(), &Selection::lineChanged, this, [&](int source, qint64 line) {
            ++calls;
            m_selection->selectLine(source, line);
        });
        connect(m_selection.get(), &Selection::cursorChanged, this, [&](std::optional<TimeNs> time) {
            ++calls;
            m_selection->selectTime(*time);
        });
        m_selection->selectFailure(0);
        QCOMPARE(calls, 2);
        QCOMPARE(m_selection->line(), 1500);
    }

    void aNodeGoesToItsFirstRow()
    {
        m_selection->selectFailure(0);
        m_selection->selectNode(u"killed"_s, u"kernel"_s);
        QCOMPARE(m_selection->source(), 1);
        QCOMPARE(m_selection->line(), 40);
        QCOMPARE(m_selection->node(), u"kernel"_s);
    }

    void evidenceThatIsASampleMovesTheCursor()
    {
        m_selection->selectFailure(0);
        m_selection->selectEvidence(m_selection->analysis().diagnosis->verdicts[0].evidence[1]);
        QCOMPARE(m_selection->series(), 0);
        QCOMPARE(m_selection->cursor(), TimeNs{1490 * NsPerSecond});
    }

    void whatDoesNotExistIsIgnored()
    {
        m_selection->selectFailure(99);
        m_selection->selectLine(99, 1);
        m_selection->selectLine(-1, 1);
        m_selection->selectNode(u"no"_s, u"such"_s);
        QCOMPARE(m_selection->failure(), -1);
        QCOMPARE(m_selection->source(), -1);
        Selection empty;
        empty.selectFailure(0);
        empty.selectTime(TimeNs{1});
        QCOMPARE(empty.line(), 0);
    }

    void typedLettersFindCommands()
    {
        QVERIFY(fuzzyScore(u"nf"_s, u"Go › Next failure"_s) > fuzzyScore(u"nf"_s, u"View › Show information"_s));
        QVERIFY(fuzzyScore(u"dark"_s, u"Theme › Dark"_s) > 0);
        QCOMPARE(fuzzyScore(u"xyz"_s, u"Theme › Dark"_s), -1);
    }

private:
    std::unique_ptr<Selection> m_selection;
};

FAULTLINE_TEST(SelectionTest)
#include "tst_selection.moc"
