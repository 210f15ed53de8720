// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/linematcher.h"
#include "tests/importers/readsource.h"
#include "tests/support/evidencejson.h"

#include <QDir>

using namespace faultline;
using namespace Qt::StringLiterals;

/// What holds for every importer, shown on its samples: the files below tests/data/<id of the importer>.
class TestRegistry : public QObject
{
    Q_OBJECT

private:
    static constexpr TimeNs Modified{1'795'500'000 * NsPerSecond};

    static void addSamples(int most = std::numeric_limits<int>::max())
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QString>("path");
        for (const auto &importer : test::importTools().registry->importers()) {
            const QByteArray id = importer->info().id;
            const QDir folder(test::dataPath(QString::fromUtf8(id)));
            int added = 0;
            for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
                if (!name.endsWith(u".golden.json"_s) && !name.endsWith(u".actual"_s) && added++ < most)
                    QTest::addRow("%s/%s", id.constData(), qPrintable(name)) << id << folder.filePath(name);
            }
        }
    }

    static QByteArray read(QByteArrayView id, const QByteArray &bytes, int threads)
    {
        SourceEvidence evidence;
        const Importer *importer = test::importTools().registry->byId(id);
        evidence.kind = importer->info().kind;
        evidence.format = importer->info().id;
        evidence.basis = importer->info().basis;
        ImportContext context{test::importTools().signatures, test::importTools().scanners, {}, {}, false, threads};
        importer->read(memorySource(u"sample"_s, bytes, Modified), evidence, context);
        return test::toJson(evidence, test::EvidenceParts::All);
    }

private Q_SLOTS:
    void hasASample_data()
    {
        QTest::addColumn<QByteArray>("id");
        for (const auto &importer : test::importTools().registry->importers())
            QTest::addRow("%s", importer->info().id.constData()) << importer->info().id;
    }
    void hasASample()
    {
        QFETCH(QByteArray, id);
        QVERIFY(!QDir(test::dataPath(QString::fromUtf8(id))).entryList(QDir::Files).isEmpty());
    }

    void isFuzzed_data() { hasASample_data(); }
    void isFuzzed()
    {
        QFETCH(QByteArray, id);
        const QDir folder(test::sourcePath(u"tests/fuzz"_s));
        int families = 0;
        for (const QString &name : folder.entryList({u"fuzz_*.cpp"_s}))
            families += test::fileBytes(folder.filePath(name)).contains(QByteArray('"' + id + '"')) ? 1 : 0;
        QVERIFY2(families == 1, "Add the id to the list of one of tests/fuzz/fuzz_*.cpp, and its samples' folder");
    }

    void claimsItsSamples_data() { addSamples(); }
    void claimsItsSamples()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, path);
        QCOMPARE(test::sniffed(test::fileBytes(path), path), id);
    }

    void readsItsSamplesAsBefore_data() { addSamples(); }
    void readsItsSamplesAsBefore()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, path);
        const auto source = test::readSource(id, test::fileBytes(path), QFileInfo(path).fileName(), Modified);
        QCOMPARE(source->outcome, ImportOutcome::Read);
        const QString problem = test::compareWithGolden(
            test::toJson(source->evidence, test::EvidenceParts::WithoutEvents), path + u".golden.json"_s);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }

    void standsDamage_data() { addSamples(); }
    void standsDamage()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, path);
        constexpr qsizetype MostBytes = 32 * 1024;
        test::damage(id, test::fileBytes(path).left(MostBytes));
    }

    /// The first sample of each importer: what differs by thread is how texts are cut, not what they say.
    void readsTheSameOnManyThreads_data() { addSamples(1); }
    void readsTheSameOnManyThreads()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, path);
        const QByteArray sample = test::fileBytes(path);
        const QByteArray bytes = sample.repeated(1 + 2'500'000 / std::max<qsizetype>(1, sample.size()));
        QCOMPARE(read(id, bytes, 4), read(id, bytes, 1));
    }

    /// A search looks at the bytes of lines whose decoder says so, and would else miss what is escaped there.
    void payloadsStandInTheirLines_data() { addSamples(); }
    void payloadsStandInTheirLines()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, path);
        const auto source = test::readSource(id, test::fileBytes(path), QFileInfo(path).fileName(), Modified);
        const SourceEvidence &evidence = source->evidence;
        if (!evidence.text || !keepsPayloads(evidence))
            return;
        for (const TimedLine &line : decodeLines(evidence, 1, evidence.lineCount())) {
            const std::string_view raw(line.raw.bytes.constData(), static_cast<size_t>(line.raw.bytes.size()));
            // What a carriage return wrote over may be the carrier's own mark, and the payload what stood there.
            QByteArray shown;
            stripTerminalControl(raw, true, shown);
            QVERIFY2(shown.contains(line.text), qPrintable(QString::fromUtf8(line.raw.bytes)));
        }
    }

    void knowsImportersById()
    {
        QVERIFY(test::importTools().registry->byId("plain"));
        QVERIFY(!test::importTools().registry->byId("nothing"));
    }
};

FAULTLINE_TEST(TestRegistry)
#include "tst_registry.moc"
