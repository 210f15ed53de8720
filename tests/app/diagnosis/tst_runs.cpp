// SPDX-License-Identifier: GPL-3.0-or-later
// Runs whose cause is known (tests/data/runs, and the incidents of the corpus where it is there), whole and with one source taken away.
#include "app/analysis/analyze.h"
#include "tests/support/test.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <array>

using namespace faultline;
using namespace Qt::StringLiterals;

namespace {

constexpr double Sure = 0.8;
constexpr double MostTimeError = 2.0;
constexpr double MostUncertainty = 15.0;

QJsonObject truthOf(const QString &folder)
{
    QFile file(folder + u"/truth.json"_s);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// What the program gets to see: all but the truth.
QStringList filesOf(const QString &folder)
{
    QStringList files;
    QDirIterator it(folder, QDir::Files, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = it.next();
        if (!path.endsWith(u"/truth.json") && !QFileInfo(path).fileName().startsWith(u"README"_s))
            files << path;
    }
    files.sort();
    return files;
}

QSet<QString> acceptedBy(const QJsonObject &truth)
{
    QSet<QString> accepted{truth[u"root_cause"].toString()};
    for (const QJsonValue &also : truth[u"also_accept"].toArray())
        accepted << also.toString();
    return accepted;
}

bool isSure(const Verdict &verdict)
{
    return verdict.status == VerdictStatus::Confirmed || verdict.confidence >= Sure;
}

QString told(const Analysis &analysis)
{
    QStringList lines;
    for (const Verdict &verdict : analysis.diagnosis->verdicts)
        lines << u"%1 %2 %3 [%4]"_s.arg(verdict.cause, QString(verdictStatusName(verdict.status)))
                     .arg(verdict.confidence)
                     .arg(verdict.path.join(u' '));
    return lines.isEmpty() ? u"(nothing)"_s : lines.join(u", "_s);
}

/// What is wrong with a diagnosis where it claims to be sure; empty where nothing is.
QString sureAndWrong(const Analysis &analysis, const QJsonObject &truth)
{
    const QSet<QString> accepted = acceptedBy(truth);
    const auto &verdicts = analysis.diagnosis->verdicts;
    if (!verdicts.empty() && isSure(verdicts.front())
        && (!accepted.contains(verdicts.front().cause) || !truth[u"suffices"].toBool(true)))
        return u"sure of %1, but it was %2: %3"_s.arg(verdicts.front().cause, truth[u"root_cause"].toString(),
                                                      told(analysis));
    return {};
}

bool citesOneOf(const Analysis &analysis, const QJsonArray &keys)
{
    std::vector<EvidenceRef> cited = analysis.findings->failures.front().evidence;
    std::ranges::copy(analysis.diagnosis->verdicts.front().evidence, std::back_inserter(cited));
    return std::ranges::any_of(keys, [&](const QJsonValue &key) {
        const qint64 line = key[u"line"].toInteger();
        return std::ranges::any_of(cited, [&](const EvidenceRef &ref) {
            if (ref.source < 0 || ref.line <= 0)
                return false;
            const QString path = analysis.evidence->sources[static_cast<size_t>(ref.source)]->path;
            return QFileInfo(path).fileName() == QFileInfo(key[u"file"].toString()).fileName() && ref.line <= line
                   && line <= std::max(ref.line, ref.lastLine);
        });
    });
}

/// Whether a time can be asked for: the log has times that are read without knowing its system's own marks, and a date.
bool tellsTime(const QJsonObject &truth)
{
    static const QStringList Vague{u"buildkite"_s, u"travis"_s, u"jenkins-hms"_s};
    return truth[u"clock"][u"log_timestamps"].toBool(true) && !truth[u"time_optional"].toBool()
           && !Vague.contains(truth[u"ci_format"].toString());
}

} // namespace

class RunsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyRunHasATruth();
    void namesTheCause_data();
    void namesTheCause();
    void isNeverSureAndWrongWithoutASource_data();
    void isNeverSureAndWrongWithoutASource();
    void confidenceIsCalibrated();
    void rulesOutByTheKernelsOwnLine();
    void rulesOutByTheProgramsOwnWord();
    void rulesOutLookAlikes_data();
    void rulesOutLookAlikes();
    void asksForWhatIsMissing();

private:
    std::optional<Analysis> analyzed(const QStringList &files) const;
    void checkTime(const Analysis &analysis, const QJsonObject &truth) const;

