// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/search/lineset.h"

#include <algorithm>
#include <bit>

namespace faultline {

namespace {

constexpr quint64 bitsBelow(int bit)
{
    return (quint64{1} << bit) - 1;
}

int lowOf(qint64 line)
{
    return static_cast<int>(line & 0xffff);
}

} // namespace

bool LineSet::Part::contains(quint16 low) const
{
    if (bits.empty())
        return std::ranges::binary_search(list, low);
    return (bits[low / 64] >> (low % 64) & 1) != 0;
}

qint64 LineSet::Part::countBefore(quint16 low) const
{
    if (bits.empty())
        return std::ranges::lower_bound(list, low) - list.begin();
    qint64 total = 0;
    for (size_t word = 0; word < low / 64U; ++word)
        total += std::popcount(bits[word]);
    return total + std::popcount(bits[low / 64] & bitsBelow(low % 64));
}

quint16 LineSet::Part::at(qint64 index) const
{
    if (bits.empty())
        return list[static_cast<size_t>(index)];
    for (size_t word = 0; word < bits.size(); ++word) {
        const int here = std::popcount(bits[word]);
        if (index >= here) {
            index -= here;
            continue;
        }
        quint64 rest = bits[word];
        while (index-- > 0)
            rest &= rest - 1;
        return static_cast<quint16>(word * 64 + static_cast<size_t>(std::countr_zero(rest)));
    }
    return 0;
}

void LineSet::Part::copyTo(Words &words) const
{
    if (!bits.empty()) {
        std::ranges::copy(bits, words.begin());
        return;
    }
    words.fill(0);
    for (const quint16 low : list)
        words[low / 64] |= quint64{1} << (low % 64);
}

void LineSet::Part::take(const Words &words)
{
    count = 0;
    for (const quint64 word : words)
        count += std::popcount(word);
    list.clear();
    if (static_cast<size_t>(count) > MostInList) {
        bits.assign(words.begin(), words.end());
        return;
    }
    bits.clear();
    bits.shrink_to_fit();
    list.reserve(static_cast<size_t>(count));
    for (size_t word = 0; word < words.size(); ++word) {
        for (quint64 rest = words[word]; rest != 0; rest &= rest - 1)
            list.push_back(static_cast<quint16>(word * 64 + static_cast<size_t>(std::countr_zero(rest))));
    }
}

LineSet LineSet::range(qint64 first, qint64 last)
{
    LineSet set;
    set.addRange(first, last);
    return set;
}

size_t LineSet::partAt(qint64 key) const
{
    return static_cast<size_t>(std::ranges::lower_bound(m_parts, key, {}, &Part::key) - m_parts.begin());
}

LineSet::Part &LineSet::makePart(qint64 key)
{
    const size_t index = partAt(key);
    if (index == m_parts.size() || m_parts[index].key != key) {
        const auto made = m_parts.insert(m_parts.begin() + static_cast<std::ptrdiff_t>(index), Part());
        made->key = key;
    }
    return m_parts[index];
}

void LineSet::recount(size_t from)
{
    for (size_t i = from; i < m_parts.size(); ++i)
        m_parts[i].before = i == 0 ? 0 : m_parts[i - 1].before + m_parts[i - 1].count;
}

void LineSet::addSorted(std::span<const qint64> lines)
{
    if (lines.empty())
        return;
    const qint64 firstKey = lines.front() >> PartBits;
    Words words;
    while (!lines.empty()) {
        const qint64 key = lines.front() >> PartBits;
        const auto end = std::ranges::lower_bound(lines, (key + 1) << PartBits);
        const auto count = static_cast<size_t>(end - lines.begin());
        Part &part = makePart(key);
        const bool isAfter = part.list.empty() ? part.count == 0 : part.list.back() < lowOf(lines.front());
        if (part.bits.empty() && isAfter && part.list.size() + count <= MostInList) {
            for (const qint64 line : lines.first(count)) {
                if (part.list.empty() || part.list.back() != lowOf(line))
                    part.list.push_back(static_cast<quint16>(lowOf(line)));
            }
            part.count = static_cast<qint64>(part.list.size());
        } else {
            part.copyTo(words);
            for (const qint64 line : lines.first(count))
                words[static_cast<size_t>(lowOf(line) / 64)] |= quint64{1} << (lowOf(line) % 64);
            part.take(words);
        }
        lines = lines.subspan(count);
    }
    recount(partAt(firstKey));
}

void LineSet::addRange(qint64 first, qint64 last)
{
    Words words;
    for (qint64 line = first; line <= last;) {
        const qint64 key = line >> PartBits;
        const qint64 end = std::min(last, ((key + 1) << PartBits) - 1);
        Part &part = makePart(key);
        part.copyTo(words);
        const auto from = static_cast<size_t>(lowOf(line));
        const auto to = static_cast<size_t>(lowOf(end));
        for (size_t word = from / 64; word <= to / 64; ++word) {
            quint64 mask = ~quint64{0};
            if (word == from / 64)
                mask &= ~bitsBelow(static_cast<int>(from % 64));
            if (word == to / 64 && to % 64 != 63)
                mask &= bitsBelow(static_cast<int>(to % 64) + 1);
            words[word] |= mask;
        }
        part.take(words);
        line = end + 1;
    }
    if (first <= last)
        recount(partAt(first >> PartBits));
}

qint64 LineSet::size() const
{
    return m_parts.empty() ? 0 : m_parts.back().before + m_parts.back().count;
}

bool LineSet::contains(qint64 line) const
{
    const size_t index = partAt(line >> PartBits);
    return index < m_parts.size() && m_parts[index].key == line >> PartBits
           && m_parts[index].contains(static_cast<quint16>(lowOf(line)));
}

qint64 LineSet::countBefore(qint64 line) const
{
    const size_t index = partAt(line >> PartBits);
    if (index == m_parts.size())
        return size();
    const Part &part = m_parts[index];
    return part.before + (part.key == line >> PartBits ? part.countBefore(static_cast<quint16>(lowOf(line))) : 0);
}

qint64 LineSet::at(qint64 index) const
{
    if (index < 0 || index >= size())
        return 0;
    const auto after = std::ranges::upper_bound(m_parts, index, {}, &Part::before);
    const Part &part = *std::prev(after);
    return (part.key << PartBits) | part.at(index - part.before);
}

std::vector<qint64> LineSet::lines(qint64 index, qint64 most) const
{
    std::vector<qint64> result;
    const qint64 end = std::min(size(), index + most);
    for (qint64 i = std::max<qint64>(index, 0); i < end;) {
        const Part &part = *std::prev(std::ranges::upper_bound(m_parts, i, {}, &Part::before));
        const qint64 to = std::min(end, part.before + part.count);
        if (part.bits.empty()) {
            for (; i < to; ++i)
                result.push_back((part.key << PartBits) | part.list[static_cast<size_t>(i - part.before)]);
            continue;
        }
        const quint16 from = part.at(i - part.before);
        for (size_t word = from / 64; word < part.bits.size() && i < to; ++word) {
            quint64 rest = part.bits[word];
            if (word == from / 64)
                rest &= ~bitsBelow(from % 64);
            for (; rest != 0 && i < to; rest &= rest - 1, ++i)
                result.push_back((part.key << PartBits)
                                 | static_cast<qint64>(word * 64 + static_cast<size_t>(std::countr_zero(rest))));
        }
    }
    return result;
}

template<typename Operation>
LineSet LineSet::combined(const LineSet &other, Operation operation) const
{
    LineSet result;
    Words mine;
    Words theirs;
    for (size_t i = 0, j = 0; i < m_parts.size() || j < other.m_parts.size();) {
        const bool hasMine =
            i < m_parts.size() && (j == other.m_parts.size() || m_parts[i].key <= other.m_parts[j].key);
        const bool hasTheirs =
            j < other.m_parts.size() && (i == m_parts.size() || other.m_parts[j].key <= m_parts[i].key);
        Part part;
        part.key = hasMine ? m_parts[i].key : other.m_parts[j].key;
        mine.fill(0);
        theirs.fill(0);
        if (hasMine)
            m_parts[i++].copyTo(mine);
        if (hasTheirs)
            other.m_parts[j++].copyTo(theirs);
        for (size_t word = 0; word < WordCount; ++word)
            mine[word] = operation(mine[word], theirs[word]);
        part.take(mine);
        if (part.count > 0)
            result.m_parts.push_back(std::move(part));
    }
    result.recount(0);
    return result;
}

LineSet LineSet::operator&(const LineSet &other) const
{
    return combined(other, [](quint64 a, quint64 b) { return a & b; });
}

LineSet LineSet::operator|(const LineSet &other) const
{
    return combined(other, [](quint64 a, quint64 b) { return a | b; });
}

LineSet LineSet::operator-(const LineSet &other) const
{
    return combined(other, [](quint64 a, quint64 b) { return a & ~b; });
}

bool LineSet::operator==(const LineSet &other) const
{
    return std::ranges::equal(m_parts, other.m_parts, [](const Part &a, const Part &b) {
        return a.key == b.key && a.count == b.count && a.list == b.list && a.bits == b.bits;
    });
}

LineSet LineSet::widened(qint64 around, qint64 lastLine) const
{
    constexpr qint64 AtOnce = 16'384;
    if (around <= 0)
        return *this;
    LineSet result;
    std::vector<qint64> wide;
    qint64 next = 1; // the first line that is not in yet
    for (qint64 index = 0; index < size(); index += AtOnce) {
        wide.clear();
        for (const qint64 line : lines(index, AtOnce)) {
            for (qint64 at = std::max(next, line - around); at <= std::min(line + around, lastLine); ++at)
                wide.push_back(at);
            next = std::max(next, std::min(line + around, lastLine) + 1);
        }
        result.addSorted(wide);
    }
    return result;
}

qint64 LineSet::byteCount() const
{
    size_t bytes = m_parts.capacity() * sizeof(Part);
    for (const Part &part : m_parts)
        bytes += part.list.capacity() * sizeof(quint16) + part.bits.capacity() * sizeof(quint64);
    return static_cast<qint64>(bytes);
}

} // namespace faultline
