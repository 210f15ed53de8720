// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Real CI logs, go test output and broken files: all are read, none is taken for what it is not.
class TestCorpusText : public QObject
{
    Q_OBJECT

private:
    static void addFiles(const QStringList &folders)
    {
        QTest::addColumn<QString>("path");
        int count = 0;
        for (const QString &folder : folders) {
            const QString where = test::corpusPath(folder);
            QDirIterator files(where, QDir::Files);
            while (!where.isEmpty() && files.hasNext()) {
                const QString path = files.next();
                if (path.endsWith(u"README.md"_s) || path.endsWith(u"labels.tsv"_s))
                    continue;
                QTest::addRow("%s", qPrintable(folder + u'/' + files.fileName())) << path;
                ++count;
            }
        }
        if (count == 0)
            QTest::newRow("no corpus") << QString();
    }

    static std::shared_ptr<const SourceEvidence> read(const QString &path)
    {
        const auto evidence = importPaths({path}, test::importTools(), {});
        return evidence ? evidence->sources.at(0) : nullptr;
    }

private Q_SLOTS:
    void readsEveryFile_data() { addFiles({u"real/ci"_s, u"real/gotest"_s, u"real/bad"_s, u"failure-lines"_s}); }
    void readsEveryFile()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        QElapsedTimer timer;
        timer.start();
        const auto source = read(path);
        QVERIFY(source);
        QVERIFY(timer.elapsed() < 20'000);
        QVERIFY(!source->formatReason.isEmpty());
        if (!source->text || source->lineCount() == 0)
            return;
        const auto lines = decodeLines(*source, 1, source->lineCount());
        QCOMPARE(static_cast<qint64>(lines.size()), source->lineCount());
        for (const TimedLine &line : lines)
            QVERIFY(!line.text.contains('\x1b') && !line.text.contains('\n'));
        for (const Event &event : source->events)
            QVERIFY(event.line >= 1 && event.line <= event.lastLine && event.lastLine <= source->lineCount());
        for (const Span &span : source->spans) {
            QVERIFY(span.line >= 1 && span.line <= span.lastLine && span.lastLine <= source->lineCount());
            QVERIFY(span.parent < static_cast<int>(source->spans.size()));
        }
    }

    void tellsCiSystemsApart_data() { addFiles({u"real/ci"_s}); }
    void tellsCiSystemsApart()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        const auto source = read(path);
        QVERIFY(source);
        const QByteArray bytes = test::fileBytes(path);
        if (bytes.startsWith("\x1b[0KRunning with gitlab-runner"))
            QCOMPARE(source->format, "gitlab");
        else if (bytes.contains("Running in Durability level") && !path.endsWith(u".zip"_s))
            QCOMPARE(source->format, "jenkins");
        else if (bytes.contains("Z ##[") || bytes.contains("Current runner version"))
            QVERIFY2(source->format == "github-actions" || path.endsWith(u".zip"_s), source->format.constData());
    }

    void countsTests_data() { addFiles({u"real/gotest"_s}); }
    void countsTests()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        const auto source = read(path);
        QVERIFY(source);
        QVERIFY(source->kind == SourceKind::TestOutput
                || source->kind == SourceKind::Log); // a build log holds tests far behind its head
        // Each "--- FAIL" that starts a line (text), or each failed test event (JSON), is a failed test span.
        const QByteArray bytes = test::fileBytes(path);
        int stated = 0;
        for (const QByteArray &line : bytes.split('\n')) {
            const QByteArray bare = line.trimmed();
            if (source->format != "go-test-json")
                stated += bare.startsWith("--- FAIL: ") && bare.endsWith(')') ? 1 : 0;
            else
                stated += bare.contains("\"Action\":\"fail\"") && bare.contains("\"Test\":\"") ? 1 : 0;
        }
        const auto failed = std::ranges::count_if(source->spans, [](const Span &span) {
            return span.kind == SpanKind::Test && span.outcome == Outcome::Failed;
        });
        QVERIFY2(failed >= stated, qPrintable(u"%1 of %2"_s.arg(failed).arg(stated)));
    }

    void readsEveryIncident_data() { addFiles({}); }
    void readsEveryIncident()
    {
        const QString folder = test::corpusPath(u"incidents"_s);
        if (folder.isEmpty())
            QSKIP("The corpus is not here");
        const QHash<QString, QByteArray> formats{{u"gha"_s, "github-actions"},  {u"gitlab"_s, "gitlab"},
                                                 {u"jenkins"_s, "jenkins"},     {u"plain"_s, "go-test"},
                                                 {u"gojson"_s, "go-test-json"}, {u"kubectl-logs"_s, "kubectl-logs"}};
        QDirIterator truths(folder, {u"truth.json"_s}, QDir::Files, QDirIterator::Subdirectories);
        int count = 0;
        while (truths.hasNext()) {
            const QJsonObject truth = QJsonDocument::fromJson(test::fileBytes(truths.next())).object();
            const QString log =
                truths.fileInfo().path() + u'/' + truth[u"clock"_s][u"log_file"_s].toString(u"ci.log"_s);
            const auto source = read(log);
            QVERIFY(source);
            QCOMPARE(source->format, formats.value(truth[u"ci_format"_s].toString()));
            ++count;
        }
        QVERIFY(count > 0);
    }
};

FAULTLINE_TEST(TestCorpusText)
#include "tst_corpus_text.moc"
