// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/selection.h"

#include <algorithm>

namespace faultline {

void Selection::setAnalysis(const Analysis &analysis)
{
    m_analysis = analysis;
    m_failure = -1;
    m_source = -1;
    m_line = 0;
    m_cursor.reset();
    m_series = -1;
    m_playbook.clear();
    m_node.clear();
    Q_EMIT analysisChanged();
}

void Selection::selectFailure(int failure)
{
    const bool known =
        m_analysis.findings && failure >= 0 && static_cast<size_t>(failure) < m_analysis.findings->failures.size();
    if (!known)
        return;
    if (failure != m_failure) {
        m_failure = failure;
        setNode({}, {});
        Q_EMIT failureChanged(failure);
    }
    const Failure &item = m_analysis.findings->failures[static_cast<size_t>(failure)];
    moveTo(item.source, item.line, item.time ? std::optional(item.time->time) : std::nullopt);
}

void Selection::selectLine(int source, qint64 line)
{
    if (!m_analysis.evidence || source < 0 || static_cast<size_t>(source) >= m_analysis.evidence->sources.size())
        return;
    const auto time = line > 0 ? timeOfLine(source, line) : std::nullopt;
    moveTo(source, line, time ? std::optional(time->time) : std::nullopt);
}

void Selection::selectTime(TimeNs time)
{
    if (m_cursor == time)
        return; // a line of that very moment may be chosen: it stays
    const qint64 line = m_source >= 0 ? lineAt(m_source, time) : 0;
    moveTo(m_source, line > 0 ? line : m_line, time);
}

void Selection::selectMoment(TimeNs time, int source, qint64 line)
{
    moveTo(source, line, time);
}

void Selection::selectRange(std::optional<TimeRange> range)
{
    if (range == m_range)
        return;
    m_range = range;
    Q_EMIT rangeChanged(range);
}

void Selection::selectSeries(int series, std::optional<TimeNs> time)
{
    setSeries(series);
    if (time)
        selectTime(*time);
}

void Selection::selectEvidence(const EvidenceRef &ref)
{
    const auto time = ref.time ? std::optional(ref.time->time) : std::nullopt;
    if (ref.line > 0) {
        if (time)
            moveTo(ref.source, ref.line, time);
        else
            selectLine(ref.source, ref.line);
    } else if (ref.series >= 0) {
        selectSeries(ref.series, time);
    } else if (ref.covered) {
        selectLine(ref.source, 0);
        selectTime(ref.covered->second);
    } else if (ref.source >= 0) {
        selectLine(ref.source, 0);
    }
}

void Selection::selectNode(const QString &playbook, const QString &node)
{
    setNode(playbook, node);
    if (!m_analysis.diagnosis)
        return;
    for (const WalkedFlowchart &chart : m_analysis.diagnosis->flowcharts) {
        if (chart.playbook != playbook || chart.failure != m_failure)
            continue;
        const auto found = std::ranges::find(chart.nodes, node, &WalkedNode::id);
        if (found != chart.nodes.end() && !found->rows.empty())
            selectEvidence(found->rows.front());
        return;
    }
}

std::optional<PlacedTime> Selection::timeOfLine(int source, qint64 line) const
{
    if (!m_analysis.evidence || !m_analysis.placement || source < 0 || line < 1)
        return {};
    const auto index = static_cast<size_t>(source);
    if (index >= m_analysis.evidence->sources.size() || index >= m_analysis.placement->sources.size())
        return {};
    const SourceEvidence &evidence = *m_analysis.evidence->sources[index];
    if (!evidence.text || !m_analysis.placement->sources[index].isPlaced())
        return {};
    const auto lines = decodeLines(evidence, line, 1);
    if (lines.empty() || !lines.front().time)
        return {};
    return m_analysis.placement->sources[index].place(*lines.front().time);
}

qint64 Selection::lineAt(int source, TimeNs time) const
{
    if (!m_analysis.evidence || source < 0 || static_cast<size_t>(source) >= m_analysis.evidence->sources.size())
        return 0;
    const SourceEvidence &evidence = *m_analysis.evidence->sources[static_cast<size_t>(source)];
    const qint64 count = evidence.lineCount();
    if (count == 0 || !timeOfLine(source, count))
        return 0;
    // The first line after `time`, by halving: lines of a log stand in order of time, but for small disorder.
    qint64 low = 1;
    qint64 high = count + 1;
    while (low < high) {
        const qint64 middle = low + (high - low) / 2;
        const auto at = timeOfLine(source, middle);
        if (at && at->time > time)
            high = middle;
        else
            low = middle + 1;
    }
    return std::max<qint64>(1, low - 1);
}

void Selection::moveTo(int source, qint64 line, std::optional<TimeNs> cursor)
{
    const bool lineMoved = source != m_source || line != m_line;
    const bool cursorMoved = cursor && cursor != m_cursor;
    m_source = source;
    m_line = line;
    if (cursorMoved)
        m_cursor = cursor;
    // Both are in place before anyone hears of either: followers then see one consistent state.
    if (lineMoved)
        Q_EMIT lineChanged(source, line);
    if (cursorMoved)
        Q_EMIT cursorChanged(m_cursor);
}

void Selection::setSeries(int series)
{
    if (series == m_series)
        return;
    m_series = series;
    Q_EMIT seriesChanged(series);
}

void Selection::setNode(const QString &playbook, const QString &node)
{
    if (playbook == m_playbook && node == m_node)
        return;
    m_playbook = playbook;
    m_node = node;
    Q_EMIT nodeChanged(playbook, node);
}

} // namespace faultline
