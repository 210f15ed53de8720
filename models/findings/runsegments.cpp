// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/runsegments.h"

#include "models/findings/stepsafter.h"

#include <algorithm>
#include <functional>

namespace faultline {

namespace {

enum class Ending { None, Passed, Failed };

Ending endingOf(const Event &event)
{
    if (event.role != Role::End)
        return Ending::None;
    if (event.signature == "ci.exit_code")
        return fieldValue(event.fields, "code").toLongLong() == 0 ? Ending::Passed : Ending::Failed;
    return event.severity >= Severity::Error ? Ending::Failed : Ending::Passed;
}

/// Ends that a test runner writes end a package, not the CI's step: they count only where no CI says how it went.
bool isRunnersOwnEnd(const Event &event)
{
    return !event.signature.startsWith("ci.");
}

bool hasCiEnd(const SourceEvidence &evidence)
{
    return std::ranges::any_of(evidence.events,
                               [](const Event &event) { return event.role == Role::End && !isRunnersOwnEnd(event); });
}

/// Cuts a run at the lines that say how steps and jobs ended; keeps the segments that failed.
class RunCutter
{
public:
    RunCutter(const SourceEvidence &evidence, const SpanFinder &spans, const SignatureSet &signatures)
        : m_evidence(evidence)
        , m_spans(spans)
        , m_signatures(signatures)
        , m_ciEnds(evidence.kind == SourceKind::CiLog || hasCiEnd(evidence))
    {
        // A line that ends a run may also say why: that belongs to what it ends.
        const auto &events = evidence.events;
        for (auto line = events.begin(); line != events.end();) {
            const auto next = std::find_if(line, events.end(), [&](const Event &e) { return e.line != line->line; });
            m_isEndsLine = std::any_of(line, next, [](const Event &e) { return endingOf(e) == Ending::Failed; });
            for (const bool isEnd : {false, true}) {
                for (auto event = line; event != next; ++event) {
                    if ((event->role == Role::End) == isEnd)
                        take(*event);
                }
            }
            line = next;
        }
        closeOpen();
    }

    RunSegments result() { return {std::move(failed), std::move(m_told)}; }

private:
    void take(const Event &event)
    {
        if (event.signature == "ci.retrying" && isTriedAgain(event)) {
            failed.pop_back();
            m_current = {};
            m_current.firstLine = event.lastLine + 1;
            return;
        }
        const Ending ending = m_ciEnds && isRunnersOwnEnd(event) ? Ending::None : endingOf(event);
        // One package's "ok" says nothing of the others; only a CI's word ends a run well.
        if (ending == Ending::Passed && isRunnersOwnEnd(event))
            return;
        if (ending == Ending::Passed) {
            // The whole job passed: what failed before was tried again.
            if (event.signature == "ci.job_passed")
                failed.clear();
            m_current = {};
            m_current.firstLine = event.lastLine + 1;
        } else if (ending == Ending::Failed) {
            endBy(event);
        } else if ((event.role == Role::Symptom || event.role == Role::Cause) && event.severity >= Severity::Error
                   && !isAftermath(event)) {
            const int index = m_signatures.indexOf(event.signature);
            if (index >= 0)
                m_current.failing.push_back({&event, &m_signatures.signatures()[static_cast<size_t>(index)]});
        }
    }

    /// In a step that went well after the one that failed: what is cleaned up and shown after a failure is no other one. Nor is what a
    /// cancelled step says while it dies.
    bool isAftermath(const Event &event) const
    {
        const Span *step = m_spans.innermost(SpanKind::Step, event.line);
        if (!step || m_isEndsLine)
            return false;
        if (!failed.empty() && failed.back().end && failed.back().cancelled
            && m_spans.innermost(SpanKind::Step, failed.back().end->line) == step)
            return true;
        if (step->outcome != Outcome::Passed)
            return false;
        const Span *before = m_spans.failedBefore(step->line);
        return before && before->lastLine <= step->line
               && m_spans.innermost(SpanKind::Job, before->line) == m_spans.innermost(SpanKind::Job, step->line);
    }

    /// Jenkins' retry step says so right after it told how the attempt ended.
    bool isTriedAgain(const Event &event) const
    {
        constexpr qint64 RightAfter = 3;
        return m_evidence.format == "jenkins" && !failed.empty() && failed.back().end
               && event.line - failed.back().end->line <= RightAfter;
    }

    void endBy(const Event &event)
    {
        std::optional<qint64> code;
        if (event.signature == "ci.exit_code")
            code = fieldValue(event.fields, "code").toLongLong();
        if (isOfAnotherBranch(event))
            code.reset();
        const bool cancelled = event.signature == "ci.cancelled";
        // "script returned exit code 255", then "Finished: FAILURE": two words for one end.
        if (m_current.failing.empty() && !failed.empty() && !startsNewStep(failed.back().end, event)) {
            RunSegment &last = failed.back();
            if (!last.exitCode)
                last.exitCode = code;
            last.cancelled = last.cancelled || cancelled;
        } else {
            m_current.end = &event;
            m_current.exitCode = code;
            m_current.cancelled = cancelled;
            dropBorneBefore(event);
            if (cancelled)
                dropUnfinished(event);
            failed.push_back(std::move(m_current));
        }
        m_current = {};
        m_current.firstLine = event.lastLine + 1;
    }

