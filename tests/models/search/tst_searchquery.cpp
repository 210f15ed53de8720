// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/searchhull.h"
#include "models/search/searchquery.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestSearchQuery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void combines_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("holding"); // letters: terms that hold
        QTest::addColumn<bool>("isTrue");
        QTest::newRow("one") << u"a"_s << u"a"_s << true;
        QTest::newRow("or") << u"a or b"_s << u"b"_s << true;
        QTest::newRow("side by side is and") << u"a b"_s << u"a"_s << false;
        QTest::newRow("and") << u"a AND b"_s << u"ab"_s << true;
        QTest::newRow("not") << u"not a"_s << u"b"_s << true;
        QTest::newRow("not binds most") << u"not a or b"_s << u"ab"_s << true;
        QTest::newRow("and before or") << u"a or b and c"_s << u"a"_s << true;
        QTest::newRow("parentheses") << u"(a or b) and c"_s << u"a"_s << false;
        QTest::newRow("twice not") << u"not not a"_s << u"a"_s << true;
        QTest::newRow("quoted") << u"\"a\" and not (b or c)"_s << u"a"_s << true;
        QTest::newRow("quoted, not") << u"\"a\" and not (b or c)"_s << u"ac"_s << false;
    }
    void combines()
    {
        QFETCH(const QString, query);
        QFETCH(const QString, holding);
        const auto plan = SearchPlan::of({query, false, false, false, true});
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().toString()));
        std::vector<SearchPlan::Truth> truths;
        for (const SearchTerm &term : plan->terms())
            truths.push_back(holding.contains(term.text) ? SearchPlan::Truth::Yes : SearchPlan::Truth::No);
        QTEST(plan->judge(truths) == SearchPlan::Truth::Yes, "isTrue");
    }

    void readsExpressionsAndQuotes()
    {
        const auto plan = SearchPlan::of({u"/exit \\d+\\/x/ \"say \\\"no\\\" or\" plain"_s, false, true, true, true});
        QVERIFY(plan);
        QCOMPARE(plan->terms(), (std::vector<SearchTerm>{{u"exit \\d+/x"_s, true, true, true},
                                                         {u"say \"no\" or"_s, false, true, true},
                                                         {u"plain"_s, false, true, true}}));
    }

    void marksOnlyWhatIsWanted()
    {
        const auto plan = SearchPlan::of({u"a and not (b or not c)"_s, false, false, false, true});
        QVERIFY(plan);
        QCOMPARE(plan->wanted().size(), size_t(2));
        QCOMPARE(plan->wanted()[0].text, u"a"_s);
        QCOMPARE(plan->wanted()[1].text, u"c"_s);
    }

    void saysWhatIsWrong_data()
    {
        QTest::addColumn<QString>("query");
        QTest::addColumn<qint64>("column");
        QTest::newRow("nothing") << u""_s << qint64(1);
        QTest::newRow("no right side") << u"a or"_s << qint64(5);
        QTest::newRow("no left side") << u"or a"_s << qint64(1);
        QTest::newRow("open") << u"(a"_s << qint64(3);
        QTest::newRow("closed") << u"a ) b"_s << qint64(3);
        QTest::newRow("quote") << u"a \"b"_s << qint64(3);
        QTest::newRow("empty quote") << u"a \"\""_s << qint64(5);
        QTest::newRow("deep") << u"("_s.repeated(200) << qint64(52);
    }
    void saysWhatIsWrong()
    {
        QFETCH(const QString, query);
        QFETCH(const qint64, column);
        const auto plan = SearchPlan::of({query, false, false, false, true});
        QVERIFY(!plan);
        QCOMPARE(plan.error().position.column, column);
        QVERIFY(!SearchPlan::of({}));
    }

    void wholeWordsMayBeginWithSigns()
    {
        const SearchTerm term{u"--help"_s, false, true, true};
        QVERIFY(term.expression().match(u"run --help now"_s).hasMatch());
        QVERIFY(!term.expression().match(u"run --helper now"_s).hasMatch());
        const SearchTerm umlaut{u"Gr"_s, false, true, true};
        QVERIFY(!umlaut.expression().match(u"Größe"_s).hasMatch());
    }

    void hulls_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QByteArray>("hull"); // empty: none
        QTest::newRow("plain") << u"exit code"_s << QByteArray("exit code");
        QTest::newRow("a character may be four bytes") << u"a.b"_s << QByteArray("a.{1,4}b");
        QTest::newRow("any number") << u"a.*b"_s << QByteArray("a.*b");
        QTest::newRow("counted") << u"ab\\S{2,3}c"_s << QByteArray("ab\\S{2,12}c");
        QTest::newRow("optional") << u"ab[^x]?c"_s << QByteArray("ab[^x]{0,4}c");
        QTest::newRow("words") << u"\\bab\\b"_s << QByteArray("ab");
        QTest::newRow("class") << u"ab[.\\]x]c"_s << QByteArray("ab[.\\]x]c");
        QTest::newRow("look-around") << u"(?<=a)bcd"_s << QByteArray();
        QTest::newRow("back reference") << u"(ab)\\1"_s << QByteArray();
        QTest::newRow("property") << u"\\p{L}abc"_s << QByteArray();
        QTest::newRow("nearly all") << u".*"_s << QByteArray();
        QTest::newRow("broken") << u"[ab"_s << QByteArray();
        QTest::newRow("open brace") << u"a.{x"_s << QByteArray();
    }
    void hulls()
    {
        QFETCH(const QString, pattern);
        QFETCH(const QByteArray, hull);
        const auto made = searchHull({pattern, true, true, false});
        QCOMPARE(made.has_value(), !hull.isEmpty());
        QCOMPARE(made.value_or(QByteArray()), hull);
    }

    void caseOutsideOfAsciiIsLeftToTheExactMatch()
    {
        QVERIFY(searchHull({u"größe"_s, false, true, false}));
        QVERIFY(!searchHull({u"größe"_s, false, false, false}));
        QCOMPARE(searchHull({u"abc"_s, false, false, false}).value_or(QByteArray()), "(?i)abc");
    }
};

FAULTLINE_TEST(TestSearchQuery)
#include "tst_searchquery.moc"
