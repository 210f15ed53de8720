// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/logview/logmarks.h"

#include <algorithm>
#include <map>

namespace faultline {

LogMarks::LogMarks(std::vector<LineMark> marks)
{
    std::map<qint64, MarkKind> kinds;
    for (const LineMark &mark : marks) {
        if (mark.line < 1)
            continue;
        const qint64 last = std::clamp(mark.lastLine, mark.line, mark.line + MostLinesOfOneMark);
        for (qint64 line = mark.line; line <= last; ++line) {
            auto [at, isNew] = kinds.try_emplace(line, mark.kind);
            if (!isNew)
                at->second = std::max(at->second, mark.kind);
        }
    }
    for (const auto &[line, kind] : kinds) {
        if (!m_marks.empty() && m_marks.back().kind == kind && m_marks.back().lastLine == line - 1)
            m_marks.back().lastLine = line;
        else
            m_marks.push_back({line, line, kind});
    }
}

LogMarks LogMarks::of(const Analysis &analysis, int source, int failure)
{
    static constexpr size_t MostEvents = 100'000;
    std::vector<LineMark> marks;
    if (analysis.evidence && source >= 0 && static_cast<size_t>(source) < analysis.evidence->sources.size()) {
        for (const Event &event : analysis.evidence->sources[static_cast<size_t>(source)]->events) {
            if (marks.size() >= MostEvents)
                break;
            if (event.severity >= Severity::Warning)
                marks.push_back(
                    {event.line, event.line, event.severity >= Severity::Error ? MarkKind::Error : MarkKind::Warning});
        }
    }
    const std::vector<LineMark> evidence = evidenceOf(analysis, source, failure);
    marks.insert(marks.end(), evidence.begin(), evidence.end());
    return LogMarks(std::move(marks));
}

std::vector<LineMark> LogMarks::evidenceOf(const Analysis &analysis, int source, int failure)
{
    std::vector<LineMark> marks;
    const auto addAll = [&](const std::vector<EvidenceRef> &refs) {
        for (const EvidenceRef &ref : refs) {
            if (ref.source == source && ref.line > 0)
                marks.push_back(
                    {ref.line, ref.lastLine,
                     ref.role == EvidenceRole::Failing && !ref.isGuess ? MarkKind::Failing : MarkKind::Supporting});
        }
    };
    if (analysis.findings) {
        for (const Failure &item : analysis.findings->failures) {
            if (item.source == source && item.line > 0)
                marks.push_back({item.line, item.line, MarkKind::Failure});
            if (item.id == failure)
                addAll(item.evidence);
        }
    }
    if (analysis.diagnosis) {
        for (const Verdict &verdict : analysis.diagnosis->verdicts) {
            if (verdict.failure == failure)
                addAll(verdict.evidence);
        }
    }
    return marks;
}

const LineMark *LogMarks::at(qint64 line) const
{
    const auto after = std::ranges::upper_bound(m_marks, line, {}, &LineMark::line);
    if (after == m_marks.begin())
        return nullptr;
    const LineMark &mark = *(after - 1);
    return line <= mark.lastLine ? &mark : nullptr;
}

std::optional<MarkKind> LogMarks::strongest(qint64 first, qint64 last) const
{
    std::optional<MarkKind> most;
    for (auto mark = std::ranges::lower_bound(m_marks, first, {}, &LineMark::lastLine);
         mark != m_marks.end() && mark->line <= last; ++mark)
        most = std::max(most.value_or(mark->kind), mark->kind);
    return most;
}

qint64 LogMarks::nextEvidence(qint64 line, bool forward) const
{
    if (forward) {
        for (const LineMark &mark : m_marks) {
            if (mark.kind >= MarkKind::Supporting && mark.line > line)
                return mark.line;
        }
        return 0;
    }
    for (auto mark = m_marks.rbegin(); mark != m_marks.rend(); ++mark) {
        if (mark->kind >= MarkKind::Supporting && mark->lastLine < line)
            return mark->line;
    }
    return 0;
}

} // namespace faultline
