// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/github_actions/githubactions.h"
#include "importers/carriers/plain/plain.h"
#include "importers/core/registry.h"
#include "importers/core/textimporter.h"
#include "importers/core/textscan.h"
#include "tests/support/shrunksource.h"
#include "tests/support/test.h"

#include <QTest>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

Signature signature(const QByteArray &id, const QByteArray &pattern)
{
    Signature result;
    result.id = id;
    result.pattern = pattern;
    result.severity = Severity::Error;
    result.role = Role::Symptom;
    result.title = QString::fromUtf8(id);
    result.file = u"test"_s;
    return result;
}

std::vector<Signature> signatures()
{
    std::vector<Signature> all;
    all.push_back(signature("t.killed", "^Killed process (?<pid>[0-9]+) \\((?<comm>[^)]*)\\)"));
    all.push_back(signature("t.report", "^report begins"));
    all.back().block = SignatureBlock{"^  ", "^report ends", 5};
    all.push_back(signature("t.indented", "^first"));
    all.back().block = SignatureBlock{"^  ", "", 5};
    all.push_back(signature("t.kernel_only", "^Killed"));
    all.back().sources = {SourceKind::KernelLog};
    all.push_back(signature("t.number", "^number [0-9]+$"));
    return all;
}

} // namespace

/// The engine with a few signatures of its own, on texts made here.
class TestTextImporter : public QObject
{
    Q_OBJECT

private:
    PlainCarrier m_plain;
    GithubActionsCarrier m_github;
    std::shared_ptr<const SignatureSet> m_signatures;
    std::shared_ptr<const ScannerSet> m_scanners;

    ImportContext context(int threads = 1) const { return {m_signatures, m_scanners, {}, {}, false, threads}; }

    std::unique_ptr<SourceEvidence> read(const QByteArray &bytes, const ImportContext &context,
                                         bool github = false) const
    {
        const TextImporter importer(github ? static_cast<const Carrier &>(m_github) : m_plain, 0, {});
        auto evidence = std::make_unique<SourceEvidence>();
        evidence->kind = importer.info().kind;
        importer.read(memorySource(u"text"_s, bytes), *evidence, context);
        return evidence;
    }
    std::unique_ptr<SourceEvidence> read(const QByteArray &bytes) const { return read(bytes, context()); }

    static bool hasNote(const SourceEvidence &evidence, Code code, qint64 line)
    {
        return std::ranges::any_of(evidence.notes,
                                   [&](const Note &note) { return note.code == code && note.position.line == line; });
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto made = SignatureSet::create(signatures());
        QVERIFY2(made, made ? "" : qPrintable(made.error().toString()));
        m_signatures = *made;
        std::vector<QByteArray> patterns = m_signatures->patterns();
        std::ranges::copy(m_github.marks(), std::back_inserter(patterns));
        m_scanners = std::make_shared<const ScannerSet>(patterns);
    }

    void capturesFieldsAndIdentity()
    {
        const auto source = read("start\nKilled process 42 (a.out)\nend\n");
        QCOMPARE(source->events.size(), size_t(1));
        const Event &event = source->events.front();
        QCOMPARE(event.line, 2);
        QCOMPARE(event.signature, "t.killed");
        QCOMPARE(event.text, "Killed process 42 (a.out)");
        QCOMPARE(event.identity.pid, 42);
        QCOMPARE(fieldValue(event.fields, "comm"), "a.out");
        QVERIFY(!event.time);
        QCOMPARE(source->lineCount(), 3);
    }

    void anchorsMeanThePayload()
    {
        QCOMPARE(read("nothing was Killed process 42 (a)\n")->events.size(), size_t(0));
        const auto source = read("2026-11-23T18:55:18Z up\n2026-11-23T18:55:19Z Killed process 7 (b)\n  more\n");
        QCOMPARE(source->events.size(), size_t(1));
        QCOMPARE(toRfc3339(TimeNs{source->events[0].time->lo.ns}), "2026-11-23T18:55:19Z");
        QCOMPARE(source->basis, TimeBasis::Utc);
        QCOMPARE(toRfc3339(TimeNs{source->first->ns}), "2026-11-23T18:55:18Z");
        QCOMPARE(toRfc3339(TimeNs{source->last->ns}), "2026-11-23T18:55:19Z");
        QCOMPARE(source->coverage.size(), size_t(1));
    }

    void unstampedEventsInheritTheTime()
    {
        const auto source = read("2026-11-23T18:55:18Z up\n2026-11-23T18:55:19Z down\nKilled process 7 (b)\n");
        QCOMPARE(toRfc3339(TimeNs{source->events.at(0).time->lo.ns}), "2026-11-23T18:55:19Z");
    }

