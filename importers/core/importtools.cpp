// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/registry.h"

namespace faultline {

Result<ImportTools> makeImportTools(const QStringList &signatureFolders, const QStringList &cacheFolders)
{
    ImportTools tools;
    tools.registry = std::make_shared<const Registry>();
    auto signatures = SignatureSet::load(signatureFolders);
    if (!signatures)
        return std::unexpected(std::move(signatures.error()));
    tools.signatures = std::move(*signatures);
    auto scanner = makeScanner(tools.registry->scanPatterns(*tools.signatures), ScannerEngine::Best, cacheFolders);
    if (!scanner)
        return std::unexpected(std::move(scanner.error()));
    tools.scanner = std::move(*scanner);
    return tools;
}

} // namespace faultline
