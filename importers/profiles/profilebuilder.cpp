// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/profiles/profilebuilder.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace faultline {

namespace {

QByteArray wholeNumber(double value)
{
    constexpr double Exact = 9.0e18;
    return std::abs(value) < Exact ? QByteArray::number(static_cast<qint64>(value))
                                   : QByteArray::number(value, 'g', 17);
}

} // namespace

void addProfileFact(SourceEvidence &evidence, const QByteArray &subject, const QByteArray &key, const QByteArray &value,
                    qint64 line)
{
    Fact fact;
    fact.line = line;
    fact.subject = subject;
    fact.key = key;
    fact.value = value;
    evidence.facts.push_back(std::move(fact));
}

void ProfileBuilder::setTypes(std::vector<std::pair<QByteArray, QByteArray>> types)
{
    if (types.size() > MostTypes)
        types.resize(MostTypes);
    m_types = std::move(types);
    m_totals.assign(m_types.size(), 0);
}

void ProfileBuilder::countStack(quint64 stack)
{
    if (m_stacksFull)
        return;
    if (m_stacks.empty())
        m_stacks.assign(1024, 0);
    if (m_stackCount * 2 >= m_stacks.size()) {
        std::vector<quint64> old(m_stacks.size() * 2, 0);
        old.swap(m_stacks);
        m_stackCount = 0;
        for (const quint64 known : old)
            if (known != 0)
                countStack(known);
    }
    const quint64 wanted = stack == 0 ? 1 : stack;
    const size_t mask = m_stacks.size() - 1;
    for (size_t at = wanted & mask;; at = (at + 1) & mask) {
        if (m_stacks[at] == wanted)
            return;
        if (m_stacks[at] == 0) {
            m_stacks[at] = wanted;
            m_stacksFull = ++m_stackCount >= MostStacks;
            return;
        }
    }
}

void ProfileBuilder::add(std::span<const StackFrame> frames, std::span<const qint64> values, quint64 stack,
                         size_t depth)
{
    const size_t types = std::min(values.size(), m_types.size());
    ++m_samples;
    m_deepest = std::max(m_deepest, depth);
    if (std::ranges::any_of(values, [](qint64 value) { return value != 0; }))
        countStack(stack);
    for (size_t type = 0; type < types; ++type)
        m_totals[type] += static_cast<double>(values[type]);
    addPath(frames, values, types);
    const size_t stride = 2 * m_types.size();
    for (size_t i = 0; i < frames.size(); ++i) {
        const auto index = static_cast<size_t>(frames[i].function);
        if (index >= m_functions.size()) {
            m_functions.resize(index + 1 + index / 2);
            m_weights.resize(m_functions.size() * stride);
        }
        Function &function = m_functions[index];
        if (function.lastSample == m_samples)
            continue;
        function.lastSample = m_samples;
        ++function.count;
        if (function.line == 0)
            function.line = frames[i].line;
        double *weights = m_weights.data() + index * stride;
        for (size_t type = 0; type < types; ++type) {
            const auto value = static_cast<double>(values[type]);
            weights[2 * type + 1] += value;
            if (i == 0)
                weights[2 * type] += value;
        }
    }
}

qint32 ProfileBuilder::pathOf(qint32 parent, qint32 function)
{
    const auto hash = [](qint32 from, qint32 to) {
        return mixed(mixed(0, static_cast<quint64>(from + 1)), static_cast<quint64>(to));
    };
    if (m_pathTable.empty())
        m_pathTable.assign(1024, 0);
    if (m_paths.size() * 2 >= m_pathTable.size()) {
        m_pathTable.assign(m_pathTable.size() * 2, 0);
        const size_t mask = m_pathTable.size() - 1;
        for (size_t path = 0; path < m_paths.size(); ++path) {
            size_t at = hash(m_paths[path].parent, m_paths[path].function) & mask;
            while (m_pathTable[at] != 0)
                at = (at + 1) & mask;
            m_pathTable[at] = static_cast<qint32>(path) + 1;
        }
    }
    const size_t mask = m_pathTable.size() - 1;
    size_t at = hash(parent, function) & mask;
    for (; m_pathTable[at] != 0; at = (at + 1) & mask) {
        const CallNode &path = m_paths[static_cast<size_t>(m_pathTable[at] - 1)];
        if (path.parent == parent && path.function == function)
            return m_pathTable[at] - 1;
    }
    if (m_paths.size() >= MostPaths)
        return -1;
    m_paths.push_back({parent, function, 0});
    m_pathWeights.resize(m_paths.size() * m_types.size());
    m_pathTable[at] = static_cast<qint32>(m_paths.size());
    return static_cast<qint32>(m_paths.size()) - 1;
}

