// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/coveragecheck.h"

#include "models/core/translate.h"
#include "models/findings/headroom.h"
#include "models/placement/coverage.h"

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr DurationNs EndSlack = NsPerSecond; ///< Captures are stamped in whole seconds.

struct Covered {
    Certainty certainty = Certainty::Unknown;
    QString reason;
    EvidenceRef ref;
};

QString groupName(const SourceKinds &group)
{
    QStringList names;
    for (const SourceKind kind : group)
        names += QString(sourceKindName(kind));
    return names.join(tr(" or "));
}

/// One stretch of coverage against the window.
Covered coveredBy(const PlacedCoverage &coverage, const SourceEvidence &source, TimeNs from, TimeNs to)
{
    Covered covered;
    if (!coverage.to) {
        covered.reason = tr("nobody knows until when %1 was captured").arg(source.path);
        return covered;
    }
    if (coverage.from && *coverage.from - source.resolutionNs > from) {
        covered.reason = tr("%1 begins too late").arg(source.path);
        return covered;
    }
    if (*coverage.to + source.resolutionNs + EndSlack < to) {
        covered.reason = tr("%1 ends before the failure").arg(source.path);
        return covered;
    }
    covered.certainty = coverage.how == CoverageHow::Assumed ? Certainty::Assumed : Certainty::Sure;
    covered.ref.covered = std::pair(coverage.from.value_or(from), *coverage.to);
    return covered;
}

Covered coveredBySource(int index, const Failure &failure, const Analysis &analysis, TimeNs from, TimeNs to)
{
    const SourceEvidence &source = *analysis.evidence->sources[static_cast<size_t>(index)];
    const SourcePlacement &placement = analysis.placement->sources[static_cast<size_t>(index)];
    Covered best;
    if (index == failure.source) { // the failure stands in it
        best.certainty = Certainty::Sure;
        best.ref.source = index;
        if (failure.time)
            best.ref.covered = std::pair(from, to);
        return best;
    }
    if (!placement.isPlaced()) {
        best.reason = tr("the clock of %1 is not known").arg(source.path);
        return best;
    }
    if (!failure.time) {
        best.reason = tr("nobody knows when the failure was");
        return best;
    }
    best.reason = tr("nobody knows what time %1 covers").arg(source.path);
    for (const PlacedCoverage &coverage : placedCoverages(*analysis.evidence, *analysis.placement, index)) {
        Covered covered = coveredBy(coverage, source, from, to);
        if (covered.certainty > best.certainty || best.certainty == Certainty::Unknown)
            best = std::move(covered);
    }
    best.ref.source = index;
    return best;
}

/// That samples show no peak rules it out only where there was no room for one between them.
void checkPeaks(Covered &covered, int index, const Analysis &analysis, const RunIdentity &run, TimeNs from, TimeNs to)
{
    const auto isAsked = [&](const Series &series) { return run.kinship(seriesIdentity(series)) != Kinship::Foreign; };
    const auto unseen =
        unseenPeak(*analysis.evidence, *analysis.placement, *analysis.findings, index, from, to, isAsked);
    if (unseen == -1)
        return;
    const SourceEvidence &source = *analysis.evidence->sources[static_cast<size_t>(index)];
    covered.certainty = Certainty::Unknown;
    if (!unseen)
        covered.reason = tr("no series of %1 has a limit: a peak between two samples would not show").arg(source.path);
    else
        covered.reason = tr("%1 may have reached its limit between two samples")
                             .arg(QString::fromUtf8(
                                 analysis.evidence->series(analysis.evidence->allSeries()[static_cast<size_t>(*unseen)])
                                     .id()
                                     .left(200)));
}

} // namespace

CoverageCheck checkCoverage(const Question &question, const Failure &failure, const Analysis &analysis,
                            const RunIdentity &run)
{
    CoverageCheck check;
    if (question.absenceGroups.empty() && !question.absenceCountsFromOwn) {
        check.reason = tr("That nothing was found does not mean that there was nothing");
        for (const SourceKind kind : question.canShow)
            check.missing += QString(sourceKindName(kind));
        return check;
    }
    const TimeNs from = failure.time ? failure.time->lo - question.before : TimeNs{};
    const TimeNs to = failure.time ? std::min(failure.time->hi, failure.time->hi + question.after) : TimeNs{};
    check.certainty = Certainty::Sure;
    if (question.absenceCountsFromOwn) {
        EvidenceRef own;
        own.source = failure.source;
        if (failure.time)
            own.covered = std::pair(from, to);
        check.looked.push_back(own);
    }
    for (const SourceKinds &group : question.absenceGroups) {
        Covered best;
        best.reason = tr("there is no %1").arg(groupName(group));
        for (int index = 0; index < static_cast<int>(analysis.evidence->sources.size()); ++index) {
            const SourceEvidence &source = *analysis.evidence->sources[static_cast<size_t>(index)];
            if (std::ranges::find(group, source.kind) == group.end()
                || run.kinship(source.identity) == Kinship::Foreign)
                continue;
            Covered covered = coveredBySource(index, failure, analysis, from, to);
            if (source.kind == SourceKind::Metrics && covered.certainty != Certainty::Unknown)
                checkPeaks(covered, index, analysis, run, from, to);
            if (covered.certainty > best.certainty || best.ref.source < 0)
                best = std::move(covered);
        }
        check.certainty = std::min(check.certainty, best.certainty);
        if (best.certainty == Certainty::Unknown) {
            check.missing += QString(sourceKindName(group.front()));
            check.reason = best.reason;
        } else {
            check.looked.push_back(best.ref);
        }
    }
    if (check.certainty == Certainty::Assumed)
        check.reason = tr("What time the sources cover is only assumed");
    return check;
}

} // namespace faultline
