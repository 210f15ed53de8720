// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/checktext.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "models/bytes/bytesource.h"

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostBytes = 8 * 1024 * 1024;

std::vector<Error> problemsOf(const QString &path)
{
    const auto source = openFile(path);
    if (!source)
        return {source.error()};
    const auto bytes = (*source)->bytes(0, MostBytes);
    if (!bytes)
        return {bytes.error()};
    std::vector<Error> ignored; // Of the shipped ones: another file's mistakes.
    return problemsOfText(*bytes, path, loadPlaybooks({}, ignored));
}

} // namespace

int runCheck(const Arguments &arguments)
{
    bool clean = true;
    for (const QString &path : arguments.paths) {
        const std::vector<Error> problems = problemsOf(path);
        for (const Error &problem : problems)
            say(problem.toString());
        clean = clean && problems.empty();
    }
    return clean ? ExitDone : ExitUsage;
}

} // namespace faultline
