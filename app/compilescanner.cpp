// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"

#include <QCoreApplication>

#include <cstdio>

/// Compiles the shipped signatures for each kind of source into the folder that is named; a step of the build.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 2)
        return 2;
    const auto tools = faultline::makeImportTools({}, {QString::fromLocal8Bit(argv[1])});
    const auto done = tools ? faultline::compileScanners(*tools) : std::unexpected(tools.error());
    if (done)
        return 0;
    std::fprintf(stderr, "%s\n", qPrintable(done.error().toString()));
    return 1;
}
