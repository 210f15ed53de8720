// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/linewalker.h"

#include <algorithm>
#include <cstring>

namespace faultline {

namespace {
/// Who asks for a line or two shall not pay for a window; who walks on gets larger ones.
constexpr qint64 FirstStepBytes = 4 * 1024;
constexpr qint64 MostStepBytes = 64 * 1024;
} // namespace

LineWalker::LineWalker(const ByteSource &source, qint64 byteOffset, qint64 line, qint64 mostBytes)
    : m_source(source)
    , m_mostBytes(mostBytes)
    , m_stepBytes(FirstStepBytes)
    , m_windowOffset(byteOffset)
    , m_nextOffset(byteOffset)
    , m_nextNumber(line)
{
}

/// Drops the window before `keepFrom` and reads one step more; false where there is no more.
bool LineWalker::fill(qint64 keepFrom)
{
    if (m_atEnd)
        return false;
    const qint64 drop = std::clamp<qint64>(keepFrom - m_windowOffset, 0, m_window.size());
    m_window.remove(0, drop);
    m_windowOffset += drop;
    const qint64 have = m_window.size();
    m_window.resize(have + m_stepBytes);
    const auto got =
        m_source.read(m_windowOffset + have, std::span(m_window.data() + have, static_cast<size_t>(m_stepBytes)));
    m_window.resize(have + (got ? *got : 0));
    m_atEnd = !got || *got < m_stepBytes;
    m_stepBytes = std::min(2 * m_stepBytes, MostStepBytes);
    return m_window.size() > have;
}

/// How many bytes of the line lie past the window's end; leaves the window alone.
qint64 LineWalker::lengthBeyondWindow()
{
    QByteArray piece(4 * MostStepBytes, Qt::Uninitialized);
    const qint64 from = m_windowOffset + m_window.size();
    for (qint64 done = 0;;) {
        const auto got = m_source.read(from + done, std::span(piece.data(), static_cast<size_t>(piece.size())));
        if (!got || *got == 0)
            return done;
        if (const void *end = std::memchr(piece.constData(), '\n', static_cast<size_t>(*got)))
            return done + (static_cast<const char *>(end) - piece.constData());
        done += *got;
    }
}

bool LineWalker::next()
{
    if (m_nextOffset > m_windowOffset + m_window.size()) { // after a line longer than the window
        m_windowOffset = m_nextOffset;
        m_window.clear();
        m_atEnd = false;
    }
    qint64 searched = 0;
    for (;;) {
        const qint64 start = m_nextOffset - m_windowOffset;
        const qint64 have = m_window.size() - start;
        const char *const begin = m_window.constData() + start;
        const auto *end = static_cast<const char *>(
            have > searched ? std::memchr(begin + searched, '\n', static_cast<size_t>(have - searched)) : nullptr);
        const bool cut = !end && have >= m_mostBytes;
        if (!end && !cut) {
            searched = have;
            if (fill(m_nextOffset))
                continue;
            if (have == 0)
                return false;
        }
        m_lineOffset = m_nextOffset;
        m_number = m_nextNumber++;
        m_fullLength = end ? end - begin : have + (cut ? lengthBeyondWindow() : 0);
        // Not from `begin`: a window that was to be filled in vain may have moved.
        const qint64 kept = std::min(m_mostBytes, end ? end - begin : have);
        m_line = std::string_view(m_window.constData() + (m_nextOffset - m_windowOffset), static_cast<size_t>(kept));
        m_nextOffset += m_fullLength + 1;
        return true;
    }
}

} // namespace faultline
