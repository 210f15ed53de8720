// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/core/version.h"

#include <QApplication>
#include <QCommandLineParser>

int main(int argc, char **argv)
{
    // Reports and pictures are drawn without a display too.
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("faultline"));
    QApplication::setApplicationVersion(faultline::version());

    QCommandLineParser parser;
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);
    return 0;
}
