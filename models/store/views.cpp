// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/store/views.h"

#include <QDir>
#include <QFile>

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace faultline {

QStringList viewNames()
{
    QStringList names;
    for (const QString &file : QDir(u":/faultline/views"_s).entryList({u"*.sql"_s}, QDir::Files, QDir::Name))
        names << file.chopped(4);
    return names;
}

Result<void> createViews(sqlite3 *connection)
{
    for (const QString &name : viewNames()) {
        QFile file(u":/faultline/views/%1.sql"_s.arg(name));
        if (!file.open(QIODevice::ReadOnly))
            return failure(Code::Internal, file.errorString(), {}, name);
        if (sqlite3_exec(connection, file.readAll().constData(), nullptr, nullptr, nullptr) != SQLITE_OK)
            return failure(Code::Internal, QString::fromUtf8(sqlite3_errmsg(connection)), {}, name);
    }
    return {};
}

} // namespace faultline
