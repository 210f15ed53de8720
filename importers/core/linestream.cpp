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
    const qint64 next = m_bufferOffset + m_buffer.size();
    if (next >= m_size)
        return false;
    const auto block = m_bytes.bytes(next, BlockBytes);
    if (!block) {
        m_error = block.error();
        return false;
    }
    if (block->isEmpty())
        return false;
    m_buffer.remove(0, m_at);
    m_bufferOffset += m_at;
    m_at = 0;
    m_buffer.append(*block);
    if (m_context.progress)
        m_context.progress(next + block->size(), m_size);
    return true;
}

bool LineStream::next(std::string_view &line)
{
    constexpr qsizetype MostHeld = 4 * MostLineBytes;
    qsizetype searched = 0;
    qsizetype length = -1;
    for (;;) {
        const qsizetype held = m_buffer.size() - m_at;
        const char *from = m_buffer.constData() + m_at;
        const void *end =
            held > searched ? std::memchr(from + searched, '\n', static_cast<size_t>(held - searched)) : nullptr;
        if (end) {
            length = static_cast<const char *>(end) - from;
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
    const char *start = m_buffer.constData() + m_at;
    ++m_number;
    m_lineOffset = m_bufferOffset + m_at;
    m_at += length + (m_ended ? 1 : 0);
    m_cut = length > MostLineBytes;
    size_t shown = static_cast<size_t>(std::min<qsizetype>(length, MostLineBytes));
    if (!m_cut && shown > 0 && start[shown - 1] == '\r')
        --shown;
    line = std::string_view(start, shown);
    return true;
}

} // namespace faultline
