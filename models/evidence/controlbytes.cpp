// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/evidence/controlbytes.h"

#include "models/core/bytevector.h"
#include "models/core/vectorclones.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace faultline {

namespace {

constexpr size_t AtOnce = 4; ///< Vectors, before it is asked whether one of them holds anything.

/// All bits of a byte that is wanted are set, those of another are not. Written so that no comparison is negated, which takes another step.
template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline void markWanted(const ByteVector &bytes, ByteVector &marks)
{
    auto passed = static_cast<ByteVector>(bytes == '\t');
    if constexpr (!StopsAtLineFeed)
        passed |= static_cast<ByteVector>(bytes == '\n');
    marks = (static_cast<ByteVector>(bytes <= 0x1f) & ~passed) | static_cast<ByteVector>(bytes == 0x7f);
}

[[gnu::always_inline]] inline int sumOf(const ByteVector &counts)
{
    int sum = 0;
    for (size_t i = 0; i < sizeof(ByteVector); ++i)
        sum += counts[i];
    return sum;
}

template<bool StopsAtLineFeed>
[[gnu::always_inline]] inline size_t nextControlByteOf(std::string_view bytes, size_t from)
{
    for (; from + AtOnce * sizeof(ByteVector) <= bytes.size(); from += AtOnce * sizeof(ByteVector)) {
        ByteVector any{};
        for (size_t i = 0; i < AtOnce; ++i) {
            ByteVector marks;
            loadBytes(bytes.data() + from + i * sizeof(ByteVector), marks);
            markWanted<StopsAtLineFeed>(marks, marks);
            any |= marks;
        }
        if (isAnySet(any))
            break;
    }
    for (; from + sizeof(ByteVector) <= bytes.size(); from += sizeof(ByteVector)) {
        ByteVector marks;
        loadBytes(bytes.data() + from, marks);
        markWanted<StopsAtLineFeed>(marks, marks);
        if (isAnySet(marks))
            return from + static_cast<size_t>(std::countr_zero(bitsOf(marks)));
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
    while (bytes.size() - at >= sizeof(ByteVector)) {
        ByteVector counts{};
        for (size_t left = std::min(MostACount, (bytes.size() - at) / sizeof(ByteVector)); left > 0; --left) {
            ByteVector here;
            loadBytes(bytes.data() + at, here);
            counts -= static_cast<ByteVector>(here == '\n'); // all bits set are -1
            at += sizeof(ByteVector);
        }
        lineFeeds += sumOf(counts);
    }
    return lineFeeds + std::count(bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.end(), '\n');
}

FAULTLINE_VECTOR_CLONES
void ControlSurvey::lookAt(std::string_view text)
{
    static_assert(GroupBytes % (AtOnce * sizeof(ByteVector)) == 0);
    static_assert(GroupBytes / sizeof(ByteVector) <= 255); // a byte counts no more
    m_lineFeedsOf.clear();
    m_controls.clear();
    m_lineFeeds = 0;
    m_hasNul = false;
    ByteVector all{};
    const auto note = [&](size_t place) {
        m_controls.push_back(place);
        m_hasNul = m_hasNul || text[place] == '\0';
    };
    for (size_t at = 0; at < text.size();) {
        const size_t end = std::min(at + GroupBytes, text.size());
        ByteVector counts{};
        for (; end - at >= AtOnce * sizeof(ByteVector); at += AtOnce * sizeof(ByteVector)) {
            ByteVector marks[AtOnce];
            ByteVector any{};
            for (size_t i = 0; i < AtOnce; ++i) {
                ByteVector bytes;
                loadBytes(text.data() + at + i * sizeof(ByteVector), bytes);
                all |= bytes;
                markWanted<false>(bytes, marks[i]);
                any |= marks[i];
                counts -= static_cast<ByteVector>(bytes == '\n'); // all bits set are -1
            }
            if (!isAnySet(any))
                continue;
            for (size_t i = 0; i < AtOnce; i += 2) {
                quint64 bits = bitsOf(marks[i]) | (quint64(bitsOf(marks[i + 1])) << sizeof(ByteVector));
                for (; bits != 0; bits &= bits - 1)
                    note(at + i * sizeof(ByteVector) + static_cast<size_t>(std::countr_zero(bits)));
            }
        }
        int lineFeeds = sumOf(counts);
        for (; at < end; ++at) {
            all[0] |= static_cast<unsigned char>(text[at]);
            if (text[at] == '\n')
                ++lineFeeds;
            else if (isControlByte(text[at]))
                note(at);
        }
        m_lineFeedsOf.push_back(lineFeeds);
        m_lineFeeds += lineFeeds;
    }
    const ByteVector beyondAscii = all & 0x80;
    m_isAscii = !isAnySet(beyondAscii);
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

} // namespace faultline
