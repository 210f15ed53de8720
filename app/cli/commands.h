// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/batch/batch.h"
#include "app/cli/arguments.h"
#include "app/report/reportformat.h"

namespace faultline {

/// Makes of an analysis what was asked for; fails where that cannot be had of it.
using Renderer = Result<ReportFiles> (*)(const Analysis &analysis, const Arguments &arguments);
/// Text, JSON, CSV and Markdown.
Result<ReportFiles> renderPlain(const Analysis &analysis, const Arguments &arguments);
/// The same of many runs.
using BatchRenderer = QByteArray (*)(const Batch &batch, const Arguments &arguments);
QByteArray renderPlainBatch(const Batch &batch, const Arguments &arguments);

/// Each runs one command to its exit status.
int runAnalyze(const Arguments &arguments, Renderer render);
/// analyze --batch
int runBatch(const Arguments &arguments, BatchRenderer render);
int runInspect(const Arguments &arguments);
int runQuery(const Arguments &arguments);

/// Whether it asks for what only runPageCommand() can do: pages, pictures, postmortems, checks of templates.
bool needsPages(const Arguments &arguments);

/// The shipped knowledge, a person's own as the window reads it, and the folders named. What is wrong in their own signatures is told, and the
/// run is analysed without them; folders that were asked for must be right.
Result<std::shared_ptr<const Knowledge>> knowledgeFor(const Arguments &arguments);

/// Reads and analyses what the arguments name; says problems and progress on standard error.
Result<Analysis> analyzeArguments(const Arguments &arguments);

/// The exit status that an error means.
int exitStatusOf(const Error &error);

} // namespace faultline
