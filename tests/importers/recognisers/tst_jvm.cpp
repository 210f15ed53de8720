// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestJvm : public QObject
{
    Q_OBJECT

    static std::unique_ptr<test::ReadSource> sample(QByteArrayView importer, const QString &path)
    {
        return test::readSource(importer, test::fileBytes(test::dataPath(path)));
    }
    static const Series *series(const SourceEvidence &evidence, QByteArrayView name)
    {
        const auto found = std::ranges::find_if(evidence.series, [name](const Series &s) { return s.name == name; });
        return found == evidence.series.end() ? nullptr : &*found;
    }

private Q_SLOTS:
    void readsThreadsAndTheirDeadlock()
    {
        const auto read = sample("jvm-thread-dump", u"jvm-thread-dump/deadlock.txt"_s);
        const SourceEvidence &evidence = read->evidence;
        QCOMPARE(evidence.threads.size(), size_t(4));
        QCOMPARE(evidence.threads[1].id, 22);
        QCOMPARE(evidence.threads[1].state, "BLOCKED (on object monitor)");
        QCOMPARE(evidence.threads[1].stack.split('\n').front(), "com.acme.Account.debit");
        QCOMPARE(evidence.threads[3].state, "runnable");
        QCOMPARE(test::factValue(evidence, "thread/transfer-a", "waits_for"), "0x00000000e1a03a10");
        QCOMPARE(test::factValue(evidence, "thread/transfer-b", "holds"), "0x00000000e1a03a10");
        QCOMPARE(test::factValue(evidence, "deadlock", "transfer-a"), "transfer-b");
        QCOMPARE(test::factValue(evidence, "deadlock", "transfer-b"), "transfer-a");
        QCOMPARE(evidence.basis, TimeBasis::Local);
        QCOMPARE(toRfc3339(TimeNs{evidence.first->ns}), "2026-05-04T10:00:00Z");
    }

    void readsUnifiedGcLog()
    {
        const auto read = sample("plain", u"plain/gc-unified.log"_s);
        const Series *before = series(read->evidence, "jvm_gc_heap_before_bytes");
        const Series *after = series(read->evidence, "jvm_gc_heap_after_bytes");
        const Series *pause = series(read->evidence, "jvm_gc_pause_seconds");
        QVERIFY(before && after && pause);
        QCOMPARE(before->values.size(), size_t(4));
        QCOMPARE(before->values.back(), 255.0 * 1024 * 1024);
        QCOMPARE(after->values.front(), 4.0 * 1024 * 1024);
        QCOMPARE(pause->values.back(), 0.1215);
        QCOMPARE(before->times.back().ns, 9'876 * NsPerMillisecond);
    }

    void readsOldGcLog()
    {
        const auto read = sample("plain", u"plain/gc-old.log"_s);
        const Series *after = series(read->evidence, "jvm_gc_heap_after_bytes");
        const Series *committed = series(read->evidence, "jvm_gc_heap_committed_bytes");
        const Series *pause = series(read->evidence, "jvm_gc_pause_seconds");
        QVERIFY(after && committed && pause);
        // The whole heap's numbers, not a generation's.
        QCOMPARE(after->values, (std::vector<double>{10728.0 * 1024, 15000.0 * 1024, 120000.0 * 1024}));
        QCOMPARE(committed->values.front(), 251392.0 * 1024);
        QCOMPARE(pause->values, (std::vector<double>{0.0123456, 0.0121, 0.25}));
        QCOMPARE(toRfc3339(TimeNs{after->times.front().ns}), "2026-05-04T10:00:00.5Z");
    }

    void readsOldGcLogWithUptimesOnly()
    {
        const auto read = test::readSource("plain", "0.456: [GC 65536K->10728K(251392K), 0.0123456 secs]\n"
                                                    "3.456: [Full GC 80000K->20728K(251392K), 0.5000000 secs]\n");
        const Series *after = series(read->evidence, "jvm_gc_heap_after_bytes");
        QVERIFY(after);
        QCOMPARE(after->times.back().ns - after->times.front().ns, 3 * NsPerSecond);
    }

    void readsFatalErrors()
    {
        const auto read = sample("hs-err", u"hs-err/sigsegv.log"_s);
        const SourceEvidence &evidence = read->evidence;
        QCOMPARE(test::factValue(evidence, "jvm", "signal"), "SIGSEGV");
        QCOMPARE(test::factValue(evidence, "jvm", "pid"), "4242");
        QCOMPARE(test::factValue(evidence, "jvm", "frame"), "C  [libshrink.so+0x1f10]  shrink_row+0x40");
        QCOMPARE(test::factValue(evidence, "jvm", "container.memory_limit"), "1048576 k");
        QCOMPARE(test::factValue(evidence, "jvm", "command_line"), "-Xmx512m com.acme.Thumbs --all");
        QCOMPARE(evidence.basis, TimeBasis::Utc);
        QCOMPARE(toRfc3339(TimeNs{evidence.first->ns}), "2026-05-04T10:00:12Z");
        const auto oom = sample("hs-err", u"hs-err/native-oom.log"_s);
        QVERIFY(test::factValue(oom->evidence, "jvm", "allocation").contains("failed to map 268435456 bytes"));
        QCOMPARE(oom->evidence.basis, TimeBasis::Local);
    }
};

FAULTLINE_TEST(TestJvm)
#include "tst_jvm.moc"
