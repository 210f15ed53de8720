// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/check.h"
#include "models/playbooks/markdown.h"
#include "models/playbooks/placeholders.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Good = R"(# The job was killed

What to look at when a job ends with 137.

Starts when
```sql
SELECT source, line FROM failures WHERE id = :failure AND exit_code = 137
```
```mermaid
flowchart TD
    killed([Job was killed]) --> kernel{Did the kernel kill it?}
    kernel -->|yes| whose{Whose limit?}
    kernel -->|no| rest[[other]]
    whose -->|its own cgroup| mem.oom.cgroup[Its own limit]
    whose -->|the whole machine| mem.oom.global[The machine]
```

## kernel
The kernel says whom it killed.

Window: -90s..+5m
Can show it: kernel-log, kube-describe
Absence counts from: kernel-log or journal, kube-describe
Strength: proves
Find out with: `journalctl -k -b -o json > kernel.json`
Rules out: no -> mem.oom.global
```sql
SELECT source, line FROM events WHERE signature = 'kernel.oom_kill'
```

## whose
Absence counts from: the failing log
Find out with: `dmesg`
```sql
SELECT source, line, 'its own cgroup' AS answer FROM events
```
)";

PlaybookSet smallSet()
{
    PlaybookSet set;
    for (const QString &id : {u"mem.oom.cgroup"_s, u"mem.oom.global"_s})
        set.causes[id].id = id;
    set.causes[u"exit.137"_s].isSymptom = true;
    Playbook other;
    other.id = u"other"_s;
    other.chart.nodes = {{u"mem.oom.cgroup"_s, u"x"_s, NodeShape::Rect, {}}};
    set.playbooks.push_back(other);
    return set;
}

} // namespace

