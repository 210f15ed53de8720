// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/paths.h"

#include <QFileInfo>

namespace faultline::test {

// The checkout's path stands in this file alone, so that checkouts share the compiled objects of all others.
QString sourcePath(const QString &relative)
{
    return QStringLiteral(FAULTLINE_SOURCE_DIR "/") + relative;
}

QString dataPath(const QString &relative)
{
    return sourcePath(QStringLiteral("tests/data/") + relative);
}

QString corpusPath(const QString &relative)
{
    const QString folder = qEnvironmentVariable("FAULTLINE_CORPUS", sourcePath(QStringLiteral("../shared/corpus")));
    const QString path = folder + QLatin1Char('/') + relative;
    return QFileInfo::exists(path) ? path : QString();
}

QString scannerPath()
{
    return QStringLiteral(FAULTLINE_SCANNER_DIR);
}

} // namespace faultline::test
