// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/inflate.h"
#include "models/findings/failures.h"
#include "tests/importers/readsource.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <map>

using namespace faultline;
using namespace Qt::StringLiterals;

/// Real CI logs against what is known of them: every fact that our reading of the file states is asked.
class TestCorpusCi : public QObject
{
    Q_OBJECT

private:
    struct Count {
        int asked = 0;
        int met = 0;
    };
    std::map<QByteArray, Count> m_counts; ///< By fact.
    QStringList m_missed;

    /// Facts that other projects' judgement made, of which no program meets all.
    static bool isOpinion(const QByteArray &fact) { return fact.startsWith("peer_"); }

    void ask(const QByteArray &fact, bool met, const QString &what)
    {
        Count &count = m_counts[fact];
        ++count.asked;
        count.met += met ? 1 : 0;
        if (!met && !isOpinion(fact))
            m_missed.append(QString::fromUtf8(fact) + u": "_s + what);
    }
    template<typename Got, typename Wanted>
    void askEqual(const QByteArray &fact, const Got &got, const Wanted &wanted)
    {
        QString text;
        QDebug(&text).nospace() << got << " instead of " << wanted;
        ask(fact, got == wanted, text);
    }

    /// The format that a file of this flavour must be taken for. Some files tell less than their flavour: a stretch of a log without
    /// any of its system's words is text, and one is of another system than its repository's name for it.
    static QByteArray formatOf(const QString &flavour, const QByteArray &bytes)
    {
        static const std::map<QString, QByteArray> Formats{
            {u"gha"_s, "github-actions"}, {u"gitlab"_s, "gitlab"},           {u"jenkins"_s, "jenkins"},
            {u"travis"_s, "travis"},      {u"taskcluster"_s, "taskcluster"}, {u"buildkite"_s, "buildkite"},
            {u"kbuild"_s, "plain"},       {u"azure"_s, "azure-pipelines"}};
        if (flavour == u"buildkite"_s && !bytes.contains("_bk;t="))
            return "plain";
        if (flavour == u"azure"_s && bytes.contains("Current runner version: '"))
            return "github-actions";
        const auto found = Formats.find(flavour);
        return found == Formats.end() ? QByteArray() : found->second;
    }

    static Outcome jobOutcome(const SourceEvidence &evidence)
    {
        for (const Span &span : evidence.spans) {
            if (span.kind == SpanKind::Job)
                return span.outcome;
        }
        return Outcome::Unknown;
    }

    static QList<QByteArray> exitCodes(const SourceEvidence &evidence, bool ofJob)
    {
        QList<QByteArray> codes;
        for (const Fact &fact : evidence.facts) {
            if (fact.key == "exitCode" && (fact.subject == "job") == ofJob)
                codes.append(fact.value);
        }
        return codes;
    }

    static qint64 count(const std::vector<TimedLine> &lines, QByteArrayView begin)
    {
        return std::ranges::count_if(lines, [begin](const TimedLine &line) { return line.text.startsWith(begin); });
    }

    static qint64 epochNs(const QJsonValue &value)
    {
        return value.isString() ? value.toString().toLongLong() * NsPerSecond : value.toInteger();
    }

