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

void ProfileBuilder::finish(SourceEvidence &evidence, const Naming &naming) const
{
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
