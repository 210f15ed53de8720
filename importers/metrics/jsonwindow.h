// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/bytesource.h"
#include "models/core/result.h"

#include <optional>
#include <string>
#include <string_view>

namespace faultline {

/// A stretch of a JSON text that slides over its source: gigabytes need no more memory than the largest of their objects. Bytes that are
/// no UTF-8 become '?'.
class JsonWindow
{
public:
    static constexpr qint64 StepBytes = 256 * 1024; ///< Fits a core's cache.

    explicit JsonWindow(const ByteSource &bytes);

    std::string_view text() const { return m_text; }
    /// Of the text's first byte in the source.
    qint64 byteOffset() const { return m_offset; }
    qint64 sourceSize() const { return m_size; }
    /// Whether the text reaches to the source's end, or as far as the source could be read.
    bool atEnd() const { return m_atEnd; }
    /// Drops what stands before the place and reads on: a step, or as much again as the text that stays.
    void slide(size_t keepFrom);
    /// An object of a metric that begins before this place ends within the text. Known by where the last one begins: a brace before
    /// the key "metric" is no part of a string.
    size_t wholeBefore() const { return m_wholeBefore; }

    Position positionOf(size_t at) const;
    /// Why the source could not be read on.
    const std::optional<Error> &error() const { return m_error; }
    /// The first byte that was no UTF-8.
    const std::optional<Position> &badUtf8() const { return m_badUtf8; }

private:
    void read(size_t count);

    const ByteSource &m_bytes;
    qint64 m_size;
    std::string m_text;
    qint64 m_offset = 0;
    bool m_atEnd = false;
    size_t m_checked = 0; ///< What is before it is UTF-8.
    size_t m_wholeBefore = 0;
    std::optional<Error> m_error;
    std::optional<Position> m_badUtf8;

    /// The last place that was told: faults are told from front to back, each is counted on from the one before.
    struct Told {
        qint64 byteOffset = 0;
        qint64 lineStart = 0;
        qint64 line = 1;
    };
    Told told(size_t upTo) const;
    Told m_start; ///< The text's first byte.
    mutable Told m_told;
};

} // namespace faultline
