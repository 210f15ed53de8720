// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/carrier.h"
#include "models/bytes/linewalker.h"

namespace faultline {

/// The lines of a text while it is being read, decoded by its carrier. Knows the blocks read so far and reads on from the line in hand.
class TextLines final : public LineReader
{
public:
    TextLines(std::shared_ptr<const ByteSource> bytes, std::shared_ptr<const LineDecoder> decoder);
    ~TextLines() override;
    Q_DISABLE_COPY_MOVE(TextLines)

    qint64 lineCount() const override { return m_lineCount; }
    std::optional<TextLine> line(qint64 number) override;

    /// The line in hand, whose bytes are here already. Valid until the next call of this function.
    TextLine lineInHand(qint64 number, qint64 byteOffset, std::string_view raw);

    /// Bytes of the source that are in memory, so that lines among them are not read anew; until the next call, an empty one included.
    void hold(qint64 byteOffset, std::string_view bytes);

    void addBlocks(const std::vector<TextBlock> &blocks, qint64 lineBase);
    void setLineCount(qint64 count) { m_lineCount = count; }
    /// The blocks for the store; this object keeps a copy, as it reads on in finish().
    const std::vector<TextBlock> &blocks() const { return m_blocks; }

private:
    /// Where reading may begin for that line: its block, or the line in hand.
    TextBlock nearestBefore(qint64 number) const;
    TextLine decode(qint64 number, qint64 byteOffset, std::string_view raw, DecodedLine &decoded, QByteArray &payload);
    std::optional<SourceTime> carriedTime(qint64 byteOffset);
    /// The stamp of the last stamped line in the bytes before `to`.
    std::optional<SourceTime> lastStampIn(qint64 from, qint64 to);
    void learn(qint64 byteOffset, std::optional<SourceTime> time);

    class HeldBytes;
    std::unique_ptr<HeldBytes> m_bytes;
    std::shared_ptr<const LineDecoder> m_decoder;
    std::vector<TextBlock> m_blocks;
    qint64 m_lineCount;
    TextBlock m_inHand;
    std::unique_ptr<LineWalker> m_walker;
    DecodedLine m_handDecoded;
    QByteArray m_handPayload;
    DecodedLine m_walkDecoded;
    QByteArray m_walkPayload;
    QByteArray m_lookBack;
    qint64 m_knownOffset = 0; ///< Up to here (a line's start) the last stamp is m_knownTime.
    std::optional<SourceTime> m_knownTime;
};

} // namespace faultline
