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
    /// After the last line: caps, and says so.
    void finish();

private:
    std::optional<Fields> capture(int signature, const TextLine &line, QByteArray &segment) const;
    qint64 blockEnd(int signature, const SignatureBlock &block, qint64 first);
    void thin();

    const SignatureSet *m_signatures;
    SourceEvidence &m_evidence;
    LineReader &m_lines;
    std::vector<qint64> m_counts; ///< By signature, all found.
    size_t m_thinAt;
};

/// The identity that fields named pid, host, pod, container, cgroup and job state.
Identity identityOf(const Fields &fields);

} // namespace faultline
