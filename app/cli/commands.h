// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/arguments.h"

namespace faultline {

/// Each runs one command to its exit status.
int runAnalyze(const Arguments &arguments);
/// analyze --batch
int runBatch(const Arguments &arguments);
int runInspect(const Arguments &arguments);
int runQuery(const Arguments &arguments);
int runCheck(const Arguments &arguments);

/// The shipped knowledge, a person's own as the window reads it, and the folders named. What is wrong in their own signatures is told, and the
/// run is analysed without them; folders that were asked for must be right.
Result<std::shared_ptr<const Knowledge>> knowledgeFor(const Arguments &arguments);

/// Reads and analyses what the arguments name; says problems and progress on standard error.
Result<Analysis> analyzeArguments(const Arguments &arguments);

/// The exit status that an error means.
int exitStatusOf(const Error &error);

} // namespace faultline
