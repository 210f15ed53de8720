// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/playbookwalk.h"

#include "models/core/translate.h"

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostRowsShown = 20;

class Walk
{
public:
    Walk(const Playbook &playbook, const PlaybookSet &set, const FailureContext &context, const HandAnswers &answers)
        : m_playbook(playbook)
        , m_chart(playbook.chart)
        , m_set(set)
        , m_context(context)
        , m_answers(answers)
    {
        prepare();
    }

    PlaybookWalk run(const Way &start, const CancelToken &cancel);

private:
    void prepare();
    std::vector<size_t> inOrder() const;
    void enter(size_t node);
    void decide(size_t node);
    void end(size_t node);
    void follow(size_t edge, const Way &way, EdgeState state);
    Answer ask(const Question &question, const QStringList &labels);
    void showAnswer(WalkedNode &node, const Answer &answer);
    void ruleOut(size_t node, const Question &question, const Answer &answer);
    void showRuledOut(size_t node, const QString &cause, const QString &label);
    std::set<QString> causesBelow(size_t node) const;
    void noteMissing(const Question &question, const Answer &answer, size_t node);

    const Playbook &m_playbook;
    const Flowchart &m_chart;
    const PlaybookSet &m_set;
    const FailureContext &m_context;
    const HandAnswers &m_answers;
    std::vector<std::vector<size_t>> m_out; ///< Edges by their start.
    std::vector<std::optional<Way>> m_ways;
    PlaybookWalk m_walk;
};

void Walk::prepare()
{
    m_out.resize(m_chart.nodes.size());
    m_ways.resize(m_chart.nodes.size());
    WalkedFlowchart &chart = m_walk.chart;
    chart.playbook = m_playbook.id;
    chart.title = m_playbook.title;
    chart.failure = m_context.failure.id;
    chart.leftToRight = m_chart.direction == u"LR" || m_chart.direction == u"RL";
    for (size_t i = 0; i < m_chart.edges.size(); ++i) {
        const FlowEdge &edge = m_chart.edges[i];
        m_out[static_cast<size_t>(edge.from)].push_back(i);
        chart.edges.push_back({edge.from, edge.to, edge.label, EdgeState::NotTaken});
    }
    for (size_t i = 0; i < m_chart.nodes.size(); ++i) {
        const FlowNode &from = m_chart.nodes[i];
        WalkedNode node;
        node.id = from.id;
        node.label = from.label;
        node.shape = from.shape;
        node.isDecision = from.shape == NodeShape::Diamond || from.shape == NodeShape::Hexagon;
        const auto cause = m_set.causes.find(from.id);
        if (m_out[i].empty() && from.shape == NodeShape::Rect && cause != m_set.causes.end()) {
            node.cause = from.id;
            if (node.label == from.id)
                node.label = cause->second.title;
        }
        if (const auto question = m_playbook.questions.find(from.id);
            node.isDecision && question != m_playbook.questions.end()) {
            node.question = question->second.text;
            node.sql = question->second.sql;
        }
        chart.nodes.push_back(std::move(node));
    }
}

/// Nodes such that every edge leads forward; those of a circle (which checks refuse) are left out.
std::vector<size_t> Walk::inOrder() const
{
    std::vector<int> before(m_chart.nodes.size());
    for (const FlowEdge &edge : m_chart.edges)
        ++before[static_cast<size_t>(edge.to)];
    std::vector<size_t> order;
    for (size_t i = 0; i < before.size(); ++i) {
        if (before[i] == 0)
            order.push_back(i);
    }
    for (size_t at = 0; at < order.size(); ++at) {
        for (const size_t edge : m_out[order[at]]) {
            const auto to = static_cast<size_t>(m_chart.edges[edge].to);
            if (--before[to] == 0)
                order.push_back(to);
        }
    }
    return order;
}

PlaybookWalk Walk::run(const Way &start, const CancelToken &cancel)
{
    const std::vector<size_t> order = inOrder();
    for (const size_t node : order) {
        const bool isStart =
            std::ranges::none_of(m_chart.edges, [&](const FlowEdge &e) { return static_cast<size_t>(e.to) == node; });
        if (isStart)
            m_ways[node] = start;
    }
    for (const size_t node : order) {
        if (cancel.isCancelled())
            break;
        if (m_ways[node])
            enter(node);
    }
    return std::move(m_walk);
}

void Walk::enter(size_t node)
{
    if (m_walk.chart.nodes[node].isDecision) {
        decide(node);
    } else if (m_out[node].empty()) {
        end(node);
    } else {
        const bool sure = m_ways[node]->certainty != Certainty::Unknown;
        m_walk.chart.nodes[node].state = sure ? NodeState::Answered : NodeState::Open;
        for (const size_t edge : m_out[node])
            follow(edge, *m_ways[node], sure ? EdgeState::Taken : EdgeState::Open);
    }
}

