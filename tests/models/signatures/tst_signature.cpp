// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/check.h"
#include "models/signatures/signature.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

class TestSignature : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAWholeEntry()
    {
        const auto signatures = parseSignatures(R"(- id: go.panic
  pattern: '^panic: (?<message>.+)'
  sources: [ci-log, test-output]
  severity: fatal
  role: symptom
  title: 'panic: {message}'
  failure: 'the program panicked: {message}'
  signal: SIGABRT
  weight: 90
  block: {continues: '^\t', ends: '^exit status', lines: 30}
  doc: >
    Two
    lines.
  examples: ['panic: x']
  counterexamples: ['no panic: x']
)",
                                                u"mine.yaml"_s);
        QVERIFY2(signatures, signatures ? "" : qPrintable(signatures.error().toString()));
        QCOMPARE(signatures->size(), size_t(1));
        const Signature &signature = signatures->front();
        QCOMPARE(signature.id, QByteArray("go.panic"));
        QCOMPARE(signature.pattern, QByteArray("^panic: (?<message>.+)"));
        QCOMPARE(signature.sources, (std::vector{SourceKind::CiLog, SourceKind::TestOutput}));
        QCOMPARE(signature.severity, Severity::Fatal);
        QCOMPARE(signature.role, Role::Symptom);
        QCOMPARE(signature.failure, u"the program panicked: {message}"_s);
        QCOMPARE(signature.signal, QByteArray("SIGABRT"));
        QCOMPARE(signature.weight, 90);
        QVERIFY(signature.block);
        QCOMPARE(signature.block->continues, QByteArray("^\\t"));
        QCOMPARE(signature.block->ends, QByteArray("^exit status"));
        QCOMPARE(signature.block->mostLines, 30);
        QCOMPARE(signature.doc, u"Two lines."_s);
        QCOMPARE(signature.file, u"mine.yaml"_s);
        QCOMPARE(signature.position.line, 2);
    }

    void tellsMistakesWithTheirPlace_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("expected");
        const QByteArray rest = "\n  examples: [a]\n  counterexamples: [b]\n";
        const auto row = [](const char *name, const QByteArray &yaml, const char *expected) {
            QTest::newRow(name) << yaml << QString::fromUtf8(expected);
        };
        row("not YAML", "- id: 'x", "f.yaml:1:9: This is not YAML");
        row("not a list", "id: x.y", "f.yaml:1:1: A signature file is a list");
        row("not a map", "- 3", "f.yaml:1:3: An entry is a map");
        row("unknown key", "- id: x.y\n  patern: foo\n  pattern: foo\n  title: t" + rest,
            "f.yaml:2:3: 'patern' is not a key");
        row("double key", "- id: x.y\n  pattern: foo\n  title: t\n  title: u" + rest,
            "f.yaml:4:3: 'title' stands here twice");
        row("no pattern", "- id: x.y\n  title: t" + rest, "f.yaml:1:3: 'pattern' is missing");
        row("no examples", "- id: x.y\n  pattern: foo\n  title: t\n", "f.yaml:1:3: 'examples' is missing");
        row("bad id", "- id: Foo\n  pattern: foo\n  title: t" + rest, "f.yaml:1:7: 'Foo' is not an id");
        row("bad role", "- id: x.y\n  pattern: foo\n  role: boss\n  title: t" + rest, "f.yaml:3:9: A role is");
        row("bad weight", "- id: x.y\n  pattern: foo\n  weight: 101\n  title: t" + rest,
            "f.yaml:3:11: 'weight' is a number from 0 to 100");
        row("bad source", "- id: x.y\n  pattern: foo\n  sources: [ci-log, ci]\n  title: t" + rest,
            "f.yaml:3:21: This is not a kind of source");
        row("bad signal", "- id: x.y\n  pattern: foo\n  signal: kill\n  title: t" + rest,
            "f.yaml:3:11: 'kill' is not a signal");
        row("block's key", "- id: x.y\n  pattern: foo\n  block: {until: x}\n  title: t" + rest,
            "f.yaml:3:11: 'until' is not a key");
    }
    void tellsMistakesWithTheirPlace()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, expected);
        const auto signatures = parseSignatures(yaml, u"f.yaml"_s);
        QVERIFY(!signatures);
        QVERIFY2(signatures.error().toString().startsWith(expected), qPrintable(signatures.error().toString()));
    }

    void countsTheOtherMistakes()
    {
        const auto signatures = parseSignatures("- id: X\n- id: Y\n", u"f.yaml"_s);
        QVERIFY(!signatures);
        QVERIFY2(signatures.error().hint.contains(u"9 more"_s), qPrintable(signatures.error().hint));
    }

    void survivesHostileYaml()
    {
        QByteArray deep(100'000, '[');
        QVERIFY(!parseSignatures(deep, u"f.yaml"_s));
        QByteArray laughs = "a: &a [x,x,x,x,x,x,x,x]\n";
        for (char name = 'b'; name < 'z'; ++name) {
            const QByteArray before(1, static_cast<char>(name - 1));
            laughs += QByteArray(1, name) + ": &" + name + " [" + QByteArray("*" + before + ",").repeated(9) + "]\n";
        }
        QVERIFY(!parseSignatures(laughs, u"f.yaml"_s));
        QVERIFY(!parseSignatures(QByteArray(5 * 1024 * 1024, '#'), u"f.yaml"_s));
        QVERIFY(parseSignatures({}, u"f.yaml"_s));
    }

    void checksAFile_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QString>("expected");
        const auto entry = [](const char *name, const char *id, const char *pattern, const char *title,
                              const char *example, const char *counter, const char *expected) {
            QTest::newRow(name) << QByteArray("- id: ") + id + "\n  pattern: '" + pattern + "'\n  title: '" + title
                                       + "'\n  examples: ['" + example + "']\n  counterexamples: ['" + counter + "']\n"
                                << QString::fromUtf8(expected);
        };
        entry("fine", "x.y", "foo (?<n>\\d+)", "{n}", "foo 1", "foo", "");
        entry("LF", "x.y", "foo\\nbar", "t", "a", "b", "f.yaml:2:16: x.y: A pattern cannot match a line feed");
        entry("look-behind", "x.y", "(?<=a)foo", "t", "a", "b", "f.yaml:2:16: x.y: Only plain");
        entry("no word", "x.y", "ab\\d+", "t", "ab1", "b", "f.yaml:2:12: x.y: The pattern holds no word");
        entry("field", "x.y", "foo (?<n>\\d+)", "{m}", "foo 1", "b", "f.yaml:2:12: x.y: '{m}' names no group");
        entry("example", "x.y", "foobar", "t", "foo", "b", "f.yaml:2:12: x.y: The example does not match: foo");
        entry("counterexample", "x.y", "foobar", "t", "foobar", "a foobar",
              "f.yaml:2:12: x.y: The counterexample matches: a foobar");
    }
    void checksAFile()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QString, expected);
        const std::vector<Error> errors = checkSignatureFile(yaml, u"f.yaml"_s);
        QCOMPARE(errors.size(), size_t(expected.isEmpty() ? 0 : 1));
        if (!errors.empty())
            QVERIFY2(errors.front().toString().startsWith(expected), qPrintable(errors.front().toString()));
    }

    void refusesAnIdTwice()
    {
        const QByteArray entry = "- id: x.y\n  pattern: foo\n  title: t\n  examples: [foo]\n  counterexamples: [bar]\n";
        const auto errors = checkSignatureFile(entry + entry, u"f.yaml"_s);
        QCOMPARE(errors.size(), size_t(1));
        QCOMPARE(errors.front().position.line, 7);
        QVERIFY(errors.front().message.contains(u"taken"_s));
    }
};

FAULTLINE_TEST(TestSignature)
#include "tst_signature.moc"
