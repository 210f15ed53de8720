// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/savedcase.h"
#include "app/analysis/userknowledge.h"
#include "app/cli/cli.h"
#include "app/cli/commands.h"
#include "app/cli/handanswers.h"
#include "app/cli/output.h"
#include "models/core/translate.h"
#include "models/redaction/redactedanalysis.h"

#include <QDir>
#include <QFileInfo>

#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Pictures stand beside the file, or are left out where there is none.
Result<void> writeFiles(const ReportFiles &files, const QString &output)
{
    const bool isFile = !output.isEmpty() && output != u"-"_s;
    if (!isFile && !files.pictures.empty())
        say(tr("The postmortem's pictures are left out: name a file to write them beside, --output FILE"));
    for (const auto &[name, bytes] : files.pictures)
        if (isFile)
            if (const auto written = writeOutput(bytes, QFileInfo(output).dir().filePath(name)); !written)
                return written;
    return writeOutput(files.main, output);
}

bool isSavedCase(const Arguments &arguments)
{
    return arguments.paths.size() == 1 && isCaseFile(arguments.paths.first());
}

/// A saved case with its clocks, answers and notes; what the command line says of clocks comes after.
Result<Analysis> analyzeCase(const Arguments &arguments, const Knowledge &knowledge, AnalyzeOptions given)
{
    const auto opened = openCase(arguments.paths.first(), arguments.sourceFolders, arguments.analyze.import.cancel);
    if (!opened)
        return std::unexpected(opened.error());
    if (const QString text = sourcesText(*opened); !text.isEmpty())
        say(text);
    if (opened->paths().isEmpty())
        return failure(Code::NotFound, tr("None of the case's files was found"),
                       tr("Name the folder that they are in: --sources DIR"), opened->file);
    const auto optionsFor = [&given](const CaseEdits &edits) {
        AnalyzeOptions options = given;
        const AnalyzeOptions saved = edits.options();
        options.clocks.insert(options.clocks.begin(), saved.clocks.begin(), saved.clocks.end());
        options.import.formatOf.insert(options.import.formatOf.end(), saved.import.formatOf.begin(),
                                       saved.import.formatOf.end());
        for (const auto &[question, answer] : saved.answers)
            options.answers.try_emplace(question, answer);
        options.annotations = saved.annotations;
        options.postmortem = saved.postmortem;
        return options;
    };
    const CaseEdits edits = opened->edits();
    if (!given.baseline && !edits.baseline.isEmpty()) {
        auto baseline = loadBaseline(edits.baseline, knowledge, given.import);
        if (baseline)
            given.baseline = std::move(*baseline);
        else
            say(tr("The run to compare with could not be read: %1").arg(baseline.error().toString()));
    }
    auto analysis = analyze(opened->paths(), knowledge, optionsFor(edits));
    if (!analysis)
        return analysis;
    const CaseEdits now = renumbered(edits, opened->failuresAsSaved(), *analysis);
    if (now.answers == edits.answers && now.annotations == edits.annotations)
        return analysis;
    return reanalyze(analysis->evidence, knowledge, optionsFor(now));
}

} // namespace

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

Result<Analysis> analyzeArguments(const Arguments &arguments)
{
    const auto knowledge = knowledgeFor(arguments);
    if (!knowledge)
        return std::unexpected(knowledge.error());
    for (const Error &error : (*knowledge)->errors)
        say(error.toString());
    AnalyzeOptions options = arguments.analyze;
    if (!arguments.baseline.isEmpty()) {
        auto baseline = loadBaseline(arguments.baseline, **knowledge, options.import);
        if (!baseline)
            return std::unexpected(baseline.error());
        options.baseline = std::move(*baseline);
    }
    auto answers = readHandAnswers(arguments.answers, (*knowledge)->playbooks);
    if (!answers)
        return std::unexpected(answers.error());
    options.answers = *std::move(answers);
    auto analysis = isSavedCase(arguments) ? analyzeCase(arguments, **knowledge, options)
                                           : analyze(arguments.paths, **knowledge, options);
    if (!analysis || !analysis->diagnosis)
        return analysis;
    for (const Error &error : analysis->diagnosis->errors)
        say(error.toString());
    for (const QString &unused : unusedAnswers(options.answers, *analysis->diagnosis))
        say(tr("--answer %1 is not made use of: the evidence answers it, or the question does not arise").arg(unused));
    return analysis;
}

namespace {

/// The analysis as it may be handed on; says what was taken out.
Analysis forSharing(Analysis analysis, const Arguments &arguments)
{
    if (arguments.redaction.empty())
        return analysis;
    Redactor redactor(arguments.redaction);
    Analysis redacted = redactedAnalysis(analysis, redactor);
    std::map<QString, std::pair<int, int>> counts;
    for (const RedactionHit &hit : redactor.hits()) {
        ++counts[hit.rule].first;
        counts[hit.rule].second += hit.count;
    }
    for (const auto &[rule, count] : counts)
        say(tr("redacted %1: %2 different, in %3 places").arg(rule).arg(count.first).arg(count.second));
    if (counts.empty())
        say(tr("redacted nothing: no rule found anything"));
    return redacted;
}

} // namespace

Result<ReportFiles> renderPlain(const Analysis &analysis, const Arguments &arguments)
{
    return ReportFiles{plainReport(reportFormatFromName(arguments.format).value_or(ReportFormat::Text), analysis), {}};
}

int runAnalyze(const Arguments &arguments, Renderer render)
{
    const auto analysis = analyzeArguments(arguments);
    if (!analysis) {
        say(analysis.error().toString());
        return exitStatusOf(analysis.error());
    }
    const auto failures = std::ssize(analysis->findings->failures);
    if (arguments.failure && *arguments.failure > failures) {
        say(tr("There is no failure %1; there are %2").arg(*arguments.failure).arg(failures));
        return ExitUsage;
    }
    const auto files = render(forSharing(*analysis, arguments), arguments);
    const auto written = files ? writeFiles(*files, arguments.output) : std::unexpected(files.error());
    if (!written) {
        say(written.error().toString());
        return exitStatusOf(written.error());
    }
    return arguments.exitCode && !analysis->diagnosis->verdicts.empty() ? ExitFailureDiagnosed : ExitDone;
}

} // namespace faultline
