// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/casefile/casechunks.h"

#include "models/bytes/bytesource.h"
#include "models/casefile/casefile.h"
#include "models/core/translate.h"

#include <QCryptographicHash>
#include <QSqlError>
#include <QSqlQuery>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Small, since a stranger's block may swell to a thousand times its size before it is found too large.
constexpr qint64 ChunkBytes = 64 * 1024;
constexpr qsizetype MostCompressed = ChunkBytes + 1024;

std::unexpected<Error> cancelled()
{
    return failure(Code::Cancelled, tr("Cancelled"));
}

/// Calls `block` for all bytes of a regular file; false from it or an error of reading ends it.
Result<void> eachBlock(const QString &path, qint64 blockBytes, const CancelToken &cancel,
                       const std::function<Result<void>(const QByteArray &)> &block)
{
    const auto file = openFile(path);
    if (!file)
        return std::unexpected(file.error());
    for (qint64 at = 0; at < (*file)->size(); at += blockBytes) {
        if (cancel.isCancelled())
            return cancelled();
        const auto bytes = (*file)->bytes(at, blockBytes);
        if (!bytes)
            return std::unexpected(bytes.error());
        if (const auto taken = block(*bytes); !taken)
            return taken;
    }
    return {};
}

bool holds(const QSqlDatabase &database, const QByteArray &sha256)
{
    QSqlQuery query(database);
    query.prepare(u"SELECT 1 FROM chunks WHERE sha256 = ? LIMIT 1"_s);
    query.addBindValue(sha256);
    return query.exec() && query.next();
}

Result<void> addSource(const QSqlDatabase &database, const CaseSource &source, const CancelToken &cancel)
{
    QSqlQuery query(database);
    if (!query.prepare(u"INSERT INTO chunks VALUES(?, ?, ?)"_s))
        return failure(Code::Sql, query.lastError().text());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    qlonglong number = 0;
    const auto added = eachBlock(source.absolute, ChunkBytes, cancel, [&](const QByteArray &bytes) -> Result<void> {
        hash.addData(bytes);
        query.bindValue(0, source.sha256);
        query.bindValue(1, number++);
        query.bindValue(2, qCompress(bytes));
        if (!query.exec())
            return failure(Code::Sql, query.lastError().text());
        return {};
    });
    if (!added)
        return added;
    if (hash.result() != source.sha256)
        return failure(Code::BadValue, tr("The file changed while it was put into the case"), tr("Save again."),
                       source.absolute);
    return {};
}

Result<void> dropOthers(const QSqlDatabase &database, const std::set<QByteArray> &needed)
{
    QSqlQuery query(database);
    if (!query.exec(u"SELECT DISTINCT sha256 FROM chunks"_s))
        return failure(Code::Sql, query.lastError().text());
    std::vector<QByteArray> others;
    while (query.next())
        if (const QByteArray sha256 = query.value(0).toByteArray(); !needed.contains(sha256))
            others.push_back(sha256);
    query.prepare(u"DELETE FROM chunks WHERE sha256 = ?"_s);
    for (const QByteArray &sha256 : others) {
        query.bindValue(0, sha256);
        if (!query.exec())
            return failure(Code::Sql, query.lastError().text());
    }
    return {};
}

Result<void> unpack(const QSqlDatabase &database, const CaseSource &source, const QString &path,
                    const CancelToken &cancel)
{
    const auto damaged = [&source] {
        return failure(Code::BadValue, tr("What the case holds of %1 is damaged").arg(source.path),
                       tr("Use an earlier copy of the case."));
    };
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return failure(Code::NotReadable, file.errorString(), {}, path);
    QSqlQuery query(database);
    query.setForwardOnly(true);
    query.prepare(u"SELECT number, bytes FROM chunks WHERE sha256 = ? ORDER BY number"_s);
    query.addBindValue(source.sha256);
    if (!query.exec())
        return failure(Code::Sql, query.lastError().text());
    QCryptographicHash hash(QCryptographicHash::Sha256);
    qint64 size = 0;
    qint64 number = 0;
    while (query.next()) {
        if (cancel.isCancelled())
            return cancelled();
        const QByteArray compressed = query.value(1).toByteArray();
        if (query.value(0).toLongLong() != number++ || compressed.size() > MostCompressed)
            return damaged();
        const QByteArray bytes = qUncompress(compressed);
        size += bytes.size();
        if (bytes.isEmpty() || bytes.size() > ChunkBytes || size > source.size)
            return damaged();
        hash.addData(bytes);
        if (file.write(bytes) != bytes.size())
            return failure(Code::NotReadable, file.errorString(), {}, path);
    }
    if (size != source.size || hash.result() != source.sha256)
        return damaged();
    if (!file.flush())
        return failure(Code::NotReadable, file.errorString(), {}, path);
    if (source.modified)
        file.setFileTime(QDateTime::fromMSecsSinceEpoch(source.modified->ns / NsPerMillisecond),
                         QFileDevice::FileModificationTime);
    return {};
}

} // namespace

Result<QByteArray> fileSha256(const QString &path, const CancelToken &cancel)
{
    constexpr qint64 Block = 1024 * 1024;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    const auto read = eachBlock(path, Block, cancel, [&hash](const QByteArray &bytes) -> Result<void> {
        hash.addData(bytes);
        return {};
    });
    if (!read)
        return std::unexpected(read.error());
    return hash.result();
}

Result<void> writeChunks(const QSqlDatabase &database, const CaseContent &content, const CancelToken &cancel)
{
    std::set<QByteArray> needed;
    for (const CaseSource &source : content.sources) {
        if (!source.embedded)
            continue;
        if (needed.insert(source.sha256).second && source.size > 0 && !holds(database, source.sha256))
            if (const auto added = addSource(database, source, cancel); !added)
                return added;
    }
    return dropOthers(database, needed);
}

Result<void> readChunks(const QSqlDatabase &database, CaseContent &content, const QString &folder,
                        const CancelToken &cancel)
{
    qint64 total = 0;
    for (CaseSource &source : content.sources) {
        if (!source.embedded)
            continue;
        if (source.size > MostEmbeddedBytes - total)
            return failure(Code::LimitReached,
                           tr("The case holds more than %1 GB of files").arg(MostEmbeddedBytes >> 30));
        total += source.size;
        if (!isPlainRelativePath(source.path))
            return failure(Code::BadValue, tr("A source's path leads out of the case"), {}, source.path);
        const QString path = folder + u'/' + source.path;
        if (const auto unpacked = unpack(database, source, path, cancel); !unpacked)
            return unpacked;
        source.absolute = path;
    }
    return {};
}

} // namespace faultline
