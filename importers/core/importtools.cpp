// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"

#include "importers/core/textimporter.h"
#include "models/core/sidebyside.h"

#include <mutex>

namespace faultline {

Result<ImportTools> makeImportTools(const QStringList &signatureFolders, const QStringList &cacheFolders)
{
    ImportTools tools;
    tools.registry = std::make_shared<const Registry>();
    auto signatures = SignatureSet::load(signatureFolders, cacheFolders);
    if (!signatures)
        return std::unexpected(std::move(signatures.error()));
    tools.signatures = std::move(*signatures);
    tools.scanners = std::make_shared<const ScannerSet>(tools.registry->scanPatterns(*tools.signatures), cacheFolders);
    return tools;
}

Result<void> compileScanners(const ImportTools &tools)
{
    const auto &importers = tools.registry->textImporters();
    std::mutex mutex;
    Result<void> result;
    sideBySide(importers.size(), threadsOrCores(0), [&](size_t i) {
        const auto wanted = importers[i]->wantedPatterns(tools.signatures.get(), importers[i]->info().kind);
        const auto scanner = tools.scanners->scannerFor(wanted);
        const std::lock_guard lock(mutex);
        if (!scanner && result)
            result = std::unexpected(scanner.error());
    });
    return result;
}

} // namespace faultline
