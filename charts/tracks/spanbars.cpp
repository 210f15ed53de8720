// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/format.h"
#include "charts/tracks/bartrack.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int MostStepLanes = 8;
constexpr int MostTestLanes = 5;
constexpr int MostStateLanes = 6;
constexpr int MostDepth = 16; ///< Parents of parents that are followed: a circle must end.

bool isOf(SpanKind kind, std::initializer_list<SpanKind> kinds)
{
    return std::ranges::find(kinds, kind) != kinds.end();
}

/// How many spans of these kinds a span stands in.
int depthOf(const SourceEvidence &source, const Span &span, std::initializer_list<SpanKind> kinds)
{
    int depth = 0;
    int parent = span.parent;
    for (int i = 0; i < MostDepth && parent >= 0 && static_cast<size_t>(parent) < source.spans.size(); ++i) {
        const Span &above = source.spans[static_cast<size_t>(parent)];
        depth += isOf(above.kind, kinds) ? 1 : 0;
        parent = above.parent;
    }
    return depth;
}

/// Spans with a failed one inside: they failed because that did.
std::vector<bool> tookFailure(const SourceEvidence &source)
{
    std::vector<bool> result(source.spans.size(), false);
    for (const Span &span : source.spans) {
        int parent = span.outcome == Outcome::Failed ? span.parent : -1;
        for (int i = 0; i < MostDepth && parent >= 0 && static_cast<size_t>(parent) < source.spans.size(); ++i) {
            result[static_cast<size_t>(parent)] = true;
            parent = source.spans[static_cast<size_t>(parent)].parent;
        }
    }
    return result;
}

QString stateLabel(const Span &span)
{
    const QByteArray &who = span.identity.container.isEmpty() ? span.identity.pod : span.identity.container;
    const QString name = shownText(span.name, 120);
    return who.isEmpty() || span.name.contains(who) ? name : shownText(who, 60) % u": "_s % name;
}

/// A job that its log does not name is called what it is.
QString labelOf(const Span &span)
{
    if (span.kind == SpanKind::State)
        return stateLabel(span);
    return span.name.isEmpty() ? QString(spanKindName(span.kind)) : shownText(span.name, 160);
}

} // namespace

QString sourceTitle(const SourceEvidence &source)
{
    return source.path.section(u'/', -1);
}

std::vector<Bar> spanBars(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex,
                          std::initializer_list<SpanKind> kinds)
{
    std::vector<Bar> bars;
    if (!placement.isPlaced())
        return bars;
    const std::vector<bool> took = tookFailure(source);
    for (size_t i = 0; i < source.spans.size(); ++i) {
        const Span &span = source.spans[i];
        if (!isOf(span.kind, kinds) || (!span.start && !span.end))
            continue;
        const SourceTime start = span.start ? *span.start : source.first ? *source.first : *span.end;
        const SourceTime end = span.end.value_or(std::max(source.last.value_or(start), start));
        const auto lo = placement.place(start);
        const auto hi = placement.place(end);
        if (!lo || !hi)
            continue;
        Bar bar;
        bar.range = {std::min(lo->time, hi->time), std::max(lo->time, hi->time)};
        bar.isOpen = !span.end;
        bar.depth = depthOf(source, span, kinds);
        bar.label = labelOf(span);
        bar.outcome = span.outcome;
        bar.isStrong = span.outcome == Outcome::Failed && span.kind != SpanKind::State && !took[i];
        bar.uncertaintyNs = lo->uncertaintyNs();
        bar.item.kind = TrackItem::Kind::Span;
        bar.item.source = sourceIndex;
        bar.item.line = span.line;
        bar.item.lastLine = span.lastLine;
        bar.item.span = static_cast<int>(i);
        bar.item.time = bar.range.lo;
        bars.push_back(std::move(bar));
    }
    return bars;
}

StepTrack::StepTrack(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex)
    : BarTrack(StepTrack::tr("Steps"), sourceTitle(source),
               spanBars(source, placement, sourceIndex, {SpanKind::Job, SpanKind::Step, SpanKind::Section}),
               MostStepLanes)
{
}

TestTrack::TestTrack(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex)
    : BarTrack(TestTrack::tr("Tests"), sourceTitle(source), spanBars(source, placement, sourceIndex, {SpanKind::Test}),
               MostTestLanes)
{
}

StateTrack::StateTrack(const SourceEvidence &source, const SourcePlacement &placement, int sourceIndex)
    : BarTrack(StateTrack::tr("States"), sourceTitle(source),
               spanBars(source, placement, sourceIndex, {SpanKind::State}), MostStateLanes)
{
}

} // namespace faultline
