// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/answering.h"
#include "models/playbooks/walker.h"
#include "models/store/casedatabase.h"
#include "tests/models/store/handmadecase.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;

namespace {

const QByteArray Killed = R"(# Killed
Starts when
```sql
SELECT source, line FROM failures WHERE id = :failure AND signal = 'SIGKILL'
```
```mermaid
flowchart TD
    start([Killed]) --> kernel{Did the kernel kill it?}
    kernel -->|yes| whose{Whose limit?}
    kernel -->|no| rest[[rest]]
    whose -->|its own| mem.oom.cgroup[Its own limit]
    whose -->|the machine| mem.oom.global[The machine]
```
## kernel
Window: -60s..+5s
Absence counts from: kernel-log
Strength: proves
Find out with: `dmesg`
Rules out: no
```sql
SELECT source, line, last_line, text, time, time_lo, time_hi, cgroup, pid, fields FROM events
WHERE signature = 'kernel.oom_kill' AND overlaps(time_lo, time_hi, :from, :to)
```
## whose
Strength: proves
Find out with: `dmesg`
```sql
SELECT source, line, text, time, cgroup,
  CASE json_extract(fields, '$.scope') WHEN 'memcg' THEN 'its own' WHEN 'global' THEN 'the machine' WHEN 'odd' THEN 'odd' END AS answer
FROM events WHERE signature = 'kernel.oom_kill' AND overlaps(time_lo, time_hi, :from, :to)
```
)";

const QByteArray Rest = R"(# The rest
```mermaid
flowchart LR
    s([Who else?]) --> runner{Was the runner stopped?}
    runner -->|yes| runner.shutdown[The runner was stopped]
    runner -->|no| kill.unknown_sender[Nobody knows]
```
## runner
Absence counts from: the failing log
Find out with: `journalctl`
```sql
SELECT source, line, text, time FROM events WHERE signature = 'runner.shutdown' AND source = :source AND line <= :line
```
)";

Event oomKill(double seconds, const QByteArray &scope, const QByteArray &cgroup = "/ci-job", bool placed = true)
{
    Event event;
    event.line = event.lastLine = 1;
    if (placed)
        event.time = SourceInterval{at(seconds), at(seconds)};
    event.signature = "kernel.oom_kill";
    event.text = "Killed process 42 (x*y)";
    event.fields = {{"scope", scope}, {"pid", "42"}, {"comm", "x*y"}};
    event.identity.cgroup = cgroup;
    event.identity.pid = 42;
    return event;
}

/// Source 0 is the log that fails at second 8, source 1 a kernel log that covers seconds -100..20.
struct Case {
    std::shared_ptr<SourceEvidence> log =
        textSource(u"run/ci.log"_s, SourceKind::CiLog, "0 start\n4 working\n8 Killed\n");
    std::shared_ptr<SourceEvidence> kernel = textSource(u"run/dmesg.txt"_s, SourceKind::KernelLog, "1 oom\n2 more\n");
    std::optional<double> failedAt = 8.0;
    bool kernelPlaced = true;
    std::optional<double> limit; ///< Of the kernel's first series, where it has one.
    HandAnswers answers;
    QByteArray killed = Killed;

    Case()
    {
        kernel->coverage.push_back({{}, at(-100), at(20), CoverageHow::Stated});
        kernel->last = at(2);
        log->last = at(8);
    }

    Diagnosis diagnose() const
    {
        auto evidence = std::make_shared<Evidence>();
        evidence->sources = {log, kernel};
        auto placement = std::make_shared<Placement>(placedAsWritten(*evidence));
        if (!kernelPlaced)
            placement->sources[1].segments.clear();
        auto findings = std::make_shared<Findings>();
        Failure failure;
        failure.id = 0;
        failure.source = 0;
        failure.line = failure.lastLine = 3;
        failure.signal = "SIGKILL";
        failure.what = u"the job was killed"_s;
        failure.identity.cgroup = "/ci-job";
        if (failedAt) {
            const TimeNs time{at(*failedAt).ns};
            failure.time = PlacedTime{time, time, time};
        }
        findings->failures.push_back(failure);
        findings->limitSeries.assign(evidence->allSeries().size(), -1);
        findings->limitValues.assign(evidence->allSeries().size(), limit);
        Analysis analysis{evidence, placement, findings, nullptr};
        PlaybookSet set;
        for (const auto &[name, text] : {std::pair(u"killed.md"_s, killed), std::pair(u"rest.md"_s, Rest)}) {
            auto playbook = parsePlaybook(text, name);
            if (!playbook)
                qFatal("%s", qPrintable(playbook.error().front().toString()));
            set.playbooks.push_back(*playbook);
        }
        for (const QString &id :
             {u"mem.oom.cgroup"_s, u"mem.oom.global"_s, u"runner.shutdown"_s, u"kill.unknown_sender"_s}) {
            Cause &cause = set.causes[id];
            cause.id = cause.title = id;
            cause.isResource = id.startsWith(u"mem.");
            cause.explanation = u"{comm|something} died"_s;
            cause.remedy = u"more"_s;
        }
        auto database = CaseDatabase::open(analysis);
        if (!database)
            qFatal("%s", qPrintable(database.error().toString()));
        return faultline::diagnose(analysis, **database, set, answers, {});
    }
};

