// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/search/lineset.h"

#include <algorithm>
#include <optional>

namespace faultline {

/// Which lines of a text are shown, row by row from 0: all of them, or those of a set.
class LogRows
{
public:
    LogRows() = default;
    explicit LogRows(qint64 lineCount)
        : m_lineCount(lineCount)
    {
    }
    LogRows(qint64 lineCount, LineSet shown)
        : m_lineCount(lineCount)
        , m_shown(std::move(shown))
    {
    }

    bool showsAll() const { return !m_shown; }
    qint64 count() const { return m_shown ? m_shown->size() : m_lineCount; }
    /// The line in a row; 0 outside.
    qint64 lineAt(qint64 row) const
    {
        if (row < 0 || row >= count())
            return 0;
        return m_shown ? m_shown->at(row) : row + 1;
    }
    /// The row of a line, or of the next one that is shown; count() where none follows.
    qint64 rowOf(qint64 line) const
    {
        return m_shown ? m_shown->countBefore(line) : std::clamp<qint64>(line - 1, 0, m_lineCount);
    }
    bool shows(qint64 line) const { return m_shown ? m_shown->contains(line) : line >= 1 && line <= m_lineCount; }
    /// The line itself, or the last shown one before it, else the first after it; 1 where no line is shown.
    qint64 nearest(qint64 line) const
    {
        if (!m_shown)
            return std::clamp<qint64>(line, 1, std::max<qint64>(1, m_lineCount));
        if (const qint64 before = m_shown->previous(line); before > 0)
            return before;
        return std::max<qint64>(1, m_shown->at(0));
    }
    /// Those of the lines that are shown.
    LineSet shownOf(const LineSet &lines) const { return m_shown ? lines & *m_shown : lines; }
    /// The lines in `most` rows from `row` on.
    std::vector<qint64> lines(qint64 row, qint64 most) const
    {
        if (m_shown)
            return m_shown->lines(row, most);
        std::vector<qint64> result;
        for (qint64 i = std::max<qint64>(row, 0); i < m_lineCount && i < row + most; ++i)
            result.push_back(i + 1);
        return result;
    }

private:
    qint64 m_lineCount = 0;
    std::optional<LineSet> m_shown;
};

} // namespace faultline
