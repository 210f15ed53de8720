// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/differences.h"

#include <algorithm>

namespace faultline {

namespace {

std::vector<LineTally::Entry> missingIn(const LineTally &other, const LineTally &lines)
{
    std::vector<LineTally::Entry> result;
    for (const auto &[key, entry] : lines.entries())
        if (!other.find(key))
            result.push_back(entry);
    std::ranges::sort(result, {}, [](const LineTally::Entry &e) { return std::pair(e.source, e.line); });
    return result;
}

/// Where a line stands to a failure, the smaller the more telling: before it in its own log, after it there, elsewhere.
struct Distance {
    const Failure *failure;

    std::pair<int, qint64> operator()(const LineTally::Entry &entry) const
    {
        if (!failure || entry.source != failure->source || failure->line <= 0)
            return {2, entry.line};
        const qint64 last = std::max(failure->line, failure->lastLine);
        return entry.line <= last ? std::pair(0, last - entry.line) : std::pair(1, entry.line - last);
    }
};

LineDifference differenceAt(const LineTally::Entry &entry, const ComparedRun &run, Difference kind)
{
    LineDifference difference{kind, entry.source, entry.line, entry.count, {}, {}};
    const SourceEvidence &source = *run.evidence.sources[static_cast<size_t>(entry.source)];
    const auto lines = decodeLines(source, entry.line, 1);
    if (lines.empty())
        return difference;
    difference.text = lines.front().text.left(Event::MostEventText);
    if (kind == Difference::New && lines.front().time)
        difference.time = run.placement.place(entry.source, *lines.front().time);
    return difference;
}

} // namespace

void addLineDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    if (passed.lines.entries().empty() || failed.lines.entries().empty())
        return;
    auto fresh = missingIn(passed.lines, failed.lines);
    const auto gone = missingIn(failed.lines, passed.lines);
    comparison.newLines = static_cast<qint64>(fresh.size());
    comparison.goneLines = static_cast<qint64>(gone.size());
    const auto &failures = failed.findings.failures;
    std::ranges::stable_sort(fresh, {}, Distance{failures.empty() ? nullptr : &failures.front()});
    // Half the room at least is for what is new.
    const size_t mostGone = RunComparison::MostLines - std::min(fresh.size(), RunComparison::MostLines / 2);
    const size_t keptGone = std::min(gone.size(), mostGone);
    const size_t keptNew = std::min(fresh.size(), RunComparison::MostLines - keptGone);
    for (size_t i = 0; i < keptNew; ++i)
        comparison.lines.push_back(differenceAt(fresh[i], failed, Difference::New));
    for (size_t i = 0; i < keptGone; ++i)
        comparison.lines.push_back(differenceAt(gone[i], passed, Difference::Gone));
}

} // namespace faultline
