// SPDX-License-Identifier: GPL-3.0-or-later
#include "importers/state/kubectldescribe.h"

#include "importers/core/headlines.h"
#include "importers/core/notes.h"
#include "importers/state/describewriter.h"
#include "models/core/translate.h"

namespace faultline {

ImporterInfo KubectlDescribe::info() const
{
    return {"kubectl-describe", tr("Description by kubectl"), SourceKind::KubeDescribe, TimeBasis::Utc};
}

SniffResult KubectlDescribe::sniff(const SourceHead &head) const
{
    bool name = false;
    int known = 0;
    for (const std::string_view line : headLines(head)) {
        const auto is = [&](std::string_view key) {
            return line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':';
        };
        name = name || is("Name");
        for (const std::string_view key :
             {"Namespace", "Labels", "Annotations", "Node", "Containers", "Conditions", "Events", "QoS Class",
              "Start Time", "CreationTimestamp", "Selector", "Pod Template", "Tolerations", "Priority"})
            known += is(key) || line == std::string(key) + ':';
    }
    if (name && known >= 3)
        return {95, tr("it has the sections that kubectl describe prints")};
    if (name && known >= 1)
        return {60, tr("it has some of the sections that kubectl describe prints")};
    return {};
}

ImportOutcome KubectlDescribe::read(const std::shared_ptr<const ByteSource> &bytes, SourceEvidence &evidence,
                                    const ImportContext &context) const
{
    evidence.kind = SourceKind::KubeDescribe;
    const auto text = WholeText::read(bytes, evidence);
    if (!text)
        return ImportOutcome::Broken;
    if (context.cancel.isCancelled())
        return ImportOutcome::Cancelled;
    const Description description = parseDescription(*text, evidence);
    if (description.objects.empty() || (description.objects.size() == 1 && description.objects.front().name.isEmpty()))
        addNote(evidence, context.forced ? Severity::Error : Severity::Warning, Code::BadSyntax, {1, 1, 0},
                tr("No object with a name"));
    writeDescription(*text, description, findCapture(description, evidence.modified), evidence);
    return ImportOutcome::Read;
}

} // namespace faultline
