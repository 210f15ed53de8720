// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/correlationranking.h"

#include "charts/core/telling.h"
#include "models/findings/metricrules.h"
#include "models/findings/spikes.h"

#include <algorithm>

namespace faultline {

std::vector<Spike> rankedBeyondSpikes(const Analysis &analysis, int failure, size_t most)
{
    std::vector<Spike> found;
    if (!analysis.evidence || !analysis.placement || !analysis.findings || failure < 0
        || std::cmp_greater_equal(failure, analysis.findings->failures.size()))
        return found;
    const Findings &findings = *analysis.findings;
    const auto &time = findings.failures[static_cast<size_t>(failure)].time;
    const auto all = analysis.evidence->allSeries();
    const MetricRules &rules = MetricRules::shipped();
    for (const Change &change : findings.changes) {
        const bool isKnown = std::ranges::any_of(findings.spikes, [&](const Spike &spike) {
            return spike.series == change.series && spike.failure == failure;
        });
        if (change.failure != failure || change.series < 0 || isKnown)
            continue;
        if (found.size() >= most)
            break;
        const SeriesRef ref = all[static_cast<size_t>(change.series)];
        const Series &series = analysis.evidence->series(ref);
        const Curve curve = placedCurve(series, analysis.placement->sources[static_cast<size_t>(ref.source)]);
        const MetricFamily *family = rules.familyOf(series);
        SpikeQuestion question;
        question.curve = &curve;
        question.low = family && family->low;
        if (time) {
            question.failure = time->time;
            question.uncertaintyNs = std::min<DurationNs>(time->uncertaintyNs(), NsPerMinute);
            question.limit = limitAt(analysis, change.series, time->time);
        }
        if (auto spike = findSpike(question)) {
            spike->series = change.series;
            spike->failure = failure;
            found.push_back(*spike);
        }
    }
    return found;
}

} // namespace faultline
