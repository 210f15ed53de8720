// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/archiveentries.h"

#include "models/core/translate.h"

#include <algorithm>

#include <archive.h>
#include <archive_entry.h>

namespace faultline {

namespace {

QString pathOf(archive_entry *entry)
{
    if (const char *utf8 = archive_entry_pathname_utf8(entry))
        return QString::fromUtf8(utf8);
    const char *raw = archive_entry_pathname(entry);
    return raw ? QString::fromUtf8(raw) : QString();
}

/// Files that folders are read without too: hidden ones, and what macOS adds to archives.
bool isHidden(const QString &path)
{
    const QStringList parts = path.split(u'/');
    return std::ranges::any_of(parts, [](const QString &part) { return part.startsWith(u'.'); })
           || parts.front() == QLatin1StringView("__MACOSX");
}

std::optional<TimeNs> modifiedOf(archive_entry *entry)
{
    if (!archive_entry_mtime_is_set(entry))
        return std::nullopt;
    const qint64 seconds = archive_entry_mtime(entry);
    constexpr qint64 MostSeconds = std::numeric_limits<qint64>::max() / NsPerSecond - 1;
    if (seconds <= 0 || seconds > MostSeconds)
        return std::nullopt;
    return TimeNs{seconds * NsPerSecond + archive_entry_mtime_nsec(entry)};
}

} // namespace

void Refusals::add(Reason reason, const QString &path)
{
    if (m_counts[reason]++ == 0)
        m_first[reason] = path.left(200);
}

void Refusals::write(std::vector<Note> &notes) const
{
    const std::array<QString, Count> texts{
        tr("%1 links were not followed, the first: %2"),
        tr("%1 entries are devices or pipes and were left out, the first: %2"),
        tr("%1 entries have paths that lead out of the archive and were left out, the first: %2"),
        tr("%1 entries are encrypted and were left out, the first: %2"),
        tr("%1 entries were left out because the archive inflates to too much, the first: %2")};
    for (size_t reason = 0; reason < Count; ++reason) {
        if (m_counts[reason] == 0)
            continue;
        const bool isLink = reason == Link;
        addNote(notes, {isLink ? Severity::Info : Severity::Warning,
                        reason == Budget ? Code::LimitReached : Code::Unsupported,
                        {},
                        texts[reason].arg(m_counts[reason]).arg(m_first[reason]),
                        1});
    }
}

void EntryReader::damaged(const QString &problem)
{
    m_result.isWhole = false;
    addNote(m_result.notes, {Severity::Warning,
                             Code::Truncated,
                             {0, 0, m_input.position()},
                             tr("The archive breaks off or is damaged (%1); what came before was read").arg(problem),
                             1});
}

std::optional<Refusals::Reason> EntryReader::refusal(archive_entry *entry, const std::optional<QString> &path) const
{
    if (!path)
        return Refusals::Path;
    if (archive_entry_hardlink(entry) || archive_entry_symlink(entry) || archive_entry_filetype(entry) == AE_IFLNK)
        return Refusals::Link;
    if (archive_entry_filetype(entry) != AE_IFREG)
        return Refusals::Device;
    if (archive_entry_is_encrypted(entry))
        return Refusals::Encrypted;
    if (m_budget.isSpent())
        return Refusals::Budget;
    return std::nullopt;
}

/// False where nothing more can be read.
bool EntryReader::take(archive_entry *entry, const QString &path)
{
    SpillWriter writer(m_room.spill, m_room.memoryLeft);
    QString problem;
    const Copied copied = copyEntry(m_input, writer, m_budget, m_cancel, problem);
    if (copied == Copied::Cancelled) {
        m_result.cancelled = true;
        return false;
    }
    auto bytes = writer.finish(m_bytes.name() + u'/' + path, modifiedOf(entry));
    if (!bytes) {
        damaged(bytes.error().message);
        return false;
    }
    Unpacked::Entry found{path, std::move(*bytes), {}};
    const Position end{0, 0, found.bytes->size()};
    if (end.byteOffset > IndexLimits().mostPutAside)
        addNote(found.notes, putAsideNote(end.byteOffset));
    if (copied == Copied::Spent)
        addNote(found.notes, {Severity::Warning, Code::LimitReached, end,
                              tr("Cut off here: the archive inflates to too much, as archive bombs do"), 1});
    else if (copied == Copied::NoRoom)
        addNote(found.notes, {Severity::Error, Code::LimitReached, end, tr("Cut off here: %1").arg(problem), 1});
    else if (copied != Copied::Whole)
        addNote(found.notes, {Severity::Warning, Code::Truncated, end,
                              tr("The archive breaks off or is damaged here (%1)").arg(problem), 1});
    if (copied == Copied::Fatal)
        m_result.isWhole = false;
    if (copied == Copied::Whole || found.bytes->size() > 0)
        m_result.entries.push_back(std::move(found));
    else
        damaged(problem);
    return copied != Copied::Fatal && copied != Copied::NoRoom;
}

Unpacked EntryReader::read(ContainerKind kind)
{
    constexpr int MostRetries = 16;
    // Headers cost time too, whatever comes of them.
    constexpr qint64 MostHeaders = 10 * ContainerLimits::MostEntries;
    if (!m_input.open(kind)) {
        damaged(m_input.error());
        return std::move(m_result);
    }
    int retries = 0;
    for (qint64 headers = 0;; ++headers) {
        archive_entry *entry = nullptr;
        const int status = archive_read_next_header(m_input.handle(), &entry);
        if (status == ARCHIVE_EOF)
            break;
        if (status == ARCHIVE_RETRY && ++retries < MostRetries)
            continue;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
            damaged(m_input.error());
            break;
        }
        if (m_cancel.isCancelled()) {
            m_result.cancelled = true;
            break;
        }
        if (headers >= MostHeaders) {
            addNote(m_result.notes,
                    {Severity::Warning,
                     Code::LimitReached,
                     {},
                     tr("More than %1 entries, folders and links with them; the rest is left out").arg(MostHeaders),
                     1});
            break;
        }
        const QString raw = pathOf(entry);
        const auto path = safeEntryPath(raw);
        if ((archive_entry_filetype(entry) == AE_IFDIR && path) || (path && isHidden(*path)))
            continue;
        if (const auto reason = refusal(entry, path)) {
            m_refusals.add(*reason, raw);
        } else if (!m_budget.takeEntry()) {
            addNote(m_result.notes, {Severity::Warning,
                                     Code::LimitReached,
                                     {},
                                     tr("More than %1 entries; the rest is left out").arg(ContainerLimits::MostEntries),
                                     1});
            break;
        } else if (!take(entry, *path)) {
            break;
        }
    }
    m_refusals.write(m_result.notes);
    sortEntries();
    return std::move(m_result);
}

/// By path; of several entries with the same path the last counts, as tar has it.
void EntryReader::sortEntries()
{
    auto &entries = m_result.entries;
    std::ranges::stable_sort(entries, {}, &Unpacked::Entry::path);
    const auto kept =
        std::unique(entries.rbegin(), entries.rend(), [](const auto &a, const auto &b) { return a.path == b.path; });
    const auto doubled = entries.rend() - kept;
    entries.erase(entries.begin(), kept.base());
    if (doubled > 0)
        addNote(m_result.notes,
                {Severity::Warning,
                 Code::BadValue,
                 {},
                 tr("%1 paths stand in the archive more than once; the last of each was read").arg(doubled),
                 1});
}

} // namespace faultline
