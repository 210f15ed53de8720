// SPDX-License-Identifier: GPL-3.0-or-later
// All logs in one, by time; and what is known of lines by their source, told by number.
#include "app/logview/filenotice.h"
#include "app/logview/findbar.h"
#include "app/logview/logfilters.h"
#include "app/logview/logpane.h"
#include "app/logview/timedialog.h"

#include <QComboBox>
#include <QLabel>
#include <QLocale>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

std::vector<LogPart> LogPane::mergeableParts() const
{
    std::vector<LogPart> parts;
    for (size_t i = 0; m_analysis.evidence && m_analysis.placement && i < m_analysis.evidence->sources.size(); ++i) {
        const auto &evidence = m_analysis.evidence->sources[i];
        const bool hasTimes = evidence->text && evidence->lineCount() > 0 && evidence->decoder
                              && evidence->decoder->hasStamps() && i < m_analysis.placement->sources.size()
                              && m_analysis.placement->sources[i].isPlaced();
        if (hasTimes)
            parts.push_back({static_cast<int>(i), evidence, m_analysis.placement->sources[i],
                             m_names.value(static_cast<qsizetype>(i))});
    }
    return parts;
}

void LogPane::showMerged()
{
    if (isMerged())
        return;
    // The line that is looked at stays, once it has its place.
    const LinePlace current{source(), currentLine()};
    m_source = MergedLogs;
    m_hits.clear();
    m_index->wantMerged();
    auto document = std::make_unique<LogDocument>(mergeableParts(), m_index->merged());
    m_view->setDocument(std::move(document));
    follow();
    setFoldsOf(m_view->document().parts());
    m_filters->setParts(m_view->document().parts(), m_index->merged());
    m_sources->setCurrentIndex(m_sources->findData(MergedLogs));
    m_find->setSearchesOne(false);
    updateMarks();
    updateLevels();
    updateAbout();
    if (const qint64 number = m_view->document().numberOf(current); number > 0)
        m_view->setCurrentLine(number);
    else if (m_view->document().part(current.source))
        m_wantedPlace = current;
    if (m_find->isVisible())
        search();
}

void LogPane::toggleMerged()
{
    if (!isMerged()) {
        if (m_sources->findData(MergedLogs) >= 0)
            showMerged();
        else
            Q_EMIT message(tr("There are no two logs that have a place in time"));
        return;
    }
    const LinePlace current = m_view->document().placeOf(m_view->currentLine());
    const int source = current.source >= 0 ? current.source : m_view->document().parts().front().source;
    setSource(source);
    m_view->setCurrentLine(std::max<qint64>(1, current.line));
}

int LogPane::source() const
{
    return isMerged() ? m_view->document().placeOf(m_view->currentLine()).source : m_source;
}

qint64 LogPane::currentLine() const
{
    return isMerged() ? m_view->document().placeOf(m_view->currentLine()).line : m_view->currentLine();
}

std::optional<std::pair<qint64, qint64>> LogPane::selectedLinesOf(int source) const
{
    const auto [first, last] = m_view->selectedLines();
    const LinePlace from = m_view->document().placeOf(first);
    const LinePlace to = m_view->document().placeOf(last);
    const bool isWhole = from.source == source && to.source == source && to.line - from.line == last - first;
    return m_view->hasSelection() && isWhole ? std::optional(std::pair(from.line, to.line)) : std::nullopt;
}

LinePlace LogPane::placeAt(TimeNs time) const
{
    return m_view->document().placeOf(m_view->document().lineAt(time));
}

void LogPane::goToTime()
{
    const LogDocument &document = m_view->document();
    std::optional<TimeNs> near = document.line(m_view->currentLine()).time;
    if (!near)
        near = document.line(document.lineCount()).time;
    if (!near) {
        Q_EMIT message(tr("This log has no place in time"));
        return;
    }
    auto *dialog = new TimeDialog({m_zone, m_reference, near}, this);
    connect(dialog, &TimeDialog::chosen, this, &LogPane::timeActivated);
    dialog->open();
}

void LogPane::setRange(std::optional<TimeRange> range)
{
    if (!range) {
        m_hasRange = false;
        m_filters->setRange(std::nullopt);
        return;
    }
    m_hasRange = true;
    const QString label =
        tr("timeline: %1 to %2 (%3)")
            .arg(timeOfDayText(range->lo, m_zone), timeOfDayText(range->hi, m_zone), durationText(range->length()));
    m_filters->setRange(LogFilter{TimeFilter{range->lo, range->hi}, false, label, true});
}

void LogPane::activate(qint64 number)
{
    const LinePlace place = m_view->document().placeOf(number);
    if (place.source >= 0)
        Q_EMIT lineActivated(place.source, place.line);
}

void LogPane::filtersChanged()
{
    if (isMerged() && m_filters->order() && !m_filters->isRunning()) {
        m_view->setOrder(m_filters->order());
        updateNewLines();
        updateMarks();
        updateLevels();
        updateAbout();
        updateHits();
    }
    updateRows();
    if (m_wantedPlace.source >= 0 && !m_filters->isRunning()) {
        const qint64 number = m_view->document().numberOf(m_wantedPlace);
        if (number > 0)
            showLine(m_wantedPlace.source, m_wantedPlace.line);
        else if (!m_index->isMerging())
            m_wantedPlace = {};
    }
    if (m_hasRange
        && std::ranges::find(m_filters->filters(), true, &LogFilter::isRange) == m_filters->filters().end()) {
        m_hasRange = false;
        Q_EMIT rangeDropped();
    }
    showFound();
}

