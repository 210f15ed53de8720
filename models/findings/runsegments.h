// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"
#include "models/findings/runends.h"
#include "models/findings/spanfinder.h"
#include "models/signatures/signatureset.h"

#include <memory>

namespace faultline {

/// A line that a signature reads as something that failed.
struct Failing {
    const Event *event = nullptr;
    const Signature *signature = nullptr;
};

/// The lines between two ends of a run, and how they ended.
struct RunSegment {
    qint64 firstLine = 1;
    const Event *end = nullptr; ///< Null: the log stops without saying how it ended.
    std::optional<qint64> exitCode;
    bool cancelled = false;
    std::vector<Failing> failing;
};

/// A test runner's verdict on one test.
bool isTestFailure(const Failing &failing);

/// A run cut at the lines that say how steps and jobs ended: the segments that failed, none where the run passed.
struct RunSegments {
    std::vector<RunSegment> failed;
    std::shared_ptr<const ToldEnd> told; ///< The end that spans alone tell; a segment may point into it.
};
RunSegments cutRun(const SourceEvidence &evidence, const SpanFinder &spans, const SignatureSet &signatures);

} // namespace faultline
