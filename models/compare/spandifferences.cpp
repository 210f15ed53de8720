// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/differences.h"

#include <algorithm>
#include <tuple>

namespace faultline {

namespace {

constexpr double TellingRatio = 1.5;
constexpr DurationNs TellingOfTest = NsPerSecond;
constexpr DurationNs TellingOfStep = 5 * NsPerSecond;

struct PlacedSpan {
    const Span *span = nullptr;
    int source = -1;
    std::optional<DurationNs> took;
};

using SpanKey = std::tuple<SpanKind, QByteArray, QByteArray>; ///< Kind, job, name.

/// Of those tried several times the last.
std::map<SpanKey, PlacedSpan> spansOf(const ComparedRun &run)
{
    std::map<SpanKey, PlacedSpan> result;
    for (size_t s = 0; s < run.evidence.sources.size(); ++s)
        for (const Span &span : run.evidence.sources[s]->spans) {
            if (span.kind == SpanKind::State || span.name.isEmpty())
                continue;
            std::optional<DurationNs> took;
            if (span.start && span.end)
                took = *span.end - *span.start;
            result[{span.kind, span.kind == SpanKind::Job ? QByteArray() : span.identity.job, span.name}] = {
                &span, static_cast<int>(s), took};
        }
    return result;
}

SpanDifference differenceOf(Difference kind, const PlacedSpan &shown)
{
    SpanDifference result;
    result.kind = kind;
    result.span = shown.span->kind;
    result.name = shown.span->name;
    result.job = shown.span->identity.job;
    result.source = shown.source;
    result.line = shown.span->line;
    return result;
}

SpanDifference differenceOf(const PlacedSpan &after, const PlacedSpan &before)
{
    const Outcome was = before.span->outcome;
    const Outcome is = after.span->outcome;
    const bool neverEnded = !after.span->end && before.span->end;
    auto kind = Difference::Same;
    // A failure is a difference also where the run that passed does not say how it went.
    const bool endedOtherwise = is == Outcome::Failed || (was != Outcome::Unknown && is != Outcome::Unknown);
    if (was != is && (endedOtherwise || (was != Outcome::Unknown && neverEnded))) {
        kind = Difference::Changed;
    } else if (after.took && before.took) {
        const DurationNs telling = after.span->kind == SpanKind::Test ? TellingOfTest : TellingOfStep;
        const auto longer = [&](DurationNs a, DurationNs b) {
            return a - b >= telling && static_cast<double>(a) >= TellingRatio * static_cast<double>(b);
        };
        if (longer(*after.took, *before.took))
            kind = Difference::Slower;
        else if (longer(*before.took, *after.took))
            kind = Difference::Faster;
    }
    SpanDifference result = differenceOf(kind, after);
    result.before = was;
    result.after = is;
    result.tookBefore = before.took;
    result.tookAfter = after.took;
    return result;
}

/// Those that came out otherwise first, then by how much time they took more or less, tests after what holds them.
bool isMoreTelling(const SpanDifference &a, const SpanDifference &b)
{
    const auto rank = [](const SpanDifference &d) {
        const DurationNs gap = std::abs(d.tookAfter.value_or(0) - d.tookBefore.value_or(0));
        const int order = d.kind == Difference::Changed                             ? 0
                          : d.kind == Difference::New || d.kind == Difference::Gone ? 2
                                                                                    : 1;
        return std::tuple(order, d.span == SpanKind::Test, -gap, d.source, d.line);
    };
    return rank(a) < rank(b);
}

} // namespace

void addSpanDifferences(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    const auto after = spansOf(failed);
    const auto before = spansOf(passed);
    if (after.empty() || before.empty())
        return;
    std::vector<SpanDifference> all;
    for (const auto &[key, span] : after) {
        const auto other = before.find(key);
        if (other != before.end()) {
            all.push_back(differenceOf(span, other->second));
            continue;
        }
        SpanDifference difference = differenceOf(Difference::New, span);
        difference.after = span.span->outcome;
        difference.tookAfter = span.took;
        all.push_back(std::move(difference));
    }
    for (const auto &[key, span] : before)
        if (!after.contains(key)) {
            SpanDifference difference = differenceOf(Difference::Gone, span);
            difference.before = span.span->outcome;
            difference.tookBefore = span.took;
            all.push_back(std::move(difference));
        }
    std::ranges::copy_if(all, std::back_inserter(comparison.spans),
                         [](const SpanDifference &d) { return d.kind != Difference::Same; });
    std::ranges::stable_sort(comparison.spans, isMoreTelling);
    if (comparison.spans.size() > RunComparison::MostSpans)
        comparison.spans.resize(RunComparison::MostSpans);
    std::ranges::stable_sort(
        all, {}, [](const SpanDifference &d) { return std::tuple(d.kind == Difference::Gone, d.source, d.line); });
    if (all.size() > RunComparison::MostAligned)
        all.resize(RunComparison::MostAligned);
    comparison.aligned = std::move(all);
}

} // namespace faultline
