// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Every fact that the corpus states of descriptions by kubectl, held against what is read from them.
class TestCorpusKube : public QObject
{
    Q_OBJECT

    int m_asked = 0;
    int m_met = 0;

    void ask(const QString &what, const QByteArray &got, const QByteArray &wanted)
    {
        ++m_asked;
        m_met += got == wanted;
        if (got != wanted)
            QFAIL(
                qPrintable(u"%1: '%2' instead of '%3'"_s.arg(what, QString::fromUtf8(got), QString::fromUtf8(wanted))));
    }

    static QByteArray text(const QJsonValue &value)
    {
        return value.isDouble() ? QByteArray::number(value.toInteger()) : value.toString().toUtf8();
    }

    static QByteArray objectFact(const SourceEvidence &evidence, const QByteArray &name, QByteArrayView key)
    {
        for (const Fact &fact : evidence.facts)
            if (fact.subject.endsWith(QByteArray('/' + name)) && fact.key == key)
                return fact.value;
        return {};
    }

    void askObject(const SourceEvidence &evidence, const QJsonObject &facts)
    {
        const QByteArray name = text(facts["first_name"_L1]);
        static constexpr std::array<std::pair<const char *, const char *>, 8> Keys{{{"namespace", "namespace"},
                                                                                    {"node", "node"},
                                                                                    {"status", "status"},
                                                                                    {"qos_class", "qosClass"},
                                                                                    {"start_time", "startTime"},
                                                                                    {"controlled_by", "controlledBy"},
                                                                                    {"replicas", "replicas"},
                                                                                    {"pods_statuses", "podsStatuses"}}};
        for (const auto &[asked, key] : Keys)
            if (const QJsonValue value = facts[QLatin1StringView(asked)]; value.isString())
                ask(QString::fromLatin1(asked), objectFact(evidence, name, key), text(value));
        const QJsonObject conditions = facts["conditions"_L1].toObject();
        for (auto it = conditions.begin(); it != conditions.end(); ++it)
            ask(it.key(), objectFact(evidence, name, QByteArray("conditions." + it.key().toUtf8())), text(*it));
        if (facts.contains("kubelet"_L1))
            ask(u"kubelet"_s, objectFact(evidence, name, "systemInfo.kubeletVersion"), text(facts["kubelet"_L1]));
        if (facts.contains("non_terminated_pods"_L1)) {
            qint64 pods = 0;
            for (const Fact &fact : evidence.facts)
                pods += fact.key == "pods";
            ask(u"pods"_s, QByteArray::number(pods), text(facts["non_terminated_pods"_L1]));
        }
    }

    void askContainers(const SourceEvidence &evidence, const QJsonArray &containers)
    {
        static constexpr std::array<std::pair<const char *, const char *>, 8> Keys{
            {{"state", "state"},
             {"state_reason", "state.reason"},
             {"state_exit_code", "state.exitCode"},
             {"last_state", "lastState"},
             {"last_state_reason", "lastState.reason"},
             {"last_state_exit_code", "lastState.exitCode"},
             {"ready", "ready"},
             {"restart_count", "restartCount"}}};
        for (const QJsonValue &container : containers) {
            const QByteArray subject = "container/" + text(container["name"_L1]);
            for (const auto &[asked, key] : Keys)
                if (const QJsonValue value = container[QLatin1StringView(asked)]; !value.isUndefined())
                    ask(QString::fromUtf8(subject) + u' ' + QLatin1StringView(asked),
                        test::factValue(evidence, subject, key), text(value));
        }
    }

    void askEvents(const SourceEvidence &evidence, const QJsonObject &facts)
    {
        QMap<QByteArray, int> reasons;
        int warnings = 0;
        int rows = 0;
        for (const Event &event : evidence.events) {
            if (!event.signature.startsWith("kube.event."))
                continue;
            ++rows;
            ++reasons[fieldValue(event.fields, "reason")];
            warnings += fieldValue(event.fields, "type") == "Warning";
        }
        ask(u"event lines"_s, QByteArray::number(rows), text(facts["n_event_lines"_L1]));
        ask(u"warnings"_s, QByteArray::number(warnings), text(facts["n_warning_events"_L1]));
        const QJsonObject wanted = facts["event_reasons"_L1].toObject();
        for (auto it = wanted.begin(); it != wanted.end(); ++it)
            ask(it.key(), QByteArray::number(reasons.value(it.key().toUtf8())), text(*it));
    }

private Q_SLOTS:
    void tellsWhatTheManifestTells_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QJsonObject>("facts");
        const QString manifest = test::corpusPath(u"real/manifest.tsv"_s);
        if (manifest.isEmpty()) {
            QTest::newRow("no corpus") << QString() << QJsonObject();
            return;
        }
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            if (cells.size() > 2 && cells[1] == "kubectl")
                QTest::newRow(cells.front().constData())
                    << test::corpusPath(u"real/"_s + QString::fromUtf8(cells.front()))
                    << QJsonDocument::fromJson(cells.back()).object();
        }
    }
    void tellsWhatTheManifestTells()
    {
        QFETCH(QString, path);
        QFETCH(QJsonObject, facts);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        const QByteArray bytes = test::fileBytes(path);
        ask(u"format"_s, test::sniffed(bytes, path), "kubectl-describe");
        const auto read = test::readSource("kubectl-describe", bytes, path, TimeNs{1'800'000'000 * NsPerSecond});
        ask(u"lines"_s, QByteArray::number(read->evidence.lineCount()), text(facts["n_lines"_L1]));
        askObject(read->evidence, facts);
        askContainers(read->evidence, facts["containers"_L1].toArray());
        askEvents(read->evidence, facts);
        QVERIFY2(read->evidence.notes.empty(),
                 read->evidence.notes.empty() ? "" : qPrintable(read->evidence.notes.front().text));
    }

    void cleanupTestCase() { qInfo("kubectl: asked %d, met %d", m_asked, m_met); }
};

FAULTLINE_TEST(TestCorpusKube)
#include "tst_corpus_kube.moc"