class TestPlaybook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAPlaybook()
    {
        const auto playbook = parsePlaybook(Good, u"folder/killed.md"_s);
        QVERIFY2(playbook.has_value(), playbook ? "" : qPrintable(playbook.error().front().toString()));
        QCOMPARE(playbook->id, u"killed"_s);
        QCOMPARE(playbook->title, u"The job was killed"_s);
        QCOMPARE(playbook->intro, u"What to look at when a job ends with 137."_s);
        QVERIFY(playbook->startsWhen.contains(u"exit_code = 137"));
        QCOMPARE(playbook->startsPosition.line, 7);
        QCOMPARE(playbook->chart.nodes.size(), 6u);
        QCOMPARE(playbook->chart.nodes[0].position.line, 11);
        const Question &kernel = playbook->questions.at(u"kernel"_s);
        QCOMPARE(kernel.text, u"The kernel says whom it killed."_s);
        QCOMPARE(kernel.before, 90 * NsPerSecond);
        QCOMPARE(kernel.after, 5 * NsPerMinute);
        QCOMPARE(kernel.canShow.size(), 2u);
        QCOMPARE(kernel.absenceGroups.size(), 2u);
        QCOMPARE(kernel.absenceGroups[0].size(), 2u);
        QVERIFY(kernel.strength == Strength::Proves);
        QCOMPARE(kernel.findOutWith, u"journalctl -k -b -o json > kernel.json"_s);
        QCOMPARE(kernel.rulesOut.size(), 1u);
        QCOMPARE(kernel.rulesOut[0].edge, u"no"_s);
        QCOMPARE(kernel.rulesOut[0].causes, QStringList{u"mem.oom.global"_s});
        QCOMPARE(kernel.position.line, 18);
        const Question &whose = playbook->questions.at(u"whose"_s);
        QVERIFY(whose.absenceCountsFromOwn);
        QVERIFY(whose.strength == Strength::Supports);
        QCOMPARE(whose.before, 60 * NsPerSecond);
        QVERIFY(checkPlaybookFile(Good, u"killed.md"_s, smallSet(), nullptr).empty());
    }

    void tellsMistakes_data()
    {
        QTest::addColumn<QByteArray>("find");
        QTest::addColumn<QByteArray>("replace");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        QTest::addColumn<QString>("word");
        QTest::newRow("no section") << QByteArray("## whose\n") << QByteArray("## who\n") << 12 << 21
                                    << u"has no section"_s;
        QTest::newRow("unknown section") << QByteArray("## whose\n") << QByteArray("## who\n") << 31 << 4
                                         << u"No node"_s;
        QTest::newRow("no query") << QByteArray("```sql\nSELECT source, line, '")
                                  << QByteArray("```text\nSELECT source, line, '") << 31 << 4 << u"has no query"_s;
        QTest::newRow("window") << QByteArray("-90s..+5m") << QByteArray("-90..+5m") << 21 << 9 << u"no window"_s;
        QTest::newRow("turned window") << QByteArray("-90s..+5m") << QByteArray("+9m..+5m") << 21 << 9
                                       << u"no window"_s;
        QTest::newRow("kind") << QByteArray("it: kernel-log, kube") << QByteArray("it: kernel-logs, kube") << 22 << 14
                              << u"no kind"_s;
        QTest::newRow("strength") << QByteArray("Strength: proves") << QByteArray("Strength: maybe") << 24 << 11
                                  << u"no strength"_s;
        QTest::newRow("unknown key") << QByteArray("Strength: proves") << QByteArray("Power: proves") << 24 << 1
                                     << u"Unknown key"_s;
        QTest::newRow("no command") << QByteArray("Find out with: `dmesg`\n") << QByteArray() << 31 << 4
                                    << u"how to find out"_s;
        QTest::newRow("rules out") << QByteArray("Rules out: no ->") << QByteArray("Rules out: never ->") << 18 << 4
                                   << u"no such answer"_s;
        QTest::newRow("no label") << QByteArray("kernel -->|yes| whose") << QByteArray("kernel --> whose") << 12 << 12
                                  << u"no label"_s;
        QTest::newRow("same label") << QByteArray("kernel -->|no|") << QByteArray("kernel -->|Yes|") << 13 << 12
                                    << u"two edges"_s;
        QTest::newRow("dead label") << QByteArray("kernel -->|no|") << QByteArray("kernel -->|never|") << 13 << 12
                                    << u"never be the answer"_s;
        QTest::newRow("one answer") << QByteArray("    whose -->|the whole machine| mem.oom.global[The machine]\n")
                                    << QByteArray() << 12 << 21 << u"fewer than two"_s;
        QTest::newRow("unreachable") << QByteArray("whose -->|the whole machine| mem.oom.global[The machine]")
                                     << QByteArray("x --> mem.oom.global[The machine]") << 15 << 5
                                     << u"Nothing leads to"_s;
        QTest::newRow("circle") << QByteArray("mem.oom.cgroup[Its own limit]") << QByteArray("kernel") << 14 << 11
                                << u"leads back"_s;
        QTest::newRow("cause") << QByteArray("mem.oom.cgroup[") << QByteArray("mem.oom.group[") << 14 << 31
                               << u"no cause"_s;
        QTest::newRow("symptom") << QByteArray("mem.oom.cgroup[") << QByteArray("exit.137[") << 14 << 31
                                 << u"symptom"_s;
        QTest::newRow("playbook") << QByteArray("rest[[other]]") << QByteArray("rest[[another]]") << 13 << 20
                                  << u"no playbook"_s;
        QTest::newRow("itself") << QByteArray("rest[[other]]") << QByteArray("rest[[killed]]") << 13 << 20
                                << u"calls itself"_s;
        QTest::newRow("ruled out cause") << QByteArray("-> mem.oom.global") << QByteArray("-> mem.oom.globe") << 18 << 4
                                         << u"no cause"_s;
        QTest::newRow("chart") << QByteArray("killed([Job was killed]) --> kernel")
                               << QByteArray("killed([Job was killed) --> kernel") << 11 << 11 << u"not closed"_s;
        QTest::newRow("title") << QByteArray("# The job was killed\n") << QByteArray() << 1 << 1 << u"no title"_s;
    }
    void tellsMistakes()
    {
        QFETCH(QByteArray, find);
        QFETCH(QByteArray, replace);
        QFETCH(int, line);
        QFETCH(int, column);
        QFETCH(QString, word);
        QByteArray text = Good;
        QVERIFY(text.contains(find));
        text.replace(find, replace);
        const std::vector<Error> errors = checkPlaybookFile(text, u"killed.md"_s, smallSet(), nullptr);
        QStringList all;
        for (const Error &e : errors)
            all += e.toString();
        const auto found = std::ranges::find_if(errors, [&](const Error &e) { return e.message.contains(word); });
        QVERIFY2(found != errors.end(), qPrintable(all.join(u'\n')));
        QCOMPARE(found->position.line, line);
        QCOMPARE(found->position.column, column);
        QCOMPARE(found->source, u"killed.md"_s);
    }

    void tellsCallsInACircle()
    {
        PlaybookSet set = smallSet();
        set.playbooks[0].chart.nodes = {{u"killed"_s, u"killed"_s, NodeShape::Subroutine, {}}};
        auto killed = parsePlaybook(Good, u"killed.md"_s);
        QVERIFY(killed.has_value());
        set.playbooks.push_back(*killed);
        QVERIFY(!checkReferences(set.playbooks[0], set).empty());
        QVERIFY(!checkReferences(set.playbooks[1], set).empty());
    }

    void readsACause()
    {
        const auto cause = parseCause(R"(# Memory limit
Kind: resource
Depth: root

The kernel killed {comm|a process} (pid {pid}) at {limit:bytes}.

## Remedy
- Raise the limit
- Use less

## Prevention
Watch it.
)",
                                      u"mem.oom.cgroup.md"_s);
        QVERIFY2(cause.has_value(), cause ? "" : qPrintable(cause.error().front().toString()));
        QCOMPARE(cause->id, u"mem.oom.cgroup"_s);
        QVERIFY(cause->isResource);
        QVERIFY(cause->depth == Depth::Root);
        QCOMPARE(cause->explanation, u"The kernel killed {comm|a process} (pid {pid}) at {limit:bytes}."_s);
        QVERIFY(cause->remedy.contains(u"- Use less"));
        QCOMPARE(cause->prevention, u"Watch it."_s);
    }

    void tellsMistakesOfCauses_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("line");
        QTest::newRow("empty") << QByteArray() << u"a.b.md"_s << 1;
        QTest::newRow("kind") << QByteArray("# T\nKind: thing\n\nx\n## Remedy\ny") << u"a.b.md"_s << 2;
        QTest::newRow("placeholder") << QByteArray("# T\n\nx {y z}\n## Remedy\ny") << u"a.b.md"_s << 3;
        QTest::newRow("format") << QByteArray("# T\n\nx {y:furlongs}\n## Remedy\ny") << u"a.b.md"_s << 3;
        QTest::newRow("section") << QByteArray("# T\n\nx\n## Fix\ny") << u"a.b.md"_s << 4;
        QTest::newRow("no remedy") << QByteArray("# T\n\nx\n") << u"a.b.md"_s << 1;
        QTest::newRow("id") << QByteArray("# T\n\nx\n## Remedy\ny") << u"A b.md"_s << 1;
    }
    void tellsMistakesOfCauses()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, file);
        QFETCH(int, line);
        const auto errors = checkCauseFile(text, file);
        QVERIFY(!errors.empty());
        QCOMPARE(errors.front().position.line, line);
    }

    void fillsAndEscapesPlaceholders()
    {
        const PlaceholderValues values{{u"comm"_s, u"*evil*<b> `x`"_s},
                                       {u"limit"_s, 335544320},
                                       {u"wait"_s, qint64(90) * NsPerSecond},
                                       {u"ratio"_s, 0.42}};
        QCOMPARE(fillPlaceholders(
                     u"{comm} at {limit:bytes}, {wait:duration}, {ratio:percent}, {none|nothing}, {none}"_s, values),
                 u"\\*evil\\*&lt;b&gt; \\`x\\` at 320 MiB, 90.0 s, 42 %, nothing, unknown"_s);
        QCOMPARE(plainFromMarkdown(fillPlaceholders(u"It was **{comm}**."_s, values)), u"It was *evil*<b> `x`."_s);
        QCOMPARE(fillPlaceholders(u"{files} of {most}"_s, {{u"files"_s, 1024.0}, {u"most"_s, 0.273312}}),
                 u"1024 of 0.273"_s);
    }

    void knowsYesAndNo()
    {
        QVERIFY(isYes(u"是") && isYes(u"Yes ") && !isYes(u"no"));
        QVERIFY(isNo(u"否") && isNo(u"NO") && !isNo(u"none"));
    }
};

FAULTLINE_TEST(TestPlaybook)
#include "tst_playbook.moc"
