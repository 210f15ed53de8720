// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/actionssteps.h"

#include "importers/core/sourcelist.h"
#include "models/bytes/linewalker.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>

using namespace Qt::StringLiterals;

namespace faultline {

namespace {

/// Lines longer than this are the same if so much of them is.
constexpr qint64 MostCompared = 4096;
/// A step that is nowhere in the job's log costs a walk to the log's end.
constexpr int MostMisses = 3;

/// "3_Run tests.txt" → 3, "Run tests".
struct NumberedName {
    int number = -1;
    QString name;
};

NumberedName numberedName(QStringView file)
{
    if (!file.endsWith(".txt"_L1))
        return {};
    file.chop(4);
    const qsizetype underscore = file.indexOf(u'_');
    bool isNumber = false;
    const int number = underscore > 0 && underscore <= 6 ? file.first(underscore).toInt(&isNumber) : -1;
    if (!isNumber || number < 0 || underscore + 1 >= file.size())
        return {};
    return {number, file.sliced(underscore + 1).toString()};
}

std::string_view withoutBom(std::string_view line)
{
    return line.starts_with("\xEF\xBB\xBF") ? line.substr(3) : line;
}

std::shared_ptr<const ByteSource> openFound(const FoundSource &found)
{
    if (found.bytes)
        return found.bytes;
    return openFile(found.path).value_or(nullptr);
}

/// The first line and how many there are.
struct StepLines {
    QByteArray first;
    qint64 count = 0;
};

StepLines linesOf(const ByteSource &bytes)
{
    StepLines lines;
    for (LineWalker walker(bytes, 0, 1, MostCompared); walker.next(); ++lines.count) {
        if (lines.count == 0) {
            const std::string_view first = withoutBom(walker.bytes());
            lines.first = QByteArray(first.data(), static_cast<qsizetype>(first.size()));
        }
    }
    return lines;
}

/// Finds the steps' lines in the job's log, one after another.
class JobLog
{
public:
    explicit JobLog(const ByteSource &bytes)
        : m_bytes(bytes)
    {
        m_walker.emplace(bytes, 0, 1, MostCompared);
    }

