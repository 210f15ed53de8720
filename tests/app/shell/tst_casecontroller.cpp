// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/casecontroller.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

#include <QSemaphore>
#include <QSignalSpy>

using namespace faultline;
using namespace Qt::StringLiterals;
using State = CaseController::State;

namespace {

/// A loader that waits until it is told to go on, or cancelled.
struct Gate {
    QSemaphore entered;
    QSemaphore mayGo;

    CaseLoader loader(Result<Analysis> result)
    {
        return [this, result](const CaseRequest &request) -> Result<Analysis> {
            entered.release();
            request.options.import.progress(1, 4);
            request.options.import.fileProgress(u"/x/a.log"_s, 0, 3);
            request.options.import.fileProgress(u"/x/b.log"_s, 1, 1);
            request.options.import.fileProgress(u"/x/a.log"_s, 2, 3);
            while (!mayGo.tryAcquire(1, 5)) {
                if (request.options.import.cancel.isCancelled())
                    return failure(Code::Cancelled, u"cancelled"_s);
            }
            return result;
        };
    }
};

} // namespace

class CaseControllerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsInTheBackground()
    {
        Gate gate;
        CaseController controller(gate.loader(test::sampleAnalysis()));
        QSignalSpy changed(&controller, &CaseController::analysisChanged);
        QSignalSpy progress(&controller, &CaseController::progressChanged);
        QList<FileProgress> files;
        connect(&controller, &CaseController::filesChanged, this,
                [&files](const QList<FileProgress> &told) { files = told; });
        QCOMPARE(controller.state(), State::Empty);
        controller.open({u"/x"_s});
        QCOMPARE(controller.state(), State::Loading);
        QTRY_VERIFY(!progress.isEmpty() && progress.last()[1].toLongLong() == 4);
        QCOMPARE(files.size(), 2);
        QCOMPARE(files[0].path, u"/x/a.log"_s);
        QCOMPARE(files[0].done, 2);
        gate.mayGo.release();
        QTRY_COMPARE(controller.state(), State::Ready);
        QCOMPARE(changed.count(), 1);
        QVERIFY(controller.analysis().evidence);
    }

    void failsWithTheReason()
    {
        CaseController controller([](const CaseRequest &) -> Result<Analysis> {
            return failure(Code::NotFound, u"gone"_s, u"look elsewhere"_s);
        });
        controller.open({u"/x"_s});
        QTRY_COMPARE(controller.state(), State::Failed);
        QCOMPARE(controller.error().message, u"gone"_s);
        controller.dismissError();
        QCOMPARE(controller.state(), State::Empty);
    }

    void tellsWhenNothingFailed()
    {
        Analysis analysis = test::sampleAnalysis();
        analysis.findings = std::make_shared<Findings>();
        CaseController controller([analysis](const CaseRequest &) -> Result<Analysis> { return analysis; });
        controller.open({u"/x"_s});
        QTRY_COMPARE(controller.state(), State::NothingFailed);
    }

    void answersByHandAreAskedForQuietlyAndUndone()
    {
        std::vector<HandAnswers> seen;
        QMutex mutex;
        CaseController controller([&](const CaseRequest &request) -> Result<Analysis> {
            const QMutexLocker lock(&mutex);
            seen.push_back(request.options.answers);
            return test::sampleAnalysis();
        });
        controller.open({u"/x"_s});
        QTRY_COMPARE(controller.state(), State::Ready);
        QSignalSpy changed(&controller, &CaseController::analysisChanged);
        QSignalSpy states(&controller, &CaseController::stateChanged);
        controller.answer(0, u"killed"_s, u"kernel"_s, u"no"_s);
        QVERIFY(changed.wait());
        const HandAnswers said{{{0, u"killed"_s, u"kernel"_s}, u"no"_s}};
        QCOMPARE(seen.back(), said);
        controller.undoAnswer();
        QVERIFY(changed.wait());
        QVERIFY(seen.back().empty() && !controller.canUndoAnswer());
        controller.redoAnswer();
        QVERIFY(changed.wait());
        QCOMPARE(seen.back(), said);
        QVERIFY(states.isEmpty()); // what is open stays in sight
        controller.open({u"/other"_s});
        QVERIFY(controller.answers().empty());
    }

    void moreFilesKeepAnswersWithTheirFailures()
    {
        // The file that is added brings a failure before the others.
        std::vector<std::pair<QStringList, HandAnswers>> seen;
        QMutex mutex;
        CaseController controller([&](const CaseRequest &request) -> Result<Analysis> {
            const QMutexLocker lock(&mutex);
            seen.emplace_back(request.paths, request.options.answers);
            Analysis analysis = test::sampleAnalysis();
            if (request.paths.size() > 1) {
                auto findings = std::make_shared<Findings>(*analysis.findings);
                Failure first = findings->failures[0];
                first.line = first.lastLine = 7;
                first.what = u"an earlier one"_s;
                findings->failures.insert(findings->failures.begin(), first);
                for (size_t i = 0; i < findings->failures.size(); ++i)
                    findings->failures[i].id = static_cast<int>(i);
                findings->failures[2].follows = 1;
                analysis.findings = findings;
            }
            return analysis;
        });
        controller.open({u"/x"_s});
        QTRY_COMPARE(controller.state(), State::Ready);
        QSignalSpy changed(&controller, &CaseController::analysisChanged);
        controller.answer(0, u"killed"_s, u"kernel"_s, u"no"_s);
        QVERIFY(changed.wait());
        controller.add({u"/describe.txt"_s});
        QTRY_COMPARE(changed.count(), 3);
        QCOMPARE(seen.back().first, (QStringList{u"/x"_s, u"/describe.txt"_s}));
        QCOMPARE(seen.back().second, (HandAnswers{{{1, u"killed"_s, u"kernel"_s}, u"no"_s}}));
        QCOMPARE(controller.answers(), seen.back().second);
    }

    void cancelGoesBackToWhatWasOpen()
    {
        Gate gate;
        CaseController controller(gate.loader(test::sampleAnalysis()));
        controller.open({u"/first"_s});
        gate.mayGo.release();
        QTRY_COMPARE(controller.state(), State::Ready);
        gate.entered.acquire();
        controller.open({u"/second"_s});
        gate.entered.acquire();
        controller.cancel();
        QCOMPARE(controller.state(), State::Ready);
        QCOMPARE(controller.paths(), QStringList{u"/first"_s});
    }

    void lateResultsAreDropped()
    {
        // Ignores cancellation, as a worker that looks too late does.
        QSemaphore mayGo;
        const CaseLoader loader = [&mayGo](const CaseRequest &request) -> Result<Analysis> {
            if (request.paths.first() == u"/slow") {
                mayGo.acquire();
                return failure(Code::NotFound, u"late"_s);
            }
            return test::sampleAnalysis();
        };
        CaseController controller(loader);
        QSignalSpy states(&controller, &CaseController::stateChanged);
        controller.open({u"/slow"_s});
        controller.open({u"/fast"_s});
        QTRY_COMPARE(controller.state(), State::Ready);
        const auto before = states.count();
        mayGo.release();
        QVERIFY(!states.wait(200));
        QCOMPARE(states.count(), before);
        QCOMPARE(controller.state(), State::Ready);
    }

    void goingAwayWhileReadingWaits()
    {
        Gate gate;
        {
            CaseController controller(gate.loader(test::sampleAnalysis()));
            controller.open({u"/x"_s});
            gate.entered.acquire();
        }
        QVERIFY(!gate.mayGo.available());
    }

    void nothingToOpenIsIgnored()
    {
        CaseController controller([](const CaseRequest &) -> Result<Analysis> { return test::sampleAnalysis(); });
        controller.open({});
        QCOMPARE(controller.state(), State::Empty);
    }
};

FAULTLINE_TEST(CaseControllerTest)
#include "tst_casecontroller.moc"
