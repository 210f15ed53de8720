// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/compare/linetally.h"
#include "models/findings/findings.h"

#include <map>

namespace faultline {

enum class Difference { New, Gone, Changed, Slower, Faster, Moved, Same };
/// "new", "gone", "changed", "slower", "faster", "moved", "same"
QLatin1StringView differenceName(Difference difference);

/// A line of one run that the other has nowhere, or at another place among the lines that both have.
struct LineDifference {
    Difference kind = Difference::New;
    int source = -1; ///< In the failed run; in the one that passed where the line is gone.
    qint64 line = 0; ///< Of the first such line.
    qint64 count = 0;
    QByteArray text;                ///< Payload, capped at Event::MostEventText.
    std::optional<PlacedTime> time; ///< None where the line is gone.
    /// Moved: where it stands in the run that passed. Gone: the line of the failed run after which it would stand; -1 where none is near.
    int otherSource = -1;
    qint64 otherLine = 0;
};

/// A job, step, section or test of both runs, or of one of them.
struct SpanDifference {
    Difference kind = Difference::New;
    SpanKind span = SpanKind::Step;
    QByteArray name;
    QByteArray job;
    Outcome before = Outcome::Unknown; ///< In the run that passed.
    Outcome after = Outcome::Unknown;
    std::optional<DurationNs> tookBefore;
    std::optional<DurationNs> tookAfter;
    int source = -1; ///< In the failed run; in the one that passed where it is gone.
    qint64 line = 0;
};

/// Where a series leaves the course that it took in the run that passed.
struct SeriesDivergence {
    int series = -1; ///< Index into Evidence::allSeries() of the failed run.
    TimeNs at;
    DurationNs sinceStart = 0; ///< Since the start of the step that both runs are laid over each other by.
    double value = 0;
    double expected = 0; ///< What the run that passed had at that point.
    double score = 0;    ///< Distance in robust spreads of the run that passed.
};

/// What a function weighs in profiles of the same type, without what it called.
struct ProfileDifference {
    QByteArray type; ///< "cpu", "heap" …
    QByteArray unit;
    QByteArray function;
    double before = 0;
    double after = 0;
    int source = -1; ///< Of the failed run's profile.
    int profile = -1;
};

/// What the logs say of a cache, in both runs.
struct CacheDifference {
    QByteArray cache;
    CacheUse before;
    CacheUse after; ///< Its place is in the failed run.
};

/// A failed run held against one that passed.
struct RunComparison {
    QStringList baselinePaths;     ///< Its sources, in their order.
    QStringList baselineStepFiles; ///< SourceEvidence::stepFiles of all of them.
    QString alignedAt;             ///< The step whose start is the same moment in both; empty: the first moments are.
    std::vector<LineDifference> lines;   ///< New ones, those closest before the first failure first; then gone ones.
    std::vector<LineDifference> moved;   ///< Lines that both have once, elsewhere among the others; the farthest first.
    std::vector<SpanDifference> spans;   ///< That came out another way or took another time.
    std::vector<SpanDifference> aligned; ///< All, in the order of the failed run; those that are gone last.
    std::vector<SeriesDivergence> series;    ///< By time.
    std::vector<ProfileDifference> profiles; ///< By type, the largest difference first.
    std::vector<CacheDifference> caches;
    qint64 newLines = 0; ///< How many distinct ones there are in all.
    qint64 goneLines = 0;
    qint64 movedLines = 0;
    QStringList warnings; ///< Why this may be the wrong run to compare with.

    static constexpr size_t MostLines = 200;
    static constexpr size_t MostMoved = 50;
    static constexpr size_t MostSpans = 200;
    static constexpr size_t MostAligned = 2000;
    static constexpr size_t MostFunctions = 20; ///< Of one type of profile.
    static constexpr size_t MostSeries = 50;
};

/// What was read and found of one run.
struct ComparedRun {
    const Evidence &evidence;
    const Placement &placement;
    const Findings &findings;
    const LineTally &lines;
};

/// Compares; pure and thread safe, stops early where cancelled.
RunComparison compareRuns(const ComparedRun &failed, const ComparedRun &passed, const CancelToken &cancel);

/// The source with trouble that also stands in the run that passed marked as context, as withBorneMarked() does: such a line
/// ended nothing there. The same pointer where there is none.
std::shared_ptr<const SourceEvidence> withPassedMarked(std::shared_ptr<const SourceEvidence> source,
                                                       const LineTally &passed);

} // namespace faultline
