// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <optional>

namespace faultline {

enum ExitStatus { ExitDone = 0, ExitFailureDiagnosed = 1, ExitUsage = 2, ExitInternal = 3 };

/// Runs the command that the arguments (without the program's name) name: results to standard output, messages to standard error.
/// nullopt where they ask for the window. Needs a QCoreApplication; svg, html and pdf need a QGuiApplication (offscreen will do).
std::optional<int> runCommandLine(const QStringList &arguments);

/// Whether the arguments ask for the window.
bool asksForWindow(const QStringList &arguments);

} // namespace faultline
