// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/importers/readsource.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMap>
#include <QSet>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Output of real test runs, with what is known of each: every fact that what was read can state is asked.
class TestCorpusTests : public QObject
{
    Q_OBJECT

    struct Tally {
        int asked = 0;
        int met = 0;
    };
    QMap<QString, Tally> m_tallies;

    void ask(const QString &path, const QString &fact, const QVariant &stated, const QVariant &wanted)
    {
        Tally &tally = m_tallies[fact];
        ++tally.asked;
        if (stated == wanted)
            ++tally.met;
        else
            qInfo().noquote() << "NOT MET" << path.section(u'/', -1) << fact << "stated" << stated << "wanted"
                              << wanted;
    }

    static QStringList sorted(QStringList list)
    {
        list.sort();
        return list;
    }

    /// Names of tests with an outcome; with their package where the file is of JSON.
    static QStringList tests(const SourceEvidence &evidence, Outcome outcome, bool withPackage)
    {
        QStringList names;
        for (const Span &span : evidence.spans) {
            if (span.kind != SpanKind::Test || span.outcome != outcome)
                continue;
            const Span *package = &span;
            while (package && package->kind == SpanKind::Test)
                package = package->parent < 0 ? nullptr : &evidence.spans[static_cast<size_t>(package->parent)];
            const QString name = QString::fromUtf8(span.name);
            names.append(withPackage && package ? QString::fromUtf8(package->name) + u'.' + name : name);
        }
        return names;
    }

    static int spans(const SourceEvidence &evidence, SpanKind kind, std::optional<Outcome> outcome = {})
    {
        return static_cast<int>(std::ranges::count_if(evidence.spans, [&](const Span &span) {
            return span.kind == kind && (!outcome || span.outcome == *outcome);
        }));
    }

    /// Those that passed have a line of numbers and no verdict; verdicts are what the facts count.
    static int benchmarks(const SourceEvidence &evidence)
    {
        return static_cast<int>(std::ranges::count_if(evidence.spans, [](const Span &span) {
            return span.kind == SpanKind::Test && span.outcome == Outcome::Passed && span.name.startsWith("Benchmark");
        }));
    }

    static int events(const SourceEvidence &evidence, const QList<QByteArray> &signatures)
    {
        return static_cast<int>(std::ranges::count_if(
            evidence.events, [&](const Event &event) { return signatures.contains(event.signature); }));
    }

    static QStringList texts(const QJsonValue &array)
    {
        QStringList list;
        for (const QJsonValue &value : array.toArray())
            list.append(value.toString());
        return list;
    }

    void askText(const QString &path, const SourceEvidence &evidence, const QJsonObject &facts)
    {
        ask(path, u"fail_lines"_s, sorted(tests(evidence, Outcome::Failed, false)),
            sorted(texts(facts[u"fail_lines"_s])));
        ask(path, u"n_pass"_s, spans(evidence, SpanKind::Test, Outcome::Passed) - benchmarks(evidence),
            facts[u"n_pass"_s].toInt());
        ask(path, u"n_skip"_s, spans(evidence, SpanKind::Test, Outcome::Skipped), facts[u"n_skip"_s].toInt());
        // Counted there with tabs between; go-junit-report's samples write spaces.
        if (facts[u"n_ok_packages"_s].toInt() > 0 || !test::fileBytes(path).contains("\nok "))
            ask(path, u"n_ok_packages"_s, spans(evidence, SpanKind::Section, Outcome::Passed),
                facts[u"n_ok_packages"_s].toInt());
    }

    void askJson(const QString &path, const SourceEvidence &evidence, const QJsonObject &facts)
    {
        const QJsonObject verdicts = facts[u"test_verdicts"_s].toObject();
        ask(path, u"test_verdicts.pass"_s, spans(evidence, SpanKind::Test, Outcome::Passed) - benchmarks(evidence),
            verdicts[u"pass"_s].toInt());
        // What ran when its package died has no verdict there; here it failed, and a fact says that it was running.
        const auto running =
            std::ranges::count_if(evidence.facts, [](const Fact &fact) { return fact.key == "running"; });
        if (running == 0)
            ask(path, u"test_verdicts.fail"_s, spans(evidence, SpanKind::Test, Outcome::Failed),
                verdicts[u"fail"_s].toInt());
        ask(path, u"test_verdicts.skip"_s, spans(evidence, SpanKind::Test, Outcome::Skipped),
            verdicts[u"skip"_s].toInt());
        if (running == 0)
            ask(path, u"failed_tests"_s, sorted(tests(evidence, Outcome::Failed, true)),
                sorted(texts(facts[u"failed_tests"_s])));
        QSet<QByteArray> packages; // one that was run again has several spans
        for (const Span &span : evidence.spans) {
            if (span.kind == SpanKind::Section)
                packages.insert(span.name);
        }
        ask(path, u"n_packages"_s, packages.size(), facts[u"n_packages"_s].toInteger());
    }