    void askGithub(const QJsonObject &facts, const SourceEvidence &evidence, const std::vector<TimedLine> &lines)
    {
        const auto time = [&facts](const QString &key) { return fromRfc3339(facts[key].toString().toUtf8()); };
        askEqual("first_ts", evidence.first.value_or(SourceTime{}).ns, time(u"first_ts"_s).value_or(TimeNs{}).ns);
        askEqual("last_ts", evidence.last.value_or(SourceTime{}).ns, time(u"last_ts"_s).value_or(TimeNs{}).ns);
        askEqual("n_timestamped",
                 std::ranges::count_if(lines, [](const TimedLine &line) { return line.time && !line.carried; }),
                 facts[u"n_timestamped"_s].toInteger());
        askEqual("n_group", count(lines, "##[group]"), facts[u"n_group"_s].toInteger());
        askEqual("n_endgroup", count(lines, "##[endgroup]"), facts[u"n_endgroup"_s].toInteger());
        askEqual("n_error", count(lines, "##[error]"), facts[u"n_error"_s].toInteger());
        askEqual("n_warning", count(lines, "##[warning]"), facts[u"n_warning"_s].toInteger());
        const auto at = [&lines](const char *begin, Severity level) {
            return std::ranges::all_of(
                lines, [&](const TimedLine &line) { return !line.text.startsWith(begin) || line.level == level; });
        };
        ask("levels", at("##[error]", Severity::Error) && at("##[warning]", Severity::Warning), u"a level is wrong"_s);
        qsizetype next = 0;
        const QJsonArray errors = facts[u"errors"_s].toArray();
        for (const TimedLine &line : lines) {
            if (line.text.startsWith("##[error]") && next < errors.size()) {
                const QString wanted = errors[next++].toString();
                ask("errors", QString::fromUtf8(line.text.sliced(9)).startsWith(wanted.left(150)), wanted);
            }
        }
        QList<QByteArray> codes;
        for (const QJsonValue &code : facts[u"exit_codes"_s].toArray())
            codes.append(QByteArray::number(code.toInt()));
        askEqual("exit_codes", exitCodes(evidence, false), codes);
        if (facts[u"canceled"_s].toBool())
            askEqual("canceled", outcomeName(jobOutcome(evidence)), outcomeName(Outcome::Cancelled));
    }

    void askGitlab(const QJsonObject &facts, const SourceEvidence &evidence)
    {
        QList<QByteArray> sections;
        for (const QJsonValue &section : facts[u"sections"_s].toArray())
            sections.append(section.toString().toUtf8());
        QList<QByteArray> steps;
        qint64 ended = 0;
        for (const Span &span : evidence.spans) {
            if (span.kind == SpanKind::Step) {
                steps.append(span.name);
                ended += span.end && span.outcome != Outcome::Unknown ? 1 : 0;
            }
        }
        askEqual("sections", steps, sections);
        askEqual("n_section_start", steps.size(), facts[u"n_section_start"_s].toInteger());
        askEqual("n_section_end", ended, facts[u"n_section_end"_s].toInteger());
        askEqual("first_section_unix", evidence.first.value_or(SourceTime{}).ns,
                 epochNs(facts[u"first_section_unix"_s]));
        askEqual("last_section_unix", evidence.last.value_or(SourceTime{}).ns, epochNs(facts[u"last_section_unix"_s]));
        askEqual("runner_version", test::factValue(evidence, "job", "runnerVersion"),
                 facts[u"runner_version"_s].toString().toUtf8());
        askEqual("job_succeeded", jobOutcome(evidence) == Outcome::Passed, facts[u"job_succeeded"_s].toBool());
    }

    void askJenkins(const QJsonObject &facts, const SourceEvidence &evidence, const std::vector<TimedLine> &lines)
    {
        const QString finished = facts[u"finished"_s].toString();
        const Outcome outcome = finished == u"SUCCESS"_s                                ? Outcome::Passed
                                : finished == u"FAILURE"_s || finished == u"UNSTABLE"_s ? Outcome::Failed
                                : finished == u"ABORTED"_s                              ? Outcome::Cancelled
                                                                                        : Outcome::Unknown;
        if (evidence.format == "jenkins" && !finished.isEmpty())
            askEqual("finished", outcomeName(jobOutcome(evidence)), outcomeName(outcome));
        // Steps stand behind hidden notes too: what is seen is counted by the words alone.
        ask("n_pipeline_lines", count(lines, "[Pipeline]") >= facts[u"n_pipeline_lines"_s].toInteger(), u"fewer"_s);
        ask("n_console_notes",
            std::ranges::none_of(lines, [](const TimedLine &line) { return line.text.contains("ha:////"); }),
            u"a console note is shown"_s);
    }

