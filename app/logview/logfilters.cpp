// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logfilters.h"

#include "models/search/searchlines.h"

#include <QLocale>
#include <QtConcurrent/QtConcurrentRun>

#include <algorithm>
#include <utility>

namespace faultline {

LogFilters::LogFilters(QObject *parent)
    : QObject(parent)
{
}

LogFilters::~LogFilters()
{
    m_cancel.cancel();
    for (QFuture<void> &future : m_futures)
        future.waitForFinished();
}

void LogFilters::setParts(std::vector<LogPart> parts, std::shared_ptr<const MergedLines> order)
{
    m_state.parts = std::move(parts);
    m_state.summaries.clear();
    m_state.order = std::move(order);
    m_state.folded.clear();
    std::erase_if(m_state.filters,
                  [](const LogFilter &filter) { return std::holds_alternative<PlaceFilter>(filter.what); });
    m_state.answers.clear();
    m_state.answers.resize(m_state.filters.size());
    m_shown.reset();
    m_order = m_state.order;
    m_grown.clear();
    refresh();
}

void LogFilters::setOrder(std::shared_ptr<const MergedLines> order)
{
    m_state.order = std::move(order);
    refresh();
}

void LogFilters::setGrown(int source, std::shared_ptr<const SourceEvidence> evidence, qint64 firstChanged)
{
    // What runs is not stopped: where a log grows all the time, nothing would ever be looked at to its end.
    if (m_isRunning) {
        m_grown.push_back({source, std::move(evidence), firstChanged});
        return;
    }
    const auto part = std::ranges::find(m_state.parts, source, &LogPart::source);
    if (part == m_state.parts.end())
        return;
    part->evidence = std::move(evidence);
    m_state.summaries.erase(source);
    const auto index = static_cast<size_t>(source);
    for (auto &known : m_state.answers) {
        if (!known || known->lookedAt[index] < firstChanged)
            continue;
        auto answer = std::make_shared<Answer>(*known);
        answer->lines[index] = answer->lines[index] - LineSet::range(firstChanged, answer->lookedAt[index]);
        answer->lookedAt[index] = firstChanged - 1;
        known = answer;
    }
    refresh();
}

void LogFilters::setRange(const std::optional<LogFilter> &range)
{
    const auto known = std::ranges::find(m_state.filters, true, &LogFilter::isRange);
    if (known != m_state.filters.end()) {
        m_state.answers.erase(m_state.answers.begin() + (known - m_state.filters.begin()));
        m_state.filters.erase(known);
    }
    if (range) {
        m_state.filters.insert(m_state.filters.begin(), *range);
        m_state.answers.insert(m_state.answers.begin(), nullptr);
    }
    refresh();
}

void LogFilters::setSummaries(std::function<std::shared_ptr<const LineSummary>(int source)> summaryOf)
{
    m_summaryOf = std::move(summaryOf);
}

void LogFilters::setFolded(std::vector<LineSet> folded)
{
    if (std::ranges::all_of(folded, &LineSet::isEmpty))
        folded.clear();
    if (folded.empty() && m_state.folded.empty())
        return;
    m_state.folded = std::move(folded);
    refresh();
}

bool LogFilters::add(const LogFilter &filter)
{
    const auto *query = std::get_if<SearchQuery>(&filter.what);
    if (query && !LineMatcher::of(*query))
        return false;
    for (const LogFilter &known : std::as_const(m_state.filters)) {
        if (known.what == filter.what && known.hides == filter.hides)
            return false;
    }
    m_state.filters.push_back(filter);
    m_state.answers.push_back(nullptr);
    refresh();
    return true;
}

void LogFilters::remove(size_t index)
{
    if (index >= m_state.filters.size())
        return;
    const auto at = static_cast<std::ptrdiff_t>(index);
    m_state.filters.erase(m_state.filters.begin() + at);
    m_state.answers.erase(m_state.answers.begin() + at);
    refresh();
}

void LogFilters::clear()
{
    m_state.filters.clear();
    m_state.answers.clear();
    refresh();
}

void LogFilters::setContext(int lines)
{
    m_state.context = std::max(0, lines);
    refresh();
}

PassEnd LogFilters::look(const LogFilter &filter, const LogPart &part, LineRange range, const LineSummary *summary,
                         const CancelToken &cancel, LineSet &lines)
{
    const FoundLines found = [&](const std::vector<qint64> &more, qint64) { lines.addSorted(more); };
    const SourceEvidence &source = *part.evidence;
    if (const auto *query = std::get_if<SearchQuery>(&filter.what)) {
        const auto matcher = LineMatcher::of(*query);
        return matcher ? searchLines(source, **matcher, range, passThreads(), cancel, found) : PassEnd();
    }
    if (const auto *level = std::get_if<LevelFilter>(&filter.what))
        return filterLines(
            source, range, passThreads(), cancel,
            [least = level->least](const TimedLine &line) { return line.level >= least; }, found);
    if (const auto *time = std::get_if<TimeFilter>(&filter.what)) {
        PassEnd end;
        for (const LineRange &stretch :
             linesWithin(summary ? *summary : LineSummary(), part.placement, time->from, time->to, range)) {
            end = filterLines(
                source, stretch, passThreads(), cancel,
                [&](const TimedLine &line) {
                    const auto placed = line.time ? part.placement.place(*line.time) : std::nullopt;
                    return placed && placed->time >= time->from && placed->time <= time->to;
                },
                found);
            if (end.error || end.isCancelled)
                break;
        }
        return end;
    }
    if (const auto *place = std::get_if<PlaceFilter>(&filter.what))
        lines.addRange(std::max(range.first, place->first), std::min({place->last, range.last, source.lineCount()}));
    return {};
}

/// In a worker: looks at the lines that the condition was not held against yet.
std::shared_ptr<const LogFilters::Answer> LogFilters::answer(const State &state, size_t filter,
                                                             const CancelToken &cancel)
{
    const auto &known = state.answers.at(filter);
    auto answer = known ? std::make_shared<Answer>(*known) : std::make_shared<Answer>();
    const size_t sources = state.parts.empty() ? 0 : static_cast<size_t>(state.parts.back().source) + 1;
    answer->lines.resize(sources);
    answer->lookedAt.resize(sources, 0);
    for (const LogPart &part : state.parts) {
        const auto index = static_cast<size_t>(part.source);
        const LineRange range{answer->lookedAt[index] + 1, part.evidence->lineCount()};
        if (range.first > range.last)
            continue;
        const auto summary = state.summaries.find(part.source);
        const PassEnd end =
            look(state.filters.at(filter), part, range,
                 summary == state.summaries.end() ? nullptr : summary->second.get(), cancel, answer->lines[index]);
        if (cancel.isCancelled())
            return nullptr;
        answer->lookedAt[index] = range.last;
        if (end.error)
            answer->problems.append(end.error->toString());
        if (end.gaveUp > 0)
            answer->problems.append(tr("The expression was too costly on %1 lines, which count as not matching")
                                        .arg(QLocale().toString(end.gaveUp)));
    }
    return answer;
}

bool LogFilters::State::isAnswered(size_t filter) const
{
    const auto &known = answers.at(filter);
    return known && std::ranges::all_of(parts, [&](const LogPart &part) {
               return known->lookedAt[static_cast<size_t>(part.source)] >= part.evidence->lineCount();
           });
}

std::optional<LineSet> LogFilters::State::shown(const CancelToken &cancel) const
{
    if (hidesNothing())
        return std::nullopt;
    std::vector<LineSet> shown(static_cast<size_t>(parts.back().source) + 1);
    for (const LogPart &part : parts) {
        LineSet &lines = shown[static_cast<size_t>(part.source)];
        lines = LineSet::range(1, part.evidence->lineCount());
        for (size_t i = 0; i < filters.size(); ++i) {
            const LineSet &answer = answers.at(i)->lines[static_cast<size_t>(part.source)];
            lines = filters.at(i).hides ? lines - answer : lines & answer;
        }
    }
    if (!order)
        return shown.back().widened(context, parts.back().evidence->lineCount());
    const LineSet widened = order->positionsOf(shown, cancel).widened(context, order->size());
    return folded.empty() ? widened : widened - order->positionsOf(folded, cancel);
}

void LogFilters::take(const State &state, std::optional<LineSet> shown)
{
    m_isRunning = false;
    m_state.answers = state.answers;
    m_order = state.order;
    m_shown = std::move(shown);
    m_problems.clear();
    for (const auto &answer : std::as_const(m_state.answers))
        m_problems += answer ? answer->problems : QStringList();
    Q_EMIT changed();
    for (Growth &growth : std::exchange(m_grown, {}))
        setGrown(growth.source, std::move(growth.evidence), growth.firstChanged);
}

void LogFilters::refresh()
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    const quint64 generation = ++m_generation;
    m_futures.removeIf([](const QFuture<void> &future) { return future.isFinished(); });
    bool isAnswered = true;
    for (size_t i = 0; i < m_state.filters.size(); ++i)
        isAnswered = isAnswered && m_state.isAnswered(i);
    // Sets of one source are put together at once; those of several take a look at the whole order.
    if (m_state.hidesNothing() || (isAnswered && !m_state.order)) {
        take(m_state, m_state.shown(m_cancel));
        return;
    }
    for (const LogPart &part : m_state.parts) {
        if (auto summary = m_summaryOf ? m_summaryOf(part.source) : nullptr)
            m_state.summaries[part.source] = std::move(summary);
    }
    m_isRunning = true;
    m_futures.append(QtConcurrent::run([this, generation, cancel = m_cancel, state = m_state]() mutable {
        for (size_t i = 0; i < state.filters.size(); ++i) {
            if (!state.isAnswered(i))
                state.answers[i] = answer(state, i, cancel);
            if (cancel.isCancelled())
                return;
        }
        auto shown = state.shown(cancel);
        QMetaObject::invokeMethod(
            this,
            [this, generation, state, shown = std::move(shown)] {
                if (generation == m_generation)
                    take(state, shown);
            },
            Qt::QueuedConnection);
    }));
    Q_EMIT changed();
}

} // namespace faultline
