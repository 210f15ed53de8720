// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "models/bytes/bytesource.h"
#include "models/playbooks/check.h"
#include "models/signatures/check.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostBytes = 8 * 1024 * 1024;

/// By ending and content: YAML holds signatures, Markdown with a flowchart a playbook, other Markdown a cause.
std::vector<Error> problemsOf(const QString &path)
{
    const auto source = openFile(path);
    if (!source)
        return {source.error()};
    const auto bytes = (*source)->bytes(0, MostBytes);
    if (!bytes)
        return {bytes.error()};
    if (path.endsWith(u".yaml"_s) || path.endsWith(u".yml"_s))
        return checkSignatureFile(*bytes, path);
    if (path.endsWith(u".md"_s))
        return bytes->contains("```mermaid") ? checkPlaybookFile(*bytes, path) : checkCauseFile(*bytes, path);
    return {Error{Code::Unsupported, QCoreApplication::translate("faultline::Check", "Neither signatures (.yaml) nor a playbook or cause (.md)"), {}, path, {}}};
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
