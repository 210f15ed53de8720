// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/pagecommand.h"

#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/pages/batchpage.h"
#include "app/pages/checktext.h"
#include "app/pages/pictures.h"
#include "app/pages/share.h"
#include "app/pages/usertemplate.h"
#include "models/bytes/bytesource.h"
#include "models/core/translate.h"

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Gives the analysis a postmortem where it has none, or where a template is named; says what the text names in vain.
Result<void> beginPostmortem(Analysis &analysis, const QString &templatePath)
{
    if (analysis.postmortem.isEmpty() || !templatePath.isEmpty()) {
        const QString path = templatePath.isEmpty() ? postmortemTemplates({}).front().path : templatePath;
        const auto text = fillTemplate(path, TemplateMarkup::Markdown, reportData(analysis));
        if (!text)
            return std::unexpected(text.error());
        analysis.postmortem = *text;
    }
    for (const Error &error : fillPostmortem(analysis.postmortem, analysis).problems)
        say(error.toString());
    return {};
}

Result<ReportFiles> flowchartFile(const Analysis &analysis, const Arguments &arguments)
{
    const WalkedFlowchart *chart = bestFlowchart(analysis, arguments.failure.value_or(1) - 1);
    if (!chart)
        return failure(Code::NotFound, tr("No playbook was walked: nothing failed in what was read"));
    if (arguments.format == u"png"_s)
        return ReportFiles{flowchartPng(*chart), {}};
    return ReportFiles{arguments.format == u"svg"_s ? flowchartSvg(*chart) : chart->mermaid.toUtf8(), {}};
}

Result<ReportFiles> renderPage(const Analysis &analysis, const Arguments &arguments)
{
    const auto format = reportFormatFromName(arguments.format);
    if (!format)
        return flowchartFile(analysis, arguments);
    ShareRequest request{analysis, {}, arguments.postmortem, *format, arguments.templatePath, arguments.output};
    if (arguments.postmortem)
        if (const auto begun = beginPostmortem(request.analysis, arguments.templatePath); !begun)
            return std::unexpected(begun.error());
    if (needsPictures(request))
        request.pictures = reportPictures(request.analysis);
    return sharedFiles(request);
}

QByteArray renderBatchPage(const Batch &batch, const Arguments &)
{
    return batchHtml(batch);
}

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

} // namespace

int runPageCommand(const Arguments &arguments)
{
    if (arguments.command == u"check"_s)
        return runCheck(arguments);
    return arguments.batch ? runBatch(arguments, renderBatchPage) : runAnalyze(arguments, renderPage);
}

} // namespace faultline
