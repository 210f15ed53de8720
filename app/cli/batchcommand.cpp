// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/batch/batch.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "models/core/translate.h"

using namespace Qt::StringLiterals;

namespace faultline {

QByteArray renderPlainBatch(const Batch &batch, const Arguments &arguments)
{
    return arguments.format == u"json"_s  ? batchJson(batch)
           : arguments.format == u"csv"_s ? batchCsv(batch)
                                          : batchText(batch);
}

int runBatch(const Arguments &arguments, BatchRenderer render)
{
    const auto knowledge = knowledgeFor(arguments);
    const auto runs = knowledge ? batchRunPaths(arguments.paths) : std::unexpected(knowledge.error());
    if (!runs) {
        say(runs.error().toString());
        return exitStatusOf(runs.error());
    }
    for (const Error &error : (*knowledge)->errors)
        say(error.toString());
    AnalyzeOptions options = arguments.analyze;
    options.import.progress = [](qint64 done, qint64 all) {
        constexpr qint64 Every = 1000;
        if (done % Every == 0)
            say(tr("%1 of %2 runs").arg(done).arg(all));
    };
    const Batch batch = analyzeBatch(*runs, **knowledge, options);
    if (const auto written = writeOutput(render(batch, arguments), arguments.output); !written) {
        say(written.error().toString());
        return exitStatusOf(written.error());
    }
    if (batch.unreadableRuns == std::ssize(batch.runs))
        return ExitUsage;
    return arguments.exitCode && batch.failedRuns > 0 ? ExitFailureDiagnosed : ExitDone;
}

} // namespace faultline
