// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/sourcelist.h"

#include "models/core/translate.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostFiles = 20'000;
constexpr int MostDepth = 64;

/// Programs and documents that are zip archives inside: what they hold tells nothing of a run.
bool isProgramOrDocument(const QString &name)
{
    static constexpr std::array Endings{".jar"_L1, ".war"_L1, ".ear"_L1,  ".aar"_L1,  ".apk"_L1,   ".ipa"_L1,
                                        ".whl"_L1, ".egg"_L1, ".docx"_L1, ".xlsx"_L1, ".pptx"_L1,  ".odt"_L1,
                                        ".ods"_L1, ".odp"_L1, ".epub"_L1, ".xpi"_L1,  ".nupkg"_L1, ".vsix"_L1};
    return std::ranges::any_of(
        Endings, [&name](QLatin1StringView ending) { return name.endsWith(ending, Qt::CaseInsensitive); });
}

/// A case that was saved beside the files that it is about is no evidence of the run.
bool isOfSavedCase(const QString &name)
{
    return name.endsWith(".faultline"_L1) || name.endsWith(".faultline-journal"_L1)
           || name.endsWith(".faultline.lock"_L1);
}

} // namespace

qint64 FoundSource::size() const
{
    return bytes ? bytes->size() : isArchive ? 0 : QFileInfo(path).size();
}

SourceList::SourceList(const Registry &registry, CancelToken cancel)
    : m_registry(registry)
    , m_cancel(std::move(cancel))
{
}

Result<void> SourceList::add(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists())
        return failure(Code::NotFound, tr("There is no such file or folder"), tr("Check the path"), path);
    if (info.isDir())
        addFolder(path, 0);
    else
        addFile(info.canonicalFilePath(), path);
    if (m_files > MostFiles)
        return failure(Code::LimitReached, tr("More than %1 files").arg(MostFiles), tr("Name the folder of one run"),
                       path);
    return {};
}

std::vector<FoundSource> SourceList::take()
{
    joinActionsSteps(m_sources);
    return std::move(m_sources);
}

void SourceList::addFolder(const QString &path, int depth)
{
    if (depth > MostDepth || m_files > MostFiles || m_cancel.isCancelled()
        || !m_seen.insert(QFileInfo(path).canonicalFilePath()).second)
        return;
    QFileInfoList entries =
        QDir(path).entryInfoList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot, QDir::NoSort);
    std::ranges::sort(entries, {}, [](const QFileInfo &entry) { return entry.fileName(); });
    for (const QFileInfo &entry : entries) {
        if (entry.fileName().startsWith(u'.') || isOfSavedCase(entry.fileName()))
            continue;
        const QString below = QDir::cleanPath(path + u'/' + entry.fileName());
        if (entry.isDir())
            addFolder(below, depth + 1);
        else
            addFile(entry.canonicalFilePath(), below);
    }
}

void SourceList::addFile(const QString &canonical, const QString &path)
{
    if (!m_seen.insert(canonical.isEmpty() ? path : canonical).second || ++m_files > MostFiles)
        return;
    FoundSource found{path, nullptr, {}, false, {}};
    const auto opened = openFile(path);
    if (!opened || m_cancel.isCancelled()) { // the reader tells why it cannot be opened
        m_sources.push_back(std::move(found));
        return;
    }
    InflateBudget budget((*opened)->size());
    expand(std::move(found), *opened, 0, budget);
}

/// Some importers read compressed files themselves: a profile's .pb.gz is a format of its own.
bool SourceList::isReadAsItIs(const QString &name, const ByteSource &bytes, QByteArrayView head) const
{
    constexpr int Sure = 85;
    const SourceHead whole{name, head.toByteArray(), bytes.size(), bytes.modified()};
    return std::ranges::any_of(m_registry.importers(), [&whole](const auto &importer) {
        return importer->info().kind == SourceKind::Profile && importer->sniff(whole).score >= Sure;
    });
}

/// Adds the source itself, or what it holds where it is a container. `bytes` are those of `found`.
void SourceList::expand(FoundSource found, const std::shared_ptr<const ByteSource> &bytes, int depth,
                        InflateBudget &budget)
{
    constexpr qint64 MagicBytes = 512;
    const auto magic = bytes->bytes(0, MagicBytes);
    const ContainerKind kind = magic ? containerKind(*magic) : ContainerKind::None;
    const auto keep = [&] { m_sources.push_back(std::move(found)); };
    if (kind == ContainerKind::None || m_cancel.isCancelled() || isProgramOrDocument(found.path))
        return keep();
    const bool packed = isArchive(kind);
    if (!packed && isReadAsItIs(found.path, *bytes, bytes->bytes(0, SourceHead::MostBytes).value_or(QByteArray())))
        return keep();
    if (depth >= ContainerLimits::MostDepth) {
        addNote(found.notes, {Severity::Warning,
                              Code::LimitReached,
                              {},
                              tr("Containers within containers are opened %1 deep; this one was left closed")
                                  .arg(ContainerLimits::MostDepth),
                              1});
        return keep();
    }
    const Unpacker unpacker(m_cancel, m_room);
    Unpacked unpacked = packed ? unpacker.archive(*bytes, kind, budget) : unpacker.stream(bytes, kind, budget);
    for (Note &note : unpacked.notes)
        addNote(found.notes, std::move(note));
    if (!packed && !unpacked.entries.empty() && (unpacked.isWhole || unpacked.entries[0].bytes->size() > 0)
        && !unpacked.cancelled) {
        found.bytes = unpacked.entries[0].bytes;
        const auto content = found.bytes;
        return expand(std::move(found), content, depth + 1, budget);
    }
    if (!packed || (unpacked.entries.empty() && !unpacked.isWhole)) { // nothing of it can be read
        found.isArchive = true;
        return keep();
    }
    const QString path = found.path;
    if (unpacked.entries.empty() && found.notes.empty())
        addNote(found.notes, {Severity::Info, Code::NotFound, {}, tr("There is no file in the archive"), 1});
    if (!found.notes.empty()) {
        found.isArchive = true;
        m_sources.push_back(std::move(found));
    }
    for (Unpacked::Entry &entry : unpacked.entries) {
        FoundSource inner{path + u'/' + entry.path, entry.bytes, std::move(entry.notes), false, {}};
        expand(std::move(inner), entry.bytes, depth + 1, budget);
    }
}

} // namespace faultline
