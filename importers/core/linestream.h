// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/importer.h"

#include <string>
#include <string_view>

namespace faultline {

/// Walks the lines of a source from the start in blocks, for formats that are not kept as text.
class LineStream
{
public:
    static constexpr qint64 BlockBytes = 256 * 1024; ///< Fits a core's cache.
    /// Longer lines are cut; the rest of such a line is skipped.
    static constexpr qint64 MostLineBytes = 1024 * 1024;

    LineStream(const ByteSource &bytes, const ImportContext &context);

    /// The next line without LF and a CR before it; false at the end, on an error and when cancelled.
    bool next(std::string_view &line);

    qint64 number() const { return m_number; }
    qint64 byteOffset() const { return m_lineOffset; }
    /// Whether the line just given ended with LF.
    bool ended() const { return m_ended; }
    bool wasCut() const { return m_cut; }
    bool isCancelled() const { return m_cancelled; }
    const std::optional<Error> &error() const { return m_error; }
    Position position(qint64 column = 1) const
    {
        return {std::max<qint64>(m_number, 1), column, m_lineOffset + column - 1};
    }

private:
    bool fill();

    const ByteSource &m_bytes;
    const ImportContext &m_context;
    std::string m_buffer;
    size_t m_at = 0;
    qint64 m_bufferOffset = 0;
    qint64 m_size = 0;
    qint64 m_number = 0;
    qint64 m_lineOffset = 0;
    bool m_ended = false;
    bool m_cut = false;
    bool m_cancelled = false;
    std::optional<Error> m_error;
};

} // namespace faultline
