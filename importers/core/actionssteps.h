// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

namespace faultline {

struct FoundSource;

/// A step of a job, as the zip of a GitHub Actions run tells it by a file of its own.
struct ActionsStep {
    QByteArray name;
    QString file;         ///< Its own.
    qint64 firstLine = 0; ///< In the job's log.
    qint64 lastLine = 0;
};

/// The zip of a run's logs holds each line twice: "0_job.txt" is the whole job, "job/3_Step.txt" a step of it. Takes the steps' files
/// whose lines stand in the job's log out of the list and leaves their names and lines with the job's. Steps without such a log stay.
/// Naming: cli/cli, pkg/cmd/run/view/logs.go
void joinActionsSteps(std::vector<FoundSource> &sources);

/// Makes the steps that files tell the steps of a job's log, instead of those that its commands let one guess.
void nameActionsSteps(SourceEvidence &evidence, const std::vector<ActionsStep> &steps);

} // namespace faultline
