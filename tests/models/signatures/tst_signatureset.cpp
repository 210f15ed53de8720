// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/shippedsignatures.h"
#include "models/signatures/signatureset.h"
#include "tests/support/test.h"

#include <QTemporaryDir>

#include <tuple>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

Signature signature(QByteArray id, QByteArray pattern)
{
    Signature result;
    result.id = std::move(id);
    result.pattern = std::move(pattern);
    result.title = u"t"_s;
    return result;
}

void write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

auto fieldsOf(const SignatureBlock &block)
{
    return std::tie(block.continues, block.ends, block.mostLines);
}

auto fieldsOf(const Signature &one)
{
    return std::tie(one.id, one.pattern, one.sources, one.severity, one.role, one.title, one.doc, one.failure,
                    one.signal, one.weight, one.examples, one.counterexamples, one.file, one.position.line,
                    one.position.column, one.position.byteOffset);
}

void compareAll(const std::vector<Signature> &actual, const std::vector<Signature> &expected)
{
    QCOMPARE(actual.size(), expected.size());
    for (size_t i = 0; i < actual.size(); ++i) {
        QVERIFY2(fieldsOf(actual[i]) == fieldsOf(expected[i]), expected[i].id.constData());
        QCOMPARE(actual[i].block.has_value(), expected[i].block.has_value());
        QVERIFY(!actual[i].block || fieldsOf(*actual[i].block) == fieldsOf(*expected[i].block));
    }
}

} // namespace

