// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/samefailure.h"

#include <algorithm>
#include <utility>

namespace faultline {

int sameSource(const Analysis &before, int source, const Analysis &after)
{
    if (!before.evidence || !after.evidence || source < 0
        || std::cmp_greater_equal(source, before.evidence->sources.size()))
        return -1;
    const QString &path = before.evidence->sources[static_cast<size_t>(source)]->path;
    const auto &sources = after.evidence->sources;
    const auto found = std::ranges::find_if(sources, [&path](const auto &other) { return other->path == path; });
    return found == sources.end() ? -1 : static_cast<int>(found - sources.begin());
}

int sameFailure(const Analysis &before, int failure, const Analysis &after)
{
    if (!before.findings || !after.findings || failure < 0
        || std::cmp_greater_equal(failure, before.findings->failures.size()))
        return -1;
    const Failure &old = before.findings->failures[static_cast<size_t>(failure)];
    const int source = sameSource(before, old.source, after);
    if (source < 0)
        return -1;
    int best = -1;
    int most = 0;
    for (const Failure &other : after.findings->failures) {
        if (other.source != source)
            continue;
        // Its line says most; what it is called may be put better once more is known.
        const int alike = (other.line == old.line ? 4 : 0) + (other.what == old.what ? 2 : 0)
                          + (other.job == old.job && other.step == old.step && other.test == old.test ? 1 : 0);
        if (alike > most && alike > 1) {
            most = alike;
            best = other.id;
        }
    }
    return best;
}

} // namespace faultline
