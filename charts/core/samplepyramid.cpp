// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/samplepyramid.h"

#include <algorithm>
#include <cmath>

namespace faultline {

void SamplePyramid::take(Block &into, std::span<const double> values, quint32 least, quint32 most)
{
    if (least == None)
        return;
    if (into.least == None || values[least] < values[into.least])
        into.least = least;
    if (into.most == None || values[most] > values[into.most])
        into.most = most;
}

SamplePyramid::SamplePyramid(std::span<const double> values)
{
    const size_t count = std::min<size_t>(values.size(), None);
    std::vector<Block> level((count + Fan - 1) / Fan);
    for (size_t i = 0; i < count; ++i)
        if (std::isfinite(values[i]))
            take(level[i / Fan], values, static_cast<quint32>(i), static_cast<quint32>(i));
    while (level.size() > 1) {
        std::vector<Block> above((level.size() + Fan - 1) / Fan);
        for (size_t i = 0; i < level.size(); ++i)
            take(above[i / Fan], values, level[i].least, level[i].most);
        m_levels.push_back(std::move(level));
        level = std::move(above);
    }
    m_levels.push_back(std::move(level));
}

std::optional<SamplePyramid::Extremes> SamplePyramid::extremes(std::span<const double> values, size_t first,
                                                               size_t last) const
{
    last = std::min(last, values.size());
    Block found;
    const auto takeSamples = [&](size_t from, size_t to) {
        for (size_t i = from; i < to; ++i)
            if (std::isfinite(values[i]))
                take(found, values, static_cast<quint32>(i), static_cast<quint32>(i));
    };
    size_t unit = 1;
    // Up the levels from both ends: whole blocks are left to the level above.
    for (size_t level = 0; first < last; ++level, unit *= Fan) {
        const bool isTop = level == m_levels.size();
        const size_t wholeFirst = isTop ? last : std::min((first + Fan - 1) / Fan * Fan, last);
        const size_t wholeLast = isTop ? last : std::max(last / Fan * Fan, wholeFirst);
        const auto takeRange = [&](size_t from, size_t to) {
            if (level == 0) {
                takeSamples(from, to);
                return;
            }
            for (size_t i = from; i < to; ++i) {
                const Block &block = m_levels[level - 1][i];
                take(found, values, block.least, block.most);
            }
        };
        takeRange(first, wholeFirst);
        takeRange(wholeLast, last);
        first = wholeFirst / Fan;
        last = wholeLast / Fan;
    }
    if (found.least == None)
        return std::nullopt;
    return Extremes{found.least, found.most};
}

} // namespace faultline
