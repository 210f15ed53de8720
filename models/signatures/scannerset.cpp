// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/signatures/scannerset.h"

#include "models/signatures/engines.h"

#include <algorithm>

namespace faultline {

ScannerSet::ScannerSet(std::vector<ScanForm> forms, QStringList cacheFolders)
    : m_forms(std::move(forms))
    , m_cacheFolders(std::move(cacheFolders))
{
}

ScannerSet::~ScannerSet() = default;

Result<std::shared_ptr<const ScannerSet>> ScannerSet::create(const std::vector<QByteArray> &patterns,
                                                             const QStringList &cacheFolders)
{
    auto forms = scanForms(patterns);
    if (!forms)
        return std::unexpected(forms.error());
    return std::shared_ptr<const ScannerSet>(new ScannerSet(std::move(*forms), cacheFolders));
}

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
    std::vector<ScanForm> forms(m_forms.size());
    for (size_t i = 0; i < std::min(forms.size(), wanted.size()); ++i) {
        if (wanted[i])
            forms[i] = m_forms[i];
    }
    return makeScanner(forms, ScannerEngine::Best, m_cacheFolders);
}

} // namespace faultline
