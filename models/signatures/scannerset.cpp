// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/scannerset.h"

#include <algorithm>

namespace faultline {

ScannerSet::ScannerSet(std::vector<QByteArray> patterns, QStringList cacheFolders)
    : m_patterns(std::move(patterns))
    , m_cacheFolders(std::move(cacheFolders))
{
}

ScannerSet::~ScannerSet() = default;

Result<std::shared_ptr<const Scanner>> ScannerSet::scannerFor(const std::vector<bool> &wanted) const
{
    Entry *entry = nullptr;
    {
        const std::lock_guard lock(m_mutex);
        entry = &m_scanners[wanted];
    }
    std::call_once(entry->once, [&] { entry->scanner = compile(wanted); });
    return entry->scanner;
}

Result<std::shared_ptr<const Scanner>> ScannerSet::compile(const std::vector<bool> &wanted) const
{
    if (std::ranges::find(wanted, true) == wanted.end())
        return nullptr;
    std::vector<QByteArray> patterns(m_patterns.size());
    for (size_t i = 0; i < std::min(patterns.size(), wanted.size()); ++i) {
        if (wanted[i])
            patterns[i] = m_patterns[i];
    }
    return makeScanner(patterns, ScannerEngine::Best, m_cacheFolders);
}

} // namespace faultline
