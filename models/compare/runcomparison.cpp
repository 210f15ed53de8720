// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/runcomparison.h"

#include "models/compare/differences.h"
#include "models/core/translate.h"
#include "models/findings/borne.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

void addWarnings(RunComparison &comparison, const ComparedRun &passed)
{
    if (!passed.findings.failures.empty())
        comparison.warnings << tr("The run compared with failed too: %1").arg(passed.findings.failures.front().what);
    if (passed.lines.entries().empty())
        comparison.warnings << tr("The run compared with has no log: lines were not compared");
    if (passed.lines.isFull())
        comparison.warnings
            << tr("The run compared with has more than %1 different lines: some that are called new may stand there")
                   .arg(LineTally::MostEntries);
}

/// After the lines were compared.
void addUnlikeWarning(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    constexpr qint64 LeastPart =
        10; ///< One line in so many of the shorter run stands in the other where it is the same job.
    const auto here = static_cast<qint64>(failed.lines.entries().size());
    const auto there = static_cast<qint64>(passed.lines.entries().size());
    const qint64 shared = here - comparison.newLines;
    if (here > 0 && there > 0 && shared * LeastPart < std::min(here, there))
        comparison.warnings
            << tr("The runs have little in common (%1 of %2 different lines): are they of the same job?")
                   .arg(shared)
                   .arg(here);
}

} // namespace

QLatin1StringView differenceName(Difference difference)
{
    switch (difference) {
    case Difference::New: return "new"_L1;
    case Difference::Gone: return "gone"_L1;
    case Difference::Changed: return "changed"_L1;
    case Difference::Slower: return "slower"_L1;
    case Difference::Faster: return "faster"_L1;
    case Difference::Moved: return "moved"_L1;
    case Difference::Same: return "same"_L1;
    }
    return {};
}

RunComparison compareRuns(const ComparedRun &failed, const ComparedRun &passed, const CancelToken &cancel)
{
    RunComparison comparison;
    for (const auto &source : passed.evidence.sources) {
        comparison.baselinePaths << source->path;
        comparison.baselineStepFiles << source->stepFiles;
    }
    addWarnings(comparison, passed);
    addLineDifferences(comparison, failed, passed);
    addUnlikeWarning(comparison, failed, passed);
    addMovedLines(comparison, failed, passed);
    if (cancel.isCancelled())
        return comparison;
    addSpanDifferences(comparison, failed, passed);
    addProfileDifferences(comparison, failed, passed);
    addCacheDifferences(comparison, failed, passed);
    if (!cancel.isCancelled())
        addDivergences(comparison, failed, passed);
    return comparison;
}

std::shared_ptr<const SourceEvidence> withPassedMarked(std::shared_ptr<const SourceEvidence> source,
                                                       const LineTally &passed)
{
    if (!LineTally::isCounted(*source))
        return source;
    std::vector<size_t> borne;
    for (size_t i = 0; i < source->events.size(); ++i) {
        const Event &event = source->events[i];
        const bool isTrouble = event.role == Role::Symptom || event.role == Role::Cause;
        if (isTrouble && event.line > 0
            && passed.find(LineTally::keyOf({event.text.constData(), static_cast<size_t>(event.text.size())})))
            borne.push_back(i);
    }
    return withBorne(std::move(source), borne);
}

} // namespace faultline
