// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/analyze.h"
#include "app/pages/pdfreport.h"
#include "app/pages/pictures.h"
#include "app/report/jsonreport.h"
#include "models/redaction/redactedanalysis.h"
#include "tests/support/test.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// A GitHub Actions log of a day and its lines, one a second.
QByteArray githubLog(const char *day, const QByteArrayList &lines)
{
    QByteArray log;
    int second = 0;
    for (const QByteArray &line : lines) {
        log += QByteArray(day) + "T10:" + QByteArray::number(second / 60).rightJustified(2, '0') + ':'
               + QByteArray::number(second % 60).rightJustified(2, '0') + ".1000000Z " + line + '\n';
        ++second;
    }
    return log;
}

const QByteArrayList Passed{"##[group]Run make test",
                            "make test",
                            "##[endgroup]",
                            "curl: (56) Recv failure: Connection reset by peer",
                            "pool has 4 workers, pid 8121",
                            "=== RUN   TestPay",
                            "--- PASS: TestPay (0.50s)",
                            "=== RUN   TestShip",
                            "--- PASS: TestShip (0.10s)",
                            "PASS",
                            "ok  \tshop/pay\t0.7s",
                            "Post job cleanup.",
                            "Cleaning up orphan processes"};

const QByteArrayList Failed{"##[group]Run make test",
                            "make test",
                            "##[endgroup]",
                            "curl: (56) Recv failure: Connection reset by peer",
                            "pool has 4 workers, pid 991",
                            "=== RUN   TestPay",
                            "    pay_test.go:31: got 3, want 4",
                            "--- FAIL: TestPay (7.50s)",
                            "=== RUN   TestRefund",
                            "--- PASS: TestRefund (0.10s)",
                            "FAIL",
                            "FAIL\tshop/pay\t7.7s",
                            "make: *** [Makefile:3: test] Error 1",
                            "##[error]Process completed with exit code 2."};

/// A gauge sampled every five seconds.
QByteArray memory(qint64 from, const std::vector<double> &values)
{
    QJsonArray samples;
    for (size_t i = 0; i < values.size(); ++i)
        samples.append(QJsonArray{static_cast<qint64>(from + 5 * static_cast<qint64>(i)), QString::number(values[i])});
    const QJsonObject series{{u"metric"_s, QJsonObject{{u"__name__"_s, u"container_memory_working_set_bytes"_s},
                                                       {u"pod"_s, QString(u"runner-"_s + QString::number(from))}}},
                             {u"values"_s, samples}};
    return QJsonDocument(
               QJsonObject{{u"status"_s, u"success"_s},
                           {u"data"_s, QJsonObject{{u"resultType"_s, u"matrix"_s}, {u"result"_s, QJsonArray{series}}}}})
        .toJson(QJsonDocument::Compact);
}

} // namespace

