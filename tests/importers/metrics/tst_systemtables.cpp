// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestSystemTables : public QObject
{
    Q_OBJECT

    static const Series *series(const SourceEvidence &evidence, QByteArrayView id)
    {
        for (const Series &series : evidence.series)
            if (series.id() == id)
                return &series;
        return nullptr;
    }
    static QByteArray sample(const QString &name) { return test::fileBytes(test::dataPath(name)); }
    static qint64 ns(const char *time) { return fromRfc3339(time)->ns; }

private Q_SLOTS:
    void readsSarOverMidnight()
    {
        const auto read = test::readSource("sysstat", sample(u"sysstat/sar.txt"_s));
        const Series *user = series(read->evidence, R"(cpu_user_percent{cpu="all"})");
        QVERIFY(user);
        QCOMPARE(user->values, (std::vector<double>{4.21, 91.3}));
        QCOMPARE(user->times[0].ns, ns("2026-11-23T23:55:01Z"));
        QCOMPARE(user->times[1].ns, ns("2026-11-24T00:00:01Z"));
        const Series *available = series(read->evidence, "mem_available_bytes");
        QVERIFY(available);
        QCOMPARE(available->values.front(), 301220.0 * 1024);
        QCOMPARE(read->evidence.events.size(), 1U);
        QCOMPARE(read->evidence.events.front().signature, "host.restarted");
        QCOMPARE(read->evidence.identity.host, "ci-host-1");
        QCOMPARE(read->evidence.basis, TimeBasis::Local);
    }

    void readsIostatWithItsZone()
    {
        const auto read = test::readSource("sysstat", sample(u"sysstat/iostat.txt"_s));
        const Series *busy = series(read->evidence, R"(disk_util_percent{device="sda"})");
        QVERIFY(busy);
        QCOMPARE(busy->times.front().ns, ns("2026-11-23T17:55:18Z"));
        QCOMPARE(busy->values.front(), 99.8);
        QVERIFY(series(read->evidence, "iowait_percent"));
        QCOMPARE(read->evidence.zone, "+01:00");
    }

    void readsPidstatByProcess()
    {
        const auto read = test::readSource("sysstat", sample(u"sysstat/pidstat.txt"_s));
        const Series *cpu = series(read->evidence, R"(process_cpu_percent{command="ledger.test",pid="4321"})");
        QVERIFY(cpu);
        QCOMPARE(cpu->values, (std::vector<double>{100, 99}));
        QCOMPARE(cpu->times.front().ns, ns("2026-11-23T18:55:19Z"));
    }

    void readsSadf()
    {
        for (const QString &file : {u"sadf/rows.txt"_s, u"sadf/samples.json"_s}) {
            QCOMPARE(test::sniffed(sample(file)), "sadf");
            const auto read = test::readSource("sadf", sample(file));
            const Series *user = series(read->evidence, R"(cpu_user_percent{cpu="all"})");
            QVERIFY2(user, qPrintable(file));
            QCOMPARE(user->values, (std::vector<double>{4.21, 91.3}));
            QCOMPARE(user->times[1].ns, ns("2026-11-23T19:00:01Z"));
            QCOMPARE(read->evidence.basis, TimeBasis::Utc);
        }
    }

    void readsVmstatOnlyWithTimes()
    {
        const auto read = test::readSource("vmstat", sample(u"vmstat/timed.txt"_s));
        const Series *blocked = series(read->evidence, "procs_blocked");
        QVERIFY(blocked);
        QCOMPARE(blocked->values, (std::vector<double>{0, 3}));
        QCOMPARE(blocked->times[1].ns, ns("2026-11-23T18:55:19Z"));
        const auto untimed = test::readSource("vmstat", sample(u"vmstat/untimed.txt"_s));
        QVERIFY(untimed->evidence.series.empty());
        QVERIFY(!untimed->evidence.notes.empty());
    }

    void readsTopOverMidnight()
    {
        const auto read =
            test::readSource("top", sample(u"top/batch.txt"_s), u"top.txt"_s, TimeNs{ns("2026-11-24T00:00:05Z")});
        const Series *resident =
            series(read->evidence, R"(process_resident_memory_bytes{command="ledger.test",pid="4321"})");
        QVERIFY(resident);
        QCOMPARE(resident->times[0].ns, ns("2026-11-23T23:59:59Z"));
        QCOMPARE(resident->times[1].ns, ns("2026-11-24T00:00:02Z"));
        QCOMPARE(resident->values[0], 6.1 * 1024 * 1024 * 1024);
        QVERIFY(series(read->evidence, "mem_available_bytes"));
        QCOMPARE(series(read->evidence, "load1")->values, (std::vector<double>{4.2, 4.25}));
    }
};

FAULTLINE_TEST(TestSystemTables)
#include "tst_systemtables.moc"