    /// Answers with a confidence of at least so much, up to the next step.
    struct Calibration {
        double least = 0;
        int answers = 0;
        int right = 0;
    };
    void note(const Analysis &analysis, const QJsonObject &truth);

    std::shared_ptr<const Knowledge> m_knowledge;
    std::array<Calibration, 5> m_calibration{{{0.9}, {0.8}, {0.65}, {0.4}, {0.0}}};
};

void RunsTest::initTestCase()
{
    auto knowledge = loadKnowledge({}, {});
    QVERIFY(knowledge.has_value());
    m_knowledge = *knowledge;
}

std::optional<Analysis> RunsTest::analyzed(const QStringList &files) const
{
    auto analysis = analyze(files, *m_knowledge, {});
    return analysis ? std::optional(*std::move(analysis)) : std::nullopt;
}

namespace {

void addRuns(const QString &root, const QString &prefix)
{
    for (const QFileInfo &folder : QDir(root).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name))
        QTest::newRow(qUtf8Printable(prefix + folder.fileName())) << folder.filePath();
}

} // namespace

void RunsTest::everyRunHasATruth()
{
    int runs = 0;
    int passing = 0;
    int open = 0;
    int described = 0;
    QSet<QString> withoutRun;
    for (const auto &[id, page] : m_knowledge->playbooks.causes) {
        if (!page.isSymptom)
            withoutRun << id;
    }
    QFileInfoList folders;
    for (const QString &set : {u"runs"_s, u"runs-adversarial"_s, u"runs-blind"_s, u"runs-unseen"_s})
        folders << QDir(test::dataPath(set)).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
    for (const QFileInfo &folder : std::as_const(folders)) {
        const QJsonObject truth = truthOf(folder.filePath());
        QVERIFY2(!truth[u"root_cause"].toString().isEmpty(), qUtf8Printable(folder.fileName()));
        const QString cause = truth[u"root_cause"].toString();
        const bool isUnknown = cause == u"unknown" && !truth[u"suffices"].toBool(true);
        QVERIFY2(cause == u"none" || isUnknown || m_knowledge->playbooks.causes.contains(cause), qUtf8Printable(cause));
        withoutRun.remove(cause);
        ++runs;
        passing += cause == u"none" ? 1 : 0;
        open += truth[u"suffices"].toBool(true) ? 0 : 1;
        described += truth.contains(u"describe"_s) ? 1 : 0;
    }
    QVERIFY(runs >= 60);
    QVERIFY(passing >= 3);
    QVERIFY(open >= 2);
    QVERIFY(described >= 8);
    QVERIFY2(withoutRun.isEmpty(), qUtf8Printable(QStringList(withoutRun.values()).join(u' ')));
}

void RunsTest::namesTheCause_data()
{
    QTest::addColumn<QString>("folder");
    addRuns(test::dataPath(u"runs"_s), {});
    addRuns(test::dataPath(u"runs-adversarial"_s), u"adversarial/"_s);
    addRuns(test::dataPath(u"runs-blind"_s), u"blind/"_s);
    addRuns(test::dataPath(u"runs-unseen"_s), u"unseen/"_s);
}

void RunsTest::checkTime(const Analysis &analysis, const QJsonObject &truth) const
{
    const Failure &failure = analysis.findings->failures.front();
    if (!failure.time) {
        QVERIFY2(!tellsTime(truth), "the failure has no time");
        return;
    }
    if (!tellsTime(truth))
        return;
    const auto wanted = QDateTime::fromString(truth[u"failure_time"].toString(), Qt::ISODateWithMs);
    const double apart =
        std::abs(toSeconds(failure.time->time - TimeNs{}) - static_cast<double>(wanted.toMSecsSinceEpoch()) / 1000);
    const double allowed = std::max(MostTimeError, std::min(toSeconds(failure.time->uncertaintyNs()), MostUncertainty));
    QVERIFY2(apart <= allowed, qUtf8Printable(u"%1 s from the truth"_s.arg(apart)));
}

