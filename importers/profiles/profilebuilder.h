// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/evidence/evidence.h"

#include <functional>
#include <span>

namespace faultline {

/// A function of a profile, by the reader's own index, and the line within it.
struct StackFrame {
    qint32 function = -1;
    qint64 line = 0;
};

/// Adds up what samples weigh, by function and sample type. Memory grows with functions, never with samples.
class ProfileBuilder
{
public:
    /// Functions that are kept of a profile, by cumulated value.
    static constexpr size_t MostFrames = 500;
    static constexpr size_t MostTypes = 16;
    /// More stacks are counted no further.
    static constexpr size_t MostStacks = 1'000'000;
    /// Call paths that are kept; the weight of what is called further down then counts for the last one kept.
    static constexpr size_t MostPaths = 200'000;

    /// Type and unit of each value of a sample; those past MostTypes are left out.
    void setTypes(std::vector<std::pair<QByteArray, QByteArray>> types);
    size_t typeCount() const { return m_types.size(); }

    /// `frames` begin with the leaf; a function that calls itself counts once. `stack` tells equal stacks, `depth` how many addresses
    /// they have (inlined functions share one).
    void add(std::span<const StackFrame> frames, std::span<const qint64> values, quint64 stack, size_t depth);

    qint64 period = 0;
    QByteArray periodType; ///< "cpu/nanoseconds"
    std::optional<SourceTime> time;
    DurationNs durationNs = 0;

    /// Name and file of a function.
    using Naming = std::function<std::pair<QByteArray, QByteArray>(qint32 function)>;
    /// Writes a profile a type, and the counts as facts.
    void finish(SourceEvidence &evidence, const Naming &naming) const;

private:
    struct Function {
        qint64 lastSample = 0;
        qint64 line = 0;
        qint64 count = 0;
    };
    void countStack(quint64 stack);
    void addPath(std::span<const StackFrame> frames, std::span<const qint64> values, size_t types);
    /// The node of a function called from `parent`, made where there is room; else -1.
    qint32 pathOf(qint32 parent, qint32 function);
    std::vector<CallNode> callsOf(size_t type, const std::vector<qint32> &nameOf) const;

    std::vector<std::pair<QByteArray, QByteArray>> m_types;
    std::vector<Function> m_functions;
    std::vector<double> m_weights; ///< Flat and cumulated of each type, function after function.
    std::vector<double> m_totals;
    std::vector<quint64> m_stacks; ///< A hash table; 0 is free.
    size_t m_stackCount = 0;
    std::vector<CallNode> m_paths;     ///< `function` is the reader's index.
    std::vector<double> m_pathWeights; ///< Of each type, path after path.
    std::vector<qint32> m_pathTable;   ///< Open addressing: 0 is free, else one more than the path.
    bool m_stacksFull = false;
    qint64 m_samples = 0;
    size_t m_deepest = 0;
};

/// Adds a fact of the whole profile.
void addProfileFact(SourceEvidence &evidence, const QByteArray &subject, const QByteArray &key, const QByteArray &value,
                    qint64 line = 0);

/// Mixes a value into a hash.
constexpr quint64 mixed(quint64 hash, quint64 value)
{
    hash ^= value + 0x9E3779B97F4A7C15ULL + (hash << 6) + (hash >> 2);
    hash *= 0xBF58476D1CE4E5B9ULL;
    return hash ^ (hash >> 31);
}

} // namespace faultline
