// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/containers.h"
#include "models/search/searchlines.h"
#include "tests/importers/readsource.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

#include <thread>

#include <zlib.h>
#include <zstd.h>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// Small enough that a text of a megabyte has many places to begin at, and that some of them have to go again.
constexpr IndexLimits Small{64 * 1024, 32 * 1024, 1024 * 1024, 64 * 1024};

QByteArray logText(qsizetype bytes, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray text;
    for (qsizetype line = 1; text.size() < bytes; ++line) {
        text += "2026-05-04T10:00:00.000Z request " + QByteArray::number(line) + " took "
                + QByteArray::number(random.bounded(100'000)) + " us, id " + QByteArray::number(random.generate64(), 16)
                + '\n';
    }
    return text;
}

QByteArray gzipped(const QByteArray &text, int level = 6)
{
    z_stream stream{};
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        qFatal("deflateInit2");
    QByteArray packed(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(text.size()))),
                      Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.constData()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        qFatal("deflate");
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

QByteArray zstdFrame(const QByteArray &text, bool hasChecksum)
{
    const std::unique_ptr<ZSTD_CCtx, size_t (*)(ZSTD_CCtx *)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, hasChecksum ? 1 : 0);
    QByteArray packed(static_cast<qsizetype>(ZSTD_compressBound(static_cast<size_t>(text.size()))), Qt::Uninitialized);
    packed.truncate(
        static_cast<qsizetype>(ZSTD_compress2(context.get(), packed.data(), static_cast<size_t>(packed.size()),
                                              text.constData(), static_cast<size_t>(text.size()))));
    return packed;
}

QByteArray zstdFrame(const QByteArray &text)
{
    return zstdFrame(text, false);
}

QByteArray inPieces(const QByteArray &text, qsizetype pieceBytes, QByteArray (*pack)(const QByteArray &))
{
    QByteArray packed;
    for (qsizetype at = 0; at < text.size(); at += pieceBytes)
        packed += pack(text.mid(at, pieceBytes));
    return packed;
}

/// A frame to be skipped, as the seekable format's table of frames is one.
QByteArray skippable(const QByteArray &content)
{
    const auto size = static_cast<quint32>(content.size());
    QByteArray frame("\x5e\x2a\x4d\x18");
    for (int i = 0; i < 4; ++i)
        frame += static_cast<char>(size >> (8 * i));
    return frame + content;
}

/// A source whose bytes can be changed.
class ChangingSource final : public ByteSource
{
public:
    explicit ChangingSource(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }
    void change(const QByteArray &bytes) { m_bytes = bytes; }
    QString name() const override { return u"changing.gz"_s; }
    qint64 size() const override { return m_bytes.size(); }
    std::optional<TimeNs> modified() const override { return {}; }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        return memorySource(name(), m_bytes)->read(byteOffset, into);
    }

private:
    QByteArray m_bytes;
};

struct Opened {
    UnpackRoom room;
    Unpacked unpacked;
    const ByteSource &bytes() const { return *unpacked.entries.at(0).bytes; }
};

std::unique_ptr<Opened> opened(const std::shared_ptr<const ByteSource> &source, const IndexLimits &limits = Small)
{
    auto result = std::make_unique<Opened>();
    InflateBudget budget(source->size());
    const ContainerKind kind = containerKind(source->bytes(0, 512).value_or(QByteArray()));
    result->unpacked = Unpacker({}, result->room, limits).stream(source, kind, budget);
    return result;
}
std::unique_ptr<Opened> opened(const QByteArray &packed, const IndexLimits &limits = Small)
{
    return opened(memorySource(u"x"_s, packed), limits);
}

/// Whether stretches read in any order are those of the text.
bool readsLike(const ByteSource &bytes, const QByteArray &text, quint32 seed)
{
    QRandomGenerator random(seed);
    if (bytes.size() != text.size())
        return false;
    for (int i = 0; i < 300; ++i) {
        const qint64 at = random.bounded(text.size() + 10);
        const qint64 count = random.bounded(i % 10 == 0 ? 400'000 : 5'000);
        if (bytes.bytes(at, count).value_or("unreadable") != text.mid(at, count))
            return false;
    }
    return bytes.bytes(0, text.size()).value_or(QByteArray()) == text;
}

} // namespace

