// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/toldoutcomes.h"

#include "models/findings/borne.h"
#include "models/findings/stepsafter.h"

#include <QHash>
#include <QRegularExpression>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isOfRunnersOwn(const Span &step)
{
    return step.name == "Set up job" || step.name == "Complete job" || step.name.startsWith("Post ");
}

/// A job and its steps, of a log or of what is told of the run.
struct JobOfRun {
    const Span *job = nullptr;
    std::vector<const Span *> steps;        ///< In order; without those that did not run.
    std::vector<const Span *> ordinary;     ///< Of these, without the runner's own.
    QHash<QByteArray, const Span *> byName; ///< Null where several have it.
    QHash<qint64, const Span *> bySecond;   ///< In which they began; null where several did.
    QHash<const Span *, size_t> ordinaryIndex;

    void add(const Span &step)
    {
        const auto addTo = [&step](auto &map, const auto &key) {
            const auto known = map.find(key);
            if (known == map.end())
                map.insert(key, &step);
            else
                *known = nullptr;
        };
        steps.push_back(&step);
        addTo(byName, step.name);
        if (step.start)
            addTo(bySecond, step.start->ns / NsPerSecond);
        if (!isOfRunnersOwn(step)) {
            ordinaryIndex.insert(&step, ordinary.size());
            ordinary.push_back(&step);
        }
    }
};

std::vector<JobOfRun> jobsOf(const SourceEvidence &source)
{
    std::vector<JobOfRun> jobs;
    QHash<int, size_t> byIndex;
    for (size_t i = 0; i < source.spans.size(); ++i) {
        const Span &span = source.spans[i];
        if (span.kind == SpanKind::Job) {
            byIndex.insert(static_cast<int>(i), jobs.size());
            jobs.push_back({&span, {}, {}, {}, {}, {}});
        }
    }
    for (const Span &span : source.spans)
        if (span.kind == SpanKind::Step && span.outcome != Outcome::Skipped)
            if (const auto of = byIndex.constFind(span.parent); of != byIndex.cend())
                jobs[*of].add(span);
    return jobs;
}

/// The one of `told` that a step of the log is; null where none surely is.
const Span *toldOf(const Span &step, const JobOfRun &log, const JobOfRun &told)
{
    if (const Span *named = told.byName.value(step.name); named && log.byName.value(step.name))
        return named;
    if (const auto at = log.ordinaryIndex.constFind(&step);
        at != log.ordinaryIndex.cend() && log.ordinary.size() == told.ordinary.size())
        return told.ordinary[*at];
    return step.start ? told.bySecond.value(step.start->ns / NsPerSecond) : nullptr;
}

/// Whether two jobs ran at the same time, as far as both tell: the same job may have been run once more.
bool areOfOneAttempt(const Span &log, const Span &told)
{
    constexpr DurationNs Slack = NsPerMinute; // The log begins and ends with what the runner does around the job.
    const bool isAfter = log.start && told.end && *log.start > *told.end + Slack;
    const bool isBefore = log.end && told.start && *log.end < *told.start - Slack;
    return !isAfter && !isBefore;
}

const JobOfRun *toldOf(const JobOfRun &log, size_t logsJobs, const std::vector<JobOfRun> &told)
{
    const auto isIt = [&](const JobOfRun &other) {
        const bool isOnly = log.job->name.isEmpty() && logsJobs == 1 && told.size() == 1;
        return (isOnly || other.job->name == log.job->name) && areOfOneAttempt(*log.job, *other.job);
    };
    const auto found = std::ranges::find_if(told, isIt);
    return found == told.end() ? nullptr : &*found;
}

/// "Lint (advisory)": whoever names a step so lets it fail, and where another ran after it, it was let.
bool isNamedAsTolerated(const Span &step, const JobOfRun &log)
{
    static const QRegularExpression tolerated(
        u"\\b(?:advisory|non[- ]?blocking|optional|best[- ]effort|(?:allowed to|may|can) fail|allow[- ]?fail(?:ure)?|informational)\\b"_s,
        QRegularExpression::CaseInsensitiveOption);
    return step.outcome == Outcome::Failed && !log.ordinary.empty() && log.ordinary.back()->line > step.line
           && tolerated.match(QString::fromUtf8(step.name.left(200))).hasMatch();
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
                                 [&](const Span *step) { return isNamedAsTolerated(*step, job); });
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
    constexpr qint64 End = std::numeric_limits<qint64>::max();
    std::vector<std::pair<qint64, qint64>> stretches; // of lines, joined where they overlap
    for (const Span *span : passed)
        stretches.emplace_back(span->line, span->lastLine == 0 ? End : span->lastLine);
    std::ranges::sort(stretches);
    for (size_t i = 1; i < stretches.size(); ++i)
        if (stretches[i].first <= stretches[i - 1].second)
            stretches[i] = {stretches[i - 1].first, std::max(stretches[i].second, stretches[i - 1].second)};
    const auto isInside = [&](const Event &event) {
        const auto after = std::ranges::upper_bound(stretches, std::pair(event.line, End));
        return after != stretches.begin() && std::prev(after)->second >= event.line;
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
        if (source->kind == SourceKind::CiLog && (!told.empty() || isGithubLog(*source)))
            source = withPassed(source, toldToPass(*source, told));
    return marked.sources == evidence->sources ? evidence : std::make_shared<const Evidence>(std::move(marked));
}

} // namespace faultline
