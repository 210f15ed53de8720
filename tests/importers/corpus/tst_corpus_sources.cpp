// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace faultline;

/// Real files of the kinds that carriers, metrics, state and profiles read: what they are taken for, and what is counted in them.
class TestCorpusSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesFilesForTheRightKind_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("folder");
        QTest::addColumn<QJsonObject>("facts");
        const QString manifest = test::corpusPath(QStringLiteral("real/manifest.tsv"));
        if (manifest.isEmpty()) {
            QTest::newRow("no corpus") << QString() << QString() << QJsonObject();
            return;
        }
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            const QByteArray folder = cells.front().split('/').front();
            static const QList<QByteArray> Folders{"dmesg", "journal", "kubectl", "prom", "prom-openmetrics", "pprof"};
            if (cells.size() < 2 || !Folders.contains(folder))
                continue;
            QTest::newRow(cells.front().constData())
                << test::corpusPath(QStringLiteral("real/") + QString::fromUtf8(cells.front()))
                << QString::fromUtf8(folder) << QJsonDocument::fromJson(cells.back()).object();
        }
    }
    void takesFilesForTheRightKind()
    {
        QFETCH(QString, path);
        QFETCH(QString, folder);
        QFETCH(QJsonObject, facts);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        if (path.endsWith(QStringLiteral(".yml"))) {
            QCOMPARE(test::sniffed(test::fileBytes(path), path), "prometheus-rules");
            return;
        }
        if (path.endsWith(QStringLiteral(".gz")) && folder != QStringLiteral("pprof")) {
            const auto opened = importPaths({path}, test::importTools(), {});
            QVERIFY(opened);
            QCOMPARE(opened->sources.size(), size_t(1));
            QCOMPARE(opened->sources[0]->kind,
                     folder == QStringLiteral("dmesg") ? SourceKind::KernelLog : SourceKind::Metrics);
            return;
        }
        if (folder == QStringLiteral("kubectl"))
            QCOMPARE(test::sniffed(test::fileBytes(path), path), "kubectl-describe");
        const QByteArray bytes = test::fileBytes(path);
        const QByteArray id = test::sniffed(bytes, path);
        if (id.isEmpty() && path.endsWith(QStringLiteral("stacktraces_1.pb")))
            QSKIP("A message of another program, no profile");
        QVERIFY2(!id.isEmpty(), qPrintable(path));
        const auto read = test::readSource(id, bytes, path, TimeNs{1'800'000'000 * NsPerSecond});
        // Broken files of a conformance suite need not be recognised without their format being named.
        if (folder.startsWith(QStringLiteral("prom"))
            && facts[QStringLiteral("peer_verdict")] != QStringLiteral("must_fail"))
            QCOMPARE(read->evidence.kind, SourceKind::Metrics);
        if (folder == QStringLiteral("pprof"))
            QVERIFY(read->evidence.kind == SourceKind::Profile || read->evidence.kind == SourceKind::ThreadDump);
        if (folder == QStringLiteral("dmesg") && facts.contains(QStringLiteral("oom_killed"))) {
            for (const QJsonValue &killed : facts[QStringLiteral("oom_killed")].toArray()) {
                // Lines that only announce a kill may name another process than the one that is killed.
                if (!bytes.contains(QByteArray("Killed process ")
                                        .append(QByteArray::number(killed[QStringLiteral("pid")].toInteger()))))
                    continue;
                const QByteArray subject =
                    QByteArray("oom/").append(QByteArray::number(killed[QStringLiteral("pid")].toInteger()));
                QCOMPARE(test::factValue(read->evidence, subject, "victim"),
                         killed[QStringLiteral("comm")].toString().toUtf8());
                QCOMPARE(test::factValue(read->evidence, subject, "killed"), "true");
            }
        }
        if (facts.contains(QStringLiteral("event_reasons"))) {
            const QJsonObject reasons = facts[QStringLiteral("event_reasons")].toObject();
            int rows = 0;
            for (const Event &event : read->evidence.events)
                rows += event.signature.startsWith("kube.event.");
            int wanted = 0;
            for (const QJsonValue &count : reasons)
                wanted += count.toInt();
            QCOMPARE(rows, wanted);
        }
        for (const QJsonValue &container : facts[QStringLiteral("containers")].toArray()) {
            const QByteArray subject = "container/" + container[QStringLiteral("name")].toString().toUtf8();
            if (container[QStringLiteral("state")].isString())
                QCOMPARE(test::factValue(read->evidence, subject, "state"),
                         container[QStringLiteral("state")].toString().toUtf8());
            if (container[QStringLiteral("last_state_exit_code")].isDouble())
                QCOMPARE(test::factValue(read->evidence, subject, "lastState.exitCode").toInt(),
                         container[QStringLiteral("last_state_exit_code")].toInt());
        }
        if (facts.contains(QStringLiteral("n_points"))) {
            size_t samples = 0;
            for (const Series &series : read->evidence.series)
                samples += series.values.size();
            QCOMPARE(static_cast<double>(samples), facts[QStringLiteral("n_points")].toDouble());
            QCOMPARE(static_cast<double>(read->evidence.series.size()), facts[QStringLiteral("n_series")].toDouble());
        }
    }

    void judgesOpenMetricsAsItsSuiteDoes_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("good");
        const QString manifest = test::corpusPath(QStringLiteral("real/manifest.tsv"));
        if (manifest.isEmpty()) {
            QTest::newRow("no corpus") << QString() << true;
            return;
        }
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            if (!cells.front().startsWith("prom-openmetrics/"))
                continue;
            const QJsonObject facts = QJsonDocument::fromJson(cells.back()).object();
            QTest::newRow(cells.front().constData())
                << test::corpusPath(QStringLiteral("real/") + QString::fromUtf8(cells.front()))
                << facts[QStringLiteral("peer_should_parse")].toBool();
        }
    }
    void judgesOpenMetricsAsItsSuiteDoes()
    {
        QFETCH(QString, path);
        QFETCH(bool, good);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        const auto read = test::readSource("openmetrics", test::fileBytes(path), path, {}, true);
        const bool refused = std::ranges::any_of(read->evidence.notes, [](const Note &note) {
            return note.severity == Severity::Error && note.position.line > 0 && note.position.column > 0;
        });
        QCOMPARE(!refused, good);
    }

    void judgesTextAsItsSuiteDoes_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<bool>("good");
        const QString manifest = test::corpusPath(QStringLiteral("real/manifest.tsv"));
        if (manifest.isEmpty()) {
            QTest::newRow("no corpus") << QString() << true;
            return;
        }
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            const QString verdict =
                QJsonDocument::fromJson(cells.back()).object()[QStringLiteral("peer_verdict")].toString();
            if (cells.front().startsWith("prom/") && !verdict.isEmpty())
                QTest::newRow(cells.front().constData())
                    << test::corpusPath(QStringLiteral("real/") + QString::fromUtf8(cells.front()))
                    << (verdict == QStringLiteral("must_parse"));
        }
    }
    void judgesTextAsItsSuiteDoes()
    {
        QFETCH(QString, path);
        QFETCH(bool, good);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        const auto read = test::readSource("prometheus-text", test::fileBytes(path), path, {}, true);
        const bool refused = std::ranges::any_of(read->evidence.notes, [](const Note &note) {
            return note.severity == Severity::Error && note.position.line > 0;
        });
        QCOMPARE(!refused, good);
    }
};

FAULTLINE_TEST(TestCorpusSources)
#include "tst_corpus_sources.moc"
