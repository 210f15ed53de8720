// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/findings/headroom.h"
#include "models/findings/spikes.h"

#include <QHash>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace faultline {

namespace {

/// Whether nothing that says what a series is about differs: a label of these, or of a table's column, which both have.
bool sharesLabels(const Series &a, const Series &b)
{
    for (const auto *name :
         {"pod", "container", "instance", "device", "mountpoint", "id", "namespace", "name", "host", "process"}) {
        const auto valueOf = [name](const Series &series) {
            const auto label = std::ranges::find_if(
                series.labels, [name](const Label &one) { return one.first.compare(name, Qt::CaseInsensitive) == 0; });
            return label == series.labels.end() ? QByteArray() : label->second;
        };
        const QByteArray x = valueOf(a);
        const QByteArray y = valueOf(b);
        if (!x.isEmpty() && !y.isEmpty() && x != y)
            return false;
    }
    return true;
}

/// "500m" is half a core, as Kubernetes writes it.
std::optional<double> factValue(const QByteArray &text)
{
    const bool isMilli = text.endsWith('m');
    bool isNumber = false;
    const double value = (isMilli ? text.chopped(1) : text).toDouble(&isNumber);
    // cgroup v1 writes "no limit" as a number near 2^63.
    if (!isNumber || value <= 0 || value > 9e18)
        return std::nullopt;
    return isMilli ? value / 1000 : value;
}

bool differ(const QByteArray &x, const QByteArray &y)
{
    return !x.isEmpty() && !y.isEmpty() && x != y;
}

/// A limit that a fact states: of the same pod and container where both say theirs; else the lowest there is.
std::optional<double> factLimit(const Evidence &evidence, const Series &series, const MetricFamily &family)
{
    std::optional<double> found;
    for (const auto &source : evidence.sources) {
        for (const Fact &fact : source->facts) {
            if (!std::ranges::contains(family.facts, fact.key))
                continue;
            const QByteArray container = series.label("container");
            const QByteArray pod = series.label("pod");
            if (!container.isEmpty() && fact.subject.startsWith("container/")
                && fact.subject != "container/" + container)
                continue;
            const QByteArray &factPod = fact.identity->pod.isEmpty() ? source->identity.pod : fact.identity->pod;
            if (differ(pod, factPod))
                continue;
            const std::optional<double> value = factValue(fact.value);
            if (value && (!found || *value < *found))
                found = value;
        }
    }
    return found;
}

/// Of a quota the period with the same labels, of any other limit nothing; both in the same unit of time.
std::optional<double> periodOf(const Evidence &evidence, const std::vector<SeriesRef> &all, const MetricFamily &family,
                               const Series &quota)
{
    if (family.per.pattern().isEmpty() || !quota.name.contains("quota"))
        return std::nullopt;
    for (const SeriesRef ref : all) {
        const Series &period = evidence.series(ref);
        if (!family.per.match(MetricRules::spelt(period.name)).hasMatch() || !sharesLabels(quota, period))
            continue;
        if (const double value = lastFinite(period); value > 0)
            return value;
    }
    return std::nullopt;
}

/// A restart: the first fall of a counter around the failure.
std::optional<Spike> findReset(const Series &series, const SourcePlacement &placement, const SpikeQuestion &question)
{
    constexpr DurationNs Around = NsPerMinute;
    constexpr double Score = 1.0; ///< Behind all that stands out.
    if (series.kind != SeriesKind::Counter || !question.failure)
        return std::nullopt;
    for (size_t i = 1; i < std::min(series.times.size(), series.values.size()); ++i) {
        if (!(series.values[i] < series.values[i - 1]))
            continue;
        const auto before = placement.place(series.times[i - 1]);
        const auto at = placement.place(series.times[i]);
        if (!before || !at || std::abs(at->time - *question.failure) > Around + question.uncertaintyNs)
            continue;
        Spike spike;
        spike.kind = SpikeKind::Reset;
        spike.start = before->time;
        spike.peak = spike.end = at->time;
        spike.value = series.values[i];
        spike.baseline = series.values[i - 1];
        spike.score = Score;
        return spike;
    }
    return std::nullopt;
}

/// Whether the limit may have been reached around the failure, between two samples that do not show it.
bool mayHidePeak(const SpikeQuestion &question, const Series &series)
{
    constexpr DurationNs Before = 30 * NsPerSecond;
    if (!question.failure || (!question.limit && !question.low) || question.curve->times.empty())
        return false;
    return !excludesLimit({question.curve, question.low ? 0.0 : *question.limit, question.low, series.stepNs,
                           *question.failure - (Before + question.uncertaintyNs),
                           *question.failure + question.uncertaintyNs});
}

/// Counters of one process are reset as one.
QByteArray processOf(const Series &series)
{
    QByteArray key;
    for (const QByteArrayView name : {"instance", "pod", "container", "id", "job"})
        key += series.label(name) + '\0';
    return key;
}

struct Candidate {
    Spike spike;
    size_t order = 0;
};

/// Resources before the rest, what reached its limit before what only rose, then by score.
bool moreTelling(const Candidate &a, const Candidate &b)
{
    const bool ra0 = a.spike.kind == SpikeKind::Reset;
    const bool rb0 = b.spike.kind == SpikeKind::Reset;
    if (ra0 != rb0)
        return rb0;
    const bool sa = a.spike.kind == SpikeKind::Saturation;
    const bool sb = b.spike.kind == SpikeKind::Saturation;
    if (sa != sb)
        return sa;
    const double ra = std::min(a.spike.score, 100.0) / (1.0 + 0.3 * static_cast<double>(a.order));
    const double rb = std::min(b.spike.score, 100.0) / (1.0 + 0.3 * static_cast<double>(b.order));
    return ra > rb;
}

} // namespace

