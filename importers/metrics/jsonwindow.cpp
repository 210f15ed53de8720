// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/metrics/jsonwindow.h"

#include "importers/metrics/jsonrepair.h"

#include <algorithm>
#include <cstring>

namespace faultline {

namespace {

/// Where the last object that opens with "metric" begins; 0 where none is.
size_t lastMetric(std::string_view text)
{
    constexpr std::string_view Key = "\"metric\"";
    for (size_t key = text.rfind(Key); key != std::string_view::npos && key > 0; key = text.rfind(Key, key - 1)) {
        const size_t before = text.find_last_not_of(" \t\r\n", key - 1);
        if (before != std::string_view::npos && text[before] == '{')
            return before;
    }
    return 0;
}

/// The text's length without a last character that may go on in what comes next.
size_t endOfWhole(std::string_view text)
{
    constexpr size_t LongestCharacter = 4;
    for (size_t back = 1; back <= std::min(LongestCharacter, text.size()); ++back) {
        const auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if (byte >= 0xC0)
            return text.size() - back;
        if (byte < 0x80)
            break;
    }
    return text.size();
}

} // namespace

JsonWindow::JsonWindow(const ByteSource &bytes)
    : m_bytes(bytes)
    , m_size(bytes.size())
{
    read(StepBytes);
}

void JsonWindow::slide(size_t keepFrom)
{
    if (m_atEnd)
        return;
    const size_t dropped = std::min(keepFrom, m_text.size());
    m_start = told(dropped);
    m_told = m_start;
    m_text.erase(0, dropped);
    m_offset += static_cast<qint64>(dropped);
    m_checked -= std::min(m_checked, dropped);
    read(std::max(static_cast<size_t>(StepBytes), m_text.size()));
}

void JsonWindow::read(size_t count)
{
    const size_t kept = m_text.size();
    const qint64 from = m_offset + static_cast<qint64>(kept);
    const auto wanted = static_cast<size_t>(std::clamp<qint64>(m_size - from, 0, static_cast<qint64>(count)));
    m_text.resize_and_overwrite(kept + wanted, [&](char *text, size_t) {
        const auto got = m_bytes.read(from, std::span(text + kept, wanted));
        if (!got)
            m_error = got.error();
        return kept + static_cast<size_t>(got.value_or(0));
    });
    m_atEnd = m_error || m_text.size() == kept || m_offset + static_cast<qint64>(m_text.size()) >= m_size;
    const size_t end = m_atEnd ? m_text.size() : std::max(m_checked, endOfWhole(m_text));
    const qsizetype bad = replaceBadUtf8(std::span(m_text).subspan(m_checked, end - m_checked));
    if (bad >= 0 && !m_badUtf8)
        m_badUtf8 = positionOf(m_checked + static_cast<size_t>(bad));
    m_checked = end;
    m_wholeBefore = m_atEnd ? m_text.size() : lastMetric(m_text);
}

JsonWindow::Told JsonWindow::told(size_t upTo) const
{
    const qint64 byteOffset = m_offset + static_cast<qint64>(std::min(upTo, m_text.size()));
    Told now = byteOffset < m_told.byteOffset ? m_start : m_told;
    const char *const end = m_text.data() + (byteOffset - m_offset);
    for (const char *at = m_text.data() + (now.byteOffset - m_offset); at < end; ++at) {
        at = static_cast<const char *>(std::memchr(at, '\n', static_cast<size_t>(end - at)));
        if (!at)
            break;
        ++now.line;
        now.lineStart = m_offset + (at - m_text.data()) + 1;
    }
    now.byteOffset = byteOffset;
    return now;
}

Position JsonWindow::positionOf(size_t at) const
{
    m_told = told(at);
    return {m_told.line, m_told.byteOffset - m_told.lineStart + 1, m_told.byteOffset};
}

} // namespace faultline
