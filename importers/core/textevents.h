// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"

namespace faultline {

/// Turns candidate lines into events: confirms the signature on the payload, captures fields, reads the block that belongs to it.
class TextEvents
{
public:
    /// Of one signature in one source at most this many are kept: the first and the last half.
    static constexpr size_t MostPerSignature = 10'000;

    /// `signatures` may be null: then there are none.
    TextEvents(const SignatureSet *signatures, SourceEvidence &evidence, LineReader &lines);

    bool applies(int signature) const;
    void add(int signature, const TextLine &line);
    /// After the last line: what was put off, and what was left out.
    void finish();

private:
    /// What is known of a signature that has its first half: only the places of the last candidates, confirmed at the end.
    struct Tally {
        size_t confirmed = 0;
        qint64 putOff = 0;
        qint64 blockEnd = 0;      ///< Of the last event: what the signature matches up to there belongs to it.
        std::vector<qint64> last; ///< Line numbers, a ring.
    };
    bool confirm(int signature, const TextLine &line);
    std::optional<Fields> capture(int signature, const TextLine &line, QByteArray &segment) const;
    qint64 blockEnd(int signature, const SignatureBlock &block, qint64 first, bool isRelayed);
    /// The last line of a stack trace that follows; the line itself where none does.
    qint64 traceEnd(qint64 first);
    const SignatureSet *m_signatures;
    SourceEvidence &m_evidence;
    LineReader &m_lines;
    std::vector<Tally> m_tallies; ///< By signature.
};

/// The identity that fields named pid, host, pod, container, cgroup and job state.
Identity identityOf(const Fields &fields);

} // namespace faultline
