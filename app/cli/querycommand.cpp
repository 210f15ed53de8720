// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/tablewriter.h"
#include "models/core/translate.h"
#include "models/store/casedatabase.h"

using namespace Qt::StringLiterals;

namespace faultline {

int runQuery(const Arguments &arguments)
{
    const auto analysis = analyzeArguments(arguments);
    if (!analysis) {
        say(analysis.error().toString());
        return exitStatusOf(analysis.error());
    }
    const auto database = CaseDatabase::open(*analysis);
    const auto rows = database ? (*database)->query(arguments.sql) : std::unexpected(database.error());
    if (!rows) {
        say(rows.error().toString());
        return exitStatusOf(rows.error());
    }
    if (rows->truncated)
        say(tr("Only the first %1 rows are shown; add a condition or LIMIT").arg(rows->rows.size()));
    const QByteArray bytes = arguments.format == u"json"_s  ? asJson(*rows)
                             : arguments.format == u"csv"_s ? asCsv(*rows)
                                                            : asTable(*rows);
    const auto written = writeOutput(bytes, arguments.output);
    if (!written)
        say(written.error().toString());
    return written ? ExitDone : exitStatusOf(written.error());
}

} // namespace faultline
