// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/spancache.h"

#include <algorithm>
#include <vector>

namespace faultline {

/// The inflated bytes of a compressed file, of which stretches are inflated when they are read.
class SpanSource : public ByteSource
{
public:
    ~SpanSource() override;

    QString name() const override { return m_packed->name(); }
    qint64 size() const override { return m_size; }
    std::optional<TimeNs> modified() const override { return m_packed->modified(); }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override;

protected:
    /// `starts` ascend from 0: where each span begins in what comes out.
    SpanSource(std::shared_ptr<const ByteSource> packed, std::vector<qint64> starts, qint64 size,
               std::shared_ptr<SpanCache> cache);

    /// The first `count` bytes from a span's begin on. Called by several threads at a time.
    virtual Result<QByteArray> inflateSpan(size_t index, qint64 count) const = 0;
    const ByteSource &packed() const { return *m_packed; }
    /// Where what comes out now is not what came out in the first pass.
    std::unexpected<Error> changed(qint64 packedOffset) const;

private:
    std::shared_ptr<const ByteSource> m_packed;
    std::vector<qint64> m_starts;
    qint64 m_size;
    std::shared_ptr<SpanCache> m_cache;
};

/// Where the spans that begin at these places (each with an `out`) begin in what comes out.
template<typename Place>
std::vector<qint64> startsOf(const std::vector<Place> &places)
{
    std::vector<qint64> starts(places.size());
    std::ranges::transform(places, starts.begin(), &Place::out);
    return starts;
}

/// The compressed bytes in pieces, as decoders take them.
class PackedInput
{
public:
    PackedInput(const ByteSource &bytes, qint64 from);

    /// The next piece; empty at the end.
    Result<std::span<char>> next();
    /// Where the next piece begins.
    qint64 position() const { return m_at; }

private:
    const ByteSource &m_bytes;
    std::vector<char> m_buffer;
    qint64 m_at;
};

} // namespace faultline
