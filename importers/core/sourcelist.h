// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/actionssteps.h"
#include "importers/core/containers.h"
#include "importers/core/registry.h"

#include <set>

namespace faultline {

/// A source that was found: a file on disk, or what was in one.
struct FoundSource {
    QString path;
    std::shared_ptr<const ByteSource> bytes; ///< Null for a file on disk, which is opened when it is read.
    std::vector<Note> notes;                 ///< What its container has to tell of it.
    bool isArchive = false;                  ///< Nothing to read: only an archive's notes.
    std::vector<ActionsStep> steps;          ///< Of a job's log whose steps have files of their own.

    qint64 size() const;
};

/// The sources of a case, each once, in order of path below each path given; archives and compressed files opened.
class SourceList
{
public:
    SourceList(const Registry &registry, CancelToken cancel);

    Result<void> add(const QString &path);
    /// After all were added.
    std::vector<FoundSource> take();
    /// The same with the files of a job's steps, which take() joins to their job's log.
    std::vector<FoundSource> takeFiles() { return std::move(m_sources); }

private:
    void addFolder(const QString &path, int depth);
    void addFile(const QString &canonical, const QString &path);
    void expand(FoundSource found, const std::shared_ptr<const ByteSource> &bytes, int depth, InflateBudget &budget);
    bool isReadAsItIs(const QString &name, const ByteSource &bytes, QByteArrayView head) const;

    const Registry &m_registry;
    CancelToken m_cancel;
    UnpackRoom m_room;
    size_t m_files = 0;
    std::vector<FoundSource> m_sources;
    std::set<QString> m_seen;
};

} // namespace faultline