class TestBaseline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        auto knowledge = loadKnowledge({}, {});
        QVERIFY2(knowledge, knowledge ? "" : qPrintable(knowledge.error().toString()));
        m_knowledge = *knowledge;
        write(u"passed/ci.log"_s, githubLog("2026-03-02", Passed));
        write(u"failed/ci.log"_s, githubLog("2026-03-03", Failed));
        const qint64 march2 = 1772445600; // 2026-03-02T10:00:00Z
        write(u"passed/memory.json"_s, memory(march2, {100, 101, 99, 100, 102, 100, 101, 99}));
        write(u"failed/memory.json"_s, memory(march2 + 86400, {100, 101, 100, 160, 220, 290, 350}));
    }

    void comparesLinesStepsAndSeries()
    {
        const Analysis analysis = analyzed(u"failed"_s, u"passed"_s);
        QVERIFY(analysis.comparison);
        const RunComparison &comparison = *analysis.comparison;
        QVERIFY2(comparison.warnings.isEmpty(), qPrintable(comparison.warnings.join(u'\n')));

        QByteArrayList fresh;
        QByteArrayList gone;
        for (const LineDifference &line : comparison.lines)
            (line.kind == Difference::New ? fresh : gone) << line.text.trimmed();
        QVERIFY(fresh.contains("pay_test.go:31: got 3, want 4"));
        QVERIFY(fresh.contains("make: *** [Makefile:3: test] Error 1"));
        // The same but for what varies is neither new nor gone.
        for (const QByteArray &line : fresh + gone)
            QVERIFY2(!line.contains("workers"), line.constData());
        QVERIFY(gone.contains("--- PASS: TestShip (0.10s)"));

        const auto span = [&](const char *name) {
            return std::ranges::find(comparison.spans, QByteArray(name), &SpanDifference::name);
        };
        QVERIFY(span("TestPay") != comparison.spans.end());
        QCOMPARE(span("TestPay")->kind, Difference::Changed);
        QCOMPARE(span("TestPay")->before, Outcome::Passed);
        QCOMPARE(span("TestPay")->after, Outcome::Failed);
        QVERIFY(span("TestShip") != comparison.spans.end());
        QCOMPARE(span("TestShip")->kind, Difference::Gone);
        QVERIFY(span("TestRefund") != comparison.spans.end());
        QCOMPARE(span("TestRefund")->kind, Difference::New);

        QCOMPARE(comparison.series.size(), 1u);
        QCOMPARE(qRound(toSeconds(comparison.series.front().sinceStart)), 15);
        QCOMPARE(comparison.series.front().value, 160.0);
    }

    void troubleThatPassedIsNoCause()
    {
        const auto hasReset = [](const Analysis &analysis) {
            for (const auto &source : analysis.evidence->sources)
                for (const Event &event : source->events)
                    if (event.line == 4 && (event.role == Role::Cause || event.role == Role::Symptom))
                        return true;
            return false;
        };
        QVERIFY(hasReset(analyzed(u"failed"_s, {})));
        QVERIFY(!hasReset(analyzed(u"failed"_s, u"passed"_s)));
        // A run that failed itself excuses nothing.
        QVERIFY(hasReset(analyzed(u"failed"_s, u"failed"_s)));
        QCOMPARE(analyzed(u"failed"_s, u"failed"_s).comparison->warnings.size(), 1);
    }

    void sameRunHasNoDifference()
    {
        const Analysis analysis = analyzed(u"failed"_s, u"failed"_s);
        QCOMPARE(analysis.comparison->newLines, 0);
        QCOMPARE(analysis.comparison->goneLines, 0);
        QVERIFY(analysis.comparison->spans.empty());
        QVERIFY(analysis.comparison->series.empty());
    }

    void anotherJobIsNoMeasure()
    {
        write(u"third/ci.log"_s,
              githubLog("2026-03-02", {"Pulling the image", "Unpacking", "Deploying", "Deployed", "Bye"}));
        QVERIFY(analyzed(u"failed"_s, u"passed"_s).comparison->warnings.isEmpty());
        QCOMPARE(analyzed(u"failed"_s, u"third"_s).comparison->warnings.size(), 1);
    }

    void reportsTellIt()
    {
        const Analysis analysis = analyzed(u"failed"_s, u"passed"_s);
        const ReportData data = reportData(analysis);
        for (const QString &report : {textReport(data), markdownReport(data), htmlReport(data, {})}) {
            QVERIFY(report.contains(u"Compared with a run that passed"_s));
            QVERIFY(report.contains(u"TestPay"_s));
        }
        const QJsonObject json = jsonReport(analysis)[u"comparison"_s].toObject();
        QCOMPARE(json[u"new_lines"_s].toInteger(), analysis.comparison->newLines);
        QCOMPARE(json[u"series"_s].toArray().size(), 1);
        QVERIFY(!jsonReport(analyzed(u"failed"_s, {})).contains(u"comparison"_s));
    }

    void pdfIsTheSameEachTime()
    {
        const Analysis analysis = analyzed(u"failed"_s, u"passed"_s);
        const ReportPictures pictures = reportPictures(analysis);
        const QByteArray first = pdfReport(reportData(analysis), pictures, TimeNs{NsPerDay});
        QVERIFY(first.startsWith("%PDF-"));
        QVERIFY(first.size() > 10'000);
        QTest::qWait(1100); // another second
        QCOMPARE(pdfReport(reportData(analysis), pictures, TimeNs{NsPerDay}), first);
    }

    void redactedReportsHoldNoSecret()
    {
        const QByteArray secret = "hunter2-" + QByteArray::number(4711);
        QByteArrayList lines = Failed;
        lines.insert(6, "    pay_test.go:30: dial postgres://app:" + secret + "@db:5432/shop: connection refused");
        lines.insert(8, "panic: login with password=" + secret + " refused");
        write(u"secret/ci.log"_s, githubLog("2026-03-03", lines));
        const Analysis analysis = analyzed(u"secret"_s, u"passed"_s);
        QVERIFY(QJsonDocument(jsonReport(analysis)).toJson().contains(secret));
        Redactor redactor(*Redactor::chosenRules(u"secrets"_s, {}));
        const Analysis shared = redactedAnalysis(analysis, redactor);
        QVERIFY(!QJsonDocument(jsonReport(shared)).toJson().contains(secret));
        const ReportData data = reportData(shared);
        QVERIFY(!htmlReport(data, reportPictures(shared)).contains(QString::fromLatin1(secret)));
        QVERIFY(!markdownReport(data).contains(QString::fromLatin1(secret)));
        QVERIFY(!textReport(data).contains(QString::fromLatin1(secret)));
        QCOMPARE(redactor.hits().size(), 2u); // by its name and in the address
    }

    void notesStandInReports()
    {
        Analysis analysis = analyzed(u"failed"_s, {});
        Annotation note;
        note.id = 1;
        note.target = AnnotationTarget::Moment;
        note.from = TimeNs{NsPerDay};
        note.text = u"**Anna** was called\n# <script>alert(1)</script> password=hunter2-4711"_s;
        note.author = u"ops | <b>"_s;
        note.quote = u"| x | `y`"_s;
        analysis.annotations = std::make_shared<const Annotations>(Annotations{note});
        const ReportData data = reportData(analysis);
        QVERIFY(textReport(data).contains(u"was called"_s));
        const QString page = htmlReport(data, {});
        QVERIFY(page.contains(u"<strong>Anna</strong>"_s));
        QVERIFY(!page.contains(u"<script"_s) && !page.contains(u"<b>"_s));
        const QString markdown = markdownReport(data);
        QVERIFY(markdown.contains(u"> **Anna** was called"_s));
        QVERIFY(!markdown.contains(u"<script"_s));
        QCOMPARE(jsonReport(analysis)[u"annotations"_s].toArray().size(), 1);
        QVERIFY(!pdfReport(data, {}).isEmpty());

        Redactor redactor(*Redactor::chosenRules(u"secrets"_s, {}));
        const ReportData shared = reportData(redactedAnalysis(analysis, redactor));
        QVERIFY(!htmlReport(shared, {}).contains(u"hunter2-4711"_s));
        QVERIFY(htmlReport(shared, {}).contains(u"was called"_s));
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

    Analysis analyzed(const QString &run, const QString &passed)
    {
        AnalyzeOptions options;
        if (!passed.isEmpty())
            options.baseline = *loadBaseline({m_folder.filePath(passed)}, *m_knowledge, {});
        return *analyze({m_folder.filePath(run)}, *m_knowledge, options);
    }

    QTemporaryDir m_folder;
    std::shared_ptr<const Knowledge> m_knowledge;
};

FAULTLINE_TEST(TestBaseline)
#include "tst_baseline.moc"
