// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/metrics/promevaluation.h"
#include "tests/models/placement/handmadesources.h"
#include "tests/support/test.h"

#include <cmath>

using namespace faultline;
using namespace faultline::test;

namespace {

/// Samples every ten seconds from noon on, of two pods, a counter and what limits them.
Evidence someEvidence()
{
    HandmadeSource metrics(SourceKind::Metrics, TimeBasis::Utc, Noon);
    const auto add = [&](const QByteArray &name, std::vector<Label> labels, const std::vector<double> &values) {
        Series series{name, std::move(labels), SeriesKind::Gauge, {}, 10 * NsPerSecond, {}, values, 1};
        for (size_t i = 0; i < values.size(); ++i)
            series.times.push_back(metrics.time(10.0 * static_cast<double>(i)));
        metrics.evidence->series.push_back(std::move(series));
    };
    const double no = std::nan("");
    add("memory", {{"container", "a"}, {"pod", "one"}}, {10, 20, 30, 95, 96, 97});
    add("memory", {{"container", "a"}, {"pod", "two"}}, {1, 2, 3, 4, 5, no});
    add("memory", {{"pod", "three"}}, {7, 7, 7, 7, 7, 7});
    add("limit", {{"container", "a"}, {"pod", "one"}}, {100, 100, 100, 100, 100, 100});
    add("limit", {{"container", "a"}, {"pod", "two"}}, {50, 50, 50, 50, 50, 50});
    for (const auto &[bound, count] : {std::pair("1", 10.0), {"2", 30.0}, {"+Inf", 40.0}})
        add("seconds_bucket", {{"le", bound}, {"pod", "one"}}, {0, 0, 0, 0, 0, count});
    add("requests_total", {{"pod", "one"}}, {0, 10, 20, 5, 15, 25});
    metrics.range(0, 50);
    return evidenceOf({metrics.done()});
}

/// "a=b c=d: value" of each, in order.
QByteArrayList answer(const QByteArray &text, double at)
{
    const Evidence evidence = someEvidence();
    const Placement placement = computePlacement(evidence, {});
    const auto query = parsePromQuery(text);
    if (!query)
        return {"refused: " + query.error().message.toUtf8()};
    PromSeries series(evidence, placement);
    PromEvaluation evaluation(*query, series);
    QByteArrayList lines;
    for (const auto &element : evaluation.at(TimeNs{Noon + seconds(at)})) {
        QByteArray line;
        for (const auto &[label, value] : evaluation.labels(element.key))
            line += label + '=' + value + ' ';
        lines += line + QByteArray::number(element.value, 'g', 6);
    }
    std::ranges::sort(lines);
    return lines;
}

} // namespace

