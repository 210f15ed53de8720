// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/spansource.h"

#include "models/core/translate.h"

#include <algorithm>
#include <cstring>

namespace faultline {

SpanSource::SpanSource(std::shared_ptr<const ByteSource> packed, std::vector<qint64> starts, qint64 size,
                       std::shared_ptr<SpanCache> cache)
    : m_packed(std::move(packed))
    , m_starts(std::move(starts))
    , m_size(size)
    , m_cache(std::move(cache))
{
    Q_ASSERT(!m_starts.empty() && m_starts.front() == 0);
}

SpanSource::~SpanSource()
{
    m_cache->forget(this);
}

Result<qint64> SpanSource::read(qint64 byteOffset, std::span<char> into) const
{
    qint64 done = 0;
    while (std::cmp_less(done, into.size()) && byteOffset + done < m_size) {
        const qint64 at = byteOffset + done;
        const auto after = std::ranges::upper_bound(m_starts, at);
        const auto index = static_cast<size_t>(after - m_starts.begin() - 1);
        const qint64 start = m_starts[index];
        const qint64 length = (after == m_starts.end() ? m_size : *after) - start;
        const auto span = m_cache->get(this, index, [&] { return inflateSpan(index, length); });
        if (!span)
            return std::unexpected(span.error());
        const qint64 count = std::min(start + length - at, static_cast<qint64>(into.size()) - done);
        std::memcpy(into.data() + done, (*span)->constData() + (at - start), static_cast<size_t>(count));
        done += count;
    }
    return done;
}

std::unexpected<Error> SpanSource::changed(qint64 packedOffset) const
{
    return failure(Code::NotReadable, tr("The compressed file has changed since it was read"), tr("Read it again"),
                   name(), {0, 0, packedOffset});
}

PackedInput::PackedInput(const ByteSource &bytes, qint64 from)
    : m_bytes(bytes)
    , m_buffer(64 * 1024)
    , m_at(from)
{
}

Result<std::span<char>> PackedInput::next()
{
    const auto got = m_bytes.read(m_at, m_buffer);
    if (!got)
        return std::unexpected(got.error());
    m_at += *got;
    return std::span(m_buffer).first(static_cast<size_t>(*got));
}

} // namespace faultline
