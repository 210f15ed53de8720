// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;

class TestOomReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsReportOfCgroup_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("importer");
        QTest::addColumn<QByteArray>("subject");
        QTest::addColumn<QByteArray>("victim");
        QTest::addColumn<QByteArray>("limit");
        QTest::newRow("raw") << QStringLiteral("dmesg/oom-memcg.txt") << QByteArray("dmesg") << QByteArray("oom/9355")
                             << QByteArray("snapshot.test") << QByteArray("335544320");
        QTest::newRow("ctime") << QStringLiteral("dmesg/oom-ctime.txt") << QByteArray("dmesg")
                               << QByteArray("oom/17604") << QByteArray("thumb.test") << QByteArray("209715200");
        QTest::newRow("iso") << QStringLiteral("dmesg/oom-iso.txt") << QByteArray("dmesg") << QByteArray("oom/27194")
                             << QByteArray("python3") << QByteArray("268435456");
        QTest::newRow("journal") << QStringLiteral("journalctl/short-monotonic.txt") << QByteArray("journalctl")
                                 << QByteArray("oom/18370") << QByteArray("python3") << QByteArray("419430400");
    }
    void readsReportOfCgroup()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, importer);
        QFETCH(QByteArray, subject);
        QFETCH(QByteArray, victim);
        QFETCH(QByteArray, limit);
        const auto read = test::readSource(importer, test::fileBytes(test::dataPath(path)));
        const SourceEvidence &evidence = read->evidence;
        QCOMPARE(test::factValue(evidence, subject, "victim"), victim);
        QCOMPARE(test::factValue(evidence, subject, "constraint"), "CONSTRAINT_MEMCG");
        QCOMPARE(test::factValue(evidence, subject, "limit_bytes"), limit);
        QCOMPARE(test::factValue(evidence, subject, "killed"), "true");
        QVERIFY(test::factValue(evidence, subject, "oom_memcg").startsWith("/ci-"));
        QVERIFY(test::factValue(evidence, subject, "tasks").toInt() > 0);
        QVERIFY(test::factValue(evidence, subject, "anon_rss_bytes").toLongLong() > 1'000'000);
        for (const Fact &fact : evidence.facts) {
            if (!fact.subject.startsWith("oom/"))
                continue;
            QVERIFY(fact.time);
            QCOMPARE(fact.identity->pid, subject.sliced(4).toLongLong());
            QVERIFY(fact.line > 0 && fact.line <= evidence.lineCount());
        }
    }

    void readsOlderKernels()
    {
        const QByteArray text =
            "[  100.000001] java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0\n"
            "[  100.000002] Task in /docker/abc killed as a result of limit of /docker\n"
            "[  100.000003] memory: usage 102400kB, limit 102400kB, failcnt 77\n"
            "[  100.000004] [ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name\n"
            "[  100.000005] [ 1381]     0  1381    12345     2345      30        0             0 java (x)\n"
            "[  100.000006] Memory cgroup out of memory: Kill process 1381 (java (x)) score 998 or sacrifice child\n"
            "[  100.000007] Killed process 1381 (java (x)) total-vm:500kB, anon-rss:400kB, file-rss:3kB\n"
            "[  200.000001] x invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0\n"
            "[  200.000002] Out of memory: Kill process 77 (y) score 5 or sacrifice child\n"
            "[  200.000003] Killed process 77, UID 48, (y) total-vm:9kB, anon-rss:8kB, file-rss:1kB\n";
        const auto read = test::readSource("dmesg", text);
        const SourceEvidence &evidence = read->evidence;
        QCOMPARE(test::factValue(evidence, "oom/1381", "victim"), "java (x)");
        QCOMPARE(test::factValue(evidence, "oom/1381", "oom_memcg"), "/docker");
        QCOMPARE(test::factValue(evidence, "oom/1381", "task_memcg"), "/docker/abc");
        QCOMPARE(test::factValue(evidence, "oom/1381", "failcnt"), "77");
        QCOMPARE(test::factValue(evidence, "oom/1381", "tasks"), "1");
        QCOMPARE(test::factValue(evidence, "oom/1381", "score"), "998");
        QCOMPARE(test::factValue(evidence, "oom/1381", "total_vm_bytes"), "512000");
        QCOMPARE(test::factValue(evidence, "oom/77", "victim"), "y");
        QCOMPARE(test::factValue(evidence, "oom/77", "constraint"), "CONSTRAINT_NONE");
        QVERIFY(test::factValue(evidence, "oom/77", "limit_bytes").isEmpty());
        QCOMPARE(test::factValue(evidence, "oom/77", "invoked_by"), "x");
    }

    void knowsPodsByTheirCgroup()
    {
        const QByteArray text =
            "[  100.000001] "
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-x.scope,mems_allowed=0,"
            "oom_memcg=/kubepods.slice/kubepods-burstable.slice/"
            "kubepods-burstable-pod0aa1b2c3_1111_2222_3333_444455556666.slice,"
            "task_memcg=/kubepods.slice/kubepods-burstable.slice/"
            "kubepods-burstable-pod0aa1b2c3_1111_2222_3333_444455556666.slice/"
            "cri-containerd-aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd.scope,task=x,pid=12,uid="
            "0\n"
            "[  100.000002] Memory cgroup out of memory: Killed process 12 (x) total-vm:5kB, anon-rss:4kB, "
            "file-rss:3kB, shmem-rss:0kB, "
            "UID:0 pgtables:44kB oom_score_adj:999\n";
        const auto read = test::readSource("dmesg", text);
        QCOMPARE(test::factValue(read->evidence, "oom/12", "pod_uid"), "0aa1b2c3-1111-2222-3333-444455556666");
        QCOMPARE(test::factValue(read->evidence, "oom/12", "container_id"),
                 "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd");
        QCOMPARE(test::factValue(read->evidence, "oom/12", "oom_score_adj"), "999");
    }

    void keepsReportsOfACutLog()
    {
        const QByteArray text =
            "[  1.000001] a invoked oom-killer: gfp_mask=0x1, order=0, oom_score_adj=0\n"
            "[  1.000002] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,"
            "task_memcg=/,task=b,pid=5,uid=0\n";
        const auto read = test::readSource("dmesg", text);
        QCOMPARE(test::factValue(read->evidence, "oom/5", "constraint"), "CONSTRAINT_NONE");
        QCOMPARE(test::factValue(read->evidence, "oom/5", "global"), "true");
        QVERIFY(test::factValue(read->evidence, "oom/5", "killed").isEmpty());
    }

    void readsEveryNumberOf26()
    {
        const auto read =
            test::readSource("dmesg", test::fileBytes(test::dataPath(QStringLiteral("dmesg/oom-2.6.32.txt"))));
        const auto value = [&read](const char *key) { return test::factValue(read->evidence, "oom/2101", key); };
        QCOMPARE(value("victim"), "httpd child");
        QCOMPARE(value("uid"), "48");
        QCOMPARE(value("gfp_mask"), "0x280da");
        QCOMPARE(value("invoked_by_oom_adj"), "0");
        QCOMPARE(value("invoked_by_pid"), "2100");
        QCOMPARE(value("kernel"), "2.6.32-71.el6.x86_64");
        QCOMPARE(value("active_anon_pages"), "113740");
        QCOMPARE(value("zone.0.DMA.free_bytes"), QByteArray::number(1968 * 1024));
        QCOMPARE(value("zone.0.DMA.isolated_anon_bytes"), "0");
        QCOMPARE(value("zone.0.DMA.pages_scanned"), "17");
        QCOMPARE(value("zone.0.DMA.all_unreclaimable"), "yes");
        QCOMPARE(value("zone.0.DMA.lowmem_reserve_pages"), "0 471 471 471");
        QCOMPARE(value("zone.0.DMA.free_blocks"), "2*4kB 1*8kB 0*16kB 1*32kB 0*64kB");
        QCOMPARE(value("zone.0.DMA.free_blocks_bytes"), QByteArray::number(48 * 1024));
        QCOMPARE(value("swap_cache_find"), "2116467");
        QCOMPARE(value("swap_cache_find_tries"), "3106343");
        QCOMPARE(value("swap_free_bytes"), QByteArray::number(20904 * 1024));
        QCOMPARE(value("ram_pages"), "130972");
        QCOMPARE(value("non_shared_pages"), "120000");
        // The one that was announced had a child, and that was killed.
        QCOMPARE(test::factValue(read->evidence, "oom/2099", "announced"), "true");
        QCOMPARE(test::factValue(read->evidence, "oom/2099", "score"), "416");
        QVERIFY(test::factValue(read->evidence, "oom/2099", "killed").isEmpty());
        QCOMPARE(test::factValue(read->evidence, "oom/2101/task/2099", "rss"), "63979");
        QCOMPARE(test::factValue(read->evidence, "oom/2101/task/478", "oom_score_adj"), "-1000");
        QCOMPARE(test::factValue(read->evidence, "oom/2101/task/478", "name"), "udevd");
    }

    void readsEveryNumberOf68()
    {
        const auto read =
            test::readSource("dmesg", test::fileBytes(test::dataPath(QStringLiteral("dmesg/oom-6.8.txt"))));
        const auto value = [&read](const char *key) { return test::factValue(read->evidence, "oom/901", key); };
        QCOMPARE(value("gfp_mask"), "0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP)");
        QCOMPARE(value("invoked_by_oom_score_adj"), "1000");
        QCOMPARE(value("kernel"), "6.8.0-31-generic");
        QCOMPARE(value("limit_bytes"), QByteArray::number(262144 * 1024));
        QCOMPARE(value("swap_limit_bytes"), "0");
        QCOMPARE(value("mems_allowed"), "0");
        QCOMPARE(value("free_pages"), "51426");
        QCOMPARE(value("node.0.inactive_anon_bytes"), QByteArray::number(qint64(2650080) * 1024));
        QCOMPARE(value("zone.0.DMA32.boost_bytes"), QByteArray::number(58500 * 1024));
        QCOMPARE(value("zone.0.DMA32.high_bytes"), QByteArray::number(97500 * 1024));
        QCOMPARE(value("node.0.hugepages.2048kB.total"), "4");
        QCOMPARE(value("hwpoisoned_pages"), "0");
        QCOMPARE(value("slab.kmalloc-1k.total_bytes"), QByteArray::number(5516 * 1024));
        QCOMPARE(value("tasks"), "2");
        QCOMPARE(value("reaped_anon_rss_bytes"), QByteArray::number(16 * 1024));
        QCOMPARE(test::factValue(read->evidence, "oom/901/memcg/kubepods/burstable/pod1", "anon"), "266338304");
        QCOMPARE(test::factValue(read->evidence, "oom/901/memcg/kubepods/burstable/pod1", "kernel_stack"), "98304");
        QCOMPARE(test::factValue(read->evidence, "oom/901/task/901", "rss_anon"), "64000");
        QCOMPARE(test::factValue(read->evidence, "oom/901/task/901", "name"), "stress-ng vm");
        QCOMPARE(test::factValue(read->evidence, "kernel", "release"), "6.8.0-31-generic");
        QCOMPARE(test::factValue(read->evidence, "kernel", "taint"), "GW");
    }

    void survivesDamage()
    {
        test::damage("dmesg", test::fileBytes(test::dataPath(QStringLiteral("dmesg/oom-memcg.txt"))));
    }
};

FAULTLINE_TEST(TestOomReport)
#include "tst_oomreport.moc"
