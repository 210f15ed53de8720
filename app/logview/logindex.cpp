// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logindex.h"

#include <QElapsedTimer>
#include <QThread>

#include <algorithm>
#include <atomic>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <unistd.h>
#endif

namespace faultline {

namespace {

constexpr int SummaryHandOverMs = 300;

bool isDone(const MergeInput &input)
{
    return !input.source || !input.source->text
           || (input.summary && input.summary->lineCount >= input.source->lineCount());
}

/// Of this thread and all that it starts: the window's goes first. On two cores a pass over a long log would hold up scrolling through it.
void giveWay()
{
#ifdef Q_OS_LINUX
    // Qt's priorities do nothing under Linux' usual scheduling.
    constexpr int Niceness = 10;
    ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), Niceness);
#else
    QThread::currentThread()->setPriority(QThread::LowPriority);
#endif
}

} // namespace

LogIndex::LogIndex(QObject *parent)
    : QObject(parent)
{
    m_pool.setMaxThreadCount(1);
}

LogIndex::~LogIndex()
{
    m_cancel.cancel();
    m_pool.waitForDone();
}

void LogIndex::setAnalysis(const Analysis &analysis)
{
    m_cancel.cancel();
    ++m_generation;
    m_isRunning = m_startsAgain = false;
    std::vector<MergeInput> inputs(analysis.evidence ? analysis.evidence->sources.size() : 0);
    for (size_t i = 0; i < inputs.size(); ++i) {
        inputs[i].source = analysis.evidence->sources[i];
        if (analysis.placement && i < analysis.placement->sources.size())
            inputs[i].placement = analysis.placement->sources[i];
        // Evidence is made anew where a clock is set; its text stays.
        const auto known = std::ranges::find_if(m_inputs, [&](const MergeInput &input) {
            return input.source && input.source->text && input.source->text == inputs[i].source->text;
        });
        if (known != m_inputs.end())
            inputs[i].summary = known->summary;
    }
    m_inputs = std::move(inputs);
    m_wanted.clear();
    m_isMergeWanted = m_isMerged = false;
    m_merged = std::make_shared<const MergedLines>();
    m_mergedWarnings.clear();
    m_mergedErrors.clear();
    m_leftOut.clear();
    m_linesLeftOut = 0;
}

void LogIndex::setGrown(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged)
{
    if (source < 0 || std::cmp_greater_equal(source, m_inputs.size()))
        return;
    MergeInput &input = m_inputs[static_cast<size_t>(source)];
    input.source = std::move(evidence);
    if (input.summary) {
        auto known = std::make_shared<LineSummary>(*input.summary);
        known->forgetFrom(firstChanged);
        input.summary = known;
    }
    m_isMerged = false;
    // What runs is not stopped: a log that grows all the time would never be looked at to its end.
    if (m_isRunning)
        m_startsAgain = true;
    else
        start();
}

void LogIndex::want(int source)
{
    std::erase(m_wanted, source);
    m_wanted.insert(m_wanted.begin(), source);
    start();
}

void LogIndex::wantMerged()
{
    if (std::exchange(m_isMergeWanted, true))
        return;
    start();
}

std::shared_ptr<const LineSummary> LogIndex::summary(int source) const
{
    return source >= 0 && std::cmp_less(source, m_inputs.size()) ? m_inputs[static_cast<size_t>(source)].summary
                                                                 : nullptr;
}

void LogIndex::start()
{
    std::vector<int> sources = m_wanted;
    for (int i = 0; m_isMergeWanted && std::cmp_less(i, m_inputs.size()); ++i) {
        if (std::ranges::find(sources, i) == sources.end())
            sources.push_back(i);
    }
    std::erase_if(sources, [this](int source) {
        return std::cmp_greater_equal(source, m_inputs.size()) || isDone(m_inputs[static_cast<size_t>(source)]);
    });
    const bool merges = m_isMergeWanted && !m_isMerged;
    if (sources.empty() && !merges)
        return;
    m_isRunning = true;
    m_startsAgain = false;
    m_cancel.cancel();
    m_cancel = CancelToken();
    // Lines that are merged anew stay where they are until all are.
    m_pool.start([this, inputs = m_inputs, sources, merges, tells = m_merged->size() == 0, generation = ++m_generation,
                  cancel = m_cancel] {
        giveWay();
        work(inputs, sources, merges, tells, generation, cancel);
        QMetaObject::invokeMethod(this, [this, generation] { end(generation); }, Qt::QueuedConnection);
    });
}

