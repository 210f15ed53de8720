// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/bytesource.h"

#include <string_view>

namespace faultline {

/// Walks forward over the lines of a source, one at a time, with a small window of it in memory. Lines end at LF alone.
class LineWalker
{
public:
    /// Begins with the line that starts at `byteOffset` and has the number `line`. Bytes of a line past `mostBytes` are not kept.
    LineWalker(const ByteSource &source, qint64 byteOffset, qint64 line, qint64 mostBytes);

    /// Goes to the next line; false past the last or where the source cannot be read.
    bool next();

    qint64 number() const { return m_number; }
    qint64 byteOffset() const { return m_lineOffset; }
    /// Without LF, as long as it is in the source.
    qint64 fullLength() const { return m_fullLength; }
    /// Without LF, cut at `mostBytes`. Valid until the next call.
    std::string_view bytes() const { return m_line; }

private:
    bool fill(qint64 keepFrom);
    qint64 lengthBeyondWindow();

    const ByteSource &m_source;
    qint64 m_mostBytes;
    qint64 m_stepBytes; ///< How much is read at once.
    QByteArray m_window;
    qint64 m_windowOffset; ///< Of the window's first byte in the source.
    qint64 m_nextOffset;   ///< Where the next line starts.
    qint64 m_nextNumber;
    qint64 m_number = 0;
    qint64 m_lineOffset = 0;
    qint64 m_fullLength = 0;
    std::string_view m_line;
    bool m_atEnd = false; ///< The window reaches the end of the source.
};

} // namespace faultline