void LogPane::follow()
{
    std::vector<std::pair<int, std::shared_ptr<const SourceEvidence>>> sources;
    for (const LogPart &part : m_view->document().parts())
        sources.emplace_back(part.source, part.evidence);
    m_follower->setSources(sources);
}

void LogPane::takeGrown(int source, const std::shared_ptr<const SourceEvidence> &evidence, qint64 firstChanged)
{
    const SourceEvidence *known = evidenceOf(source);
    if (!known)
        return;
    LineSet &added = m_newLines[evidence->path];
    added = added | LineSet::range(known->lineCount() + 1, evidence->lineCount());
    auto all = std::make_shared<Evidence>(*m_analysis.evidence);
    all->sources[static_cast<size_t>(source)] = evidence;
    m_analysis.evidence = all;
    m_view->setGrown(source, evidence);
    m_index->setGrown(source, evidence, firstChanged);
    m_search->lookOn(source, evidence, firstChanged);
    m_filters->setGrown(source, evidence, firstChanged);
    updateNewLines();
    updateAbout();
    Q_EMIT evidenceGrown(m_analysis.evidence);
}

void LogPane::updateNewLines()
{
    std::vector<LineSet> lines;
    for (const LogPart &part : m_view->document().parts()) {
        if (!isMerged())
            return m_view->setNewLines(m_newLines[part.evidence->path]);
        lines.resize(static_cast<size_t>(part.source) + 1);
        lines.back() = m_newLines[part.evidence->path];
    }
    m_view->setNewLines(m_filters->order() ? m_filters->order()->positionsOf(lines, {}) : LineSet());
}

void LogPane::updateMarks()
{
    m_partMarks.clear();
    for (const LogPart &part : m_view->document().parts())
        m_partMarks.emplace(part.source, LogMarks::of(m_analysis, part.source, m_failure));
    if (!isMerged()) {
        m_view->setMarks(m_source >= 0 ? LogMarks::of(m_analysis, m_source, m_failure) : LogMarks());
    } else {
        const LogDocument &document = m_view->document();
        std::vector<LineMark> marks;
        for (const LogPart &part : document.parts()) {
            for (const LineMark &mark : LogMarks::evidenceOf(m_analysis, part.source, m_failure)) {
                const qint64 last =
                    std::min(std::max(mark.line, mark.lastLine), mark.line + LogMarks::MostLinesOfOneMark);
                for (qint64 line = mark.line; line <= last; ++line) {
                    if (const qint64 number = document.numberOf({part.source, line}); number > 0)
                        marks.push_back({number, number, mark.kind});
                }
            }
        }
        m_view->setMarks(LogMarks(std::move(marks)));
    }
    updateBookmarks();
    setAnnotations(m_analysis.annotations);
}

void LogPane::updateBookmarks()
{
    constexpr qint64 MostBookmarks = 10'000;
    const LogDocument &document = m_view->document();
    LineSet numbers;
    for (const LogPart &part : document.parts()) {
        const LineSet &lines = m_bookmarks[part.evidence->path];
        if (!isMerged()) {
            numbers = lines;
            break;
        }
        for (const qint64 line : lines.lines(0, MostBookmarks)) {
            if (const qint64 number = document.numberOf({part.source, line}); number > 0)
                numbers.add(number);
        }
    }
    m_view->setBookmarks(std::move(numbers));
}

void LogPane::updateLevels()
{
    if (isMerged())
        m_view->setLevels(m_index->mergedWarnings(), m_index->mergedErrors());
    else if (const auto summary = m_index->summary(m_source))
        m_view->setLevels(summary->warnings, summary->errors);
}

void LogPane::updateAbout()
{
    const QLocale locale;
    const auto lines = [&](qint64 count) {
        return count == 1 ? tr("1 line") : tr("%1 lines").arg(locale.toString(count));
    };
    QStringList about;
    QStringList details;
    if (isMerged()) {
        const LogDocument &document = m_view->document();
        about.append(tr("%1 logs").arg(document.parts().size()));
        about.append(lines(document.lineCount()));
        if (m_index->isMerging()) {
            about.append(tr("being put in order…"));
        } else {
            QStringList without;
            for (int i = 0; i < m_names.size(); ++i) {
                const SourceEvidence *evidence = evidenceOf(i);
                if (evidence && evidence->text && evidence->lineCount() > 0
                    && (!document.part(i) || m_index->leftOut().contains(i)))
                    without.append(m_names.at(i));
            }
            if (!without.isEmpty()) {
                about.append(tr("%1 left out").arg(without.size()));
                details.append(tr("Left out, as nothing tells the time of their lines:"));
                details += without;
            }
            if (m_index->linesLeftOut() > 0 && without.isEmpty()) {
                about.append(tr("%1 left out").arg(lines(m_index->linesLeftOut())));
                details.append(tr("Left out, as nothing tells when their host was started"));
            }
        }
    } else if (const SourceEvidence *evidence = evidenceOf(m_source)) {
        const auto index = static_cast<size_t>(m_source);
        about.append(lines(evidence->lineCount()));
        if (m_analysis.placement && index < m_analysis.placement->sources.size())
            about.append(clockText(*evidence, m_analysis.placement->sources[index]));
    }
    m_about->setText(about.join(u" · "));
    m_about->setToolTip(details.join(u'\n'));
}

} // namespace faultline
