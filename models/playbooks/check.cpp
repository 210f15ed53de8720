// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/check.h"

#include "models/core/translate.h"

#include <QRegularExpression>

#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

bool isDecision(const FlowNode &node)
{
    return node.shape == NodeShape::Diamond || node.shape == NodeShape::Hexagon;
}

class StructureCheck
{
public:
    explicit StructureCheck(const Playbook &playbook)
        : m_playbook(playbook)
        , m_chart(playbook.chart)
    {
        m_out.resize(m_chart.nodes.size());
        m_in.resize(m_chart.nodes.size(), 0);
        for (const FlowEdge &edge : m_chart.edges) {
            m_out[static_cast<size_t>(edge.from)].push_back(&edge);
            ++m_in[static_cast<size_t>(edge.to)];
        }
    }

    std::vector<Error> run()
    {
        for (size_t i = 0; i < m_chart.nodes.size(); ++i)
            node(i);
        for (const auto &[id, question] : m_playbook.questions)
            section(id, question);
        reachable();
        circles();
        return std::move(m_errors);
    }

private:
    void error(Position position, const QString &message, const QString &hint = {}, Code code = Code::BadValue)
    {
        m_errors.push_back({code, message, hint, m_playbook.file, position});
    }
    void node(size_t index);
    void labels(const FlowNode &node, const Question *question, const std::vector<const FlowEdge *> &edges);
    void section(const QString &id, const Question &question);
    void reachable();
    void circles();

    const Playbook &m_playbook;
    const Flowchart &m_chart;
    std::vector<std::vector<const FlowEdge *>> m_out;
    std::vector<int> m_in;
    std::vector<Error> m_errors;
};

void StructureCheck::node(size_t index)
{
    const FlowNode &node = m_chart.nodes[index];
    if (!isDecision(node)) {
        for (const FlowEdge *edge : m_out[index]) {
            if (!edge->label.isEmpty())
                error(edge->position, tr("An edge with a label leaves '%1', which is no question").arg(node.id),
                      tr("Questions are written with braces: %1{Is it so?}").arg(node.id));
        }
        if (node.shape == NodeShape::Subroutine && !m_out[index].empty())
            error(node.position, tr("'%1' calls a playbook, so nothing can follow it").arg(node.id));
        return;
    }
    const auto found = m_playbook.questions.find(node.id);
    const Question *question = found == m_playbook.questions.end() ? nullptr : &found->second;
    if (!question)
        error(node.position, tr("The question '%1' has no section").arg(node.id), tr("Add: ## %1").arg(node.id));
    if (m_out[index].size() < 2)
        error(node.position, tr("The question '%1' has fewer than two answers").arg(node.id));
    labels(node, question, m_out[index]);
}

void StructureCheck::labels(const FlowNode &node, const Question *question, const std::vector<const FlowEdge *> &edges)
{
    static const QRegularExpression answerColumn(u"\\banswer\\b"_s, QRegularExpression::CaseInsensitiveOption);
    std::set<QString> seen;
    const bool hasAnswers = question && answerColumn.match(question->sql).hasMatch();
    for (const FlowEdge *edge : edges) {
        if (edge->label.isEmpty())
            error(edge->position, tr("An answer of '%1' has no label").arg(node.id),
                  tr("Write: %1 -->|yes| …").arg(node.id));
        else if (!seen.insert(edge->label.toLower()).second)
            error(edge->position, tr("'%1' has two edges for the answer '%2'").arg(node.id, edge->label));
        else if (question && !hasAnswers && !isYes(edge->label) && !isNo(edge->label))
            error(
                edge->position,
                tr("'%1' can never be the answer: the query of '%2' has no column 'answer'").arg(edge->label, node.id),
                tr("Label it yes or no, or let the query give a column 'answer'"));
    }
}

void StructureCheck::section(const QString &id, const Question &question)
{
    const int index = m_chart.indexOf(id);
    if (index < 0) {
        error(question.position, tr("No node of the flowchart is called '%1'").arg(id),
              tr("The heading of a section is the id of its question"), Code::UnknownId);
        return;
    }
    if (!isDecision(m_chart.nodes[static_cast<size_t>(index)]))
        error(question.position, tr("'%1' is no question, so it can have no section").arg(id),
              tr("Questions are written with braces"));
    if (question.sql.isEmpty())
        error(question.position, tr("The section '%1' has no query").arg(id), tr("Add a ```sql block"));
    if (question.findOutWith.isEmpty())
        error(question.position, tr("The section '%1' does not say how to find out").arg(id),
              tr("Add a line: Find out with: `command`"));
    for (const RulesOut &rule : question.rulesOut) {
        const auto &edges = m_out[static_cast<size_t>(index)];
        if (std::ranges::none_of(
                edges, [&](const FlowEdge *e) { return e->label.compare(rule.edge, Qt::CaseInsensitive) == 0; }))
            error(question.position, tr("'Rules out' names '%1', but '%2' has no such answer").arg(rule.edge, id));
    }
}

