// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/stepsafter.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isOrdinary(const Span &step)
{
    static const QRegularExpression after(
        u"^(?:Post |Complete job|Set up job|Stop containers)"
        "|upload|publish|report|artifact|cache|notif|slack|comment|summar|coverage|archive|save|status|annotat"
        "|clean|tear.?down|destroy|delete|down\\b|stop|kill"
        "|logs?\\b|dump|diagnos|debug|collect|gather|inspect|describe|dmesg|journalctl|\\b(?:cat|echo|ls)\\b"
        "|failure|failed|always"_s,
        QRegularExpression::CaseInsensitiveOption);
    return !after.match(QString::fromUtf8(step.name.left(200))).hasMatch();
}

} // namespace

bool isGithubLog(const SourceEvidence &source)
{
    return source.format == "github-actions" || source.format == "gh-run-log";
}

const Span *stepThatLeavesOpen(const SourceEvidence &source, qint64 line)
{
    if (!isGithubLog(source))
        return nullptr;
    const auto isStep = [](const Span &span) {
        return span.kind == SpanKind::Step && span.outcome != Outcome::Skipped;
    };
    const Span *step = nullptr;
    for (const Span &span : source.spans)
        if (isStep(span) && span.line <= line && (span.lastLine == 0 || span.lastLine >= line)
            && (!step || span.line >= step->line))
            step = &span;
    if (!step || step->outcome != Outcome::Failed)
        return nullptr;
    const Span *before = nullptr; // the last that failed
    const Span *after = nullptr;  // the first that is ordinary
    for (const Span &span : source.spans) {
        if (!isStep(span) || span.parent != step->parent)
            continue;
        if (span.line < step->line && span.outcome == Outcome::Failed && (!before || span.line > before->line))
            before = &span;
        else if (span.line > step->line && (!after || span.line < after->line) && isOrdinary(span))
            after = &span;
    }
    return before ? before : after;
}

} // namespace faultline