double lastFinite(const Series &series)
{
    const auto found =
        std::find_if(series.values.rbegin(), series.values.rend(), [](double v) { return std::isfinite(v); });
    return found == series.values.rend() ? 0 : *found;
}

std::vector<int> pairLimits(const Evidence &evidence, const MetricRules &rules)
{
    const std::vector<SeriesRef> all = evidence.allSeries();
    std::vector<int> limits(all.size(), -1);
    // Which series may be a family's limit is asked once: there may be thousands of both.
    QHash<const MetricFamily *, std::vector<size_t>> byFamily;
    const auto limitsOf = [&](const MetricFamily *family) -> const std::vector<size_t> & {
        auto found = byFamily.find(family);
        if (found != byFamily.end())
            return *found;
        std::vector<size_t> matching;
        for (size_t k = 0; k < all.size(); ++k) {
            const Series &limit = evidence.series(all[k]);
            if (!limit.values.empty() && family->limits.match(MetricRules::spelt(limit.name)).hasMatch())
                matching.push_back(k);
        }
        return *byFamily.insert(family, std::move(matching));
    };
    for (size_t i = 0; i < all.size(); ++i) {
        const Series &usage = evidence.series(all[i]);
        const MetricFamily *family = rules.isConstant(usage) ? nullptr : rules.familyOf(usage);
        if (!family || family->limits.pattern().isEmpty())
            continue;
        for (const size_t k : limitsOf(family))
            if (limits[i] < 0 && k != i && sharesLabels(usage, evidence.series(all[k]))
                && !differ(evidence.series(all[k]).label("resource"), family->resource))
                limits[i] = static_cast<int>(k);
    }
    return limits;
}

