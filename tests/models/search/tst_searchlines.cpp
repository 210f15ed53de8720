// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/searchlines.h"
#include "tests/support/samplecase.h"
#include "tests/support/shrunksource.h"
#include "tests/support/test.h"

#include <QRandomGenerator>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// Payloads are the line with every "_" as a blank: not what stands in the file.
class EscapingDecoder final : public LineDecoder
{
public:
    DecodedLine decode(std::string_view line, qint64) const override
    {
        DecodedLine decoded;
        decoded.owned = QByteArray(line.data(), static_cast<qsizetype>(line.size())).replace('_', ' ');
        decoded.payload = {decoded.owned.constData(), static_cast<size_t>(decoded.owned.size())};
        return decoded;
    }
};

struct Found {
    std::vector<qint64> lines;
    PassEnd end;
    qint64 lookedAtTo = 0;
};

Found search(const SourceEvidence &source, const SearchQuery &query, LineRange range = {}, int threads = 2,
             SearchDepth depth = SearchDepth::Exact)
{
    const auto matcher = LineMatcher::of(query);
    if (!matcher)
        qFatal("%s", qPrintable(matcher.error().toString()));
    Found found;
    found.end = searchLines(
        source, **matcher, range, threads, {},
        [&](std::vector<qint64> lines, qint64 to) {
            found.lines.insert(found.lines.end(), lines.begin(), lines.end());
            found.lookedAtTo = to;
        },
        depth);
    return found;
}

/// The same, slowly, by another engine.
std::vector<qint64> expected(const SourceEvidence &source, const QString &pattern, bool caseSensitive)
{
    const QRegularExpression expression(pattern, caseSensitive ? QRegularExpression::NoPatternOption
                                                               : QRegularExpression::CaseInsensitiveOption);
    std::vector<qint64> lines;
    for (const TimedLine &line : decodeLines(source, 1, source.lineCount())) {
        if (expression.match(QString::fromUtf8(line.text)).hasMatch())
            lines.push_back(line.raw.number);
    }
    return lines;
}

} // namespace

