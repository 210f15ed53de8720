// SPDX-License-Identifier: GPL-3.0-or-later
// Samples: tests/data/github-actions tests/data/gh-run-log tests/data/gitlab tests/data/jenkins tests/data/go-test tests/data/go-test-json tests/data/goroutine-dump tests/data/kubectl-logs tests/data/plain
#include "importers/core/registry.h"

#include <cstdint>
#include <cstdlib>

using namespace faultline;

namespace {

const ImportTools &tools()
{
    static const Result<ImportTools> made = makeImportTools({}, {});
    if (!made)
        std::abort();
    return *made;
}

void read(const Importer &importer, const QByteArray &bytes)
{
    SourceEvidence evidence;
    evidence.kind = importer.info().kind;
    evidence.format = importer.info().id;
    const ImportContext context{tools().signatures, tools().scanner, {}, {}, false, 1};
    importer.read(memorySource(QStringLiteral("input"), bytes, TimeNs{1'795'500'000 * NsPerSecond}), evidence, context);
    for (const Event &event : evidence.events) {
        if (event.line < 1 || event.lastLine < event.line || event.lastLine > evidence.lineCount())
            std::abort();
    }
    decodeLines(evidence, 1, 200);
    decodeLines(evidence, evidence.lineCount(), 1);
}

} // namespace

/// Any bytes through the importer that is surest of them, as a file would go.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const SourceHead head{QStringLiteral("input"),
                          bytes.first(std::min<qsizetype>(bytes.size(), SourceHead::MostBytes)),
                          bytes.size(),
                          {}};
    const Importer *best = tools().registry->byId("plain");
    int score = 0;
    for (const auto &importer : tools().registry->importers()) {
        if (const int sure = importer->sniff(head).score; sure > score) {
            best = importer.get();
            score = sure;
        }
    }
    read(*best, bytes);
    return 0;
}