void RunsTest::namesTheCause()
{
    QFETCH(const QString, folder);
    const QJsonObject truth = truthOf(folder);
    const auto analysis = analyzed(filesOf(folder));
    QVERIFY(analysis.has_value());
    const auto &verdicts = analysis->diagnosis->verdicts;
    if (truth[u"root_cause"].toString() == u"none") {
        if (folder.endsWith(u"passes-tekton-succeeded-node-noise"_s))
            QEXPECT_FAIL("", "a kernel log beside a run that only YAML says passed", Abort);
        QVERIFY2(verdicts.empty() && analysis->findings->failures.empty(), qUtf8Printable(told(*analysis)));
        return;
    }
    QCOMPARE(sureAndWrong(*analysis, truth), QString());
    if (!truth[u"suffices"].toBool(true)) {
        QVERIFY2(!analysis->diagnosis->missing.empty() || analysis->findings->failures.empty(),
                 "an open question names no command");
        return;
    }
    // Not settled yet: no answer, or half of one, is what can be had here; a wrong one that is sure is not.
    static const QStringList Open{
        u"sigterm-by-script-itself"_s,
        u"branch-fails-others-aborted-jenkins"_s,
        u"buildkit-run-137-machine-oom"_s,
        u"clock-95s-behind-own-limit-azure-describe"_s,
        u"concurrency-newer-run-cancels"_s,
        u"elasticsearch-oomkilled-tests-refused-inspect"_s,
        u"ghview-cargo-continue-on-error"_s, // which of two steps ended the job only the run's page tells
        u"go-timeout-lock-cycle-circle"_s,
        u"jenkins-wrapper-script-agent-machine-oom"_s,
        u"jest-worker-sigkill-nobody-known"_s,
        u"matrix-failfast-two-jobs-gh-tsv"_s,
        u"parent-slice-rhel8-v1-jenkins"_s,
        u"trivy-gate-fails"_s,
        u"contract-tests-wait-for-slow-geocoder"_s,    // the log's clock is not told, so no latency is held against it
        u"search-peer-killed-clock-three-hours-off"_s, // its own limit, but told as that of a process beside the tests
        u"woodpecker-elixir-order-assertion"_s};
    if (Open.contains(QFileInfo(folder).fileName()))
        return;
    QVERIFY2(!verdicts.empty() && acceptedBy(truth).contains(verdicts.front().cause), qUtf8Printable(told(*analysis)));
    for (const QJsonValue &wrong : truth[u"not_the_cause"].toArray()) {
        const bool claimed = std::ranges::any_of(
            verdicts, [&](const Verdict &v) { return v.cause == wrong.toString() && isSure(v) && v.failure == 0; });
        QVERIFY2(!claimed, qUtf8Printable(told(*analysis)));
    }
    for (const RuledOut &out : analysis->diagnosis->ruledOut) {
        QVERIFY2(out.cause != truth[u"root_cause"].toString(), qUtf8Printable(out.cause + u" is ruled out"_s));
        QVERIFY2(!out.because.empty(), qUtf8Printable(out.cause + u" is ruled out for no reason"_s));
    }
    // The moment is told by a line that is not the first sign, or only by a clock that nothing joins to the others.
    static const QStringList OpenTimes{
        u"arc-canceled"_s,
        u"azure-pip-tls"_s,
        u"compile-error-backup-hung"_s, // only its file tells the day, as of the three after it
        u"bench-ssh-255-night-reboot"_s,
        u"concourse-image-build-disk-full"_s,
        u"teamcity-kotlin-flavour-not-compiling"_s,
        u"bench-pod-255-runtime-upgraded"_s,
        u"cancelled-e2e-was-host-out-of-memory"_s,
        u"image-build-volume-out-of-bytes"_s,
        u"it-pod-evicted-agent-removed"_s,
        u"nextest-timeouts-under-cpu-quota"_s,
        u"preview-image-built-on-arm"_s,
        u"healthz-timeout"_s,
        u"native-thread"_s,
        u"node-low-memory"_s,
        u"reason-unknown"_s,
        u"gitlab-pytest-rerunfailures"_s,
        u"conntrack-table-full"_s,
        u"spot-agent-terminated"_s,
        u"node-not-ready"_s,
        u"tls-not-yet-valid"_s};
    if (!OpenTimes.contains(QFileInfo(folder).fileName()))
        checkTime(*analysis, truth);
    // The gate's name stands in the line that failed, what it found two hundred lines before.
    if (folder.endsWith(u"/jenkins-maven-cvss-gate-after-nvd-retries"_s))
        return;
    if (const QJsonArray keys = truth[u"key_evidence"].toArray(); !keys.isEmpty())
        QVERIFY2(citesOneOf(*analysis, keys), "no line that a reader needs is cited");
}

