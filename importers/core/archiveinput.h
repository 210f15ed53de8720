// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/containers.h"

struct archive;
struct archive_entry;

namespace faultline {

/// How far something was copied.
enum class Copied { Whole, Damaged, Fatal, Spent, NoRoom, Cancelled };

/// libarchive's view of a source: only the filters and formats that are asked for, none that starts programs.
class ArchiveInput
{
public:
    explicit ArchiveInput(const ByteSource &bytes);
    ~ArchiveInput();
    Q_DISABLE_COPY_MOVE(ArchiveInput)

    bool open(ContainerKind kind);
    archive *handle() const { return m_archive; }
    /// In the packed bytes, about: what libarchive has asked for.
    qint64 position() const { return m_at; }
    QString error() const;

private:
    qint64 read(const void **buffer);
    qint64 skip(qint64 request);
    qint64 seek(qint64 offset, int whence);

    const ByteSource &m_bytes;
    archive *m_archive;
    QByteArray m_buffer;
    qint64 m_at = 0;
};

/// Writes what can be read of the current entry; `problem` says what stopped it.
Copied copyEntry(ArchiveInput &input, SpillWriter &writer, InflateBudget &budget, const CancelToken &cancel,
                 QString &problem);

/// Writes bytes as long as budget and room last.
Copied copyBytes(std::span<const char> bytes, SpillWriter &writer, InflateBudget &budget, QString &problem);

} // namespace faultline
