// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/knowledgewatcher.h"

#include <QDateTime>
#include <QDir>

#include <utility>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr int FileSettleMs = 200; ///< Editors write a file in several steps.

const QStringList PageKinds{u"playbooks"_s, u"causes"_s};
const QStringList SignatureKinds{u"signatures"_s};

} // namespace

KnowledgeWatcher::KnowledgeWatcher(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
{
    m_later.setSingleShot(true);
    m_later.setInterval(FileSettleMs);
    connect(&m_later, &QTimer::timeout, this, &KnowledgeWatcher::look);
    const auto later = [this] { m_later.start(); };
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, later);
    connect(&m_watcher, &QFileSystemWatcher::fileChanged, this, later);
    for (const QString &kind : PageKinds + SignatureKinds)
        QDir().mkpath(m_folder % u'/' % kind);
    m_pages = stamp(PageKinds);
    m_signatures = stamp(SignatureKinds);
    watch();
}

QStringList KnowledgeWatcher::files(const QString &kind) const
{
    const QDir dir(m_folder % u'/' % kind);
    QStringList paths;
    for (const QString &name : dir.entryList({u"*.md"_s, u"*.yaml"_s, u"*.yml"_s}, QDir::Files, QDir::Name))
        paths.append(dir.filePath(name));
    return paths;
}

QByteArray KnowledgeWatcher::stamp(const QStringList &kinds) const
{
    QByteArray stamp;
    for (const QString &kind : kinds) {
        for (const QString &path : files(kind)) {
            const QFileInfo info(path);
            stamp += path.toUtf8() + '\t' + QByteArray::number(info.size()) + '\t'
                     + QByteArray::number(info.lastModified().toMSecsSinceEpoch()) + '\n';
        }
    }
    return stamp;
}

/// A file that is replaced drops out of the watcher: all are watched anew after every change.
void KnowledgeWatcher::watch()
{
    QStringList paths;
    for (const QString &kind : PageKinds + SignatureKinds) {
        if (QFileInfo::exists(m_folder % u'/' % kind))
            paths.append(m_folder % u'/' % kind);
        paths += files(kind);
    }
    const QStringList known = m_watcher.files() + m_watcher.directories();
    paths.removeIf([&known](const QString &path) { return known.contains(path); });
    if (!paths.isEmpty())
        m_watcher.addPaths(paths);
}

void KnowledgeWatcher::look()
{
    watch();
    const QByteArray pagesBefore = std::exchange(m_pages, stamp(PageKinds));
    const QByteArray signaturesBefore = std::exchange(m_signatures, stamp(SignatureKinds));
    const bool signatures = signaturesBefore != m_signatures;
    if (signatures || pagesBefore != m_pages)
        Q_EMIT changed(signatures);
}

} // namespace faultline
