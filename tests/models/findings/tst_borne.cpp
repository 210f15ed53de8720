// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/borne.h"
#include "tests/support/samplecase.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

Event trouble(qint64 line, const QByteArray &signature, const QByteArray &text)
{
    Event event;
    event.line = line;
    event.lastLine = line;
    event.signature = signature;
    event.text = text;
    event.role = Role::Cause;
    event.severity = Severity::Error;
    return event;
}

Span testSpan(qint64 line, qint64 lastLine, Outcome outcome)
{
    Span span;
    span.kind = SpanKind::Test;
    span.line = line;
    span.lastLine = lastLine;
    span.outcome = outcome;
    return span;
}

/// What the one event of a run's log is taken for.
QByteArray signatureOf(const Event &event, const std::vector<Span> &spans = {}, SourceKind kind = SourceKind::CiLog)
{
    auto source = std::make_shared<SourceEvidence>();
    source->kind = kind;
    source->events = {event};
    source->spans = spans;
    return withBorneMarked(source)->events.front().signature;
}

} // namespace

class BorneTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatAPassedTestPrintsAsBorne()
    {
        const Event event = trouble(5, "net.refused", "dial tcp: connection refused");
        QCOMPARE(signatureOf(event, {testSpan(3, 9, Outcome::Passed)}), BorneSignature);
        QCOMPARE(signatureOf(event, {testSpan(3, 9, Outcome::Failed)}), "net.refused");
        QCOMPARE(signatureOf(event, {testSpan(6, 9, Outcome::Passed)}), "net.refused");
        QCOMPARE(signatureOf(event), "net.refused");
    }

    void leavesLinesThatMayBeOfAFailedTestBeside()
    {
        const Event event = trouble(5, "net.refused", "dial tcp: connection refused");
        QCOMPARE(signatureOf(event, {testSpan(1, 20, Outcome::Passed), testSpan(4, 8, Outcome::Failed)}),
                 "net.refused");
        QCOMPARE(signatureOf(event, {testSpan(1, 20, Outcome::Failed), testSpan(4, 8, Outcome::Passed)}),
                 "net.refused");
    }

    void neverTakesAVerdictAsBorne()
    {
        QCOMPARE(signatureOf(trouble(5, "go.data_race", "WARNING: DATA RACE"), {testSpan(3, 9, Outcome::Passed)}),
                 "go.data_race");
        QCOMPARE(signatureOf(trouble(5, "test.fail.pytest", "x"), {testSpan(3, 9, Outcome::Passed)}),
                 "test.fail.pytest");
    }

    void takesWhatTheLineItselfCallsHarmless_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isBorne");
        QTest::newRow("commit") << "HEAD is now at 3f0a5be fix: No space left on device"_ba << true;
        QTest::newRow("half a character where the head ends")
            << "HEAD is now at 3f0a5be No space left on device "_ba.leftJustified(79, 'x') + "\xF0\x9F\x98\x80" << true;
        QTest::newRow("passed") << "  ✓ No space left on device is told (2 ms)"_ba << true;
        QTest::newRow("title of a failed test") << "✘  3 [webkit] › a.spec.ts:4:1 › no space left (2ms)"_ba << true;
        QTest::newRow("what was hoped for") << "expected: No space left on device"_ba << true;
        QTest::newRow("warning of Python") << "/src/a.py:6: RuntimeWarning: No space left on device"_ba << true;
        QTest::newRow("made up") << "E/Sqlite: No space left on device (simulated)"_ba << true;
        QTest::newRow("logged as less") << "[warning] No space left on device"_ba << true;
        QTest::newRow("logged as an error") << "[error] No space left on device"_ba << false;
        QTest::newRow("plain") << "cp: a: No space left on device"_ba << false;
        QTest::newRow("why a test failed")
            << "FAILED tests/a.py::test_a - OSError: No space left on device"_ba << false;
    }
    void takesWhatTheLineItselfCallsHarmless()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, isBorne);
        QCOMPARE(signatureOf(trouble(5, "disk.full", text)) == BorneSignature, isBorne);
    }

    void aTestRunThatPassedBearsWhatStandsBetweenItsTests()
    {
        Span section = testSpan(3, 20, Outcome::Passed);
        section.kind = SpanKind::Section;
        Span test = testSpan(4, 5, Outcome::Passed);
        test.parent = 0;
        const Event event = trouble(12, "disk.full", "No space left on device");
        QCOMPARE(signatureOf(event, {section, test}), BorneSignature);
        QCOMPARE(signatureOf(event, {section}), "disk.full"); // a fold tells nothing of what it holds
        QCOMPARE(signatureOf(trouble(12, "cov.threshold", "total is less"), {section, test}), "cov.threshold");
        section.outcome = Outcome::Failed;
        QCOMPARE(signatureOf(event, {section, test}), "disk.full");
    }

    void aTestThatPassedAtItsLastTryIsBorne()
    {
        Event failed = trouble(4, "test.fail.xctest", "A.swift:7: error: -[App.A testB] : XCTAssertTrue failed");
        failed.fields = {{"test", "App.A testB"}};
        Span first = testSpan(3, 5, Outcome::Failed);
        Span second = testSpan(6, 7, Outcome::Passed);
        first.name = second.name = "-[App.A testB]";
        QCOMPARE(signatureOf(failed, {first, second}), BorneSignature);
        QCOMPARE(signatureOf(failed, {first}), "test.fail.xctest");
        second.outcome = Outcome::Failed;
        QCOMPARE(signatureOf(failed, {first, second}), "test.fail.xctest");
        // A name without its class is that of many tests.
        second.outcome = Outcome::Passed;
        first.name = second.name = "testB";
        failed.fields = {{"test", "testB"}};
        QCOMPARE(signatureOf(failed, {first, second}), "test.fail.xctest");
    }

    void examplesThatPassedAtARerunAreBorne_data()
    {
        QTest::addColumn<QByteArray>("summary");
        QTest::addColumn<bool>("isBorne");
        QTest::newRow("passed") << "2 examples, 0 failures"_ba << true;
        QTest::newRow("failed again") << "2 examples, 1 failure"_ba << false;
        QTest::newRow("none was run") << "0 examples, 0 failures"_ba << false;
        QTest::newRow("breaks off") << "Randomized with seed 8"_ba << false;
    }
    void examplesThatPassedAtARerunAreBorne()
    {
        QFETCH(const QByteArray, summary);
        QFETCH(const bool, isBorne);
        auto source = std::make_shared<SourceEvidence>(
            *test::textSource(u"/run/ci.log"_s, "0 Failures:\n1 rspec ./a_spec.rb:4 # A b\n2 "
                                                "Run options: include {last_run_status: \"failed\"}\n3 .\n4 "
                                                    + summary + '\n'));
        source->kind = SourceKind::CiLog;
        Event rerun = trouble(3, "test.rerun_of_failed", "Run options");
        rerun.severity = Severity::Info;
        source->events = {trouble(2, "test.fail.rspec", "rspec ./a_spec.rb:4 # A b"), rerun,
                          trouble(5, "disk.full", "No space left on device")};
        const auto marked = withBorneMarked(source);
        QCOMPARE(marked->events[0].signature == BorneSignature, isBorne);
        QCOMPARE(marked->events[2].signature, "disk.full"); // what comes later is another matter
    }

    void believesALogger_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("isBorne");
        QTest::newRow("pytest") << "WARNING  store:store.py:88 write failed: No space left on device"_ba << true;
        QTest::newRow("stamped") << "2026-01-02 10:00:00,120 WARN [main] connection refused"_ba << true;
        QTest::newRow("logfmt") << "time=12 level=warn msg=\"connection refused\""_ba << true;
        QTest::newRow("error") << "2026-01-02 10:00:00,120 ERROR [main] connection refused"_ba << false;
        QTest::newRow("heading") << "WARNING: ThreadSanitizer: data race"_ba << false;
        QTest::newRow("commit") << "HEAD is now at 71cab12 Fix OOMKilled worker"_ba << true;
        QTest::newRow("plain") << "No space left on device"_ba << false;
    }
    void believesALogger()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const bool, isBorne);
        QCOMPARE(signatureOf(trouble(1, "disk.full", text)) == BorneSignature, isBorne);
        // A service's log is read for its warnings.
        QCOMPARE(signatureOf(trouble(1, "disk.full", text), {}, SourceKind::Log), "disk.full");
    }

    void whatIsMadeUpForIsBorne()
    {
        const auto isBorne = [](const QByteArray &text) {
            return signatureOf(trouble(1, "net.refused", text)) == BorneSignature;
        };
        QVERIFY(isBorne(
            "ERROR redis: Error 111 connecting to 127.0.0.1:6379. Connection refused. (falling back to memory)"));
        QVERIFY(isBorne("rate feed: connection refused, using cached table"));
        QVERIFY(!isBorne("redis: connection refused"));
        QVERIFY(signatureOf(trouble(1, "disk.full", "disk full, falling back to /tmp")) != BorneSignature);
    }

    void aLineOfADiffIsNoTrouble_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("isBorne");
        QTest::newRow("taken out") << "@@ -1 +1 @@"_ba << "-limit = 1 # too many open files"_ba << true;
        QTest::newRow("put in") << "@@ -1 +1 @@"_ba << "+limit = 1 # too many open files"_ba << true;
        QTest::newRow("a command") << "@@ -1 +1 @@"_ba << "+ cat: too many open files"_ba << false;
        QTest::newRow("no diff") << "some text"_ba << "-limit = 1 # too many open files"_ba << false;
    }
    void aLineOfADiffIsNoTrouble()
    {
        QFETCH(const QByteArray, before);
        QFETCH(const QByteArray, line);
        QFETCH(const bool, isBorne);
        auto source =
            std::make_shared<SourceEvidence>(*test::textSource(u"/run/ci.log"_s, "0 " + before + "\n1 " + line + '\n'));
        source->kind = SourceKind::CiLog;
        source->events = {trouble(2, "fd.exhausted", line)};
        QCOMPARE(withBorneMarked(source)->events.front().signature == BorneSignature, isBorne);
    }

    void keepsWhatItWouldMean()
    {
        auto source = std::make_shared<SourceEvidence>();
        source->kind = SourceKind::CiLog;
        source->events = {trouble(1, "disk.full", "WARN  no space left on device")};
        const auto marked = withBorneMarked(source);
        QCOMPARE(fieldValue(marked->events.front().fields, "signature"), "disk.full");
        QCOMPARE(marked->events.front().role, Role::Context);
        QCOMPARE(source->events.front().signature, "disk.full");
    }
};

FAULTLINE_TEST(BorneTest)
#include "tst_borne.moc"
