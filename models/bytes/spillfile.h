// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/bytes/bytesource.h"

namespace faultline {

/// Bytes put aside in a temporary file without a name, so that nothing of it can stay behind. It lies in $TMPDIR, else in /var/tmp
/// (in memory /tmp may be), else where Qt puts temporary files. One writer; readers from any thread.
class SpillFile
{
public:
    static Result<std::shared_ptr<SpillFile>> create();
    explicit SpillFile(int descriptor);
    ~SpillFile();
    Q_DISABLE_COPY_MOVE(SpillFile)

    /// Adds to the end; fails where the disk is full.
    Result<void> append(std::span<const char> bytes);
    qint64 size() const { return m_size; }
    /// Cuts the end off; nobody may read there.
    void truncate(qint64 size);
    Result<qint64> read(qint64 byteOffset, std::span<char> into) const;

private:
    int m_descriptor;
    qint64 m_size = 0;
};

/// A part of what was put aside, as a source.
std::shared_ptr<const ByteSource> spilledSource(std::shared_ptr<const SpillFile> file, qint64 byteOffset, qint64 size,
                                                QString name, std::optional<TimeNs> modified);

/// Collects the bytes of one source: few stay in memory, many go to the spill file.
class SpillWriter
{
public:
    /// Sources up to this size may stay in memory, as long as `memoryLeft` lasts.
    static constexpr qint64 MostInMemory = 256 * 1024;

    /// `file` is made when the first byte needs it; both outlive the writer. No other writer of the same file may be at work.
    SpillWriter(std::shared_ptr<SpillFile> &file, qint64 &memoryLeft);

    Result<void> append(std::span<const char> bytes);
    qint64 size() const { return m_size; }
    /// Throws away what was collected; the file shrinks to what it was.
    void drop();
    Result<std::shared_ptr<const ByteSource>> finish(const QString &name, std::optional<TimeNs> modified);

private:
    Result<void> spill(std::span<const char> bytes);

    std::shared_ptr<SpillFile> &m_file;
    qint64 &m_memoryLeft;
    QByteArray m_held;
    qint64 m_size = 0;
    qint64 m_spilledAt = -1;
};

} // namespace faultline
