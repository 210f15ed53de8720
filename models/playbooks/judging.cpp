// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/judging.h"

#include "models/findings/stepsafter.h"

#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// What the rows on the way come to together.
struct Weight {
    const Answer *last = nullptr; ///< The last answer that rows gave: it speaks for the cause itself.
    Kinship kinship = Kinship::Unknown;
    size_t kindsThatSupport = 0; ///< Kinds of sources, each sharing the failure's identity.
    bool follows = false;
};

Weight weigh(const Way &way, const Evidence &evidence, const FailureContext &context)
{
    Weight weight;
    std::set<SourceKind> kinds;
    for (const PathStep &step : way.steps) {
        const Answer &answer = *step.answer;
        if (!answer.fromRows || answer.certainty == Certainty::Unknown)
            continue;
        if (!step.corroborates || !weight.last) {
            weight.last = &answer;
            weight.kinship = answer.kinship;
            weight.follows = answer.follows;
        }
        if (answer.strength == Strength::Hints)
            continue;
        for (const RowEvidence &row : answer.rows) {
            const bool shares = kinshipOf(row, context.failure, context.run) == Kinship::Shared;
            if (row.ref.source >= 0 && shares && row.strength != Strength::Hints)
                kinds.insert(evidence.sources[static_cast<size_t>(row.ref.source)]->kind);
        }
    }
    weight.kindsThatSupport = kinds.size();
    return weight;
}

struct Status {
    VerdictStatus status = VerdictStatus::Possible;
    double confidence = 0.15;
    bool coincident = false;
};

Status statusOf(const Way &way, const Weight &weight, const Cause &cause)
{
    const Strength strength = weight.last ? weight.last->strength : Strength::Hints;
    // What takes resources away must come first and touch what failed, else it only happened to be there.
    if (cause.isResource && weight.follows)
        return {VerdictStatus::Possible, 0.2, true};
    if (way.certainty == Certainty::Unknown)
        return {VerdictStatus::Possible,
                !weight.last                     ? 0.15
                : strength == Strength::Proves   ? 0.4
                : strength == Strength::Supports ? 0.35
                                                 : 0.25,
                false};
    const bool shared = weight.kinship == Kinship::Shared;
    if (!weight.last) // by elimination alone
        return {VerdictStatus::Likely, way.certainty == Certainty::Sure ? 0.6 : 0.5, false};
    if (strength == Strength::Hints)
        return {VerdictStatus::Possible, shared ? 0.4 : 0.3, false};
    if (way.certainty == Certainty::Assumed)
        return {VerdictStatus::Likely, strength == Strength::Proves ? 0.75 : 0.6, false};
    if (strength == Strength::Proves)
        return {VerdictStatus::Confirmed, shared ? 0.96 : weight.kinship == Kinship::Host ? 0.9 : 0.86, false};
    if (weight.kindsThatSupport >= 2)
        return {VerdictStatus::Confirmed,
                std::min(0.92, 0.84 + 0.04 * static_cast<double>(weight.kindsThatSupport - 1)), false};
    return {VerdictStatus::Likely, shared ? 0.72 : 0.65, false};
}

bool isFromHostAlone(const FailureContext &context)
{
    if (context.failure.source < 0)
        return false;
    const SourceKind kind = context.analysis.evidence->sources[static_cast<size_t>(context.failure.source)]->kind;
    return kind == SourceKind::KernelLog || kind == SourceKind::Journal;
}

/// The rows that speak for the cause: of the last questions first, a few of each, no place twice.
std::vector<EvidenceRef> bestEvidence(const Way &way, size_t most)
{
    std::vector<const Answer *> answers;
    for (auto step = way.steps.rbegin(); step != way.steps.rend(); ++step) {
        if (step->answer->fromRows)
            answers.push_back(step->answer.get());
    }
    std::vector<EvidenceRef> chosen;
    for (size_t round = 0; chosen.size() < most; ++round) {
        bool any = false;
        for (const Answer *answer : answers) {
            if (round >= answer->rows.size() || chosen.size() >= most)
                continue;
            any = true;
            const EvidenceRef &ref = answer->rows[round].ref;
            const bool isKnown = std::ranges::any_of(chosen, [&](const EvidenceRef &c) {
                return c.source == ref.source && c.line == ref.line && c.series == ref.series
                       && (ref.series < 0 || c.time == ref.time);
            });
            if (!isKnown && ref.source >= 0 && (ref.line > 0 || ref.series >= 0))
                chosen.push_back(ref);
        }
        if (!any)
            break;
    }
    return chosen;
}

