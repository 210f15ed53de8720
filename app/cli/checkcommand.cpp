// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "models/bytes/bytesource.h"
#include "models/playbooks/check.h"
#include "models/signatures/check.h"
#include "models/store/casedatabase.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr qint64 MostBytes = 8 * 1024 * 1024;

/// Tables without rows, for statements to be compiled against.
Analysis emptyAnalysis()
{
    return {std::make_shared<const Evidence>(), std::make_shared<const Placement>(), std::make_shared<const Findings>(),
            nullptr};
}

std::vector<Error> problemsOfPlaybook(const QByteArray &markdown, const QString &path)
{
    std::vector<Error> ignored; // Of the shipped ones: another file's mistakes.
    const PlaybookSet shipped = loadPlaybooks({}, ignored);
    const auto database = CaseDatabase::open(emptyAnalysis());
    if (!database)
        return {database.error()};
    return checkPlaybookFile(markdown, path, shipped, database->get());
}

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
        return bytes->contains("```mermaid") ? problemsOfPlaybook(*bytes, path) : checkCauseFile(*bytes, path);
    return {Error{
        Code::Unsupported,
        QCoreApplication::translate("faultline::Check", "Neither signatures (.yaml) nor a playbook or cause (.md)"),
        {},
        path,
        {}}};
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
