// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/linestream.h"

#include <cstring>

namespace faultline {

LineStream::LineStream(const ByteSource &bytes, const ImportContext &context)
    : m_bytes(bytes)
    , m_context(context)
    , m_size(bytes.size())
{
}

bool LineStream::fill()
{
    if (m_context.cancel.isCancelled()) {
        m_cancelled = true;
        return false;
    }
    const qint64 next = m_bufferOffset + static_cast<qint64>(m_buffer.size());
    const qint64 wanted = std::min(BlockBytes, m_size - next);
    if (wanted <= 0)
        return false;
    m_buffer.erase(0, m_at);
    m_bufferOffset += static_cast<qint64>(m_at);
    m_at = 0;
    const size_t kept = m_buffer.size();
    m_buffer.resize_and_overwrite(kept + static_cast<size_t>(wanted), [&](char *text, size_t) {
        const auto got = m_bytes.read(next, std::span(text + kept, static_cast<size_t>(wanted)));
        if (!got)
            m_error = got.error();
        return kept + static_cast<size_t>(got.value_or(0));
    });
    if (m_buffer.size() == kept)
        return false;
    if (m_context.progress)
        m_context.progress(m_bufferOffset + static_cast<qint64>(m_buffer.size()), m_size);
    return true;
}

bool LineStream::next(std::string_view &line)
{
    constexpr size_t MostHeld = 4 * MostLineBytes;
    size_t searched = 0;
    size_t length = 0;
    for (;;) {
        const size_t held = m_buffer.size() - m_at;
        const char *from = m_buffer.data() + m_at;
        const void *end = held > searched ? std::memchr(from + searched, '\n', held - searched) : nullptr;
        if (end) {
            length = static_cast<size_t>(static_cast<const char *>(end) - from);
            m_ended = true;
            break;
        }
        m_ended = false;
        searched = held;
        if (held >= MostHeld) {
            // A line without end goes on as the next one.
            length = MostHeld;
            break;
        }
        if (fill())
            continue;
        if (m_cancelled || m_error || held == 0)
            return false;
        length = held;
        break;
    }
    const char *start = m_buffer.data() + m_at;
    ++m_number;
    m_lineOffset = m_bufferOffset + static_cast<qint64>(m_at);
    m_at += length + (m_ended ? 1 : 0);
    m_cut = length > MostLineBytes;
    size_t shown = std::min<size_t>(length, MostLineBytes);
    if (!m_cut && shown > 0 && start[shown - 1] == '\r')
        --shown;
    line = std::string_view(start, shown);
    return true;
}

} // namespace faultline
