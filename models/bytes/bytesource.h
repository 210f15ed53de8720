// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/core/result.h"
#include "models/core/time.h"

#include <memory>
#include <optional>
#include <span>

namespace faultline {

/// Random access to the bytes of a source: a file, or an inflated member of an archive. Thread safe: reads carry their own offset.
class ByteSource
{
public:
    ByteSource() = default;
    virtual ~ByteSource() = default;
    Q_DISABLE_COPY_MOVE(ByteSource)

    /// Path as the user gave it, for messages; members of archives as "run.zip/1_build.txt".
    virtual QString name() const = 0;
    virtual qint64 size() const = 0;
    /// When the file was last written, where known: the weakest evidence of when it was captured.
    virtual std::optional<TimeNs> modified() const = 0;
    /// Fills `into` from `byteOffset` on; returns how many bytes were read: less than asked only at the end.
    virtual Result<qint64> read(qint64 byteOffset, std::span<char> into) const = 0;

    /// All bytes between the offsets, cut at the end of the source.
    Result<QByteArray> bytes(qint64 byteOffset, qint64 count) const;
};

/// A regular file read with pread; never mapped (a file that shrinks would raise SIGBUS).
Result<std::shared_ptr<const ByteSource>> openFile(const QString &path);

/// Bytes held in memory.
std::shared_ptr<const ByteSource> memorySource(QString name, QByteArray bytes, std::optional<TimeNs> modified = {});

} // namespace faultline