    void seesThroughTerminalControl_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("colours inside a word") << QByteArray("\x1b[31mKil\x1b[1mled\x1b[0m process 5 (c)");
        QTest::newRow("after a carriage return") << QByteArray("90%\rKilled process 5 (c)");
        QTest::newRow("overwritten") << QByteArray("Killed process 5 (c)\r100%");
        QTest::newRow("CR LF") << QByteArray("Killed process 5 (c)\r");
    }
    void seesThroughTerminalControl()
    {
        QFETCH(QByteArray, text);
        const auto source = read("x\n" + text + "\ny\n");
        QCOMPARE(source->events.size(), size_t(1));
        QCOMPARE(source->events[0].line, 2);
        QCOMPARE(source->events[0].text, "Killed process 5 (c)");
    }

    void readsBlocks_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("last");
        QTest::newRow("through its end") << QByteArray("report begins\n  a\n  b\nreport ends\nx\n") << qint64(4);
        QTest::newRow("broken off by another line") << QByteArray("report begins\n  a\nx\nreport ends\n") << qint64(2);
        QTest::newRow("at the end of the file") << QByteArray("report begins\n  a") << qint64(2);
        QTest::newRow("at most lines") << QByteArray("report begins\n" + QByteArray("  a\n").repeated(20)) << qint64(6);
        QTest::newRow("without an end pattern") << QByteArray("first\n  a\n  b\nx\n") << qint64(3);
        QTest::newRow("alone") << QByteArray("first\nx\n") << qint64(1);
    }
    void readsBlocks()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, last);
        QCOMPARE(read(text)->events.at(0).lastLine, last);
    }

    void countsLinesByLf_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("lines");
        QTest::newRow("empty") << QByteArray() << qint64(0);
        QTest::newRow("one LF") << QByteArray("\n") << qint64(1);
        QTest::newRow("without last LF") << QByteArray("a\nb") << qint64(2);
        QTest::newRow("CR is no line end") << QByteArray("a\rb\n") << qint64(1);
        QTest::newRow("just some chunks") << QByteArray("a\n").repeated(TextScan::ChunkBytes) << TextScan::ChunkBytes;
        QTest::newRow("just a chunk's line") << QByteArray(1024 * 1024 - 1, 'x') + '\n' << qint64(1);
        QTest::newRow("a line over two chunks") << QByteArray(1024 * 1024 + 5, 'x') + "\ny\n" << qint64(2);
        QTest::newRow("a line starts at a chunk's border") << QByteArray(1024 * 1024 - 1, 'x') + "\ny\n" << qint64(2);
        QTest::newRow("chunks of empty lines") << QByteArray(2 * 1024 * 1024 + 7, '\n') << qint64(2 * 1024 * 1024 + 7);
    }
    void countsLinesByLf()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, lines);
        for (const int threads : {1, 3}) {
            const auto source = read(text, context(threads));
            QCOMPARE(source->lineCount(), lines);
            QCOMPARE(source->text->line(lines).number, lines);
            QVERIFY(source->notes.empty());
        }
    }

    void tellsOfAFileThatShrank_data()
    {
        QTest::addColumn<qint64>("left");
        QTest::newRow("to nothing") << qint64(0);
        QTest::newRow("within a line") << qint64(1003);
        QTest::newRow("to a border of chunks") << TextScan::ChunkBytes;
        QTest::newRow("within the second chunk") << TextScan::ChunkBytes + 5000;
        QTest::newRow("by a byte") << 3 * TextScan::ChunkBytes;
    }
    void tellsOfAFileThatShrank()
    {
        QFETCH(const qint64, left);
        const QByteArray text =
            QByteArray("a line\n").repeated(3 * TextScan::ChunkBytes / 7 + 1).first(3 * TextScan::ChunkBytes + 1);
        for (const int threads : {1, 3}) {
            const TextImporter importer(m_plain, 0, {});
            SourceEvidence evidence;
            const auto shrunk = std::make_shared<test::ShrunkSource>(text, left);
            QCOMPARE(importer.read(shrunk, evidence, context(threads)), ImportOutcome::Read);
            QCOMPARE(evidence.lineCount(), (left + 6) / 7);
            QCOMPARE(evidence.notes.size(), size_t(1));
            QCOMPARE(evidence.notes.front().code, Code::Truncated);
            QCOMPARE(evidence.notes.front().position.byteOffset, left);
        }
    }

    void findsEveryLineOnManyThreads()
    {
        QByteArray text;
        std::vector<qint64> wanted;
        for (qint64 line = 1; text.size() < 5'000'000; ++line) {
            if (line % 97 == 0) {
                text += "number " + QByteArray::number(line) + '\n';
                wanted.push_back(line);
            } else {
                text += QByteArray(static_cast<qsizetype>(line % 211), line % 5 == 0 ? '\x1b' : 'x') + '\n';
            }
        }
        for (const int threads : {1, 2, 5}) {
            const auto source = read(text, context(threads));
            QCOMPARE(source->events.size(), wanted.size());
            for (size_t i = 0; i < wanted.size(); ++i) {
                QCOMPARE(source->events[i].line, wanted[i]);
                QCOMPARE(source->events[i].text, "number " + QByteArray::number(wanted[i]));
                QCOMPARE(source->text->line(wanted[i]).bytes, "number " + QByteArray::number(wanted[i]));
            }
        }
    }

    void cutsHugeLinesAndSaysSo()
    {
        const QByteArray huge = "Killed process 1 (x)" + QByteArray(30'000'000, 'y');
        const auto source = read("a\n" + huge + "\nKilled process 2 (z)\n", context(2));
        QCOMPARE(source->lineCount(), 3);
        QVERIFY(hasNote(*source, Code::LimitReached, 2));
        QCOMPARE(source->events.size(), size_t(2));
        QCOMPARE(source->events[0].text.size(), Event::MostEventText);
        QCOMPARE(source->events[1].line, 3);
        QCOMPARE(source->text->line(2).fullLength, huge.size());
    }

    void notesWhatIsNoText()
    {
        const auto source = read(QByteArray("a\nb\0c\n\xff\xfe x\n", 12));
        QVERIFY(hasNote(*source, Code::BadEncoding, 2));
        QVERIFY(hasNote(*source, Code::BadEncoding, 3));
    }

    void keepsFirstAndLastOfVeryMany()
    {
        QByteArray text;
        constexpr int Lines = 150'000;
        for (int i = 1; i <= Lines; ++i)
            text += "number " + QByteArray::number(i) + '\n';
        const auto source = read(text, context(2));
        QCOMPARE(source->events.size(), size_t(10'000));
        QCOMPARE(source->events.front().line, 1);
        QCOMPARE(source->events.back().line, Lines);
        QVERIFY(hasNote(*source, Code::LimitReached, 0));
    }

    void obeysKindsOfSignatures()
    {
        const auto source = read("Killed process 42 (a.out)\n");
        for (const Event &event : source->events)
            QVERIFY(event.signature != "t.kernel_only");
    }

    void stopsWhenCancelled()
    {
        const TextImporter importer(m_plain, 0, {});
        ImportContext stopping = context(2);
        qint64 told = 0;
        stopping.progress = [&](qint64 done, qint64) {
            told = done;
            stopping.cancel.cancel();
        };
        SourceEvidence evidence;
        QCOMPARE(importer.read(memorySource(u"text"_s, QByteArray(50'000'000, '\n')), evidence, stopping),
                 ImportOutcome::Cancelled);
        QVERIFY(told > 0 && told < 50'000'000);
    }

    void saysWhereAForcedFormatIsBroken()
    {
        ImportContext forced = context();
        forced.forced = true;
        QVERIFY(hasNote(*read("no stamps here\n", forced, true), Code::BadTimestamp, 1));
        QVERIFY(read("no stamps here\n", context(), true)->notes.empty());
    }

    void nestsSpansByLines()
    {
        const auto span = [](SpanKind kind, qint64 from, qint64 to, int parent = -1) {
            Span result;
            result.kind = kind;
            result.line = from;
            result.lastLine = to;
            result.parent = parent;
            return result;
        };
        std::vector<Span> spans{span(SpanKind::Test, 5, 6),    span(SpanKind::Job, 1, 20),
                                span(SpanKind::Step, 4, 9),    span(SpanKind::Test, 5, 30),
                                span(SpanKind::Test, 6, 6, 0), span(SpanKind::Step, 10, 20)};
        nestSpans(spans);
        QCOMPARE(spans[0].parent, 2);
        QCOMPARE(spans[1].parent, -1);
        QCOMPARE(spans[2].parent, 1);
        QCOMPARE(spans[3].parent, -1);
        QCOMPARE(spans[4].parent, 0);
        QCOMPARE(spans[5].parent, 1);
    }
};

FAULTLINE_TEST(TestTextImporter)
#include "tst_textimporter.moc"