void StructureCheck::reachable()
{
    std::vector<bool> seen(m_chart.nodes.size());
    std::vector<size_t> open;
    for (size_t i = 0; i < m_chart.nodes.size(); ++i) {
        const bool isStart = m_in[i] == 0 && (!m_out[i].empty() || m_chart.nodes.size() == 1);
        if (isStart && open.empty())
            open.push_back(i);
        else if (isStart)
            error(m_chart.nodes[i].position, tr("Nothing leads to '%1'").arg(m_chart.nodes[i].id),
                  tr("A playbook begins at one node, here '%1'").arg(m_chart.nodes[open.front()].id));
        else if (m_in[i] == 0)
            error(m_chart.nodes[i].position, tr("Nothing leads to '%1'").arg(m_chart.nodes[i].id));
    }
    if (open.empty() && !m_chart.nodes.empty()) {
        error(m_chart.nodes.front().position, tr("The flowchart has no beginning: every node has one before it"));
        return;
    }
    while (!open.empty()) {
        const size_t at = open.back();
        open.pop_back();
        if (seen[at])
            continue;
        seen[at] = true;
        for (const FlowEdge *edge : m_out[at])
            open.push_back(static_cast<size_t>(edge->to));
    }
    for (size_t i = 0; i < m_chart.nodes.size(); ++i) {
        if (!seen[i] && m_in[i] > 0)
            error(m_chart.nodes[i].position, tr("No way leads from the beginning to '%1'").arg(m_chart.nodes[i].id));
    }
}

void StructureCheck::circles()
{
    std::vector<int> left = m_in;
    std::vector<size_t> ready;
    size_t done = 0;
    for (size_t i = 0; i < left.size(); ++i) {
        if (left[i] == 0)
            ready.push_back(i);
    }
    for (; !ready.empty(); ++done) {
        const size_t at = ready.back();
        ready.pop_back();
        for (const FlowEdge *edge : m_out[at]) {
            if (--left[static_cast<size_t>(edge->to)] == 0)
                ready.push_back(static_cast<size_t>(edge->to));
        }
    }
    if (done == left.size())
        return;
    const auto in = std::ranges::find_if(m_chart.edges, [&](const FlowEdge &e) {
        return left[static_cast<size_t>(e.from)] > 0 && left[static_cast<size_t>(e.to)] > 0 && e.to <= e.from;
    });
    if (in != m_chart.edges.end())
        error(in->position, tr("This edge leads back to '%1': a playbook must come to an end")
                                .arg(m_chart.nodes[static_cast<size_t>(in->to)].id));
}

/// Whether calls lead from a playbook back to itself.
bool callsItself(const Playbook &playbook, const PlaybookSet &set)
{
    std::set<QString> seen;
    std::vector<const Playbook *> open{&playbook};
    while (!open.empty()) {
        const Playbook *at = open.back();
        open.pop_back();
        for (const FlowNode &node : at->chart.nodes) {
            const Playbook *next = node.shape == NodeShape::Subroutine ? set.called(node) : nullptr;
            if (next && next->id == playbook.id)
                return true;
            if (next && seen.insert(next->id).second)
                open.push_back(next);
        }
    }
    return false;
}

} // namespace

std::vector<Error> checkStructure(const Playbook &playbook)
{
    return StructureCheck(playbook).run();
}

std::vector<Error> checkReferences(const Playbook &playbook, const PlaybookSet &set)
{
    std::vector<Error> errors;
    const auto error = [&](Position position, const QString &message, const QString &hint = {}) {
        errors.push_back({Code::UnknownId, message, hint, playbook.file, position});
    };
    std::set<int> hasNext;
    for (const FlowEdge &edge : playbook.chart.edges)
        hasNext.insert(edge.from);
    for (int i = 0; i < static_cast<int>(playbook.chart.nodes.size()); ++i) {
        const FlowNode &node = playbook.chart.nodes[static_cast<size_t>(i)];
        if (node.shape == NodeShape::Subroutine) {
            const bool isItself = node.label == playbook.id || node.id == playbook.id;
            if (!set.called(node) && !isItself)
                error(node.position, tr("There is no playbook '%1'").arg(node.id));
            else if (isItself)
                error(node.position, tr("The playbook calls itself"));
        } else if (!hasNext.contains(i) && node.shape == NodeShape::Rect) {
            const auto cause = set.causes.find(node.id);
            if (cause == set.causes.end())
                error(node.position, tr("There is no cause '%1'").arg(node.id),
                      tr("Add resources/causes/%1.md, or write a mere end as %1([Text])").arg(node.id));
            else if (cause->second.isSymptom)
                error(node.position, tr("'%1' is a symptom and never named as a cause").arg(node.id),
                      tr("Ask on for what lies behind it"));
        }
    }
    for (const auto &[id, question] : playbook.questions) {
        for (const RulesOut &rule : question.rulesOut) {
            for (const QString &cause : rule.causes) {
                if (!set.causes.contains(cause))
                    error(question.position, tr("'Rules out' names '%1', which is no cause").arg(cause));
            }
        }
    }
    if (callsItself(playbook, set) && errors.empty())
        errors.push_back(
            {Code::BadValue, tr("The playbook's calls lead back to itself"), {}, playbook.file, {1, 1, -1}});
    return errors;
}

std::vector<Error> checkPlaybookFile(const QByteArray &markdown, const QString &file, const PlaybookSet &set,
                                     Querier *querier)
{
    const auto playbook = parsePlaybook(markdown, file);
    if (!playbook)
        return playbook.error();
    std::vector<Error> errors = checkReferences(*playbook, set);
    const auto compile = [&](const QString &sql, Position position) {
        if (sql.isEmpty() || !querier)
            return;
        if (const auto checked = querier->check(sql); !checked)
            errors.push_back({Code::Sql, checked.error().message, checked.error().hint, file, position});
    };
    compile(playbook->startsWhen, playbook->startsPosition);
    for (const auto &[id, question] : playbook->questions)
        compile(question.sql, question.sqlPosition);
    std::ranges::stable_sort(errors, {}, [](const Error &e) { return std::pair(e.position.line, e.position.column); });
    return errors;
}

std::vector<Error> checkCauseFile(const QByteArray &markdown, const QString &file)
{
    const auto cause = parseCause(markdown, file);
    return cause ? std::vector<Error>() : cause.error();
}

} // namespace faultline