void LogIndex::end(quint64 generation)
{
    if (generation != m_generation)
        return;
    m_isRunning = false;
    if (m_startsAgain)
        start();
}

/// In a worker.
void LogIndex::work(std::vector<MergeInput> inputs, const std::vector<int> &sources, bool merges, bool tellsGrowth,
                    quint64 generation, const CancelToken &cancel)
{
    const auto tell = [this](const auto &what) { QMetaObject::invokeMethod(this, what, Qt::QueuedConnection); };
    for (const int source : sources) {
        MergeInput &input = inputs[static_cast<size_t>(source)];
        auto summary = input.summary ? std::make_shared<LineSummary>(*input.summary) : std::make_shared<LineSummary>();
        const auto handOver = [&](std::shared_ptr<const LineSummary> so) {
            tell([this, source, of = input.source, so] { takeSummary(source, of, so); });
        };
        // While the window is busy they do not pile up: each may be tens of megabytes.
        const auto isUnderway = std::make_shared<std::atomic<bool>>(false);
        QElapsedTimer sinceHandOver;
        sinceHandOver.start();
        const PassEnd end =
            summarizeLines(*input.source, *summary, passThreads(), cancel, [&](const LineSummary &soFar) {
                if (!sinceHandOver.hasExpired(SummaryHandOverMs) || isUnderway->exchange(true))
                    return;
                handOver(std::make_shared<const LineSummary>(soFar));
                tell([isUnderway] { *isUnderway = false; });
                sinceHandOver.restart();
            });
        if (end.error)
            summary->lineCount = input.source->lineCount(); // what is gone cannot be looked at again and again
        input.summary = summary;
        handOver(summary); // also where it was cancelled: the next pass goes on from there
        if (cancel.isCancelled())
            return;
    }
    if (!merges)
        return;
    const auto takeIfCurrent = [this, generation](const MergeEnd &end, bool isAll) {
        if (generation != m_generation)
            return;
        m_isMerged = isAll && !m_startsAgain;
        takeMerged(end);
    };
    MergeEnd end;
    end.lines = mergeLines(inputs, cancel, [&](const std::shared_ptr<const MergedLines> &soFar) {
        if (tellsGrowth)
            tell([takeIfCurrent, soFar] { takeIfCurrent({soFar, {}, {}, {}, 0}, false); });
    });
    std::vector<LineSet> warnings;
    std::vector<LineSet> errors;
    for (size_t i = 0; i < inputs.size(); ++i) {
        warnings.push_back(inputs[i].summary ? inputs[i].summary->warnings : LineSet());
        errors.push_back(inputs[i].summary ? inputs[i].summary->errors : LineSet());
        const qint64 without = linesWithoutTime(inputs[i]);
        end.linesLeftOut += without;
        if (without > 0 && without == inputs[i].source->lineCount())
            end.leftOut.append(static_cast<int>(i));
    }
    end.warnings = end.lines->positionsOf(warnings, cancel);
    end.errors = end.lines->positionsOf(errors, cancel);
    if (!cancel.isCancelled())
        tell([takeIfCurrent, end] { takeIfCurrent(end, true); });
}

void LogIndex::takeSummary(int source, const std::shared_ptr<const SourceEvidence> &of,
                           std::shared_ptr<const LineSummary> summary)
{
    if (std::cmp_greater_equal(source, m_inputs.size()))
        return;
    MergeInput &input = m_inputs[static_cast<size_t>(source)];
    if (input.source != of) {
        if (input.source->path != of->path)
            return;
        // The log has grown meanwhile: its last line may have gone on.
        auto known = std::make_shared<LineSummary>(*summary);
        known->forgetFrom(of->lineCount());
        summary = known;
    }
    if (input.summary && input.summary->lineCount >= summary->lineCount)
        return;
    input.summary = std::move(summary);
    Q_EMIT summaryChanged(source);
}

void LogIndex::takeMerged(const MergeEnd &end)
{
    m_merged = end.lines;
    m_mergedWarnings = end.warnings;
    m_mergedErrors = end.errors;
    m_leftOut = end.leftOut;
    m_linesLeftOut = end.linesLeftOut;
    Q_EMIT mergedChanged();
}

} // namespace faultline
