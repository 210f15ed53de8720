// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/caserecovery.h"

#include <QDir>
#include <QFileInfo>
#include <QLockFile>
#include <QUuid>
#include <QtConcurrent/QtConcurrentRun>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

std::unique_ptr<QLockFile> lockOf(const QString &file)
{
    auto lock = std::make_unique<QLockFile>(file + u".lock"_s);
    lock->setStaleLockTime(0); // only the end of its program ends a lock
    return lock->tryLock(0) ? std::move(lock) : nullptr;
}

} // namespace

CaseRecovery::CaseRecovery(const QString &folder)
    : m_folder(folder)
{
}

CaseRecovery::~CaseRecovery()
{
    drop();
}

void CaseRecovery::keep(const CaseSnapshot &snapshot)
{
    if (m_writing.isRunning())
        return;
    if (m_file.isEmpty()) {
        if (!QDir().mkpath(m_folder))
            return;
        m_file = QDir(m_folder).filePath(QUuid::createUuid().toString(QUuid::Id128) + u'.' + CaseSuffix);
        m_lock = lockOf(m_file);
    }
    // What cannot be written is told when the case is saved by a person.
    m_writing =
        QtConcurrent::run([file = m_file, snapshot] { (void)saveCase(file, snapshot, QFileInfo::exists(file)); });
}

bool CaseRecovery::take(const QString &file)
{
    if (QFileInfo(file).absolutePath() != QDir(m_folder).absolutePath())
        return false;
    drop();
    m_file = file;
    m_lock = lockOf(file);
    return true;
}

void CaseRecovery::drop()
{
    m_writing.waitForFinished();
    if (!m_file.isEmpty())
        remove(m_file);
    m_file.clear();
    m_lock.reset();
}

QStringList CaseRecovery::left(const QString &folder)
{
    QStringList files;
    for (const QFileInfo &info : QDir(folder).entryInfoList({u"*."_s + CaseSuffix}, QDir::Files, QDir::Time))
        if (lockOf(info.filePath()) && isCaseFile(info.filePath()))
            files.append(info.filePath());
    return files;
}

void CaseRecovery::remove(const QString &file)
{
    QFile::remove(file);
    QFile::remove(file + u"-journal"_s);
}

Result<OpenedCase> openRecovered(const QString &file, const CancelToken &cancel)
{
    CaseFileOptions options;
    options.cancel = cancel;
    const auto read = readCaseFile(file, options);
    if (!read)
        return std::unexpected(read.error());
    QStringList folders;
    for (const CaseSource &source : read->content.sources)
        if (const QString folder = QFileInfo(source.absolute).absolutePath(); !folders.contains(folder))
            folders.append(folder);
    return openCase(file, folders, cancel);
}

} // namespace faultline
