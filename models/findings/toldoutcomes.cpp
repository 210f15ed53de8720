// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/toldoutcomes.h"

#include "models/findings/borne.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// A job and its steps, of a log or of what is told of the run.
struct JobOfRun {
    const Span *job = nullptr;
    std::vector<const Span *> steps; ///< In order; without those that did not run.
};

std::vector<JobOfRun> jobsOf(const SourceEvidence &source)
{
    std::vector<JobOfRun> jobs;
    std::map<int, size_t> byIndex;
    for (size_t i = 0; i < source.spans.size(); ++i) {
        const Span &span = source.spans[i];
        if (span.kind == SpanKind::Job) {
            byIndex[static_cast<int>(i)] = jobs.size();
            jobs.push_back({&span, {}});
        } else if (span.kind == SpanKind::Step && span.outcome != Outcome::Skipped) {
            if (const auto of = byIndex.find(span.parent); of != byIndex.end())
                jobs[of->second].steps.push_back(&span);
        }
    }
    return jobs;
}

bool isOfGithub(const SourceEvidence &log)
{
    return log.format == "github-actions" || log.format == "gh-run-log";
}

bool isOfRunnersOwn(const Span &step)
{
    return step.name == "Set up job" || step.name == "Complete job" || step.name.startsWith("Post ");
}

std::vector<const Span *> ordinary(const std::vector<const Span *> &steps)
{
    std::vector<const Span *> result;
    std::ranges::copy_if(steps, std::back_inserter(result), [](const Span *step) { return !isOfRunnersOwn(*step); });
    return result;
}

/// The one of `told` that a step of the log is; null where none surely is.
const Span *toldOf(const Span &step, const JobOfRun &log, const JobOfRun &told)
{
    const auto isNamed = [&](const Span *other) { return other->name == step.name; };
    if (std::ranges::count_if(log.steps, isNamed) == 1 && std::ranges::count_if(told.steps, isNamed) == 1)
        return *std::ranges::find_if(told.steps, isNamed);
    const std::vector<const Span *> own = ordinary(log.steps);
    const std::vector<const Span *> others = ordinary(told.steps);
    if (const auto at = std::ranges::find(own, &step); own.size() == others.size() && at != own.end())
        return others[static_cast<size_t>(at - own.begin())];
    const auto beganWith = [&](const Span *other) {
        return step.start && other->start && *step.start >= *other->start && *step.start - *other->start < NsPerSecond;
    };
    return std::ranges::count_if(told.steps, beganWith) == 1 ? *std::ranges::find_if(told.steps, beganWith) : nullptr;
}

const JobOfRun *toldOf(const JobOfRun &log, size_t logsJobs, const std::vector<JobOfRun> &told)
{
    const auto named =
        std::ranges::find_if(told, [&](const JobOfRun &other) { return other.job->name == log.job->name; });
    if (named != told.end())
        return &*named;
    return log.job->name.isEmpty() && logsJobs == 1 && told.size() == 1 ? &told.front() : nullptr;
}

/// "Lint (advisory)": whoever names a step so lets it fail, and where another ran after it, it was let.
bool isNamedAsTolerated(const Span &step, const SourceEvidence &log)
{
    static const QRegularExpression tolerated(
        u"\\b(?:advisory|non[- ]?blocking|optional|best[- ]effort|(?:allowed to|may|can) fail|allow[- ]?fail(?:ure)?|informational)\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    if (step.outcome != Outcome::Failed || !tolerated.match(QString::fromUtf8(step.name.left(200))).hasMatch())
        return false;
    return std::ranges::any_of(log.spans, [&](const Span &later) {
        return later.kind == SpanKind::Step && later.parent == step.parent && later.line > step.line
               && later.outcome != Outcome::Skipped && !isOfRunnersOwn(later);
    });
}

/// Jobs and steps of a log that are told to have gone well.
std::vector<const Span *> toldToPass(const SourceEvidence &log, const std::vector<JobOfRun> &told)
{
    std::vector<const Span *> passed;
    const std::vector<JobOfRun> jobs = jobsOf(log);
    for (const JobOfRun &job : jobs) {
        const JobOfRun *known = toldOf(job, jobs.size(), told);
        if (!known) {
            std::ranges::copy_if(job.steps, std::back_inserter(passed),
                                 [&](const Span *step) { return isNamedAsTolerated(*step, log); });
            continue;
        }
        if (known->job->outcome == Outcome::Passed)
            passed.push_back(job.job);
        for (const Span *step : job.steps) {
            const Span *of = known->job->outcome == Outcome::Passed ? known->job : toldOf(*step, job, *known);
            if (of && of->outcome == Outcome::Passed)
                passed.push_back(step);
        }
    }
    return passed;
}

std::shared_ptr<const SourceEvidence> withPassed(std::shared_ptr<const SourceEvidence> log,
                                                 const std::vector<const Span *> &passed)
{
    const auto isInside = [&](const Event &event) {
        return std::ranges::any_of(passed, [&](const Span *span) {
            return event.line >= span->line && (span->lastLine == 0 || event.line <= span->lastLine);
        });
    };
    std::vector<size_t> borne;
    for (size_t i = 0; i < log->events.size(); ++i) {
        const Event &event = log->events[i];
        const bool isBad = event.severity >= Severity::Error || event.role == Role::End;
        if (isBad && event.signature != BorneSignature && isInside(event))
            borne.push_back(i);
    }
    if (borne.empty())
        return log;
    auto marked = std::make_shared<SourceEvidence>(*withBorne(log, borne));
    for (const Span *span : passed)
        if (Span &own = marked->spans[static_cast<size_t>(span - log->spans.data())]; own.outcome == Outcome::Failed)
            own.outcome = Outcome::Passed;
    return marked;
}

} // namespace

std::shared_ptr<const Evidence> withOutcomesTold(std::shared_ptr<const Evidence> evidence)
{
    std::vector<JobOfRun> told;
    for (const auto &source : evidence->sources)
        if (source->format == "github-run")
            std::ranges::move(jobsOf(*source), std::back_inserter(told));
    Evidence marked = *evidence;
    for (auto &source : marked.sources)
        if (source->kind == SourceKind::CiLog && (!told.empty() || isOfGithub(*source)))
            source = withPassed(source, toldToPass(*source, told));
    return marked.sources == evidence->sources ? evidence : std::make_shared<const Evidence>(std::move(marked));
}

} // namespace faultline
