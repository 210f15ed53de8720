// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/registry.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace faultline::test {

inline const ImportTools &fuzzTools()
{
    static const Result<ImportTools> tools = makeImportTools({}, {});
    if (!tools)
        std::abort();
    return *tools;
}

/// Reads the bytes with one importer, its format named by the user or not, and looks at what a window would show of them.
inline void importWith(const Importer &importer, const QByteArray &bytes, bool forced)
{
    const QString name = QStringLiteral("input");
    SourceEvidence evidence;
    evidence.path = name;
    evidence.format = importer.info().id;
    evidence.kind = importer.info().kind;
    evidence.basis = importer.info().basis;
    evidence.byteCount = bytes.size();
    const ImportContext context{fuzzTools().signatures, fuzzTools().scanners, {}, {}, forced, 1};
    importer.read(memorySource(name, bytes, TimeNs{1'795'500'000 * NsPerSecond}), evidence, context);
    if (!evidence.text)
        return;
    for (const Event &event : evidence.events) {
        if (event.line < 1 || event.lastLine < event.line || event.lastLine > evidence.lineCount())
            std::abort();
    }
    decodeLines(evidence, 1, 200);
    decodeLines(evidence, evidence.lineCount(), 1);
}

/// Reads the bytes with the importer of the family that is surest of them; now and then, by the input's size, with another one too, as a
/// user might who names the wrong format.
inline int importBytes(std::initializer_list<QByteArrayView> family, const std::uint8_t *data, std::size_t size)
{
    constexpr std::size_t WrongFormatEvery = 5;
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const SourceHead head{QStringLiteral("input"),
                          bytes.first(std::min<qsizetype>(bytes.size(), SourceHead::MostBytes)),
                          bytes.size(),
                          {}};
    const Importer *best = nullptr;
    int score = -1;
    for (const QByteArrayView id : family) {
        const Importer *importer = fuzzTools().registry->byId(id);
        if (!importer)
            std::abort();
        if (const int sure = importer->sniff(head).score; sure > score) {
            best = importer;
            score = sure;
        }
    }
    importWith(*best, bytes, size % 2 == 0);
    if (size % WrongFormatEvery == 0) {
        const auto other = family.begin() + size / WrongFormatEvery % family.size();
        importWith(*fuzzTools().registry->byId(*other), bytes, true);
    }
    return 0;
}

} // namespace faultline::test
