// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"

#include "importers/core/textimporter.h"

#include <atomic>
#include <mutex>
#include <thread>

namespace faultline {

Result<ImportTools> makeImportTools(const QStringList &signatureFolders, const QStringList &cacheFolders)
{
    ImportTools tools;
    tools.registry = std::make_shared<const Registry>();
    auto signatures = SignatureSet::load(signatureFolders);
    if (!signatures)
        return std::unexpected(std::move(signatures.error()));
    tools.signatures = std::move(*signatures);
    tools.scanners = std::make_shared<const ScannerSet>(tools.registry->scanPatterns(*tools.signatures), cacheFolders);
    return tools;
}

Result<void> compileScanners(const ImportTools &tools)
{
    const auto &importers = tools.registry->textImporters();
    std::atomic<size_t> next = 0;
    std::mutex mutex;
    Result<void> result;
    const auto work = [&] {
        for (size_t i = next++; i < importers.size(); i = next++) {
            const auto wanted = importers[i]->wantedPatterns(tools.signatures.get(), importers[i]->info().kind);
            const auto scanner = tools.scanners->scannerFor(wanted);
            const std::lock_guard lock(mutex);
            if (!scanner && result)
                result = std::unexpected(scanner.error());
        }
    };
    {
        std::vector<std::jthread> others;
        for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i)
            others.emplace_back(work);
        work();
    }
    return result;
}

} // namespace faultline
