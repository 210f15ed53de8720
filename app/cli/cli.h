// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <optional>

namespace faultline {

enum ExitStatus { ExitDone = 0, ExitFailureDiagnosed = 1, ExitUsage = 2, ExitInternal = 3 };

struct Arguments;

/// Runs a command that needs templates, pictures or fonts to its exit status: runPageCommand(), where it is linked.
using PageCommand = int (*)(const Arguments &);

/// Runs the command that the arguments (without the program's name) name: results to standard output, messages to standard error.
/// nullopt where they ask for the window, or for a page and `pages` is null. Needs a QCoreApplication.
std::optional<int> runCommandLine(const QStringList &arguments, PageCommand pages);

/// Whether the arguments ask for the window.
bool asksForWindow(const QStringList &arguments);

} // namespace faultline