void findSpikes(Findings &findings, const Evidence &evidence, const Placement &placement, const MetricRules &rules)
{
    const std::vector<SeriesRef> all = evidence.allSeries();
    findings.limitSeries = pairLimits(evidence, rules);
    findings.limitValues.assign(all.size(), std::nullopt);
    std::vector<Candidate> candidates;
    QHash<int, std::vector<Candidate>> byFailure;
    std::map<int, std::vector<Candidate>> rest; ///< What does not stand out, for the ranking.
    std::set<std::pair<int, QByteArray>> resets;
    for (size_t i = 0; i < all.size(); ++i) {
        const Series &series = evidence.series(all[i]);
        if (rules.isConstant(series))
            continue;
        const Curve curve = placedCurve(series, placement.sources[static_cast<size_t>(all[i].source)]);
        const MetricFamily *family = rules.familyOf(series);
        SpikeQuestion question;
        question.curve = &curve;
        question.low = family && family->low;
        if (const int limit = findings.limitSeries[i]; limit >= 0) {
            const Series &stated = evidence.series(all[static_cast<size_t>(limit)]);
            question.limit = lastFinite(stated);
            if (const auto period = periodOf(evidence, all, *family, stated)) {
                // Not in the unit of what it limits: no line to be drawn beside it.
                findings.limitSeries[i] = -1;
                findings.limitValues[i] = question.limit =
                    *question.limit > 0 ? std::optional(*question.limit / *period) : std::nullopt;
            }
        } else if (family)
            findings.limitValues[i] = question.limit =
                family->limit ? family->limit : factLimit(evidence, series, *family);
        for (size_t f = 0; f == 0 || f < findings.failures.size(); ++f) {
            const bool hasFailure = f < findings.failures.size();
            if (hasFailure && findings.failures[f].follows >= 0)
                continue;
            question.failure.reset();
            question.uncertaintyNs = 0;
            if (hasFailure && findings.failures[f].time) {
                question.failure = findings.failures[f].time->time;
                question.uncertaintyNs = std::min<DurationNs>(findings.failures[f].time->uncertaintyNs(), NsPerMinute);
            }
            auto spike = findSpike(question);
            if (!spike) {
                spike = findReset(series, placement.sources[static_cast<size_t>(all[i].source)], question);
                if (spike && !resets.insert({static_cast<int>(f), processOf(series)}).second)
                    spike.reset();
            }
            if (!spike && hasFailure && mayHidePeak(question, series))
                findings.unseen.push_back({static_cast<int>(f), static_cast<int>(i)});
            if (!spike) {
                if (const auto score = changeScore(question); score && hasFailure) {
                    Spike quiet;
                    quiet.series = static_cast<int>(i);
                    quiet.score = *score;
                    rest[static_cast<int>(f)].push_back({quiet, rules.orderOf(family)});
                }
                continue;
            }
            spike->series = static_cast<int>(i);
            spike->failure = hasFailure ? static_cast<int>(f) : -1;
            byFailure[spike->failure].push_back({*spike, rules.orderOf(family)});
        }
    }
    for (auto it = byFailure.begin(); it != byFailure.end(); ++it) {
        std::ranges::stable_sort(it.value(), moreTelling);
        int rank = 0;
        for (const Candidate &candidate : it.value()) {
            if (it.key() >= 0)
                findings.changes.push_back({it.key(), ++rank, candidate.spike.series, candidate.spike.score});
            candidates.push_back(candidate);
        }
    }
    for (auto &[failure, quiet] : rest) {
        std::ranges::stable_sort(quiet, moreTelling);
        const auto found = byFailure.constFind(failure);
        int rank = found == byFailure.cend() ? 0 : static_cast<int>(found->size());
        for (const Candidate &candidate : quiet)
            findings.changes.push_back({failure, ++rank, candidate.spike.series, candidate.spike.score});
    }
    std::ranges::stable_sort(findings.changes, {}, [](const Change &c) { return std::pair(c.failure, c.rank); });
    std::ranges::stable_sort(candidates, [](const Candidate &a, const Candidate &b) {
        return a.spike.failure != b.spike.failure ? a.spike.failure < b.spike.failure : moreTelling(a, b);
    });
    for (const Candidate &candidate : candidates)
        if (findings.spikes.size() < Findings::MostSpikes)
            findings.spikes.push_back(candidate.spike);
}

} // namespace faultline
