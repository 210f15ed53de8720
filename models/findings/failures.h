// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/findings/findings.h"
#include "models/signatures/signatureset.h"

namespace faultline {

/// Name of the signal that ends a process with this shell exit code (137 is SIGKILL); empty where it is none.
QByteArray signalOfExitCode(qint64 exitCode);

/// The failures of one source that tells how its run went: a CI log, a test's output, a program's log.
/// A run that passed has none. Times are placed; ids and cross-source links are the caller's.
std::vector<Failure> failuresOfRun(int source, const SourceEvidence &evidence, const SourcePlacement &placement,
                                   const SignatureSet &signatures);

/// Containers and pods that ended badly or never started, from `kubectl describe`, objects, events, or Docker.
std::vector<Failure> failuresOfPods(int source, const SourceEvidence &evidence, const SourcePlacement &placement);

/// How a traced program ended, where it ended badly.
std::vector<Failure> failuresOfTrace(int source, const SourceEvidence &evidence, const SourcePlacement &placement);

/// Kills, crashes and panics that a kernel log or journal tells: failures only where no run's log says more.
std::vector<Failure> failuresOfHost(int source, const SourceEvidence &evidence, const SourcePlacement &placement,
                                    const SignatureSet &signatures);

/// Moves each killed failure to the kernel's own time of the kill where pid, program or moment agree, and cites that line.
void linkKernelKills(std::vector<Failure> &failures, const Evidence &evidence, const Placement &placement);

} // namespace faultline
