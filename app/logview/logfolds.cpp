// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logfolds.h"

#include <algorithm>

namespace faultline {

LogFolds::LogFolds(const SourceEvidence &source)
{
    const auto add = [&](qint64 first, qint64 last) {
        if (first < 1 || last <= first || (first == 1 && last >= source.lineCount()))
            return;
        qint64 &known = m_lastLines[first];
        known = std::max(known, std::min(last, source.lineCount()));
    };
    for (const Span &span : source.spans)
        add(span.line, span.lastLine);
    for (const Event &event : source.events)
        add(event.line, event.lastLine);
}

qint64 LogFolds::toggle(qint64 line)
{
    for (auto fold = m_lastLines.upper_bound(line); fold != m_lastLines.begin();) {
        --fold;
        if (fold->second < line)
            continue;
        if (m_folded.erase(fold->first) == 0)
            m_folded.insert(fold->first);
        return fold->first;
    }
    return 0;
}

void LogFolds::foldAll()
{
    for (const auto &[first, last] : m_lastLines)
        m_folded.insert(first);
}

bool LogFolds::reveal(qint64 line)
{
    return std::erase_if(m_folded, [&](qint64 first) { return first < line && m_lastLines.at(first) >= line; }) > 0;
}

LineSet LogFolds::hidden() const
{
    LineSet hidden;
    for (const qint64 first : m_folded)
        hidden.addRange(first + 1, m_lastLines.at(first));
    return hidden;
}

std::optional<qint64> LogFolds::hiddenBy(qint64 firstLine) const
{
    const auto fold = m_lastLines.find(firstLine);
    if (fold == m_lastLines.end())
        return std::nullopt;
    return m_folded.contains(firstLine) ? fold->second - firstLine : 0;
}

} // namespace faultline
