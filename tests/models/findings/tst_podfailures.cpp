// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/failures.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 Noon = 1'795'435'200;

Event told(QByteArray signature, qint64 line, qint64 fromSecond, qint64 toSecond, Fields fields = {})
{
    Event result;
    result.signature = std::move(signature);
    result.line = result.lastLine = line;
    result.time =
        SourceInterval{SourceTime{(Noon + fromSecond) * NsPerSecond}, SourceTime{(Noon + toSecond) * NsPerSecond}};
    result.identity.pod = "etl-1";
    result.fields = std::move(fields);
    return result;
}

SourcePlacement asStated()
{
    SourcePlacement placement;
    placement.segments.push_back({});
    return placement;
}

} // namespace

class TestPodFailures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anEvictionToldTwiceIsOneFailure()
    {
        SourceEvidence evidence;
        evidence.events = {told("kube.pod_evicted", 10, 30, 31), told("kube.event.evicted", 64, 0, 59)};
        const auto failures = failuresOfPods(0, evidence, asStated());
        QCOMPARE(failures.size(), 1U);
        QCOMPARE(failures[0].line, 10);
        QCOMPARE(failures[0].evidence.size(), 2U);
        QCOMPARE(failures[0].signal, "SIGKILL");
    }
    void evictionsApartAreTwo()
    {
        SourceEvidence evidence;
        evidence.events = {told("kube.pod_evicted", 10, 30, 31), told("kube.event.evicted", 64, 300, 360)};
        const auto failures = failuresOfPods(0, evidence, asStated());
        QCOMPARE(failures.size(), 2U);
        QCOMPARE(failures[0].follows, -1);
        QCOMPARE(failures[1].follows, 0);
    }
    void aContainerThatEndedWellIsNoFailure()
    {
        SourceEvidence evidence;
        evidence.events = {told("kube.container_terminated", 5, 1, 2,
                                {{"container", "init"}, {"exit_code", "0"}, {"reason", "Completed"}}),
                           told("kube.container_waiting", 9, 3, 4, {{"reason", "PodInitializing"}})};
        QVERIFY(failuresOfPods(0, evidence, asStated()).empty());
    }
    void anOomKillIsAFailureWhateverTheCode()
    {
        SourceEvidence evidence;
        evidence.events = {told("kube.container_terminated", 5, 1, 2,
                                {{"container", "app"}, {"exit_code", "0"}, {"reason", "OOMKilled"}})};
        const auto failures = failuresOfPods(0, evidence, asStated());
        QCOMPARE(failures.size(), 1U);
        QCOMPARE(failures[0].signal, "SIGKILL");
        QVERIFY(failures[0].what.contains(u"'app'"_s));
    }
};

FAULTLINE_TEST(TestPodFailures)
#include "tst_podfailures.moc"
