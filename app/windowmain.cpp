// SPDX-License-Identifier: GPL-3.0-or-later
// faultline-window: the window, and commands that draw. `faultline` becomes this program where one of them is asked for.
#include "app/cli/cli.h"
#include "app/pages/pagecommand.h"
#include "app/shell/runwindow.h"
#include "models/core/version.h"

#include <QApplication>

#include <clocale>

int main(int argc, char **argv)
{
    // No command needs a display, and a window without one would abort.
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")
        && qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    if (!faultline::asksForWindow(arguments))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    std::setlocale(LC_NUMERIC, "C");
    QCoreApplication::setApplicationName(QStringLiteral("faultline"));
    QCoreApplication::setOrganizationName(QStringLiteral("faultline"));
    QCoreApplication::setApplicationVersion(faultline::version());
    QGuiApplication::setDesktopFileName(QStringLiteral("faultline")); // not the program's: see main.cpp
    if (const auto status = faultline::runCommandLine(arguments, faultline::runPageCommand))
        return *status;
    return faultline::runWindow(application, arguments);
}
