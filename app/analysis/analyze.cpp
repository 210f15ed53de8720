// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/analysis/analyze.h"

#include "models/core/sidebyside.h"
#include "models/core/translate.h"
#include "models/findings/borne.h"
#include "models/findings/toldoutcomes.h"
#include "models/metrics/alerts.h"
#include "models/store/casedatabase.h"

#include <QCoreApplication>
#include <QStandardPaths>

#include <algorithm>
#include <future>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// A source named on the command line: its path, or an ending of it from a whole component on.
bool isNamed(const QString &path, const QString &name)
{
    return path == name
           || (path.endsWith(name) && path.size() > name.size() && path[path.size() - name.size() - 1] == u'/');
}

std::map<int, ClockOverride> overridesFor(const Evidence &evidence,
                                          const std::vector<std::pair<QString, ClockOverride>> &clocks)
{
    std::map<int, ClockOverride> result;
    for (size_t s = 0; s < evidence.sources.size(); ++s)
        for (const auto &[name, clock] : clocks)
            if (isNamed(evidence.sources[s]->path, name)) {
                ClockOverride &merged = result[static_cast<int>(s)];
                if (clock.offsetNs)
                    merged.offsetNs = clock.offsetNs;
                if (clock.zoneOffsetNs || !clock.zone.isEmpty()) {
                    merged.zoneOffsetNs = clock.zoneOffsetNs;
                    merged.zone = clock.zone;
                }
            }
    return result;
}

Result<std::shared_ptr<const Evidence>> readEvidence(const QStringList &paths, const Knowledge &knowledge,
                                                     const ImportOptions &options)
{
    auto evidence = importPaths(paths, knowledge.tools, options);
    if (!evidence)
        return std::unexpected(evidence.error());
    for (auto &source : evidence->sources)
        source = withBorneMarked(std::move(source), threadsOrCores(options.threads));
    return std::make_shared<const Evidence>(std::move(*evidence));
}

/// A run that failed itself proves nothing harmless.
std::shared_ptr<const Evidence> withoutWhatPassed(std::shared_ptr<const Evidence> evidence, const Baseline &baseline)
{
    if (!baseline.findings.failures.empty())
        return evidence;
    Evidence marked = *evidence;
    for (auto &source : marked.sources)
        source = withPassedMarked(std::move(source), baseline.lines);
    return std::make_shared<const Evidence>(std::move(marked));
}

} // namespace

Result<std::shared_ptr<const Knowledge>> loadKnowledge(const QStringList &signatureFolders,
                                                       const QStringList &playbookFolders)
{
    // The shipped signatures come compiled, beside the program or where it was installed; a person's own are kept once compiled.
    const QString program = QCoreApplication::applicationDirPath();
    auto knowledge = std::make_shared<Knowledge>();
    // Beside the signatures: each takes a good part of the program's start.
    auto playbooks = std::async(std::launch::async, [&] { return loadPlaybooks(playbookFolders, knowledge->errors); });
    auto tools = makeImportTools(signatureFolders, {program + u"/scanner"_s, program + u"/../share/faultline/scanner"_s,
                                                    QStandardPaths::writableLocation(QStandardPaths::CacheLocation)});
    knowledge->playbooks = playbooks.get();
    if (!tools)
        return std::unexpected(tools.error());
    knowledge->tools = std::move(*tools);
    return knowledge;
}

Result<Analysis> reanalyze(std::shared_ptr<const Evidence> evidence, const Knowledge &knowledge,
                           const AnalyzeOptions &options)
{
    Analysis analysis;
    evidence = withOutcomesTold(std::move(evidence));
    analysis.evidence =
        options.baseline ? withoutWhatPassed(std::move(evidence), *options.baseline) : std::move(evidence);
    Placement placement = computePlacement(*analysis.evidence, overridesFor(*analysis.evidence, options.clocks));
    Alerted alerted = withAlerts(std::move(analysis.evidence), std::move(placement));
    analysis.evidence = std::move(alerted.evidence);
    analysis.placement = std::make_shared<const Placement>(std::move(alerted.placement));
    analysis.findings = std::make_shared<const Findings>(
        computeFindings(*analysis.evidence, *analysis.placement, *knowledge.tools.signatures, {options.failureTime}));
    analysis.annotations = options.annotations;
    analysis.postmortem = options.postmortem;
    QueryLimits limits;
    limits.cancel = options.import.cancel;
    auto database = CaseDatabase::open(analysis, limits);
    if (!database)
        return std::unexpected(database.error());
    analysis.diagnosis = std::make_shared<const Diagnosis>(
        diagnose(analysis, **database, knowledge.playbooks, options.answers, options.import.cancel));
    if (const Baseline *baseline = options.baseline.get()) {
        const LineTally lines(*analysis.evidence, options.import.cancel);
        analysis.comparison = std::make_shared<const RunComparison>(compareRuns(
            {*analysis.evidence, *analysis.placement, *analysis.findings, lines},
            {*baseline->evidence, baseline->placement, baseline->findings, baseline->lines}, options.import.cancel));
    }
    if (options.import.cancel.isCancelled())
        return failure(Code::Cancelled, tr("Cancelled"));
    return analysis;
}

Result<std::shared_ptr<const Baseline>> loadBaseline(const QStringList &paths, const Knowledge &knowledge,
                                                     const ImportOptions &options)
{
    auto evidence = readEvidence(paths, knowledge, options);
    if (!evidence)
        return std::unexpected(evidence.error());
    Placement placement = computePlacement(**evidence, {});
    Alerted alerted = withAlerts(std::move(*evidence), std::move(placement));
    Findings findings = computeFindings(*alerted.evidence, alerted.placement, *knowledge.tools.signatures);
    LineTally lines(*alerted.evidence, options.cancel);
    return std::make_shared<const Baseline>(
        Baseline{std::move(alerted.evidence), std::move(alerted.placement), std::move(findings), std::move(lines)});
}

Result<Analysis> analyze(const QStringList &paths, const Knowledge &knowledge, const AnalyzeOptions &options)
{
    auto evidence = readEvidence(paths, knowledge, options.import);
    if (!evidence)
        return std::unexpected(evidence.error());
    return reanalyze(std::move(*evidence), knowledge, options);
}

} // namespace faultline
