// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/runwindow.h"

#include "app/shell/knowledgewatcher.h"
#include "app/shell/mainwindow.h"
#include "importers/core/registry.h"

#include <QApplication>
#include <QDir>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

std::map<QByteArray, QString> formatTitles()
{
    std::map<QByteArray, QString> titles;
    const Registry registry;
    for (const auto &importer : registry.importers())
        titles.emplace(importer->info().id, importer->info().title);
    return titles;
}

} // namespace

QString samplePath()
{
    const QStringList places{qEnvironmentVariable("FAULTLINE_SAMPLES"),
                             QCoreApplication::applicationDirPath() + u"/../share/faultline/samples"_s,
                             QStringLiteral(FAULTLINE_SAMPLES_DIR)};
    for (const QString &place : places) {
        if (place.isEmpty())
            continue;
        const QDir folder(place);
        const QStringList samples = folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        if (!samples.isEmpty())
            return folder.absoluteFilePath(samples.first());
    }
    return {};
}

int runWindow(QApplication &application, const QStringList &paths)
{
    const QString own = userKnowledgeFolder();
    MainWindow window(caseLoader({own + u"/signatures"_s}, {own}), {}, samplePath());
    window.setKnowledgeFolder(own);
    window.setFormatTitles(formatTitles());
    window.show();
    window.setRecoveryFolder(own + u"/recovery"_s);
    if (!paths.isEmpty())
        window.open(paths);
    return application.exec();
}

} // namespace faultline
