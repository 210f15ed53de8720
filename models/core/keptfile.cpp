// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/core/keptfile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

namespace faultline {

namespace {

constexpr qint64 MostKeptBytes = 256 * 1024 * 1024;
constexpr qsizetype HashBytes = 32;

/// The fastest that Qt has, for it is made at each start.
QByteArray keptHash(QByteArrayView content)
{
    return QCryptographicHash::hash(content, QCryptographicHash::Blake2b_256);
}

} // namespace

std::optional<QByteArray> readKept(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > MostKeptBytes)
        return std::nullopt;
    QByteArray content = file.readAll();
    if (content.size() < HashBytes)
        return std::nullopt;
    const QByteArray hash = content.last(HashBytes);
    content.chop(HashBytes);
    if (keptHash(content) != hash)
        return std::nullopt;
    return content;
}

void writeKept(const QString &path, QByteArrayView content)
{
    QSaveFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly))
        return;
    file.write(content.data(), content.size());
    file.write(keptHash(content));
    file.commit();
}

} // namespace faultline
