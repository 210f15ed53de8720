// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/playbooks/walker.h"

#include "models/core/translate.h"
#include "models/playbooks/judging.h"
#include "models/playbooks/mermaidexport.h"

#include <ranges>
#include <set>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

constexpr size_t MostFailuresWalked = 20;
constexpr size_t MostMissing = 6;

/// What is open only because nothing is known of it is asked for, not named.
bool isNamed(const Way &way)
{
    if (way.certainty != Certainty::Unknown)
        return true;
    const auto open = std::ranges::find_if(way.steps, [](const PathStep &step) {
        return !step.corroborates && step.answer->certainty == Certainty::Unknown;
    });
    return std::any_of(open, way.steps.end(), [](const PathStep &step) { return !step.answer->rows.empty(); });
}

/// Callers before those they call, else in the order given.
std::vector<const Playbook *> inCallOrder(const PlaybookSet &set)
{
    std::vector<const Playbook *> order;
    std::set<const Playbook *> seen;
    const std::function<void(const Playbook &)> visit = [&](const Playbook &playbook) {
        if (!seen.insert(&playbook).second)
            return;
        for (const FlowNode &node : std::views::reverse(playbook.chart.nodes)) {
            const Playbook *called = node.shape == NodeShape::Subroutine ? set.called(node) : nullptr;
            if (called)
                visit(*called);
        }
        order.push_back(&playbook);
    };
    for (const Playbook &playbook : std::views::reverse(set.playbooks))
        visit(playbook);
    std::ranges::reverse(order);
    return order;
}

/// All playbooks for one failure.
class FailureDiagnosis
{
public:
    FailureDiagnosis(const FailureContext &context, const PlaybookSet &set, const HandAnswers &answers,
                     Diagnosis &diagnosis)
        : m_context(context)
        , m_set(set)
        , m_answers(answers)
        , m_diagnosis(diagnosis)
    {
    }

    void run(const std::vector<const Playbook *> &order, const CancelToken &cancel)
    {
        for (const Playbook *playbook : order) {
            if (cancel.isCancelled())
                return;
            if (starts(*playbook))
                lead(playbook->id, Way());
            const auto way = m_ways.find(playbook->id);
            if (way != m_ways.end())
                walk(*playbook, way->second, cancel);
        }
        settle();
    }

private:
    void lead(const QString &playbook, const Way &way)
    {
        const auto [there, isNew] = m_ways.try_emplace(playbook, way);
        if (!isNew && way.isBetterThan(there->second))
            there->second = way;
    }

    bool starts(const Playbook &playbook)
    {
        if (playbook.startsWhen.isEmpty())
            return false;
        auto bindings = m_context.bindings;
        bindings[u"from"_s] = bindings[u"time_lo"_s];
        bindings[u"to"_s] = bindings[u"time_hi"_s];
        const auto rows = m_context.querier.query(playbook.startsWhen, bindings);
        if (rows)
            return !rows->rows.empty();
        Error error = rows.error();
        error.source = playbook.file;
        error.position = playbook.startsPosition;
        m_diagnosis.errors.push_back(std::move(error));
        return false;
    }

    void walk(const Playbook &playbook, const Way &way, const CancelToken &cancel)
    {
        Way entered = way;
        entered.path.push_back(playbook.id);
        PlaybookWalk walked = walkPlaybook(playbook, entered, m_set, m_context, m_answers, cancel);
        for (auto &[id, further] : walked.calls)
            lead(id, further);
        for (const ReachedCause &reached : walked.causes) {
            if (isNamed(reached.way))
                take(judge(reached, m_set.causes.at(reached.cause), m_context));
        }
        for (ReachedRuleOut &out : walked.ruledOut) {
            if (std::ranges::none_of(m_ruledOut, [&](const RuledOut &r) { return r.cause == out.cause; }))
                m_ruledOut.push_back({out.cause, m_context.failure.id, std::move(out.because)});
        }
        std::ranges::move(walked.answers, std::back_inserter(m_diagnosis.answers));
        std::ranges::move(walked.missing, std::back_inserter(m_missing));
        std::ranges::move(walked.errors, std::back_inserter(m_diagnosis.errors));
        m_charts.push_back(std::move(walked.chart));
    }

    /// The best status of a cause wins; of equals the one that more questions led to, since it tells more.
    void take(Verdict verdict)
    {
        const auto same = std::ranges::find(m_verdicts, verdict.cause, &Verdict::cause);
        if (same == m_verdicts.end())
            m_verdicts.push_back(std::move(verdict));
        else if (std::pair(static_cast<int>(verdict.status), -verdict.confidence)
                     < std::pair(static_cast<int>(same->status), -same->confidence)
                 || (verdict.status == same->status && verdict.confidence == same->confidence
                     && verdict.path.size() > same->path.size()))
            *same = std::move(verdict);
    }

