// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <algorithm>
#include <array>

namespace faultline {

/// Finds the span of a kind that holds a line, however many there are.
class SpanFinder
{
public:
    explicit SpanFinder(const SourceEvidence &evidence)
    {
        for (const Span &span : evidence.spans)
            m_byKind[static_cast<size_t>(span.kind)].push_back(&span);
        for (auto &spans : m_byKind)
            std::ranges::stable_sort(spans, {}, &Span::line);
        std::ranges::copy_if(
            m_byKind[static_cast<size_t>(SpanKind::Step)], std::back_inserter(m_failedSteps),
            [](const Span *span) { return span->outcome == Outcome::Failed || span->outcome == Outcome::Cancelled; });
    }

    /// The one that starts last of those that hold the line; null where none does.
    const Span *innermost(SpanKind kind, qint64 line) const
    {
        constexpr int MostSteps = 500; ///< Siblings that ended before: deeper nesting than this is not looked through.
        const auto &spans = m_byKind[static_cast<size_t>(kind)];
        auto it = std::ranges::upper_bound(spans, line, {}, &Span::line);
        for (int step = 0; it != spans.begin() && step < MostSteps; ++step) {
            const Span *span = *--it;
            if (span->lastLine == 0 || span->lastLine >= line)
                return span;
        }
        return nullptr;
    }

    /// The step that ended badly last before a line; null where none did.
    const Span *failedBefore(qint64 line) const
    {
        const auto after = std::ranges::upper_bound(m_failedSteps, line, {}, &Span::line);
        return after == m_failedSteps.begin() ? nullptr : *std::prev(after);
    }

private:
    std::array<std::vector<const Span *>, 5> m_byKind;
    std::vector<const Span *> m_failedSteps;
};

} // namespace faultline
