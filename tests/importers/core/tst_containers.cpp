// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/containers.h"
#include "tests/importers/readsource.h"

#include <QTemporaryDir>

#include <archive.h>
#include <archive_entry.h>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

struct Entry {
    QByteArray path;
    QByteArray bytes;
    int type = AE_IFREG;
};

enum class Filter { None, Gzip, Bzip2, Xz, Zstd };

void addFilter(archive *writer, Filter filter)
{
    switch (filter) {
    case Filter::None: archive_write_add_filter_none(writer); break;
    case Filter::Gzip: archive_write_add_filter_gzip(writer); break;
    case Filter::Bzip2: archive_write_add_filter_bzip2(writer); break;
    case Filter::Xz: archive_write_add_filter_xz(writer); break;
    case Filter::Zstd: archive_write_add_filter_zstd(writer); break;
    }
}

/// `setFormat` is archive_write_set_format_zip and the like.
QByteArray packed(int (*setFormat)(archive *), Filter filter, const QList<Entry> &entries)
{
    qsizetype most = 1024 * 1024;
    for (const Entry &entry : entries)
        most += entry.bytes.size() + 8192;
    QByteArray buffer(most, Qt::Uninitialized);
    size_t used = 0;
    archive *writer = archive_write_new();
    addFilter(writer, filter);
    setFormat(writer);
    archive_write_set_bytes_in_last_block(writer, 1);
    if (archive_write_open_memory(writer, buffer.data(), static_cast<size_t>(buffer.size()), &used) != ARCHIVE_OK)
        qFatal("%s", archive_error_string(writer));
    for (const Entry &entry : entries) {
        archive_entry *header = archive_entry_new();
        archive_entry_set_pathname(header, entry.path.constData());
        archive_entry_set_filetype(header, static_cast<unsigned>(entry.type));
        archive_entry_set_perm(header, 0644);
        archive_entry_set_mtime(header, 1'795'459'633, 0);
        if (entry.type == AE_IFLNK)
            archive_entry_set_symlink(header, entry.bytes.constData());
        else
            archive_entry_set_size(header, entry.bytes.size());
        if (archive_write_header(writer, header) != ARCHIVE_OK)
            qFatal("%s", archive_error_string(writer));
        if (entry.type == AE_IFREG)
            archive_write_data(writer, entry.bytes.constData(), static_cast<size_t>(entry.bytes.size()));
        archive_entry_free(header);
    }
    if (archive_write_close(writer) != ARCHIVE_OK)
        qFatal("%s", archive_error_string(writer));
    archive_write_free(writer);
    return buffer.first(static_cast<qsizetype>(used));
}

QByteArray zipped(const QList<Entry> &entries)
{
    return packed(archive_write_set_format_zip, Filter::None, entries);
}
QByteArray tarred(const QList<Entry> &entries, Filter filter = Filter::None)
{
    return packed(archive_write_set_format_pax_restricted, filter, entries);
}
QByteArray squeezed(const QByteArray &bytes, Filter filter)
{
    return packed(archive_write_set_format_raw, filter, {{"data", bytes}});
}

const SourceEvidence *sourceAt(const Evidence &evidence, const QString &ending)
{
    for (const auto &source : evidence.sources)
        if (source->path.endsWith(ending))
            return source.get();
    return nullptr;
}

bool hasNote(const SourceEvidence *source, const QString &part)
{
    return source && std::ranges::any_of(source->notes, [&part](const Note &note) { return note.text.contains(part); });
}

} // namespace

