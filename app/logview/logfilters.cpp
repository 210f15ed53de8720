// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logfilters.h"

#include "models/search/searchlines.h"

#include <QLocale>
#include <QtConcurrent/QtConcurrentRun>

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

void LogFilters::setSource(std::shared_ptr<const SourceEvidence> source, const SourcePlacement &placement)
{
    m_source = std::move(source);
    m_placement = placement;
    m_filters.removeIf([](const LogFilter &filter) { return std::holds_alternative<PlaceFilter>(filter.what); });
    m_answers.clear();
    m_answers.resize(m_filters.size());
    m_shown.reset();
    refresh();
}

bool LogFilters::add(const LogFilter &filter)
{
    const auto *query = std::get_if<SearchQuery>(&filter.what);
    if (query && !LineMatcher::of(*query))
        return false;
    for (const LogFilter &known : std::as_const(m_filters)) {
        if (known.what == filter.what && known.hides == filter.hides)
            return false;
    }
    m_filters.append(filter);
    m_answers.append(nullptr);
    refresh();
    return true;
}

void LogFilters::remove(qsizetype index)
{
    m_filters.removeAt(index);
    m_answers.removeAt(index);
    refresh();
}

void LogFilters::clear()
{
    m_filters.clear();
    m_answers.clear();
    refresh();
}

void LogFilters::setContext(int lines)
{
    m_context = std::max(0, lines);
    if (!m_isRunning) {
        combine();
        Q_EMIT changed();
    }
}

LogFilters::Answer LogFilters::answer(const LogFilter &filter, const SourceEvidence &source,
                                      const SourcePlacement &placement, const CancelToken &cancel)
{
    Answer answer;
    const FoundLines found = [&](const std::vector<qint64> &lines, qint64) { answer.lines.addSorted(lines); };
    PassEnd end;
    if (const auto *query = std::get_if<SearchQuery>(&filter.what)) {
        const auto matcher = LineMatcher::of(*query);
        if (matcher)
            end = searchLines(source, **matcher, {}, passThreads(), cancel, found);
    } else if (const auto *level = std::get_if<LevelFilter>(&filter.what)) {
        end = filterLines(
            source, {}, passThreads(), cancel,
            [least = level->least](const TimedLine &line) { return line.level >= least; }, found);
    } else if (const auto *time = std::get_if<TimeFilter>(&filter.what)) {
        end = filterLines(
            source, {}, passThreads(), cancel,
            [&](const TimedLine &line) {
                const auto placed = line.time ? placement.place(*line.time) : std::nullopt;
                return placed && placed->time >= time->from && placed->time <= time->to;
            },
            found);
    } else if (const auto *place = std::get_if<PlaceFilter>(&filter.what)) {
        answer.lines.addRange(std::max<qint64>(1, place->first), std::min(place->last, source.lineCount()));
    }
    if (end.error)
        answer.problems.append(end.error->toString());
    if (end.gaveUp > 0)
        answer.problems.append(tr("The expression was too costly on %1 lines, which count as not matching")
                                   .arg(QLocale().toString(end.gaveUp)));
    return answer;
}

void LogFilters::refresh()
{
    m_cancel.cancel();
    m_cancel = CancelToken();
    const quint64 generation = ++m_generation;
    m_futures.removeIf([](const QFuture<void> &future) { return future.isFinished(); });
    m_isRunning = m_source && m_source->text && m_answers.contains(nullptr);
    if (!m_isRunning) {
        combine();
        Q_EMIT changed();
        return;
    }
    m_futures.append(QtConcurrent::run([this, generation, cancel = m_cancel, filters = m_filters, answers = m_answers,
                                        source = m_source, placement = m_placement]() mutable {
        for (qsizetype i = 0; i < filters.size(); ++i) {
            if (!answers.at(i))
                answers[i] = std::make_shared<Answer>(answer(filters.at(i), *source, placement, cancel));
            if (cancel.isCancelled())
                return;
        }
        QMetaObject::invokeMethod(
            this,
            [this, generation, answers] {
                if (generation != m_generation)
                    return;
                m_answers = answers;
                m_isRunning = false;
                combine();
                Q_EMIT changed();
            },
            Qt::QueuedConnection);
    }));
    Q_EMIT changed();
}

void LogFilters::combine()
{
    m_problems.clear();
    if (m_filters.isEmpty() || !m_source || !m_source->text) {
        m_shown.reset();
        return;
    }
    const qint64 last = m_source->lineCount();
    LineSet shown = LineSet::range(1, last);
    for (qsizetype i = 0; i < m_filters.size(); ++i) {
        const Answer &answer = *m_answers.at(i);
        shown = m_filters.at(i).hides ? shown - answer.lines : shown & answer.lines;
        m_problems += answer.problems;
    }
    m_shown = shown.widened(m_context, last);
}

} // namespace faultline