PlaceholderValues valuesOf(const Way &way, const FailureContext &context)
{
    PlaceholderValues values;
    for (const QString &name :
         {u"exit_code"_s, u"signal"_s, u"job"_s, u"step"_s, u"test"_s, u"pod"_s, u"host"_s, u"pid"_s}) {
        if (const auto binding = context.bindings.find(name);
            binding != context.bindings.end() && binding->second.isValid())
            values[name] = binding->second;
    }
    values[u"failure"_s] = context.failure.what;
    for (const PathStep &step : way.steps) {
        for (auto row = step.answer->rows.rbegin(); row != step.answer->rows.rend(); ++row) {
            for (const auto &[name, value] : row->values)
                values[name] = value;
        }
    }
    return values;
}

} // namespace

const Span *stepThatLeavesOpen(const FailureContext &context)
{
    if (context.failure.source < 0)
        return nullptr;
    const auto source = static_cast<size_t>(context.failure.source);
    return stepThatLeavesOpen(*context.analysis.evidence->sources[source], context.failure.line);
}

Verdict judge(const ReachedCause &reached, const Cause &cause, const FailureContext &context)
{
    const Weight weight = weigh(reached.way, *context.analysis.evidence, context);
    Status status = statusOf(reached.way, weight, cause);
    // A machine's log holds the deaths of all its jobs: without the run's own word nobody knows that this one is meant.
    if (status.status == VerdictStatus::Confirmed && isFromHostAlone(context)) {
        status.status = VerdictStatus::Likely;
        status.confidence = std::min(status.confidence, 0.75);
    }
    const Span *open = stepThatLeavesOpen(context);
    if (status.status == VerdictStatus::Confirmed && open) {
        status.status = VerdictStatus::Likely;
        status.confidence = std::min(status.confidence, 0.75);
    }
    if (status.status == VerdictStatus::Confirmed && reached.way.isByHand()) { // a word is no proof
        status.status = VerdictStatus::Likely;
        status.confidence = std::min(status.confidence, 0.7);
    }
    Verdict verdict;
    for (const PathStep &step : reached.way.steps) {
        if (step.answer->byHand && !step.corroborates)
            verdict.byHand.push_back(step.playbook % u'.' % step.node);
    }
    verdict.cause = cause.id;
    verdict.status = status.status;
    verdict.confidence = status.confidence;
    verdict.coincident = status.coincident;
    verdict.failure = context.failure.id;
    verdict.playbook = reached.playbook;
    verdict.path = reached.way.path;
    const size_t cited = context.failure.evidence.size();
    verdict.evidence =
        bestEvidence(reached.way, std::clamp<size_t>(MostPlaces - std::min(MostPlaces, cited), 3, MostPlacesOfVerdict));
    for (const PathStep &step : reached.way.steps)
        std::ranges::copy(step.answer->foreign, std::back_inserter(verdict.against));
    if (open) {
        EvidenceRef ref;
        ref.source = context.failure.source;
        ref.line = ref.lastLine = open->line;
        ref.text = open->name;
        if (open->start)
            ref.time = context.analysis.placement->place(ref.source, SourceInterval{*open->start, *open->start});
        verdict.against.push_back(std::move(ref));
    }
    verdict.against.resize(std::min<size_t>(verdict.against.size(), 4));
    const PlaceholderValues values = valuesOf(reached.way, context);
    verdict.title = cause.title;
    verdict.explanation = fillPlaceholders(cause.explanation, values);
    verdict.remedy = fillPlaceholders(cause.remedy, values);
    verdict.prevention = fillPlaceholders(cause.prevention, values);
    return verdict;
}

void rankVerdicts(std::vector<Verdict> &verdicts, const Findings &findings, const PlaybookSet &set)
{
    const auto key = [&](const Verdict &v) {
        const auto cause = set.causes.find(v.cause);
        const int depth = cause == set.causes.end() ? 0 : static_cast<int>(cause->second.depth);
        const bool follows = findings.failures[static_cast<size_t>(v.failure)].follows >= 0;
        // Depth decides between what is known; among mere possibilities the more probable goes first.
        const bool isPossible = v.status == VerdictStatus::Possible;
        return std::tuple(static_cast<int>(v.status), follows, isPossible ? -v.confidence : -depth, v.failure,
                          -v.confidence);
    };
    std::ranges::stable_sort(verdicts, {}, key);
    // The same cause of a later failure says nothing new.
    std::set<QString> seen;
    std::vector<Verdict> again;
    std::vector<Verdict> first;
    for (Verdict &verdict : verdicts)
        (seen.insert(verdict.cause).second ? first : again).push_back(std::move(verdict));
    std::ranges::move(again, std::back_inserter(first));
    verdicts = std::move(first);
}

} // namespace faultline