    void askBoth(const QString &path, const SourceEvidence &evidence, const QJsonObject &facts)
    {
        ask(path, u"n_lines"_s, evidence.lineCount(), facts[u"n_lines"_s].toInteger());
        QStringList failed;
        for (const Span &span : evidence.spans) {
            if (span.kind == SpanKind::Section && span.outcome == Outcome::Failed)
                failed.append(QString::fromUtf8(span.name));
        }
        for (const QString &package : texts(facts[u"failed_packages"_s]))
            ask(path, u"failed_packages"_s, failed.contains(package), true);
        const auto isPanic = [](const Event &event) {
            return event.severity == Severity::Fatal && event.text.startsWith("panic: ");
        };
        QSet<qint64> panics;
        for (const Event &event : evidence.events) {
            if (isPanic(event))
                panics.insert(event.line);
            if (isPanic(event) && event.text.endsWith(" [recovered]"))
                panics.insert(event.line + 1); // raised again on the next line: one panic, counted twice there
        }
        ask(path, u"n_panic"_s, panics.size(), facts[u"n_panic"_s].toInteger());
        ask(path, u"n_data_race"_s, events(evidence, {"go.data_race"}), facts[u"n_data_race"_s].toInt());
        ask(path, u"n_goroutine_headers"_s, static_cast<int>(evidence.threads.size()),
            facts[u"n_goroutine_headers"_s].toInt());
        // "Test killed with quit: ran too long" is a time limit's word, too; it is not counted there.
        if (!test::fileBytes(path).contains("ran too long"))
            ask(path, u"timed_out"_s, events(evidence, {"go.test_timeout"}) > 0, facts[u"timed_out"_s].toBool());
        for (const QString &key : {u"first_panic"_s, u"first_fatal_error"_s}) {
            if (!facts.contains(key))
                continue;
            const QByteArray wanted = facts[key].toString().toUtf8();
            const bool isThere = std::ranges::any_of(evidence.events, [&](const Event &event) {
                return event.severity == Severity::Fatal && event.text.contains(wanted);
            });
            ask(path, key, isThere, true);
        }
    }

    void askPeers(const QString &path, const SourceEvidence &evidence, const QJsonObject &facts)
    {
        for (const QJsonValue &failure : facts[u"peer_failures"_s].toArray()) {
            const QString test = failure[u"test"_s].toString();
            if (test.isEmpty())
                continue;
            const bool isFailed = tests(evidence, Outcome::Failed, false).contains(test);
            const QByteArray subject = "test/" + test.toUtf8();
            const QByteArray function = '.' + test.toUtf8();
            const bool isRunning = !test::factValue(evidence, subject, "running").isEmpty();
            const bool isInStack = std::ranges::any_of(
                evidence.threads, [&](const Thread &thread) { return thread.stack.contains(function); });
            ask(path, u"peer_failures"_s, isFailed || isRunning || isInStack, true);
        }
        if (!facts.contains(u"peer_junit"_s))
            return;
        // The peer counts a package that failed without a failed test as one more test.
        const QJsonObject totals = facts[u"peer_junit"_s].toObject();
        const int errors = totals[u"errors"_s].toInt();
        ask(path, u"peer_junit.failures"_s, spans(evidence, SpanKind::Test, Outcome::Failed),
            totals[u"failures"_s].toInt());
        ask(path, u"peer_junit.skipped"_s, spans(evidence, SpanKind::Test, Outcome::Skipped),
            totals[u"skipped"_s].toInt());
        ask(path, u"peer_junit.tests"_s, spans(evidence, SpanKind::Test) + errors, totals[u"tests"_s].toInt());
        ask(path, u"peer_junit.errors"_s, spans(evidence, SpanKind::Section, Outcome::Failed) >= errors, true);
        const QStringList failed = tests(evidence, Outcome::Failed, false);
        for (const QJsonValue &pair : facts[u"peer_failed"_s].toArray()) {
            const QString name = pair[1].toString();
            if (name != u"Failure"_s && !name.startsWith(u'['))
                ask(path, u"peer_failed"_s, failed.contains(name), true);
        }
    }

private Q_SLOTS:
    void statesWhatIsKnown()
    {
        const QString manifest = test::corpusPath(u"real/manifest.tsv"_s);
        if (manifest.isEmpty())
            QSKIP("The corpus is not here");
        for (const QByteArray &line : test::fileBytes(manifest).split('\n')) {
            const QList<QByteArray> cells = line.split('\t');
            if (cells.size() < 2 || cells[1] != "gotest")
                continue;
            const QString path = test::corpusPath(u"real/"_s + QString::fromUtf8(cells.front()));
            const QByteArray bytes = test::fileBytes(path);
            const QByteArray id = test::sniffed(bytes, path);
            const auto read = test::readSource(id, bytes, path, TimeNs{1'800'000'000 * NsPerSecond});
            const QJsonObject facts = QJsonDocument::fromJson(cells.back()).object();
            const bool isJson = facts[u"form"_s].toString() == u"json"_s;
            const bool isOther =
                bytes.contains(":: Running ") || bytes.contains("$ git "); // a builder's or Travis' log
            if (!isOther)
                ask(path, u"form"_s, QString::fromUtf8(id), isJson ? u"go-test-json"_s : u"go-test"_s);
            askBoth(path, read->evidence, facts);
            if (isOther && bytes.contains("\"Action\":"))
                continue; // text with the events of go test -json inside: its facts count neither
            isJson ? askJson(path, read->evidence, facts) : askText(path, read->evidence, facts);
            askPeers(path, read->evidence, facts);
        }
        Tally all;
        for (auto it = m_tallies.cbegin(); it != m_tallies.cend(); ++it) {
            qInfo().noquote() << it.key() << "asked" << it->asked << "met" << it->met;
            all.asked += it->asked;
            all.met += it->met;
        }
        qInfo() << "gotest: asked" << all.asked << "met" << all.met;
        QVERIFY(all.asked > 500);
        QVERIFY(all.met * 100 >= all.asked * 98);
    }
};

FAULTLINE_TEST(TestCorpusTests)
#include "tst_corpus_tests.moc"
