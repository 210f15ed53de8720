// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/bytesource.h"

#include <vector>

namespace faultline {

/// Where a run of whole lines begins. Lines count from 1, by LF.
struct TextBlock {
    qint64 byteOffset = 0;
    qint64 firstLine = 1;
};

/// A line as it stands in the file, without its LF; longer ones are cut at TextStore::MostLineBytes.
struct RawLine {
    qint64 number = 0;
    qint64 byteOffset = 0;
    qint64 fullLength = 0; ///< Bytes up to the LF, also where `bytes` is cut.
    QByteArray bytes;
};

/// The lines of a text by offset: one entry a block of about 64 KiB, never one a line. Immutable once built; thread safe.
class TextStore
{
public:
    static constexpr qint64 BlockBytes = 64 * 1024;
    static constexpr qint64 MostLineBytes = 1024 * 1024;

    /// `blocks` in order, the first at offset 0 and line 1; `lineCount` counts a last line without LF.
    TextStore(std::shared_ptr<const ByteSource> bytes, std::vector<TextBlock> blocks, qint64 lineCount);

    const ByteSource &bytes() const { return *m_bytes; }
    qint64 lineCount() const { return m_lineCount; }

    /// Up to `count` lines from line `first` (from 1) on.
    Result<std::vector<RawLine>> lines(qint64 first, qint64 count) const;
    /// One line; its bytes are empty past the end.
    RawLine line(qint64 number) const;
    /// The block that holds the line, or the one `blocksBack` before it: where a walk towards the line may begin.
    TextBlock blockOf(qint64 number, int blocksBack = 0) const;
    /// The number of the line that holds the byte.
    qint64 lineAt(qint64 byteOffset) const;

private:
    std::shared_ptr<const ByteSource> m_bytes;
    std::vector<TextBlock> m_blocks;
    qint64 m_lineCount;
};

} // namespace faultline
