// SPDX-License-Identifier: GPL-3.0-or-later
// faultline: the commands that need no display, in a program that starts fast; for all else it becomes faultline-window.
#include "app/cli/cli.h"
#include "app/cli/output.h"
#include "models/core/translate.h"
#include "models/core/version.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>

#include <cerrno>
#include <clocale>
#include <cstring>
#include <unistd.h>
#include <vector>

using namespace Qt::StringLiterals;

namespace {

/// Replaces this program, which stands beside the other one; returns only where that fails.
void becomeWindow(char **argv)
{
    const QByteArray program =
        QFile::encodeName(QDir(QCoreApplication::applicationDirPath()).filePath(u"faultline-window"_s));
    execv(program.constData(), argv);
    faultline::say(faultline::tr("%1 could not be started: %2")
                       .arg(QFile::decodeName(program), QString::fromLocal8Bit(std::strerror(errno))));
}

} // namespace

int main(int argc, char **argv)
{
    std::vector<char *> given(argv, argv + argc); // the application takes out what is meant for Qt
    given.push_back(nullptr);
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments << QString::fromLocal8Bit(argv[i]);
    const QCoreApplication application(argc, argv);
    std::setlocale(LC_NUMERIC, "C");
    QCoreApplication::setApplicationName(u"faultline"_s);
    QCoreApplication::setOrganizationName(u"faultline"_s);
    QCoreApplication::setApplicationVersion(faultline::version());
    if (const auto status = faultline::runCommandLine(arguments, nullptr))
        return *status;
    becomeWindow(given.data());
    return faultline::ExitInternal;
}