void ProfileBuilder::addPath(std::span<const StackFrame> frames, std::span<const qint64> values, size_t types)
{
    qint32 path = -1;
    for (size_t i = frames.size(); i-- > 0;) {
        const qint32 next = pathOf(path, frames[i].function);
        if (next < 0)
            break;
        path = next;
    }
    if (path < 0)
        return;
    double *weights = m_pathWeights.data() + static_cast<size_t>(path) * m_types.size();
    for (size_t type = 0; type < types; ++type)
        weights[type] += static_cast<double>(values[type]);
}

std::vector<CallNode> ProfileBuilder::callsOf(size_t type, const std::vector<qint32> &nameOf) const
{
    std::vector<CallNode> calls(m_paths.size());
    for (size_t path = 0; path < m_paths.size(); ++path)
        calls[path] = {m_paths[path].parent, nameOf[static_cast<size_t>(m_paths[path].function)],
                       m_pathWeights[path * m_types.size() + type]};
    return calls;
}

void ProfileBuilder::finish(SourceEvidence &evidence, const Naming &naming) const
{
    const auto names = std::make_shared<std::vector<QByteArray>>();
    std::vector<qint32> nameOf(m_functions.size(), -1);
    for (const CallNode &path : m_paths) {
        qint32 &name = nameOf[static_cast<size_t>(path.function)];
        if (name < 0) {
            name = static_cast<qint32>(names->size());
            names->push_back(naming(path.function).first);
        }
    }
    const size_t stride = 2 * m_types.size();
    std::vector<qint32> order;
    for (size_t i = 0; i < m_functions.size(); ++i)
        if (m_functions[i].count > 0)
            order.push_back(static_cast<qint32>(i));
    for (size_t type = 0; type < m_types.size(); ++type) {
        Profile profile;
        profile.type = m_types[type].first;
        profile.unit = m_types[type].second;
        profile.time = time;
        profile.durationNs = durationNs;
        profile.calls = callsOf(type, nameOf);
        profile.callFunctions = names;
        const auto weight = [&](qint32 function, size_t part) {
            return m_weights[static_cast<size_t>(function) * stride + 2 * type + part];
        };
        const auto heavier = [&weight](qint32 a, qint32 b) {
            return weight(a, 1) != weight(b, 1)   ? weight(a, 1) > weight(b, 1)
                   : weight(a, 0) != weight(b, 0) ? weight(a, 0) > weight(b, 0)
                                                  : a < b;
        };
        const auto kept = static_cast<std::ptrdiff_t>(std::min(order.size(), MostFrames));
        std::ranges::partial_sort(order, order.begin() + kept, heavier);
        for (auto function = order.begin(); function != order.begin() + kept; ++function) {
            const Function &known = m_functions[static_cast<size_t>(*function)];
            auto [name, file] = naming(*function);
            profile.frames.push_back({std::move(name), std::move(file), known.line, weight(*function, 0),
                                      weight(*function, 1), known.count});
        }
        std::ranges::stable_sort(profile.frames, [](const ProfileFrame &a, const ProfileFrame &b) {
            return a.cum != b.cum ? a.cum > b.cum : a.flat != b.flat ? a.flat > b.flat : a.function < b.function;
        });
        addProfileFact(evidence, "profile/" + profile.type, "total", wholeNumber(m_totals[type]));
        addProfileFact(evidence, "profile/" + profile.type, "unit", profile.unit);
        evidence.profiles.push_back(std::move(profile));
    }
    addProfileFact(evidence, "profile", "samples", QByteArray::number(m_samples));
    if (!m_stacksFull)
        addProfileFact(evidence, "profile", "stacks", QByteArray::number(static_cast<qint64>(m_stackCount)));
    addProfileFact(evidence, "profile", "deepest", QByteArray::number(static_cast<qint64>(m_deepest)));
    addProfileFact(evidence, "profile", "periodType", periodType);
    addProfileFact(evidence, "profile", "period", QByteArray::number(period));
}

} // namespace faultline
