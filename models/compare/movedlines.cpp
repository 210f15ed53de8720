// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/compare/differences.h"

#include <algorithm>
#include <map>

namespace faultline {

namespace {

constexpr qsizetype LeastMove = 5; ///< Among the lines of both; what ran side by side never comes in one order.

/// A line that both runs have exactly once.
struct Shared {
    LineTally::Entry here;
    LineTally::Entry there;
};

/// Those of each log, held against the log of the other run that it shares most lines with.
std::vector<std::vector<Shared>> sharedLines(const LineTally &failed, const LineTally &passed)
{
    std::map<int, std::map<int, std::vector<Shared>>> byLog;
    for (const auto &[key, entry] : failed.entries())
        if (entry.count == 1)
            if (const auto *same = passed.find(key); same && same->count == 1)
                byLog[entry.source][same->source].push_back({entry, *same});
    std::vector<std::vector<Shared>> result;
    for (auto &[source, others] : byLog) {
        const auto most = std::ranges::max_element(others, {}, [](const auto &other) { return other.second.size(); });
        std::ranges::sort(most->second, {}, [](const Shared &line) { return line.here.line; });
        result.push_back(std::move(most->second));
    }
    return result;
}

/// Which of the ranks belong to the longest run that ascends: the lines that stayed in order.
std::vector<bool> inOrder(const std::vector<qsizetype> &ranks)
{
    std::vector<qsizetype> tails; // index of the smallest end of a run of each length
    std::vector<qsizetype> before(ranks.size(), -1);
    for (size_t i = 0; i < ranks.size(); ++i) {
        const auto place = std::ranges::lower_bound(
            tails, ranks[i], {}, [&ranks](qsizetype index) { return ranks[static_cast<size_t>(index)]; });
        if (place != tails.begin())
            before[i] = *(place - 1);
        if (place == tails.end())
            tails.push_back(static_cast<qsizetype>(i));
        else
            *place = static_cast<qsizetype>(i);
    }
    std::vector<bool> stays(ranks.size(), false);
    for (qsizetype at = tails.empty() ? -1 : tails.back(); at >= 0; at = before[static_cast<size_t>(at)])
        stays[static_cast<size_t>(at)] = true;
    return stays;
}

/// Lines that moved together.
struct Block {
    const Shared *first = nullptr;
    qint64 lines = 0;
    qsizetype distance = 0;
};

void addBlocks(const std::vector<Shared> &lines, std::vector<Block> &blocks)
{
    std::vector<size_t> byOther(lines.size());
    for (size_t i = 0; i < lines.size(); ++i)
        byOther[i] = i;
    std::ranges::sort(byOther, {}, [&lines](size_t i) { return lines[i].there.line; });
    std::vector<qsizetype> ranks(lines.size());
    for (size_t rank = 0; rank < byOther.size(); ++rank)
        ranks[byOther[rank]] = static_cast<qsizetype>(rank);
    const std::vector<bool> stays = inOrder(ranks);
    for (size_t i = 0; i < lines.size(); ++i) {
        const qsizetype distance = std::abs(ranks[i] - static_cast<qsizetype>(i));
        if (stays[i] || distance < LeastMove)
            continue;
        const bool goesOn = i > 0 && !stays[i - 1] && ranks[i] == ranks[i - 1] + 1 && !blocks.empty()
                            && blocks.back().first + blocks.back().lines == &lines[i];
        if (goesOn)
            ++blocks.back().lines;
        else
            blocks.push_back({&lines[i], 1, distance});
    }
}

} // namespace

void addMovedLines(RunComparison &comparison, const ComparedRun &failed, const ComparedRun &passed)
{
    const auto logs = sharedLines(failed.lines, passed.lines);
    std::vector<Block> blocks;
    for (const auto &lines : logs)
        addBlocks(lines, blocks);
    for (const Block &block : blocks)
        comparison.movedLines += block.lines;
    std::ranges::stable_sort(blocks, std::ranges::greater(), &Block::distance);
    if (blocks.size() > RunComparison::MostMoved)
        blocks.resize(RunComparison::MostMoved);
    for (const Block &block : blocks) {
        LineDifference moved = lineDifference(Difference::Moved, block.first->here, failed);
        moved.count = block.lines;
        moved.otherSource = block.first->there.source;
        moved.otherLine = block.first->there.line;
        comparison.moved.push_back(std::move(moved));
    }
}

} // namespace faultline
