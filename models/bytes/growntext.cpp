// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/bytes/growntext.h"

#include "models/core/translate.h"

#include <algorithm>
#include <cstring>

namespace faultline {

namespace {

constexpr qint64 MarkBytes = 4096;
constexpr qint64 ReadBytes = 1024 * 1024;

/// Whether the file still begins with what it held when the mark was made.
Result<bool> goesOn(const ByteSource &bytes, const FileMark &mark)
{
    const auto head = bytes.bytes(0, mark.head.size());
    if (!head)
        return std::unexpected(head.error());
    const auto tail = bytes.bytes(mark.size - mark.tail.size(), mark.tail.size());
    if (!tail)
        return std::unexpected(tail.error());
    return *head == mark.head && *tail == mark.tail;
}

/// Where new lines begin: after the text's end, or at its last line, which has no LF yet.
Result<TextBlock> startOf(const TextStore &text)
{
    const qint64 size = text.bytes().size();
    if (size == 0)
        return TextBlock{0, 1};
    const auto last = text.bytes().bytes(size - 1, 1);
    if (!last)
        return std::unexpected(last.error());
    if (*last == "\n")
        return TextBlock{size, text.lineCount() + 1};
    return TextBlock{text.line(text.lineCount()).byteOffset, text.lineCount()};
}

/// The text's blocks, found by their lines: in ever wider steps, then by halving.
std::vector<TextBlock> blocksOf(const TextStore &text)
{
    std::vector<TextBlock> blocks{text.blockOf(1)};
    const auto isBehind = [&](qint64 line) { return text.blockOf(line).firstLine > blocks.back().firstLine; };
    for (;;) {
        qint64 same = blocks.back().firstLine;
        qint64 step = 256;
        while (same + step <= text.lineCount() && !isBehind(same + step)) {
            same += step;
            step *= 2;
        }
        qint64 behind = std::min(same + step, text.lineCount());
        if (behind <= same || !isBehind(behind))
            return blocks;
        while (behind - same > 1) {
            const qint64 middle = same + (behind - same) / 2;
            (isBehind(middle) ? behind : same) = middle;
        }
        blocks.push_back(text.blockOf(behind));
    }
}

/// Adds a block wherever one is full, and counts lines.
Result<qint64> addLines(const ByteSource &bytes, TextBlock from, std::vector<TextBlock> &blocks,
                        const CancelToken &cancel)
{
    QByteArray piece(ReadBytes, Qt::Uninitialized);
    qint64 line = from.firstLine;
    qint64 lineStart = from.byteOffset;
    for (qint64 at = from.byteOffset; at < bytes.size();) {
        if (cancel.isCancelled())
            return failure(Code::Cancelled, tr("Cancelled"), {}, bytes.name());
        const auto got =
            bytes.read(at, std::span(piece.data(), static_cast<size_t>(std::min(ReadBytes, bytes.size() - at))));
        if (!got)
            return std::unexpected(got.error());
        if (*got == 0)
            return failure(Code::NotReadable, tr("The file is shorter than a moment ago"), {}, bytes.name());
        const char *const begin = piece.constData();
        const char *const end = begin + *got;
        for (const char *next = begin; next < end;) {
            if (at + (next - begin) == lineStart && lineStart - blocks.back().byteOffset >= TextStore::BlockBytes)
                blocks.push_back({lineStart, line});
            const auto *lf = static_cast<const char *>(std::memchr(next, '\n', static_cast<size_t>(end - next)));
            if (!lf)
                break;
            next = lf + 1;
            lineStart = at + (next - begin);
            ++line;
        }
        at += *got;
    }
    return lineStart < bytes.size() ? line : line - 1;
}

Result<FileMark> markOf(const ByteSource &bytes, std::shared_ptr<const std::vector<TextBlock>> blocks)
{
    FileMark mark{bytes.size(), {}, {}, std::move(blocks)};
    auto head = bytes.bytes(0, MarkBytes);
    if (!head)
        return std::unexpected(head.error());
    const qint64 count = std::min(MarkBytes, mark.size);
    auto tail = bytes.bytes(mark.size - count, count);
    if (!tail)
        return std::unexpected(tail.error());
    mark.head = std::move(*head);
    mark.tail = std::move(*tail);
    return mark;
}

} // namespace

Result<FileMark> markOf(const TextStore &text)
{
    return markOf(text.bytes(), std::make_shared<const std::vector<TextBlock>>(blocksOf(text)));
}

Result<std::optional<GrownText>> grownText(const TextStore &text, const FileMark &mark, const CancelToken &cancel)
{
    auto opened = openFile(text.bytes().name());
    if (!opened)
        return std::unexpected(opened.error());
    const std::shared_ptr<const ByteSource> bytes = std::move(*opened);
    const auto same = bytes->size() < mark.size ? Result<bool>(false) : goesOn(*bytes, mark);
    if (!same)
        return std::unexpected(same.error());
    if (!*same)
        return failure(Code::NotReadable, tr("The file was written anew: what was read of it is no longer there"),
                       tr("Read it again"), bytes->name());
    if (bytes->size() == mark.size)
        return std::optional<GrownText>();
    const auto from = startOf(text);
    if (!from)
        return std::unexpected(from.error());
    auto blocks = std::make_shared<std::vector<TextBlock>>(*mark.blocks);
    const auto lineCount = addLines(*bytes, *from, *blocks, cancel);
    if (!lineCount)
        return std::unexpected(lineCount.error());
    auto next = markOf(*bytes, blocks);
    if (!next)
        return std::unexpected(next.error());
    GrownText grown{std::make_shared<const TextStore>(bytes, *blocks, *lineCount), from->firstLine, std::move(*next)};
    return std::optional(std::move(grown));
}

} // namespace faultline
