// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/linewalker.h"
#include "models/bytes/textstore.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestTextStore : public QObject
{
    Q_OBJECT

private:
    static TextStore store(const QByteArray &bytes, std::vector<TextBlock> blocks, qint64 lines)
    {
        return TextStore(memorySource(u"text"_s, bytes), std::move(blocks), lines);
    }

private Q_SLOTS:
    void readsLinesAcrossBlocks()
    {
        const TextStore text = store("one\ntwo\n\nfour", {{0, 1}, {4, 2}, {9, 4}}, 4);
        const auto lines = text.lines(2, 10);
        QVERIFY(lines);
        QCOMPARE(lines->size(), size_t(3));
        QCOMPARE((*lines)[0].bytes, "two");
        QCOMPARE((*lines)[1].bytes, "");
        QCOMPARE((*lines)[2].bytes, "four");
        QCOMPARE((*lines)[2].byteOffset, 9);
        QCOMPARE(text.line(4).bytes, "four");
        QVERIFY(text.line(5).bytes.isEmpty());
        QVERIFY(text.line(0).bytes.isEmpty());
    }

    void findsTheLineOfAByte_data()
    {
        QTest::addColumn<qint64>("byteOffset");
        QTest::addColumn<qint64>("line");
        QTest::newRow("first byte") << qint64(0) << qint64(1);
        QTest::newRow("the LF belongs to its line") << qint64(3) << qint64(1);
        QTest::newRow("start of the second") << qint64(4) << qint64(2);
        QTest::newRow("empty line") << qint64(8) << qint64(3);
        QTest::newRow("last byte") << qint64(12) << qint64(4);
        QTest::newRow("past the end") << qint64(99) << qint64(4);
        QTest::newRow("before the start") << qint64(-1) << qint64(1);
    }
    void findsTheLineOfAByte()
    {
        QFETCH(qint64, byteOffset);
        QFETCH(qint64, line);
        QCOMPARE(store("one\ntwo\n\nfour", {{0, 1}, {4, 2}, {9, 4}}, 4).lineAt(byteOffset), line);
    }

    void cutsAHugeLineButKnowsItsLength()
    {
        const QByteArray huge(3 * 1024 * 1024, 'x');
        const TextStore text = store("a\n" + huge + "\nb\n", {{0, 1}}, 3);
        const RawLine line = text.line(2);
        QCOMPARE(line.bytes.size(), TextStore::MostLineBytes);
        QCOMPARE(line.fullLength, huge.size());
        QCOMPARE(text.line(3).bytes, "b");
    }

    void isEmptyWithoutBytes()
    {
        const TextStore text = store({}, {}, 0);
        QVERIFY(text.lines(1, 5)->empty());
        QCOMPARE(text.lineAt(0), 1);
    }

    void goesBackBlocks()
    {
        const TextStore text = store("one\ntwo\n\nfour", {{0, 1}, {4, 2}, {9, 4}}, 4);
        QCOMPARE(text.blockOf(3).firstLine, 2);
        QCOMPARE(text.blockOf(4, 1).firstLine, 2);
        QCOMPARE(text.blockOf(4, 9).firstLine, 1);
    }

    void walksToAnEndWithoutLineFeed()
    {
        // Where the text ends together with what is read at once, too.
        for (const qsizetype size : {4095, 4096, 4097, 12287, 12288, 12289, 28672, 61440, 126976}) {
            const QByteArray last(size - 2, 'z');
            const auto source = memorySource(u"text"_s, "x\n" + last);
            LineWalker walker(*source, 0, 1, 1024 * 1024);
            QVERIFY(walker.next());
            QVERIFY(walker.next());
            QCOMPARE(walker.bytes(), std::string_view(last.constData(), static_cast<size_t>(last.size())));
            QVERIFY(!walker.next());
        }
    }

    void walksFromTheMiddle()
    {
        const auto source = memorySource(u"text"_s, "one\ntwo\nthree");
        LineWalker walker(*source, 4, 2, 100);
        QVERIFY(walker.next());
        QCOMPARE(walker.number(), 2);
        QVERIFY(walker.next());
        QCOMPARE(walker.bytes(), std::string_view("three"));
        QCOMPARE(walker.byteOffset(), 8);
        QVERIFY(!walker.next());
        QVERIFY(!walker.next());
    }
};

FAULTLINE_TEST(TestTextStore)
#include "tst_textstore.moc"
