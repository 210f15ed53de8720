// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/caseedits.h"

#include "app/analysis/samefailure.h"

namespace faultline {

AnalyzeOptions CaseEdits::options() const
{
    AnalyzeOptions options;
    options.answers = answers;
    options.annotations = std::make_shared<const Annotations>(annotations);
    options.postmortem = postmortem;
    for (const auto &[path, said] : overrides) {
        if (!said.format.isEmpty())
            options.import.formatOf.emplace_back(path, said.format);
        if (said.saysClock())
            options.clocks.emplace_back(path, said.clock);
    }
    return options;
}

CaseEdits renumbered(const CaseEdits &edits, const Analysis &before, const Analysis &after)
{
    CaseEdits result = edits;
    result.answers.clear();
    for (const auto &[key, label] : edits.answers) {
        const auto &[failure, playbook, node] = key;
        if (const int same = sameFailure(before, failure, after); same >= 0)
            result.answers[{same, playbook, node}] = label;
    }
    for (Annotation &note : result.annotations)
        if (note.failure >= 0)
            note.failure = sameFailure(before, note.failure, after);
    return result;
}

} // namespace faultline
