// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/textstore.h"

#include "models/bytes/linewalker.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

TextStore::TextStore(std::shared_ptr<const ByteSource> bytes, std::vector<TextBlock> blocks, qint64 lineCount)
    : m_bytes(std::move(bytes))
    , m_blocks(std::move(blocks))
    , m_lineCount(lineCount)
{
    if (m_blocks.empty())
        m_blocks.push_back({});
}

TextBlock TextStore::blockOf(qint64 number, int blocksBack) const
{
    const auto after = std::ranges::upper_bound(m_blocks, number, {}, &TextBlock::firstLine);
    const auto index = std::max<std::ptrdiff_t>(0, after - m_blocks.begin() - 1 - blocksBack);
    return m_blocks[static_cast<size_t>(index)];
}

Result<std::vector<RawLine>> TextStore::lines(qint64 first, qint64 count) const
{
    std::vector<RawLine> result;
    first = std::max<qint64>(first, 1);
    count = std::min(count, m_lineCount - first + 1);
    if (count <= 0)
        return result;
    const TextBlock block = blockOf(first);
    LineWalker walker(*m_bytes, block.byteOffset, block.firstLine, MostLineBytes);
    while (std::cmp_less(result.size(), count) && walker.next()) {
        if (walker.number() < first)
            continue;
        const std::string_view bytes = walker.bytes();
        result.push_back({walker.number(), walker.byteOffset(), walker.fullLength(),
                          QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size()))});
    }
    if (result.empty()) // the file shrank, or cannot be read any more
        return failure(Code::NotReadable, tr("The file has changed since it was read"), {}, m_bytes->name(),
                       {first, 0, -1});
    return result;
}

RawLine TextStore::line(qint64 number) const
{
    auto found = number < 1 ? std::vector<RawLine>() : lines(number, 1).value_or(std::vector<RawLine>());
    return found.empty() ? RawLine{number, 0, 0, {}} : std::move(found.front());
}

qint64 TextStore::lineAt(qint64 byteOffset) const
{
    byteOffset = std::clamp<qint64>(byteOffset, 0, std::max<qint64>(0, m_bytes->size() - 1));
    const auto after = std::ranges::upper_bound(m_blocks, byteOffset, {}, &TextBlock::byteOffset);
    const TextBlock block = after == m_blocks.begin() ? TextBlock{} : *std::prev(after);
    qint64 line = block.firstLine;
    QByteArray piece(BlockBytes, Qt::Uninitialized);
    for (qint64 at = block.byteOffset; at < byteOffset;) {
        const auto want = static_cast<size_t>(std::min<qint64>(piece.size(), byteOffset - at));
        const auto got = m_bytes->read(at, std::span(piece.data(), want));
        if (!got || *got == 0)
            break;
        line += std::count(piece.constData(), piece.constData() + *got, '\n');
        at += *got;
    }
    return std::min(line, std::max<qint64>(1, m_lineCount));
}

} // namespace faultline
