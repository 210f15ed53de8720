// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QElapsedTimer>

using namespace faultline;
using namespace Qt::StringLiterals;

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

    void keepsCallPaths()
    {
        const auto read = test::readSource("pprof", sample("pprof/cpu.pb.gz"));
        for (const Profile &profile : read->evidence.profiles) {
            QVERIFY(profile.callFunctions && !profile.calls.empty());
            double self = 0;
            for (size_t i = 0; i < profile.calls.size(); ++i) {
                const CallNode &call = profile.calls[i];
                QVERIFY(call.parent < static_cast<qint32>(i)); // callers come before what they call
                QVERIFY(call.function >= 0 && std::cmp_less(call.function, profile.callFunctions->size()));
                self += call.self;
            }
            const auto total = std::ranges::find_if(read->evidence.facts, [&](const Fact &fact) {
                return fact.subject == "profile/" + profile.type && fact.key == "total";
            });
            QCOMPARE(self, total->value.toDouble());
        }
    }

    void readsHeapProfile()
    {
        const auto read = test::readSource("pprof", sample("pprof/heap.pb.gz"));
        QStringList types;
        for (const Profile &profile : read->evidence.profiles)
            types << QString::fromUtf8(profile.type);
        QVERIFY(types.contains(QStringLiteral("inuse_space")));
    }

    void readsOlderForms_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArrayList>("types");
        QTest::addColumn<QByteArrayList>("totals");
        QTest::addColumn<QByteArray>("hottest");
        QTest::addColumn<int>("stacks");
        const QByteArrayList cpu{"samples", "cpu"};
        const QByteArrayList ticks{"10", "100000000"};
        QTest::newRow("64-bit little endian") << u"legacy-64le.cpu"_s << cpu << ticks << QByteArray("0x402200") << 3;
        QTest::newRow("32-bit little endian") << u"legacy-32le.cpu"_s << cpu << ticks << QByteArray("0x402200") << 3;
        QTest::newRow("64-bit big endian") << u"legacy-64be.cpu"_s << cpu << ticks << QByteArray("0x402200") << 3;
        QTest::newRow("32-bit big endian") << u"legacy-32be.cpu"_s << cpu << ticks << QByteArray("0x402200") << 3;
        QTest::newRow("Java") << u"java-32le.cpu"_s << cpu << ticks << QByteArray("com.example.Main.run") << 3;
        // Blocks of 256 KiB, sampled once in 512 KiB: each stands for 1 / (1 - e^-0.5) of its like.
        QTest::newRow("heap of Go") << u"heap-debug1.txt"_s
                                    << QByteArrayList{"alloc_objects", "alloc_space", "inuse_objects", "inuse_space"}
                                    << QByteArrayList{"30", "7994848", "7", "1998711"}
                                    << QByteArray("example.com/ledger/cache.(*Store).Put") << 2;
        QTest::newRow("growth") << u"growth.txt"_s << QByteArrayList{"objects", "space"}
                                << QByteArrayList{"3", "6291456"} << QByteArray("0xb83003") << 2;
        QTest::newRow("mutexes of Go") << u"mutex-debug1.txt"_s << QByteArrayList{"contentions", "delay"}
                                       << QByteArrayList{"10", "4000200000"} << QByteArray("sync.(*Mutex).Unlock") << 2;
        QTest::newRow("contention of Java") << u"contention-java.txt"_s << QByteArrayList{"contentions", "delay"}
                                            << QByteArrayList{"30", "450"} << QByteArray("com.example.Main.run") << 2;
        QTest::newRow("thread creations of Go") << u"threadcreate-debug1.txt"_s << QByteArrayList{"threadcreate"}
                                                << QByteArrayList{"9"} << QByteArray("runtime.allocm") << 2;
        // Blocks of 128 KiB, sampled once in 512 KiB.
        QTest::newRow("heap of jemalloc") << u"jemalloc.heap"_s << QByteArrayList{"objects", "space"}
                                          << QByteArrayList{"22", "2962758"} << QByteArray("0x55840000") << 2;
        QTest::newRow("threads") << u"threadz.txt"_s << QByteArrayList{"thread"} << QByteArrayList{"3"}
                                 << QByteArray("nanosleep") << 2;
    }
    void readsOlderForms()
    {
        QFETCH(QString, file);
        QFETCH(QByteArrayList, types);
        QFETCH(QByteArrayList, totals);
        QFETCH(QByteArray, hottest);
        QFETCH(int, stacks);
        const QByteArray bytes = test::fileBytes(test::dataPath(u"pprof/"_s + file));
        QCOMPARE(test::sniffed(bytes), "pprof");
        const auto read = test::readSource("pprof", bytes);
        QByteArrayList foundTypes;
        QByteArrayList foundTotals;
        for (const Profile &profile : read->evidence.profiles) {
            foundTypes.append(profile.type);
            foundTotals.append(test::factValue(read->evidence, QByteArray("profile/" + profile.type), "total"));
        }
        QCOMPARE(foundTypes, types);
        QCOMPARE(foundTotals, totals);
        QCOMPARE(test::factValue(read->evidence, "profile", "stacks"), QByteArray::number(stacks));
        QCOMPARE(read->evidence.profiles.at(0).frames.at(0).function, hottest);
        QVERIFY(read->evidence.notes.empty());
        test::damage("pprof", bytes, 40);
    }

    void capsHostileProfiles()
    {
        // Wire format by hand: a sample type, one location that stands for very many lines, and samples of it, very deep.
        const auto varint = [](quint64 value) {
            QByteArray bytes;
            for (; value > 127; value >>= 7)
                bytes.append(static_cast<char>(value | 128));
            return bytes.append(static_cast<char>(value));
        };
        const auto field = [&varint](int tag, const QByteArray &bytes) {
            return QByteArray(varint(static_cast<quint64>(tag) << 3 | 2) + varint(static_cast<quint64>(bytes.size()))
                              + bytes);
        };
        QByteArray lines = QByteArray("\x08\x01", 2);
        for (int i = 0; i < 20'000; ++i)
            lines += field(4, QByteArray("\x08\x01\x10\x07", 4)); // calls itself, inlined
        QByteArray profile =
            field(1, QByteArray("\x08\x01\x10\x02", 4)) + field(4, lines) + field(5, QByteArray("\x08\x01\x10\x03", 4));
        for (const char *text : {"", "cpu", "nanoseconds", "spin"})
            profile += field(6, text);
        const QByteArray sample =
            field(2, QByteArray(field(1, QByteArray(20'000, '\x01')) + field(2, QByteArray("\x05", 1))));
        for (int i = 0; i < 100; ++i)
            profile += sample;
        QElapsedTimer timer;
        timer.start();
        const auto read = test::readSource("pprof", profile);
        QVERIFY(timer.elapsed() < 20'000);
        QCOMPARE(test::factValue(read->evidence, "profile/cpu", "total"), "500");
        QCOMPARE(read->evidence.profiles.at(0).frames.at(0).cum, 500.0); // once a sample
        QVERIFY(std::ranges::any_of(read->evidence.notes,
                                    [](const Note &note) { return note.code == Code::LimitReached; }));
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
