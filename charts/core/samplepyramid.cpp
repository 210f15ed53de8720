// SPDX-License-Identifier: GPL-3.0-or-later
#include "charts/core/samplepyramid.h"

#include <algorithm>
#include <cmath>

namespace faultline {

void SamplePyramid::Block::take(double value, quint32 at)
{
    if (!std::isfinite(value))
        return;
    if (least == None || value < leastValue) {
        leastValue = value;
        least = at;
    }
    if (most == None || value > mostValue) {
        mostValue = value;
        most = at;
    }
}

void SamplePyramid::Block::take(const Block &other)
{
    if (other.least == None)
        return;
    take(other.leastValue, other.least);
    take(other.mostValue, other.most);
}

SamplePyramid::SamplePyramid(std::span<const double> values)
{
    const size_t count = std::min<size_t>(values.size(), None);
    std::vector<Block> level((count + Fan - 1) / Fan);
    for (size_t i = 0; i < count; ++i)
        level[i / Fan].take(values[i], static_cast<quint32>(i));
    while (level.size() > 1) {
        std::vector<Block> above((level.size() + Fan - 1) / Fan);
        for (size_t i = 0; i < level.size(); ++i)
            above[i / Fan].take(level[i]);
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
    // Up the levels from both ends: whole blocks are left to the level above.
    for (size_t level = 0; first < last; ++level) {
        const bool isTop = level == m_levels.size();
        const size_t wholeFirst = isTop ? last : std::min((first + Fan - 1) / Fan * Fan, last);
        const size_t wholeLast = isTop ? last : std::max(last / Fan * Fan, wholeFirst);
        const auto takeRange = [&](size_t from, size_t to) {
            for (size_t i = from; i < to; ++i)
                if (level == 0)
                    found.take(values[i], static_cast<quint32>(i));
                else
                    found.take(m_levels[level - 1][i]);
        };
        takeRange(first, wholeFirst);
        takeRange(wholeLast, last);
        first = wholeFirst / Fan;
        last = wholeLast / Fan;
    }
    if (found.least == None)
        return std::nullopt;
    return Extremes{found.least, found.most, found.leastValue, found.mostValue};
}

} // namespace faultline
