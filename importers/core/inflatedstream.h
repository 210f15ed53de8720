// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/archiveinput.h"
#include "importers/core/spancache.h"

namespace faultline {

/// What came out of one compressed file, as far as it goes.
struct InflatedStream {
    Copied copied = Copied::Damaged;
    QString problem; ///< What stopped it, with the place in the compressed file.
    /// Inflates anew what is read; null where all is in the writer.
    std::shared_ptr<const ByteSource> indexed;
};

/// What an index needs and makes. It lives until the stream was read once.
struct InflateTools {
    SpillWriter &writer; ///< Gets the bytes of streams that are small, or have no places to begin at.
    InflateBudget &budget;
    const CancelToken &cancel;
    std::shared_ptr<SpanCache> cache;
    IndexLimits limits;
};

/// What stopped a pass at a byte of the compressed file, for people.
QString damageText(const QString &what, qint64 packedOffset);
/// The same where all could be inflated but is not what was packed: the damage lies anywhere before.
QString checksumText(qint64 packedOffset);

/// Counts what comes out of a stream, and puts it aside as long as it is small.
class StreamOutput
{
public:
    /// `keepsAll`: large ones too.
    StreamOutput(const InflateTools &tools, bool keepsAll);

    Copied put(std::span<const char> bytes, QString &problem);
    qint64 size() const { return m_size; }
    /// Whether it grew too large to be put aside: what was is gone.
    bool isDropped() const { return m_isDropped; }

    /// Whether a place to begin at is due.
    bool wantsPlace() const { return m_size - m_lastPlace >= m_span; }
    void placeMade() { m_lastPlace = m_size; }
    /// From now on twice as far apart, the last one at `lastPlace`.
    void widenSpans(qint64 lastPlace);
    /// Whether the last place lies too far back.
    bool isHopeless() const
    {
        return m_isDropped && std::max(m_span, m_size - m_lastPlace) > m_tools.limits.mostSpanBytes;
    }

private:
    const InflateTools &m_tools;
    bool m_keepsAll;
    bool m_isDropped = false;
    qint64 m_size = 0;
    qint64 m_span;
    qint64 m_lastPlace = 0;
};

/// A pass that keeps places to begin at; where there are too few of them, another one that puts all aside.
template<typename Pass>
InflatedStream inflateInPasses(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools)
{
    const InflateBudget before = tools.budget;
    Pass first(bytes, tools, false);
    InflatedStream result = first.run();
    if (!first.isHopeless())
        return result;
    tools.budget = before;
    tools.writer.drop();
    return Pass(bytes, tools, true).run();
}

/// Passes once over gzip (RFC 1952), several members one after another too, and every byte before a damage counts. While it is small, its
/// bytes go to the writer; else places are kept from which on it can be inflated, with the 32 KiB before each, packed. Where such places
/// lie too far apart, all goes to the writer.
InflatedStream inflateGzip(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools);

/// The same for Zstandard (RFC 8878), whose frames are the places to begin at: those of pzstd, of the seekable format, of logs that were
/// put together. A table of frames is not believed: the pass that finds damage finds the frames.
InflatedStream inflateZstd(const std::shared_ptr<const ByteSource> &bytes, const InflateTools &tools);

} // namespace faultline
