// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"
#include "tests/support/test.h"

#include <QFile>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

QByteArray sample(const QString &name)
{
    QFile file(test::dataPath(u"github-run/"_s + name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// "job lint passed, step …", in order.
QByteArrayList told(const SourceEvidence &evidence)
{
    QByteArrayList lines;
    for (const Span &span : evidence.spans) {
        static constexpr std::array Outcomes{"unknown", "passed", "failed", "skipped", "cancelled"};
        lines << (span.kind == SpanKind::Job ? "job " : "- ") + span.name + ": "
                     + Outcomes[static_cast<size_t>(span.outcome)];
    }
    return lines;
}

} // namespace

class TestGithubRun : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsThePageOfARun()
    {
        const QByteArray bytes = sample(u"view.txt"_s);
        QCOMPARE(test::sniffed(bytes), "github-run");
        const auto read = test::readSource("github-run", bytes);
        const QByteArrayList expected{"job lint: passed",       "job test (beta, ubuntu-24.04): failed",
                                      "- Set up job: passed",   "- Run actions/checkout@v5: passed",
                                      "- Try nightly: passed",  "- Test: failed",
                                      "- Publish: skipped",     "- Post Run actions/checkout@v5: passed",
                                      "- Complete job: passed", "job deploy: skipped"};
        QCOMPARE(told(read->evidence), expected);
        QCOMPARE(read->evidence.basis, TimeBasis::None);
        QCOMPARE(read->evidence.spans[1].line, 7);
        QCOMPARE(read->evidence.spans[1].lastLine, 14);
        QCOMPARE(read->evidence.spans[5].parent, 1);
    }

    void readsWhatTheInterfaceAnswers()
    {
        const QByteArray bytes = sample(u"gh-jobs.json"_s);
        QCOMPARE(test::sniffed(bytes), "github-run");
        const auto read = test::readSource("github-run", bytes);
        const QByteArrayList expected{"job test: failed", "- Set up job: passed", "- Try nightly: passed",
                                      "- Test: failed", "- Publish: skipped"};
        QCOMPARE(told(read->evidence), expected);
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
        QCOMPARE(toRfc3339(TimeNs{read->evidence.first->ns}), "2026-11-23T10:20:10Z");
        QVERIFY(!read->evidence.spans[4].start); // it did not run

        const QByteArray rest = sample(u"rest-jobs.json"_s);
        QCOMPARE(test::sniffed(rest), "github-run");
        const auto other = test::readSource("github-run", rest);
        const QByteArrayList of{"job test (beta): passed", "- Set up job: passed", "- Miri: passed",
                                "job test (stable): cancelled"};
        QCOMPARE(told(other->evidence), of);
        QCOMPARE(other->evidence.spans[2].line, 22);
    }

    void otherJsonIsNone_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a workflow") << "{\"name\": \"CI\", \"jobs\": {\"test\": {\"steps\": []}}}"_ba;
        QTest::newRow("words") << "The job failed (ID 7) · see above\n"_ba;
        QTest::newRow("empty") << QByteArray();
    }
    void otherJsonIsNone()
    {
        QFETCH(const QByteArray, text);
        QVERIFY(test::sniffed(text) != "github-run");
        const auto read = test::readSource("github-run", text);
        QVERIFY(read->evidence.spans.empty());
        QVERIFY(!read->evidence.notes.empty());
    }
};

FAULTLINE_TEST(TestGithubRun)
#include "tst_githubrun.moc"