    void askTravis(const QJsonObject &facts, const SourceEvidence &evidence)
    {
        const auto ended = [](const Span &span) {
            return span.outcome != Outcome::Unknown && span.lastLine >= span.line;
        };
        qint64 folds = 0;
        for (const QJsonValue &fold : facts[u"folds"_s].toArray()) {
            const QByteArray name = fold.toString().toUtf8();
            const auto found = std::ranges::find(evidence.spans, name, &Span::name);
            ask("folds", found != evidence.spans.end(), fold.toString());
            folds += found != evidence.spans.end() && ended(*found) ? 1 : 0;
        }
        // The list of names stops at twelve.
        if (facts[u"folds"_s].toArray().size() == facts[u"n_fold_start"_s].toInteger()) {
            askEqual("n_fold_start", folds, facts[u"n_fold_start"_s].toInteger());
            askEqual("n_fold_end", folds, facts[u"n_fold_end"_s].toInteger());
        }
        askEqual("first_ns", evidence.first.value_or(SourceTime{}).ns, facts[u"first_ns"_s].toInteger());
        askEqual("last_ns", evidence.last.value_or(SourceTime{}).ns, facts[u"last_ns"_s].toInteger());
        askEqual("build_exit", exitCodes(evidence, true),
                 QList<QByteArray>{QByteArray::number(facts[u"build_exit"_s].toInt())});
        for (const QJsonValue &exit : facts[u"command_exits"_s].toArray()) {
            const QByteArray step = "step/" + exit[0].toString().toUtf8();
            const QByteArray code = QByteArray::number(exit[1].toInt());
            const bool met = std::ranges::any_of(evidence.facts, [&](const Fact &fact) {
                return fact.key == "exitCode" && fact.value == code && fact.subject.startsWith(step);
            });
            ask("command_exits", met, exit[0].toString());
        }
    }

