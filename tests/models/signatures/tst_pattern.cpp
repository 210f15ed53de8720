// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/engines.h"
#include "models/signatures/pattern.h"
#include "tests/support/test.h"

using namespace faultline;

class TestPattern : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rewrites_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("expression");
        QTest::addColumn<int>("literal");
        const auto row = [](const char *name, const char *pattern, const char *expression, int literal) {
            QTest::newRow(name) << QByteArray(pattern) << QByteArray(expression) << literal;
        };
        row("anchors go", "^FAIL$", "FAIL", 4);
        row("rest of the line goes", "^panic: (?<message>.+)$", "panic: ", 7);
        row("first digit stays", "code (?<code>\\d+)", "code [0-9]", 5);
        row("leading class goes", "(?<file>[\\w/]+):(?<line>\\d+): error", ":[0-9]+: error", 7);
        row("negated class loses LF", "a[^:]b", "a[^:\\n]b", 1);
        row("space loses LF", "foo\\sbar", "foo[\\t\\r\\x0b\\x0c ]bar", 3);
        row("a run of spaces joins", "foo\\s+bar", "foo[\\t\\r\\x0b\\x0c ]+bar", 3);
        row("a run of punctuation joins", "foo[: ]+bar", "foo[: ]+bar", 3);
        row("a run of word characters parts", "foo\\w+barre", "barre", 5);
        row("lazy marks go", "foo\\d*?bar", "foo[0-9]*bar", 3);
        row("the longest part stays", "foo.*?barre(?<x>.+)qux", "barre", 5);
        row("the longest part of each alternative", "^(?:foo.*barre|quxes \\S+ x)", "(?:barre|quxes )", 5);
        row("a weak part does not", "^qux \\S+ x", "qux [^\\t\\r\\x0b\\x0c \\n]+ x", 4);
        row("a long word is enough", "\\b\\d+ exit codes: (?<code>\\d+)", " exit codes: ", 13);
        row("a choice of long words is enough", "\\d: (?:the very end|another one (?<x>\\w+))+, \\d",
            "(?:the very end|another one )", 12);
        row("no part says enough", "ab.*cd", "ab.*cd", 2);
        row("wide counts widen", "foo\\d{3,200}bar", "foo[0-9]{3,}bar", 3);
        row("optional end goes", "^\\s*(?:Error: )?killed(?: by \\w+)?\\.?$", "killed", 6);
        row("alternatives keep the shortest word", "(?:error|fail)ed", "(?:error|fail)ed", 4);
        row("start or space", "(?:^|\\s)Killed$", "Killed", 6);
        row("word boundary at an end", "\\bOOM\\b", "OOM", 3);
        row("word boundary between", "x \\bOOM", "x \\bOOM", 5);
        row("word boundary beside a class", "\\b\\w+ exploded", " exploded", 9);
        row("bytes above ASCII", "\xe2\x9c\x95 failed", "\\xe2\\x9c\\x95 failed", 10);
        row("dash after a class", "x[\\w-.]yyy", "x[0-9A-Za-z_\\-\\.]yyy", 3);
        row("brace and bracket", "\\[x\\]\\{", "\\[x]\\{", 4);
    }
    void rewrites()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, expression);
        QFETCH(int, literal);
        const auto form = scanForm(pattern);
        QVERIFY2(form, form ? "" : qPrintable(form.error().toString()));
        QCOMPARE(form->expression, expression);
        QCOMPARE(form->literalLength, literal);
#ifdef FAULTLINE_HAVE_RE2
        QVERIFY(compilesInRe2(*form));
#endif
#ifdef FAULTLINE_HAVE_HYPERSCAN
        QVERIFY(compilesInHyperscan(*form));
#endif
    }

    void noticesCaseless()
    {
        const auto form = scanForm("(?i)^error: (?<what>.*)");
        QVERIFY(form);
        QVERIFY(form->caseless);
        QCOMPARE(form->expression, QByteArray("error: "));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<qint64>("column");
        const auto row = [](const char *pattern, qint64 column) {
            QTest::newRow(pattern) << QByteArray(pattern) << column;
        };
        row("foo\\nbar", 4);
        row("foo[\\n]bar", 5);
        row("foo\\Rbar", 4);
        row("foo\\x0abar", 4);
        row("(?s)foo.bar", 3);
        row("(?=foo)bar", 3);
        row("(?<!foo)bar", 4);
        row("(a)\\1", 4);
        row("foo(?>bar)", 6);
        row("foo*+bar", 5);
        row("foo(bar", 8);
        row("foobar)", 7);
        row("foo[bar", 8);
        row("*foo", 1);
        row("foo{x}", 4);
        row("foo{2000}", 4);
        row("foo[[:alpha:]]", 5);
        row("foo[\xc3\xa9]", 5);
        row("\\p{L}", 1);
    }
    void refuses()
    {
        QFETCH(QByteArray, pattern);
        QFETCH(qint64, column);
        const auto form = scanForm(pattern);
        QVERIFY(!form);
        QCOMPARE(form.error().position.column, column);
    }

    void refusesWhatMatchesAnything()
    {
        for (const char *pattern : {".*", "^", "(?<all>.+)", "foo|.*", "\\S+"})
            QVERIFY2(!scanForm(pattern), pattern);
    }
};

FAULTLINE_TEST(TestPattern)
#include "tst_pattern.moc"
