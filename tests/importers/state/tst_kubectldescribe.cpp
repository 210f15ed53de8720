// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include "importers/state/kubeages.h"

using namespace faultline;

class TestKubectlDescribe : public QObject
{
    Q_OBJECT

    static QByteArray sample(const char *name)
    {
        return test::fileBytes(test::dataPath(QStringLiteral("kubectl-describe/") + QLatin1StringView(name)));
    }
    static const Event *event(const SourceEvidence &evidence, QByteArrayView signature, int which = 0)
    {
        for (const Event &event : evidence.events)
            if (event.signature == signature && which-- == 0)
                return &event;
        return nullptr;
    }

private Q_SLOTS:
    void isClaimed()
    {
        QCOMPARE(test::sniffed(sample("oom-killed.txt")), "kubectl-describe");
        QCOMPARE(test::sniffed(sample("image-pull.txt")), "kubectl-describe");
    }

    void findsWhenItWasCaptured_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("captured");
        QTest::addColumn<double>("within");
        QTest::newRow("seconds") << QByteArray("oom-killed.txt") << QByteArray("2026-11-23T18:48:07.006Z") << 2.0;
        QTest::newRow("minutes") << QByteArray("two-containers.txt") << QByteArray("2026-11-23T19:41:27.135Z") << 40.0;
        QTest::newRow("restarted") << QByteArray("restarted.txt") << QByteArray("2026-11-23T18:59:34.388Z") << 2.0;
        QTest::newRow("killed") << QByteArray("liveness.txt") << QByteArray("2026-11-23T16:46:02.291Z") << 2.0;
        QTest::newRow("one start of two")
            << QByteArray("image-pull.txt") << QByteArray("2026-11-23T17:09:17.621Z") << 2.0;
        QTest::newRow("hours") << QByteArray("evicted.txt") << QByteArray("2026-11-23T19:34:49.472Z") << 40.0;
    }
    void findsWhenItWasCaptured()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, captured);
        QFETCH(double, within);
        const auto read = test::readSource("kubectl-describe", sample(file.constData()));
        QVERIFY(!read->evidence.coverage.empty());
        const Coverage &coverage = read->evidence.coverage.front();
        QCOMPARE(coverage.how, CoverageHow::Derived);
        QVERIFY(coverage.captured);
        const double off = toSeconds(coverage.captured->ns - fromRfc3339(captured)->ns);
        QVERIFY2(std::abs(off) <= within, qPrintable(QString::number(off)));
        QVERIFY(read->evidence.notes.empty());
    }

    void tellsHowContainersEnded()
    {
        const auto read = test::readSource("kubectl-describe", sample("restarted.txt"));
        QCOMPARE(test::factValue(read->evidence, "container/thumbd", "lastState.reason"), "OOMKilled");
        QCOMPARE(test::factValue(read->evidence, "container/thumbd", "lastState.exitCode"), "137");
        QCOMPARE(test::factValue(read->evidence, "container/thumbd", "state"), "Running");
        QCOMPARE(test::factValue(read->evidence, "container/thumbd", "restartCount"), "1");
        QCOMPARE(test::factValue(read->evidence, "container/thumbd", "limits.memory_bytes"), "268435456");
        QCOMPARE(test::factValue(read->evidence, "pod/thumbd-render-00bdf", "qosClass"), "Burstable");
        QCOMPARE(test::factValue(read->evidence, "pod/thumbd-render-00bdf", "conditions.Ready"), "True");
        const Event *ended = event(read->evidence, "kube.container_terminated");
        QVERIFY(ended);
        QCOMPARE(fieldValue(ended->fields, "which"), "lastState");
        QCOMPARE(ended->time->lo.ns, fromRfc3339("2026-11-23T18:59:25Z")->ns);
        QCOMPARE(read->evidence.text->line(ended->line).bytes.trimmed(), "Reason:       OOMKilled");
        QCOMPARE(ended->identity.pod, "thumbd-render-00bdf");
        QCOMPARE(ended->identity.host, "ci-host-1");
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
    }

    void placesEventsByTheirAges()
    {
        const auto read = test::readSource("kubectl-describe", sample("liveness.txt"));
        const Event *killing = event(read->evidence, "kube.event.killing");
        QVERIFY(killing && killing->time);
        // 74 s before 16:46:02.3
        QVERIFY(killing->time->lo.ns <= fromRfc3339("2026-11-23T16:44:48.3Z")->ns);
        QVERIFY(killing->time->hi.ns >= fromRfc3339("2026-11-23T16:44:48Z")->ns);
        QVERIFY(killing->time->hi.ns - killing->time->lo.ns <= 5 * NsPerSecond);
        QCOMPARE(killing->identity.container, "api");
        const Event *unhealthy = event(read->evidence, "kube.event.unhealthy");
        QVERIFY(unhealthy);
        QCOMPARE(unhealthy->role, Role::Cause);
        QCOMPARE(fieldValue(unhealthy->fields, "count"), "3");
        QVERIFY(!fieldValue(unhealthy->fields, "first_time").isEmpty());
        QVERIFY(unhealthy->text.startsWith("Liveness probe failed: Get "));
    }

    void tellsEvictionsAndWaits()
    {
        const auto evicted = test::readSource("kubectl-describe", sample("evicted.txt"));
        const Event *pod = event(evicted->evidence, "kube.pod_evicted");
        QVERIFY(pod);
        QCOMPARE(pod->line, 10);
        QVERIFY(fieldValue(pod->fields, "message").contains("low on resource: memory"));
        QVERIFY(event(evicted->evidence, "kube.event.evicted"));
        QCOMPARE(evicted->evidence.basis, TimeBasis::Zoned);
        QCOMPARE(evicted->evidence.zone, "+08:00");

        const auto waiting = test::readSource("kubectl-describe", sample("image-pull.txt"));
        const Event *wait = event(waiting->evidence, "kube.container_waiting");
        QVERIFY(wait);
        QCOMPARE(wait->line, 24);
        QCOMPARE(fieldValue(wait->fields, "reason"), "ImagePullBackOff");
        QCOMPARE(fieldValue(wait->fields, "container"), "build");
        const Event *failed = event(waiting->evidence, "kube.event.failed");
        QVERIFY(failed);
        QCOMPARE(failed->line, 75);
        QVERIFY(event(waiting->evidence, "kube.event.back_off"));
    }

    void readsOldLayout()
    {
        const QByteArray text =
            "Name:\t\tweb-1\nNamespace:\tdefault\nNode:\t\tn1/10.0.0.1\nStart Time:\tThu, 27 Feb 2025 07:36:21 +0100\n"
            "Status:\t\tRunning\nContainers:\n  web:\n    State:\t\tRunning\n      Started:\t\tThu, 27 Feb 2025 "
            "07:36:24 +0100\n"
            "    Ready:\t\tTrue\n    Restart Count:\t0\nEvents:\n"
            "  FirstSeen\tLastSeen\tCount\tFrom\t\tSubObjectPath\t\tType\t\tReason\t\tMessage\n"
            "  ---------\t--------\t-----\t----\t\t-------------\t\t--------\t------\t\t-------\n"
            "  10m\t\t2m\t\t5\t{kubelet n1}\tspec.containers{web}\tWarning\t\tUnhealthy\tReadiness probe failed: no\n"
            "  10m\t\t10m\t\t1\t{kubelet n1}\tspec.containers{web}\tNormal\t\tStarted\t\tStarted container\n";
        QCOMPARE(test::sniffed(text), "kubectl-describe");
        const auto read = test::readSource("kubectl-describe", text);
        const Event *unhealthy = event(read->evidence, "kube.event.unhealthy");
        QVERIFY(unhealthy);
        QCOMPARE(unhealthy->line, 15);
        QCOMPARE(fieldValue(unhealthy->fields, "count"), "5");
        QCOMPARE(unhealthy->text, "Readiness probe failed: no");
        QCOMPARE(unhealthy->identity.container, "web");
        QCOMPARE(read->evidence.coverage.front().how, CoverageHow::Derived);
        // An old kubectl's "2m" is cut to minutes.
        QVERIFY(unhealthy->time->hi.ns - unhealthy->time->lo.ns >= NsPerMinute);
    }

    void readsSeveralPodsAndMessagesOverLines()
    {
        QByteArray text = sample("oom-killed.txt") + "\n\n" + sample("evicted.txt");
        text += "  Warning  Failed  5h1m  kubelet  Error: first\nsecond line\n";
        const auto read = test::readSource("kubectl-describe", text);
        QCOMPARE(test::factValue(read->evidence, "pod/ledger-test-65b67", "status"), "Failed");
        QCOMPARE(test::factValue(read->evidence, "pod/etl-nightly-29400-kw7sd", "reason"), "Evicted");
        const Event *failed = event(read->evidence, "kube.event.failed");
        QVERIFY(failed);
        QCOMPARE(failed->lastLine, failed->line + 1);
        QVERIFY(failed->text.endsWith("\nsecond line"));
        QVERIFY(read->evidence.identity.pod.isEmpty());
    }

    void withoutPairsTakesTheFilesTime()
    {
        const auto read = test::readSource("kubectl-describe", sample("old-layout-no-events.txt"),
                                           QStringLiteral("d.txt"), fromRfc3339("2026-11-24T00:24:25Z"));
        QCOMPARE(read->evidence.coverage.front().how, CoverageHow::Assumed);
        QCOMPARE(read->evidence.coverage.front().captured->ns, fromRfc3339("2026-11-24T00:24:25Z")->ns);
        const auto older = test::readSource("kubectl-describe", sample("old-layout-no-events.txt"),
                                            QStringLiteral("d.txt"), fromRfc3339("2026-01-01T00:00:00Z"));
        QVERIFY(older->evidence.coverage.empty());
    }

    void readsAges_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<qint64>("resolution");
        QTest::newRow("seconds") << QByteArray("53s") << qint64(53) << qint64(1);
        QTest::newRow("minutes and seconds") << QByteArray("4m25s") << qint64(265) << qint64(1);
        QTest::newRow("minutes") << QByteArray("47m") << qint64(2820) << qint64(60);
        QTest::newRow("hours and minutes") << QByteArray("5h36m") << qint64(20160) << qint64(60);
        QTest::newRow("hours") << QByteArray("12h") << qint64(43200) << qint64(3600);
        QTest::newRow("days and hours") << QByteArray("3d4h") << qint64(273600) << qint64(3600);
        QTest::newRow("days") << QByteArray("44d") << qint64(44 * 86400) << qint64(86400);
    }
    void readsAges()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, seconds);
        QFETCH(qint64, resolution);
        const auto age = parseKubeAge(text.toStdString());
        QVERIFY(age);
        QCOMPARE(age->ns, seconds * NsPerSecond);
        QCOMPARE(age->resolutionNs(true), resolution * NsPerSecond);
        QVERIFY(!parseKubeAge(text.toStdString() + "x"));
        QVERIFY(!parseKubeAge("<" + text.toStdString()));
    }

    void survivesDamage()
    {
        test::damage("kubectl-describe", sample("liveness.txt"));
        test::damage("kubectl-describe", sample("evicted.txt"));
    }
};

FAULTLINE_TEST(TestKubectlDescribe)
#include "tst_kubectldescribe.moc"
