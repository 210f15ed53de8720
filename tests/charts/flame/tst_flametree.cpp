// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/flame/flameview.h"
#include "tests/support/test.h"

#include <QSignalSpy>

using namespace faultline;

namespace {

/// main calls work and idle; work calls parse twice over, once through itself.
Profile profile(double parse = 30)
{
    Profile made;
    made.type = "cpu";
    made.unit = "nanoseconds";
    made.callFunctions =
        std::make_shared<const std::vector<QByteArray>>(std::vector<QByteArray>{"main", "work", "parse", "idle"});
    made.calls = {{-1, 0, 0}, {0, 1, 10}, {1, 2, parse}, {1, 1, 0}, {3, 2, 20}, {0, 3, 40}};
    return made;
}

int nodeOf(const FlameTree &tree, const QList<QByteArray> &path)
{
    int at = 0;
    for (const QByteArray &name : path) {
        const FlameTree::Node &node = tree.node(at);
        int next = -1;
        for (qint32 child = node.firstChild; child < node.firstChild + node.childCount; ++child) {
            if (tree.name(child) == name)
                next = child;
        }
        if (next < 0)
            return -1;
        at = next;
    }
    return at;
}

double totalOf(const FlameTree &tree, const QList<QByteArray> &path)
{
    const int node = nodeOf(tree, path);
    return node < 0 ? -1 : tree.node(node).total;
}

} // namespace

class TestFlameTree : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addsUpFromCallerToCallee()
    {
        const FlameTree tree = FlameTree::callees(profile());
        QCOMPARE(tree.total(), 100.0);
        QCOMPARE(totalOf(tree, {"main"}), 100.0);
        QCOMPARE(totalOf(tree, {"main", "work"}), 60.0);
        QCOMPARE(totalOf(tree, {"main", "work", "parse"}), 30.0);
        QCOMPARE(totalOf(tree, {"main", "work", "work", "parse"}), 20.0);
        QCOMPARE(tree.node(nodeOf(tree, {"main", "work"})).self, 10.0);
        // The heaviest child comes first.
        QCOMPARE(tree.name(tree.node(nodeOf(tree, {"main"})).firstChild), QByteArray("work"));
    }

    void turnsPathsAround()
    {
        const FlameTree tree = FlameTree::callers(profile());
        QCOMPARE(tree.total(), 100.0);
        QCOMPARE(totalOf(tree, {"parse"}), 50.0);
        QCOMPARE(totalOf(tree, {"parse", "work", "main"}), 30.0);
        QCOMPARE(totalOf(tree, {"idle", "main"}), 40.0);
    }

    void showsOneFunctionFromBothSides()
    {
        const FlameTree down = FlameTree::around(profile(), "work", false);
        QCOMPARE(down.total(), 60.0); // its recursion counts once
        QCOMPARE(totalOf(down, {"work", "parse"}), 30.0);
        QCOMPARE(totalOf(down, {"work", "work", "parse"}), 20.0);
        const FlameTree up = FlameTree::around(profile(), "parse", true);
        QCOMPARE(up.total(), 50.0);
        QCOMPARE(totalOf(up, {"parse", "work"}), 50.0);
        QVERIFY(FlameTree::around(profile(), "nobody", false).isEmpty());
    }

    void comparesTwoProfiles()
    {
        const FlameTree tree = FlameTree::difference(profile(10), profile(70));
        QVERIFY(tree.isDifference());
        const int parse = nodeOf(tree, {"main", "work", "parse"});
        QCOMPARE(tree.node(parse).total, 70.0);
        QCOMPARE(tree.node(parse).before, 10.0);
        QCOMPARE(tree.total(), 140.0);
    }

    void weighsFunctionsOnceForRecursion()
    {
        const auto weights = functionWeights(profile());
        QCOMPARE(weights[0].function, QByteArray("main"));
        QCOMPARE(weights[1].function, QByteArray("work"));
        QCOMPARE(weights[1].cum, 60.0);
        QCOMPARE(weights[1].flat, 10.0);
    }

    void weighsWhatASearchFinds()
    {
        const FlameTree tree = FlameTree::callees(profile());
        QCOMPARE(tree.weightOf(QStringLiteral("PARSE")), 50.0);
        QCOMPARE(tree.weightOf(QStringLiteral("work")), 60.0); // the inner one is part of it
        QCOMPARE(tree.weightOf(QString()), 0.0);
    }

    void fillsTheWidthAndLeavesOutSlivers()
    {
        const FlameTree tree = FlameTree::callees(profile());
        const auto boxes = layOutFlames(tree, 0, 0.25);
        for (const FlameBox &box : boxes) {
            QVERIFY(box.width >= 0.25);
            QVERIFY(box.from >= 0 && box.from + box.width <= 1 + 1e-9);
        }
        QCOMPARE(boxes.size(), size_t(5)); // all, main, work, idle, parse
        const auto zoomed = layOutFlames(tree, nodeOf(tree, {"main", "work"}), 0.01);
        QCOMPARE(zoomed.front().width, 1.0);
        QCOMPARE(zoomed[2].node, nodeOf(tree, {"main", "work"}));
        QCOMPARE(zoomed[2].width, 1.0);
        QVERIFY(layOutFlames({}, 0, 0.1).empty());
    }

    void zoomsByPointerAndKeys()
    {
        FlameView view;
        view.resize(600, 200);
        view.show();
        view.setTree(FlameTree::callees(profile()), "nanoseconds");
        const int work = nodeOf(view.tree(), {"main", "work"});
        QSignalSpy zoomed(&view, &FlameView::zoomChanged);
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, view.boxRect(work).center().toPoint());
        QCOMPARE(zoomed.count(), 1);
        QCOMPARE(view.zoomed(), work);
        QTest::keyClick(&view, Qt::Key_Down);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(view.tree().name(view.zoomed()), QByteArray("parse"));
        QTest::keyClick(&view, Qt::Key_Backspace);
        QTest::keyClick(&view, Qt::Key_Backspace);
        QCOMPARE(view.tree().name(view.zoomed()), QByteArray("main"));
        QTest::keyClick(&view, Qt::Key_Home);
        QCOMPARE(view.zoomed(), 0);
        QVERIFY(view.renderSvg(true, 600).contains("<svg"));
        QVERIFY(!view.renderImage(false, 600).isNull());
    }

    void survivesAProfileWithoutPaths()
    {
        FlameView view;
        view.setTree(FlameTree::callees({}), {});
        QTest::keyClick(&view, Qt::Key_Down);
        QVERIFY(view.boxes().empty());
        QVERIFY(!view.grab().isNull());
    }
};

FAULTLINE_TEST(TestFlameTree)
#include "tst_flametree.moc"
