// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/compare/cacheuse.h"
#include "models/core/task.h"
#include "models/evidence/evidence.h"

#include <map>
#include <unordered_map>

namespace faultline {

/// The distinct lines of a run's logs by their masks (maskLine()): where each stands first and how often it comes.
class LineTally
{
public:
    struct Entry {
        int source = -1;
        qint64 line = 0; ///< Of the first.
        qint64 count = 0;
    };

    /// Goes over every line of every log; other sources hold states, not words. Stops where cancelled.
    LineTally(const Evidence &evidence, const CancelToken &cancel);

    static quint64 keyOf(std::string_view payload);
    /// Whether sources of this kind are counted.
    static bool isCounted(const SourceEvidence &source);

    /// Null where no line has the mask.
    const Entry *find(quint64 key) const
    {
        const auto it = m_entries.find(key);
        return it == m_entries.end() ? nullptr : &it->second;
    }
    const std::unordered_map<quint64, Entry> &entries() const { return m_entries; }
    /// What the lines say of caches, by the cache's name.
    const std::map<QByteArray, CacheUse> &caches() const { return m_caches; }
    /// There were more distinct lines than are kept: what is not found may have been there.
    bool isFull() const { return m_isFull; }

    static constexpr size_t MostEntries = 2'000'000;

private:
    void count(int index, const SourceEvidence &source, const CancelToken &cancel);

    std::unordered_map<quint64, Entry> m_entries;
    std::map<QByteArray, CacheUse> m_caches;
    bool m_isFull = false;
};

} // namespace faultline