    /// Proofs against causes, states of nodes, and what is no longer asked for.
    void settle()
    {
        for (Verdict &verdict : m_verdicts) {
            const auto against = std::ranges::find(m_ruledOut, verdict.cause, &RuledOut::cause);
            if (against == m_ruledOut.end())
                continue;
            std::ranges::copy(against->because, std::back_inserter(verdict.against));
            if (verdict.status == VerdictStatus::Confirmed) { // proofs for and against: nobody can say
                verdict.status = VerdictStatus::Possible;
                verdict.confidence = 0.4;
                m_ruledOut.erase(against);
            } else {
                verdict.confidence = -1;
            }
        }
        std::erase_if(m_verdicts, [](const Verdict &v) { return v.confidence < 0; });
        const bool isConfirmed =
            std::ranges::any_of(m_verdicts, [](const Verdict &v) { return v.status == VerdictStatus::Confirmed; });
        for (WalkedFlowchart &chart : m_charts) {
            for (WalkedNode &node : chart.nodes)
                settleNode(node);
            chart.mermaid = mermaidOf(chart);
            m_diagnosis.flowcharts.push_back(std::move(chart));
        }
        std::ranges::move(m_verdicts, std::back_inserter(m_diagnosis.verdicts));
        std::ranges::move(m_ruledOut, std::back_inserter(m_diagnosis.ruledOut));
        if (stepThatLeavesOpen(m_context))
            m_missing.insert(m_missing.begin(),
                             {-1, Missing{sourceKindName(SourceKind::Other),
                                          u"gh run view RUN --json jobs > run.json  # RUN: the run's number"_s,
                                          tr("Was this step allowed to fail?"), m_context.failure.id}});
        std::ranges::stable_sort(m_missing, {}, &std::pair<int, Missing>::first);
        for (auto &[rank, missing] : m_missing) {
            if (!isConfirmed)
                m_diagnosis.missing.push_back(std::move(missing));
        }
    }

    /// "dmesg.txt:12: oom-kill:constraint=CONSTRAINT_MEMCG…": what a reader of the chart is told.
    QString reasonOf(const RuledOut &out) const
    {
        constexpr qsizetype MostText = 90;
        if (out.because.empty())
            return {};
        const EvidenceRef &ref = out.because.front();
        const auto &sources = m_context.analysis.evidence->sources;
        const QString path = ref.source >= 0 ? sources[static_cast<size_t>(ref.source)]->path : QString();
        const QString name = path.section(u'/', -1);
        if (ref.covered)
            return tr("%1 covers the time and has nothing on “%2”").arg(name, ref.lookedFor);
        const QString place = ref.line > 0 ? QString(name % u':' % QString::number(ref.line)) : name;
        const QString text = QString::fromUtf8(ref.text.simplified());
        return text.isEmpty() ? place
                              : QString(place % u": " % (text.size() > MostText ? text.left(MostText) % u"…" : text));
    }

    void settleNode(WalkedNode &node) const
    {
        if (node.cause.isEmpty())
            return;
        const auto out = std::ranges::find(m_ruledOut, node.cause, &RuledOut::cause);
        if (out != m_ruledOut.end()) {
            node.state = NodeState::RuledOut;
            node.rows = out->because;
            node.reason = reasonOf(*out);
            return;
        }
        const auto verdict = std::ranges::find(m_verdicts, node.cause, &Verdict::cause);
        if (node.state == NodeState::NotReached || verdict == m_verdicts.end())
            return;
        node.state = verdict->status == VerdictStatus::Confirmed ? NodeState::Confirmed
                     : verdict->status == VerdictStatus::Likely  ? NodeState::Likely
                                                                 : NodeState::Possible;
        node.rows = verdict->evidence;
        if (verdict->coincident)
            node.reason = tr("It came after the failure: coincident");
    }

    const FailureContext &m_context;
    const PlaybookSet &m_set;
    const HandAnswers &m_answers;
    Diagnosis &m_diagnosis;
    std::map<QString, Way> m_ways;
    std::vector<Verdict> m_verdicts;
    std::vector<RuledOut> m_ruledOut;
    std::vector<std::pair<int, Missing>> m_missing;
    std::vector<WalkedFlowchart> m_charts;
};

/// Each command once.
void tidyMissing(std::vector<Missing> &missing)
{
    std::vector<Missing> kept;
    for (Missing &one : missing) {
        if (kept.size() < MostMissing && std::ranges::find(kept, one.command, &Missing::command) == kept.end())
            kept.push_back(std::move(one));
    }
    missing = std::move(kept);
}

} // namespace

Diagnosis diagnose(const Analysis &analysis, Querier &querier, const PlaybookSet &playbooks, const HandAnswers &answers,
                   const CancelToken &cancel)
{
    Diagnosis diagnosis;
    const std::vector<const Playbook *> order = inCallOrder(playbooks);
    size_t walked = 0;
    for (const Failure &failure : analysis.findings->failures) {
        if (failure.follows >= 0 || cancel.isCancelled() || ++walked > MostFailuresWalked)
            continue;
        const FailureContext context = makeContext(analysis, querier, failure);
        FailureDiagnosis(context, playbooks, answers, diagnosis).run(order, cancel);
    }
    if (walked > MostFailuresWalked)
        diagnosis.errors.push_back(
            {Code::LimitReached, tr("Only the first %1 failures were diagnosed").arg(MostFailuresWalked), {}, {}, {}});
    rankVerdicts(diagnosis.verdicts, *analysis.findings, playbooks);
    tidyMissing(diagnosis.missing);
    return diagnosis;
}

} // namespace faultline