void Walk::follow(size_t edge, const Way &way, EdgeState state)
{
    m_walk.chart.edges[edge].state = state;
    auto &there = m_ways[static_cast<size_t>(m_chart.edges[edge].to)];
    if (!there || way.isBetterThan(*there))
        there = way;
}

Answer Walk::ask(const Question &question, const QStringList &labels)
{
    auto asked = answerQuestion(question, labels, m_context);
    Answer answer = asked ? std::move(*asked) : Answer();
    if (!asked)
        answer.error = asked.error();
    if (answer.error) {
        answer.reason = answer.error->message;
        answer.error->source = m_playbook.file;
        answer.error->position = question.sqlPosition;
        m_walk.errors.push_back(*answer.error);
    }
    // What the evidence is sure of nobody needs to say, and nobody can talk away.
    const auto byHand = m_answers.find({m_context.failure.id, m_playbook.id, question.id});
    if (answer.certainty != Certainty::Sure && byHand != m_answers.end() && labels.contains(byHand->second)) {
        answer.label = byHand->second;
        answer.certainty = Certainty::Sure;
        answer.byHand = true;
        answer.fromRows = false;
        answer.error.reset();
        answer.reason = tr("Answered by hand");
    }
    return answer;
}

void Walk::showAnswer(WalkedNode &node, const Answer &answer)
{
    const bool known = answer.certainty != Certainty::Unknown;
    node.state = known ? NodeState::Answered : NodeState::Open;
    node.answer = !known                                   ? u"unknown"_s
                  : answer.certainty == Certainty::Assumed ? tr("likely %1").arg(answer.label)
                                                           : answer.label;
    node.byHand = answer.byHand;
    node.reason = answer.reason;
    for (const RowEvidence &row : answer.rows) {
        if (node.rows.size() < MostRowsShown)
            node.rows.push_back(row.ref);
    }
    for (const EvidenceRef &ref : answer.looked) {
        if (known && !answer.fromRows && node.rows.size() < MostRowsShown)
            node.rows.push_back(ref);
    }
}

void Walk::decide(size_t node)
{
    const Question &question = m_playbook.questions.at(m_chart.nodes[node].id);
    QStringList labels;
    for (const size_t edge : m_out[node])
        labels.push_back(m_chart.edges[edge].label);
    const auto answer = std::make_shared<Answer>(ask(question, labels));
    for (EvidenceRef &ref : answer->looked)
        ref.lookedFor = m_chart.nodes[node].label;
    const Way &before = *m_ways[node];
    showAnswer(m_walk.chart.nodes[node], *answer);
    const bool known = answer->certainty != Certainty::Unknown;
    const bool corroborates = std::ranges::all_of(
        m_out[node], [&](size_t edge) { return m_chart.edges[edge].to == m_chart.edges[m_out[node].front()].to; });
    if (before.certainty == Certainty::Unknown)
        m_walk.chart.nodes[node].state = NodeState::Open;
    Way after = before;
    if (!corroborates)
        after.certainty = std::min(before.certainty, answer->certainty);
    after.steps.push_back({m_playbook.id, question.id, answer, corroborates});
    if (answer->byHand)
        m_walk.answers.push_back(
            {m_context.failure.id, m_playbook.id, question.id, m_chart.nodes[node].label, answer->label});
    after.path.push_back(question.id % u'=' % (known ? answer->label : u"unknown"_s));
    for (const size_t edge : m_out[node]) {
        if (!known)
            follow(edge, after, EdgeState::Open);
        else if (m_chart.edges[edge].label == answer->label)
            follow(edge, after, before.certainty == Certainty::Unknown ? EdgeState::Open : EdgeState::Taken);
    }
    if (!known && !corroborates)
        noteMissing(question, *answer, node);
    else if (answer->certainty == Certainty::Sure && before.certainty == Certainty::Sure && !after.isByHand())
        ruleOut(node, question, *answer);
}

/// A cause that the chart itself does not hold becomes a leaf of the question that speaks against it.
void Walk::showRuledOut(size_t node, const QString &cause, const QString &label)
{
    WalkedFlowchart &chart = m_walk.chart;
    const auto known = m_set.causes.find(cause);
    if (known == m_set.causes.end() || std::ranges::contains(chart.nodes, cause, &WalkedNode::cause))
        return;
    WalkedNode leaf;
    leaf.id = cause;
    leaf.label = known->second.title;
    leaf.cause = cause;
    leaf.shape = NodeShape::Rect;
    chart.edges.push_back({static_cast<int>(node), static_cast<int>(chart.nodes.size()), label, EdgeState::RuledOut});
    chart.nodes.push_back(std::move(leaf));
}

