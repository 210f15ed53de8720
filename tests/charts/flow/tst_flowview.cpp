// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "charts/flow/flowlayout.h"
#include "charts/flow/flowview.h"
#include "tests/charts/support/incident.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

#include <QPushButton>
#include <QSignalSpy>

using namespace faultline;

class TestFlowView : public QObject
{
    Q_OBJECT

    static bool overlap(const FlowLayout &layout)
    {
        for (size_t a = 0; a < layout.nodes.size(); ++a)
            for (size_t b = 0; b < a; ++b)
                if (layout.nodes[a].intersects(layout.nodes[b]))
                    return true;
        return false;
    }

    /// One question for each of many causes, of which one is found.
    static WalkedFlowchart wideFlowchart(int causes)
    {
        WalkedFlowchart chart;
        chart.playbook = QStringLiteral("wide");
        WalkedNode start;
        start.label = QStringLiteral("It was killed");
        start.state = NodeState::Answered;
        chart.nodes.push_back(start);
        for (int i = 1; i <= causes; ++i) {
            const bool isFound = i == causes / 2;
            WalkedNode cause;
            cause.label = QStringLiteral("One of the many causes");
            cause.cause = QStringLiteral("cause.%1").arg(i);
            cause.state = isFound ? NodeState::Confirmed : NodeState::Possible;
            chart.nodes.push_back(cause);
            chart.edges.push_back({0, i, {}, isFound ? EdgeState::Taken : EdgeState::Open});
        }
        return chart;
    }
private Q_SLOTS:
    void looks_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::addColumn<bool>("graphviz");
        QTest::newRow("light-dot") << false << true;
        QTest::newRow("dark-dot") << true << true;
        QTest::newRow("light-layered") << false << false;
        QTest::newRow("dark-layered") << true << false;
    }
    void looks()
    {
        QFETCH(bool, dark);
        QFETCH(bool, graphviz);
        FlowView view;
        view.setPalette(Theme::palette(dark));
        view.resize(900, 760);
        view.setUseGraphviz(graphviz);
        view.setFlowchart(test::killedFlowchart());
        QTRY_VERIFY(view.isLaidOut());
        view.setCurrentNode(3);
        QVERIFY(test::colorCount(view) > 20);
        QVERIFY(test::screenshot(view, QStringLiteral("flow-") + QString::fromUtf8(QTest::currentDataTag())));
    }
    void layersWithoutOverlaps()
    {
        const WalkedFlowchart chart = test::killedFlowchart();
        const FlowSizes sizes = FlowSizes::of(chart, Theme::plain(false));
        const FlowLayout layout = layeredLayout(chart, sizes);
        QCOMPARE(layout.nodes.size(), chart.nodes.size());
        QVERIFY(!overlap(layout));
        for (const WalkedEdge &edge : chart.edges)
            QVERIFY(layout.nodes[static_cast<size_t>(edge.to)].top()
                    >= layout.nodes[static_cast<size_t>(edge.from)].bottom());
        for (const QRectF &node : layout.nodes)
            QVERIFY(layout.bounds.contains(node));
    }
    void layersTheSameEveryTime()
    {
        const WalkedFlowchart chart = test::killedFlowchart();
        const FlowSizes sizes = FlowSizes::of(chart, Theme::plain(false));
        const FlowLayout once = layeredLayout(chart, sizes);
        const FlowLayout again = layeredLayout(chart, sizes);
        QCOMPARE(again.nodes, once.nodes);
        for (size_t i = 0; i < once.edges.size(); ++i)
            QCOMPARE(again.edges[i].path, once.edges[i].path);
    }
    void layersCirclesAndBrokenEdges()
    {
        WalkedFlowchart chart = test::killedFlowchart();
        chart.edges.push_back({3, 1, QStringLiteral("again"), EdgeState::NotTaken});
        chart.edges.push_back({2, 2, {}, EdgeState::NotTaken});
        chart.edges.push_back({-1, 99, {}, EdgeState::NotTaken});
        const FlowLayout layout = layeredLayout(chart, FlowSizes::of(chart, Theme::plain(false)));
        QCOMPARE(layout.nodes.size(), chart.nodes.size());
        QVERIFY(!overlap(layout));
    }
    void layersLeftToRight()
    {
        WalkedFlowchart chart = test::killedFlowchart();
        chart.leftToRight = true;
        const FlowLayout layout = layeredLayout(chart, FlowSizes::of(chart, Theme::plain(false)));
        QVERIFY(!overlap(layout));
        QVERIFY(layout.nodes[1].left() >= layout.nodes[0].right());
    }
    void keepsTheChartsWordsFromGraphviz()
    {
        WalkedFlowchart chart = test::killedFlowchart();
        chart.nodes[0].label = QStringLiteral("\"]; evil [label=\"");
        chart.edges[1].label = QStringLiteral("</TABLE> & <b>");
        const QByteArray source = dotSource(chart, FlowSizes::of(chart, Theme::plain(false)));
        QVERIFY(!source.contains("evil"));
        QVERIFY(!source.contains("<b>"));
    }
    void refusesWhatIsNoLayout_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no nodes") << QByteArray(R"({"bb":"0,0,10,10","objects":[]})");
        QTest::newRow("bad places") << QByteArray(R"({"bb":"0,0,10,10","objects":[{"name":"n0","pos":"x,y"}]})");
        QTest::newRow("node out of range")
            << QByteArray(R"({"bb":"0,0,10,10","objects":[{"name":"n99999","pos":"1,1"}]})");
    }
    void refusesWhatIsNoLayout()
    {
        QFETCH(QByteArray, json);
        const WalkedFlowchart chart = test::killedFlowchart();
        QVERIFY(!dotLayout(json, chart, FlowSizes::of(chart, Theme::plain(false))));
    }
    void clicksAndKeysActivateNodes()
    {
        FlowView view;
        view.resize(900, 760);
        view.setUseGraphviz(false);
        view.setFlowchart(test::killedFlowchart());
        QVERIFY(view.isLaidOut());
        QSignalSpy activated(&view, &FlowView::nodeActivated);
        QTest::mouseClick(&view, Qt::LeftButton, {}, view.nodeRect(1).center().toPoint());
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.takeFirst().first().toInt(), 1);
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentNode(), 2); // the taken edge before the others
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.currentNode(), 3);
        QTest::keyClick(&view, Qt::Key_Up);
        QCOMPARE(view.currentNode(), 2);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(activated.count(), 1);
        QCOMPARE(activated.takeFirst().first().toInt(), 2);
        QTest::mouseClick(&view, Qt::LeftButton, {}, QPoint(2, 2));
        QCOMPARE(activated.count(), 0);
    }
    void zoomsAroundThePointer()
    {
        FlowView view;
        view.resize(900, 760);
        view.setUseGraphviz(false);
        view.setFlowchart(test::killedFlowchart());
        const double before = view.nodeRect(0).width();
        view.zoomIn();
        QVERIFY(view.nodeRect(0).width() > before);
        view.fit();
        QCOMPARE(view.nodeRect(0).width(), before);
    }
    void fitsTheWholeHoweverWide()
    {
        FlowView view;
        view.resize(420, 300);
        view.setUseGraphviz(false);
        view.setFlowchart(wideFlowchart(40));
        view.fit();
        const QRectF room = view.rect();
        for (int node = 0; node < static_cast<int>(view.flowchart().nodes.size()); ++node)
            QVERIFY2(room.contains(view.nodeRect(node)), qPrintable(QString::number(node)));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        view.resize(360, 260); // still the whole
        QVERIFY(QRectF(view.rect()).contains(view.nodeRect(40)));
    }
    void beginsWithThePathWalked()
    {
        const WalkedFlowchart chart = wideFlowchart(40);
        FlowView view;
        const FlowSizes sizes = FlowSizes::of(chart, Theme::of(view.palette(), view.font()));
        view.resize(420, 300);
        view.setUseGraphviz(false);
        view.setFlowchart(chart);
        QVERIFY(QRectF(view.rect()).contains(view.nodeRect(0)));
        QVERIFY(view.nodeRect(0).width() >= 0.69 * sizes.nodes[0].width());
        QVERIFY(QRectF(view.rect()).intersects(view.nodeRect(20))); // the cause found
        QVERIFY(view.nodeRect(1).isEmpty());                        // open: left out
        QVERIFY(view.renderImage(false, 1).width() > 3000);         // pictures are whole

        auto *more = view.findChild<QPushButton *>(QStringLiteral("flowMore"));
        QVERIFY(!more->isHidden());
        QVERIFY(more->text().contains(QString::number(chart.nodes.size())));
        more->click();
        QVERIFY(!view.nodeRect(1).isEmpty());
        QVERIFY(QRectF(view.rect()).contains(view.nodeRect(40)));
        more->click();
        QVERIFY(view.nodeRect(1).isEmpty());
        // What is asked for by name is shown, though it was left out.
        view.setCurrentNode(1);
        QVERIFY(QRectF(view.rect()).contains(view.nodeRect(1)));
        QVERIFY(view.nodeRect(1).width() >= 0.69 * sizes.nodes[1].width());
    }
    void leavesNothingOutWhereThereIsRoom()
    {
        FlowView view;
        view.resize(1600, 1200);
        view.setUseGraphviz(false);
        view.setFlowchart(test::killedFlowchart());
        QVERIFY(!view.nodeRect(9).isEmpty());
        QVERIFY(view.findChild<QPushButton *>(QStringLiteral("flowMore"))->isHidden());
    }
    void putsLabelsBesideTheirEdges_data()
    {
        QTest::addColumn<bool>("leftToRight");
        QTest::newRow("down") << false;
        QTest::newRow("right") << true;
    }
    void putsLabelsBesideTheirEdges()
    {
        QFETCH(bool, leftToRight);
        WalkedFlowchart chart = test::killedFlowchart();
        chart.leftToRight = leftToRight;
        const FlowLayout layout = layeredLayout(chart, FlowSizes::of(chart, Theme::plain(false)));
        int labels = 0;
        for (const FlowEdgeLayout &edge : layout.edges) {
            if (edge.label.isEmpty())
                continue;
            ++labels;
            for (const QRectF &node : layout.nodes)
                QVERIFY(!node.intersects(edge.label));
            for (const FlowEdgeLayout &other : layout.edges)
                for (int at = 0; at <= 200 && !other.path.isEmpty(); ++at)
                    QVERIFY(!edge.label.contains(other.path.pointAtPercent(at / 200.0)));
        }
        QCOMPARE(labels, 8);
    }
    void writesSvgWithoutAWindow()
    {
        const QByteArray svg = renderFlowchartSvg(test::killedFlowchart(), false);
        QVERIFY(svg.contains("<svg"));
        QVERIFY(svg.contains("Job was killed"));
        QVERIFY(renderFlowchartSvg({}, false).isEmpty());
    }
};

FAULTLINE_TEST(TestFlowView)
#include "tst_flowview.moc"
