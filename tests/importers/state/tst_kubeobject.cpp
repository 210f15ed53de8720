// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include "importers/state/objecttree.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestKubeObject : public QObject
{
    Q_OBJECT

    static QByteArray sample(const QString &name) { return test::fileBytes(test::dataPath(name)); }
    static const Event *event(const SourceEvidence &evidence, QByteArrayView signature)
    {
        for (const Event &event : evidence.events)
            if (event.signature == signature)
                return &event;
        return nullptr;
    }
    static QByteArray repeatedPods(int count)
    {
        QByteArray item = sample(u"kube-object/pod-oom.yaml"_s).trimmed();
        item.replace("\n", "\n  ");
        QByteArray list = "apiVersion: v1\nitems:\n";
        for (int i = 0; i < count; ++i)
            list += "- "
                    + QByteArray(item).replace("ledger-test-7f9c4", QByteArray("ledger-test-" + QByteArray::number(i)))
                    + '\n';
        return list + "kind: List\n";
    }

private Q_SLOTS:
    /// An object tells a container's end as its description does: the names and values that playbooks ask for.
    void tellsAsADescriptionDoes_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("yaml") << u"kube-object/pod-oom.yaml"_s;
        QTest::newRow("json list") << u"kube-object/pod-list.json"_s;
    }
    void tellsAsADescriptionDoes()
    {
        QFETCH(QString, file);
        const QByteArray bytes = sample(file);
        QCOMPARE(test::sniffed(bytes), "kube-object");
        const auto read = test::readSource("kube-object", bytes);
        const SourceEvidence &evidence = read->evidence;
        QVERIFY(evidence.notes.empty());
        const QByteArray subject = "container/ledger";
        QCOMPARE(test::factValue(evidence, subject, "state"), "Terminated");
        QCOMPARE(test::factValue(evidence, subject, "state.reason"), "OOMKilled");
        QCOMPARE(test::factValue(evidence, subject, "state.exitCode"), "137");
        QCOMPARE(test::factValue(evidence, subject, "limits.memory_bytes"), "335544320");
        QCOMPARE(test::factValue(evidence, subject, "requests.cpu_cores"), "0.25");
        QCOMPARE(test::factValue(evidence, subject, "ready"), "False");
        QCOMPARE(test::factValue(evidence, "pod/ledger-test-7f9c4", "node"), "ci-host-1/10.0.4.53");
        QCOMPARE(test::factValue(evidence, "pod/ledger-test-7f9c4", "controlledBy"), "Job/ledger-test");
        QCOMPARE(test::factValue(evidence, "pod/ledger-test-7f9c4", "conditions.Ready"), "False");
        const Event *ended = event(evidence, "kube.container_terminated");
        QVERIFY(ended);
        QCOMPARE(ended->time->lo.ns, fromRfc3339("2026-11-23T18:47:31Z")->ns);
        QVERIFY(ended->text.contains("OOMKilled"));
        QVERIFY(evidence.text->line(ended->line).bytes.contains("OOMKilled"));
        QCOMPARE(ended->identity.pod, "ledger-test-7f9c4");
        QCOMPARE(ended->identity.host, "ci-host-1");
        // What kubectl apply and the server keep for themselves is no evidence.
        for (const Fact &fact : evidence.facts)
            QVERIFY(!fact.value.contains("f:metadata"));
    }

    void tellsEventsWithTheirTimes()
    {
        const auto read = test::readSource("kube-object", sample(u"kube-object/events.yaml"_s));
        const Event *evicted = event(read->evidence, "kube.event.evicted");
        QVERIFY(evicted);
        QCOMPARE(evicted->time->lo.ns, fromRfc3339("2026-11-23T18:51:12Z")->ns);
        QCOMPARE(evicted->identity.pod, "etl-28-x7k2p");
        QCOMPARE(evicted->identity.host, "ci-host-1");
        QVERIFY(evicted->text.contains("available: 93172Ki"));
        const Event *backOff = event(read->evidence, "kube.event.back_off");
        QCOMPARE(fieldValue(backOff->fields, "count"), "4");
        QCOMPARE(fieldValue(backOff->fields, "first_time"), "2026-11-23T18:40:12Z");
        QCOMPARE(backOff->identity.container, "web");
        const auto v1 = test::readSource("kube-object", sample(u"kube-object/events-v1.json"_s));
        const Event *failed = event(v1->evidence, "kube.event.failed");
        QVERIFY(failed && failed->text.contains("not found"));
        QCOMPARE(failed->time->lo.ns, fromRfc3339("2026-11-23T18:44:12Z")->ns);
        QCOMPARE(fieldValue(failed->fields, "from"), "kubelet");
    }

    void tellsWhyAJobFailed()
    {
        const auto read = test::readSource("kube-object", sample(u"kube-object/job-and-node.yaml"_s));
        const Event *deadline = event(read->evidence, "kube.event.deadline_exceeded");
        QVERIFY(deadline && deadline->time);
        QCOMPARE(deadline->time->lo.ns, fromRfc3339("2026-11-23T17:10:01Z")->ns);
        QCOMPARE(test::factValue(read->evidence, "job/nightly-report", "podsStatuses"),
                 "0 Active (0 Ready) / 0 Succeeded / 1 Failed");
        QCOMPARE(test::factValue(read->evidence, "node/ci-host-1", "allocatable.memory_bytes"), "15032385536");
        QCOMPARE(test::factValue(read->evidence, "node/ci-host-1", "taints"),
                 "node.kubernetes.io/memory-pressure:NoSchedule");
    }

    void readsWhatIsThereOfABrokenText()
    {
        const QByteArray yaml = repeatedPods(3);
        const auto cut = test::readSource("kube-object", yaml.first(yaml.size() - 300));
        QVERIFY(event(cut->evidence, "kube.container_terminated"));
        const QByteArray json = sample(u"kube-object/pod-list.json"_s);
        const auto half = test::readSource("kube-object", json.first(json.size() - 200));
        QVERIFY(event(half->evidence, "kube.container_terminated"));
        QVERIFY(!half->evidence.notes.empty());
        const auto bad = test::readSource("kube-object", yaml + "\t- x: [\n", u"input"_s, {}, true);
        QVERIFY(std::ranges::any_of(bad->evidence.notes, [](const Note &note) {
            return note.severity == Severity::Error && note.position.line > 0;
        }));
    }

    void standsHostileText()
    {
        test::readSource("kube-object", "apiVersion: v1\nkind: " + QByteArray(100'000, '['));
        test::readSource("kube-object", "{\"apiVersion\":" + QByteArray("[{\"a\":").repeated(100'000));
        QByteArray bomb = "apiVersion: v1\nkind: Pod\na0: &a0 [x, x, x, x, x, x, x, x, x]\n";
        for (int i = 1; i < 30; ++i) {
            const QByteArray name = QByteArray("a" + QByteArray::number(i));
            const QByteArray alias = QByteArray("*a" + QByteArray::number(i - 1));
            bomb += name + ": &" + name + " [" + alias + ',' + alias + ',' + alias + ',' + alias + "]\n";
        }
        const auto read = test::readSource("kube-object", bomb);
        QVERIFY(
            std::ranges::any_of(read->evidence.notes, [](const Note &note) { return note.code == Code::Unsupported; }));
    }

    void readsBracketsAsBlocks_data()
    {
        QTest::addColumn<QByteArray>("limits");
        QTest::newRow("block") << QByteArray("\n          cpu: 500m\n          memory: 320Mi");
        QTest::newRow("brackets") << QByteArray(" {cpu: 500m, memory: 320Mi}");
        QTest::newRow("quoted") << QByteArray(" { \"cpu\": '500m' , 'memory': \"320Mi\" }");
        QTest::newRow("nested") << QByteArray(" {other: {a: [1, {b: c}], d: []}, cpu: 500m, memory: 320Mi, e: ~}");
        // By the parser of all of YAML:
        QTest::newRow("comma at the end") << QByteArray(" {cpu: 500m, memory: 320Mi,}");
        QTest::newRow("quote in quotes") << QByteArray(" {a: 'it''s', cpu: 500m, memory: 320Mi}");
        QTest::newRow("over lines") << QByteArray(" {cpu: 500m,\n          memory: 320Mi}");
        QTest::newRow("comment") << QByteArray(" {cpu: 500m, memory: 320Mi} # both");
    }
    void readsBracketsAsBlocks()
    {
        QFETCH(QByteArray, limits);
        const auto read = test::readSource(
            "kube-object", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\nspec:\n  containers:\n  - name: app\n"
                           "    resources:\n      limits:"
                               + limits + "\n    image: registry/app:1\n  nodeName: n1\n");
        QCOMPARE(test::factValue(read->evidence, "container/app", "limits.memory_bytes"), "335544320");
        QCOMPARE(test::factValue(read->evidence, "container/app", "limits.cpu_cores"), "0.5");
        QVERIFY(read->evidence.notes.empty());
    }

    void readsYamlQuicklyEnough()
    {
        const QByteArray bytes = repeatedPods(2000);
        QElapsedTimer timer;
        timer.start();
        const auto read = test::readSource("kube-object", bytes);
        const double seconds = static_cast<double>(timer.nsecsElapsed()) * 1e-9;
        qInfo("YAML: %.1f MB/s", static_cast<double>(bytes.size()) / 1e6 / seconds);
        QCOMPARE(read->evidence.events.size(), 2000U);
    }

    void readsTables()
    {
        const QByteArray wide = sample(u"kube-table/events-wide.txt"_s);
        QCOMPARE(test::sniffed(wide), "kube-table");
        const auto events = test::readSource("kube-table", wide);
        const Event *unhealthy = event(events->evidence, "kube.event.unhealthy");
        QVERIFY(unhealthy);
        QCOMPARE(unhealthy->text, "Liveness probe failed: HTTP probe failed with statuscode: 503");
        QCOMPARE(fieldValue(unhealthy->fields, "count"), "4");
        QCOMPARE(unhealthy->identity.host, "ci-host-1");
        QCOMPARE(unhealthy->identity.container, "api");
        QCOMPARE(unhealthy->time->hi.ns, -192 * NsPerSecond);
        QCOMPARE(events->evidence.basis, TimeBasis::Ages);
        const auto old = test::readSource("kube-table", sample(u"kube-table/events-old.txt"_s));
        QVERIFY(event(old->evidence, "kube.event.failed_scheduling"));
        const auto all = test::readSource("kube-table", sample(u"kube-table/get-all.txt"_s));
        QCOMPARE(test::factValue(all->evidence, "pod/web-5d8f7-x2k4p", "status"), "Running");
        QCOMPARE(test::factValue(all->evidence, "deployment/ledger", "available"), "0");
        QCOMPARE(fieldValue(event(all->evidence, "kube.container_terminated")->fields, "reason"), "OOMKilled");
        QCOMPARE(fieldValue(event(all->evidence, "kube.container_waiting")->fields, "reason"), "ImagePullBackOff");
        const auto top = test::readSource("kube-table", sample(u"kube-table/top-pod.txt"_s));
        QCOMPARE(test::factValue(top->evidence, "container/ledger", "usage.memory_bytes"), "326107136");
        QCOMPARE(test::factValue(top->evidence, "container/ledger", "usage.cpu_cores"), "0.812");
    }

    void readsContainersOfDocker()
    {
        const QByteArray bytes = sample(u"docker-inspect/oom.json"_s);
        QCOMPARE(test::sniffed(bytes), "docker-inspect");
        const auto read = test::readSource("docker-inspect", bytes);
        const Event *ended = event(read->evidence, "kube.container_terminated");
        QVERIFY(ended);
        QCOMPARE(fieldValue(ended->fields, "reason"), "OOMKilled");
        QCOMPARE(fieldValue(ended->fields, "exit_code"), "137");
        QCOMPARE(ended->time->lo.ns, fromRfc3339("2026-11-23T18:47:31.25Z")->ns);
        QCOMPARE(test::factValue(read->evidence, "container/ledger-worker", "limits.memory_bytes"), "335544320");
        QCOMPARE(test::factValue(read->evidence, "container/ledger-worker", "limits.cpu_cores"), "1.5");
    }
};

FAULTLINE_TEST(TestKubeObject)
#include "tst_kubeobject.moc"