std::set<QString> Walk::causesBelow(size_t node) const
{
    std::set<QString> causes;
    std::set<size_t> seen{node};
    std::vector<size_t> open{node};
    while (!open.empty()) {
        const size_t at = open.back();
        open.pop_back();
        if (const QString &cause = m_walk.chart.nodes[at].cause; !cause.isEmpty())
            causes.insert(cause);
        for (const size_t edge : m_out[at]) {
            const auto to = static_cast<size_t>(m_chart.edges[edge].to);
            if (seen.insert(to).second)
                open.push_back(to);
        }
    }
    return causes;
}

void Walk::ruleOut(size_t node, const Question &question, const Answer &answer)
{
    std::vector<EvidenceRef> because;
    for (const RowEvidence &row : answer.rows)
        because.push_back(row.ref);
    std::ranges::copy(answer.looked, std::back_inserter(because));
    because.resize(std::min<size_t>(because.size(), 4));
    for (const RulesOut &rule : question.rulesOut) {
        if (rule.edge.compare(answer.label, Qt::CaseInsensitive) != 0)
            continue;
        std::set<QString> causes(rule.causes.begin(), rule.causes.end());
        std::set<QString> kept;
        for (const size_t edge : m_out[node]) {
            const auto to = static_cast<size_t>(m_chart.edges[edge].to);
            if (m_chart.edges[edge].label == answer.label) {
                kept = causesBelow(to);
            } else if (rule.causes.isEmpty()) {
                causes.merge(causesBelow(to));
                m_walk.chart.edges[edge].state = EdgeState::RuledOut;
            }
        }
        for (const QString &cause : causes) {
            if (!rule.causes.isEmpty() || !kept.contains(cause)) {
                m_walk.ruledOut.push_back({cause, because});
                showRuledOut(node, cause, answer.label);
            }
        }
    }
}

void Walk::noteMissing(const Question &question, const Answer &answer, size_t node)
{
    Missing missing;
    missing.need = answer.missing.isEmpty() ? QString() : answer.missing.front();
    if (missing.need.isEmpty() && !question.canShow.empty())
        missing.need = sourceKindName(question.canShow.front());
    missing.command = question.findOutWith;
    missing.wouldDecide = m_chart.nodes[node].label;
    missing.failure = m_context.failure.id;
    missing.playbook = m_playbook.id;
    missing.node = question.id;
    for (const size_t edge : m_out[node])
        missing.choices.push_back(m_chart.edges[edge].label);
    const bool needsKubernetes = missing.need.startsWith(u"kube-") && m_context.run.pod().isEmpty();
    m_walk.missing.emplace_back(!answer.rows.empty() ? 0 : needsKubernetes ? 2 : 1, std::move(missing));
}

void Walk::end(size_t node)
{
    WalkedNode &shown = m_walk.chart.nodes[node];
    const Way &way = *m_ways[node];
    shown.state = way.certainty == Certainty::Unknown ? NodeState::Open : NodeState::Answered;
    if (!shown.cause.isEmpty()) {
        m_walk.causes.push_back({shown.cause, m_playbook.id, way});
    } else if (m_chart.nodes[node].shape == NodeShape::Subroutine) {
        if (const Playbook *called = m_set.called(m_chart.nodes[node])) {
            auto &there = m_walk.calls[called->id];
            if (there.path.isEmpty() || way.isBetterThan(there))
                there = way;
        }
    }
}

} // namespace

bool Way::isBetterThan(const Way &other) const
{
    if (certainty != other.certainty)
        return certainty > other.certainty;
    if (isByHand() != other.isByHand())
        return other.isByHand();
    const auto strongest = [](const Way &way) {
        Strength best = Strength::Hints;
        for (const PathStep &step : way.steps) {
            if (step.answer->fromRows && !step.corroborates)
                best = std::min(best, step.answer->strength);
        }
        return best;
    };
    return strongest(*this) < strongest(other);
}

bool Way::isByHand() const
{
    return std::ranges::any_of(steps, [](const PathStep &step) { return step.answer->byHand && !step.corroborates; });
}

PlaybookWalk walkPlaybook(const Playbook &playbook, const Way &way, const PlaybookSet &set,
                          const FailureContext &context, const HandAnswers &answers, const CancelToken &cancel)
{
    return Walk(playbook, set, context, answers).run(way, cancel);
}

} // namespace faultline
