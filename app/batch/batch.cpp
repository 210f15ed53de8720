// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/batch/batch.h"

#include "app/report/reportwords.h"
#include "models/compare/mask.h"
#include "models/core/sidebyside.h"
#include "models/core/translate.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qsizetype MostFailedTests = 50;

struct TestCount {
    qint64 passed = 0;
    qint64 failed = 0;
    std::optional<TimeNs> first;
    std::optional<TimeNs> last;
    QStringList runs;
};

void widen(std::optional<TimeNs> &first, std::optional<TimeNs> &last, const std::optional<TimeNs> &time)
{
    if (!time)
        return;
    first = first ? std::min(*first, *time) : *time;
    last = last ? std::max(*last, *time) : *time;
}

BatchRun rowOf(const QString &path, const Analysis &analysis)
{
    BatchRun row;
    row.path = path;
    const auto &failures = analysis.findings->failures;
    row.failed = !failures.empty();
    if (!row.failed) {
        row.time = lastMoment(analysis);
        return row;
    }
    const Failure &first = failures.front();
    row.what = first.what;
    row.exitCode = first.exitCode;
    if (first.time)
        row.time = first.time->time;
    for (const EvidenceRef &ref : first.evidence)
        if (ref.role == EvidenceRole::Failing && !ref.text.isEmpty()) {
            row.failingLine = reportText(ref.text);
            break;
        }
    for (const Verdict &verdict : analysis.diagnosis->verdicts)
        if (verdict.failure == first.id) {
            if (verdict.status != VerdictStatus::Possible) {
                row.cause = verdict.cause;
                row.title = verdict.title;
                row.status = verdictStatusName(verdict.status);
                row.confidence = verdict.confidence;
            }
            break;
        }
    row.cluster = maskedLine((row.failingLine.isEmpty() ? row.what : row.failingLine).toStdString());
    return row;
}

/// How each test of a run came out: failed where it did once.
std::map<QByteArray, bool> testsOf(const Analysis &analysis)
{
    std::map<QByteArray, bool> failed;
    for (const auto &source : analysis.evidence->sources)
        for (const Span &span : source->spans)
            if (span.kind == SpanKind::Test && (span.outcome == Outcome::Passed || span.outcome == Outcome::Failed))
                failed[span.name] |= span.outcome == Outcome::Failed;
    return failed;
}

/// Counts over the rows that have what `idOf` gives, the most frequent first.
template<typename IdOf, typename TitleOf>
std::vector<BatchCount> counted(const std::vector<BatchRun> &runs, IdOf idOf, TitleOf titleOf)
{
    std::map<QString, BatchCount> counts;
    for (const BatchRun &run : runs) {
        const QString id = idOf(run);
        if (id.isEmpty())
            continue;
        BatchCount &count = counts[id];
        count.id = id;
        count.title = count.title.isEmpty() ? titleOf(run) : count.title;
        ++count.count;
        widen(count.first, count.last, run.time);
        if (count.runs.size() < BatchCount::MostRuns)
            count.runs << run.path;
    }
    std::vector<BatchCount> result;
    for (auto &[id, count] : counts)
        result.push_back(std::move(count));
    std::ranges::stable_sort(result, std::ranges::greater(), &BatchCount::count);
    return result;
}

/// Shared by the workers.
class Collector
{
public:
    Collector(const QStringList &paths, const Knowledge &knowledge, const AnalyzeOptions &options)
        : m_paths(paths)
        , m_knowledge(knowledge)
        , m_options(options)
    {
        m_options.import.threads = 1;
        m_options.import.progress = {};
        m_batch.runs.resize(static_cast<size_t>(paths.size()));
    }

    void work(const ProgressFunction &progress)
    {
        for (;;) {
            const qsizetype index = m_next.fetch_add(1);
            if (index >= m_paths.size() || m_options.import.cancel.isCancelled())
                return;
            take(index);
            const qsizetype done = m_done.fetch_add(1) + 1;
            if (progress)
                progress(done, m_paths.size());
        }
    }

