// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/archiveinput.h"

#include <array>

namespace faultline {

/// Entries that were left out for the same reason: how many, and which was the first.
class Refusals
{
public:
    enum Reason { Link, Device, Path, Encrypted, Budget, Count };

    void add(Reason reason, const QString &path);
    void write(std::vector<Note> &notes) const;

private:
    std::array<int, Count> m_counts{};
    std::array<QString, Count> m_first;
};

/// Reads one archive's entries, one after another.
class EntryReader
{
public:
    EntryReader(const ByteSource &bytes, InflateBudget &budget, const CancelToken &cancel, UnpackRoom &room)
        : m_bytes(bytes)
        , m_input(bytes)
        , m_budget(budget)
        , m_cancel(cancel)
        , m_room(room)
    {
    }

    Unpacked read(ContainerKind kind);

private:
    std::optional<Refusals::Reason> refusal(archive_entry *entry, const std::optional<QString> &path) const;
    bool take(archive_entry *entry, const QString &path);
    void damaged(const QString &problem);
    void sortEntries();

    const ByteSource &m_bytes;
    ArchiveInput m_input;
    InflateBudget &m_budget;
    const CancelToken &m_cancel;
    UnpackRoom &m_room;
    Refusals m_refusals;
    Unpacked m_result;
};

} // namespace faultline
