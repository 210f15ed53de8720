// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/search/lineset.h"

#include <map>
#include <optional>
#include <set>

namespace faultline {

/// What can be folded in a log: jobs, steps, sections and groups, and events of several lines (stack traces, reports of the kernel). The
/// first line of a fold always stays.
class LogFolds
{
public:
    LogFolds() = default;
    explicit LogFolds(const SourceEvidence &source);

    bool isEmpty() const { return m_lastLines.empty(); }
    bool isAnyFolded() const { return !m_folded.empty(); }
    /// Folds or opens what begins with the line, else the innermost that holds it; false where there is none. Gives the first line.
    qint64 toggle(qint64 line);
    void foldAll();
    void openAll() { m_folded.clear(); }
    /// Opens all that hide the line; false where none did.
    bool reveal(qint64 line);
    /// The lines hidden now.
    LineSet hidden() const;
    /// How many lines the fold that begins with the line hides now; 0 where it is open, none where no fold begins there.
    std::optional<qint64> hiddenBy(qint64 firstLine) const;

private:
    std::map<qint64, qint64> m_lastLines; ///< By first line.
    std::set<qint64> m_folded;            ///< First lines.
};

} // namespace faultline
