// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logsearch.h"

#include "models/search/searchlines.h"

#include <QElapsedTimer>
#include <QLocale>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>

namespace faultline {

namespace {
constexpr int HandOverMs = 50;
} // namespace

LogSearch::LogSearch(QObject *parent)
    : QObject(parent)
{
}

LogSearch::~LogSearch()
{
    m_cancel.cancel();
    for (QFuture<void> &future : m_futures)
        future.waitForFinished();
}

void LogSearch::start(std::shared_ptr<const SourceEvidence> source, const SearchQuery &query)
{
    start(Sources{std::move(source)}, 0, query);
}

void LogSearch::start(Sources sources, int first, const SearchQuery &query)
{
    clear();
    const bool nothing = std::ranges::none_of(sources, [](const auto &source) { return source && source->text; });
    if (nothing || query.text.isEmpty()) {
        Q_EMIT changed();
        return;
    }
    const auto matcher = LineMatcher::of(query);
    if (!matcher) {
        const Error &error = matcher.error();
        m_problems = {error.position.column > 0 ? tr("Column %1: %2").arg(error.position.column).arg(error.message)
                                                : error.message};
        Q_EMIT changed();
        return;
    }
    m_matcher = *matcher;
    m_hits.resize(sources.size());
    m_isSearched.assign(sources.size(), false);
    m_cancel = CancelToken();
    std::vector<int> order;
    for (int i = 0; std::cmp_less(i, sources.size()); ++i) {
        m_isSearched[static_cast<size_t>(i)] = sources[static_cast<size_t>(i)] != nullptr;
        if (sources[static_cast<size_t>(i)])
            order.push_back(i);
    }
    std::ranges::stable_partition(order, [first](int source) { return source == first; });
    run(std::move(sources), std::move(order), 1);
}

void LogSearch::lookOn(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged)
{
    if (!m_matcher || std::cmp_greater_equal(source, m_isSearched.size()) || !m_isSearched[static_cast<size_t>(source)])
        return;
    LineSet &hits = m_hits[static_cast<size_t>(source)];
    hits = hits - LineSet::range(firstChanged, evidence->lineCount());
    Sources sources(m_isSearched.size());
    sources[static_cast<size_t>(source)] = std::move(evidence);
    run(std::move(sources), {source}, firstChanged);
}

void LogSearch::run(Sources sources, std::vector<int> order, qint64 firstLine)
{
    ++m_runs;
    m_futures.removeIf([](const QFuture<void> &future) { return future.isFinished(); });
    m_futures.append(QtConcurrent::run([this, sources = std::move(sources), order = std::move(order), firstLine,
                                        matcher = m_matcher, cancel = m_cancel, generation = m_generation] {
        QStringList problems;
        QElapsedTimer sinceHandOver;
        sinceHandOver.start();
        for (const int index : order) {
            const SourceEvidence &source = *sources[static_cast<size_t>(index)];
            LineSet pending;
            const auto handOver = [&] {
                QMetaObject::invokeMethod(
                    this, [this, generation, index, found = pending] { collect(generation, index, found); },
                    Qt::QueuedConnection);
                pending.clear();
                sinceHandOver.restart();
            };
            const PassEnd end = searchLines(source, *matcher, {firstLine}, passThreads(), cancel,
                                            [&](const std::vector<qint64> &lines, qint64) {
                                                pending.addSorted(lines);
                                                if (!pending.isEmpty() && sinceHandOver.hasExpired(HandOverMs))
                                                    handOver();
                                            });
            if (end.isCancelled)
                return;
            if (!pending.isEmpty())
                handOver();
            if (end.error)
                problems.append(end.error->toString());
            if (end.gaveUp > 0)
                problems.append(tr("%1: the expression was too costly on %2 lines, which count as not matching")
                                    .arg(source.path, QLocale().toString(end.gaveUp)));
        }
        QMetaObject::invokeMethod(
            this, [this, generation, problems] { finish(generation, problems); }, Qt::QueuedConnection);
    }));
}

void LogSearch::stop()
{
    m_cancel.cancel();
    ++m_generation; // what the worker still hands over is dropped
    m_runs = 0;
    m_matcher.reset();
}

void LogSearch::clear()
{
    stop();
    m_hits.clear();
    m_problems.clear();
}

void LogSearch::collect(quint64 generation, int source, const LineSet &found)
{
    if (generation != m_generation)
        return;
    LineSet &hits = m_hits[static_cast<size_t>(source)];
    hits = hits.isEmpty() ? found : hits | found;
    Q_EMIT changed();
}

void LogSearch::finish(quint64 generation, const QStringList &problems)
{
    if (generation != m_generation)
        return;
    --m_runs;
    m_problems += problems;
    Q_EMIT changed();
}

const LineSet &LogSearch::hits(int source) const
{
    static const LineSet None;
    return source >= 0 && std::cmp_less(source, m_hits.size()) ? m_hits[static_cast<size_t>(source)] : None;
}

qint64 LogSearch::count() const
{
    qint64 count = 0;
    for (const LineSet &hits : m_hits)
        count += hits.size();
    return count;
}

int LogSearch::sourceCount() const
{
    return static_cast<int>(std::ranges::count_if(m_hits, [](const LineSet &hits) { return !hits.isEmpty(); }));
}

qint64 LogSearch::next(int source, qint64 line, bool forward, bool wrap) const
{
    const LineSet &lines = hits(source);
    const qint64 found = forward ? lines.next(line + 1) : lines.previous(line - 1);
    return found == 0 && wrap ? lines.at(forward ? 0 : lines.size() - 1) : found;
}

} // namespace faultline