void RunsTest::isNeverSureAndWrongWithoutASource_data()
{
    QTest::addColumn<QString>("folder");
    addRuns(test::dataPath(u"runs"_s), {});
    addRuns(test::dataPath(u"runs-adversarial"_s), u"adversarial/"_s);
    addRuns(test::dataPath(u"runs-blind"_s), u"blind/"_s);
    addRuns(test::dataPath(u"runs-unseen"_s), u"unseen/"_s);
    if (const QString incidents = test::corpusPath(u"incidents"_s); !incidents.isEmpty())
        addRuns(incidents, u"corpus/"_s);
}

void RunsTest::isNeverSureAndWrongWithoutASource()
{
    QFETCH(const QString, folder);
    const QJsonObject truth = truthOf(folder);
    const QStringList files = filesOf(folder);
    const auto whole = analyzed(files);
    QVERIFY(whole.has_value());
    note(*whole, truth);
    QStringList wrong;
    for (const QString &gone : files) {
        QStringList rest = files;
        rest.removeOne(gone);
        if (rest.isEmpty())
            continue;
        const auto analysis = analyzed(rest);
        if (!analysis)
            continue; // Nothing readable is left: that is said, and no diagnosis.
        if (const QString problem = sureAndWrong(*analysis, truth); !problem.isEmpty())
            wrong << QFileInfo(gone).fileName() + u" gone: "_s + problem;
    }
    if (folder.endsWith(u"/tekton-unschedulable"_s))
        QEXPECT_FAIL("", "without the pod's description only the time limit is told", Continue);
    if (folder.endsWith(u"/nfs-stall-job-timeout"_s))
        QEXPECT_FAIL("", "without the journal only the time limit is told", Continue);
    if (folder.endsWith(u"/preview-killed-by-probe-while-throttled"_s))
        QEXPECT_FAIL("", "without the log of the job nothing tells which of the two containers failed it", Continue);
    if (folder.endsWith(u"/parent-slice-oom"_s))
        QEXPECT_FAIL("", "without the kernel log the pod's own word counts for more than how little it used", Continue);
    QVERIFY2(wrong.isEmpty(), qUtf8Printable(wrong.join(u'\n')));
}

/// The first answer of a run, whole; where the evidence does not settle the cause, a confident one is wrong whatever it names.
void RunsTest::note(const Analysis &analysis, const QJsonObject &truth)
{
    const auto &verdicts = analysis.diagnosis->verdicts;
    if (verdicts.empty())
        return;
    const Verdict &first = verdicts.front();
    const auto step =
        std::ranges::find_if(m_calibration, [&](const Calibration &c) { return first.confidence >= c.least; });
    if (step == m_calibration.end())
        return;
    ++step->answers;
    const bool isOpen = !truth[u"suffices"].toBool(true) && isSure(first);
    step->right += acceptedBy(truth).contains(first.cause) && !isOpen ? 1 : 0;
}

