// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings/findings.h"
#include "models/playbooks/nodeshape.h"

#include <QStringList>

namespace faultline {

enum class VerdictStatus { Confirmed, Likely, Possible };
QLatin1StringView verdictStatusName(VerdictStatus status);

/// A cause that the evidence speaks for.
struct Verdict {
    QString cause; ///< Id of CATALOGUE and resources/causes.
    QString title;
    VerdictStatus status = VerdictStatus::Possible;
    double confidence = 0;
    int failure = -1;
    QString playbook;
    QStringList path; ///< "killed", "kernel=yes", …
    std::vector<EvidenceRef> evidence;
    std::vector<EvidenceRef> against;
    QString explanation; ///< Markdown, filled from the evidence.
    QString remedy;
    QString prevention;
    bool coincident = false; ///< Neither precedes the failure nor shares an identity with it.
    QStringList byHand;      ///< Questions on the path that a person answered, "playbook.node".
};

struct RuledOut {
    QString cause;
    int failure = -1;
    std::vector<EvidenceRef> because;
};

/// Evidence that would settle an open question.
struct Missing {
    QString need;    ///< Source kind: "kube-describe".
    QString command; ///< What to run for it.
    QString wouldDecide;
    int failure = -1;
    QString playbook = {}; ///< Where the question stands, and what a person may answer.
    QString node = {};
    QStringList choices = {};
};

/// What a person said where the evidence leaves a question open, and what the walk made of it.
struct HandAnswered {
    int failure = -1;
    QString playbook;
    QString node;
    QString label; ///< Of the question.
    QString answer;
};

enum class NodeState { NotReached, Answered, Open, RuledOut, Confirmed, Likely, Possible };
enum class EdgeState { NotTaken, Taken, Open, RuledOut };

/// A node of a walked playbook, for the window and for Mermaid.
struct WalkedNode {
    QString id;
    QString label;
    QString cause; ///< Set for leaves.
    NodeState state = NodeState::NotReached;
    QString answer;   ///< "yes", "no", "unknown" or the answer column's value.
    QString question; ///< Markdown of the section.
    QString sql;
    QString reason; ///< Why it is ruled out or open, one sentence.
    std::vector<EvidenceRef> rows;
    bool isDecision = false;
    bool byHand = false;               ///< A person gave the answer.
    NodeShape shape = NodeShape::Rect; ///< As the playbook writes it.
};

struct WalkedEdge {
    int from = -1;
    int to = -1;
    QString label;
    EdgeState state = EdgeState::NotTaken;
};

/// One playbook walked for one failure.
struct WalkedFlowchart {
    QString playbook; ///< Id: file name without ending.
    QString title;
    int failure = -1;
    bool leftToRight = false;
    std::vector<WalkedNode> nodes;
    std::vector<WalkedEdge> edges;
    QString mermaid; ///< Plain Mermaid, the taken path styled.
};

struct Diagnosis {
    std::vector<Verdict> verdicts; ///< Best first.
    std::vector<RuledOut> ruledOut;
    std::vector<Missing> missing; ///< Most decisive first.
    std::vector<WalkedFlowchart> flowcharts;
    std::vector<HandAnswered> answers; ///< By hand, where they decided.
    std::vector<Error> errors;         ///< Playbooks that could not be walked, and why.
};

} // namespace faultline
