// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/carriers/dmesg/boottable.h"

#include <algorithm>
#include <utility>

namespace faultline {

void BootTable::observe(DurationNs sinceBoot, qint64 byteOffset, std::string_view line)
{
    const std::scoped_lock lock(m_mutex);
    const QByteArrayView text(line.data(), static_cast<qsizetype>(line.size()));
    if (m_boots.empty()) {
        m_boots.push_back({byteOffset, 0});
        m_latest = sinceBoot;
        m_highest = sinceBoot;
        m_firstLine = text.toByteArray();
        return;
    }
    if (byteOffset <= m_boots.back().byteOffset)
        return;
    const DurationNs fallback = m_latest - sinceBoot;
    const bool told = std::exchange(m_restarted, false);
    const bool restarted =
        told || fallback > LeastFallback || (sinceBoot < JustStarted && fallback > LeastFallbackAtStart);
    // The same dump appended again says nothing of another boot; stamps of zero are alike on every one.
    const bool dumpedAgain = restarted && !told && sinceBoot > 0 && text == m_firstLine;
    if (restarted && !dumpedAgain) {
        m_boots.push_back({byteOffset, m_highest + Gap});
        m_firstLine = text.toByteArray();
        m_latest = sinceBoot;
    } else if (dumpedAgain) {
        m_latest = sinceBoot;
    } else {
        m_latest = std::max(m_latest, sinceBoot);
    }
    m_highest = std::max(m_highest, sinceBoot + m_boots.back().shift);
}

void BootTable::restart(qint64 byteOffset)
{
    const std::scoped_lock lock(m_mutex);
    m_restarted = !m_boots.empty() && byteOffset > m_boots.back().byteOffset;
}

size_t BootTable::count() const
{
    const std::scoped_lock lock(m_mutex);
    return m_boots.size();
}

DurationNs BootTable::shiftAt(qint64 byteOffset) const
{
    const std::scoped_lock lock(m_mutex);
    if (m_boots.size() < 2)
        return 0;
    const auto after = std::ranges::upper_bound(m_boots, byteOffset, {}, &Boot::byteOffset);
    return after == m_boots.begin() ? 0 : std::prev(after)->shift;
}

std::vector<SourceTime> BootTable::clockStarts() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<SourceTime> starts;
    for (const Boot &boot : m_boots)
        starts.push_back({boot.shift});
    return starts;
}

} // namespace faultline
