// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/timeline/trackarrangement.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestTrackArrangement : public QObject
{
    Q_OBJECT

    const QList<TrackArrangement::Known> m_tracks{{u"steps"_s, u"Steps ci.log"_s, false},
                                                  {u"memory"_s, u"container_memory pod=api"_s, false},
                                                  {u"cpu"_s, u"container_cpu pod=api"_s, false},
                                                  {u"disk"_s, u"node_disk pod=db"_s, true}};

private Q_SLOTS:
    void tracksStandAsKnownUntilArranged()
    {
        const auto order = TrackArrangement().order(m_tracks);
        QCOMPARE(order.shown, (QList<int>{0, 1, 2}));
        QCOMPARE(order.folded, QList<int>{3});
        QVERIFY(order.pinned.isEmpty());
    }
    void pinnedOnesComeFirstInTheirOwnOrder()
    {
        TrackArrangement arrangement;
        arrangement.setPinned(u"cpu"_s, true);
        arrangement.setPinned(u"steps"_s, true);
        QCOMPARE(arrangement.order(m_tracks).pinned, (QList<int>{2, 0}));
        QCOMPARE(arrangement.order(m_tracks).shown, QList<int>{1});
        arrangement.move(u"steps"_s, u"cpu"_s, {u"memory"_s});
        QCOMPARE(arrangement.order(m_tracks).pinned, (QList<int>{0, 2}));
        arrangement.setPinned(u"cpu"_s, false);
        QCOMPARE(arrangement.order(m_tracks).shown, (QList<int>{1, 2}));
    }
    void movedOnesStayMovedAndNewOnesKeepTheirNeighbour()
    {
        TrackArrangement arrangement;
        arrangement.move(u"cpu"_s, u"steps"_s, {u"steps"_s, u"memory"_s, u"cpu"_s});
        QCOMPARE(arrangement.order(m_tracks).shown, (QList<int>{2, 0, 1}));
        arrangement.setWanted(u"disk"_s, true); // was never moved: it follows what it followed
        QCOMPARE(arrangement.order(m_tracks).shown, (QList<int>{2, 3, 0, 1}));
    }
    void hiddenOnesAreCountedAndComeBack()
    {
        TrackArrangement arrangement;
        arrangement.setHidden(u"memory"_s, true);
        QCOMPARE(arrangement.order(m_tracks).hidden, 1);
        QCOMPARE(arrangement.order(m_tracks).shown, (QList<int>{0, 2}));
        arrangement.showAll();
        QCOMPARE(arrangement.order(m_tracks).shown, (QList<int>{0, 1, 2}));
    }
    void aFilterFindsFoldedOnesByAllItsWords()
    {
        TrackArrangement arrangement;
        arrangement.setFilter(u"  DB disk "_s);
        QCOMPARE(arrangement.order(m_tracks).shown, QList<int>{3});
        QVERIFY(arrangement.order(m_tracks).folded.isEmpty());
        arrangement.setFilter(u"nothing such"_s);
        QVERIFY(arrangement.order(m_tracks).shown.isEmpty());
    }
};

FAULTLINE_TEST(TestTrackArrangement)
#include "tst_trackarrangement.moc"
