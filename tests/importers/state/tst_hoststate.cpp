// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;

class TestHostState : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsCgroupFiles()
    {
        const QByteArray bytes = test::fileBytes(test::dataPath(QStringLiteral("cgroup-files/throttled.txt")));
        QCOMPARE(test::sniffed(bytes), "cgroup-files");
        const auto read = test::readSource("cgroup-files", bytes, QStringLiteral("cgroup-after.txt"), TimeNs{7'000});
        const QByteArray subject = "cgroup//ci-pricing-bcfdefa8";
        QCOMPARE(test::factValue(read->evidence, subject, "memory.limit_in_bytes"), "9223372036854771712");
        QCOMPARE(test::factValue(read->evidence, subject, "cpu.stat.nr_throttled"), "82");
        QCOMPARE(test::factValue(read->evidence, subject, "pids.max"), "max");
        QCOMPARE(test::factValue(read->evidence, subject, "memory.oom_control.oom_kill"), "0");
        for (const Fact &fact : read->evidence.facts) {
            QCOMPARE(fact.identity->cgroup, "/ci-pricing-bcfdefa8");
            if (fact.key == "cpu.stat.nr_throttled")
                QCOMPARE(read->evidence.text->line(fact.line).bytes, "nr_throttled 82");
        }
        const QByteArray second = "==> /sys/fs/cgroup/kubepods.slice/x/memory.events <==\nlow 0\noom_kill 3\n\n"
                                  "==> /sys/fs/cgroup/kubepods.slice/x/cpu.max <==\n15000 100000\n\n"
                                  "==> /sys/fs/cgroup/kubepods.slice/x/memory.pressure <==\nsome avg10=1.50 total=9\n";
        const auto unified = test::readSource("cgroup-files", second);
        QCOMPARE(test::factValue(unified->evidence, "cgroup//kubepods.slice/x", "memory.events.oom_kill"), "3");
        QCOMPARE(test::factValue(unified->evidence, "cgroup//kubepods.slice/x", "memory.pressure.some.avg10"), "1.50");
        QVERIFY(!test::factValue(unified->evidence, "cgroup//kubepods.slice/x", "cpu.max").isEmpty());
        test::damage("cgroup-files", bytes);
    }

    void readsTables()
    {
        const QByteArray free = "               total        used        free      shared  buff/cache   available\n"
                                "Mem:            23Gi       916Mi        20Gi       8.7Mi       2.2Gi        22Gi\n"
                                "Swap:             0B          0B          0B\n";
        QCOMPARE(test::sniffed(free), "host-state");
        const auto memory = test::readSource("host-state", free);
        QCOMPARE(test::factValue(memory->evidence, "memory/Mem", "used_bytes"), "960495616");
        QCOMPARE(test::factValue(memory->evidence, "memory/Swap", "total_bytes"), "0");
        const QByteArray df = "Filesystem      Size  Used Avail Use% Mounted on\n"
                              "tmpfs            48M   48M     0 100% /home/a b\n"
                              "Filesystem      Inodes IUsed   IFree IUse% Mounted on\n"
                              "tmpfs          3085457    10 3085447    1% /home/a b\n";
        QCOMPARE(test::sniffed(df), "host-state");
        const auto disk = test::readSource("host-state", df);
        QCOMPARE(test::factValue(disk->evidence, "filesystem//home/a b", "available_bytes"), "0");
        QCOMPARE(test::factValue(disk->evidence, "filesystem//home/a b", "used_percent"), "100");
        QCOMPARE(test::factValue(disk->evidence, "filesystem//home/a b", "available_inodes"), "3085447");
        const QByteArray lsof =
            "COMMAND     PID USER   FD      TYPE DEVICE SIZE/OFF     NODE NAME\n"
            "x. 19136 root  cwd       DIR  254,0     4096  1794098 /home\n"
            "x. 19136 root    0r      CHR    1,3      0t0        5 /dev/null\n"
            "x. 19136 root    7u     IPv4  12345      0t0      TCP 127.0.0.1:1->127.0.0.1:2 (ESTABLISHED)\n";
        QCOMPARE(test::sniffed(lsof), "host-state");
        const auto files = test::readSource("host-state", lsof);
        QCOMPARE(test::factValue(files->evidence, "process/19136", "open_files"), "2");
        QCOMPARE(test::factValue(files->evidence, "process/19136", "open_sockets"), "1");
        const QByteArray ss =
            "State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n"
            "LISTEN 0      4096       127.0.0.1:18720      0.0.0.0:*    users:((\"relayd\",pid=21113,fd=3))\n";
        const auto sockets = test::readSource("host-state", ss);
        QCOMPARE(test::factValue(sockets->evidence, "port/18720", "process"), "relayd");
        QCOMPARE(test::factValue(sockets->evidence, "port/18720", "pid"), "21113");
        for (const QByteArray &bytes : {free, df, lsof, ss})
            test::damage("host-state", bytes, 20);
    }

    void readsTablesAndLimitsInLogs()
    {
        const QByteArray log =
            "hello\n$ df -h\nFilesystem      Size  Used Avail Use% Mounted on\n/dev/sda1       1.0G  512M  512M  50% "
            "/\nbye\n"
            "$ ulimit -a\ncore file size              (blocks, -c) 0\nopen files                          (-n) 20000\n"
            "virtual memory              (kbytes, -v) 1500000\nstack size                  (kbytes, -s) unlimited\n";
        const auto read = test::readSource("plain", log);
        QCOMPARE(test::factValue(read->evidence, "filesystem//", "available_bytes"), "536870912");
        QCOMPARE(test::factValue(read->evidence, "ulimit", "open_files"), "20000");
        QCOMPARE(test::factValue(read->evidence, "ulimit", "virtual_memory"), "1500000");
        QCOMPARE(test::factValue(read->evidence, "ulimit", "virtual_memory_bytes"), "1536000000");
        QCOMPARE(test::factValue(read->evidence, "ulimit", "stack_size"), "unlimited");
    }

    void readsCoresThatGdbOpened()
    {
        const QByteArray log =
            "Core was generated by `./test_codec'.\nProgram terminated with signal SIGSEGV, Segmentation fault.\n"
            "#0  decode (root=0x0, n=16) at huffman.c:16\n16\t        if (cur->sym >= 0) {\n"
            "#0  decode (root=0x0, n=16) at huffman.c:16\n        i = 1\n"
            "#1  0x000055bf08fbd25f in main () at test_codec.c:18\n";
        const auto read = test::readSource("plain", log);
        QCOMPARE(test::factValue(read->evidence, "core", "program"), "./test_codec");
        QCOMPARE(test::factValue(read->evidence, "core", "signal"), "SIGSEGV");
        QCOMPARE(test::factValue(read->evidence, "core", "frame.0"), "decode huffman.c:16");
        QCOMPARE(test::factValue(read->evidence, "core", "frame.1"), "main test_codec.c:18");
    }

    void readsFilesOfProcAndCommands()
    {
        const auto fact = [](const char *file, QByteArrayView subject, QByteArrayView key) {
            const QString path = test::dataPath(QStringLiteral("host-state/") + QLatin1StringView(file));
            const QByteArray bytes = test::fileBytes(path);
            if (test::sniffed(bytes) != "host-state")
                return QByteArray("not recognised");
            return test::factValue(test::readSource("host-state", bytes)->evidence, subject, key);
        };
        QCOMPARE(fact("meminfo.txt", "meminfo", "MemAvailable_bytes"), "216965120");
        QCOMPARE(fact("status.txt", "process/4321", "VmRSS_bytes"), "327786496");
        QCOMPARE(fact("status.txt", "process/4321", "Threads"), "17");
        QCOMPARE(fact("limits.txt", "ulimit", "open_files"), "1024");
        QCOMPARE(fact("limits.txt", "ulimit", "open_files_hard"), "524288");
        QCOMPARE(fact("limits.txt", "ulimit", "stack_size_bytes"), "8388608");
        QCOMPARE(fact("ulimit-bash.txt", "ulimit", "virtual_memory_bytes"), "4294967296");
        QCOMPARE(fact("ulimit-dash.txt", "ulimit", "open_files"), "1024");
        QCOMPARE(fact("ulimit-dash.txt", "ulimit", "max_user_processes"), "63416");
        QCOMPARE(fact("docker-ps.txt", "container/ledger-worker", "exitCode"), "137");
        QCOMPARE(fact("docker-stats.txt", "container/db", "limits.memory_bytes"), "335544320");
        QCOMPARE(fact("systemctl.txt", "unit/ledger.service", "result"), "oom-kill");
        QCOMPARE(fact("coredump-info.txt", "core/4321", "frame.0"), "parse_row (crash + 0x1139)");
        QCOMPARE(fact("ps-aux.txt", "process/4321", "rss_bytes"), "6549934080");
        QCOMPARE(fact("ps-aux.txt", "process/4321", "command"), "ledger.test -test.run Snapshot");
        QCOMPARE(fact("several.txt", "load", "load1"), "4.20");
        QCOMPARE(fact("several.txt", "pressure/memory", "some.avg10"), "61.20");
        QCOMPARE(fact("several.txt", "mount//", "options"), "ro,relatime,errors=remount-ro");
        QCOMPARE(fact("several.txt", "process/4321", "parent"), "4300");
        const auto lone =
            test::readSource("cgroup-files", "max\n", QStringLiteral("bundle/sys/fs/cgroup/ci.slice/memory.max"));
        QCOMPARE(test::factValue(lone->evidence, "cgroup//ci.slice", "memory.max"), "max");
        QCOMPARE(test::sniffed("max\n", QStringLiteral("bundle/sys/fs/cgroup/ci.slice/memory.max")), "cgroup-files");
        QCOMPARE(test::sniffed("low 0\nhigh 0\nmax 1\noom 1\noom_kill 1\n", QStringLiteral("x")), "cgroup-files");
    }
};

FAULTLINE_TEST(TestHostState)
#include "tst_hoststate.moc"
