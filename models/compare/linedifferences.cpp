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

/// Where a gone line would stand: after the nearest line before it that the failed run has too.
void findNeighbour(LineDifference &gone, const ComparedRun &failed, const ComparedRun &passed)
{
    constexpr qint64 MostLooked = 40;
    const SourceEvidence &source = *passed.evidence.sources[static_cast<size_t>(gone.source)];
    const qint64 first = std::max<qint64>(1, gone.line - MostLooked);
    const auto lines = decodeLines(source, first, gone.line - first);
    for (auto line = lines.rbegin(); line != lines.rend(); ++line)
        if (const auto *same =
                failed.lines.find(LineTally::keyOf({line->text.constData(), static_cast<size_t>(line->text.size())}))) {
            gone.otherSource = same->source;
            gone.otherLine = same->line;
            return;
        }
}

} // namespace

LineDifference lineDifference(Difference kind, const LineTally::Entry &entry, const ComparedRun &run)
{
    LineDifference difference;
    difference.kind = kind;
    difference.source = entry.source;
    difference.line = entry.line;
    difference.count = entry.count;
    const SourceEvidence &source = *run.evidence.sources[static_cast<size_t>(entry.source)];
    const auto lines = decodeLines(source, entry.line, 1);
    if (lines.empty())
        return difference;
    difference.text = lines.front().text.left(Event::MostEventText);
    if (kind != Difference::Gone && lines.front().time)
        difference.time = run.placement.place(entry.source, *lines.front().time);
    return difference;
}

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
        comparison.lines.push_back(lineDifference(Difference::New, fresh[i], failed));
    for (size_t i = 0; i < keptGone; ++i)
        findNeighbour(comparison.lines.emplace_back(lineDifference(Difference::Gone, gone[i], passed)), failed, passed);
}

} // namespace faultline
