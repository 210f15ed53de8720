// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/savedcase.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/report/jsonreport.h"
#include "app/report/pictures.h"
#include "app/report/reportdata.h"

#include <QCoreApplication>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("faultline::Analyze", text);
}

/// The walked playbook that a picture shows: of the failure asked for, the one that named its best cause.
const WalkedFlowchart *chartOf(const Analysis &analysis, int failure)
{
    const Diagnosis &diagnosis = *analysis.diagnosis;
    QString playbook;
    for (const Verdict &verdict : diagnosis.verdicts)
        if (verdict.failure == failure && playbook.isEmpty())
            playbook = verdict.playbook;
    const WalkedFlowchart *found = nullptr;
    for (const WalkedFlowchart &chart : diagnosis.flowcharts)
        if (chart.failure == failure && (!found || chart.playbook == playbook))
            if (!found || found->playbook != playbook)
                found = &chart;
    return found;
}

Result<QByteArray> rendered(const Analysis &analysis, const Arguments &arguments)
{
    const int wanted = arguments.failure.value_or(1) - 1;
    if (arguments.failure && std::cmp_greater_equal(wanted, analysis.findings->failures.size()))
        return failure(
            Code::Usage,
            tr("There is no failure %1; there are %2").arg(wanted + 1).arg(analysis.findings->failures.size()));
    const QString &format = arguments.format;
    if (format == u"json"_s)
        return QJsonDocument(jsonReport(analysis)).toJson(QJsonDocument::Indented);
    if (format == u"markdown"_s)
        return markdownReport(reportData(analysis)).toUtf8();
    if (format == u"html"_s)
        return htmlReport(reportData(analysis), reportPictures(analysis, chartOf(analysis, 0))).toUtf8();
    if (format == u"mermaid"_s || format == u"svg"_s || format == u"png"_s) {
        const WalkedFlowchart *chart = chartOf(analysis, wanted);
        if (!chart)
            return failure(Code::NotFound, tr("No playbook was walked: nothing failed in what was read"));
        if (format == u"png"_s)
            return flowchartPng(*chart);
        return format == u"svg"_s ? flowchartSvg(*chart) : chart->mermaid.toUtf8();
    }
    return textReport(reportData(analysis)).toUtf8();
}

bool isSavedCase(const Arguments &arguments)
{
    return arguments.paths.size() == 1 && isCaseFile(arguments.paths.first());
}

/// A saved case with its clocks, answers and notes; what the command line says of clocks comes after.
Result<Analysis> analyzeCase(const Arguments &arguments, const Knowledge &knowledge)
{
    const auto opened = openCase(arguments.paths.first(), arguments.sourceFolders, arguments.analyze.import.cancel);
    if (!opened)
        return std::unexpected(opened.error());
    if (const QString text = sourcesText(*opened); !text.isEmpty())
        say(text);
    if (opened->paths().isEmpty())
        return failure(Code::NotFound, tr("None of the case's files was found"),
                       tr("Name the folder that they are in: --sources DIR"), opened->file);
    const auto optionsFor = [&arguments](const CaseEdits &edits) {
        AnalyzeOptions options = arguments.analyze;
        const AnalyzeOptions saved = edits.options();
        options.clocks.insert(options.clocks.begin(), saved.clocks.begin(), saved.clocks.end());
        options.import.formatOf.insert(options.import.formatOf.end(), saved.import.formatOf.begin(),
                                       saved.import.formatOf.end());
        options.answers = saved.answers;
        options.annotations = saved.annotations;
        return options;
    };
    const CaseEdits edits = opened->edits();
    auto analysis = analyze(opened->paths(), knowledge, optionsFor(edits));
    if (!analysis)
        return analysis;
    const CaseEdits now = renumbered(edits, opened->failuresAsSaved(), *analysis);
    if (now.answers == edits.answers && now.annotations == edits.annotations)
        return analysis;
    return reanalyze(analysis->evidence, knowledge, optionsFor(now));
}

} // namespace

Result<Analysis> analyzeArguments(const Arguments &arguments)
{
    const auto knowledge = loadKnowledge(arguments.signatureFolders, arguments.playbookFolders);
    if (!knowledge)
        return std::unexpected(knowledge.error());
    for (const Error &error : (*knowledge)->errors)
        say(error.toString());
    auto analysis = isSavedCase(arguments) ? analyzeCase(arguments, **knowledge)
                                           : analyze(arguments.paths, **knowledge, arguments.analyze);
    if (analysis && analysis->diagnosis)
        for (const Error &error : analysis->diagnosis->errors)
            say(error.toString());
    return analysis;
}

int runAnalyze(const Arguments &arguments)
{
    const auto analysis = analyzeArguments(arguments);
    if (!analysis) {
        say(analysis.error().toString());
        return exitStatusOf(analysis.error());
    }
    const auto bytes = rendered(*analysis, arguments);
    const auto written = bytes ? writeOutput(*bytes, arguments.output) : std::unexpected(bytes.error());
    if (!written) {
        say(written.error().toString());
        return exitStatusOf(written.error());
    }
    return arguments.exitCode && !analysis->diagnosis->verdicts.empty() ? ExitFailureDiagnosed : ExitDone;
}

} // namespace faultline
