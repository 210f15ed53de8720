// SPDX-License-Identifier: GPL-3.0-or-later
// Exported flowcharts are read by Mermaid's own parser, where node and its packages are there (npm ci in tests/mermaid).
#include "app/analysis/analyze.h"
#include "models/playbooks/mermaidexport.h"
#include "tests/support/paths.h"
#include "tests/support/test.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStandardPaths>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

const QStringList HostileTexts{u"end"_s,
                               u"say \"hello\" & <b>bold</b> `code` #quot; #35;"_s,
                               u"%%{init: {\"theme\": \"dark\"}}%% rest"_s,
                               u"%% comment"_s,
                               u"a --> b; c |yes| d ]) }} :::taken"_s,
                               u"subgraph x\nend\nclick a callback"_s,
                               u"---\ntitle: x\n---"_s,
                               u"<script>alert(1)</script> javascript:alert(1)"_s,
                               u"\u202eright to left\u0000\u001b[31m"_s,
                               u"日本語 \U0001F4A5 – é"_s,
                               u"1. list"_s,
                               u"- item * star _under_ ~~x~~ $$x^2$$"_s,
                               u"\\ \\n \\\" {{ }} {% raw %}"_s,
                               u"@{ shape: x }"_s};

WalkedFlowchart hostileChart()
{
    WalkedFlowchart chart;
    chart.playbook = u"hostile"_s;
    for (const QString &text : HostileTexts) {
        WalkedNode node;
        node.id = text;
        node.label = text;
        node.isDecision = chart.nodes.size() % 2 == 0;
        node.byHand = node.isDecision;
        node.answer = text;
        node.cause = node.isDecision ? QString() : text;
        node.state = node.isDecision ? NodeState::Answered : NodeState::RuledOut;
        node.reason = text;
        chart.nodes.push_back(node);
        const int at = static_cast<int>(chart.nodes.size()) - 1;
        if (at > 0)
            chart.edges.push_back({at - 1, at, text, static_cast<EdgeState>(at % 4)});
    }
    chart.mermaid = mermaidOf(chart);
    return chart;
}

QJsonObject entry(const QString &name, const WalkedFlowchart &chart)
{
    return {{u"name"_s, name},
            {u"text"_s, chart.mermaid},
            {u"nodes"_s, static_cast<int>(chart.nodes.size())},
            {u"edges"_s, static_cast<int>(chart.edges.size())}};
}

/// A playbook as it is exported where nothing of it was walked.
WalkedFlowchart unwalked(const Playbook &playbook)
{
    WalkedFlowchart chart;
    chart.playbook = playbook.id;
    for (const FlowNode &from : playbook.chart.nodes) {
        WalkedNode node;
        node.id = from.id;
        node.label = from.label;
        node.isDecision = playbook.questions.contains(from.id);
        chart.nodes.push_back(node);
    }
    for (const FlowEdge &edge : playbook.chart.edges)
        chart.edges.push_back({edge.from, edge.to, edge.label, EdgeState::NotTaken});
    chart.mermaid = mermaidOf(chart);
    return chart;
}

} // namespace

class MermaidParserTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_node = QStandardPaths::findExecutable(u"node"_s);
        m_folder = test::sourcePath(u"tests/mermaid"_s);
        if (m_node.isEmpty() || !QFileInfo::exists(m_folder + u"/node_modules/mermaid"_s))
            QSKIP("node, or its packages, are not there: run npm ci in tests/mermaid");
    }

    void theCheckRefusesWhatIsNoFlowchart()
    {
        QCOMPARE(
            refused({QJsonObject{{u"name"_s, u"broken"_s}, {u"text"_s, u"flowchart TD\n a[\"x\" --> "_s}},
                     QJsonObject{{u"name"_s, u"other"_s}, {u"text"_s, u"flowchart TD\n a --> b\n"_s}, {u"nodes"_s, 3}},
                     QJsonObject{{u"name"_s, u"good"_s}, {u"text"_s, u"flowchart TD\n a --> b\n"_s}, {u"nodes"_s, 2}}}),
            (QStringList{u"broken"_s, u"other"_s}));
    }

    void shippedPlaybooksAreAccepted()
    {
        std::vector<Error> errors;
        const PlaybookSet set = loadPlaybooks({}, errors);
        QVERIFY(!set.playbooks.empty());
        QJsonArray charts;
        for (const Playbook &playbook : set.playbooks)
            charts.append(entry(playbook.id, unwalked(playbook)));
        QDirIterator files(u":/faultline/playbooks"_s, {u"*.md"_s});
        while (files.hasNext()) { // as they are written, for any Git host
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            const QString chart = text.section(u"```mermaid\n"_s, 1).section(u"\n```"_s, 0, 0);
            if (text.contains(u"```mermaid"_s))
                charts.append(QJsonObject{{u"name"_s, file.fileName()}, {u"text"_s, chart}});
        }
        QCOMPARE(refused(charts), QStringList());
    }

    void hostileTitlesAreAccepted() { QCOMPARE(refused({entry(u"hostile"_s, hostileChart())}), QStringList()); }

    void walkedDiagnosesAreAccepted()
    {
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        QJsonArray charts;
        const QDir runs(test::dataPath(u"runs"_s));
        const QStringList names = runs.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (qsizetype i = 0; i < names.size(); i += 4) { // a sample: each takes its time
            const auto analysis = analyze({runs.filePath(names[i])}, **knowledge, {});
            if (!analysis || !analysis->diagnosis)
                continue;
            for (const WalkedFlowchart &chart : analysis->diagnosis->flowcharts)
                charts.append(entry(names[i] % u'/' % chart.playbook, chart));
        }
        QVERIFY(charts.size() > 10);
        QCOMPARE(refused(charts), QStringList());
    }

private:
    QStringList refused(const QJsonArray &charts) const
    {
        QProcess process;
        process.setWorkingDirectory(m_folder);
        process.start(m_node, {u"check.mjs"_s});
        process.write(QJsonDocument(charts).toJson(QJsonDocument::Compact));
        process.closeWriteChannel();
        if (!process.waitForFinished(120'000) || process.exitCode() != 0)
            return {u"node: "_s + QString::fromUtf8(process.readAllStandardError())};
        QStringList names;
        for (const QJsonValue &value : QJsonDocument::fromJson(process.readAllStandardOutput()).array()) {
            qInfo().noquote() << value[u"name"_s].toString() << value[u"error"_s].toString().left(300);
            names.append(value[u"name"_s].toString());
        }
        return names;
    }

    QString m_node;
    QString m_folder;
};

FAULTLINE_TEST(MermaidParserTest)
#include "tst_mermaidparser.moc"
