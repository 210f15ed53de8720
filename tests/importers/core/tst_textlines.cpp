// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubdecoder.h"
#include "importers/core/textlines.h"
#include "tests/support/test.h"

using namespace Qt::StringLiterals;
using namespace faultline;

namespace {

class CountingSource : public ByteSource
{
public:
    explicit CountingSource(QByteArray text)
        : m_source(memorySource(u"text"_s, std::move(text)))
    {
    }
    QString name() const override { return m_source->name(); }
    qint64 size() const override { return m_source->size(); }
    std::optional<TimeNs> modified() const override { return {}; }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        ++reads;
        return m_source->read(byteOffset, into);
    }
    mutable int reads = 0;

private:
    std::shared_ptr<const ByteSource> m_source;
};

} // namespace

/// Lines asked for in any order, with blocks to start from.
class TestTextLines : public QObject
{
    Q_OBJECT

    static constexpr qint64 Lines = 3000;
    static constexpr qint64 LinesABlock = 100;

private Q_SLOTS:
    void goesToAnyLine_data()
    {
        QTest::addColumn<QList<qint64>>("numbers");
        QTest::newRow("one after another") << QList<qint64>{1, 2, 3, 4};
        QTest::newRow("on and on, over blocks") << QList<qint64>{5, 105, 106, 1999, 2000, 2001, 2999, 3000};
        QTest::newRow("within a block") << QList<qint64>{210, 215, 230, 299, 300};
        QTest::newRow("back and forth") << QList<qint64>{2500, 7, 2501, 8, 9, 1500, 1499, 1500};
        QTest::newRow("the same twice") << QList<qint64>{42, 42, 4, 4};
    }
    void goesToAnyLine()
    {
        QFETCH(QList<qint64>, numbers);
        QByteArray text;
        std::vector<TextBlock> blocks;
        for (qint64 number = 1; number <= Lines; ++number) {
            if (number % LinesABlock == 1)
                blocks.push_back({text.size(), number - 1});
            text += "line " + QByteArray::number(number) + '\n';
        }
        TextLines lines(memorySource(u"text"_s, text), std::make_shared<GithubDecoder>(false));
        lines.addBlocks(blocks, 1);
        lines.setLineCount(Lines);
        for (const qint64 number : std::as_const(numbers)) {
            const auto line = lines.line(number);
            QVERIFY(line);
            QCOMPARE(line->number, number);
            QCOMPARE(QByteArray(line->raw.data(), qsizetype(line->raw.size())), "line " + QByteArray::number(number));
        }
        QVERIFY(!lines.line(Lines + 1));
        QVERIFY(!lines.line(0));
        QVERIFY(lines.line(1));
    }

    void readsAnewOnlyWhatIsNotHeld()
    {
        const auto file = std::make_shared<CountingSource>("one\ntwo\n" + QByteArray(8000, 'x') + "\nend\n");
        TextLines lines(file, std::make_shared<GithubDecoder>(false));
        const QByteArray held = "one\nTWO\n" + QByteArray(8000, 'x') + '\n';
        lines.hold(0, std::string_view(held.constData(), static_cast<size_t>(held.size())));
        const auto textOf = [&lines](qint64 number) {
            const auto line = lines.line(number);
            return line ? QByteArray(line->raw.data(), qsizetype(line->raw.size())) : QByteArray();
        };
        QCOMPARE(textOf(2), "TWO");
        QCOMPARE(file->reads, 0);
        QCOMPARE(textOf(3), QByteArray(8000, 'x'));
        QCOMPARE(textOf(4), "end");
        QVERIFY(file->reads > 0);
        lines.hold(0, {});
        QCOMPARE(textOf(1), "one");
        QCOMPARE(textOf(2), "two");
    }
};

FAULTLINE_TEST(TestTextLines)
#include "tst_textlines.moc"