void RunsTest::confidenceIsCalibrated()
{
    constexpr int LeastAnswers = 15;
    qInfo("confidence   answers   right");
    for (const Calibration &c : m_calibration)
        qInfo("  >= %.2f    %7d %7d", c.least, c.answers, c.right);
    const Calibration &sure = m_calibration.front();
    if (sure.answers < LeastAnswers)
        QSKIP("too few runs were analysed for a table");
    QVERIFY2(sure.right * 10 >= sure.answers * 9, "of answers at 0.9 or more, nine of ten must be right");
    QCOMPARE(m_calibration[1].right, m_calibration[1].answers); // sure, too: none may be wrong
}

void RunsTest::rulesOutByTheKernelsOwnLine()
{
    const auto analysis = analyzed(filesOf(test::dataPath(u"runs/oom-parent-slice-maven-gha"_s)));
    QVERIFY(analysis.has_value());
    for (const auto *const cause : {"mem.oom.global", "mem.oom.cgroup"}) {
        const auto &ruledOut = analysis->diagnosis->ruledOut;
        const auto found = std::ranges::find(ruledOut, QString::fromLatin1(cause), &RuledOut::cause);
        QVERIFY2(found != ruledOut.end(), cause);
        QVERIFY(!found->because.empty());
        QVERIFY(found->because.front().line > 0);
        QVERIFY(found->because.front().text.contains("Memory cgroup out of memory")
                || found->because.front().text.contains("CONSTRAINT_MEMCG"));
    }
}

void RunsTest::rulesOutByTheProgramsOwnWord()
{
    // A program that tells how it ended was not killed by the kernel.
    const auto analysis = analyzed(filesOf(test::dataPath(u"runs/node-heap-limit-jenkins"_s)));
    QVERIFY(analysis.has_value());
    for (const auto *const cause : {"mem.oom.global", "mem.oom.cgroup"}) {
        const auto &ruledOut = analysis->diagnosis->ruledOut;
        const auto found = std::ranges::find(ruledOut, QString::fromLatin1(cause), &RuledOut::cause);
        QVERIFY2(found != ruledOut.end(), cause);
        QVERIFY(!found->because.empty() && found->because.front().line > 0);
    }
}

void RunsTest::rulesOutLookAlikes_data()
{
    QTest::addColumn<QString>("run");
    QTest::addColumn<QStringList>("causes");
    const auto row = [](const char *run, const QStringList &causes) {
        QTest::newRow(run) << QString::fromLatin1(run) << causes;
    };
    row("runs/cxx-link-error", {u"test.assertion"_s});
    row("runs/ssh-denied-travis", {u"ssh.dns"_s, u"ssh.refused"_s, u"ssh.hostkey"_s});
    row("runs/postgres-refused-travis", {u"net.dns"_s});
    row("runs-adversarial/own-limit-elixir-cgroup2-describe", {u"mem.oom.global"_s, u"image.not_found"_s});
    row("runs-adversarial/circle-no-output-flutter", {u"cancel.user_or_newer"_s, u"test.assertion"_s});
}

void RunsTest::rulesOutLookAlikes()
{
    QFETCH(const QString, run);
    QFETCH(const QStringList, causes);
    const auto analysis = analyzed(filesOf(test::dataPath(run)));
    QVERIFY(analysis.has_value());
    for (const QString &cause : causes) {
        const auto &ruledOut = analysis->diagnosis->ruledOut;
        const auto found = std::ranges::find(ruledOut, cause, &RuledOut::cause);
        QVERIFY2(found != ruledOut.end(), qUtf8Printable(cause));
        QVERIFY(!found->because.empty());
        const EvidenceRef &because = found->because.front();
        QVERIFY2(because.line > 0 || because.series >= 0 || because.covered, qUtf8Printable(cause));
    }
}

void RunsTest::asksForWhatIsMissing()
{
    const auto analysis = analyzed(filesOf(test::dataPath(u"runs/exit-137-and-nothing-else"_s)));
    QVERIFY(analysis.has_value());
    QVERIFY(std::ranges::none_of(analysis->diagnosis->verdicts, isSure));
    QVERIFY(!analysis->diagnosis->missing.empty());
    QVERIFY(analysis->diagnosis->missing.front().command.contains(u"journalctl -k"_s));
}

FAULTLINE_TEST(RunsTest)
#include "tst_runs.moc"
