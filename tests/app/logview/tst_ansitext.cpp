// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/ansitext.h"
#include "app/logview/scrollscale.h"
#include "models/evidence/linedecoder.h"
#include "tests/support/test.h"

#include <QRandomGenerator>

using namespace faultline;

class AnsiTextTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesOutColours()
    {
        const AnsiText parsed = parseAnsi("a\x1b[31;1mbc\x1b[0md");
        QCOMPARE(parsed.text, QByteArray("abcd"));
        QCOMPARE(parsed.spans.size(), size_t(1));
        QCOMPARE(parsed.spans[0].start, 1);
        QCOMPARE(parsed.spans[0].length, 2);
        QCOMPARE(parsed.spans[0].foreground, 1);
        QVERIFY(parsed.spans[0].bold);
    }

    void countsInUtf16()
    {
        // "é" is one unit, the emoji two.
        const AnsiText parsed = parseAnsi("\xc3\xa9\xf0\x9f\x98\x80\x1b[32mx");
        QCOMPARE(parsed.spans.at(0).start, 3);
        QCOMPARE(QString::fromUtf8(parsed.text).size(), 4);
    }

    void readsColoursOf256AndRgb()
    {
        QCOMPARE(parseAnsi("\x1b[38;5;196mx").spans.at(0).foreground, AnsiSpan::FirstRgb + 0xff0000);
        QCOMPARE(parseAnsi("\x1b[38;2;1;2;3mx").spans.at(0).foreground, AnsiSpan::FirstRgb + 0x010203);
        QCOMPARE(parseAnsi("\x1b[48;5;3mx").spans.at(0).background, 3);
        QVERIFY(ansiColor(AnsiSpan::FirstRgb, true).isValid());
    }

    void dropsWhatIsNoColour_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("erase") << QByteArray("a\x1b[0Kb") << QByteArray("ab");
        QTest::newRow("title") << QByteArray("a\x1b]0;title\x07z") << QByteArray("az");
        QTest::newRow("link") << QByteArray("\x1b]8;;http://x\x1b\\t\x1b]8;;\x1b\\") << QByteArray("t");
        QTest::newRow("character set") << QByteArray("a\x1b(Bz") << QByteArray("az");
        QTest::newRow("overwritten") << QByteArray("10%\r20%\rdone") << QByteArray("done");
        QTest::newRow("ends in CR") << QByteArray("text\r") << QByteArray("text");
        QTest::newRow("private") << QByteArray("\x1b[?25lx") << QByteArray("x");
    }
    void dropsWhatIsNoColour()
    {
        QFETCH(const QByteArray, bytes);
        const AnsiText parsed = parseAnsi({bytes.constData(), static_cast<size_t>(bytes.size())});
        QTEST(parsed.text, "text");
        QVERIFY(parsed.spans.empty());
    }

    /// A search looks at what withoutTerminalControl() leaves: what is shown must be that.
    void showsWhatASearchSees()
    {
        const QByteArrayList parts{"a",
                                   "word ",
                                   "\xc3\xa9",
                                   "\r",
                                   "\b",
                                   "\x1b[0K",
                                   "\x1b[2K",
                                   "\x1b[3C",
                                   "\x1b[2D",
                                   "\x1b[G",
                                   "\x1b[1A",
                                   "\x1b[31m",
                                   "\x1b[0m",
                                   "\x07",
                                   "\t",
                                   "\x1b]0;t\x07",
                                   "\x1b[8mha:AAAA\x1b[0m",
                                   "travis_fold:start:x\r\x1b[0K"};
        QRandomGenerator random(11);
        for (int i = 0; i < 20'000; ++i) {
            QByteArray bytes;
            for (int n = random.bounded(8); n >= 0; --n)
                bytes += parts.at(random.bounded(parts.size()));
            const std::string_view line(bytes.constData(), static_cast<size_t>(bytes.size()));
            const AnsiText parsed = parseAnsi(line);
            QVERIFY2(parsed.text == withoutTerminalControl(line), bytes.toPercentEncoding().constData());
            int end = 0;
            for (const AnsiSpan &span : parsed.spans) {
                QVERIFY(span.start >= end && span.length > 0);
                end = span.start + span.length;
            }
            QVERIFY(end <= QString::fromUtf8(parsed.text).size());
        }
        QCOMPARE(parseAnsi("travis_fold:start:system\r\x1b[0K\x1b[33;1mBuild system\x1b[0m").text,
                 QByteArray("Build system"));
        QCOMPARE(parseAnsi("kept\r\x1b[32m").text, QByteArray("kept"));
    }

    void cutOffSequencesAreHarmless()
    {
        const QByteArray full("x\x1b[38;2;300;-1;99999999999999mab\x1b]8;;\x1b\\\x1b[");
        for (qsizetype size = 0; size <= full.size(); ++size) {
            const AnsiText parsed = parseAnsi({full.constData(), static_cast<size_t>(size)});
            for (const AnsiSpan &span : parsed.spans)
                QVERIFY(span.start >= 0 && span.start + span.length <= QString::fromUtf8(parsed.text).size());
        }
    }

    void scrollBarReachesEveryEnd_data()
    {
        QTest::addColumn<qint64>("lastTop");
        QTest::newRow("none") << qint64(0);
        QTest::newRow("small") << qint64(1234);
        QTest::newRow("10 M") << qint64(10'000'000);
        QTest::newRow("beyond int") << qint64(40'000'000'000);
    }
    void scrollBarReachesEveryEnd()
    {
        QFETCH(const qint64, lastTop);
        const ScrollScale scale{lastTop};
        QCOMPARE(scale.fromBar(scale.maximum()), lastTop);
        QCOMPARE(scale.fromBar(0), 0);
        QCOMPARE(scale.toBar(lastTop), scale.maximum());
        const qint64 middle = lastTop / 2;
        QVERIFY(qAbs(scale.fromBar(scale.toBar(middle)) - middle) <= lastTop / ScrollScale::MostSteps + 1);
    }
};

FAULTLINE_TEST(AnsiTextTest)
#include "tst_ansitext.moc"
