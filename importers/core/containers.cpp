// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/containers.h"

#include "importers/core/archiveentries.h"
#include "importers/core/inflatedstream.h"
#include "models/core/translate.h"

#include <algorithm>

#include <archive.h>

namespace faultline {

namespace {

constexpr size_t TarBlock = 512;

/// The header's sum, in octal at 148, counts its own field as blanks. POSIX.1-2017, pax, "ustar Interchange Format".
bool hasTarChecksum(QByteArrayView head)
{
    if (head.size() < static_cast<qsizetype>(TarBlock) || head[0] == '\0')
        return false;
    int sum = 0;
    for (size_t i = 0; i < TarBlock; ++i)
        sum += i >= 148 && i < 156 ? ' ' : static_cast<unsigned char>(head[static_cast<qsizetype>(i)]);
    int stated = 0;
    int digits = 0;
    for (qsizetype i = 148; i < 156; ++i) {
        const char c = head[i];
        if (c >= '0' && c <= '7') {
            stated = stated * 8 + (c - '0');
            ++digits;
        } else if (digits > 0) {
            break;
        } else if (c != ' ') {
            return false;
        }
    }
    return digits > 0 && stated == sum;
}

Unpacked ofStream(const ByteSource &bytes, const InflatedStream &inflated, SpillWriter &writer,
                  const IndexLimits &limits)
{
    const Copied copied = inflated.copied;
    Unpacked result;
    result.cancelled = copied == Copied::Cancelled;
    result.isWhole = copied == Copied::Whole;
    auto content = inflated.indexed ? Result<std::shared_ptr<const ByteSource>>(inflated.indexed)
                                    : writer.finish(bytes.name(), bytes.modified());
    if (!content || result.cancelled)
        return result;
    const Position end{0, 0, (*content)->size()};
    if (!inflated.indexed && end.byteOffset > limits.mostPutAside)
        addNote(result.notes, putAsideNote(end.byteOffset));
    if (copied == Copied::Spent)
        addNote(result.notes, {Severity::Warning, Code::LimitReached, end,
                               tr("Cut off here: the file inflates to too much, as archive bombs do"), 1});
    else if (copied == Copied::NoRoom)
        addNote(result.notes,
                {Severity::Error, Code::LimitReached, end, tr("Cut off here: %1").arg(inflated.problem), 1});
    else if (copied != Copied::Whole)
        addNote(result.notes, {Severity::Warning, Code::Truncated, end, inflated.problem, 1});
    result.entries.push_back({QString(), std::move(*content), {}});
    return result;
}

/// By libarchive, which gives no places to begin at.
InflatedStream inflateOther(const ByteSource &bytes, ContainerKind kind, const InflateTools &tools)
{
    InflatedStream result;
    ArchiveInput input(bytes);
    archive_entry *entry = nullptr;
    if (input.open(kind)) {
        const int status = archive_read_next_header(input.handle(), &entry);
        if (status == ARCHIVE_EOF)
            result.copied = Copied::Whole;
        else if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
            result.copied = copyEntry(input, tools.writer, tools.budget, tools.cancel, result.problem);
    }
    if (result.copied == Copied::Damaged || result.copied == Copied::Fatal)
        result.problem = tr("The compressed data breaks off or is damaged before byte %1 of the file (%2); what came "
                            "before was read")
                             .arg(input.position())
                             .arg(result.problem.isEmpty() ? input.error() : result.problem);
    return result;
}

} // namespace

ContainerKind containerKind(QByteArrayView head)
{
    if (head.startsWith("PK\x03\x04") || head.startsWith("PK\x05\x06") || head.startsWith("PK\x07\x08PK"))
        return ContainerKind::Zip;
    if (head.startsWith("\x1f\x8b\x08"))
        return ContainerKind::Gzip;
    if (head.size() >= 10 && head.startsWith("BZh") && head[3] >= '1' && head[3] <= '9'
        && (head.sliced(4).startsWith("1AY&SY") || head.sliced(4).startsWith("\x17\x72\x45\x38\x50\x90")))
        return ContainerKind::Bzip2;
    if (head.startsWith(QByteArrayView("\xfd\x37zXZ\0", 6)))
        return ContainerKind::Xz;
    if (head.startsWith("\x28\xb5\x2f\xfd"))
        return ContainerKind::Zstd;
    // A frame to be skipped, which pzstd and zstd -T write first. RFC 8878, 3.1.2
    if (head.size() >= 4 && (static_cast<unsigned char>(head[0]) & 0xF0) == 0x50
        && head.sliced(1).startsWith("\x2a\x4d\x18"))
        return ContainerKind::Zstd;
    return hasTarChecksum(head) ? ContainerKind::Tar : ContainerKind::None;
}

std::optional<QString> safeEntryPath(QString path)
{
    constexpr qsizetype MostLength = 4096;
    path.replace(u'\\', u'/'); // written by Windows
    if (path.isEmpty() || path.size() > MostLength || path.startsWith(u'/')
        || (path.size() > 1 && path[1] == u':' && path[0].isLetter()))
        return std::nullopt;
    QStringList parts;
    for (QString part : path.split(u'/', Qt::SkipEmptyParts)) {
        if (part == QLatin1StringView(".."))
            return std::nullopt;
        if (part == QLatin1StringView("."))
            continue;
        for (QChar &c : part)
            if (c < u' ' || c == u'\x7F')
                c = u'?';
        parts.append(part);
    }
    return parts.isEmpty() ? std::optional(QStringLiteral(".")) : std::optional(parts.join(u'/'));
}

Unpacked Unpacker::archive(const ByteSource &bytes, ContainerKind kind, InflateBudget &budget) const
{
    return EntryReader(bytes, budget, m_cancel, m_room).read(kind);
}

Unpacked Unpacker::stream(const std::shared_ptr<const ByteSource> &bytes, ContainerKind kind,
                          InflateBudget &budget) const
{
    SpillWriter writer(m_room.spill, m_room.memoryLeft);
    const InflateTools tools{writer, budget, m_cancel, m_room.spans, m_limits};
    const InflatedStream inflated = kind == ContainerKind::Gzip   ? inflateGzip(bytes, tools)
                                    : kind == ContainerKind::Zstd ? inflateZstd(bytes, tools)
                                                                  : inflateOther(*bytes, kind, tools);
    return ofStream(*bytes, inflated, writer, m_limits);
}

Note putAsideNote(qint64 bytes)
{
    return {Severity::Info,
            Code::Ok,
            {},
            tr("Unpacked to a temporary file of %1 MB: it is compressed so that reading can begin at its start only")
                .arg(bytes / 1'000'000),
            1};
}

} // namespace faultline
