// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/controlbytes.h"

#include "models/core/vectorclones.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace faultline {

namespace {

/// So many bytes at a time as the widest of common processors; others take them in parts.
using Bytes [[gnu::vector_size(32)]] = unsigned char;
using Words [[gnu::vector_size(32)]] = quint64;

/// All bits of a byte that is wanted are set, those of another are not.
template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline void markWanted(const char *at, Bytes &marks)
{
    Bytes bytes;
    std::memcpy(&bytes, at, sizeof(bytes));
    marks = static_cast<Bytes>(((bytes < 0x20) & (bytes != '\t')) | (bytes == 0x7f));
    if constexpr (!StopsAtLineFeed)
        marks &= static_cast<Bytes>(bytes != '\n');
}

[[gnu::always_inline]] inline bool isAnySet(const Bytes &marks)
{
    Words words;
    std::memcpy(&words, &marks, sizeof(words));
    return (words[0] | words[1] | words[2] | words[3]) != 0;
}

/// The place of the first byte that is set; at least one is.
[[gnu::always_inline]] inline size_t firstSet(const Bytes &marks)
{
    Words words;
    std::memcpy(&words, &marks, sizeof(words));
    size_t word = 0;
    while (words[word] == 0)
        ++word;
    constexpr bool IsLowestFirst = std::endian::native == std::endian::little;
    const int bits = IsLowestFirst ? std::countr_zero(words[word]) : std::countl_zero(words[word]);
    return word * sizeof(quint64) + static_cast<size_t>(bits) / 8;
}

[[gnu::always_inline]] inline void countLineFeedsAt(const char *at, Bytes &counts)
{
    Bytes bytes;
    std::memcpy(&bytes, at, sizeof(bytes));
    counts -= static_cast<Bytes>(bytes == '\n'); // all bits set are -1
}

[[gnu::always_inline]] inline int sumOf(const Bytes &counts)
{
    int sum = 0;
    for (size_t i = 0; i < sizeof(Bytes); ++i)
        sum += counts[i];
    return sum;
}

template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline size_t nextControlByteOf(std::string_view bytes, size_t from)
{
    for (; from + sizeof(Bytes) <= bytes.size(); from += sizeof(Bytes)) {
        Bytes marks;
        markWanted<StopsAtLineFeed>(bytes.data() + from, marks);
        if (isAnySet(marks))
            return from + firstSet(marks);
    }
    const auto isWanted = [](char c) { return isControlByte(c) && (StopsAtLineFeed || c != '\n'); };
    return static_cast<size_t>(std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), isWanted)
                               - bytes.begin());
}

} // namespace

FAULTLINE_VECTOR_CLONES
size_t nextControlByte(std::string_view bytes, size_t from)
{
    return nextControlByteOf<true>(bytes, from);
}

FAULTLINE_VECTOR_CLONES
size_t nextControlByteButLineFeed(std::string_view bytes, size_t from)
{
    return nextControlByteOf<false>(bytes, from);
}

FAULTLINE_VECTOR_CLONES
qint64 countLineFeeds(std::string_view bytes)
{
    constexpr size_t MostACount = 255; // a byte holds no more
    qint64 lineFeeds = 0;
    size_t at = 0;
    while (bytes.size() - at >= sizeof(Bytes)) {
        Bytes counts{};
        for (size_t left = std::min(MostACount, (bytes.size() - at) / sizeof(Bytes)); left > 0; --left) {
            countLineFeedsAt(bytes.data() + at, counts);
            at += sizeof(Bytes);
        }
        lineFeeds += sumOf(counts);
    }
    return lineFeeds + std::count(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), '\n');
}

FAULTLINE_VECTOR_CLONES
void ControlSurvey::lookAt(std::string_view text)
{
    constexpr size_t VectorsAStretch = StretchBytes / sizeof(Bytes);
    constexpr size_t StretchesAGroup = GroupBytes / StretchBytes;
    static_assert(GroupBytes / sizeof(Bytes) <= 255); // a byte counts no more
    m_holds.assign((text.size() + StretchBytes - 1) / StretchBytes, 0);
    m_lineFeedsOf.assign((text.size() + GroupBytes - 1) / GroupBytes, 0);
    m_lineFeeds = 0;
    m_hasControls = m_hasNul = false;
    const size_t whole = text.size() / StretchBytes;
    for (size_t stretch = 0; stretch < whole;) {
        Bytes counts{};
        int &lineFeeds = m_lineFeedsOf[stretch / StretchesAGroup];
        for (const size_t end = std::min(whole, stretch + StretchesAGroup); stretch < end; ++stretch) {
            const char *const at = text.data() + stretch * StretchBytes;
            Bytes controls{};
            for (size_t i = 0; i < VectorsAStretch; ++i) {
                Bytes marks;
                markWanted<false>(at + i * sizeof(Bytes), marks);
                controls |= marks;
                countLineFeedsAt(at + i * sizeof(Bytes), counts);
            }
            if (!isAnySet(controls))
                continue;
            m_holds[stretch] = 1;
            m_hasControls = true;
            m_hasNul = m_hasNul || std::memchr(at, '\0', StretchBytes) != nullptr;
        }
        lineFeeds = sumOf(counts);
        m_lineFeeds += lineFeeds;
    }
    for (const char c : text.substr(whole * StretchBytes)) {
        if (c == '\n') {
            ++m_lineFeeds;
            ++m_lineFeedsOf.back();
        } else if (isControlByte(c)) {
            m_holds.back() = 1;
            m_hasControls = true;
            m_hasNul = m_hasNul || c == '\0';
        }
    }
}

size_t ControlSurvey::skipLines(std::string_view text, size_t from, qint64 lines) const
{
    constexpr qint64 Few = 8; // are sooner passed over one by one
    if (lines > Few && from < text.size()) {
        size_t group = from / GroupBytes;
        size_t end = std::min((group + 1) * GroupBytes, text.size());
        qint64 lineFeeds = countLineFeeds(text.substr(from, end - from));
        while (lines > lineFeeds && end < text.size()) {
            lines -= lineFeeds;
            from = end;
            end = std::min(end + GroupBytes, text.size());
            lineFeeds = m_lineFeedsOf[++group];
        }
    }
    for (; lines > 0 && from < text.size(); --lines) {
        const void *const found = std::memchr(text.data() + from, '\n', text.size() - from);
        from = found ? static_cast<size_t>(static_cast<const char *>(found) - text.data()) + 1 : text.size();
    }
    return from;
}

size_t ControlSurvey::next(std::string_view text, size_t from) const
{
    while (from < text.size()) {
        const unsigned char *const stretch = m_holds.data() + from / StretchBytes;
        if (*stretch == 0) {
            const auto rest = static_cast<size_t>(m_holds.data() + m_holds.size() - stretch);
            const auto *const marked = static_cast<const unsigned char *>(std::memchr(stretch, 1, rest));
            if (!marked)
                return text.size();
            from = static_cast<size_t>(marked - m_holds.data()) * StretchBytes;
        }
        // Not to the stretch's end, where the search would go byte by byte.
        const size_t end = std::min(from + StretchBytes, text.size());
        if (const size_t found = nextControlByteButLineFeed(text.substr(0, end), from); found < end)
            return found;
        from = end;
    }
    return text.size();
}

} // namespace faultline
