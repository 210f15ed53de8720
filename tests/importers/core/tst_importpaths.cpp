// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QTemporaryDir>

#include <sys/stat.h>

using namespace faultline;
using namespace Qt::StringLiterals;

class TestImportPaths : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    QString put(const QString &name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
        return path;
    }
    Result<Evidence> read(const QStringList &paths, const ImportOptions &options = {})
    {
        return importPaths(paths, test::importTools(), options);
    }
    QStringList names(const Evidence &evidence)
    {
        QStringList result;
        for (const auto &source : evidence.sources)
            result.append(QDir(m_folder->path()).relativeFilePath(source->path));
        return result;
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void readsFoldersInOrderOfPath()
    {
        put(u"b.log"_s, "b\n");
        put(u"a/z.log"_s, "z\n");
        put(u"a/B.log"_s, "B\n");
        put(u"c/d/e.log"_s, "");
        put(u".hidden"_s, "h\n");
        put(u".git/config"_s, "g\n");
        const auto evidence = read({m_folder->path()});
        QVERIFY(evidence);
        QCOMPARE(names(*evidence), QStringList({u"a/B.log"_s, u"a/z.log"_s, u"b.log"_s, u"c/d/e.log"_s}));
        QCOMPARE(evidence->sources[3]->lineCount(), 0); // an empty file is a source too
        QCOMPARE(evidence->sources[0]->byteCount, 2);
        QVERIFY(evidence->sources[0]->modified);
        QVERIFY(!evidence->sources[0]->formatReason.isEmpty());
    }

    void readsAFileOnce()
    {
        const QString path = put(u"a.log"_s, "a\n");
        QFile::link(m_folder->path(), m_folder->filePath(u"loop"_s));
        const auto evidence = read({path, m_folder->path(), path});
        QVERIFY(evidence);
        QCOMPARE(evidence->sources.size(), size_t(1));
    }

    void choosesBySniffing()
    {
        const QByteArray stamp = "2026-03-04T09:00:00.0000000Z ";
        const QString github = put(u"misleading.prom"_s, stamp + "##[group]Run x\n" + stamp + "##[endgroup]\n");
        const auto evidence = read({github});
        QVERIFY(evidence);
        QCOMPARE(evidence->sources[0]->format, "github-actions");
        QCOMPARE(evidence->sources[0]->kind, SourceKind::CiLog);
    }

    void obeysANamedFormat()
    {
        put(u"x/a.log"_s, "no stamps\n");
        ImportOptions options;
        options.formatOf = {{u"a.log"_s, "github-actions"}};
        const auto evidence = read({m_folder->path()}, options);
        QVERIFY(evidence);
        QCOMPARE(evidence->sources[0]->format, "github-actions");
        QVERIFY(std::ranges::any_of(evidence->sources[0]->notes, [](const Note &note) {
            return note.severity == Severity::Error && note.position.line == 1;
        }));
        options.formatOf = {{u"a.log"_s, "no-such-format"}};
        const auto unknown = read({m_folder->path()}, options);
        QVERIFY(unknown);
        QVERIFY(std::ranges::any_of(unknown->sources[0]->notes,
                                    [](const Note &note) { return note.code == Code::UnknownId; }));
    }

    void convertsWideEncodings_data()
    {
        QTest::addColumn<int>("encoding");
        QTest::addColumn<bool>("withBom");
        QTest::newRow("UTF-16LE") << int(QStringConverter::Utf16LE) << true;
        QTest::newRow("UTF-16BE") << int(QStringConverter::Utf16BE) << true;
        QTest::newRow("UTF-32LE") << int(QStringConverter::Utf32LE) << true;
        QTest::newRow("UTF-16LE without BOM") << int(QStringConverter::Utf16LE) << false;
        QTest::newRow("UTF-16BE without BOM") << int(QStringConverter::Utf16BE) << false;
    }
    void convertsWideEncodings()
    {
        QFETCH(int, encoding);
        QFETCH(bool, withBom);
        QStringEncoder encoder(static_cast<QStringConverter::Encoding>(encoding),
                               withBom ? QStringConverter::Flag::WriteBom : QStringConverter::Flag::Default);
        const QByteArray bytes = encoder.encode(u"2026-11-23T18:55:18Z up and running\n2026-11-23T18:55:19Z grün\n"_s);
        const auto evidence = read({put(u"wide.log"_s, bytes)});
        QVERIFY(evidence);
        const SourceEvidence &source = *evidence->sources[0];
        QCOMPARE(source.lineCount(), 2);
        QCOMPARE(source.byteCount, bytes.size());
        QVERIFY(source.first);
        QCOMPARE(decodeLines(source, 2, 1).at(0).text, "gr\xc3\xbcn");
        QVERIFY(std::ranges::any_of(source.notes, [](const Note &note) { return note.code == Code::BadEncoding; }));
    }

    void tellsWhatIsNoText()
    {
        QByteArray noise;
        for (int i = 0; i < 4096; ++i)
            noise.append(static_cast<char>((i * 7919) % 31));
        const auto evidence = read({put(u"blob"_s, noise)});
        QVERIFY(evidence);
        QCOMPARE(evidence->sources[0]->format, "unknown");
        QCOMPARE(evidence->sources[0]->notes.size(), size_t(1));
    }

    void takesNumbersForNoWideText()
    {
        QByteArray numbers; // of 16 bits, all small: every second byte is NUL
        for (int i = 0; i < 4096; ++i)
            numbers.append(static_cast<char>(i * 7 % 127 + 128)).append('\0');
        const auto evidence = read({put(u"samples.bin"_s, numbers)});
        QVERIFY(evidence);
        QVERIFY(std::ranges::none_of(evidence->sources[0]->notes,
                                     [](const Note &note) { return note.text.contains(u"UTF-16"_s); }));
    }

    void anUnreadableFileIsASource()
    {
        put(u"a.log"_s, "a\n");
        const QString pipe = m_folder->filePath(u"pipe"_s);
        QCOMPARE(::mkfifo(qPrintable(pipe), 0600), 0);
        const auto evidence = read({m_folder->path()});
        QVERIFY(evidence);
        QCOMPARE(names(*evidence), QStringList({u"a.log"_s, u"pipe"_s}));
        QCOMPARE(evidence->sources[1]->notes.at(0).severity, Severity::Error);
        QVERIFY(!read({pipe}));
    }

    void readsMoreFilesThanMayBeOpen()
    {
        for (int i = 0; i < 1500; ++i)
            put(u"many/%1.log"_s.arg(i), "number " + QByteArray::number(i) + '\n');
        const auto evidence = read({m_folder->path()});
        QVERIFY(evidence);
        QCOMPARE(evidence->sources.size(), size_t(1500));
        for (const auto &source : evidence->sources)
            QVERIFY(decodeLines(*source, 1, 1).at(0).text.startsWith("number "));
    }

    void failsWithoutAnything()
    {
        const auto missing = read({m_folder->filePath(u"none"_s)});
        QVERIFY(!missing);
        QCOMPARE(missing.error().code, Code::NotFound);
        QVERIFY(!read({m_folder->path()}));
        QVERIFY(!read({}));
    }

    void tellsProgressOfAllBytes()
    {
        put(u"a.log"_s, QByteArray(3'000'000, '\n'));
        put(u"b.log"_s, QByteArray(10'000'000, '\n'));
        put(u"c.log"_s, "c\n");
        ImportOptions options;
        options.threads = 4;
        qint64 last = 0;
        qint64 all = 0;
        bool isRising = true;
        options.progress = [&](qint64 done, qint64 total) { // one call at a time
            isRising = isRising && done >= last;
            last = done;
            all = total;
        };
        QVERIFY(read({m_folder->path()}, options));
        QVERIFY(isRising);
        QCOMPARE(all, 13'000'002);
        QCOMPARE(last, all);
    }

    void stopsWhenCancelled()
    {
        put(u"a.log"_s, QByteArray(20'000'000, '\n'));
        ImportOptions options;
        options.progress = [&options](qint64, qint64) { options.cancel.cancel(); };
        const auto evidence = read({m_folder->path()}, options);
        QVERIFY(!evidence);
        QCOMPARE(evidence.error().code, Code::Cancelled);
    }
};

FAULTLINE_TEST(TestImportPaths)
#include "tst_importpaths.moc"
