// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/pages/checktext.h"

#include "app/pages/usertemplate.h"
#include "models/core/translate.h"
#include "models/playbooks/check.h"
#include "models/playbooks/mermaidexport.h"
#include "models/signatures/check.h"
#include "models/store/casedatabase.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Tables without rows, for statements to be compiled against.
Analysis emptyAnalysis()
{
    return {std::make_shared<const Evidence>(), std::make_shared<const Placement>(), std::make_shared<const Findings>(),
            nullptr};
}

WalkedFlowchart asWritten(const Playbook &playbook, const PlaybookSet &set)
{
    WalkedFlowchart chart;
    chart.playbook = playbook.id;
    chart.title = playbook.title;
    chart.leftToRight = playbook.chart.direction == u"LR" || playbook.chart.direction == u"RL";
    for (const FlowNode &from : playbook.chart.nodes) {
        WalkedNode node;
        node.id = from.id;
        node.label = from.label;
        node.shape = from.shape;
        node.isDecision = playbook.questions.contains(from.id);
        if (set.causes.contains(from.id))
            node.cause = from.id;
        chart.nodes.push_back(std::move(node));
    }
    for (const FlowEdge &edge : playbook.chart.edges)
        chart.edges.push_back({edge.from, edge.to, edge.label, EdgeState::NotTaken});
    chart.mermaid = mermaidOf(chart);
    return chart;
}

} // namespace

std::vector<Error> problemsOfText(const QByteArray &text, const QString &path, const PlaybookSet &others)
{
    if (path.endsWith(u".yaml"_s) || path.endsWith(u".yml"_s))
        return checkSignatureFile(text, path);
    if (path.endsWith(u".html"_s) || path.endsWith(u"/templates/"_s + path.section(u'/', -1)))
        return templateProblems(QString::fromUtf8(text), path);
    if (!path.endsWith(u".md"_s))
        return {Error{Code::Unsupported,
                      tr("Neither signatures (.yaml), a playbook or cause (.md) nor a template (.html)"),
                      {},
                      path,
                      {}}};
    if (!text.contains("```mermaid"))
        return checkCauseFile(text, path);
    const auto database = CaseDatabase::open(emptyAnalysis());
    if (!database)
        return {database.error()};
    return checkPlaybookFile(text, path, others, database->get());
}

PlaybookPreview previewPlaybook(const QByteArray &text, const QString &path, const PlaybookSet &others,
                                const Analysis &analysis, int failure, const HandAnswers &answers,
                                const CancelToken &cancel)
{
    PlaybookPreview preview;
    preview.problems = problemsOfText(text, path, others);
    const auto playbook = parsePlaybook(text, path);
    if (!playbook)
        return preview;
    preview.chart = asWritten(*playbook, others);
    if (!analysis.findings || failure < 0 || !preview.problems.empty())
        return preview;
    PlaybookSet set = others;
    std::erase_if(set.playbooks, [&](const Playbook &other) { return other.id == playbook->id; });
    set.playbooks.push_back(*playbook);
    Analysis before = analysis;
    before.diagnosis = nullptr; // queries do not see verdicts
    QueryLimits limits;
    limits.cancel = cancel;
    const auto database = CaseDatabase::open(before, limits);
    if (!database) {
        preview.problems.push_back(database.error());
        return preview;
    }
    Diagnosis diagnosis = diagnose(before, **database, set, answers, cancel);
    for (Error &error : diagnosis.errors) {
        if (error.source == path)
            preview.problems.push_back(std::move(error));
    }
    for (WalkedFlowchart &chart : diagnosis.flowcharts) {
        if (chart.playbook == playbook->id && chart.failure == failure) {
            preview.chart = std::move(chart);
            preview.isWalked = true;
        }
    }
    return preview;
}

} // namespace faultline
