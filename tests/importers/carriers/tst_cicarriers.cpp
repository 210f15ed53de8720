// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/teamcity/servicemessage.h"
#include "models/findings/failures.h"
#include "models/placement/placement.h"
#include "tests/importers/readsource.h"

using namespace faultline;
using namespace Qt::StringLiterals;

/// How each CI system says which step failed, with what code, and when.
class TestCiCarriers : public QObject
{
    Q_OBJECT

private:
    static const Span *spanOf(const SourceEvidence &evidence, SpanKind kind, QByteArrayView name)
    {
        const auto found = std::ranges::find_if(
            evidence.spans, [&](const Span &span) { return span.kind == kind && span.name == name; });
        return found == evidence.spans.end() ? nullptr : &*found;
    }

    static std::vector<Failure> failuresOf(const SourceEvidence &evidence)
    {
        SourcePlacement placement;
        placement.segments.push_back({{}, {}, 0});
        return failuresOfRun(0, evidence, placement, *test::importTools().signatures);
    }

private Q_SLOTS:
    void saysWhatFailed_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("step");
        QTest::addColumn<int>("exitCode"); // -100: none is stated
        QTest::addColumn<int>("line");
        const auto row = [](const char *id, const char *file, const char *step, int exitCode, int line) {
            QTest::addRow("%s/%s", id, file)
                << QByteArray(id) << QString::fromLatin1(file) << QByteArray(step) << exitCode << line;
        };
        row("travis", "test-failed.log", "go test ./...", 1, 20);
        row("travis", "stopped.log", "before_install.1", 100, 4);
        row("travis", "no-output.log", "make check", -100, 8);
        row("taskcluster", "docker-worker.log", "task", 2, 17);
        row("taskcluster", "generic-worker.log", "task", 1104, 6);
        row("taskcluster", "timed-out.log", "task", -1, 4);
        row("buildkite", "time-marks.log", ":go: Tests", 2, 10);
        row("buildkite", "plain-download.log", ":go: Tests", 2, 8);
        row("buildkite", "cancelled.log", "Running commands", -100, 4);
        row("azure-pipelines", "job.log", "Run tests", 2, 17);
        row("azure-pipelines", "step.log", "Run tests", 243, 4);
        row("azure-pipelines", "timed-out.log", "Smoke tests", -100, 4);
        row("teamcity", "brackets.log", "Unit tests (Command Line)", 3, 19);
        row("teamcity", "spaces.log", "lint (Command Line)", 1, 18);
        row("circleci", "step.log", "go test ./...", 1, 6);
        row("circleci", "no-output.log", "npm run e2e", -100, 7);
        row("circleci", "two-steps.log", "npm test", 127, 7);
        row("circleci-json", "step.json", "npm test", 134, 6);
        row("circleci-json", "build.json", "npm test", 134, 8);
        row("bitbucket-pipelines", "step.log", "npm test", -100, 17);
        row("concourse", "execute.log", "/bin/sh -ec go test ./...", -100, 10);
        row("jenkins", "parallel-prefix.log", "api", 2, 20);
        row("github-actions", "action-failed.log", "Run acme/deploy-action@v2", -100, 8);
        row("github-actions", "step-timeout.log", "Run npm run e2e", -100, 7);
        row("github-actions", "cancelled.log", "Run npm run e2e", -100, 7);
        row("gitlab", "canceled.log", "step_script", -100, 7);
        row("gitlab", "timed-out.log", "step_script", -100, 7);
        row("gitlab", "nested-sections.log", "step_script", 2, 6);
        row("gitlab", "append-marks.log", "step_script", 2, 5);
        row("jenkins", "aborted.log", "Soak", 143, 10);
        row("travis", "cancelled.log", "make soak", -100, 6);
        row("azure-pipelines", "no-stamps.log", "CmdLine", 1, 9);
        row("gh-run-log", "unknown-step.log", "Run make test", 2, 8);
    }
    void saysWhatFailed()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, file);
        QFETCH(QByteArray, step);
        QFETCH(int, exitCode);
        QFETCH(int, line);
        const auto read =
            test::readSource(id, test::fileBytes(test::dataPath(QString::fromUtf8(id) + u'/' + file)), file);
        const auto failures = failuresOf(read->evidence);
        QCOMPARE(failures.size(), size_t{1});
        QCOMPARE(failures[0].step, step);
        QCOMPARE(failures[0].line, line);
        QCOMPARE(failures[0].exitCode.value_or(-100), exitCode);
    }

    void theFailedStepsOwnLinesCount()
    {
        const auto lineOfFailure = [](const QByteArray &last) {
            const QByteArray at = "2026-03-01T10:00:0";
            const QByteArray log = at + "0.1000000Z ##[group]Run make ui\n" + at + "0.2000000Z ##[endgroup]\n" + at
                                   + "1.1000000Z a.c:3:1: error: expected ';' before 'x'\n" + at
                                   + "2.1000000Z ##[group]Run make check\n" + at + "2.2000000Z ##[endgroup]\n" + at
                                   + "3.1000000Z " + last + "\n" + at
                                   + "4.1000000Z ##[error]Process completed with exit code 2.\n";
            const auto failures = failuresOf(test::readSource("github-actions", log, u"ci.log"_s)->evidence);
            return failures.size() == 1 ? failures[0].line : -1;
        };
        QCOMPARE(lineOfFailure("b.c:4:1: error: expected ';' before 'y'"), 6);
        QCOMPARE(lineOfFailure("done"), 7); // another step's error did not end that step, so it did not end this one
    }

    void saysNothingOfRunsThatPassed_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QString>("file");
        QTest::newRow("travis") << QByteArray("travis") << u"odd-marks.log"_s;
        QTest::newRow("taskcluster") << QByteArray("taskcluster") << u"passed.log"_s;
        QTest::newRow("github") << QByteArray("github-actions") << u"problem-matcher.log"_s;
        QTest::newRow("jenkins") << QByteArray("jenkins") << u"hudson.log"_s;
        QTest::newRow("circleci") << QByteArray("circleci-json") << u"pretty.json"_s;
    }
    void saysNothingOfRunsThatPassed()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, file);
        const auto read =
            test::readSource(id, test::fileBytes(test::dataPath(QString::fromUtf8(id) + u'/' + file)), file);
        QVERIFY(failuresOf(read->evidence).empty());
    }

    void isClaimedByFar_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QString>("path");
        for (const char *id :
             {"azure-pipelines", "bitbucket-pipelines", "buildkite", "circleci", "circleci-json", "concourse",
              "gh-run-log", "github-actions", "gitlab", "jenkins", "taskcluster", "teamcity", "travis"}) {
            for (const QFileInfo &file : QDir(test::dataPath(QString::fromLatin1(id))).entryInfoList(QDir::Files)) {
                if (!file.fileName().contains(u".golden.json"_s))
                    QTest::addRow("%s/%s", id, qPrintable(file.fileName())) << QByteArray(id) << file.filePath();
            }
        }
    }
    void isClaimedByFar()
    {
        QFETCH(QByteArray, id);
        QFETCH(QString, path);
        constexpr int Margin = 10;
        const QByteArray bytes = test::fileBytes(path);
        const SourceHead head{path, bytes, bytes.size(), {}};
        int own = 0;
        int other = 0;
        for (const auto &importer : test::importTools().registry->importers()) {
            int &score = importer->info().id == id ? own : other;
            score = std::max(score, importer->sniff(head).score);
        }
        QVERIFY2(own >= other + Margin, qPrintable(u"%1 against %2"_s.arg(own).arg(other)));
    }

    void aServiceMessageWithoutAZoneIsLocal()
    {
        const auto basisOf = [](const QByteArray &zone) {
            const QByteArray text = "##teamcity[testSuiteStarted name='cart' timestamp='2026-11-23T18:55:18.123" + zone
                                    + "']\n"
                                      "##teamcity[testSuiteFinished name='cart' timestamp='2026-11-23T18:55:19.123"
                                    + zone + "']\n";
            return test::readSource("teamcity", text)->evidence.basis;
        };
        QCOMPARE(basisOf({}), TimeBasis::Local);
        QCOMPARE(basisOf("+0100"), TimeBasis::Utc);
    }

    void namesStepAndJobByThePathInTheArchive()
    {
        const QByteArray step = "\xef\xbb\xbf"
                                "2026-03-04T09:00:01.0000000Z ##[group]Run make test\n"
                                "2026-03-04T09:00:01.0000100Z shell: /usr/bin/bash -e {0}\n"
                                "2026-03-04T09:00:01.0000200Z ##[endgroup]\n"
                                "2026-03-04T09:00:09.0000000Z boom\n"
                                "2026-03-04T09:00:09.1000000Z ##[error]Process completed with exit code 2.\n";
        const auto read = test::readSource("github-actions", step, u"logs.zip/test (1.24)/3_Run unit tests.txt"_s);
        const Span *found = spanOf(read->evidence, SpanKind::Step, "Run unit tests");
        QVERIFY(found);
        QCOMPARE(found->outcome, Outcome::Failed);
        QCOMPARE(std::pair(found->line, found->lastLine), std::pair(qint64{1}, qint64{5}));
        QVERIFY(spanOf(read->evidence, SpanKind::Job, "test (1.24)"));
        QVERIFY(spanOf(read->evidence, SpanKind::Section, "Run make test"));
        QCOMPARE(test::factValue(read->evidence, "step/Run unit tests", "exitCode"), "2");
        const auto failures = failuresOf(read->evidence);
        QCOMPARE(failures.size(), size_t{1});
        QCOMPARE(failures[0].step, "Run unit tests");
        QCOMPARE(failures[0].job, "test (1.24)");
        QCOMPARE(failures[0].evidence.front().line, 4); // the last words before the end
        // On top of the archive lies the whole job.
        const QByteArray job = "2026-03-04T09:00:00.0000000Z Current runner version: '2.328.0'\n" + step;
        const auto top = test::readSource("github-actions", job, u"logs.zip/0_test (1.24).txt"_s);
        QVERIFY(spanOf(top->evidence, SpanKind::Job, "test (1.24)"));
        QVERIFY(spanOf(top->evidence, SpanKind::Step, "Run make test"));
    }

    void readsServiceMessages()
    {
        const auto message =
            readServiceMessage("  ##teamcity[testFailed name='a |'b|' |[c|]' message='x|ny|||0x00fc' ]");
        QVERIFY(message);
        QCOMPARE(message->name, "testFailed");
        QCOMPARE(message->value("name"), "a 'b' [c]");
        QCOMPARE(message->value("message"), "x\ny|\xc3\xbc");
        QCOMPARE(readServiceMessage("##teamcity[progressMessage 'now']")->value(""), "now");
        for (const char *broken :
             {"##teamcity[", "##teamcity[a", "##teamcity[a b='c", "##teamcity[a b='c|", "##teamcity[a b='|0x'"})
            QVERIFY(!readServiceMessage(broken));
    }

    void carriesTeamCityPastMidnight()
    {
        const auto read = test::readSource("teamcity", test::fileBytes(test::dataPath(u"teamcity/brackets.log"_s)),
                                           u"brackets.log"_s);
        QCOMPARE(toRfc3339(TimeNs{read->evidence.last->ns}), "2026-11-24T00:01:22Z");
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
    }

    void tellsParallelBranchesApart()
    {
        const auto read = test::readSource("jenkins", test::fileBytes(test::dataPath(u"jenkins/parallel-prefix.log"_s)),
                                           u"parallel-prefix.log"_s);
        const auto runsOf = [&read](QByteArrayView name) {
            return std::ranges::count_if(read->evidence.spans, [name](const Span &span) {
                return span.kind == SpanKind::Step && span.name == name;
            });
        };
        QCOMPARE(runsOf("unit"), 4); // the branch, and three stretches of its lines
        QCOMPARE(spanOf(read->evidence, SpanKind::Step, "unit")->outcome, Outcome::Passed);
        QCOMPARE(spanOf(read->evidence, SpanKind::Step, "api")->outcome, Outcome::Failed);
        const auto lines = decodeLines(read->evidence, 18, 2);
        QCOMPARE(lines[0].text, "ok 41 cases");
        QCOMPARE(lines[1].text, "[INFO] listening"); // a level is no branch
    }

    void unpacksStepOutput()
    {
        const auto read = test::readSource(
            "circleci-json", test::fileBytes(test::dataPath(u"circleci-json/step.json"_s)), u"step.json"_s);
        QCOMPARE(read->evidence.lineCount(), 10);
        const auto lines = decodeLines(read->evidence, 4, 1);
        QCOMPARE(lines[0].text, "Running 3 tests"); // of two messages
        QCOMPARE(toRfc3339(TimeNs{lines[0].time->ns}), "2026-11-23T18:55:19.25Z");
    }
};

FAULTLINE_TEST(TestCiCarriers)
#include "tst_cicarriers.moc"
