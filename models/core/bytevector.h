// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <bit>
#include <cstring>

namespace faultline {

/// So many bytes at a time as the widest of common processors; others take them in parts. For functions with FAULTLINE_VECTOR_CLONES.
using ByteVector [[gnu::vector_size(32)]] = unsigned char;

// These vectors are handed on by reference: by value they would go another way with the clones than without.

[[gnu::always_inline]] inline void loadBytes(const char *from, ByteVector &bytes)
{
    std::memcpy(&bytes, from, sizeof(bytes));
}

[[gnu::always_inline]] inline void storeBytes(const ByteVector &bytes, char *to)
{
    std::memcpy(to, &bytes, sizeof(bytes));
}

[[gnu::always_inline]] inline bool isAnySet(const ByteVector &marks)
{
    using Words [[gnu::vector_size(32)]] = quint64;
    Words words;
    std::memcpy(&words, &marks, sizeof(words));
    return (words[0] | words[1] | words[2] | words[3]) != 0;
}

/// A bit a byte, the lowest for the first: 1 where it is set. Without a branch, since which byte it is nobody can foretell.
[[gnu::always_inline]] inline quint32 bitsOf(const ByteVector &marks)
{
    constexpr quint64 AnotherBitAByte = 0x8040201008040201U;
    constexpr quint64 Sum = 0x0101010101010101U;
    using Words [[gnu::vector_size(32)]] = quint64;
    Words words;
    std::memcpy(&words, &marks, sizeof(words));
    quint32 bits = 0;
    for (size_t word = 0; word < sizeof(Words) / sizeof(quint64); ++word) {
        quint64 bytes = words[word];
        if constexpr (std::endian::native == std::endian::big)
            bytes = __builtin_bswap64(bytes);
        bits |= static_cast<quint32>(((bytes & AnotherBitAByte) * Sum) >> 56) << (8 * word);
    }
    return bits;
}

} // namespace faultline
