// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/playbook.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// "a>b:label c>d" of the edges, in order.
QString edgesOf(const Flowchart &chart)
{
    QStringList edges;
    for (const FlowEdge &edge : chart.edges) {
        const auto id = [&](int index) { return chart.nodes[static_cast<size_t>(index)].id; };
        edges += id(edge.from) + u'>' + id(edge.to) + (edge.label.isEmpty() ? QString() : QString(u':' + edge.label));
    }
    return edges.join(u' ');
}

} // namespace

class TestMermaid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsEdges_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("edges");
        QTest::newRow("arrow") << u"graph TD\nA-->B"_s << u"A>B"_s;
        QTest::newRow("semicolons") << u"graph LR; A-->B; B-->C"_s << u"A>B B>C"_s;
        QTest::newRow("chain") << u"flowchart TD\n a --> b --> c"_s << u"a>b b>c"_s;
        QTest::newRow("pipe label") << u"graph TD\nB -->|否| C"_s << u"B>C:否"_s;
        QTest::newRow("text label") << u"graph TD\nB -- 是 --> C"_s << u"B>C:是"_s;
        QTest::newRow("two words") << u"graph TD\nB -- no way --> C"_s << u"B>C:no way"_s;
        QTest::newRow("quoted label") << u"graph TD\nB -->|\"a | b\"| C"_s << u"B>C:a | b"_s;
        QTest::newRow("quoted text") << u"graph TD\nB -- \"x --> y\" --> C"_s << u"B>C:x --> y"_s;
        QTest::newRow("dotted") << u"graph TD\nA -.-> B\nA -. why .-> C"_s << u"A>B A>C:why"_s;
        QTest::newRow("thick") << u"graph TD\nA ==> B\nA == so ==> C"_s << u"A>B A>C:so"_s;
        QTest::newRow("line") << u"graph TD\nA --- B\nA -- t --- C"_s << u"A>B A>C:t"_s;
        QTest::newRow("long") << u"graph TD\nA ----> B\nA -..-> C\nA ====> D"_s << u"A>B A>C A>D"_s;
        QTest::newRow("heads") << u"graph TD\nA --o B\nA --x C\nA <--> D\nA o--o E"_s << u"A>B A>C A>D A>E"_s;
        QTest::newRow("ampersand") << u"graph TD\na & b --> c & d"_s << u"a>c a>d b>c b>d"_s;
        QTest::newRow("unseen") << u"graph TD\na ~~~ b"_s << u"a>b"_s;
        QTest::newRow("dots in ids") << u"graph TD\nq -->|yes| mem.oom.cgroup[Its own limit]"_s
                                     << u"q>mem.oom.cgroup:yes"_s;
        QTest::newRow("dash in ids") << u"graph TD\ntest-failed-->x-1"_s << u"test-failed>x-1"_s;
        QTest::newRow("nodes inside") << u"graph TD\nA([x]) --> B{y?} -->|ok| C[z]"_s << u"A>B B>C:ok"_s;
        QTest::newRow("classes") << u"graph TD\nA:::red --> B:::blue"_s << u"A>B"_s;
        QTest::newRow("no space") << u"graph TD\nA[a]-->|l|B{b}"_s << u"A>B:l"_s;
        QTest::newRow("crlf") << u"graph TD\r\nA --> B\r\nB --> C\r\n"_s << u"A>B B>C"_s;
        QTest::newRow("comments") << u"%% first\ngraph TD %% not a comment's place\nA --> B %% second\n%% third\n"_s
                                  << u"A>B"_s;
        QTest::newRow("styles")
            << u"graph TD\nclassDef a fill:#f00,stroke:red;\nA-->B\nclass A,B a\nstyle A fill:#fff\nlinkStyle 0 stroke:red"_s
            << u"A>B"_s;
        QTest::newRow("directive") << u"%%{init: {'theme': 'dark'}}%%\ngraph TD\nA-->B"_s << u"A>B"_s;
        QTest::newRow("front matter") << u"---\ntitle: T\n---\nflowchart LR\nA-->B"_s << u"A>B"_s;
        QTest::newRow("no direction") << u"flowchart\nA-->B"_s << u"A>B"_s;
    }
    void readsEdges()
    {
        QFETCH(QString, text);
        QFETCH(QString, edges);
        const auto chart = parseMermaid(text, u"x.md"_s, 1);
        QVERIFY2(chart.has_value(), chart ? "" : qPrintable(chart.error().toString()));
        QCOMPARE(edgesOf(*chart), edges);
    }

    void readsShapesAndLabels_data()
    {
        QTest::addColumn<QString>("node");
        QTest::addColumn<NodeShape>("shape");
        QTest::addColumn<QString>("label");
        QTest::newRow("rect") << u"A[启动测试]"_s << NodeShape::Rect << u"启动测试"_s;
        QTest::newRow("diamond") << u"A{达到b.N?}"_s << NodeShape::Diamond << u"达到b.N?"_s;
        QTest::newRow("signs") << u"A{下降 >5%?}"_s << NodeShape::Diamond << u"下降 >5%?"_s;
        QTest::newRow("blanks") << u"A{ Killed ?}"_s << NodeShape::Diamond << u"Killed ?"_s;
        QTest::newRow("rounded") << u"A(x)"_s << NodeShape::Rounded << u"x"_s;
        QTest::newRow("stadium") << u"A([x y])"_s << NodeShape::Stadium << u"x y"_s;
        QTest::newRow("circle") << u"A((x))"_s << NodeShape::Circle << u"x"_s;
        QTest::newRow("double") << u"A(((x)))"_s << NodeShape::DoubleCircle << u"x"_s;
        QTest::newRow("subroutine") << u"A[[killed]]"_s << NodeShape::Subroutine << u"killed"_s;
        QTest::newRow("cylinder") << u"A[(db)]"_s << NodeShape::Cylinder << u"db"_s;
        QTest::newRow("hexagon") << u"A{{x}}"_s << NodeShape::Hexagon << u"x"_s;
        QTest::newRow("asymmetric") << u"A>x]"_s << NodeShape::Asymmetric << u"x"_s;
        QTest::newRow("parallelogram") << u"A[/x/]"_s << NodeShape::Parallelogram << u"x"_s;
        QTest::newRow("parallelogram left") << u"A[\\x\\]"_s << NodeShape::Parallelogram << u"x"_s;
        QTest::newRow("trapezoid") << u"A[/x\\]"_s << NodeShape::Trapezoid << u"x"_s;
        QTest::newRow("quoted") << u"A[\"a [b] (c) {d}\"]"_s << NodeShape::Rect << u"a [b] (c) {d}"_s;
        QTest::newRow("brackets that match") << u"A[a [b] c]"_s << NodeShape::Rect << u"a [b] c"_s;
        QTest::newRow("other brackets") << u"A[Ready (in time)?]"_s << NodeShape::Rect << u"Ready (in time)?"_s;
        QTest::newRow("entities") << u"A[\"say #quot;no#quot; &amp; go #35;1\"]"_s << NodeShape::Rect
                                  << u"say \"no\" & go #1"_s;
        QTest::newRow("break") << u"A[one<br/>two]"_s << NodeShape::Rect << u"one\ntwo"_s;
        QTest::newRow("markdown") << u"A[\"`x **y**`\"]"_s << NodeShape::Rect << u"x **y**"_s;
        QTest::newRow("id alone") << u"A"_s << NodeShape::Rect << u"A"_s;
        QTest::newRow("new form") << u"A@{ shape: diamond, label: \"Is it?\" }"_s << NodeShape::Diamond << u"Is it?"_s;
    }
    void readsShapesAndLabels()
    {
        QFETCH(QString, node);
        QFETCH(NodeShape, shape);
        QFETCH(QString, label);
        const auto chart = parseMermaid(u"graph TD\n" + node + u" --> Z"_s, u"x.md"_s, 1);
        QVERIFY2(chart.has_value(), chart ? "" : qPrintable(chart.error().toString()));
        QCOMPARE(chart->nodes[0].id, u"A"_s);
        QCOMPARE(chart->nodes[0].label, label);
        QVERIFY(chart->nodes[0].shape == shape);
    }

    void readsSubgraphs()
    {
        const auto chart = parseMermaid(uR"(flowchart LR
subgraph one [The first]
  direction TB
  a --> b
  subgraph "two and three"
    c
  end
end
subgraph Some words here
  d
end
b --> c --> d)"_s,
                                        u"x.md"_s, 1);
        QVERIFY2(chart.has_value(), chart ? "" : qPrintable(chart.error().toString()));
        QCOMPARE(chart->direction, u"LR"_s);
        QCOMPARE(chart->subgraphs.size(), 3u);
        QCOMPARE(chart->subgraphs[0].id, u"one"_s);
        QCOMPARE(chart->subgraphs[0].label, u"The first"_s);
        QCOMPARE(chart->subgraphs[0].nodes, (std::vector<int>{0, 1}));
        QCOMPARE(chart->subgraphs[1].label, u"two and three"_s);
        QCOMPARE(chart->subgraphs[2].label, u"Some words here"_s);
        QCOMPARE(chart->edges.size(), 3u);
    }

    void tellsWhereItIsWrong_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::newRow("no header") << u"A --> B"_s << 10 << 1;
        QTest::newRow("other diagram") << u"sequenceDiagram\nA->>B: x"_s << 10 << 1;
        QTest::newRow("direction") << u"graph XX\nA-->B"_s << 10 << 7;
        QTest::newRow("unclosed label") << u"graph TD\n  A --> B[open"_s << 11 << 10;
        QTest::newRow("unclosed quote") << u"graph TD\nA[\"open]"_s << 11 << 3;
        QTest::newRow("after quote") << u"graph TD\nA[\"x\" y]"_s << 11 << 7;
        QTest::newRow("no target") << u"graph TD\nA -->"_s << 11 << 6;
        QTest::newRow("no arrow") << u"graph TD\nA B"_s << 11 << 3;
        QTest::newRow("unclosed arrow") << u"graph TD\nA -- text B"_s << 11 << 3;
        QTest::newRow("end") << u"graph TD\nA --> B\nend"_s << 12 << 1;
        QTest::newRow("no end") << u"graph TD\nsubgraph x\nA"_s << 11 << 1;
        QTest::newRow("sign") << u"graph TD\nA --> ]"_s << 11 << 7;
        QTest::newRow("unclosed pipe") << u"graph TD\nA -->|x B"_s << 11 << 6;
    }
    void tellsWhereItIsWrong()
    {
        QFETCH(QString, text);
        QFETCH(int, line);
        QFETCH(int, column);
        const auto chart = parseMermaid(text, u"x.md"_s, 10);
        QVERIFY(!chart.has_value());
        QVERIFY(!chart.error().message.isEmpty());
        QCOMPARE(chart.error().position.line, line);
        QCOMPARE(chart.error().position.column, column);
    }

    void survivesHostileText()
    {
        const QString seed = u"graph TD\nA([x]) -->|y| B{z?} -- t --> C[[k]] & D\nsubgraph s\nE@{ shape: x }\nend\n"_s;
        const QString signs = u"[](){}<>|-=.\"'`%&;:@#\\/\n x\u4e2d"_s;
        quint32 random = 1;
        const auto next = [&](qsizetype below) {
            random = random * 1664525u + 1013904223u;
            return static_cast<qsizetype>((random >> 8) % static_cast<quint32>(below));
        };
        for (int round = 0; round < 3000; ++round) {
            QString text = seed;
            for (int change = 0; change < 4; ++change)
                text[next(text.size())] = signs[next(signs.size())];
            text.truncate(next(text.size()) + 1);
            (void)parseMermaid(text, u"x.md"_s, 1);
        }
    }
};

FAULTLINE_TEST(TestMermaid)
#include "tst_mermaid.moc"
