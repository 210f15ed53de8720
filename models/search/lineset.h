// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtTypes>

#include <array>
#include <span>
#include <vector>

namespace faultline {

/// A set of line numbers (from 1 on), compressed: in runs of 65,536 lines, few are kept as two bytes each, many as one bit a line.
/// A value; reading from several threads is safe.
class LineSet
{
public:
    /// All lines from `first` to `last`, both inclusive; empty where last < first.
    static LineSet range(qint64 first, qint64 last);

    void add(qint64 line) { addSorted({&line, 1}); }
    /// `lines` ascend; they may lie before lines that are there already.
    void addSorted(std::span<const qint64> lines);
    void addRange(qint64 first, qint64 last);
    void clear() { m_parts.clear(); }

    bool isEmpty() const { return m_parts.empty(); }
    qint64 size() const;
    bool contains(qint64 line) const;
    /// How many lines of the set lie before `line`.
    qint64 countBefore(qint64 line) const;
    /// The line with so many before it; 0 outside of 0 ≤ index < size().
    qint64 at(qint64 index) const;
    /// The first line ≥ `line`; 0 where there is none.
    qint64 next(qint64 line) const { return at(countBefore(line)); }
    /// The last line ≤ `line`; 0 where there is none.
    qint64 previous(qint64 line) const { return at(countBefore(line + 1) - 1); }
    /// Up to `most` lines from the index on, ascending.
    std::vector<qint64> lines(qint64 index, qint64 most) const;

    LineSet operator&(const LineSet &other) const;
    LineSet operator|(const LineSet &other) const;
    /// What is in this but not in the other.
    LineSet operator-(const LineSet &other) const;
    bool operator==(const LineSet &other) const;
    /// With `lines` lines before and after each, within 1 to `lastLine`.
    LineSet widened(qint64 lines, qint64 lastLine) const;

    /// Memory held, about.
    qint64 byteCount() const;

private:
    static constexpr int PartBits = 16;
    static constexpr qint64 PartLines = qint64{1} << PartBits;
    static constexpr size_t WordCount = PartLines / 64;
    static constexpr size_t MostInList = 4096; ///< More take less room as bits.
    using Words = std::array<quint64, WordCount>;

    struct Part {
        qint64 key = 0;    ///< Line >> PartBits.
        qint64 before = 0; ///< How many lines all earlier parts hold.
        qint64 count = 0;
        std::vector<quint16> list; ///< Ascending; empty where there are bits.
        std::vector<quint64> bits;

        bool contains(quint16 low) const;
        qint64 countBefore(quint16 low) const;
        quint16 at(qint64 index) const;
        void copyTo(Words &words) const;
        void take(const Words &words);
    };
    template<typename Operation>
    LineSet combined(const LineSet &other, Operation operation) const;
    size_t partAt(qint64 key) const;
    Part &makePart(qint64 key);
    void recount(size_t from);

    std::vector<Part> m_parts; ///< None is empty; keys ascend.
};

} // namespace faultline
