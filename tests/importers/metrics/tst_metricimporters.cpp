// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include "importers/metrics/numbers.h"
#include "importers/metrics/seriesbuilder.h"
#include "importers/metrics/snapshots.h"

#include <QTemporaryDir>

#include <cmath>

using namespace faultline;
using namespace Qt::StringLiterals;

class TestMetricImporters : public QObject
{
    Q_OBJECT

    static QByteArray sample(const char *name) { return test::fileBytes(test::dataPath(QLatin1StringView(name))); }

private Q_SLOTS:
    void claimsItsSamples_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("importer");
        QTest::newRow("json") << QStringLiteral("prometheus-json/matrix.json") << QByteArray("prometheus-json");
        QTest::newRow("csv") << QStringLiteral("metrics-csv/app.csv") << QByteArray("metrics-csv");
        QTest::newRow("dump") << QStringLiteral("promtool-dump/tsdb-dump.txt") << QByteArray("promtool-dump");
        QTest::newRow("openmetrics") << QStringLiteral("openmetrics/app.om.txt") << QByteArray("openmetrics");
        QTest::newRow("text") << QStringLiteral("prometheus-text/snapshot.prom") << QByteArray("prometheus-text");
    }
    void claimsItsSamples()
    {
        QFETCH(QString, path);
        QFETCH(QByteArray, importer);
        const QByteArray bytes = test::fileBytes(test::dataPath(path));
        QCOMPARE(test::sniffed(bytes, path), importer);
        const auto read = test::readSource(importer, bytes, path, TimeNs{1'000});
        QCOMPARE(read->outcome, ImportOutcome::Read);
        QCOMPARE(read->evidence.kind, SourceKind::Metrics);
        QVERIFY(!read->evidence.series.empty());
        for (const Note &note : read->evidence.notes)
            QVERIFY2(note.severity == Severity::Info, qPrintable(note.text));
        for (const Series &series : read->evidence.series) {
            QVERIFY(!series.name.isEmpty());
            QCOMPARE(series.times.size(), series.values.size());
            QVERIFY(std::ranges::is_sorted(series.times));
        }
        test::damage(importer, bytes, 30);
    }

    void readsMatrix()
    {
        const auto read = test::readSource("prometheus-json", sample("prometheus-json/matrix.json"));
        const Series &series = read->evidence.series.at(0);
        QCOMPARE(series.name, "container_memory_working_set_bytes");
        QCOMPARE(series.unit, "bytes");
        QCOMPARE(series.kind, SeriesKind::Gauge);
        QCOMPARE(series.stepNs, NsPerSecond);
        QCOMPARE(series.times.size(), size_t(22));
        QCOMPARE(series.times[0].ns, 1'795'459'633'562'000'000);
        QCOMPARE(series.values[3], 94892032.0);
        QCOMPARE(series.label("pod"), "ledger-test-65b67");
        const Coverage &coverage = read->evidence.coverage.at(0);
        QCOMPARE(coverage.from, series.times.front());
        QCOMPARE(coverage.captured->ns, series.times.back().ns + NsPerSecond);
        QCOMPARE(coverage.how, CoverageHow::Stated);
    }

    void readsOtherAnswers()
    {
        const QByteArray vector =
            R"({"data":{"result":[{"value":[1435781451.781,"+Inf"],"metric":{}},{"metric":{"__name__":"up_total"},
            "value":[1435781451.781,"NaN"],"histogram":[1,{}]}],"resultType":"vector"},"status":"success","warnings":["w"]})";
        const auto read = test::readSource("prometheus-json", vector, QStringLiteral("dir/my_query.json"));
        QCOMPARE(read->evidence.series.size(), size_t(2));
        QCOMPARE(read->evidence.series[0].name, "my_query");
        QVERIFY(std::isinf(read->evidence.series[0].values[0]));
        QVERIFY(std::isnan(read->evidence.series[1].values[0]));
        QCOMPARE(read->evidence.series[1].kind, SeriesKind::Counter);
        QCOMPARE(read->evidence.notes.size(), size_t(1));
        QCOMPARE(test::factValue(read->evidence, "query", "histogramPoints"), "1");

        const auto scalar =
            test::readSource("prometheus-json",
                             R"({"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"3.5"]}})");
        QCOMPARE(scalar->evidence.series.at(0).values.at(0), 3.5);
        const auto failed = test::readSource("prometheus-json",
                                             R"({"status":"error","errorType":"timeout","error":"query timed out"})");
        QCOMPARE(failed->outcome, ImportOutcome::Read);
        QVERIFY(failed->evidence.notes.at(0).text.contains(QStringLiteral("query timed out")));
    }

    void readsNativeHistograms()
    {
        const auto read =
            test::readSource("prometheus-json",
                             R"({"data":{"resultType":"matrix","result":[{"histograms":[[10.5,{"count":"6",
            "sum":"7.25","buckets":[[1,"-1","0","1"],[0,"0.5","1","2"],[0,"1","+Inf","3"]]}],[20.5,{"count":"9","sum":"8"}]],
            "metric":{"__name__":"rpc_seconds","job":"a"}}]},"status":"success"})");
        std::map<QByteArray, std::vector<double>> values;
        for (const Series &series : read->evidence.series)
            values[series.id()] = series.values;
        QCOMPARE(values.size(), size_t(7));
        QCOMPARE(values["rpc_seconds_bucket{job=\"a\",le=\"-1\"}"], std::vector<double>{0});
        QCOMPARE(values["rpc_seconds_bucket{job=\"a\",le=\"0.5\"}"],
                 std::vector<double>{1}); // up to where nothing was observed
        QCOMPARE(values["rpc_seconds_count{job=\"a\"}"], (std::vector<double>{6, 9}));
        QCOMPARE(values["rpc_seconds_sum{job=\"a\"}"], (std::vector<double>{7.25, 8}));
        QCOMPARE(values["rpc_seconds_bucket{job=\"a\",le=\"1\"}"], std::vector<double>{3});
        QCOMPARE(values["rpc_seconds_bucket{job=\"a\",le=\"+Inf\"}"], std::vector<double>{6});
        QVERIFY(read->evidence.notes.empty());
    }

    void readsDumpedHistograms()
    {
        const auto read = test::readSource("promtool-dump", sample("promtool-dump/histograms.txt"));
        QVERIFY(read->evidence.notes.empty());
        QCOMPARE(read->evidence.series.size(), size_t(3));
        QCOMPARE(read->evidence.series[0].values, (std::vector<double>{1, 0}));
        QCOMPARE(read->evidence.series[1].id(), "rpc_duration_seconds_count{job=\"ledger\"}");
        QCOMPARE(read->evidence.series[1].values, (std::vector<double>{6, 9}));
        QCOMPARE(read->evidence.series[2].values, (std::vector<double>{7.25, 8}));
    }

    void readsExportsOfVictoriaMetrics()
    {
        const QByteArray lines = R"({"metric":{"__name__":"up","job":"node"},"values":[0,1,null,"Infinity"],)"
                                 R"("timestamps":[1795459633562,1795459634562,1795459635562,1795459636562]}
{"metric":{"__name__":"go_memstats_alloc_bytes"},"values":[1.5e7],"timestamps":[1795459633562]}
)";
        QCOMPARE(test::sniffed(lines), "victoriametrics-export");
        const QByteArray withMark = "\xEF\xBB\xBF" + lines;
        QCOMPARE(test::sniffed(withMark), "victoriametrics-export");
        QCOMPARE(test::readSource("victoriametrics-export", withMark)->evidence.series.size(), size_t(2));
        const auto read = test::readSource("victoriametrics-export", lines);
        QCOMPARE(read->evidence.series.size(), size_t(2));
        const Series &up = read->evidence.series[0];
        QCOMPARE(up.times.front().ns, 1'795'459'633'562'000'000);
        QCOMPARE(up.values.at(1), 1.0);
        QVERIFY(std::isnan(up.values.at(2)) && std::isinf(up.values.at(3)));
        QCOMPARE(read->evidence.series[1].unit, "bytes");
        QVERIFY(read->evidence.notes.empty());
        const auto cut = test::readSource("victoriametrics-export", lines.first(lines.size() - 30));
        QCOMPARE(cut->evidence.series.size(), size_t(1));
    }

    void capsHostileText()
    {
        QByteArray labels;
        labels.reserve(40'000'000);
        for (int i = 0; i < 1'000'000; ++i)
            labels += "m{a=\"" + QByteArray::number(i) + "\"} 1\n";
        const auto many = test::readSource("prometheus-text", labels);
        QVERIFY(many->evidence.series.size() > 50'000);
        QVERIFY(many->evidence.series.size() < 400'000);
        QVERIFY(std::ranges::any_of(many->evidence.notes,
                                    [](const Note &note) { return note.code == Code::LimitReached; }));
        const QByteArray deep(100'000, '[');
        const QByteArray answer =
            R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"x":)";
        for (const QByteArray &text : {deep, QByteArray(answer + deep), QByteArray(QByteArray(100'000, '{')),
                                       QByteArray(answer + deep + QByteArray(100'000, ']') + "}]}}")})
            test::readSource("prometheus-json", text);
    }

    void slidesOverLargeAnswers_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<QByteArray>("close");
        QTest::newRow("as Prometheus writes")
            << QByteArray(R"({"metric":{"__name__":"up","pod":"größe-%"},"values":[)") << QByteArray("]}");
        QTest::newRow("with blanks") << QByteArray(
            "{\n \"metric\" : {\"__name__\":\"up\",\n\"pod\":\"größe-%\"},\n\"values\":[")
                                     << QByteArray("]\n}\n");
        QTest::newRow("samples first") << QByteArray(R"({"values":[)")
                                       << QByteArray(R"(],"metric":{"__name__":"up","pod":"größe-%"}})");
    }

    /// Some megabytes: more than are looked at at a time.
    void slidesOverLargeAnswers()
    {
        QFETCH(QByteArray, open);
        QFETCH(QByteArray, close);
        constexpr int SeriesCount = 90;
        QByteArray text = R"({"status":"success","data":{"resultType":"matrix","result":[)";
        qsizetype damaged = 0;
        for (int i = 0; i < SeriesCount; ++i) {
            const QByteArray number = QByteArray::number(i);
            text += (i > 0 ? "," : "") + QByteArray(open).replace('%', number);
            for (int sample = 0; sample < 1000 + i; ++sample) // so that no two windows end alike
                text += (sample > 0 ? ",[" : "[") + QByteArray::number(1'777'888'800 + 15 * sample) + ".25,\"" + number
                        + "." + QByteArray::number(sample) + "\"]";
            if (i == 70) {
                damaged = text.size();
                text += ",?";
            }
            text += QByteArray(close).replace('%', number);
        }
        text += "]},\"warnings\":[\"one \xff of many\"]}";
        const auto read = test::readSource("prometheus-json", text);
        QCOMPARE(read->evidence.series.size(), size_t(SeriesCount));
        for (const Series &series : read->evidence.series) {
            const QByteArray number = series.label("pod").mid(sizeof("größe-") - 1);
            QCOMPARE(series.times.size(), size_t(1000 + number.toInt()));
            QCOMPARE(series.times[999].ns, (1'777'888'800LL + 15 * 999) * NsPerSecond + 250'000'000);
            QCOMPARE(series.values[999], QByteArray(number + ".999").toDouble());
        }
        const std::vector<Note> &notes = read->evidence.notes;
        QCOMPARE(notes.size(), size_t(3));
        QCOMPARE(notes[0].code, Code::BadSyntax);
        QCOMPARE(notes[0].position.byteOffset, damaged + 1);
        QCOMPARE(notes[0].position.line, text.first(damaged).count('\n') + 1);
        QCOMPARE(notes[1].code, Code::BadEncoding);
        QCOMPARE(notes[1].position.byteOffset, text.indexOf('\xff'));
        QVERIFY(notes[2].text.endsWith(QStringLiteral("one ? of many")));
    }

    void keepsWhatACutAnswerHolds()
    {
        const QByteArray whole = sample("prometheus-json/matrix.json");
        const auto read = test::readSource("prometheus-json", whole.first(400));
        QCOMPARE(read->evidence.series.size(), size_t(1));
        QVERIFY(read->evidence.series[0].values.size() > 3);
        QCOMPARE(read->evidence.notes.at(0).code, Code::Truncated);
        QCOMPARE(read->evidence.notes.at(0).position.byteOffset, 400);
    }

    void readsTables()
    {
        const auto read = test::readSource("metrics-csv", sample("metrics-csv/app.csv"));
        QCOMPARE(read->evidence.basis, TimeBasis::Utc);
        QCOMPARE(read->evidence.series.size(), size_t(4));
        for (const Series &series : read->evidence.series)
            QVERIFY(!series.labels.empty() && !series.name.contains('{'));
        const auto local =
            test::readSource("metrics-csv", "Time;cpu;mem\n2026-11-23 18:00:00;0,5;1\n2026-11-23 18:00:10;0,25;\n");
        QCOMPARE(local->evidence.basis, TimeBasis::Local);
        QCOMPARE(local->evidence.series.at(0).values, (std::vector<double>{0.5, 0.25}));
        QCOMPARE(local->evidence.series.at(0).stepNs, 10 * NsPerSecond);
        QCOMPARE(local->evidence.series.at(1).values.size(), size_t(1));
        const auto tall = test::readSource(
            "metrics-csv", "timestamp,metric,value\n1795459633562,a,1\n1795459634562,b,2\n1795459634562,a,3\n");
        QCOMPARE(tall->evidence.series.size(), size_t(2));
        QCOMPARE(tall->evidence.series[0].times[0].ns, 1'795'459'633'562'000'000);
    }

    void readsTablesOfGrafana()
    {
        const auto joined = test::readSource("metrics-csv", sample("metrics-csv/grafana-joined.csv"));
        QCOMPARE(joined->evidence.basis, TimeBasis::Local);
        QCOMPARE(joined->evidence.series.size(), size_t(2));
        QCOMPARE(joined->evidence.series[0].values,
                 (std::vector<double>{512.0 * 1024 * 1024, 1.25 * 1024 * 1024 * 1024}));
        QCOMPARE(joined->evidence.series[0].unit, "bytes");
        QCOMPARE(joined->evidence.series[1].values.size(), size_t(3));
        const auto rows = test::readSource("metrics-csv", sample("metrics-csv/grafana-rows.csv"));
        QCOMPARE(rows->evidence.basis, TimeBasis::Utc);
        QCOMPARE(rows->evidence.series.size(), size_t(2));
        QCOMPARE(rows->evidence.series[0].id(), "process_open_fds{pod=\"a\"}");
        QCOMPARE(rows->evidence.series[0].values, (std::vector<double>{12, 480.5}));
        QVERIFY(rows->evidence.notes.empty());
        const QByteArray sheet = sample("metrics-csv/spreadsheet.tsv");
        QCOMPARE(test::sniffed(sheet), "metrics-csv");
        const auto tabs = test::readSource("metrics-csv", sheet);
        QCOMPARE(tabs->evidence.first->ns, fromRfc3339("2026-11-23T18:47:13Z")->ns);
        QCOMPARE(tabs->evidence.series.at(0).values, (std::vector<double>{0.75, 3.5}));
        const auto american =
            test::readSource("metrics-csv", "Time,cpu\n\"11/23/2026, 6:47:13 PM\",1\n12/01/2026 06:00:00,2\n");
        QCOMPARE(american->evidence.first->ns, fromRfc3339("2026-11-23T18:47:13Z")->ns);
        QCOMPARE(american->evidence.last->ns, fromRfc3339("2026-12-01T06:00:00Z")->ns);
    }

    /// As scripts around `docker stats` write them: a column of names, units in headers and cells, two values in one cell.
    void readsTablesOfManyThings()
    {
        const auto read = test::readSource("metrics-csv", "time,container,mem_used_mib,CPU %,MEM USAGE / LIMIT,phase\n"
                                                          "2026-03-01T10:00:00Z,web,120.5,1.2%,121MiB / 2GiB,warm\n"
                                                          "2026-03-01T10:00:00Z,db,300,0.4%,300MiB / 1GiB,warm\n"
                                                          "2026-03-01T10:00:10Z,web,N/A,2.2%,1.5GiB / 2GiB,hot\n");
        const auto series = [&read](const QByteArray &name, const QByteArray &container) -> const Series & {
            for (const Series &one : read->evidence.series)
                if (one.name == name && one.label("container") == container)
                    return one;
            qFatal("no series %s of %s", name.constData(), container.constData());
        };
        constexpr double MiB = 1024.0 * 1024;
        QCOMPARE(read->evidence.series.size(), size_t(8));
        QCOMPARE(series("mem_used_mib", "web").values, (std::vector<double>{120.5 * MiB}));
        QCOMPARE(series("mem_used_mib", "db").unit, "bytes");
        QCOMPARE(series("CPU %", "web").values, (std::vector<double>{1.2, 2.2}));
        QCOMPARE(series("MEM USAGE", "web").values, (std::vector<double>{121 * MiB, 1536 * MiB}));
        QCOMPARE(series("MEM LIMIT", "db").values, (std::vector<double>{1024 * MiB}));
        QCOMPARE(read->evidence.notes.size(), size_t(1));
        QVERIFY(read->evidence.notes.front().text.contains(u"phase"_s));
        const auto asRows = test::readSource("metrics-csv", "time,metric,value,pod\n1795459633,rss_mib,2,a\n");
        QCOMPARE(asRows->evidence.series.at(0).values, (std::vector<double>{2 * MiB}));
        QCOMPARE(asRows->evidence.series.at(0).label("pod"), "a");
    }

    void joinsSnapshotsOfOnePage()
    {
        QTemporaryDir folder;
        const auto put = [&folder](const QString &name, const QByteArray &bytes, qint64 seconds) {
            QFile file(folder.filePath(name));
            if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
                qFatal("cannot write");
            file.flush();
            file.setFileTime(QDateTime::fromSecsSinceEpoch(seconds), QFileDevice::FileModificationTime);
        };
        const auto page = [](int descriptors, const QByteArray &more = {}) {
            return QByteArray("# TYPE process_open_fds gauge\nprocess_open_fds " + QByteArray::number(descriptors)
                              + '\n' + more);
        };
        put(QStringLiteral("page-3.prom"), page(900), 1'795'459'660);
        put(QStringLiteral("page-1.prom"), page(12), 1'795'459'630);
        put(QStringLiteral("page-2.prom"), page(450, "up 1\n"), 1'795'459'645);
        put(QStringLiteral("other.prom"), "# TYPE disk_free_bytes gauge\ndisk_free_bytes 7\n", 1'795'459'650);
        put(QStringLiteral("host.prom"), "# TYPE node_time_seconds gauge\nnode_time_seconds 1.7954e+09\n",
            1'795'459'650);
        const auto evidence = importPaths({folder.path()}, test::importTools(), {});
        QVERIFY(evidence);
        QCOMPARE(evidence->sources.size(), size_t(5));
        const auto source = [&evidence](const char *name) {
            for (const auto &one : evidence->sources)
                if (one->path.endsWith(QLatin1StringView(name)))
                    return one;
            qFatal("no source %s", name);
        };
        const Series &joined = source("page-1.prom")->series.at(0);
        QCOMPARE(joined.values, (std::vector<double>{12, 450, 900}));
        QCOMPARE(joined.stepNs, 15 * NsPerSecond);
        QCOMPARE(source("page-1.prom")->series.size(), size_t(2));
        QVERIFY(source("page-2.prom")->series.empty());
        QVERIFY(source("page-3.prom")->notes.back().text.contains(QStringLiteral("page-1.prom")));
        QCOMPARE(source("other.prom")->series.size(), size_t(1));
        QCOMPARE(source("host.prom")->first->ns, 1'795'400'000 * NsPerSecond);
        QCOMPARE(test::factValue(*source("host.prom"), "metrics", "time"), "content");
    }

    /// As cAdvisor writes them: some samples state when they were measured.
    void joinsSnapshotsThatStateSomeTimes()
    {
        QTemporaryDir folder;
        const auto put = [&folder](const QString &name, qint64 milliseconds, int used) {
            QFile file(folder.filePath(name));
            const QByteArray page = "# TYPE used_bytes gauge\nused_bytes{id=\"/a\"} " + QByteArray::number(used) + ' '
                                    + QByteArray::number(milliseconds) + "\n# TYPE up gauge\nup 1\n";
            if (!file.open(QIODevice::WriteOnly) || file.write(page) != page.size())
                qFatal("cannot write");
        };
        put(QStringLiteral("b.prom"), 1'795'459'660'500, 30);
        put(QStringLiteral("a.prom"), 1'795'459'600'500, 10);
        put(QStringLiteral("c.prom"), 1'795'459'660'500, 30); // read anew before it was measured anew
        const auto evidence = importPaths({folder.path()}, test::importTools(), {});
        QVERIFY(evidence);
        const auto &first = *evidence->sources.front();
        QVERIFY(first.path.endsWith(QLatin1StringView("a.prom")));
        QCOMPARE(test::factValue(first, "metrics", "time"), "stated");
        QCOMPARE(first.series.size(), size_t(2));
        for (const Series &series : first.series) {
            QCOMPARE(series.times.front().ns, 1'795'459'600'500 * NsPerMillisecond);
            QCOMPARE(series.times.back().ns, 1'795'459'660'500 * NsPerMillisecond);
            QCOMPARE(series.times.size(), size_t(2));
        }
        QCOMPARE(first.series[0].values, (std::vector<double>{10, 30}));
    }

    /// Pages of very many programs in one folder, each read twice: the work grows as their series do.
    void joinsSnapshotsOfManyPrograms()
    {
        constexpr int Programs = 3000;
        std::vector<std::shared_ptr<SourceEvidence>> sources;
        for (int page = 0; page < 2 * Programs; ++page) {
            auto source = std::make_shared<SourceEvidence>();
            source->path = QStringLiteral("metrics/%1.prom").arg(page);
            source->format = "prometheus-text";
            source->basis = TimeBasis::Utc;
            source->first = source->last = SourceTime{(page + 1) * NsPerSecond};
            source->coverage.push_back({{}, source->first, source->last, CoverageHow::Assumed});
            const QByteArray own = "own_" + QByteArray::number(page % Programs) + '_';
            for (const QByteArray &name : {QByteArray("up"), QByteArray(own + 'a'), QByteArray(own + 'b')}) {
                Series series;
                series.name = name;
                series.times = {*source->first};
                series.values = {static_cast<double>(page)};
                source->series.push_back(std::move(series));
            }
            sources.push_back(std::move(source));
        }
        joinSnapshots(sources);
        for (int page = 0; page < Programs; ++page) {
            const SourceEvidence &first = *sources[static_cast<size_t>(page)];
            QCOMPARE(first.series.size(), size_t(3));
            for (const Series &series : first.series)
                QCOMPARE(series.values, (std::vector<double>{double(page), double(page + Programs)}));
            QVERIFY(sources[static_cast<size_t>(page + Programs)]->series.empty());
        }
    }

    void tellsRulesFromMeasurements()
    {
        const QByteArray rules = sample("prometheus-rules/alerts.yml");
        QCOMPARE(test::sniffed(rules), "prometheus-rules");
        const auto read = test::readSource("prometheus-rules", rules);
        QCOMPARE(read->evidence.kind, SourceKind::Other);
        QCOMPARE(test::factValue(read->evidence, "alert/LedgerMemoryHigh", "for"), "2m");
        QCOMPARE(test::factValue(read->evidence, "record/ledger:open_fds:max", "expr"),
                 "max by (pod) (process_open_fds{job=\"ledger\"})");
        QCOMPARE(read->evidence.notes.size(), size_t(2));
        QCOMPARE(read->evidence.notes[0].position.line, 18);
        const auto deep = test::readSource("prometheus-rules", "groups:\n  - rules: " + QByteArray(100'000, '['));
        QCOMPARE(deep->outcome, ImportOutcome::Broken);
        test::damage("prometheus-rules", rules, 40);
    }

    void placesSnapshots()
    {
        const QByteArray page = sample("prometheus-text/snapshot.prom");
        const auto byFile =
            test::readSource("prometheus-text", page, QStringLiteral("snapshot-1.prom"), TimeNs{5'000'000'000});
        QCOMPARE(byFile->evidence.series.at(0).times.front().ns, 5'000'000'000);
        QCOMPARE(byFile->evidence.coverage.at(0).how, CoverageHow::Assumed);
        const auto byName =
            test::readSource("prometheus-text", page, QStringLiteral("m-2026-11-23T18-47-06.prom"), TimeNs{5});
        QCOMPARE(byName->evidence.series.at(0).times.front().ns, fromRfc3339("2026-11-23T18:47:06Z")->ns);
    }

    void scalesStamps()
    {
        const auto text = test::readSource("prometheus-text", "a{b=\"c\"} 1 1795459633562\n");
        QCOMPARE(text->evidence.series.at(0).times.front().ns, 1'795'459'633'562'000'000);
        const auto open = test::readSource("openmetrics", "a{b=\"c\"} 1 1795459633.562\n# EOF\n");
        QCOMPARE(open->evidence.series.at(0).times.front().ns, 1'795'459'633'562'000'000);
        const auto dump = test::readSource("promtool-dump", "{__name__=\"up\", job=\"x\"} 1 1795459633562\n");
        QCOMPARE(dump->evidence.series.at(0).name, "up");
        QCOMPARE(dump->evidence.series.at(0).times.front().ns, 1'795'459'633'562'000'000);
    }

    void readsNumbers()
    {
        QCOMPARE(parseFloat("1e3"), 1000.0);
        for (const char *text : {"0", "-0.5", "123456789012345", "1234567890123456", "0.1", "3.14159265358979",
                                 "0.000001", "99999999999999.9", "1.7976931348623157e308", "72057594037927937"})
            QCOMPARE(parseFloat(text), QByteArray(text).toDouble());
        QVERIFY(std::signbit(parseFloat("-0").value()));
        QVERIFY(std::isnan(parseFloat("NaN").value()));
        QVERIFY(parseFloat("+Inf").value() > 0 && parseFloat("-Inf").value() < 0);
        for (const char *bad : {"", "0x10", "1 ", " 1", "1z", "--1", "nan(1)", "+-1", "-", "1.2.3", "1e"})
            QVERIFY2(!parseFloat(bad), bad);
        QCOMPARE(parseSecondsNs("1795459633.562"), 1'795'459'633'562'000'000);
        QCOMPARE(parseSecondsNs("-1.5"), -1'500'000'000);
        QCOMPARE(parseSecondsNs("1.795459633562e+09"), 1'795'459'633'562'000'000);
        QCOMPARE(parseEpochNs("1795459633562"), 1'795'459'633'562'000'000);
        QVERIFY(!timeInFileName(QStringLiteral("a/snapshot-1.prom")));
        QCOMPARE(timeInFileName(QStringLiteral("a/m-20261123-184706.prom")), fromRfc3339("2026-11-23T18:47:06Z"));
        QCOMPARE(timeInFileName(QStringLiteral("a/m-1795459633.prom")), TimeNs{1'795'459'633'000'000'000});
    }
};

FAULTLINE_TEST(TestMetricImporters)
#include "tst_metricimporters.moc"
