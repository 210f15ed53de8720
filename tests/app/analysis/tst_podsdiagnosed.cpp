// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/analyze.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

/// One file alone, in whatever form it was saved: the same failure, and the same cause, as from a description.
class TestPodsDiagnosed : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsFailureAndCause_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("cause");
        QTest::newRow("description") << u"kubectl-describe/oom-killed.txt"_s << 1 << u"mem.oom.cgroup"_s;
        QTest::newRow("pod as YAML") << u"kube-object/pod-oom.yaml"_s << 137 << u"mem.oom.cgroup"_s;
        QTest::newRow("pod as JSON") << u"kube-object/pod-list.json"_s << 137 << u"mem.oom.cgroup"_s;
        QTest::newRow("docker inspect") << u"docker-inspect/oom.json"_s << 137 << u"mem.oom.cgroup"_s;
        QTest::newRow("events as YAML") << u"kube-object/events.yaml"_s << -1 << u"node.evicted_pressure"_s;
        QTest::newRow("events as a table") << u"kube-table/events.txt"_s << -1 << u"node.evicted_pressure"_s;
        QTest::newRow("wide events") << u"kube-table/events-wide.txt"_s << -1 << u"probe.liveness_failed"_s;
        QTest::newRow("old events") << u"kube-table/events-old.txt"_s << -1 << u"sched.unschedulable"_s;
        QTest::newRow("events/v1") << u"kube-object/events-v1.json"_s << -1 << u"image.not_found"_s;
        QTest::newRow("job's deadline") << u"kube-object/job-and-node.yaml"_s << -1 << u"time.k8s_deadline"_s;
        QTest::newRow("get pods") << u"kube-table/get-all.txt"_s << -1 << u"mem.oom.cgroup"_s;
        QTest::newRow("trace") << u"strace/disk-full.txt"_s << 2 << u"disk.full"_s;
    }
    void findsFailureAndCause()
    {
        QFETCH(QString, file);
        QFETCH(int, exitCode);
        QFETCH(QString, cause);
        static const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        const auto analysis = analyze({test::dataPath(file)}, **knowledge, {});
        QVERIFY(analysis);
        QVERIFY(!analysis->findings->failures.empty());
        const Failure &failure = analysis->findings->failures.front();
        QCOMPARE(failure.exitCode ? static_cast<int>(*failure.exitCode) : -1, exitCode);
        QVERIFY(!failure.evidence.empty());
        QVERIFY(!analysis->diagnosis->verdicts.empty());
        QCOMPARE(analysis->diagnosis->verdicts.front().cause, cause);
    }

    void tellsACrashLoopWithoutItsEnd()
    {
        static const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"pods.txt"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("NAME    READY   STATUS             RESTARTS     AGE\n"
                   "api-0   0/1     CrashLoopBackOff   7 (2m ago)   12m\n"
                   "api-1   1/1     Running            0            12m\n");
        file.close();
        const auto analysis = analyze({file.fileName()}, **knowledge, {});
        QVERIFY(analysis);
        QCOMPARE(analysis->findings->failures.size(), 1U);
        QCOMPARE(analysis->findings->failures.front().identity.pod, "api-0");
    }

    void findsNothingWhereAllIsWell()
    {
        static const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        for (const QString &file : {u"kube-table/top-pod.txt"_s, u"host-state/docker-ps.txt"_s, u"sysstat/sar.txt"_s,
                                    u"host-state/ulimit-dash.txt"_s}) {
            const auto analysis = analyze({test::dataPath(file)}, **knowledge, {});
            QVERIFY(analysis);
            QVERIFY2(analysis->findings->failures.empty(), qPrintable(file));
        }
    }
};

FAULTLINE_TEST(TestPodsDiagnosed)
#include "tst_podsdiagnosed.moc"
