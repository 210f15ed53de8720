// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/spancache.h"
#include "models/bytes/spillfile.h"
#include "models/core/task.h"
#include "models/evidence/evidence.h"

namespace faultline {

/// What holds other files, or one file made smaller.
enum class ContainerKind { None, Zip, Tar, Gzip, Bzip2, Xz, Zstd };

/// From the first bytes alone, never from the name. 512 bytes tell all kinds.
ContainerKind containerKind(QByteArrayView head);
inline bool isArchive(ContainerKind kind)
{
    return kind == ContainerKind::Zip || kind == ContainerKind::Tar;
}

/// How far containers are opened; each limit is told in a note where it is reached.
struct ContainerLimits {
    static constexpr qint64 MostEntries = 20'000; ///< Of one file on disk, with all that is nested in it.
    static constexpr int MostDepth = 6;           ///< Containers within containers; a .tar.gz is two.
    static constexpr qint64 MostBytes = qint64(16) * 1024 * 1024 * 1024;
    static constexpr qint64 MostRatio = 400; ///< Logs shrink 10 to 100 times, bombs 1,000 and more.
    static constexpr qint64 FreeBytes = qint64(128) * 1024 * 1024; ///< So much may come out whatever the ratio.
    static constexpr qint64 MostMemory = qint64(16) * 1024 * 1024; ///< Held by small entries of a whole case.
};

/// How compressed files are read that are too large to be put aside.
struct IndexLimits {
    qint64 mostPutAside = qint64(32) * 1024 * 1024;  ///< Inflated; larger ones are inflated again where they are read.
    qint64 spanBytes = qint64(1) * 1024 * 1024;      ///< Between two places to begin at, at least.
    qint64 mostSpanBytes = qint64(64) * 1024 * 1024; ///< Where they lie further apart, all is put aside.
    qint64 mostWindowBytes = qint64(16) * 1024 * 1024; ///< Of what has to be kept for the places of one file.
    static constexpr qint64 MostCached = qint64(32) * 1024 * 1024; ///< Inflated spans of a whole case.
};

/// How many bytes may still come out of one file on disk, whatever is nested in it.
class InflateBudget
{
public:
    explicit InflateBudget(qint64 packedBytes)
        : m_left(std::clamp(packedBytes > ContainerLimits::MostBytes / ContainerLimits::MostRatio
                                ? ContainerLimits::MostBytes
                                : packedBytes * ContainerLimits::MostRatio,
                            ContainerLimits::FreeBytes, ContainerLimits::MostBytes))
    {
    }
    bool take(qint64 bytes)
    {
        m_left -= bytes;
        return m_left >= 0;
    }
    bool takeEntry() { return --m_entriesLeft >= 0; }
    bool isSpent() const { return m_left <= 0; }

private:
    qint64 m_left;
    qint64 m_entriesLeft = ContainerLimits::MostEntries;
};

/// What was in a container.
struct Unpacked {
    struct Entry {
        QString path; ///< Within the archive, with '/', never absolute and never climbing out of it.
        std::shared_ptr<const ByteSource> bytes;
        std::vector<Note> notes;
    };
    std::vector<Entry> entries; ///< In order of path; a compressed stream has one, with an empty path.
    std::vector<Note> notes;    ///< What was refused, left out or cut off.
    bool isWhole = true;        ///< False: damaged; what came before is there.
    bool cancelled = false;
};

/// Where the bytes of a whole case's containers go: one temporary file for all, since each would cost a descriptor.
struct UnpackRoom {
    qint64 memoryLeft = ContainerLimits::MostMemory;
    std::shared_ptr<SpillFile> spill;
    std::shared_ptr<SpanCache> spans = std::make_shared<SpanCache>(IndexLimits::MostCached);
};

/// Takes containers apart. Nothing is ever written but to a temporary file without a name, and only so much as the budget allows.
class Unpacker
{
public:
    Unpacker(CancelToken cancel, UnpackRoom &room, IndexLimits limits = {})
        : m_cancel(std::move(cancel))
        , m_room(room)
        , m_limits(limits)
    {
    }

    /// The entries of an archive that are regular files; links, devices and paths that lead out of it are refused with a note.
    Unpacked archive(const ByteSource &bytes, ContainerKind kind, InflateBudget &budget) const;
    /// What a compressed stream holds, as far as it goes. Offsets in notes are into what came out. Small ones are put aside; large ones are
    /// inflated where they are read if they have places to begin at, else they are put aside too, which a note says.
    Unpacked stream(const std::shared_ptr<const ByteSource> &bytes, ContainerKind kind, InflateBudget &budget) const;

private:
    CancelToken m_cancel;
    UnpackRoom &m_room;
    IndexLimits m_limits;
};

/// The note on bytes that had to be put aside: how many, in a temporary file.
Note putAsideNote(qint64 bytes);

/// The entry's path as shown; nullopt where it is absolute, climbs out, or is no path.
std::optional<QString> safeEntryPath(QString path);

} // namespace faultline