class TestSignatureSet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capturesFieldsInOrder()
    {
        const auto set =
            SignatureSet::create({signature("x.y", "^--- FAIL: (?<test>\\S+)(?: \\((?<seconds>[\\d.]+)s\\))?")});
        QVERIFY(set);
        const Fields whole{{"test", "TestA"}, {"seconds", "1.20"}};
        QCOMPARE((*set)->capture(0, "--- FAIL: TestA (1.20s)"), whole);
        const Fields part{{"test", "TestA"}};
        QCOMPARE((*set)->capture(0, "--- FAIL: TestA"), part);
        QVERIFY(!(*set)->capture(0, "2026 --- FAIL: TestA"));
        QVERIFY(!(*set)->capture(0, ""));
        QVERIFY(!(*set)->capture(0, {}));
    }

    void takesAFieldFromTheAlternativeThatMatched()
    {
        const auto set = SignatureSet::create({signature("x.y", "^(?:code (?<code>\\d+)|(?<code>\\d+) is the code)$")});
        QVERIFY2(set, set ? "" : qPrintable(set.error().toString()));
        const Fields fields{{"code", "7"}};
        QCOMPARE((*set)->capture(0, "code 7"), fields);
        QCOMPARE((*set)->capture(0, "7 is the code"), fields);
    }

    void takesALineWithCarriageReturn()
    {
        const auto set = SignatureSet::create({signature("x.y", "^FAIL (?<rest>.*)$")});
        const Fields fields{{"rest", "a"}};
        QCOMPARE((*set)->capture(0, "FAIL a\r"), fields);
    }

    void givesUpOnHostileLines()
    {
        const auto set = SignatureSet::create({signature("x.y", "^(?:a+)+bcd$")});
        QVERIFY(set);
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!(*set)->capture(0, QByteArray(10'000, 'a')));
        QVERIFY(timer.elapsed() < 2000);
        QVERIFY(!(*set)->capture(0, QByteArray(QByteArray(10'000'000, 'a') + "bcd")));
    }

    void knowsWhereItApplies()
    {
        Signature some = signature("x.some", "foo");
        some.sources = {SourceKind::KernelLog, SourceKind::Other};
        const auto set = SignatureSet::create({some, signature("x.any", "foo")});
        QVERIFY((*set)->appliesTo(0, SourceKind::KernelLog));
        QVERIFY((*set)->appliesTo(0, SourceKind::Other));
        QVERIFY(!(*set)->appliesTo(0, SourceKind::CiLog));
        QVERIFY((*set)->appliesTo(1, SourceKind::CiLog));
        QCOMPARE((*set)->indexOf("x.any"), 1);
        QCOMPARE((*set)->indexOf("x.none"), -1);
    }

    void followsBlocks()
    {
        Signature with = signature("x.with", "panic");
        with.block = SignatureBlock{.continues = "^(?:\\s|goroutine|$)", .ends = "^exit status", .mostLines = 9};
        Signature open = signature("x.open", "panic");
        open.block = SignatureBlock{.continues = {}, .ends = "^end", .mostLines = 9};
        const auto set = SignatureSet::create({with, open, signature("x.none", "panic")});
        QVERIFY(set);
        QVERIFY((*set)->continuesBlock(0, "goroutine 1"));
        QVERIFY((*set)->continuesBlock(0, ""));
        QVERIFY(!(*set)->continuesBlock(0, "ok"));
        QVERIFY((*set)->endsBlock(0, "exit status 2"));
        QVERIFY((*set)->continuesBlock(1, "anything"));
        QVERIFY((*set)->endsBlock(1, "end"));
        QVERIFY(!(*set)->continuesBlock(2, "anything"));
        QVERIFY(!(*set)->endsBlock(2, "end"));
    }

    void refusesAnIdTwice()
    {
        Signature second = signature("x.y", "bar");
        second.file = u"b.yaml"_s;
        second.position.line = 7;
        const auto set = SignatureSet::create({signature("x.y", "foo"), second});
        QVERIFY(!set);
        QVERIFY2(set.error().toString().startsWith(u"b.yaml:7: The id 'x.y' is taken"_s),
                 qPrintable(set.error().toString()));
    }

    void refusesABadPattern()
    {
        QVERIFY(!SignatureSet::create({signature("x.y", "foo\\n")}));
        QVERIFY(!SignatureSet::create({signature("x.y", "(?<1a>foo)")}));
    }

    void keepsWhatWasReadOfTheShipped()
    {
        const auto shipped = SignatureSet::load({});
        QVERIFY(shipped);
        const QTemporaryDir folder;
        const QString cache = folder.filePath(u"cache"_s);
        QVERIFY(!keptSignatures({cache}));
        const auto first = SignatureSet::load({}, {folder.filePath(u"empty"_s), cache});
        QVERIFY(first);
        compareAll((*first)->signatures(), (*shipped)->signatures());
        const auto kept = keptSignatures({folder.filePath(u"empty"_s), cache});
        QVERIFY(kept);
        compareAll(*kept, (*shipped)->signatures());
        const auto second = SignatureSet::load({}, {cache});
        QVERIFY(second);
        compareAll((*second)->signatures(), (*shipped)->signatures());

        const QStringList names = QDir(cache).entryList(QDir::Files);
        QCOMPARE(names.size(), 1);
        const QString path = QDir(cache).filePath(names.front());
        QByteArray content;
        {
            QFile file(path);
            QVERIFY(file.open(QIODevice::ReadOnly));
            content = file.readAll();
        }
        for (const qsizetype at : {qsizetype(0), content.size() / 2, content.size() - 1}) {
            QByteArray damaged = content;
            damaged[at] = static_cast<char>(damaged[at] ^ 4);
            write(path, damaged);
            QVERIFY(!keptSignatures({cache}));
        }
        write(path, content.first(10));
        QVERIFY(!keptSignatures({cache}));
        const auto again = SignatureSet::load({}, {cache}); // is kept anew
        QVERIFY(again);
        compareAll((*again)->signatures(), (*shipped)->signatures());
        QVERIFY(keptSignatures({cache}));
    }

    void aFolderAddsAndReplaces()
    {
        const auto shipped = SignatureSet::load({});
        QVERIFY2(shipped, shipped ? "" : qPrintable(shipped.error().toString()));
        const int index = (*shipped)->indexOf("ci.exit_code");
        QVERIFY(index >= 0);
        QTemporaryDir folder;
        write(folder.filePath(u"a.yaml"_s),
              "- {id: ci.exit_code, pattern: mine, title: t, examples: [mine], counterexamples: [x]}\n"
              "- {id: my.own, pattern: own, title: t, examples: [own], counterexamples: [x]}\n");
        write(folder.filePath(u"b.txt"_s), "not read");
        const auto set = SignatureSet::load({folder.path()});
        QVERIFY2(set, set ? "" : qPrintable(set.error().toString()));
        QCOMPARE((*set)->signatures().size(), (*shipped)->signatures().size() + 1);
        QCOMPARE((*set)->indexOf("ci.exit_code"), index);
        QCOMPARE((*set)->signatures()[static_cast<size_t>(index)].pattern, QByteArray("mine"));
        QCOMPARE((*set)->indexOf("my.own"), static_cast<int>((*shipped)->signatures().size()));

        write(folder.filePath(u"c.yaml"_s),
              "- {id: ci.exit_code, pattern: again, title: t, examples: [again], counterexamples: [x]}\n");
        const auto twice = SignatureSet::load({folder.path()});
        QVERIFY(!twice);
        QVERIFY(!SignatureSet::load({folder.filePath(u"none"_s)}));
    }
};

FAULTLINE_TEST(TestSignatureSet)
#include "tst_signatureset.moc"