    /// What stands before the step that failed, or in another one that went well, was borne, unless the failed one says nothing itself.
    void dropBorneBefore(const Event &end)
    {
        const Span *step = m_spans.innermost(SpanKind::Step, end.line);
        if (!step || step->outcome == Outcome::Passed)
            return;
        const auto stepOf = [&](const Failing &failing) {
            return m_spans.innermost(SpanKind::Step, failing.event->line);
        };
        const auto isBorne = [&](const Failing &failing) {
            const Span *other = stepOf(failing);
            return other ? other != step && other->outcome == Outcome::Passed : failing.event->line < step->line;
        };
        // GitHub tells of each step that did not fail that it went well; others that none told of it.
        if (isGithubLog(m_evidence)
            || std::ranges::any_of(m_current.failing, [&](const Failing &f) { return stepOf(f) == step; }))
            std::erase_if(m_current.failing, isBorne);
    }

    /// A test that failed while the others went on did not end what was then cancelled: it might have been tried again.
    void dropUnfinished(const Event &end)
    {
        constexpr qint64 WentOn = 15; ///< Lines.
        std::erase_if(m_current.failing, [&](const Failing &failing) {
            return isTestFailure(failing) && failing.event->lastLine + WentOn < end.line;
        });
    }

    /// Of a branch that ran beside the one in which the first trouble is: how it ended says nothing of that one.
    bool isOfAnotherBranch(const Event &end) const
    {
        if (m_current.failing.empty())
            return false;
        const Span *own = branchOf(m_current.failing.front().event->line);
        const Span *other = branchOf(end.line);
        return own && other && own != other && own->line < other->lastLine && other->line < own->lastLine;
    }
    /// The step around the stretch of lines that a branch wrote without another in between.
    const Span *branchOf(qint64 line) const
    {
        const Span *step = m_spans.innermost(SpanKind::Step, line);
        const Span *around = step && step->parent >= 0 ? &m_evidence.spans[static_cast<size_t>(step->parent)] : nullptr;
        return around && around->kind == SpanKind::Step && around->name == step->name ? around : nullptr;
    }

    bool startsNewStep(const Event *before, const Event &event) const
    {
        if (!before)
            return false;
        const Span *a = m_spans.innermost(SpanKind::Step, before->line);
        const Span *b = m_spans.innermost(SpanKind::Step, event.line);
        // A step that went well only repeats how another one ended.
        return a && b && a != b && b->outcome != Outcome::Passed && event.signature == "ci.exit_code";
    }

    /// A log that stops without an end failed if it says so itself by something fatal, or by a test's verdict.
    void closeOpen()
    {
        if (!failed.empty())
            return;
        if (auto told = m_evidence.kind == SourceKind::CiLog ? endToldBySpans(m_evidence) : std::nullopt) {
            m_told = std::make_shared<const ToldEnd>(std::move(*told));
            endAsTold();
            return;
        }
        const bool fatal = std::ranges::any_of(m_current.failing, [](const Failing &f) {
            return f.event->severity == Severity::Fatal || isTestFailure(f)
                   || (f.signature->weight >= 80 && !f.signature->failure.isEmpty());
        });
        const bool passed = std::ranges::any_of(m_evidence.spans, [](const Span &span) {
            return span.kind == SpanKind::Job && span.outcome == Outcome::Passed;
        });
        if (passed)
            return;
        // A program's own log does not tell of tests.
        const bool run = m_evidence.kind == SourceKind::CiLog || m_evidence.kind == SourceKind::TestOutput
                         || !m_evidence.spans.empty() || std::ranges::any_of(m_current.failing, isTestFailure);
        if ((fatal && run) || stopsInTrouble())
            failed.push_back(std::move(m_current));
    }

    /// A log of no known CI system whose very last lines tell what broke; a service's log goes on after its troubles.
    bool stopsInTrouble() const
    {
        constexpr qint64 LastLines = 25;
        constexpr qint64 LastWords = 5;
        constexpr qint64 LastVerdict = 8; // Test runners and tools close with a few lines of what to try next.
        return std::ranges::any_of(m_current.failing, [this](const Failing &f) {
            const qint64 after = m_evidence.lineCount() - f.event->line;
            const bool statesCode = fieldValue(f.event->fields, "code").toInt() > 0;
            return (f.signature->weight >= 80 && after < LastLines)
                   || ((isTestFailure(f) || f.signature->weight >= 75) && after < LastVerdict)
                   || (statesCode && after < LastWords);
        });
    }

    void endAsTold()
    {
        const auto isInside = [this](const Failing &f) {
            return f.event->line >= m_told->firstLine && f.event->line <= m_told->event.line;
        };
        if (std::ranges::any_of(m_current.failing, isInside))
            std::erase_if(m_current.failing, std::not_fn(isInside));
        m_current.end = &m_told->event;
        m_current.exitCode = m_told->exitCode;
        m_current.cancelled = m_told->cancelled;
        failed.push_back(std::move(m_current));
    }

    const SourceEvidence &m_evidence;
    const SpanFinder &m_spans;
    const SignatureSet &m_signatures;
    bool m_ciEnds;
    bool m_isEndsLine = false; ///< The line in hand says how the run ended.
    std::vector<RunSegment> failed;
    RunSegment m_current;
    std::shared_ptr<const ToldEnd> m_told;
};

} // namespace

bool isTestFailure(const Failing &failing)
{
    return failing.event->signature == "go.test_fail" || failing.event->signature.startsWith("test.fail");
}

RunSegments cutRun(const SourceEvidence &evidence, const SpanFinder &spans, const SignatureSet &signatures)
{
    return RunCutter(evidence, spans, signatures).result();
}

} // namespace faultline
