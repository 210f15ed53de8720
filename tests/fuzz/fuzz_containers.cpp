// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/containers
#include "importers/core/containers.h"

#include <QStringList>

#include <cstdint>
#include <cstdlib>

using namespace faultline;

/// Archives and compressed streams, told by their first bytes as files are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const ContainerKind kind = containerKind(bytes);
    if (kind == ContainerKind::None)
        return 0;
    UnpackRoom room;
    InflateBudget budget(bytes.size());
    const auto source = memorySource(QStringLiteral("input"), bytes, {});
    // Small limits, so that small inputs get an index too.
    const Unpacker unpacker({}, room, {1024, 512, 64 * 1024, 16 * 1024});
    const Unpacked unpacked =
        isArchive(kind) ? unpacker.archive(*source, kind, budget) : unpacker.stream(source, kind, budget);
    for (const Unpacked::Entry &entry : unpacked.entries) {
        if (entry.path.startsWith(QLatin1Char('/'))
            || entry.path.split(QLatin1Char('/')).contains(QStringLiteral("..")))
            std::abort();
        if (!entry.bytes->bytes(entry.bytes->size() / 2, 1024))
            std::abort();
    }
    return 0;
}
