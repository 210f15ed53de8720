// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/registry.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace faultline::test {

/// Sniffs the bytes with all importers and reads them with the one named.
inline int importBytes(QByteArrayView importer, const std::uint8_t *data, std::size_t size)
{
    static const Result<ImportTools> tools = makeImportTools({}, {});
    if (!tools)
        std::abort();
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const QString name = QStringLiteral("input");
    const SourceHead head{
        name, bytes.first(std::min<qsizetype>(bytes.size(), SourceHead::MostBytes)), bytes.size(), {}};
    const Importer *found = tools->registry->byId(importer);
    if (!found)
        std::abort();
    found->sniff(head);
    SourceEvidence evidence;
    evidence.path = name;
    evidence.format = found->info().id;
    evidence.kind = found->info().kind;
    evidence.basis = found->info().basis;
    evidence.byteCount = bytes.size();
    const ImportContext context{tools->signatures, tools->scanner, {}, {}, true, 1};
    found->read(memorySource(name, bytes, TimeNs{1'800'000'000 * NsPerSecond}), evidence, context);
    return 0;
}

} // namespace faultline::test