class TestPromql : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answers_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<double>("at");
        QTest::addColumn<QByteArrayList>("expected");
        const auto row = [](const char *query, double at, const QByteArrayList &expected) {
            QTest::addRow("%s at %g", query, at) << QByteArray(query) << at << expected;
        };
        row("1 + 2 * 3 ^ 2", 0, {"19"});
        row("-2 ^ 2", 0, {"-4"});
        row("(1 + 2) * 0x10 % 7", 0, {"6"});
        row("memory{pod='one'}", 0, {"container=a pod=one 10"});
        row("memory{pod=\"one\"}", 29.9, {"container=a pod=one 30"});
        row("memory{pod!=\"one\", container=\"a\"}", 0, {"container=a pod=two 1"});
        row("memory{container=\"\"}", 0, {"pod=three 7"});
        row("{__name__=~\"mem.*\", pod=~\"t.*\"}", 0, {"container=a pod=two 1", "pod=three 7"});
        row("memory{pod!~\"t.*\"}", 0, {"container=a pod=one 10"});
        row("memory{pod=~\"n\"}", 0, {});   // the whole value
        row("memory{pod=\"two\"}", 50, {}); // it ended
        row("memory{pod=\"two\"}", 49, {"container=a pod=two 5"});
        row("memory{pod=\"three\"}", 50 + 299, {"pod=three 7"});
        row("memory{pod=\"three\"}", 50 + 301, {}); // too old
        row("memory{pod=\"three\"} offset 5m", 50 + 301, {"pod=three 7"});
        row("memory > 5", 0, {"container=a pod=one 10", "pod=three 7"});
        row("5 < memory", 0, {"container=a pod=one 10", "pod=three 7"});
        row("memory > bool 8", 0, {"container=a pod=one 1", "container=a pod=two 0", "pod=three 0"});
        row("memory / limit", 30, {"container=a pod=one 0.95", "container=a pod=two 0.08"});
        row("memory / limit > 0.9", 30, {"container=a pod=one 0.95"});
        row("memory > limit * 0.9 # near it", 30, {"container=a pod=one 95"});
        row("memory > 5 and limit > 60", 0, {"container=a pod=one 10"});
        row("memory unless limit", 0, {"pod=three 7"});
        row("limit or memory", 0, {"container=a pod=one 100", "container=a pod=two 50", "pod=three 7"});
        row("sum(memory)", 0, {"18"});
        row("sum by (container) (memory)", 0, {"7", "container=a 11"});
        row("max without (pod) (memory)", 0, {"7", "container=a 10"});
        row("avg(memory) by (container) > 6", 0, {"7"});
        row("count(memory)", 50, {"2"});
        row("abs(memory - 5) < 3", 0, {"pod=three 2"});
        row("max_over_time(memory{pod=\"one\"}[30s])", 30, {"container=a pod=one 95"});
        row("min_over_time(memory{pod=\"one\"}[30s])", 30,
            {"container=a pod=one 20"}); // not the one at its very beginning
        row("avg_over_time(memory{pod=\"one\"}[20s])", 20, {"container=a pod=one 25"});
        row("count_over_time(memory{pod=\"two\"}[1m])", 50, {"container=a pod=two 5"});
        // Ten each ten seconds; at 30 s it had begun anew.
        row("increase(requests_total[20s])", 20, {"pod=one 20"});
        row("rate(requests_total[20s])", 20, {"pod=one 1"});
        row("irate(requests_total[1m])", 30, {"pod=one 0.5"});
        row("increase(requests_total[30s])", 50, {"pod=one 25"}); // 20 within 20 s, and 5 from zero before
        row("resets(requests_total[1m])", 50, {"pod=one 1"});
        row("histogram_quantile(0.5, seconds_bucket)", 50, {"pod=one 1.5"});
        row("histogram_quantile(0.5, sum by (le) (rate(seconds_bucket[1m])))", 50, {"1.5"});
        row("histogram_quantile(0.99, seconds_bucket{le!=\"+Inf\"})", 50, {}); // the total is not told
        row("histogram_quantile(0.5, seconds_bucket)", 40, {});                // nothing was observed
        row("rate(requests_total[5s])", 50, {});                               // one sample tells no rate
    }
    void answers()
    {
        QFETCH(QByteArray, query);
        QFETCH(double, at);
        QFETCH(QByteArrayList, expected);
        QCOMPARE(answer(query, at), expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("reason");
        QTest::addRow("join") << QByteArray("a * on (pod) group_left b") << QStringLiteral("all their labels");
        QTest::addRow("function") << QByteArray("predict_linear(a[1h], 3600) < 0") << QStringLiteral("predict_linear");
        QTest::addRow("absent") << QByteArray("absent(up)") << QStringLiteral("does not mean");
        QTest::addRow("subquery") << QByteArray("max_over_time(rate(a[1m])[5m:])") << QStringLiteral("bracket");
        QTest::addRow("range alone") << QByteArray("a[5m] > 1") << QStringLiteral("range");
        QTest::addRow("no range") << QByteArray("rate(a)") << QStringLiteral("range");
        QTest::addRow("breaks off") << QByteArray("up == 0 and (") << QStringLiteral("breaks off");
        QTest::addRow("rest") << QByteArray("up == 0 )") << QStringLiteral("unexpected");
        QTest::addRow("everything") << QByteArray("{} > 1") << QStringLiteral("selector");
        QTest::addRow("expression") << QByteArray("a{b=~\"(\"}") << QStringLiteral("regular expression");
        QTest::addRow("duration") << QByteArray("rate(a[5 minutes])") << QStringLiteral("duration");
        QTest::addRow("number of a set") << QByteArray("a and 1") << QStringLiteral("number");
        QTest::addRow("depth") << QByteArray(3000, '(') << QStringLiteral("nested");
        QTest::addRow("nothing") << QByteArray() << QStringLiteral("breaks off");
    }
    void refuses()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, reason);
        const auto read = parsePromQuery(query);
        QVERIFY(!read);
        QVERIFY2(read.error().message.contains(reason), qPrintable(read.error().message));
        QVERIFY(read.error().position.line >= 1 && read.error().position.column >= 1);
    }
    void everyPieceOfAQueryIsReadOrRefused()
    {
        const QByteArray query =
            "sum by (a, b) (rate(x_total{a=~\"b.*\",c!=\"d\\n\"}[5m] offset 1h30m)) / on_y > bool 0.5e-3 or z";
        QVERIFY(parsePromQuery(query));
        for (qsizetype from = 0; from < query.size(); ++from)
            for (qsizetype to = from; to <= query.size(); to += 3)
                if (const auto read = parsePromQuery(query.sliced(from, to - from)); !read)
                    QVERIFY(!read.error().message.isEmpty());
    }
    void readsDurations()
    {
        QCOMPARE(promDuration("1h30m"), 90 * NsPerMinute);
        QCOMPARE(promDuration("500ms"), NsPerSecond / 2);
        QCOMPARE(promDuration("2d"), 2 * NsPerDay);
        QCOMPARE(promDuration("0"), 0);
        for (const char *wrong : {"", "5", "m", "1h ", "99999999999s", "999999999y"})
            QVERIFY(!promDuration(wrong));
    }
};

FAULTLINE_TEST(TestPromql)
#include "tst_promql.moc"