class TestInflatedStream : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAnywhere_data()
    {
        QTest::addColumn<QByteArray>("packed");
        QTest::addColumn<QByteArray>("text");
        const QByteArray text = logText(3'000'000, 1);
        QByteArray noise(1'500'000, Qt::Uninitialized);
        QRandomGenerator random(7);
        for (char &c : noise)
            c = static_cast<char>(random.generate());
        const auto gz = [](const QByteArray &piece) { return gzipped(piece); };
        QTest::newRow("gzip") << gzipped(text) << text;
        QTest::newRow("gzip, fast") << gzipped(text, 1) << text;
        QTest::newRow("gzip, stored") << gzipped(text, 0) << text;
        QTest::newRow("gzip of noise") << gzipped(noise) << noise;
        QTest::newRow("gzip, small members") << inPieces(text, 10'000, gz) << text;
        QTest::newRow("gzip, large members") << inPieces(text, 700'001, gz) << text;
        QTest::newRow("gzip, empty members") << gzipped({}) + inPieces(text, 900'000, gz) + gzipped({}) << text;
        QTest::newRow("gzip, padded") << gzipped(text) + QByteArray(512, '\0') << text;
        QTest::newRow("zstd, small frames") << inPieces(text, 10'000, zstdFrame) << text;
        QTest::newRow("zstd, large frames") << inPieces(text, 700'001, zstdFrame) << text;
        QTest::newRow("zstd, with frames to skip")
            << skippable("first") + inPieces(text, 100'000, zstdFrame) + skippable(QByteArray(70'000, 't')) << text;
    }
    void readsAnywhere()
    {
        QFETCH(QByteArray, packed);
        QFETCH(QByteArray, text);
        const auto file = opened(packed);
        QVERIFY(file->unpacked.isWhole);
        QVERIFY(file->unpacked.notes.empty());
        QVERIFY2(!file->room.spill || file->room.spill->size() == 0, "bytes were put aside");
        QVERIFY(readsLike(file->bytes(), text, 3));
        std::atomic<int> right = 0;
        {
            std::vector<std::jthread> readers;
            for (quint32 i = 0; i < 4; ++i)
                readers.emplace_back([&, i] { right += readsLike(file->bytes(), text, i) ? 1 : 0; });
        }
        QCOMPARE(right.load(), 4);
    }

    void putsAsideWhatHasNoPlaces_data()
    {
        QTest::addColumn<QByteArray>("packed");
        QTest::addColumn<QByteArray>("text");
        const QByteArray text = logText(3'000'000, 2);
        QTest::newRow("zstd of one frame") << zstdFrame(text) << text;
        const QByteArray zeros(10'000'000, '0'); // one deflate block holds several megabytes of these
        QTest::newRow("gzip of few blocks") << gzipped(zeros) << zeros;
    }
    void putsAsideWhatHasNoPlaces()
    {
        QFETCH(QByteArray, packed);
        QFETCH(QByteArray, text);
        const auto file = opened(packed);
        QCOMPARE(file->unpacked.notes.size(), 1);
        QVERIFY(file->unpacked.notes[0].text.contains(u"temporary file"_s));
        QCOMPARE(file->room.spill->size(), text.size());
        QVERIFY(readsLike(file->bytes(), text, 4));
    }

    void readsUpToTheDamage_data()
    {
        QTest::addColumn<QByteArray>("packed");
        QTest::addColumn<QByteArray>("text");
        const QByteArray text = logText(1'000'000, 5);
        QTest::newRow("gzip") << gzipped(text) << text;
        QTest::newRow("zstd") << inPieces(text, 50'000, zstdFrame) << text;
    }
    void readsUpToTheDamage()
    {
        QFETCH(QByteArray, packed);
        QFETCH(QByteArray, text);
        for (const qsizetype cutAt : {packed.size() / 3, packed.size() / 2, packed.size() - 1}) {
            const auto cut = opened(packed.first(cutAt));
            QVERIFY(!cut->unpacked.isWhole);
            const qint64 size = cut->bytes().size();
            QVERIFY(size > text.size() * cutAt / packed.size() - 200'000);
            QVERIFY(readsLike(cut->bytes(), text.first(size), 6));
            QVERIFY(cut->unpacked.notes.at(0).text.contains(u"at byte %1 "_s.arg(cutAt)));
            QCOMPARE(cut->unpacked.notes[0].position.byteOffset, size);
        }
        for (qsizetype i = 1; i < 20; ++i) {
            QByteArray flipped = packed;
            char &hit = flipped[packed.size() * i / 20];
            hit = static_cast<char>(hit ^ (1 << (i % 8)));
            const auto damaged = opened(flipped);
            if (damaged->unpacked.entries.empty())
                continue;
            QVERIFY2(damaged->bytes().bytes(0, damaged->bytes().size()), "what was counted is not there");
        }
    }

    void tellsOfAChecksumThatDoesNotFit_data()
    {
        QTest::addColumn<QByteArray>("packed");
        QTest::addColumn<QByteArray>("text");
        const QByteArray text = logText(300'000, 11);
        QByteArray gzip = gzipped(text);
        gzip[gzip.size() - 6] = static_cast<char>(~gzip[gzip.size() - 6]);
        QTest::newRow("gzip") << gzip << text;
        QByteArray zstd = zstdFrame(text, true);
        zstd.back() = static_cast<char>(~zstd.back());
        QTest::newRow("zstd") << zstd << text;
    }
    void tellsOfAChecksumThatDoesNotFit()
    {
        QFETCH(QByteArray, packed);
        QFETCH(QByteArray, text);
        const auto file = opened(packed);
        QVERIFY(!file->unpacked.isWhole);
        QVERIFY(readsLike(file->bytes(), text.first(file->bytes().size()), 12));
        QVERIFY2(file->unpacked.notes.at(0).text.contains(u"may be wrong"_s),
                 qPrintable(file->unpacked.notes.at(0).text));
    }

    void tellsWhereTheFileHasChanged()
    {
        const QByteArray text = logText(1'000'000, 8);
        const auto source = std::make_shared<ChangingSource>(gzipped(text));
        const auto file = opened(source);
        QCOMPARE(file->bytes().bytes(900'000, 10).value(), text.mid(900'000, 10));
        source->change(QByteArray(100'000, 'x'));
        const auto got = file->bytes().bytes(100, 10);
        QVERIFY(!got);
        QCOMPARE(got.error().code, Code::NotReadable);
        source->change(gzipped(text));
        QCOMPARE(file->bytes().bytes(100, 10).value(), text.mid(100, 10)); // a failure is not kept
    }

    void keepsFewSpans()
    {
        int made = 0;
        SpanCache cache(1000);
        const auto span = [&](size_t index) {
            return cache.get(&made, index, [&]() -> Result<QByteArray> {
                ++made;
                return QByteArray(400, static_cast<char>('a' + index));
            });
        };
        QCOMPARE((*span(0))->front(), 'a');
        span(1);
        span(0);
        QCOMPARE(made, 2);
        span(2); // the second goes: the first one was used later
        QCOMPARE(cache.size(), 800);
        span(0);
        QCOMPARE(made, 3);
        span(1);
        QCOMPARE(made, 4);
        cache.forget(&made);
        QCOMPARE(cache.size(), 0);
        QCOMPARE((*cache.get(&made, 0, [] { return Result<QByteArray>(QByteArray(5000, 'x')); }))->size(), 5000);
        QCOMPARE(cache.size(), 5000); // the last one, whatever its size
    }

    /// With the limits as they are: a log that is larger than all that may be put aside or kept.
    void importsAndSearchesLargeFiles()
    {
        const QByteArray text = logText(40 * 1024 * 1024, 9);
        QTemporaryDir folder;
        QFile file(folder.filePath(u"large.log.gz"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(gzipped(text, 1));
        file.close();
        const auto evidence = importPaths({file.fileName()}, test::importTools(), {});
        QVERIFY(evidence);
        const SourceEvidence &source = *evidence->sources.at(0);
        QVERIFY(source.notes.empty());
        QCOMPARE(source.byteCount, text.size());
        QCOMPARE(source.lineCount(), text.count('\n'));
        const qint64 last = source.lineCount();
        QVERIFY(
            decodeLines(source, last, 1).at(0).text.contains(QByteArray("request " + QByteArray::number(last) + ' ')));
        QVERIFY(decodeLines(source, 5, 1).at(0).text.contains("request 5 "));
        SearchQuery query;
        query.text = u"request %1 took"_s.arg(last / 2);
        const auto matcher = LineMatcher::of(query);
        QVERIFY(matcher);
        std::vector<qint64> hits;
        const PassEnd end = searchLines(source, **matcher, {}, 2, {}, [&](std::vector<qint64> lines, qint64) {
            hits.insert(hits.end(), lines.begin(), lines.end());
        });
        QVERIFY(!end.error);
        QCOMPARE(hits, std::vector<qint64>{last / 2});

        const auto unpacked = opened(gzipped(text, 1), IndexLimits());
        QVERIFY(readsLike(unpacked->bytes(), text, 10));
        QVERIFY(unpacked->room.spans->size() <= IndexLimits::MostCached);
        QCOMPARE(unpacked->room.spill->size(), 0);
    }
};

FAULTLINE_TEST(TestInflatedStream)
#include "tst_inflatedstream.moc"
