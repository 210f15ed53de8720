// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/playbooks/answering.h"
#include "models/playbooks/walker.h"

namespace faultline {

/// A decision on the way to a leaf.
struct PathStep {
    QString playbook;
    QString node;
    std::shared_ptr<const Answer> answer;
    bool corroborates = false; ///< All answers lead to the same node: it only adds what it found.
};

/// A way from a start to a node: how sure it is that it is the way things went.
struct Way {
    Certainty certainty = Certainty::Sure;
    QStringList path;
    std::vector<PathStep> steps;

    bool isBetterThan(const Way &other) const;
    /// Whether it is the way only because a person said so.
    bool isByHand() const;
};

/// A cause reached, before its status is judged.
struct ReachedCause {
    QString cause;
    QString playbook;
    Way way;
};

/// A cause that an edge marked "Rules out" speaks against.
struct ReachedRuleOut {
    QString cause;
    std::vector<EvidenceRef> because;
};

/// One playbook walked for one failure.
struct PlaybookWalk {
    WalkedFlowchart chart;
    std::vector<ReachedCause> causes;
    std::vector<ReachedRuleOut> ruledOut;
    std::vector<std::pair<int, Missing>> missing; ///< With how far from decisive: 0 where candidates were seen.
    std::vector<HandAnswered> answers;
    std::map<QString, Way> calls; ///< Playbook id -> the best way that leads to it.
    std::vector<Error> errors;
};

PlaybookWalk walkPlaybook(const Playbook &playbook, const Way &way, const PlaybookSet &set,
                          const FailureContext &context, const HandAnswers &answers, const CancelToken &cancel);

} // namespace faultline
