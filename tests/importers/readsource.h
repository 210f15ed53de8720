// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "importers/core/registry.h"
#include "tests/support/test.h"

namespace faultline::test {

/// Signatures, scanner and registry, made once for all tests.
inline const ImportTools &importTools()
{
    static const Result<ImportTools> tools = makeImportTools({}, {scannerPath()});
    if (!tools)
        qFatal("%s", qPrintable(tools.error().toString()));
    return *tools;
}

struct ReadSource {
    SourceEvidence evidence;
    ImportOutcome outcome = ImportOutcome::Broken;
};

/// The bytes as the importer named by its id reads them.
inline std::unique_ptr<ReadSource> readSource(QByteArrayView importer, const QByteArray &bytes,
                                              const QString &name = QStringLiteral("input"),
                                              std::optional<TimeNs> modified = {}, bool forced = false)
{
    auto result = std::make_unique<ReadSource>();
    const Importer *found = importTools().registry->byId(importer);
    if (!found)
        qFatal("no importer %s", importer.toByteArray().constData());
    result->evidence.path = name;
    result->evidence.format = found->info().id;
    result->evidence.kind = found->info().kind;
    result->evidence.basis = found->info().basis;
    result->evidence.byteCount = bytes.size();
    result->evidence.modified = modified;
    ImportContext context{importTools().signatures, importTools().scanners, {}, {}, forced, 1};
    result->outcome = found->read(memorySource(name, bytes, modified), result->evidence, context);
    return result;
}

/// The id of the importer that is surest of the bytes; empty where none wants them.
inline QByteArray sniffed(const QByteArray &bytes, const QString &name = QStringLiteral("input"))
{
    const SourceHead head{
        name, bytes.first(std::min<qsizetype>(bytes.size(), SourceHead::MostBytes)), bytes.size(), {}};
    QByteArray best;
    int score = 0;
    for (const auto &importer : importTools().registry->importers()) {
        const int sure = importer->sniff(head).score;
        if (sure > score) {
            score = sure;
            best = importer->info().id;
        }
    }
    return best;
}

inline QByteArray fileBytes(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return file.readAll();
}

/// The value of a fact; empty where there is none.
inline QByteArray factValue(const SourceEvidence &evidence, QByteArrayView subject, QByteArrayView key)
{
    for (const Fact &fact : evidence.facts)
        if (fact.subject == subject && fact.key == key)
            return fact.value;
    return {};
}

/// Every cut of the bytes at `places` places, and flipped bytes, through one importer: it must neither crash nor hang.
inline void damage(QByteArrayView importer, const QByteArray &bytes, int places = 50)
{
    for (int i = 0; i < places; ++i) {
        readSource(importer, bytes.first(bytes.size() * i / places));
        QByteArray flipped = bytes;
        if (!flipped.isEmpty())
            for (int k = 0; k < 3; ++k) {
                const qsizetype at = (bytes.size() * (i * 3 + k) / (places * 3)) % bytes.size();
                flipped[at] = static_cast<char>(flipped[at] ^ (1 << ((i + k) % 8)));
            }
        readSource(importer, flipped);
    }
}

} // namespace faultline::test
