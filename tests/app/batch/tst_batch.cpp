// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/batch/batch.h"
#include "app/cli/cli.h"
#include "app/pages/batchpage.h"
#include "tests/support/test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

class TestBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        m_knowledge = *knowledge;
        const auto test = [](const char *day, bool fails) -> QByteArray {
            const QByteArray at = QByteArray(day) + "T10:00:0";
            return at + "1.1000000Z === RUN   TestPay\n" + at
                   + (fails ? "2.1000000Z     pay_test.go:3: got 1, want 2\n" : "2.1000000Z paid\n") + at
                   + (fails ? "3.1000000Z --- FAIL: TestPay (0.10s)\n" : "3.1000000Z --- PASS: TestPay (0.10s)\n") + at
                   + (fails ? "4.1000000Z FAIL\n" : "4.1000000Z PASS\n")
                   + (fails ? at + "5.1000000Z ##[error]Process completed with exit code 1.\n" : QByteArray());
        };
        write(u"runs/1/ci.log"_s, test("2026-03-01", true));
        write(u"runs/2/ci.log"_s, test("2026-03-02", false));
        write(u"runs/3.log"_s, test("2026-03-03", true));
        for (int i = 4; i < 7; ++i)
            write(u"runs/%1.log"_s.arg(i), "2026-03-0" + QByteArray::number(i) + "T10:00:01.1000000Z =worker "
                                               + QByteArray::number(i * 37) + " gave up\n2026-03-0"
                                               + QByteArray::number(i)
                                               + "T10:00:02.1000000Z ##[error]Process completed with exit code 255.\n");
        write(u"runs/empty.log"_s, "");
    }

    void countsCausesTestsAndUnknown()
    {
        const Batch batch = analyzed(2);
        QCOMPARE(batch.runs.size(), 7u);
        QCOMPARE(batch.failedRuns, 5);
        QCOMPARE(batch.causes.size(), 1u);
        QCOMPARE(batch.causes.front().id, u"test.assertion"_s);
        QCOMPARE(batch.causes.front().count, 2);
        QCOMPARE(toRfc3339(*batch.causes.front().first).left(10), QByteArray("2026-03-01"));
        QCOMPARE(toRfc3339(*batch.causes.front().last).left(10), QByteArray("2026-03-03"));
        QCOMPARE(batch.unknown.size(), 1u);
        QCOMPARE(batch.unknown.front().count, 3);
        QCOMPARE(batch.flaky.size(), 1u);
        QCOMPARE(batch.flaky.front().id, u"TestPay"_s);
        QCOMPARE(batch.flaky.front().count, 2);
        QCOMPARE(batch.flaky.front().passed, 1);
    }

    void sameBytesWithAnyNumberOfWorkers() { QCOMPARE(batchJson(analyzed(3)), batchJson(analyzed(1))); }

    void writesEveryFormat()
    {
        const Batch batch = analyzed(2);
        const QJsonObject json = QJsonDocument::fromJson(batchJson(batch)).object();
        QCOMPARE(json[u"schema"_s].toString(), u"faultline.batch/1"_s);
        QCOMPARE(json[u"runs"_s].toArray().size(), 7);
        const QByteArray csv = batchCsv(batch);
        QCOMPARE(csv.count("\r\n"), 8);
        const QByteArray page = batchHtml(batch);
        QVERIFY(page.contains("TestPay"));
        QVERIFY(page.contains("test.assertion"));
        QVERIFY(batchText(batch).contains("7 runs: 5 failed"));
    }

    void hostileTextStaysText()
    {
        Batch batch;
        BatchRun run;
        run.path = u"=cmd|'/c calc'!A1"_s;
        run.failed = true;
        run.what = u"<script>alert(1)</script>, \"quoted\""_s;
        batch.runs.push_back(run);
        batch.failedRuns = 1;
        batch.unknown.push_back({u"x"_s, u"<img src=x onerror=alert(1)>"_s, 1, 0, {}, {}, {run.path}});
        const QByteArray page = batchHtml(batch);
        QVERIFY(!page.contains("<script"));
        QVERIFY(!page.contains("<img"));
        const QByteArray csv = batchCsv(batch);
        QVERIFY(csv.contains("'=cmd"));
        QVERIFY(csv.contains("\"\"quoted\"\""));
    }

    void commandLine()
    {
        const QString output = m_folder.filePath(u"out.json"_s);
        QCOMPARE(runCommandLine({u"analyze"_s, u"--batch"_s, m_folder.filePath(u"runs"_s), u"--format"_s, u"json"_s,
                                 u"--output"_s, output, u"--exit-code"_s},
                                nullptr),
                 std::optional(1));
        QFile file(output);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QJsonDocument::fromJson(file.readAll()).object()[u"failed"_s].toInt(), 5);
        QCOMPARE(runCommandLine({u"analyze"_s, u"--batch"_s, m_folder.filePath(u"nowhere"_s)}, nullptr),
                 std::optional(2));
        QCOMPARE(runCommandLine({u"analyze"_s, u"x"_s, u"--format"_s, u"csv"_s}, nullptr), std::optional(2));
    }

private:
    void write(const QString &name, const QByteArray &bytes)
    {
        const QFileInfo info(m_folder.filePath(name));
        QVERIFY(QDir().mkpath(info.path()));
        QFile file(info.filePath());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    Batch analyzed(int threads)
    {
        AnalyzeOptions options;
        options.import.threads = threads;
        const auto runs = batchRunPaths({m_folder.filePath(u"runs"_s)});
        return analyzeBatch(*runs, *m_knowledge, options);
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const Knowledge> m_knowledge;
};

FAULTLINE_TEST(TestBatch)
#include "tst_batch.moc"
