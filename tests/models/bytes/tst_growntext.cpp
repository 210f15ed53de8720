// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/growntext.h"
#include "models/bytes/linewalker.h"
#include "tests/support/test.h"

#include <QFile>
#include <QRandomGenerator>
#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

void put(const QString &path, const QByteArray &bytes, QIODevice::OpenMode mode)
{
    QFile file(path);
    QVERIFY(file.open(mode) && file.write(bytes) == bytes.size());
}

/// As a first reading indexes it.
std::shared_ptr<const TextStore> indexed(const QString &path)
{
    const auto bytes = *openFile(path);
    std::vector<TextBlock> blocks{{0, 1}};
    LineWalker walker(*bytes, 0, 1, 1024 * 1024);
    qint64 lines = 0;
    while (walker.next()) {
        lines = walker.number();
        if (walker.byteOffset() - blocks.back().byteOffset >= TextStore::BlockBytes)
            blocks.push_back({walker.byteOffset(), walker.number()});
    }
    return std::make_shared<const TextStore>(bytes, blocks, lines);
}

} // namespace

class GrownTextTest : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString path() const { return m_folder.filePath(u"a.log"_s); }

private Q_SLOTS:
    /// Whatever the pieces that are added, the index is that of a file read at once.
    void goesOnWhereItStopped()
    {
        QRandomGenerator random(3);
        put(path(), "first\nsecond", QIODevice::WriteOnly);
        auto text = indexed(path());
        FileMark mark = *markOf(*text);
        qint64 changes = 0;
        for (int i = 0; i < 60; ++i) {
            QByteArray added;
            for (int n = random.bounded(4000); n >= 0; --n)
                added += QByteArray(random.bounded(120), 'a' + static_cast<char>(n % 26))
                         + (random.bounded(20) > 0 ? "\n" : "");
            put(path(), added, QIODevice::Append);
            const auto grown = grownText(*text, mark, {});
            QVERIFY(grown && *grown);
            QVERIFY((*grown)->firstChanged == text->lineCount() || (*grown)->firstChanged == text->lineCount() + 1);
            changes += (*grown)->firstChanged == text->lineCount() ? 1 : 0;
            text = (*grown)->text;
            mark = (*grown)->mark;
        }
        QVERIFY(changes > 0 && changes < 60); // last lines with LF and without
        const auto whole = indexed(path());
        QCOMPARE(text->lineCount(), whole->lineCount());
        QCOMPARE(text->bytes().size(), whole->bytes().size());
        for (qint64 line = 1; line <= whole->lineCount(); line += 997) {
            QCOMPARE(text->line(line).bytes, whole->line(line).bytes);
            QCOMPARE(text->line(line).byteOffset, whole->line(line).byteOffset);
            const TextBlock block = text->blockOf(line);
            QVERIFY(text->line(line).byteOffset - block.byteOffset < 2 * TextStore::BlockBytes);
        }
        QCOMPARE(*text->lines(whole->lineCount(), 1)->front().bytes.constData(),
                 *whole->line(whole->lineCount()).bytes.constData());
        const auto again = grownText(*text, mark, {});
        QVERIFY(again && !*again); // nothing was added
    }

    void beginsWithAnEmptyFile()
    {
        put(path(), {}, QIODevice::WriteOnly);
        const auto text = std::make_shared<const TextStore>(*openFile(path()), std::vector<TextBlock>(), 0);
        const FileMark mark = *markOf(*text);
        put(path(), "a\nb", QIODevice::Append);
        const auto grown = grownText(*text, mark, {});
        QVERIFY(grown && *grown);
        QCOMPARE((*grown)->firstChanged, 1);
        QCOMPARE((*grown)->text->lineCount(), 2);
        QCOMPARE((*grown)->text->line(2).bytes, QByteArray("b"));
    }

    void anotherFileIsNoneThatHasGrown()
    {
        put(path(), QByteArray("1 line\n").repeated(1000), QIODevice::WriteOnly);
        const auto text = indexed(path());
        const FileMark mark = *markOf(*text);
        put(path(), QByteArray("2 line\n").repeated(2000), QIODevice::WriteOnly); // written anew, and longer
        QCOMPARE(grownText(*text, mark, {}).error().code, Code::NotReadable);
        put(path(), QByteArray("1 line\n").repeated(10), QIODevice::WriteOnly); // shorter
        QCOMPARE(grownText(*text, mark, {}).error().code, Code::NotReadable);
        QVERIFY(QFile::remove(path()));
        QCOMPARE(grownText(*text, mark, {}).error().code, Code::NotFound);
        QCOMPARE(text->lineCount(), 1000); // what was indexed stays as it is
    }

    void onlyFilesAsTheyStandAreFollowed()
    {
        put(path(), "a\n", QIODevice::WriteOnly);
        QVERIFY(isWholeFile(**openFile(path())));
        QVERIFY(!isWholeFile(*memorySource(path(), "a\n")));
    }
};

FAULTLINE_TEST(GrownTextTest)
#include "tst_growntext.moc"
