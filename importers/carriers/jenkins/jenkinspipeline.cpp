// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/jenkins/jenkinspipeline.h"

#include "importers/core/facts.h"
#include "models/core/translate.h"

#include <algorithm>

namespace faultline {

namespace {

bool isSame(const QByteArray &name, std::string_view other)
{
    return QByteArrayView(name) == QByteArrayView(other.data(), static_cast<qsizetype>(other.size()));
}

int lastNamed(const std::vector<int> &open, size_t count)
{
    while (count > 0) {
        if (open[--count] >= 0)
            return open[count];
    }
    return -1;
}

} // namespace

void JenkinsPipeline::take(std::string_view what, const TextLine &line, TextSink &sink)
{
    const Place place = placeOf(what);
    SpanTree::closeBefore(sink, std::exchange(place.step, -1), line);
    if (what.starts_with("{")) {
        openBlock(what, line, sink, place);
    } else if (what.starts_with("}")) {
        closeBlock(line, sink, place);
    } else if (what.starts_with("parallel")) {
        m_parallel.push_back(m_open.size());
        m_openBranches = 0;
    } else if (what.starts_with("// parallel")) {
        if (!m_parallel.empty())
            m_parallel.pop_back();
        m_openBranches = 0;
    } else if (!what.starts_with("//") && !what.starts_with("stage") && !what.starts_with("node")
               && !what.starts_with("Start of") && !what.starts_with("End of")) {
        const int around = parent(place);
        place.step = m_spans.open(sink, SpanKind::Section, what, line, around);
        countStep(around, isAmbiguous(place));
    }
}

void JenkinsPipeline::closeBlock(const TextLine &line, TextSink &sink, const Place &place)
{
    if (m_tooDeep > 0) {
        --m_tooDeep;
        return;
    }
    if (place.open.empty() && place.around >= 0) { // the branch itself, which was opened among the others
        SpanTree::close(sink, place.around, line);
        std::erase(m_open, place.around);
        m_openBranches = std::max(0, m_openBranches - 1);
    }
    if (place.open.empty())
        return;
    SpanTree::close(sink, place.open.back(), line);
    place.open.pop_back();
    if (!m_parallel.empty() && &place.open == &m_open && m_open.size() >= m_parallel.back() && m_openBranches > 0
        && m_open.size() < m_parallel.back() + static_cast<size_t>(m_openBranches))
        --m_openBranches;
}

void JenkinsPipeline::addStage(int span)
{
    m_stageOfSpan.insert(span, m_stages.size());
    m_stages.push_back({span});
}

JenkinsPipeline::Stage *JenkinsPipeline::stageOf(int span)
{
    const auto found = m_stageOfSpan.constFind(span);
    return span < 0 || found == m_stageOfSpan.cend() ? nullptr : &m_stages[*found];
}

JenkinsPipeline::Place JenkinsPipeline::placeOf(std::string_view &what)
{
    if (what.starts_with('[')) {
        const size_t close = what.find("] ");
        const std::string_view name = close == std::string_view::npos ? std::string_view() : what.substr(1, close - 1);
        if (!name.empty()) {
            what.remove_prefix(close + 2);
            const auto named = [name](const Branch &branch) { return isSame(branch.name, name); };
            const auto found = std::ranges::find_if(m_branches, named);
            if (found != m_branches.end()) {
                return {found->open, found->step, found->span};
            }
        }
    }
    return {m_open, m_step, -1};
}

void JenkinsPipeline::openBlock(std::string_view what, const TextLine &line, TextSink &sink, const Place &place)
{
    constexpr std::string_view BranchWord = "Branch: ";
    if (place.open.size() >= SpanTree::MostDepth) {
        ++m_tooDeep;
        return;
    }
    int span = -1;
    if (what.starts_with("{ (") && what.ends_with(')')) {
        const std::string_view name = what.substr(3, what.size() - 4);
        if (name.starts_with(BranchWord)) {
            openBranch(name.substr(BranchWord.size()), line, sink);
            return;
        }
        span = m_spans.open(sink, SpanKind::Step, name, line, parent(place));
        addStage(span);
    }
    place.open.push_back(span);
}

void JenkinsPipeline::openBranch(std::string_view name, const TextLine &line, TextSink &sink)
{
    const int span = m_spans.open(sink, SpanKind::Step, name, line, branchesParent());
    m_open.push_back(span);
    ++m_openBranches;
    addStage(span);
    if (m_branches.size() >= MostBranches)
        return; // their lines are not told apart
    m_branches.push_back({toBytes(name), span, {}, -1, line.number});
    m_decoder.addBranch(toBytes(name), line.byteOffset);
}

int JenkinsPipeline::branchesParent() const
{
    return lastNamed(m_open, m_parallel.empty() ? m_open.size() : std::min(m_parallel.back(), m_open.size()));
}

int JenkinsPipeline::parent(const Place &place) const
{
    const int named = lastNamed(place.open, place.open.size());
    if (place.around >= 0)
        return named >= 0 ? named : place.around;
    return isAmbiguous(place) ? branchesParent() : named;
}

bool JenkinsPipeline::isAmbiguous(const Place &place) const
{
    // While several branches run, a line that names none may be of any.
    return place.around < 0 && m_openBranches > 1;
}

void JenkinsPipeline::countStep(int around, bool ambiguous)
{
    if (Stage *stage = stageOf(around))
        ++stage->steps;
    if (!ambiguous)
        return;
    for (const int open : m_open) { // any of them may have run it
        if (Stage *stage = stageOf(open))
            stage->unsure = true;
    }
}

void JenkinsPipeline::skipStage()
{
    if (!m_stages.empty())
        m_stages.back().skipped = true;
}

void JenkinsPipeline::failBranch(std::string_view name)
{
    for (auto branch = m_branches.rbegin(); branch != m_branches.rend(); ++branch) {
        if (Stage *stage = isSame(branch->name, name) ? stageOf(branch->span) : nullptr) {
            stage->failed = true;
            return;
        }
    }
}

void JenkinsPipeline::finish(Outcome outcome, const TextLine &end, LineReader &lines, TextSink &sink)
{
    SpanTree::closeBefore(sink, std::exchange(m_step, -1), end);
    for (const int open : m_open)
        SpanTree::close(sink, open, end);
    for (Branch &branch : m_branches) {
        SpanTree::closeBefore(sink, branch.step, end);
        for (const int open : branch.open)
            SpanTree::close(sink, open, end);
    }
    markStages(outcome, sink);
    if (m_branches.size() > 1 && !addRuns(end, lines, sink))
        sink.note(Severity::Info, Code::Ok, end, tr("The console does not say which parallel branch a line is of"));
}

void JenkinsPipeline::adopt(int job, TextSink &sink) const
{
    for (const Branch &branch : m_branches) {
        if (Span *span = SpanTree::at(sink, branch.span); span && span->parent < 0)
            span->parent = job;
    }
}

/// Stages end well unless the build failed: then those that are said to have failed, else the last one that did something and is not its
/// aftermath.
void JenkinsPipeline::markStages(Outcome outcome, TextSink &sink) const
{
    std::vector<int> failed;
    int last = -1;
    for (const Stage &stage : m_stages) {
        Span *span = SpanTree::at(sink, stage.span);
        if (!span)
            continue;
        span->outcome = stage.skipped                                                                 ? Outcome::Skipped
                        : outcome == Outcome::Unknown || (stage.unsure && outcome != Outcome::Passed) ? Outcome::Unknown
                                                                                                      : Outcome::Passed;
        if (stage.failed)
            failed.push_back(stage.span);
        if (!stage.skipped && stage.steps > 0 && !span->name.startsWith("Declarative: Post"))
            last = stage.span;
    }
    if (outcome != Outcome::Failed && outcome != Outcome::Cancelled)
        return;
    if (failed.empty())
        failed.push_back(last);
    for (int at : failed) {
        for (; at >= 0; at = SpanTree::at(sink, at)->parent)
            SpanTree::at(sink, at)->outcome = outcome;
    }
}

/// Branches write in turns: each stretch of one branch's lines is a step of its own inside the branch, with its name.
bool JenkinsPipeline::addRuns(const TextLine &end, LineReader &lines, TextSink &sink)
{
    constexpr qint64 MostLines = 1'000'000;
    constexpr int MostRuns = 10'000;
    const qint64 first = m_branches.front().firstLine;
    int run = -1;
    int runs = 0;
    int current = -1;
    for (qint64 number = first; number <= end.number && number < first + MostLines && runs < MostRuns; ++number) {
        const auto line = lines.line(number);
        if (!line)
            break;
        const int branch = m_decoder.branchOf(line->raw, line->byteOffset);
        if (branch != current) {
            run = -1;
            current = branch;
            if (branch >= 0) {
                const Branch &of = m_branches[static_cast<size_t>(branch)];
                const Span *around = SpanTree::at(sink, of.span);
                const Outcome outcome = around ? around->outcome : Outcome::Unknown;
                run = m_spans.open(sink, SpanKind::Step,
                                   std::string_view(of.name.constData(), static_cast<size_t>(of.name.size())), *line,
                                   of.span);
                if (Span *span = SpanTree::at(sink, run))
                    span->outcome = outcome;
                ++runs;
            }
        }
        SpanTree::close(sink, run, *line);
    }
    return runs > 0;
}

} // namespace faultline
