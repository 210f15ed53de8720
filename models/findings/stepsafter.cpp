// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/stepsafter.h"

#include "models/findings/spanfinder.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isOrdinary(const Span &step)
{
    static const QRegularExpression after(
        u"^(?:Post |Complete job|Set up job|Stop "
        u"containers)|upload|publish|report|artifact|cache|notif|slack|comment|summar|coverage|"
        "clean|tear.?down|destroy|delete|down\\b|stop|kill|logs?\\b|dump|diagnos|debug|collect|gather|archive|save|"
        "status|annotat|inspect|"
        "describe|dmesg|journalctl|\\bcat\\b|\\becho\\b|\\bls\\b|failure|failed|always"_s,
        QRegularExpression::CaseInsensitiveOption);
    return !after.match(QString::fromUtf8(step.name.left(200))).hasMatch();
}

} // namespace

const Span *stepThatLeavesOpen(const SourceEvidence &source, qint64 line)
{
    if (source.format != "github-actions" && source.format != "gh-run-log")
        return nullptr;
    const SpanFinder spans(source);
    const Span *step = spans.innermost(SpanKind::Step, line);
    if (!step || step->outcome != Outcome::Failed)
        return nullptr;
    if (const Span *before = spans.failedBefore(step->line - 1);
        before && before->parent == step->parent && before->outcome == Outcome::Failed)
        return before;
    const auto later = std::ranges::find_if(source.spans, [&](const Span &span) {
        return span.kind == SpanKind::Step && span.parent == step->parent && span.line > step->line
               && span.outcome != Outcome::Skipped && isOrdinary(span);
    });
    return later == source.spans.end() ? nullptr : &*later;
}

} // namespace faultline
