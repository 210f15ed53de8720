// SPDX-License-Identifier: GPL-3.0-or-later
// Searching the log that is shown, or all.
#include "app/logview/findbar.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"

#include <QLocale>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

void LogPane::find()
{
    const QString chosen = m_view->selectedText();
    if (!chosen.isEmpty() && !chosen.contains(u'\n'))
        m_find->setText(chosen);
    m_find->open();
    search();
}

void LogPane::findNext()
{
    goToHit(true);
}

void LogPane::findPrevious()
{
    goToHit(false);
}

void LogPane::search()
{
    if (!m_analysis.evidence || m_view->document().isNull())
        return;
    const SearchQuery query = m_find->query();
    m_searchedFrom = m_view->currentLine();
    m_wantsFirstHit = !query.text.isEmpty();
    LogSearch::Sources sources(m_analysis.evidence->sources.size());
    for (size_t i = 0; i < sources.size(); ++i) {
        const bool isShown = m_view->document().part(static_cast<int>(i)) != nullptr;
        if (isShown || (m_find->searchesAll() && !isMerged()))
            sources[i] = m_analysis.evidence->sources[i];
    }
    m_search->start(std::move(sources), source(), query);
}

LineSet LogPane::visibleHits() const
{
    return m_filters->shown() ? m_hits & *m_filters->shown() : m_hits;
}

void LogPane::searchChanged()
{
    updateHits();
}

/// Hits come by source; among merged lines, their numbers are looked up apart from the window.
void LogPane::updateHits()
{
    if (!isMerged()) {
        m_hits = m_search->hits(m_source);
        hitsChanged();
        return;
    }
    m_hitsAreStale = m_hitsWatcher.isRunning();
    if (m_hitsAreStale || m_view->document().isNull())
        return;
    std::vector<LineSet> hits;
    for (int i = 0; std::cmp_less(i, m_analysis.evidence->sources.size()); ++i)
        hits.push_back(m_search->hits(i));
    m_hitsWatcher.setFuture(
        QtConcurrent::run([order = m_filters->order(), hits = std::move(hits), cancel = m_hitsCancel] {
            return order ? order->positionsOf(hits, cancel) : LineSet();
        }));
}

void LogPane::hitsChanged()
{
    if (isMerged()) {
        if (!m_hitsAreStale && m_hitsWatcher.future().resultCount() > 0)
            m_hits = m_hitsWatcher.result();
        if (m_hitsAreStale)
            return updateHits();
    }
    if (m_wantsFirstHit && !m_hits.isEmpty()) {
        // The nearest from where the person was, at or after; the first of all once it is known that none follows.
        const LineSet hits = visibleHits();
        qint64 number = hits.next(m_searchedFrom);
        if (number == 0 && !m_search->isRunning())
            number = hits.at(0);
        if (number > 0) {
            m_wantsFirstHit = false;
            const LinePlace place = m_view->document().placeOf(number);
            showLine(place.source, place.line);
            activate(number);
        }
    }
    showFound();
}

void LogPane::showFound()
{
    if (!m_find->isVisible())
        return;
    std::vector<QRegularExpression> expressions;
    if (const auto plan = SearchPlan::of(m_find->query())) {
        for (const SearchTerm &term : plan->wanted())
            expressions.push_back(term.expression());
    }
    m_view->setFound(std::move(expressions), visibleHits());
    updateFindStatus();
}

void LogPane::goToHit(bool forward)
{
    if (!m_find->isVisible()) {
        find();
        return;
    }
    m_wantsFirstHit = false;
    const qint64 current = m_view->currentLine();
    const LineSet hits = visibleHits();
    LinePlace found = m_view->document().placeOf(forward ? hits.next(current + 1) : hits.previous(current - 1));
    if (found.line == 0 && m_find->searchesAll() && !isMerged()) {
        // On into the next log that holds a hit, round about.
        const int count = static_cast<int>(m_analysis.evidence->sources.size());
        for (int step = 1; step < count && found.line == 0; ++step) {
            found.source = (m_source + (forward ? step : count - step)) % count;
            const LineSet &other = m_search->hits(found.source);
            found.line = other.at(forward ? 0 : other.size() - 1);
        }
    }
    if (found.line == 0 && !m_search->isRunning())
        found = m_view->document().placeOf(hits.at(forward ? 0 : hits.size() - 1));
    if (found.line == 0)
        return;
    showLine(found.source, found.line);
    Q_EMIT lineActivated(found.source, found.line);
    updateFindStatus();
}

void LogPane::updateFindStatus()
{
    const QLocale locale;
    const QString problems = m_search->problems().join(u'\n');
    if (m_find->query().text.isEmpty()) {
        m_find->setStatus({}, false);
        return;
    }
    const LineSet hits = visibleHits();
    const QString count = locale.toString(hits.size());
    if (m_search->isRunning()) {
        m_find->setStatus(tr("%1 so far…").arg(locale.toString(m_search->count())), false);
        return;
    }
    if (m_search->count() == 0) {
        static const QRegularExpression joined(u"\\S\\s+(and|or|not)\\s+\\S"_s);
        if (!problems.isEmpty())
            m_find->setStatus(m_search->problems().constFirst(), true, problems);
        else if (!m_find->query().isCombined && m_find->query().text.contains(joined))
            m_find->setStatus(
                tr("No matches; try “and/or”"), true,
                tr("It is searched for as it is written. With “and/or” the words between are not part of it."));
        else
            m_find->setStatus(tr("No matches"), true);
        return;
    }
    const qint64 current = m_view->currentLine();
    QString status = hits.contains(current)
                         ? tr("%1 of %2 lines").arg(locale.toString(hits.countBefore(current) + 1), count)
                         : tr("%1 lines").arg(count);
    if (isMerged() && m_search->sourceCount() > 1)
        status = tr("%1 in %2 logs").arg(status, locale.toString(m_search->sourceCount()));
    else if (m_find->searchesAll() && m_search->sourceCount() > 0)
        status = tr("%1; %2 in %3 logs")
                     .arg(status, locale.toString(m_search->count()), locale.toString(m_search->sourceCount()));
    if (m_filters->shown() && hits.size() < m_hits.size())
        status = tr("%1 shown").arg(status);
    if (!problems.isEmpty())
        status = tr("%1, not all looked at").arg(status);
    m_find->setStatus(status, !problems.isEmpty(), problems);
}

} // namespace faultline
