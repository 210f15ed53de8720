// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/textlines.h"

#include "models/evidence/controlbytes.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace faultline {

namespace {
/// How far an unstamped line looks back for a stamp.
constexpr qint64 LookBackBytes = 4 * TextStore::BlockBytes;
} // namespace

/// A source of which a stretch is in memory.
class TextLines::HeldBytes final : public ByteSource
{
public:
    explicit HeldBytes(std::shared_ptr<const ByteSource> source)
        : m_source(std::move(source))
    {
    }
    void hold(qint64 byteOffset, std::string_view bytes)
    {
        m_heldOffset = byteOffset;
        m_held = bytes;
    }

    QString name() const override { return m_source->name(); }
    qint64 size() const override { return m_source->size(); }
    std::optional<TimeNs> modified() const override { return m_source->modified(); }
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const override
    {
        const qint64 at = byteOffset - m_heldOffset;
        const auto wanted = static_cast<qint64>(into.size());
        if (at < 0 || at + wanted > static_cast<qint64>(m_held.size()))
            return m_source->read(byteOffset, into);
        std::memcpy(into.data(), m_held.data() + at, into.size());
        return wanted;
    }

private:
    std::shared_ptr<const ByteSource> m_source;
    qint64 m_heldOffset = 0;
    std::string_view m_held;
};

TextLines::TextLines(std::shared_ptr<const ByteSource> bytes, std::shared_ptr<const LineDecoder> decoder)
    : m_bytes(std::make_unique<HeldBytes>(std::move(bytes)))
    , m_decoder(std::move(decoder))
    , m_lineCount(std::numeric_limits<qint64>::max())
    , m_inHand{0, 1}
{
}

TextLines::~TextLines() = default;

void TextLines::hold(qint64 byteOffset, std::string_view bytes)
{
    m_bytes->hold(byteOffset, bytes);
}

void TextLines::addBlocks(const std::vector<TextBlock> &blocks, qint64 lineBase)
{
    for (const TextBlock &block : blocks)
        m_blocks.push_back({block.byteOffset, lineBase + block.firstLine});
}

TextLine TextLines::lineInHand(qint64 number, qint64 byteOffset, std::string_view raw)
{
    m_inHand = {byteOffset, number};
    return decode(number, byteOffset, raw, m_handDecoded, m_handPayload);
}

std::optional<TextLine> TextLines::line(qint64 number)
{
    if (number < 1 || number > m_lineCount)
        return std::nullopt;
    const bool isNear = m_walker && (m_walker->number() == number || m_walker->number() + 1 == number);
    if (!isNear) {
        const TextBlock from = nearestBefore(number);
        if (!m_walker || m_walker->number() < from.firstLine || m_walker->number() > number) {
            m_walker =
                std::make_unique<LineWalker>(*m_bytes, from.byteOffset, from.firstLine, TextStore::MostLineBytes);
            m_walker->next();
        }
    }
    while (m_walker->number() < number) {
        if (!m_walker->next()) {
            m_walker.reset();
            return std::nullopt;
        }
    }
    if (m_walker->number() != number)
        return std::nullopt;
    return decode(number, m_walker->byteOffset(), m_walker->bytes(), m_walkDecoded, m_walkPayload);
}

TextBlock TextLines::nearestBefore(qint64 number) const
{
    const auto after = std::ranges::upper_bound(m_blocks, number, {}, &TextBlock::firstLine);
    const TextBlock block = after == m_blocks.begin() ? TextBlock{0, 1} : *std::prev(after);
    return m_inHand.firstLine <= number && m_inHand.firstLine > block.firstLine ? m_inHand : block;
}

TextLine TextLines::decode(qint64 number, qint64 byteOffset, std::string_view raw, DecodedLine &decoded,
                           QByteArray &payload)
{
    decoded = m_decoder->decode(raw, byteOffset);
    TextLine line;
    line.number = number;
    line.byteOffset = byteOffset;
    line.raw = raw;
    line.payload = decoded.payload;
    if (nextControlByte(decoded.payload, 0) < decoded.payload.size()) {
        stripTerminalControl(decoded.payload, false, payload);
        line.payload = std::string_view(payload.constData(), static_cast<size_t>(payload.size()));
    }
    line.time = decoded.time ? decoded.time : carriedTime(byteOffset);
    learn(byteOffset, line.time);
    return line;
}

void TextLines::learn(qint64 byteOffset, std::optional<SourceTime> time)
{
    if (byteOffset < m_knownOffset)
        return;
    m_knownOffset = byteOffset;
    m_knownTime = time;
}

std::optional<SourceTime> TextLines::carriedTime(qint64 byteOffset)
{
    if (!m_decoder->hasStamps())
        return std::nullopt;
    if (const auto known = m_decoder->timeBefore(byteOffset))
        return known;
    const bool isAhead = m_knownOffset <= byteOffset;
    const qint64 from = std::max(isAhead ? m_knownOffset : 0, byteOffset - LookBackBytes);
    if (const auto found = lastStampIn(from, byteOffset))
        return found;
    return isAhead ? m_knownTime : std::nullopt;
}

std::optional<SourceTime> TextLines::lastStampIn(qint64 from, qint64 to)
{
    if (to <= from)
        return std::nullopt;
    m_lookBack.resize(to - from);
    const auto got = m_bytes->read(from, std::span(m_lookBack.data(), static_cast<size_t>(m_lookBack.size())));
    if (!got)
        return std::nullopt;
    const std::string_view text(m_lookBack.constData(), static_cast<size_t>(*got));
    for (size_t end = text.size(); end > 0;) { // `end` is just past a line's LF
        const size_t before = end < 2 ? std::string_view::npos : text.rfind('\n', end - 2);
        const size_t start = before == std::string_view::npos ? 0 : before + 1;
        const bool whole = start > 0 || from == 0 || from == m_knownOffset;
        if (whole) {
            const std::string_view line = text.substr(start, end - start - (text[end - 1] == '\n' ? 1 : 0));
            if (const auto time = m_decoder->decode(line, from + static_cast<qint64>(start)).time)
                return time;
        }
        end = start;
    }
    return std::nullopt;
}

} // namespace faultline
