// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/core/importhead.h"

#include "importers/core/containers.h"

#include <algorithm>

namespace faultline {

std::shared_ptr<const SourceEvidence> importHead(const Registry &registry, const QString &path, qint64 mostBytes)
{
    const auto file = openFile(path);
    if (!file)
        return nullptr;
    auto head = (*file)->bytes(0, mostBytes);
    if (!head || containerKind(*head) != ContainerKind::None)
        return nullptr;
    if (head->size() < (*file)->size())
        head->truncate(head->lastIndexOf('\n') + 1);
    if (head->isEmpty())
        return nullptr;
    const auto bytes = memorySource(path, *head, (*file)->modified());
    const SourceHead sniffed{path, head->first(std::min<qsizetype>(head->size(), SourceHead::MostBytes)), head->size(),
                             bytes->modified()};
    std::vector<std::pair<int, const Importer *>> candidates;
    for (const auto &importer : registry.importers()) {
        if (const int score = importer->sniff(sniffed).score; score > 0)
            candidates.emplace_back(score, importer.get());
    }
    std::ranges::stable_sort(candidates, std::ranges::greater(), &std::pair<int, const Importer *>::first);
    for (const auto &[score, importer] : candidates) {
        const ImporterInfo info = importer->info();
        auto evidence = std::make_shared<SourceEvidence>();
        evidence->path = path;
        evidence->byteCount = head->size();
        evidence->modified = bytes->modified();
        evidence->format = info.id;
        evidence->kind = info.kind;
        evidence->basis = info.basis;
        const ImportOutcome outcome = importer->read(bytes, *evidence, {});
        if (outcome != ImportOutcome::NotThisFormat)
            return evidence->text ? evidence : nullptr;
    }
    return nullptr;
}

} // namespace faultline
