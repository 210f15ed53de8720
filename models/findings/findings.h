// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/placement/placement.h"

namespace faultline {

enum class EvidenceRole { Failing, Supporting };

/// A place that proves something: lines, a sample, or a span of time that a source covers.
struct EvidenceRef {
    int source = -1;
    qint64 line = 0; ///< 0 for samples and covered spans.
    qint64 lastLine = 0;
    QByteArray text;
    EvidenceRole role = EvidenceRole::Supporting;
    bool isGuess = false; ///< What was written last before an end that no line explains.
    int series = -1;      ///< Index into Evidence::allSeries().
    std::optional<PlacedTime> time;
    double value = 0;
    std::optional<std::pair<TimeNs, TimeNs>> covered; ///< "Looked here, found nothing".
    QString lookedFor;                                ///< The question that was asked.
};

/// Something that failed and was not recovered from.
struct Failure {
    int id = -1; ///< Index into Findings::failures.
    int source = -1;
    qint64 line = 0;
    qint64 lastLine = 0;
    std::optional<PlacedTime> time; ///< When the thing failed, not when the job closed.
    std::optional<qint64> exitCode;
    QByteArray signal; ///< "SIGKILL"
    QString what;      ///< "step 'Run tests' was killed"
    QByteArray job;
    QByteArray step;
    QByteArray test;
    int follows = -1; ///< The failure that this one only followed from.
    std::vector<EvidenceRef> evidence;
    Identity identity;
};

enum class SpikeKind { Spike, Shift, Saturation, Reset, Trend };
QLatin1StringView spikeKindName(SpikeKind kind);

/// A telling stretch of a series.
struct Spike {
    int series = -1; ///< Index into Evidence::allSeries().
    SpikeKind kind = SpikeKind::Spike;
    int failure = -1;
    TimeNs start;
    TimeNs peak;
    TimeNs end;
    double value = 0;
    double baseline = 0;
    double score = 0; ///< Robust: distance from the baseline's median in IQRs.
    std::optional<DurationNs> untilLimitNs =
        {}; ///< Of a trend: from its peak on, at its pace, until the limit (or zero) is reached.
};

/// How telling a series is for a failure.
struct Change {
    int failure = -1;
    int rank = 0;
    int series = -1;
    double score = 0;
};

/// A series that shows nothing around a failure, and yet may have reached its limit there: between two samples.
struct Unseen {
    int failure = -1;
    int series = -1;
};

struct Findings {
    std::vector<Failure> failures; ///< The first is the origin of what ended the run.
    std::vector<Spike> spikes;     ///< At most MostSpikes, the most telling first.
    std::vector<Change>
        changes; ///< By failure and rank: the telling series first, then all others that can be compared.
    std::vector<Unseen> unseen; ///< "No spike" is no proof for these.
    /// For every series of Evidence::allSeries(): the series that is its limit, or -1.
    std::vector<int> limitSeries;
    /// For every series without a limit series: the limit that a fact or its kind states, in the unit of the series.
    std::vector<std::optional<double>> limitValues;

    static constexpr size_t MostSpikes = 12;
};

class SignatureSet;

struct FindingsOptions {
    std::optional<TimeNs>
        failureTime; ///< The user's word for when the first failure happened; makes one where none was found.
};

/// Failures that were not recovered from, and what rose or fell around them.
Findings computeFindings(const Evidence &evidence, const Placement &placement, const SignatureSet &signatures,
                         const FindingsOptions &options = {});

} // namespace faultline
