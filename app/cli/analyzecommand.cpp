// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/userknowledge.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/handanswers.h"
#include "app/cli/output.h"
#include "app/report/jsonreport.h"
#include "app/report/pictures.h"
#include "app/report/reportdata.h"

#include <QCoreApplication>
#include <QDir>
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

/// The shipped knowledge, a person's own as the window reads it, and the folders named. What is wrong in their own signatures is told, and the
/// run is analysed without them; folders that were asked for must be right.
Result<std::shared_ptr<const Knowledge>> knowledgeFor(const Arguments &arguments)
{
    const QString own = userKnowledgeFolder();
    const auto playbooks = (QDir(own).exists() ? QStringList{own} : QStringList()) + arguments.playbookFolders;
    if (const QString signatures = own + u"/signatures"_s; QDir(signatures).exists()) {
        auto knowledge = loadKnowledge(QStringList{signatures} + arguments.signatureFolders, playbooks);
        if (knowledge)
            return knowledge;
        auto without = loadKnowledge(arguments.signatureFolders, playbooks);
        if (without)
            say(tr("Your own signatures are left out: %1").arg(knowledge.error().toString()));
        return without;
    }
    return loadKnowledge(arguments.signatureFolders, playbooks);
}

} // namespace

Result<Analysis> analyzeArguments(const Arguments &arguments)
{
    const auto knowledge = knowledgeFor(arguments);
    if (!knowledge)
        return std::unexpected(knowledge.error());
    for (const Error &error : (*knowledge)->errors)
        say(error.toString());
    AnalyzeOptions options = arguments.analyze;
    auto answers = readHandAnswers(arguments.answers, (*knowledge)->playbooks);
    if (!answers)
        return std::unexpected(answers.error());
    options.answers = *std::move(answers);
    auto analysis = analyze(arguments.paths, **knowledge, options);
    if (!analysis || !analysis->diagnosis)
        return analysis;
    for (const Error &error : analysis->diagnosis->errors)
        say(error.toString());
    for (const QString &unused : unusedAnswers(options.answers, *analysis->diagnosis))
        say(tr("--answer %1 is not made use of: the evidence answers it, or the question does not arise").arg(unused));
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
