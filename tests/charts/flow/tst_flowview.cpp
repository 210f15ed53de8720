// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/theme.h"
#include "charts/flow/flowlayout.h"
#include "charts/flow/flowview.h"
#include "tests/charts/support/incident.h"
#include "tests/charts/support/screenshot.h"
#include "tests/support/test.h"

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
