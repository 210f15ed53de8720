// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/analysis/analysis.h"

#include <optional>
#include <vector>

namespace faultline {

/// What a line is marked for in the margin, weakest first.
enum class MarkKind { Warning, Error, Supporting, Failing, Failure };

struct LineMark {
    qint64 line = 0;
    qint64 lastLine = 0;
    MarkKind kind = MarkKind::Supporting;
};

/// The marked lines of one source, in order, each line at most once (the strongest mark wins).
class LogMarks
{
public:
    static constexpr qint64 MostLinesOfOneMark = 500;

    LogMarks() = default;
    explicit LogMarks(std::vector<LineMark> marks);

    /// Evidence of the failure and its causes, and the failing lines of all failures; events of warnings and errors below them.
    static LogMarks of(const Analysis &analysis, int source, int failure);

    /// The same without events.
    static std::vector<LineMark> evidenceOf(const Analysis &analysis, int source, int failure);

    const LineMark *at(qint64 line) const;
    /// The strongest mark of some lines; none where none is marked.
    std::optional<MarkKind> strongest(qint64 first, qint64 last) const;
    const std::vector<LineMark> &all() const { return m_marks; }
    /// The next line after (or before) one that is marked as evidence; 0 where there is none.
    qint64 nextEvidence(qint64 line, bool forward) const;

private:
    std::vector<LineMark> m_marks; ///< Ranges that do not overlap.
};

} // namespace faultline