class TestSearchLines : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsWhatAnotherEngineFinds_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<bool>("caseSensitive");
        int row = 0;
        for (const char *pattern : {"error",
                                    "Error",
                                    "error.*failed",
                                    "^error",
                                    "failed$",
                                    "\\berror\\b",
                                    "err.r",
                                    "e\\S{2}or",
                                    "größe",
                                    "GRÖSSE",
                                    "exit (code|status) [1-9][0-9]*",
                                    "(?<=a )error",
                                    "(e)\\1",
                                    "^$",
                                    "^[^a-z]*$",
                                    "x{2,}",
                                    "a.b",
                                    "ab?c",
                                    "k",
                                    "s",
                                    "[^ ]ö",
                                    "\\.",
                                    "error|failed",
                                    "\\Bror",
                                    "(?i)ERROR",
                                    "a|"}) {
            for (const bool caseSensitive : {true, false})
                QTest::addRow("%d %s", row++, pattern) << QString::fromUtf8(pattern) << caseSensitive;
        }
    }
    void findsWhatAnotherEngineFinds()
    {
        QFETCH(const QString, pattern);
        QFETCH(const bool, caseSensitive);
        static const QByteArrayList words{
            "error",       "Error",  "failed",   "größe", "a", "b", "xx", "ee",
            "exit",        "code 1", "ABC",      "aöb",   "",  ".", "k",  "\x1b[1merr\x1b[0mor",
            "over\rerror", "a\tb",   "status 0", "S"};
        QRandomGenerator random(7);
        QByteArray bytes;
        for (int line = 0; line < 20'000; ++line) {
            if (random.bounded(3) > 0)
                bytes += QByteArray::number(line) + ' ';
            for (int word = random.bounded(4); word > 0; --word)
                bytes += words[random.bounded(static_cast<int>(words.size()))] + (random.bounded(5) == 0 ? "" : " ");
            bytes += random.bounded(9) == 0 ? "\r\n" : "\n";
        }
        const auto source = test::textSource(u"/x/random.log"_s, bytes);
        const auto wanted = expected(*source, pattern, caseSensitive);
        const auto found = search(*source, {pattern, true, caseSensitive});
        QCOMPARE(found.lines, wanted);
        QCOMPARE(found.lookedAtTo, source->lineCount());
        QVERIFY(!found.end.error && !found.end.isCancelled);
        QCOMPARE(search(*source, {pattern, true, caseSensitive}, {}, 1).lines, wanted);
        // What may match holds what does.
        const auto matcher = *LineMatcher::of({pattern, true, caseSensitive});
        if (matcher->narrows(*source)) {
            const auto candidates =
                search(*source, {pattern, true, caseSensitive}, {}, 2, SearchDepth::Candidates).lines;
            QVERIFY(std::ranges::includes(candidates, wanted));
            QVERIFY(std::cmp_less(candidates.size(), source->lineCount()));
        }
    }

    void combinesExpressions()
    {
        const auto source = test::textSource(u"/x/a.log"_s, "1 one\n2 one two\n3 two\n4 three\n5 One TWO three");
        const auto found = [&](const char *query, bool caseSensitive = false) {
            return search(*source, {QString::fromUtf8(query), false, caseSensitive, false, true}).lines;
        };
        QCOMPARE(found("one and two"), (std::vector<qint64>{2, 5}));
        QCOMPARE(found("one and two", true), (std::vector<qint64>{2}));
        QCOMPARE(found("one or three"), (std::vector<qint64>{1, 2, 4, 5}));
        QCOMPARE(found("not one"), (std::vector<qint64>{3, 4}));
        QCOMPARE(found("not absent"), (std::vector<qint64>{1, 2, 3, 4, 5}));
        QCOMPARE(found("(one or two) and not /t(?=h)/"), (std::vector<qint64>{1, 2, 3}));
    }

    void wholeWordsOnly()
    {
        const auto source = test::textSource(u"/x/a.log"_s, "1 failed\n2 unfailed\n3 (failed)\n4 failedö\n5 failed_x");
        QCOMPARE(search(*source, {u"failed"_s, false, true, true}).lines, (std::vector<qint64>{1, 3}));
    }

    void staysInTheRange()
    {
        QByteArray bytes;
        for (int i = 1; i <= 5000; ++i)
            bytes += QByteArray::number(i) + " some line of text\n";
        const auto source = test::textSource(u"/x/a.log"_s, bytes);
        const auto found = search(*source, {u"line"_s}, {2000, 2003});
        QCOMPARE(found.lines, (std::vector<qint64>{2000, 2001, 2002, 2003}));
        QCOMPARE(found.lookedAtTo, 2003);
        QVERIFY(search(*source, {u"line"_s}, {10, 9}).lines.empty());
        QVERIFY(search(*source, {u"line"_s}, {5001, 9000}).lines.empty());
    }

    void tellsWhereTheFileShrank()
    {
        QByteArray bytes;
        for (int i = 1; i <= 100'000; ++i)
            bytes += QByteArray::number(i) + " line of text\n";
        const auto whole = test::textSource(u"/x/a.log"_s, bytes);
        const qint64 left = bytes.indexOf("\n80000 ") + 1;
        std::vector<TextBlock> blocks{{0, 1}};
        for (const int line : {1000, 40'000, 79'000, 90'000})
            blocks.push_back({bytes.indexOf(QByteArray('\n' + QByteArray::number(line) + ' ')) + 1, line});
        auto source = std::make_shared<SourceEvidence>(*whole);
        source->text =
            std::make_shared<TextStore>(std::make_shared<test::ShrunkSource>(bytes, left), blocks, whole->lineCount());
        for (const int threads : {1, 3}) {
            const auto found = search(*source, {u"line"_s}, {}, threads);
            QCOMPARE(found.lines.size(), size_t(79'999));
            QVERIFY(found.end.error);
            QCOMPARE(found.end.error->position.line, 80'000);
        }
    }

    void seesAllOfALongLine_data()
    {
        QTest::addColumn<qint64>("length");
        QTest::newRow("longer than is shown") << qint64(3'000'000);
        QTest::newRow("in pieces") << 2 * MostWholeLineBytes + 17;
    }
    void seesAllOfALongLine()
    {
        QFETCH(const qint64, length);
        for (const qint64 at : {qint64(0), length / 2, MostWholeLineBytes - 3, length - 6}) {
            QByteArray line(length, 'x');
            line.replace(std::min(at, length - 6), 6, "needle");
            const auto source = test::textSource(u"/x/long.log"_s, "1 first\n2 " + line + "\n\n4 last needle\n5 end");
            QCOMPARE(search(*source, {u"needle"_s}).lines, (std::vector<qint64>{2, 4}));
            QCOMPARE(search(*source, {u"^$"_s, true}).lines, std::vector<qint64>{3});
            QCOMPARE(search(*source, {u"not needle"_s, false, false, false, true}).lines,
                     (std::vector<qint64>{1, 3, 5}));
        }
    }

    void looksAtPayloadsThatAreEscaped()
    {
        auto source = test::textSource(u"/x/a.json"_s, "exit_code_1\nexit code 2\nexit\n");
        source->decoder = std::make_shared<EscapingDecoder>();
        source->format = "json-lines";
        QCOMPARE(search(*source, {u"exit code"_s}).lines, (std::vector<qint64>{1, 2}));
        QVERIFY(!(*LineMatcher::of({u"exit code"_s}))->narrows(*source));
    }

    void stops()
    {
        QByteArray bytes;
        for (int i = 1; i <= 200'000; ++i)
            bytes += QByteArray::number(i) + " line of text\n";
        const auto source = test::textSource(u"/x/a.log"_s, bytes);
        const CancelToken cancel;
        const auto matcher = *LineMatcher::of({u"line"_s});
        qint64 count = 0;
        const PassEnd end =
            searchLines(*source, *matcher, {}, 2, cancel, [&](const std::vector<qint64> &lines, qint64) {
                count += static_cast<qint64>(lines.size());
                cancel.cancel();
            });
        QVERIFY(end.isCancelled);
        QVERIFY(count < 200'000);
    }

    void costlyExpressionsAreCounted()
    {
        const auto source = test::textSource(u"/x/a.log"_s, "1 " + QByteArray(60, 'a') + "!\n2 aaa\n3 b\n");
        const auto found = search(*source, {u"^(a|aa)+$"_s, true});
        QCOMPARE(found.lines, (std::vector<qint64>{2}));
        QCOMPARE(found.end.gaveUp, 1);
    }

    void brokenExpressionsAreTold()
    {
        const auto matcher = LineMatcher::of({u"ab(c"_s, true});
        QVERIFY(!matcher);
        QCOMPARE(matcher.error().code, Code::BadSyntax);
        QCOMPARE(matcher.error().position.column, 5);
    }

    void filtersDecodedLines()
    {
        QByteArray bytes;
        for (int i = 1; i <= 3000; ++i)
            bytes += QByteArray::number(i) + (i % 100 == 0 ? " E broken\n" : " fine\n") + "no stamp\n";
        const auto source = test::textSource(u"/x/a.log"_s, bytes);
        std::vector<qint64> errors;
        const PassEnd end = filterLines(
            *source, {}, 2, {}, [](const TimedLine &line) { return line.text.startsWith("E "); },
            [&](const std::vector<qint64> &lines, qint64) { errors.insert(errors.end(), lines.begin(), lines.end()); });
        QVERIFY2(!end.error, end.error ? qPrintable(end.error->toString()) : "");
        QCOMPARE(errors.size(), size_t(30));
        QCOMPARE(errors.front(), 199);
        std::vector<qint64> second;
        filterLines(
            *source, {}, 2, {}, [](const TimedLine &line) { return line.time && line.time->ns == 2500 * NsPerSecond; },
            [&](const std::vector<qint64> &lines, qint64) { second.insert(second.end(), lines.begin(), lines.end()); });
        QCOMPARE(second, (std::vector<qint64>{4999, 5000})); // the stamped line and the one it lends its time
    }
};

FAULTLINE_TEST(TestSearchLines)
#include "tst_searchlines.moc"
