// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/task.h"
#include "models/playbooks/rowevidence.h"

namespace faultline {

/// How sure an answer is. Assumed: "no" from a coverage that is only assumed.
enum class Certainty { Unknown, Assumed, Sure };

/// What a question came to.
struct Answer {
    QString label; ///< Label of the edge taken as the playbook writes it; empty: unknown.
    Certainty certainty = Certainty::Unknown;
    bool fromRows = false; ///< Else from absence, or given by a person.
    bool byHand = false;
    Strength strength = Strength::Supports;
    Kinship kinship = Kinship::Unknown;  ///< Best of the rows.
    bool follows = false;                ///< All rows lie after the failure.
    std::vector<RowEvidence> rows;       ///< Without foreign ones.
    std::vector<RowEvidence> candidates; ///< Rows that count only with an identity that they do not share.
    std::vector<EvidenceRef> foreign;    ///< Rows about others.
    std::vector<EvidenceRef> looked;     ///< For "no": the spans covered.
    QString reason;                      ///< Why it is unknown, or "no"; one sentence.
    std::optional<Error> error;          ///< The query answers what no edge says.
    QStringList missing;                 ///< Kinds of sources that would decide.
};

/// What all questions for one failure share.
struct FailureContext {
    const Analysis &analysis;
    Querier &querier;
    const Failure &failure;
    RunIdentity run;
    std::map<QString, QVariant> bindings; ///< All but :from and :to.
};

/// The bindings of DESIGN's playbooks: failure, time, time_lo, time_hi, pid, pod, host, container, cgroup, job, step, test, source, line,
/// last_line, line_lo, line_hi (the lines of the failure's step, at most a few hundred around it), test_line_lo, test_line_hi (those of its
/// test alone, where known), exit_code, signal.
FailureContext makeContext(const Analysis &analysis, Querier &querier, const Failure &failure);

/// Asks; `labels` are those of the node's edges. Errors are the playbook's.
Result<Answer> answerQuestion(const Question &question, const QStringList &labels, const FailureContext &context);

/// `overlaps(…)` made to hold also for rows without a place, to find candidates that could not be placed.
QString withUnplacedRows(const QString &sql);

} // namespace faultline