    /// The line that another project takes for the root of the failure, or its list of error lines.
    void askPeers(const QJsonObject &facts, const SourceEvidence &evidence, const std::vector<TimedLine> &lines)
    {
        SourcePlacement placement;
        const auto failures = failuresOfRun(0, evidence, placement, *test::importTools().signatures);
        const auto covers = [&failures](qint64 line) {
            return std::ranges::any_of(failures, [line](const Failure &failure) {
                return std::ranges::any_of(failure.evidence, [line](const EvidenceRef &ref) {
                    return line >= ref.line && line <= std::max(ref.line, ref.lastLine);
                });
            });
        };
        const QJsonObject root = facts[u"peer_root_line"_s].toObject();
        if (!root.isEmpty())
            ask("peer_root_line", covers(root[u"line_1based"_s].toInteger()), {});
        for (const QJsonValue &error : facts[u"peer_expected_logview"_s][u"errors"_s].toArray()) {
            // Lines were counted by CR too, so they are found by their text.
            const QByteArray text = error[u"line"_s].toString().toUtf8();
            const auto holds = [&lines, &text](qint64 line) {
                const QByteArray &own = lines[static_cast<size_t>(line - 1)].text;
                return !own.trimmed().isEmpty() && (text.contains(own.trimmed()) || own.contains(text));
            };
            const bool met = std::ranges::any_of(evidence.events, [&](const Event &event) {
                for (qint64 line = event.line; line <= event.lastLine; ++line) {
                    if (holds(line))
                        return true;
                }
                return false;
            });
            ask("peer_expected_logview", met, {});
        }
    }

private Q_SLOTS:
    void statesWhatIsKnown_data()
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
            if (cells.front().startsWith("ci/"))
                QTest::newRow(cells.front().constData())
                    << test::corpusPath(u"real/"_s + QString::fromUtf8(cells.front()))
                    << QJsonDocument::fromJson(cells.back()).object();
        }
    }
    void statesWhatIsKnown()
    {
        QFETCH(QString, path);
        QFETCH(QJsonObject, facts);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        QByteArray bytes = test::fileBytes(path);
        if (path.endsWith(u".zip"_s))
            QSKIP("An archive: its members are asked where archives are opened");
        QString name = path;
        if (isGzip(bytes)) {
            bytes = inflateGzip(bytes, 1'000'000'000).bytes;
            name.chop(3);
            askEqual("inflated_bytes", bytes.size(), facts[u"inflated_bytes"_s].toInteger());
        }
        m_missed.clear();
        const QString flavour = facts[u"flavour"_s].toString();
        const QByteArray format = test::sniffed(bytes, name);
        const bool textOfNoSystem = flavour == u"buildkite"_s && format == "plain" && !bytes.contains("_bk;t=");
        askEqual("flavour", format, formatOf(flavour, bytes));
        const auto read = test::readSource(format, bytes, name);
        QCOMPARE(read->outcome, ImportOutcome::Read);
        const SourceEvidence &evidence = read->evidence;
        askEqual("n_lines", evidence.lineCount(), facts[u"n_lines"_s].toInteger());
        const auto lines = decodeLines(evidence, 1, evidence.lineCount());
        if (flavour == u"gha"_s)
            askGithub(facts, evidence, lines);
        else if (flavour == u"gitlab"_s)
            askGitlab(facts, evidence);
        else if (flavour == u"jenkins"_s)
            askJenkins(facts, evidence, lines);
        else if (flavour == u"travis"_s)
            askTravis(facts, evidence);
        askPeers(facts, evidence, lines);
        QVERIFY(textOfNoSystem || format != "unknown");
        QVERIFY2(m_missed.isEmpty(), qPrintable(m_missed.join(u'\n')));
    }

    void claimsTravisLogs_data()
    {
        QTest::addColumn<QString>("path");
        const QString folder = test::corpusPath(u"failure-lines"_s);
        for (const QFileInfo &file : QDir(folder).entryInfoList({u"*.log"_s}, QDir::Files))
            QTest::newRow(qPrintable(file.fileName())) << file.filePath();
        if (folder.isEmpty())
            QTest::newRow("no corpus") << QString();
    }
    /// Each is Travis' by far, and its failing command is a step.
    void claimsTravisLogs()
    {
        QFETCH(QString, path);
        if (path.isEmpty())
            QSKIP("The corpus is not here");
        constexpr int Margin = 10;
        const QByteArray bytes = test::fileBytes(path);
        const SourceHead head{
            path, bytes.first(std::min<qsizetype>(bytes.size(), SourceHead::MostBytes)), bytes.size(), {}};
        int own = 0;
        int other = 0;
        for (const auto &importer : test::importTools().registry->importers()) {
            int &score = importer->info().id == "travis" ? own : other;
            score = std::max(score, importer->sniff(head).score);
        }
        QVERIFY2(own >= other + Margin, qPrintable(u"%1 against %2"_s.arg(own).arg(other)));
        const auto read = test::readSource("travis", bytes, path);
        const bool told = bytes.contains("Done. Your build exited with 1");
        QCOMPARE(jobOutcome(read->evidence) == Outcome::Failed, told || bytes.contains("has been terminated"));
        QVERIFY(!told || read->evidence.first);
    }

    void cleanupTestCase()
    {
        Count all;
        for (const auto &[fact, count] : m_counts) {
            qInfo("%-24s asked %4d  met %4d", fact.constData(), count.asked, count.met);
            all.asked += count.asked;
            all.met += count.met;
        }
        if (all.asked == 0)
            return;
        qInfo("%-24s asked %4d  met %4d", "all", all.asked, all.met);
        QVERIFY(m_counts["peer_root_line"].met * 2 >= m_counts["peer_root_line"].asked);
    }
};

FAULTLINE_TEST(TestCorpusCi)
#include "tst_corpus_ci.moc"
