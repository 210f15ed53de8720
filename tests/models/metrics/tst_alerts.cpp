// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/alerts.h"
#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

using namespace faultline;
using namespace faultline::test;
using namespace Qt::StringLiterals;

namespace {

struct Rule {
    QByteArray name;
    QByteArray query;
    QByteArray wait;
};

std::shared_ptr<const SourceEvidence> rulesOf(const std::vector<Rule> &rules)
{
    auto source = std::make_shared<SourceEvidence>();
    source->path = u"alerts.yml"_s;
    source->format = "prometheus-rules";
    qint64 line = 0;
    const auto fact = [&](const QByteArray &name, const QByteArray &key, const QByteArray &value) {
        source->facts.push_back({++line, {}, "alert/" + name, key, value, {}});
    };
    for (const Rule &rule : rules) {
        fact(rule.name, "expr", rule.query);
        if (!rule.wait.isEmpty())
            fact(rule.name, "for", rule.wait);
        fact(rule.name, "severity", "page");
    }
    return source;
}

/// A sample a second from noon on: quiet, above 90 from 10 s to 40 s, quiet again until 59 s.
std::shared_ptr<const SourceEvidence> load(double off = 0)
{
    HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon + seconds(off));
    std::vector<double> values;
    for (int i = 0; i < 60; ++i)
        values.push_back(i >= 10 && i < 40 ? 95 : 10);
    metrics.series("load", {{"container", "app"}, {"pod", "api-1"}}, 0, values);
    return metrics.done();
}

Alerted alerted(const std::vector<Rule> &rules, std::vector<std::shared_ptr<const SourceEvidence>> more = {load()})
{
    more.push_back(rulesOf(rules));
    auto evidence = std::make_shared<const Evidence>(evidenceOf(std::move(more)));
    Placement placement = computePlacement(*evidence, {});
    return withAlerts(std::move(evidence), std::move(placement));
}

const SourceEvidence &rulesIn(const Alerted &alerted)
{
    return *alerted.evidence->sources.back();
}

double firedAt(const Alerted &alerted, size_t event)
{
    const auto placed = alerted.placement.place(static_cast<int>(alerted.evidence->sources.size()) - 1,
                                                rulesIn(alerted).events.at(event).time);
    return placed ? toSeconds(placed->time.ns - Noon) : -1;
}

QByteArray outcome(const Alerted &alerted, const QByteArray &name)
{
    for (const Fact &fact : rulesIn(alerted).facts)
        if (fact.subject == "alert/" + name && fact.key == "outcome")
            return fact.value;
    return {};
}

} // namespace

class TestAlerts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firesWhenItHeldLongEnough_data()
    {
        QTest::addColumn<QByteArray>("wait");
        QTest::addColumn<double>("at"); // -1: never
        QTest::newRow("at once") << QByteArray() << 10.0;
        QTest::newRow("zero") << QByteArray("0s") << 10.0;
        QTest::newRow("ten seconds") << QByteArray("10s") << 20.0;
        QTest::newRow("between two samples") << QByteArray("10s500ms") << 20.5;
        QTest::newRow("to the last") << QByteArray("29s900ms") << 39.9;
        QTest::newRow("as long as it held") << QByteArray("30s") << -1.0;
        QTest::newRow("longer than it held") << QByteArray("31s") << -1.0;
    }
    void firesWhenItHeldLongEnough()
    {
        QFETCH(QByteArray, wait);
        QFETCH(double, at);
        const Alerted result = alerted({{"High", "load > 90", wait}});
        const SourceEvidence &rules = rulesIn(result);
        if (at < 0) {
            QVERIFY(rules.events.empty());
            QVERIFY(outcome(result, "High").contains(QByteArray("pending for 29 s of " + wait)));
            return;
        }
        QCOMPARE(rules.events.size(), size_t(1));
        const Event &event = rules.events.front();
        QCOMPARE(firedAt(result, 0), at);
        QCOMPARE(event.signature, AlertSignature);
        QCOMPARE(event.line, 1);
        QCOMPARE(event.severity, Severity::Error);
        QCOMPARE(event.identity.pod, QByteArray("api-1"));
        QCOMPARE(fieldValue(event.fields, "alert"), QByteArray("High"));
        QCOMPARE(fieldValue(event.fields, "since"), toRfc3339(TimeNs{Noon + seconds(10)}));
        QCOMPARE(fieldValue(event.fields, "until"), toRfc3339(TimeNs{Noon + seconds(40)}));
        QCOMPARE(fieldValue(event.fields, "value"), QByteArray("95"));
        QVERIFY(event.text.contains("held for 30 s"));
        QCOMPARE(rules.spans.size(), size_t(1));
        QCOMPARE(rules.spans.front().end->ns, Noon + seconds(40));
        QCOMPARE(outcome(result, "High"), QByteArray("fired: 1"));
    }
    void whatNeverHeldDidNotFire()
    {
        const Alerted result = alerted({{"High", "load > 99", {}}});
        QVERIFY(rulesIn(result).events.empty());
        QVERIFY(!result.placement.sources.back().isPlaced());
        QCOMPARE(outcome(result, "High"), QByteArray("did not fire"));
    }
    void whatStillHoldsHasNoEnd()
    {
        const Alerted result = alerted({{"Low", "load < 20", "15s"}});
        QCOMPARE(rulesIn(result).events.size(), size_t(1)); // the first ten seconds were too short
        QCOMPARE(firedAt(result, 0), 55.0);
        QVERIFY(fieldValue(rulesIn(result).events[0].fields, "until").isEmpty());
        QVERIFY(outcome(result, "Low") == "fired: 1");
    }
    void whatCannotBeEvaluatedIsTold()
    {
        const Alerted result = alerted(
            {{"Known", "load > 90", {}}, {"Other", "no_such_series > 1", {}}, {"Strange", "topk(3, load) > 1", {}}});
        QCOMPARE(rulesIn(result).events.size(), size_t(1));
        QCOMPARE(outcome(result, "Other"), QByteArray("not evaluated: no series no_such_series"));
        QCOMPARE(outcome(result, "Strange"), QByteArray("not evaluated"));
        QCOMPARE(rulesIn(result).notes.size(), size_t(1));
        QCOMPARE(rulesIn(result).notes[0].position.line, 3);
        QVERIFY(rulesIn(result).notes[0].text.contains(u"no_such_series"_s));
    }
    /// Series of two sources, whose clocks are both put right first.
    void followsTheClockOfItsSeries()
    {
        auto evidence =
            std::make_shared<const Evidence>(evidenceOf({load(3600), rulesOf({{"High", "load > 90", "5s"}})}));
        ClockOverride back;
        back.offsetNs = -seconds(3600);
        Alerted result = withAlerts(evidence, computePlacement(*evidence, {}));
        QCOMPARE(firedAt(result, 0), 3615.0);
        // Set right by hand: found anew, and only once.
        result = withAlerts(result.evidence, computePlacement(*result.evidence, {{0, back}}));
        QCOMPARE(rulesIn(result).events.size(), size_t(1));
        QCOMPARE(rulesIn(result).spans.size(), size_t(1));
        QCOMPARE(firedAt(result, 0), 15.0);
        QCOMPARE(rulesIn(result).facts.size(), size_t(4)); // expr, for, severity, outcome
    }
    void casesWithoutRulesStayAsTheyAre()
    {
        const auto evidence = std::make_shared<const Evidence>(evidenceOf({load()}));
        QCOMPARE(withAlerts(evidence, computePlacement(*evidence, {})).evidence, evidence);
    }
};

FAULTLINE_TEST(TestAlerts)
#include "tst_alerts.moc"