class TestContainers : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;

    Evidence read(const QString &name, const QByteArray &bytes)
    {
        const QString path = m_folder->filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(path));
        file.close();
        auto evidence = importPaths({path}, test::importTools(), {});
        return evidence.value_or(Evidence{});
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

    void readsArchives_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("bytes");
        const QList<Entry> entries{{"b/two.log", "two\n2\n"}, {"a.log", "one\n"}, {"b/.hidden", "h\n"}};
        QTest::newRow("zip") << u"x.zip"_s << zipped(entries);
        QTest::newRow("zip by another name") << u"artifact"_s << zipped(entries);
        QTest::newRow("tar") << u"x.tar"_s << tarred(entries);
        QTest::newRow("tar.gz") << u"x.tgz"_s << tarred(entries, Filter::Gzip);
        QTest::newRow("tar.bz2") << u"x.tar.bz2"_s << tarred(entries, Filter::Bzip2);
        QTest::newRow("tar.xz") << u"x.tar.xz"_s << tarred(entries, Filter::Xz);
        QTest::newRow("tar.zst") << u"x.tar.zst"_s << tarred(entries, Filter::Zstd);
        QTest::newRow("ustar") << u"x.tar"_s << packed(archive_write_set_format_ustar, Filter::None, entries);
        QTest::newRow("v7") << u"x.tar"_s << packed(archive_write_set_format_v7tar, Filter::None, entries);
    }
    void readsArchives()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, bytes);
        const Evidence evidence = read(name, bytes);
        QCOMPARE(names(evidence), QStringList({name + u"/a.log", name + u"/b/two.log"}));
        const SourceEvidence &two = *evidence.sources[1];
        QCOMPARE(two.lineCount(), 2);
        QCOMPARE(two.byteCount, 6);
        QCOMPARE(two.modified, TimeNs{1'795'459'633 * NsPerSecond});
        QCOMPARE(decodeLines(two, 2, 1).at(0).text, "2");
    }

    void readsCompressedFiles_data()
    {
        QTest::addColumn<int>("filter");
        QTest::newRow("gz") << int(Filter::Gzip);
        QTest::newRow("bz2") << int(Filter::Bzip2);
        QTest::newRow("xz") << int(Filter::Xz);
        QTest::newRow("zst") << int(Filter::Zstd);
    }
    void readsCompressedFiles()
    {
        QFETCH(int, filter);
        QByteArray text;
        for (int i = 0; i < 40'000; ++i)
            text += "line " + QByteArray::number(i) + '\n';
        const QByteArray bytes = squeezed(text, static_cast<Filter>(filter));
        const Evidence evidence = read(u"ci.log.packed"_s, bytes);
        QCOMPARE(names(evidence), QStringList({u"ci.log.packed"_s}));
        QCOMPARE(evidence.sources[0]->lineCount(), 40'000);
        QCOMPARE(decodeLines(*evidence.sources[0], 39'999, 1).at(0).text, "line 39998");
        QVERIFY(evidence.sources[0]->notes.empty());
        const Evidence cut = read(u"cut.log"_s, bytes.first(bytes.size() / 2));
        if (!cut.sources.empty()) // the other formats give whole blocks, or nothing
            QVERIFY(!cut.sources[0]->notes.empty());
        if (static_cast<Filter>(filter) == Filter::Gzip) {
            const auto note = std::ranges::find(cut.sources[0]->notes, Code::Truncated, &Note::code);
            QVERIFY(note != cut.sources[0]->notes.end());
            QVERIFY(cut.sources[0]->lineCount() > 15'000);
            QCOMPARE(note->position.byteOffset, cut.sources[0]->byteCount);
            QVERIFY(note->text.contains(QString::number(bytes.size() / 2)));
        }
        const Evidence twice = read(u"twice.log"_s, bytes + bytes); // as rotated logs are put together
        QCOMPARE(twice.sources[0]->lineCount(), 80'000);
    }

    void leavesProfilesAsTheyAre()
    {
        const QByteArray profile = test::fileBytes(test::dataPath(u"pprof/cpu.pb.gz"_s));
        const Evidence evidence = read(u"cpu.pb.gz"_s, profile);
        QCOMPARE(evidence.sources.at(0)->format, "pprof");
        QCOMPARE(evidence.sources[0]->byteCount, profile.size());
        QCOMPARE(read(u"b.zip"_s, zipped({{"cpu.pb.gz", profile}})).sources.at(0)->format, "pprof");
    }

    void refusesWhatLeadsOut()
    {
        const Evidence evidence = read(u"x.tar"_s, tarred({{"../up.log", "1\n"},
                                                           {"/etc/absolute.log", "2\n"},
                                                           {"a/../../up.log", "3\n"},
                                                           {"C:\\windows.log", "4\n"},
                                                           {"link", "/etc/passwd", AE_IFLNK},
                                                           {"pipe", {}, AE_IFIFO},
                                                           {"good.log", "5\n"}}));
        QCOMPARE(names(evidence), QStringList({u"x.tar"_s, u"x.tar/good.log"_s}));
        const SourceEvidence *archive = evidence.sources[0].get();
        QCOMPARE(archive->format, "archive");
        QVERIFY(hasNote(archive, u"4 entries have paths that lead out"_s));
        QVERIFY(hasNote(archive, u"1 links"_s));
        QVERIFY(hasNote(archive, u"1 entries are devices"_s));
        QVERIFY(!QFile::exists(QDir(m_folder->path()).filePath(u"../up.log"_s)));
        QCOMPARE(safeEntryPath(u"./a//b\\c.log"_s), u"a/b/c.log"_s);
        QVERIFY(!safeEntryPath(QString()));
    }

    void capsBombs()
    {
        const QByteArray zeros(7 * 1024 * 1024, '\0');
        QByteArray level = zipped({{"0.dll", zeros}, {"1.dll", zeros}});
        for (int depth = 0; depth < 8; ++depth) {
            QList<Entry> entries;
            for (int i = 0; i < 4; ++i)
                entries.append({QByteArray::number(i) + ".zip", level});
            level = zipped(entries);
        }
        QVERIFY(level.size() < 4'000'000);
        const Evidence nested = read(u"42.zip"_s, level);
        QVERIFY(!nested.sources.empty());
        QVERIFY(std::ranges::any_of(nested.sources,
                                    [](const auto &source) { return hasNote(source.get(), u"left closed"_s); }));

        QByteArray flat;
        {
            QList<Entry> entries;
            for (int i = 0; i < 40; ++i)
                entries.append({QByteArray::number(i), zeros});
            flat = zipped(entries);
        }
        const Evidence wide = read(u"wide.zip"_s, flat);
        qint64 inflated = 0;
        for (const auto &source : wide.sources)
            inflated += source->byteCount;
        QVERIFY(inflated <= std::max<qint64>(ContainerLimits::FreeBytes, flat.size() * ContainerLimits::MostRatio));
        QVERIFY(hasNote(wide.sources[0].get(), u"entries were left out because"_s));
        QVERIFY(std::ranges::any_of(wide.sources,
                                    [](const auto &source) { return hasNote(source.get(), u"Cut off here"_s); }));
        const Evidence stream = read(u"bomb.gz"_s, squeezed(QByteArray(200 * 1024 * 1024, '\n'), Filter::Gzip));
        QVERIFY(stream.sources.at(0)->byteCount <= ContainerLimits::FreeBytes);
        QVERIFY(hasNote(stream.sources[0].get(), u"Cut off here"_s));
    }

    void survivesDamage()
    {
        QByteArray text;
        for (int i = 0; i < 2'000; ++i)
            text += "line " + QByteArray::number(i * 7919) + '\n';
        const QList<Entry> entries{{"a.log", text}, {"b.log", text}};
        for (const QByteArray &bytes : {zipped(entries), tarred(entries), tarred(entries, Filter::Gzip),
                                        tarred(entries, Filter::Xz), squeezed(text, Filter::Zstd)}) {
            for (int i = 1; i < 40; ++i) {
                read(u"cut"_s, bytes.first(bytes.size() * i / 40));
                QByteArray flipped = bytes;
                const qsizetype at = (bytes.size() - 1) * i / 40;
                flipped[at] = static_cast<char>(flipped[at] ^ (1 << (i % 8)));
                read(u"flipped"_s, flipped);
            }
        }
        const Evidence cut = read(u"cut.tar"_s, tarred(entries).first(text.size() + 2048));
        QCOMPARE(sourceAt(cut, u"cut.tar/a.log"_s)->lineCount(), 2'000);
        QVERIFY(std::ranges::any_of(cut.sources, [](const auto &source) { return !source->notes.empty(); }));
    }

    void joinsStepsOfActionsLogs()
    {
        const auto stamped = [](int second, const QByteArray &text) {
            return "2026-03-04T09:00:" + QByteArray::number(second) + ".0000000Z " + text + '\n';
        };
        const QByteArray setUp = stamped(10, "Current runner version: '2.333.0'") + stamped(11, "Prepare");
        const QByteArray tests = stamped(12, "##[group]Run go test ./...") + stamped(13, "##[endgroup]")
                                 + stamped(14, "--- FAIL: TestX")
                                 + stamped(15, "##[error]Process completed with exit code 1.");
        const QByteArray bom = "\xEF\xBB\xBF";
        const QList<Entry> entries{{"0_build (1, x).txt", bom + setUp + tests},
                                   {"build (1, x)/1_Set up job.txt", bom + setUp},
                                   {"build (1, x)/2_Run the tests.txt", bom + tests},
                                   {"build (1, x)/7_Elsewhere.txt", stamped(40, "not in the job's log")},
                                   {"only/1_Set up job.txt", setUp}};
        const Evidence evidence = read(u"logs_1.zip"_s, zipped(entries));
        QCOMPARE(names(evidence),
                 QStringList({u"logs_1.zip/0_build (1, x).txt"_s, u"logs_1.zip/build (1, x)/7_Elsewhere.txt"_s,
                              u"logs_1.zip/only/1_Set up job.txt"_s}));
        const SourceEvidence &job = *evidence.sources[0];
        QCOMPARE(job.format, "github-actions");
        QCOMPARE(job.lineCount(), 6);
        QList<Span> steps;
        for (const Span &span : job.spans)
            if (span.kind == SpanKind::Step)
                steps.append(span);
        QCOMPARE(steps.size(), 2);
        QCOMPARE(steps[0].name, "Set up job");
        QCOMPARE(steps[0].outcome, Outcome::Passed);
        QCOMPARE(steps[1].name, "Run the tests");
        QCOMPARE(steps[1].outcome, Outcome::Failed);
        QCOMPARE(steps[1].line, 3);
        QCOMPARE(steps[1].lastLine, 6);
        QCOMPARE(steps[1].end->ns - steps[1].start->ns, 3 * NsPerSecond);
        QCOMPARE(test::factValue(job, "step/Run the tests", "exitCode"), "1");
    }
};

FAULTLINE_TEST(TestContainers)
#include "tst_containers.moc"