QString summary(const Diagnosis &diagnosis)
{
    QStringList parts;
    for (const Verdict &v : diagnosis.verdicts)
        parts += v.cause % u' ' % QString(verdictStatusName(v.status));
    for (const RuledOut &r : diagnosis.ruledOut)
        parts += u'-' % r.cause;
    for (const Missing &m : diagnosis.missing)
        parts += u'?' % m.command;
    for (const Error &e : diagnosis.errors)
        parts += u'!' % e.message;
    return parts.join(u", ");
}

} // namespace

class TestWalker : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aProofConfirms()
    {
        Case run;
        run.kernel->events.push_back(oomKill(7, "memcg"));
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(summary(diagnosis), u"mem.oom.cgroup confirmed"_s);
        const Verdict &verdict = diagnosis.verdicts[0];
        QVERIFY(verdict.confidence >= 0.95);
        QCOMPARE(verdict.path, (QStringList{u"killed"_s, u"kernel=yes"_s, u"whose=its own"_s}));
        QCOMPARE(verdict.playbook, u"killed"_s);
        QCOMPARE(verdict.evidence.size(), 1u);
        QCOMPARE(verdict.evidence[0].source, 1);
        QCOMPARE(verdict.evidence[0].line, 1);
        QCOMPARE(verdict.explanation, u"x\\*y died"_s);
        QCOMPARE(diagnosis.flowcharts.size(), 1u);
    }

    void withoutSharedIdentityItIsLessSure()
    {
        Case run;
        run.kernel->events.push_back(oomKill(7, "memcg", ""));
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(summary(diagnosis), u"mem.oom.cgroup confirmed"_s);
        QVERIFY(diagnosis.verdicts[0].confidence < 0.9 && diagnosis.verdicts[0].confidence >= 0.8);
    }

    void aCoveredAbsenceIsNoAndRulesOut()
    {
        const Diagnosis diagnosis = Case().diagnose();
        QCOMPARE(summary(diagnosis), u"kill.unknown_sender likely, -mem.oom.cgroup, -mem.oom.global"_s);
        QCOMPARE(diagnosis.verdicts[0].path, (QStringList{u"killed"_s, u"kernel=no"_s, u"rest"_s, u"runner=no"_s}));
        QVERIFY(diagnosis.ruledOut[0].because[0].covered.has_value());
        QVERIFY(diagnosis.missing.empty());
        QCOMPARE(diagnosis.flowcharts.size(), 2u);
    }

    void noPeakRulesOutOnlyWhereThereIsNoRoomForOne_data()
    {
        QTest::addColumn<double>("limit"); // 0: none is known
        QTest::addColumn<double>("lastSample");
        QTest::addColumn<bool>("rulesOut");
        // Samples every ten seconds, rising by 10 each: one a second.
        QTest::newRow("room for what ten seconds bring") << 131.0 << 20.0 << true;
        QTest::newRow("just as much as ten seconds bring") << 130.0 << 20.0 << false;
        QTest::newRow("less") << 125.0 << 20.0 << false;
        QTest::newRow("no limit") << 0.0 << 20.0 << false;
        QTest::newRow("the samples end before") << 1000.0 << -10.0 << false;
    }
    void noPeakRulesOutOnlyWhereThereIsNoRoomForOne()
    {
        QFETCH(double, limit);
        QFETCH(double, lastSample);
        QFETCH(bool, rulesOut);
        Case run;
        run.killed.replace("Absence counts from: kernel-log", "Absence counts from: metrics");
        run.kernel->kind = SourceKind::Metrics;
        run.limit = limit > 0 ? std::optional(limit) : std::nullopt;
        Series &series = run.kernel->series.emplace_back();
        series.name = "memory_usage_bytes";
        series.stepNs = 10 * NsPerSecond;
        for (double time = -100; time <= lastSample; time += 10) {
            series.times.push_back(at(time));
            series.values.push_back(120 + time); // 120 at the failure's last sample before
        }
        const QString told = summary(run.diagnose());
        QCOMPARE(told.contains(u"-mem.oom.cgroup"_s), rulesOut);
        QCOMPARE(told.contains(u"?dmesg"_s), !rulesOut);
    }

    void aForeignKillIsNotOurs()
    {
        Case run;
        run.kernel->events.push_back(oomKill(7, "memcg", "/ci-other"));
        run.kernel->events.back().identity.pid = 77;
        const Diagnosis diagnosis = run.diagnose();
        QVERIFY(!summary(diagnosis).contains(u"mem.oom.cgroup confirmed"));
        QCOMPARE(diagnosis.verdicts[0].against.size(), 1u);
    }

    void whatLiesOutsideTheWindowDoesNotCount()
    {
        Case run;
        run.kernel->events.push_back(oomKill(-80, "memcg"));
        QVERIFY(summary(run.diagnose()).startsWith(u"kill.unknown_sender"));
    }

    void withoutCoverageBothBranchesStayOpen_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"no kernel log", "unplaced", "too short", "no failure time", "capture unknown"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void withoutCoverageBothBranchesStayOpen()
    {
        QFETCH(QString, what);
        Case run;
        if (what == u"no kernel log")
            run.kernel->kind = SourceKind::Other;
        else if (what == u"unplaced")
            run.kernelPlaced = false;
        else if (what == u"too short")
            run.kernel->coverage[0].captured = at(3);
        else if (what == u"capture unknown")
            run.kernel->coverage[0].captured.reset();
        else
            run.failedAt.reset();
        const Diagnosis diagnosis = run.diagnose();
        for (const Verdict &verdict : diagnosis.verdicts) {
            QVERIFY2(verdict.status == VerdictStatus::Possible, qPrintable(summary(diagnosis)));
            QVERIFY(verdict.confidence <= 0.4);
        }
        QVERIFY(diagnosis.ruledOut.empty());
        QVERIFY(summary(diagnosis).contains(u"?dmesg"));
        QVERIFY(diagnosis.verdicts.empty()); // open, but nothing speaks for any of them
        const WalkedFlowchart &chart = diagnosis.flowcharts[0];
        QVERIFY(chart.nodes[1].state == NodeState::Open);
        QVERIFY(!chart.nodes[1].reason.isEmpty());
        QVERIFY(chart.edges[1].state == EdgeState::Open && chart.edges[2].state == EdgeState::Open);
    }

    void aRowWithoutAPlaceMakesItUnknown()
    {
        Case run;
        run.kernel->events.push_back(oomKill(7, "memcg", "/ci-job", false));
        const Diagnosis diagnosis = run.diagnose();
        QVERIFY2(summary(diagnosis).contains(u"?dmesg"), qPrintable(summary(diagnosis)));
        QCOMPARE(diagnosis.flowcharts[0].nodes[1].answer, u"unknown"_s);
        QCOMPARE(diagnosis.flowcharts[0].nodes[1].rows.size(), 1u);
    }

    void assumedCoverageRulesNothingOut()
    {
        Case run;
        run.kernel->coverage[0].how = CoverageHow::Assumed;
        const Diagnosis diagnosis = run.diagnose();
        QVERIFY(diagnosis.ruledOut.empty());
        QVERIFY(diagnosis.flowcharts[0].nodes[1].answer.startsWith(u"likely"));
    }

    void answersThatDisagreeAreUnknown_data()
    {
        QTest::addColumn<QByteArray>("second");
        QTest::newRow("other") << QByteArray("global");
        QTest::newRow("null") << QByteArray("nothing of the kind");
    }
    void answersThatDisagreeAreUnknown()
    {
        QFETCH(QByteArray, second);
        Case run;
        run.kernel->events = {oomKill(6, "memcg"), oomKill(7, second)};
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(summary(diagnosis), u"mem.oom.cgroup possible, mem.oom.global possible, ?dmesg"_s);
        QCOMPARE(diagnosis.flowcharts[0].nodes[2].rows.size(), 2u);
    }

    void anAnswerWithoutAnEdgeIsThePlaybooksError()
    {
        Case run;
        run.kernel->events.push_back(oomKill(7, "odd"));
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(diagnosis.errors.size(), 1u);
        QCOMPARE(diagnosis.errors[0].source, u"killed.md"_s);
        QVERIFY(diagnosis.errors[0].position.line > 0);
        QVERIFY(diagnosis.verdicts[0].status == VerdictStatus::Possible);
    }

    void whatComesAfterIsCoincident()
    {
        Case run;
        run.kernel->events.push_back(oomKill(12.5, "memcg"));
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(summary(diagnosis).section(u',', 0, 0), u"mem.oom.cgroup possible"_s);
        QVERIFY(diagnosis.verdicts[0].coincident);
    }

    void aPersonsAnswerCounts()
    {
        Case run;
        run.kernel->kind = SourceKind::Other;
        run.answers[{0, u"killed"_s, u"kernel"_s}] = u"no"_s;
        const Diagnosis diagnosis = run.diagnose();
        QVERIFY(diagnosis.missing.empty());
        QCOMPARE(diagnosis.flowcharts[0].nodes[1].answer, u"no"_s);
        QVERIFY(diagnosis.flowcharts[0].nodes[1].byHand);
        QCOMPARE(diagnosis.answers.size(), 1u);
        QCOMPARE(diagnosis.answers[0].label, u"Did the kernel kill it?"_s);
        QVERIFY(diagnosis.ruledOut.empty()); // a word is no evidence against
        QVERIFY(diagnosis.flowcharts[0].mermaid.contains(u"by hand: no"));
        for (const Verdict &verdict : diagnosis.verdicts)
            QCOMPARE(verdict.byHand, QStringList{u"killed.kernel"_s});
    }

    void aPersonsAnswerIsNoProof()
    {
        // The rows prove whose limit it was; that the kernel killed it at all only a person says.
        Case run;
        run.kernel->events.push_back(oomKill(7, "memcg"));
        run.killed.replace("Strength: proves\nFind out with: `dmesg`\nRules out: no\n```sql\nSELECT",
                           "Find out with: `dmesg`\nAbsence counts from: kube-describe\n```sql\nSELECT * FROM (SELECT");
        run.killed.replace("overlaps(time_lo, time_hi, :from, :to)\n```\n## whose",
                           "overlaps(time_lo, time_hi, :from, :to)) WHERE 0\n```\n## whose");
        QCOMPARE(summary(run.diagnose()).section(u',', 0, 0).section(u' ', 1, 1), u"possible"_s);
        run.answers[{0, u"killed"_s, u"kernel"_s}] = u"yes"_s;
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(diagnosis.verdicts[0].cause, u"mem.oom.cgroup"_s);
        QCOMPARE(diagnosis.verdicts[0].status, VerdictStatus::Likely);
        QVERIFY(diagnosis.verdicts[0].confidence <= 0.7);
    }

    void evidenceOutweighsAPersonsAnswer()
    {
        Case run;
        run.kernel->events.push_back(oomKill(7, "memcg"));
        run.answers[{0, u"killed"_s, u"kernel"_s}] = u"no"_s;
        const Diagnosis diagnosis = run.diagnose();
        QCOMPARE(summary(diagnosis).section(u',', 0, 0), u"mem.oom.cgroup confirmed"_s);
        QVERIFY(diagnosis.answers.empty());
    }

    void playbooksThatDoNotStartAreNotWalked()
    {
        Case run;
        run.killed.replace("'SIGKILL'", "'SIGTERM'");
        const Diagnosis diagnosis = run.diagnose();
        QVERIFY(diagnosis.flowcharts.empty() && diagnosis.verdicts.empty());
    }

    void exportsPlainMermaid()
    {
        Case run;
        run.killed.replace("[Its own limit]", "[\"Its #quot;own#quot; <limit> [x] & #35;1\"]");
        run.kernel->events.push_back(oomKill(7, "memcg"));
        const QString mermaid = run.diagnose().flowcharts[0].mermaid;
        const auto chart = parseMermaid(mermaid, u"x"_s, 1);
        QVERIFY2(chart.has_value(), chart ? "" : qPrintable(chart.error().toString() + u'\n' + mermaid));
        QCOMPARE(chart->nodes.size(), 6u);
        QCOMPARE(chart->edges.size(), 5u);
        QVERIFY(chart->indexOf(u"c_mem_oom_cgroup") >= 0);
        QCOMPARE(chart->nodes[static_cast<size_t>(chart->indexOf(u"c_mem_oom_cgroup"))].label,
                 u"Its \"own\" <limit> [x] & #1"_s);
        QVERIFY(mermaid.contains(u":::confirmed"));
    }

    void findsCandidatesWithoutAPlace()
    {
        QCOMPARE(withUnplacedRows(u"SELECT 1 WHERE overlaps(a, min(b, 2), :from, :to) AND near(c, d, 1)"_s),
                 u"SELECT 1 WHERE coalesce(overlaps(a, min(b, 2), :from, :to), 1) AND coalesce(near(c, d, 1), 1)"_s);
    }
};

FAULTLINE_TEST(TestWalker)
#include "tst_walker.moc"