    /// The line that equals `first`, at or after the end of the step before it; 0 where there is none.
    qint64 find(const StepLines &step)
    {
        if (step.first.isEmpty() || m_misses >= MostMisses)
            return 0;
        const qint64 offset = m_nextOffset;
        const qint64 line = m_nextLine;
        while (m_walker->next()) {
            const std::string_view text = withoutBom(m_walker->bytes());
            if (QByteArrayView(text.data(), static_cast<qsizetype>(text.size())) != step.first)
                continue;
            const qint64 found = m_walker->number();
            for (qint64 i = 1; i < step.count && m_walker->next(); ++i) {}
            m_nextLine = m_walker->number() + 1;
            m_nextOffset = m_walker->byteOffset() + m_walker->fullLength() + 1;
            m_lastLine = m_walker->number();
            return found;
        }
        ++m_misses;
        m_walker.emplace(m_bytes, offset, line, MostCompared);
        return 0;
    }
    qint64 lastLine() const { return m_lastLine; }

private:
    const ByteSource &m_bytes;
    std::optional<LineWalker> m_walker;
    qint64 m_nextOffset = 0;
    qint64 m_nextLine = 1;
    qint64 m_lastLine = 0;
    int m_misses = 0;
};

} // namespace

void joinActionsSteps(std::vector<FoundSource> &sources)
{
    /// Steps' files by folder, in order of their number.
    std::map<QString, std::map<int, size_t>> folders;
    for (size_t i = 0; i < sources.size(); ++i) {
        const qsizetype slash = sources[i].path.lastIndexOf(u'/');
        const NumberedName name = numberedName(QStringView(sources[i].path).sliced(slash + 1));
        if (name.number >= 0 && slash > 0)
            folders[sources[i].path.first(slash)].emplace(name.number, i);
    }
    std::vector<bool> joined(sources.size(), false);
    for (FoundSource &job : sources) {
        const qsizetype slash = job.path.lastIndexOf(u'/');
        const NumberedName name = numberedName(QStringView(job.path).sliced(slash + 1));
        const auto steps = name.number < 0 ? folders.end() : folders.find(job.path.first(slash + 1) + name.name);
        if (steps == folders.end())
            continue;
        const auto bytes = openFound(job);
        if (!bytes)
            continue;
        JobLog log(*bytes);
        for (const auto &[number, index] : steps->second) {
            const auto stepBytes = openFound(sources[index]);
            const StepLines lines = stepBytes ? linesOf(*stepBytes) : StepLines{};
            const qint64 first = log.find(lines);
            if (first == 0 && stepBytes && stepBytes->size() > 3) // other lines than the job's: a source of its own
                continue;
            joined[index] = true;
            const QString &file = sources[index].path;
            if (first > 0)
                job.steps.push_back({numberedName(QStringView(file).sliced(file.lastIndexOf(u'/') + 1)).name.toUtf8(),
                                     file, first, log.lastLine()});
        }
    }
    size_t index = 0;
    std::erase_if(sources, [&](const FoundSource &) { return joined[index++]; });
}

void nameActionsSteps(SourceEvidence &evidence, const std::vector<ActionsStep> &steps)
{
    if (steps.empty() || evidence.format != "github-actions")
        return;
    const auto stepAt = [&steps](qint64 line) {
        const auto after = std::ranges::upper_bound(steps, line, {}, &ActionsStep::firstLine);
        const auto index = after - steps.begin() - 1;
        return index >= 0 && line <= steps[static_cast<size_t>(index)].lastLine ? static_cast<int>(index) : -1;
    };
    for (const ActionsStep &step : steps)
        evidence.stepFiles.append(step.file);
    std::vector<Span> spans;
    std::vector<int> parents(evidence.spans.size(), -1);
    for (const ActionsStep &step : steps) {
        Span span;
        span.kind = SpanKind::Step;
        span.name = step.name;
        span.line = step.firstLine;
        span.lastLine = step.lastLine;
        span.outcome = Outcome::Passed;
        if (const auto lines = decodeLines(evidence, step.firstLine, 1); !lines.empty())
            span.start = lines.front().time;
        if (const auto lines = decodeLines(evidence, step.lastLine, 1); !lines.empty())
            span.end = lines.front().time;
        spans.push_back(std::move(span));
    }
    for (size_t i = 0; i < evidence.spans.size(); ++i) {
        const Span &old = evidence.spans[i];
        const int step = stepAt(old.line);
        if (old.kind != SpanKind::Step || step < 0) {
            parents[i] = static_cast<int>(spans.size());
            spans.push_back(old);
            continue;
        }
        parents[i] = step;
        Span &span = spans[static_cast<size_t>(step)];
        if (old.outcome == Outcome::Failed || (old.outcome == Outcome::Cancelled && span.outcome != Outcome::Failed))
            span.outcome = old.outcome;
    }
    for (size_t i = 0; i < evidence.spans.size(); ++i) {
        Span &kept = spans[static_cast<size_t>(parents[i])];
        const int parent = evidence.spans[i].parent;
        if (evidence.spans[i].kind == SpanKind::Step)
            kept.parent = parent >= 0 && parents[static_cast<size_t>(parent)] != parents[i]
                              ? parents[static_cast<size_t>(parent)]
                              : kept.parent;
        else if (parent >= 0)
            kept.parent = parents[static_cast<size_t>(parent)];
        else if (const int step = kept.kind == SpanKind::Section ? stepAt(kept.line) : -1; step >= 0)
            kept.parent = step;
    }
    for (Fact &fact : evidence.facts)
        if (const int step = fact.subject.startsWith("step/") ? stepAt(fact.line) : -1; step >= 0)
            fact.subject = "step/" + steps[static_cast<size_t>(step)].name;
    const auto job = std::ranges::find(spans, SpanKind::Job, &Span::kind);
    for (size_t i = 0; job != spans.end() && i < steps.size(); ++i)
        if (spans[i].parent < 0)
            spans[i].parent = static_cast<int>(job - spans.begin());
    evidence.spans = std::move(spans);
}

} // namespace faultline
