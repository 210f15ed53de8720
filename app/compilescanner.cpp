// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"
#include "models/signatures/check.h"
#include "models/signatures/signatureset.h"

#include <QCoreApplication>

#include <cstdio>

/// Checks the shipped signatures and compiles them for each kind of source into the folder that is named; a step of the build.
int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 2)
        return 2;
    const auto tools = faultline::makeImportTools({}, {QString::fromLocal8Bit(argv[1])});
    bool isSound = true;
    if (tools)
        for (const faultline::Signature &signature : tools->signatures->signatures())
            for (const faultline::Error &mistake : checkSignature(signature, faultline::CheckDepth::Loading)) {
                std::fprintf(stderr, "%s\n", qPrintable(mistake.toString()));
                isSound = false;
            }
    if (!isSound)
        return 1;
    const auto done = tools ? faultline::compileScanners(*tools) : std::unexpected(tools.error());
    if (done)
        return 0;
    std::fprintf(stderr, "%s\n", qPrintable(done.error().toString()));
    return 1;
}