    Batch result()
    {
        Batch batch = std::move(m_batch);
        for (const BatchRun &run : batch.runs) {
            batch.failedRuns += run.failed ? 1 : 0;
            batch.unreadableRuns += run.error.isEmpty() ? 0 : 1;
        }
        batch.causes = counted(
            batch.runs, [](const BatchRun &run) { return run.cause; }, [](const BatchRun &run) { return run.title; });
        batch.unknown = counted(
            batch.runs,
            [](const BatchRun &run) {
                return run.failed && run.cause.isEmpty() ? QString::fromUtf8(run.cluster) : QString();
            },
            [](const BatchRun &run) { return run.failingLine.isEmpty() ? run.what : run.failingLine; });
        if (batch.unknown.size() > Batch::MostListed)
            batch.unknown.resize(Batch::MostListed);
        addFlaky(batch);
        return batch;
    }

private:
    void take(qsizetype index)
    {
        const QString &path = m_paths[index];
        const auto analysis = analyze({path}, m_knowledge, m_options);
        BatchRun row;
        std::map<QByteArray, bool> tests;
        if (analysis) {
            row = rowOf(path, *analysis);
            tests = testsOf(*analysis);
        } else {
            row.path = path;
            row.error = analysis.error().message;
        }
        for (const auto &[name, failed] : tests)
            if (failed && row.failedTests.size() < MostFailedTests)
                row.failedTests << reportText(name);
        const std::scoped_lock lock(m_mutex);
        for (const auto &[name, failed] : tests)
            count(name, failed, row);
        m_batch.runs[static_cast<size_t>(index)] = std::move(row);
    }

    void count(const QByteArray &name, bool failed, const BatchRun &run)
    {
        const auto known = m_tests.find(name);
        if (known == m_tests.end() && m_tests.size() >= Batch::MostTests) {
            m_batch.testsCut = true;
            return;
        }
        TestCount &test = known == m_tests.end() ? m_tests[name] : known->second;
        (failed ? test.failed : test.passed) += 1;
        if (!failed)
            return;
        widen(test.first, test.last, run.time);
        if (test.runs.size() < BatchCount::MostRuns)
            test.runs << run.path;
    }

    void addFlaky(Batch &batch) const
    {
        for (const auto &[name, test] : m_tests)
            if (test.failed > 0 && test.passed > 0)
                batch.flaky.push_back(
                    {reportText(name), {}, test.failed, test.passed, test.first, test.last, test.runs});
        for (BatchCount &test : batch.flaky)
            test.runs.sort(); // workers come in any order
        std::ranges::stable_sort(batch.flaky, std::ranges::greater(), &BatchCount::count);
        if (batch.flaky.size() > Batch::MostListed)
            batch.flaky.resize(Batch::MostListed);
    }

    const QStringList &m_paths;
    const Knowledge &m_knowledge;
    AnalyzeOptions m_options;
    std::atomic<qsizetype> m_next = 0;
    std::atomic<qsizetype> m_done = 0;
    std::mutex m_mutex;
    std::map<QByteArray, TestCount> m_tests;
    Batch m_batch;
};

} // namespace

Result<QStringList> batchRunPaths(const QStringList &folders)
{
    QStringList runs;
    for (const QString &folder : folders) {
        const QFileInfo info(folder);
        if (!info.exists())
            return failure(Code::NotFound, tr("%1 does not exist").arg(folder));
        if (!info.isDir()) {
            runs << folder;
            continue;
        }
        const QDir directory(folder);
        for (const QString &name :
             directory.entryList(QDir::Dirs | QDir::Files | QDir::NoDotAndDotDot | QDir::Readable, QDir::Name))
            runs << directory.filePath(name);
    }
    return runs;
}

Batch analyzeBatch(const QStringList &runs, const Knowledge &knowledge, const AnalyzeOptions &options)
{
    const int threads = threadsOrCores(options.import.threads);
    Collector collector(runs, knowledge, options);
    {
        std::vector<std::jthread> others;
        for (int i = 1; i < threads; ++i)
            others.emplace_back([&] { collector.work(options.import.progress); });
        collector.work(options.import.progress);
    }
    return collector.result();
}

} // namespace faultline
