// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "models/core/translate.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isCommand(const QString &word)
{
    return word == u"analyze"_s || word == u"inspect"_s || word == u"query"_s || word == u"check"_s;
}

std::optional<int> runCommand(const QString &command, const QStringList &rest, PageCommand pages)
{
    const auto arguments = parseArguments(command, rest);
    if (!arguments) {
        say(arguments.error().toString());
        return ExitUsage;
    }
    if (arguments->command == u"help"_s)
        return writeOutput(helpText(command).toUtf8(), {}) ? ExitDone : ExitInternal;
    if (needsPages(*arguments))
        return pages ? std::optional(pages(*arguments)) : std::nullopt;
    if (command == u"inspect"_s)
        return runInspect(*arguments);
    if (command == u"query"_s)
        return runQuery(*arguments);
    return arguments->batch ? runBatch(*arguments, renderPlainBatch) : runAnalyze(*arguments, renderPlain);
}

} // namespace

bool needsPages(const Arguments &arguments)
{
    if (arguments.command == u"check"_s) // templates are among what it checks
        return true;
    if (arguments.command != u"analyze"_s)
        return false;
    const auto format = reportFormatFromName(arguments.format);
    return arguments.postmortem || !format || isPage(*format);
}

bool asksForWindow(const QStringList &arguments)
{
    if (arguments.isEmpty())
        return true;
    return !isCommand(arguments.constFirst()) && !arguments.constFirst().startsWith(u'-');
}

std::optional<int> runCommandLine(const QStringList &arguments, PageCommand pages)
{
    if (asksForWindow(arguments))
        return std::nullopt;
    const QString &first = arguments.constFirst();
    if (first == u"--version"_s || first == u"-v"_s)
        return writeOutput("faultline " + QCoreApplication::applicationVersion().toUtf8() + '\n', {}) ? ExitDone
                                                                                                      : ExitInternal;
    if (first == u"--help"_s || first == u"-h"_s)
        return writeOutput(helpText({}).toUtf8(), {}) ? ExitDone : ExitInternal;
    if (!isCommand(first)) {
        say(tr("Unknown option %1 (see: faultline --help)").arg(first));
        return ExitUsage;
    }
    return runCommand(first, arguments.sliced(1), pages);
}

int exitStatusOf(const Error &error)
{
    return error.code == Code::Internal ? ExitInternal : ExitUsage;
}

} // namespace faultline
