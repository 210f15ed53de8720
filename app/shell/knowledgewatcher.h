// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/analysis/userknowledge.h"

#include <QFileSystemWatcher>
#include <QObject>
#include <QStringList>
#include <QTimer>

namespace faultline {

/// Tells when files of a person's folder come, go or change.
class KnowledgeWatcher final : public QObject
{
    Q_OBJECT

public:
    explicit KnowledgeWatcher(const QString &folder, QObject *parent = nullptr);

    QString folder() const { return m_folder; }
    /// Of one kind: "playbooks", "causes", "signatures".
    QStringList files(const QString &kind) const;

Q_SIGNALS:
    /// Once for many changes in a row. Signatures mark lines as they are read: the files need to be read again.
    void changed(bool signaturesToo);

private:
    void watch();
    void look();
    QByteArray stamp(const QStringList &kinds) const;

    QString m_folder;
    QFileSystemWatcher m_watcher;
    QTimer m_later;
    QByteArray m_pages;
    QByteArray m_signatures;
};

} // namespace faultline
