// SPDX-License-Identifier: GPL-3.0-or-later
// Answers given by hand and a person's own folder, as the command line takes them.
#include "app/analysis/analyze.h"
#include "app/analysis/userknowledge.h"
#include "app/cli/cli.h"
#include "app/cli/handanswers.h"
#include "app/pages/htmlreport.h"
#include "app/report/jsonreport.h"
#include "app/report/reportdata.h"
#include "tests/support/test.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <unistd.h>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

/// A run whose evidence leaves open who killed it.
QString openRun()
{
    return test::dataPath(u"runs/exit-137-and-nothing-else/ci.log"_s);
}

QJsonObject jsonOf(const QStringList &arguments, std::optional<int> wanted)
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"out.json"_s);
    const auto status = runCommandLine(
        QStringList{u"analyze"_s, openRun(), u"--format"_s, u"json"_s, u"--output"_s, path} + arguments, nullptr);
    if (status != wanted)
        return {};
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return QDir().mkpath(QFileInfo(path).path()) && file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

} // namespace

class TestHandAnswers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_data.isValid());
        m_before = qgetenv("XDG_DATA_HOME");
        QStandardPaths::setTestModeEnabled(false); // which would use one folder for all
        qputenv("XDG_DATA_HOME", m_data.path().toLocal8Bit());
        QVERIFY(userKnowledgeFolder().startsWith(m_data.path()));
    }
    void cleanup() { QDir(userKnowledgeFolder()).removeRecursively(); }
    void cleanupTestCase()
    {
        if (m_before.isEmpty())
            qunsetenv("XDG_DATA_HOME");
        else
            qputenv("XDG_DATA_HOME", m_before);
        QStandardPaths::setTestModeEnabled(true);
    }

    void readsQuestionsAndChoices()
    {
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        const auto answers =
            readHandAnswers({u"killed.kernel=NO"_s, u"2:killed.whose=its own"_s}, (*knowledge)->playbooks);
        QVERIFY2(answers, qPrintable(answers ? QString() : answers.error().toString()));
        QCOMPARE(answers->at({0, u"killed"_s, u"kernel"_s}), u"no"_s);
        QCOMPARE(answers->at({1, u"killed"_s, u"whose"_s}), u"its own"_s);
        QVERIFY(readHandAnswers({u"whose=its own"_s}, (*knowledge)->playbooks)); // asked by one playbook only
    }

    void rejectsWhatNobodyAsks_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("told");
        QTest::newRow("no choice") << u"killed.kernel"_s << u"QUESTION=CHOICE"_s;
        QTest::newRow("empty choice") << u"killed.kernel="_s << u"QUESTION=CHOICE"_s;
        QTest::newRow("no such question") << u"killed.weather=yes"_s << u"killed.kernel"_s;
        QTest::newRow("no such choice") << u"killed.kernel=perhaps"_s << u"yes, no"_s;
        QTest::newRow("failure 0") << u"0:killed.kernel=no"_s << u"from 1"_s;
        QTest::newRow("asked by several") << u"kernel=no"_s << u"process-crashed.kernel"_s;
    }
    void rejectsWhatNobodyAsks()
    {
        QFETCH(const QString, given);
        QFETCH(const QString, told);
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        const auto answers = readHandAnswers({given}, (*knowledge)->playbooks);
        QVERIFY(!answers);
        QCOMPARE(answers.error().code, Code::Usage);
        QVERIFY2(answers.error().toString().contains(told), qPrintable(answers.error().toString()));
        QCOMPARE(runCommandLine({u"analyze"_s, openRun(), u"--answer"_s, given}, nullptr), std::optional(2));
    }

    void missingTellsWhatToAnswer()
    {
        const QJsonArray missing = jsonOf({}, 0)[u"missing"].toArray();
        QVERIFY(!missing.isEmpty());
        QCOMPARE(missing[0][u"question"].toString(), u"killed.kernel"_s);
        QCOMPARE(missing[0][u"choices"].toArray(), (QJsonArray{u"yes"_s, u"no"_s}));
    }

    void answersAreWalkedAndToldAsByHand()
    {
        const QJsonObject report =
            jsonOf({u"--answer"_s, u"killed.kernel=yes"_s, u"--answer"_s, u"killed.whose=its own"_s}, 0);
        const QJsonObject first = report[u"diagnosis"][0].toObject();
        QCOMPARE(first[u"cause"].toString(), u"mem.oom.cgroup"_s);
        QVERIFY(first[u"status"].toString() != u"confirmed"_s); // a word is no proof
        QVERIFY(first[u"by_hand"].toArray().contains(u"killed.kernel"_s));
        QCOMPARE(report[u"answers"].toArray().size(), 2);
    }

    void everyReportMarksAnswersByHand()
    {
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        AnalyzeOptions options;
        options.answers = {{{0, u"killed"_s, u"kernel"_s}, u"yes"_s}, {{0, u"killed"_s, u"whose"_s}, u"its own"_s}};
        const auto analysis = analyze({openRun()}, **knowledge, options);
        QVERIFY(analysis);
        QVERIFY(unusedAnswers(options.answers, *analysis->diagnosis).isEmpty());
        for (const QString &report : {textReport(reportData(*analysis)), markdownReport(reportData(*analysis)),
                                      htmlReport(reportData(*analysis), {})}) {
            QVERIFY2(report.contains(u"by hand"_s), qPrintable(report.left(2000)));
            QVERIFY(report.contains(u"Did the kernel kill it for lack of memory?"_s));
        }
        // A terminal shows text as it is: no escapes of Markdown.
        static const QRegularExpression escape(u"\\\\[_*\\[\\]()]|&[lg]t;"_s);
        QVERIFY(!textReport(reportData(*analysis)).contains(escape));
    }

    void tellsAnswersThatWereOfNoUse()
    {
        const auto knowledge = loadKnowledge({}, {});
        QVERIFY(knowledge);
        AnalyzeOptions options;
        options.answers = {{{0, u"killed"_s, u"whose"_s}, u"its own"_s}, {{8, u"killed"_s, u"kernel"_s}, u"no"_s}};
        const auto analysis = analyze({test::dataPath(u"runs/node-heap-limit-jenkins"_s)}, **knowledge, options);
        QVERIFY(analysis);
        QCOMPARE(unusedAnswers(options.answers, *analysis->diagnosis),
                 (QStringList{u"1:killed.whose=its own"_s, u"9:killed.kernel=no"_s}));
    }

    void readsAPersonsOwnFolder()
    {
        QVERIFY(write(
            userKnowledgeFolder() + u"/signatures/own.yaml"_s,
            "- id: own.marker\n  pattern: 'exit code 137'\n  sources: [ci-log, log]\n  severity: error\n  role: cause\n"
            "  title: 'Own'\n  doc: own\n  weight: 99\n  failure: 'told by own'\n  examples: ['exit code 137']\n"
            "  counterexamples: ['exit code 1']\n"));
        const QJsonObject report = jsonOf({}, 0);
        QCOMPARE(report[u"failures"][0][u"what"].toString(), u"told by own"_s);
    }

    void tellsWhatIsWrongInAPersonsOwnFolder()
    {
        QVERIFY(write(userKnowledgeFolder() + u"/signatures/own.yaml"_s, "- id: [\n"));
        QVERIFY(write(userKnowledgeFolder() + u"/playbooks/own.md"_s, "# Own\n\nNothing here.\n"));
        const QTemporaryDir folder;
        QJsonObject report;
        QFile told(folder.filePath(u"stderr"_s));
        QVERIFY(told.open(QIODevice::ReadWrite));
        const int before = dup(STDERR_FILENO);
        QVERIFY(dup2(told.handle(), STDERR_FILENO) >= 0);
        report = jsonOf({}, 0);
        dup2(before, STDERR_FILENO);
        close(before);
        QVERIFY(!report[u"failures"].toArray().isEmpty()); // analysed all the same
        told.seek(0);
        const QByteArray words = told.readAll();
        QVERIFY2(words.contains("own.yaml") && words.contains("own.md"), words.constData());
    }

private:
    QTemporaryDir m_data;
    QByteArray m_before;
};

FAULTLINE_TEST(TestHandAnswers)
#include "tst_handanswers.moc"
