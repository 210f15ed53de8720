// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

using namespace faultline;

class TestProfiles : public QObject
{
    Q_OBJECT

    static QByteArray sample(const char *name) { return test::fileBytes(test::dataPath(QLatin1StringView(name))); }

private Q_SLOTS:
    void readsCpuProfile()
    {
        const QByteArray bytes = sample("pprof/cpu.pb.gz");
        QCOMPARE(test::sniffed(bytes), "pprof");
        const auto read = test::readSource("pprof", bytes);
        QCOMPARE(read->evidence.profiles.size(), size_t(2));
        const Profile &cpu = read->evidence.profiles[1];
        QCOMPARE(cpu.type, "cpu");
        QCOMPARE(cpu.unit, "nanoseconds");
        QVERIFY(cpu.durationNs > 0);
        QVERIFY(cpu.time && cpu.time->ns > fromRfc3339("2026-11-23T00:00:00Z")->ns);
        QVERIFY(!cpu.frames.empty());
        QVERIFY(std::ranges::is_sorted(cpu.frames, std::greater(), &ProfileFrame::cum));
        double flat = 0;
        for (const ProfileFrame &frame : cpu.frames) {
            flat += frame.flat;
            QVERIFY(frame.cum >= frame.flat);
            QVERIFY(!frame.function.isEmpty());
        }
        QVERIFY(flat > 0);
        QCOMPARE(read->evidence.coverage.at(0).captured->ns, cpu.time->ns + cpu.durationNs);
        QVERIFY(read->evidence.notes.empty());
    }

    void readsHeapProfile()
    {
        const auto read = test::readSource("pprof", sample("pprof/heap.pb.gz"));
        QStringList types;
        for (const Profile &profile : read->evidence.profiles)
            types << QString::fromUtf8(profile.type);
        QVERIFY(types.contains(QStringLiteral("inuse_space")));
    }

    void tellsDamage()
    {
        const QByteArray bytes = sample("pprof/cpu.pb.gz");
        const auto read = test::readSource("pprof", bytes.first(bytes.size() / 2));
        QVERIFY(!read->evidence.notes.empty());
        QCOMPARE(read->evidence.notes[0].code, Code::Truncated);
        test::damage("pprof", bytes);
        test::damage("pprof", sample("pprof/heap.pb.gz"));
    }

    void leavesOtherFilesAlone()
    {
        QCOMPARE_NE(test::sniffed("hello\nworld\n"), "pprof");
        QCOMPARE_NE(test::sniffed(QByteArray(100, '\0')), "pprof");
        QCOMPARE_NE(test::sniffed("\n\n\n\n\n"), "pprof");
    }

    void readsGoroutineProfile()
    {
        const QByteArray bytes =
            "goroutine profile: total 5\n4 @ 0x1 0x2\n#\t0x1\truntime.gopark+0xe4\t/go/proc.go:304\n"
            "#\t0x2\tmain.(*pool).work+0x1d\t/src/main.go:9\n\n1 @ 0x3\n# labels: {\"a\":\"b\"}\n"
            "#\t0x3\tmain.main+0x2\t\t/src/main.go:20\n";
        QCOMPARE(test::sniffed(bytes), "goroutine-profile");
        const auto read = test::readSource("goroutine-profile", bytes);
        QCOMPARE(test::factValue(read->evidence, "goroutines", "total"), "5");
        QCOMPARE(read->evidence.threads.size(), size_t(2));
        QCOMPARE(read->evidence.threads[0].count, 4);
        QCOMPARE(read->evidence.threads[0].stack, "runtime.gopark\nmain.(*pool).work");
        QCOMPARE(read->evidence.threads[1].line, 6);
        QVERIFY(read->evidence.notes.empty());
        test::damage("goroutine-profile", bytes);
    }

    void readsGoCoverage()
    {
        const QByteArray bytes =
            "mode: set\na.io/x/y/f.go:1.2,3.4 3 1\na.io/x/y/f.go:5.2,6.4 1 0\na.io/x/z/g.go:1.1,2.2 4 0\n"
            "a.io/x/y/f.go:5.2,6.4 1 1\nnonsense\n";
        QCOMPARE(test::sniffed(bytes), "go-cover");
        const auto read = test::readSource("go-cover", bytes);
        QCOMPARE(read->evidence.kind, SourceKind::Coverage);
        QCOMPARE(test::factValue(read->evidence, "coverage", "percent"), "50.0");
        QCOMPARE(test::factValue(read->evidence, "coverage/a.io/x/y", "percent"), "100.0");
        QCOMPARE(test::factValue(read->evidence, "coverage/a.io/x/z", "percent"), "0.0");
        QCOMPARE(read->evidence.notes.size(), size_t(1));
        QCOMPARE(read->evidence.notes[0].position.line, 6);
        QCOMPARE(test::sniffed(sample("go-cover/after.out")), "go-cover");
        test::damage("go-cover", sample("go-cover/after.out"), 20);
    }
};

FAULTLINE_TEST(TestProfiles)
#include "tst_profiles.moc"
